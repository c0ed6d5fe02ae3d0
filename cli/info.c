/* SPDX-License-Identifier: MIT */
/*
 * The verb info: what an image is, how full it is, and what is odd about it.
 */
#include "json.h"
#include "message.h"
#include "reading.h"

#include <inttypes.h>
#include <string.h>

struct info_args {
    struct cli_reading_args reading;
    bool json;
};

static const struct cli_option info_options[] = {
    {"json", 0, NULL, cli_store_true, offsetof(struct info_args, json), "Print an object"},
    CLI_READING_VERBOSE(struct info_args, reading.verbose),
    {0},
};

static const struct cli_option_group info_groups[] = {
    {"Output", info_options, 0},
    CLI_READING_GROUP(struct info_args, reading),
    CLI_HELP_GROUP,
    {0},
};

/* What the tree tells beyond what the volume does. */
struct facts {
    uint64_t files;
    uint64_t directories;
    uint64_t bytes;
    uint64_t inline_files;
    const struct lfk_node *largest;        /* file; NULL: there is none */
    const struct lfk_node *largest_inline; /* NULL: there is none, or all are empty */
};

static const struct lfk_node *larger(const struct lfk_node *a, const struct lfk_node *b)
{
    return a == NULL || b->size > a->size ? b : a;
}

static struct facts gather(const struct lfk_node *root)
{
    struct facts facts = {0};
    for (const struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        bool is_inline = node->place.blocks == 0;
        if (node->type == LFK_NODE_DIR) {
            facts.directories += node != root;
            continue;
        }
        facts.files++;
        facts.bytes += node->size;
        facts.inline_files += is_inline;
        facts.largest = larger(facts.largest, node);
        if (is_inline && node->size > 0) {
            facts.largest_inline = larger(facts.largest_inline, node);
        }
    }
    return facts;
}

/*
 * The smallest cache a device can have and still handle every inline file: a
 * cache divides the block. 0: any will do.
 */
static uint32_t safe_cache(const struct lfk_volume_info *info, const struct facts *facts)
{
    if (facts->largest_inline == NULL) {
        return 0;
    }
    uint32_t cache = (uint32_t)facts->largest_inline->size;
    while (cache < info->block_size && info->block_size % cache != 0) {
        cache++;
    }
    return cache;
}

static uint64_t volume_size(const struct lfk_volume_info *info)
{
    return (uint64_t)info->block_size * info->block_count;
}

static uint64_t free_blocks(const struct lfk_volume_info *info)
{
    return info->blocks_used < info->block_count ? info->block_count - info->blocks_used : 0;
}

/* --- what is odd ---------------------------------------------------------------------- */

typedef void put_odd_fn(void *context, const char *sentence);

static void put_odd_pairs(uint32_t count, const char *one, const char *several, put_odd_fn *put,
                          void *context)
{
    char sentence[128];
    if (count == 1) {
        put(context, one);
    } else if (count > 1) {
        snprintf(sentence, sizeof(sentence), "%" PRIu32 " %s", count, several);
        put(context, sentence);
    }
}

/* Says a sentence for each thing that a volume at rest and whole does not have. */
static void tell_odd(const struct lfk_volume_info *info, put_odd_fn *put, void *context)
{
    char sentence[256];
    if (info->has_move) {
        snprintf(sentence, sizeof(sentence),
                 "a rename was cut: its source, entry %" PRIu32 " of pair {%" PRIu32 ", %" PRIu32
                 "}, is hidden and will be removed at the next write",
                 info->move_id, info->move_pair[0], info->move_pair[1]);
        put(context, sentence);
    }
    if (info->has_orphans) {
        put(context, "a change was cut: the list of metadata pairs is to be repaired at the next "
                     "write");
    }
    put_odd_pairs(info->torn_pairs, "a metadata log ends in a torn commit",
                  "metadata logs end in a torn commit", put, context);
    put_odd_pairs(
        info->stale_pairs, "a metadata pair is read from its older block, the newer one being bad",
        "metadata pairs are read from their older block, the newer one being bad", put, context);
    if (info->image_size < volume_size(info)) {
        snprintf(sentence, sizeof(sentence),
                 "the image is short: it has %" PRIu64 " of the volume's %" PRIu64 " bytes",
                 info->image_size, volume_size(info));
        put(context, sentence);
    } else if (info->image_size > volume_size(info)) {
        snprintf(sentence, sizeof(sentence),
                 "the image is long: %" PRIu64 " bytes follow the volume",
                 info->image_size - volume_size(info));
        put(context, sentence);
    }
}

/* --- as text ---------------------------------------------------------------------------- */

struct page {
    struct cli_reading *reading;
    struct cli_text text;
    bool odd;
};

