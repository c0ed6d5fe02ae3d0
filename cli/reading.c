/* SPDX-License-Identifier: MIT */
/*
 * An image opened for reading. Damage is told as it is met and counted; what
 * could be read is given out all the same, and the exit code says so.
 */
#include "reading.h"
#include "message.h"
#include "order.h"
#include "size.h"

#include <inttypes.h>
#include <string.h>

#define AT(member) offsetof(struct cli_reading_args, member)

const struct cli_option cli_reading_options[] = {
    {"block-size", 0, "SIZE", cli_store_size32, AT(block_size),
     "Block size; found by itself, and refused if the image has another"},
    {"block-count", 0, "COUNT", cli_store_size32, AT(block_count),
     "Number of blocks; found by itself, and refused if the image has another"},
    {"fs-size", 0, "SIZE", cli_store_size, AT(fs_size),
     "Size of the volume; found by itself, and refused if the image has another"},
    {"name-max", 0, "SIZE", cli_store_size32, AT(name_max),
     "Refuse an image that allows longer names; default: any"},
    {"file-max", 0, "SIZE", cli_store_size32_or_zero, AT(file_max),
     "Refuse an image that allows larger files; default: any"},
    {"attr-max", 0, "SIZE", cli_store_size32_or_zero, AT(attr_max),
     "Refuse an image that allows larger attributes; default: any"},
    {"inline-max", 0, "SIZE|none", cli_store_inline_max, AT(inline_max),
     "Largest inline file that is written; files that are there say themselves what they are"},
    {"filename-encoding", 0, "NAME", cli_store_text, AT(filename_encoding),
     "Encoding of the names in the image; default: utf-8"},
    {0},
};

static void tell_damage(void *context, const char *path, const struct lfk_detail *detail)
{
    struct cli_reading *reading = context;
    struct cli_text subject = {0};
    cli_text_print(&subject, "%s", reading->path);
    if (path != NULL) {
        /* Of a part of the volume, "/" is the part itself. */
        bool is_top = reading->top.size > 0 && strcmp(path, "/") == 0;
        cli_text_print(&subject, ": %s%s", cli_text_string(&reading->top), is_top ? "" : path);
    }
    cli_error_detail(reading->run, cli_text_string(&subject), detail->status, detail);
    cli_text_free(&subject);
    reading->problems++;
}

bool cli_reading_check_size(const struct cli_run *run, const struct cli_reading_args *args,
                            const struct cli_configuration *found)
{
    uint64_t size = (uint64_t)found->block_size * found->block_count;
    if (args->fs_size != 0 && size != 0 && args->fs_size != size) {
        cli_error(run, "%s: the volume has %" PRIu64 " bytes, not %" PRIu64 " (--fs-size)",
                  found->image, size, args->fs_size);
        return false;
    }
    return true;
}

void cli_reading_settle_detail(const struct cli_reading_args *args, struct lfk_detail *detail)
{
    const struct {
        const char *field;
        uint32_t given;
    } limits[] = {
        {"name_max", args->name_max}, {"file_max", args->file_max}, {"attr_max", args->attr_max}};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (detail->field != NULL && strcmp(detail->field, limits[i].field) == 0 &&
            limits[i].given == 0) {
            detail->status = LFK_ERR_CORRUPT;
        }
    }
}

int cli_reading_open(struct cli_reading *reading, const struct cli_run *run,
                     const struct cli_reading_args *args, const char *path)
{
    *reading =
        (struct cli_reading){.run = run, .path = path, .encoding_name = args->filename_encoding};
    int exit_code = cli_encoding_open(run, &reading->encoding, args->filename_encoding);
    if (exit_code != CLI_DONE) {
        return exit_code;
    }
    const struct lfk_volume_options options = {
        .size = sizeof(options),
        .block_size = args->block_size,
        .block_count = args->block_count,
        .name_max = args->name_max,
        .file_max = args->file_max,
        .attr_max = args->attr_max,
        .damage = tell_damage,
        .damage_context = reading,
    };
    struct lfk_detail detail = {0};
    int status = lfk_volume_open(&reading->volume, path, &options, &detail);
    if (status < 0) {
        cli_reading_settle_detail(args, &detail);
        (run->program->tell_unopened != NULL ? run->program->tell_unopened
                                             : cli_error_detail)(run, path, status, &detail);
        return CLI_FAILED;
    }
    lfk_volume_info(reading->volume, &reading->info);
    reading->found = (struct cli_configuration){
        .image = path,
        .block_size = reading->info.block_size,
        .block_count = reading->info.block_count,
        .file_size = reading->info.image_size,
        .name_max = reading->info.name_max,
    };
    return cli_reading_check_size(run, args, &reading->found) ? CLI_DONE : CLI_FAILED;
}

