/* SPDX-License-Identifier: MIT */
/*
 * The block map: who owns each block. Blocks beside each other that have one
 * owner and one use are a run.
 */
#include "blocks.h"
#include "json.h"

#include <inttypes.h>
#include <string.h>

#define ROW 64u
#define PATH_ROOM 8192

static const char *const uses[] = {
    [LFK_BLOCK_FREE] = "free",
    [LFK_BLOCK_METADATA] = "metadata",
    [LFK_BLOCK_DATA] = "data",
    [LFK_BLOCK_ABSENT] = "absent",
};

/* --- runs ------------------------------------------------------------------------------ */

struct run {
    uint32_t first;
    uint32_t count;
    struct lfk_block_info info; /* of the first */
};

static bool belongs(const struct run *run, const struct lfk_block_info *info)
{
    return run->info.use == info->use && run->info.owner == info->owner &&
           run->info.is_shared == info->is_shared;
}

/* The run that starts at a block; false behind the last. */
static bool next_run(const struct lfk_check *check, uint32_t first, struct run *run)
{
    struct lfk_block_info info;
    *run = (struct run){.first = first, .count = 1};
    if (lfk_check_block(check, first, &run->info) < 0) {
        return false;
    }
    while (lfk_check_block(check, first + run->count, &info) == LFK_OK && belongs(run, &info)) {
        run->count++;
    }
    return true;
}

/* --- as text ------------------------------------------------------------------------------ */

static char letter(const struct lfk_block_info *info)
{
    if (info->use == LFK_BLOCK_FREE || info->use == LFK_BLOCK_ABSENT) {
        return info->use == LFK_BLOCK_FREE ? '.' : '-';
    }
    if (info->is_shared || info->is_orphan) {
        return info->is_shared ? '!' : 'o';
    }
    if (info->use == LFK_BLOCK_METADATA) {
        return info->is_current ? 'M' : 'm';
    }
    return 'd';
}

static void add_letters(struct cli_text *text, const struct lfk_check *check)
{
    struct lfk_block_info info;
    for (uint32_t block = 0; lfk_check_block(check, block, &info) == LFK_OK; block++) {
        char drawn = letter(&info);
        if (block % ROW == 0) {
            cli_text_print(text, "%s%10" PRIu32 "  ", block > 0 ? "\n" : "", block);
        }
        cli_text_add(text, &drawn, 1);
    }
    cli_text_print(text, "\nM, m: metadata, the block that counts and the other; d: data of a file;"
                         "\no: of an orphan; !: shared; .: free; -: not in the image\n");
}

static void add_run(struct cli_text *text, const struct lfk_check *check,
                    struct lfk_encoding *encoding, const struct run *run)
{
    char path[PATH_ROOM];
    char range[32];
    snprintf(range, sizeof(range), run->count > 1 ? "%" PRIu32 "-%" PRIu32 : "%" PRIu32, run->first,
             run->first + run->count - 1);
    size_t size = lfk_check_block_path(check, run->first, path, sizeof(path));
    cli_text_print(text, "%-13s%-8s", range, uses[run->info.use]);
    if (run->info.use == LFK_BLOCK_METADATA) {
        uint32_t twin = run->info.twin;
        cli_text_print(text, "  {%" PRIu32 ", %" PRIu32 "}", run->first < twin ? run->first : twin,
                       run->first < twin ? twin : run->first);
    }
    if (size > 0) {
        cli_text_add(text, "  ", 2);
        cli_bytes_path_add(text, encoding, path, CLI_NAME_SHOWN);
    }
    if (run->info.is_orphan && size == 0) {
        cli_text_print(text, "  (orphan)");
    }
    cli_text_print(text, run->info.is_shared ? "  shared\n" : "\n");
}

void cli_blocks_add(struct cli_text *text, const struct lfk_check *check,
                    struct lfk_encoding *encoding)
{
    struct run run;
    add_letters(text, check);
    for (uint32_t block = 0; next_run(check, block, &run); block += run.count) {
        add_run(text, check, encoding, &run);
    }
}

/* --- as JSON -------------------------------------------------------------------------------- */

static json_t *run_json(const struct lfk_check *check, struct lfk_encoding *encoding,
                        const struct run *run, bool *failed)
{
    char path[PATH_ROOM];
    json_t *object = json_pack("{s:I,s:I,s:s}", "first", (json_int_t)run->first, "count",
                               (json_int_t)run->count, "use", uses[run->info.use]);
    if (lfk_check_block_path(check, run->first, path, sizeof(path)) > 0) {
        struct cli_text text = {0};
        cli_bytes_path_add(&text, encoding, path, CLI_NAME_JSON);
        cli_json_set(object, "path", json_string(cli_text_string(&text)), failed);
        cli_text_free(&text);
    }
    if (run->info.use == LFK_BLOCK_METADATA) {
        cli_json_set(object, "twin", json_integer((json_int_t)run->info.twin), failed);
        cli_json_set(object, "current", json_boolean(run->info.is_current), failed);
    }
    if (run->info.is_orphan) {
        cli_json_set(object, "orphan", json_true(), failed);
    }
    if (run->info.is_shared) {
        cli_json_set(object, "shared", json_true(), failed);
    }
    return object;
}

json_t *cli_blocks_json(const struct lfk_check *check, struct lfk_encoding *encoding)
{
    json_t *array = json_array();
    bool failed = array == NULL;
    struct run run;
    for (uint32_t block = 0; !failed && next_run(check, block, &run); block += run.count) {
        if (json_array_append_new(array, run_json(check, encoding, &run, &failed)) != 0) {
            failed = true;
        }
    }
    if (failed) {
        json_decref(array);
        return NULL;
    }
    return array;
}