static void put_label(struct page *page, const char *label)
{
    cli_text_print(&page->text, "%-17s", label);
}

static void put_odd_line(void *context, const char *sentence)
{
    struct page *page = context;
    put_label(page, page->odd ? "" : "Odd:");
    cli_text_print(&page->text, "%s\n", sentence);
    page->odd = true;
}

static void put_geometry(struct page *page, const struct lfk_volume_info *info)
{
    struct cli_text *text = &page->text;
    put_label(page, "Image:");
    cli_text_escaped(text, page->reading->path, strlen(page->reading->path));
    cli_text_print(text, ", %" PRIu64 " bytes\n", info->image_size);
    put_label(page, "Disk version:");
    cli_text_print(text, "%" PRIu32 ".%" PRIu32 "\n", info->disk_version >> 16,
                   info->disk_version & 0xffff);
    put_label(page, "Volume:");
    cli_text_print(text, "%" PRIu32 " blocks of %" PRIu32 " bytes, %" PRIu64 " bytes\n",
                   info->block_count, info->block_size, volume_size(info));
    put_label(page, "Limits:");
    cli_text_print(text, "names %" PRIu32 ", files %" PRIu32 ", attributes %" PRIu32 " bytes\n",
                   info->name_max, info->file_max, info->attr_max);
    put_label(page, "Used:");
    cli_text_print(text, "%" PRIu64 " blocks, of them %" PRIu32 " of metadata\n", info->blocks_used,
                   2 * info->pairs);
    put_label(page, "Free:");
    cli_text_print(text, "%" PRIu64 " blocks, %" PRIu64 " bytes\n", free_blocks(info),
                   free_blocks(info) * info->block_size);
}

static void put_largest(struct page *page, const struct lfk_node *node)
{
    if (node != NULL) {
        cli_text_print(&page->text, "; largest: %" PRIu64 ", ", node->size);
        cli_reading_add_path(page->reading, &page->text, node, CLI_NAME_SHOWN);
    }
    cli_text_add(&page->text, "\n", 1);
}

static void put_contents(struct page *page, const struct lfk_volume_info *info,
                         const struct facts *facts)
{
    struct cli_text *text = &page->text;
    put_label(page, "Directories:");
    cli_text_print(text, "%" PRIu64 "\n", facts->directories);
    put_label(page, "Files:");
    cli_text_print(text, "%" PRIu64 ", %" PRIu64 " bytes", facts->files, facts->bytes);
    put_largest(page, facts->largest);
    put_label(page, "Inline files:");
    cli_text_print(text, "%" PRIu64, facts->inline_files);
    put_largest(page, facts->largest_inline);
    put_label(page, "Device cache:");
    if (facts->largest_inline == NULL) {
        cli_text_print(text, "any size is safe\n");
    } else {
        cli_text_print(text, "safe from %" PRIu32 " bytes on\n", safe_cache(info, facts));
    }
    put_label(page, "Metadata pairs:");
    cli_text_print(text, "%" PRIu32 ", revisions %" PRIu32 " to %" PRIu32, info->pairs,
                   info->revision_min, info->revision_max);
    cli_text_print(text, "; {0, 1} has %" PRIu32 ", the root is {%" PRIu32 ", %" PRIu32 "}\n",
                   info->revision, info->root[0], info->root[1]);
}

static bool print_text(struct cli_reading *reading, const struct facts *facts)
{
    const struct lfk_volume_info *info = &reading->info;
    struct page page = {.reading = reading};
    put_geometry(&page, info);
    put_contents(&page, info, facts);
    tell_odd(info, put_odd_line, &page);
    fputs(cli_text_string(&page.text), reading->run->io->out);
    bool printed = !page.text.failed;
    cli_text_free(&page.text);
    return printed;
}

/* --- as JSON ---------------------------------------------------------------------------- */

/* An object being filled; `failed` is set when memory runs out. */
struct object {
    json_t *json;
    bool failed;
};

static void set(struct object *object, const char *key, json_t *value)
{
    cli_json_set(object->json, key, value, &object->failed);
}

static void set_number(struct object *object, const char *key, uint64_t number)
{
    set(object, key, json_integer((json_int_t)number));
}

static json_t *pair_json(const uint32_t pair[2])
{
    return json_pack("[I,I]", (json_int_t)pair[0], (json_int_t)pair[1]);
}

static json_t *gstate_json(const struct lfk_volume_info *info)
{
    json_t *move = json_null();
    if (info->has_move) {
        move = json_pack("{s:I,s:o}", "id", (json_int_t)info->move_id, "pair",
                         pair_json(info->move_pair));
    }
    return json_pack("{s:b,s:o}", "sync_bit", (int)info->has_orphans, "move", move);
}