/* A file's tree has its directory as the root, which is then no directory of the image's own. */
static void set_top(struct cli_reading *reading, bool is_file)
{
    size_t end = reading->top.size;
    while (is_file && end > 0 && reading->top.data[end] != '/') {
        end--;
    }
    cli_text_cut(&reading->top, end);
}

static int load_encoded(struct cli_reading *reading, struct lfk_detail *detail)
{
    struct cli_text encoded = {0};
    int status =
        cli_path_encode(&encoded, reading->encoding, cli_text_string(&reading->top), detail);
    if (status == LFK_OK && (reading->top.failed || encoded.failed)) {
        status = LFK_ERR_NOMEM;
    }
    if (status == LFK_OK) {
        const char *path = encoded.size > 0 ? cli_text_string(&encoded) : "/";
        status = lfk_volume_load(reading->volume, path, &reading->tree, detail);
    }
    cli_text_free(&encoded);
    return status;
}

int cli_reading_load(struct cli_reading *reading, const char *path)
{
    struct lfk_detail detail = {0};
    cli_path_normalise(&reading->top, path);
    int status = load_encoded(reading, &detail);
    if (status < 0) {
        struct cli_text subject = {0};
        cli_text_print(&subject, "%s: %s", reading->path, path);
        cli_error_detail(reading->run, cli_text_string(&subject), status, &detail);
        cli_text_free(&subject);
        return CLI_FAILED;
    }
    set_top(reading, cli_root_holds_file(lfk_tree_root(reading->tree)));
    return CLI_DONE;
}

void cli_reading_close(struct cli_reading *reading)
{
    lfk_tree_destroy(reading->tree);
    lfk_volume_close(reading->volume);
    lfk_encoding_close(reading->encoding);
    cli_text_free(&reading->top);
}

void cli_reading_add_path(const struct cli_reading *reading, struct cli_text *text,
                          const struct lfk_node *node, enum cli_name_form form)
{
    if (form == CLI_NAME_SHOWN) {
        cli_text_escaped(text, cli_text_string(&reading->top), reading->top.size);
    } else {
        cli_text_add(text, cli_text_string(&reading->top), reading->top.size);
    }
    cli_path_add(text, reading->encoding, lfk_tree_root(reading->tree), node, form);
}

bool cli_reading_add_name(struct cli_reading *reading, struct cli_text *text,
                          const struct lfk_node *node, enum cli_name_form form)
{
    if (cli_name_add(text, reading->encoding, node, form)) {
        return true;
    }
    reading->problems++;
    const struct cli_io *io = reading->run->io;
    if (io->undecodable != NULL) {
        const char *encoding = reading->encoding_name;
        io->undecodable(io->context, encoding != NULL ? encoding : "utf-8", node->name,
                        node->name_size);
        return false;
    }
    struct cli_text path = {0};
    cli_reading_add_path(reading, &path, node, CLI_NAME_PLAIN);
    cli_error(reading->run,
              "%s: %s: the name is not in the encoding of the image (--filename-encoding)",
              reading->path, cli_text_string(&path));
    cli_text_free(&path);
    return false;
}

void cli_reading_print_configuration(const struct cli_run *run, const struct cli_reading_args *args,
                                     const struct cli_configuration *found)
{
    struct cli_configuration configuration = *found;
    configuration.inline_max = args->inline_max;
    configuration.attr_max = args->attr_max;
    configuration.file_max = args->file_max;
    cli_configuration_print(run->io->out, &configuration);
}

int cli_reading_exit_code(const struct cli_reading *reading)
{
    return reading->problems > 0 ? CLI_FAILED : CLI_DONE;
}