static void add_odd(void *context, const char *sentence)
{
    struct object *list = context;
    if (json_array_append_new(list->json, json_string(sentence)) != 0) {
        list->failed = true;
    }
}

static void set_odd(struct object *object, const struct lfk_volume_info *info)
{
    struct object list = {.json = json_array()};
    tell_odd(info, add_odd, &list);
    object->failed = object->failed || list.failed;
    set(object, "odd", list.json);
}

/* Path and size of a file, or null. */
static json_t *file_json(const struct cli_reading *reading, const struct lfk_node *node)
{
    if (node == NULL) {
        return json_null();
    }
    struct cli_text path = {0};
    cli_reading_add_path(reading, &path, node, CLI_NAME_JSON);
    json_t *json =
        json_pack("{s:s,s:I}", "path", cli_text_string(&path), "size", (json_int_t)node->size);
    cli_text_free(&path);
    return json;
}

static void set_volume(struct object *object, const struct lfk_volume_info *info)
{
    char version[32];
    snprintf(version, sizeof(version), "%" PRIu32 ".%" PRIu32, info->disk_version >> 16,
             info->disk_version & 0xffff);
    set(object, "disk_version", json_string(version));
    set_number(object, "block_size", info->block_size);
    set_number(object, "block_count", info->block_count);
    set(object, "limits",
        json_pack("{s:I,s:I,s:I}", "name_max", (json_int_t)info->name_max, "file_max",
                  (json_int_t)info->file_max, "attr_max", (json_int_t)info->attr_max));
    set_number(object, "image_size", info->image_size);
    set_number(object, "used_blocks", info->blocks_used);
    set_number(object, "free_blocks", free_blocks(info));
    set_number(object, "metadata_pairs", info->pairs);
    set_number(object, "superblocks", info->superblocks);
    set(object, "root_pair", pair_json(info->root));
    set_number(object, "revision", info->revision);
    set_number(object, "revision_min", info->revision_min);
    set_number(object, "revision_max", info->revision_max);
    set(object, "gstate", gstate_json(info));
}

static bool print_json(struct cli_reading *reading, const struct facts *facts)
{
    struct object object = {.json = json_object()};
    set_volume(&object, &reading->info);
    set_number(&object, "files", facts->files);
    set_number(&object, "directories", facts->directories);
    set_number(&object, "bytes", facts->bytes);
    set_number(&object, "inline_files", facts->inline_files);
    set(&object, "largest", file_json(reading, facts->largest));
    set(&object, "largest_inline", file_json(reading, facts->largest_inline));
    set_number(&object, "safe_cache_size", safe_cache(&reading->info, facts));
    set(&object, "root_attrs", cli_json_attributes(lfk_tree_root(reading->tree)));
    set_odd(&object, &reading->info);
    bool printed =
        !object.failed && json_dumpf(object.json, reading->run->io->out, JSON_INDENT(2)) == 0;
    fputc('\n', reading->run->io->out);
    json_decref(object.json);
    return printed;
}

static int run_info(struct cli_run *run, void *all_args, char **operands, int count)
{
    const struct info_args *args = all_args;
    struct cli_reading reading;
    (void)count;
    int exit_code = cli_reading_open(&reading, run, &args->reading, operands[0]);
    if (exit_code == CLI_DONE && args->reading.verbose && !args->json) {
        cli_reading_print_configuration(run, &args->reading, &reading.found);
    }
    if (exit_code == CLI_DONE) {
        exit_code = cli_reading_load(&reading, "/");
    }
    if (exit_code == CLI_DONE) {
        struct facts facts = gather(lfk_tree_root(reading.tree));
        bool printed = args->json ? print_json(&reading, &facts) : print_text(&reading, &facts);
        exit_code = cli_reading_exit_code(&reading);
        if (!printed) {
            cli_error(run, "%s: out of memory", reading.path);
            exit_code = CLI_FAILED;
        }
    }
    cli_reading_close(&reading);
    return exit_code;
}

const struct cli_verb cli_info = {
    .name = "info",
    .operands = "IMAGE",
    .summary = "show geometry, limits, use of space and what is odd",
    .description =
        "Shows what the image says about itself: version, geometry and limits, how many blocks "
        "are used and free, how many files and directories there are, and from which cache of a "
        "device on its inline files are safe.\n"
        "Odd is what a volume at rest does not have: a rename or another change that was cut, "
        "torn commits, bytes that are missing or too many.",
    .examples = "lfskit info lfs.bin\n"
                "lfskit info --json lfs.bin",
    .groups = info_groups,
    .args_size = sizeof(struct info_args),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_info,
};
