/* SPDX-License-Identifier: MIT */
/*
 * The verb find: entries of a volume by name, type, size or attribute.
 */
#include "attributes.h"
#include "loaded.h"
#include "order.h"
#include "rows.h"
#include "size.h"

#include <string.h>

/* A size as it is asked for: exactly, "+": more, "-": less. */
struct bound {
    char sign; /* '+', '-' or '='; 0: not asked for */
    uint64_t size;
};

struct find_args {
    struct cli_session_args session;
    const char *name;
    enum lfk_node_type type; /* 0: any */
    struct bound size;
    struct cli_attribute_type attribute;
};

#define AT(member) offsetof(struct find_args, member)

static const char *store_type(void *member, const char *value)
{
    if (strcmp(value, "f") != 0 && strcmp(value, "d") != 0) {
        return "is neither f, a file, nor d, a directory";
    }
    *(enum lfk_node_type *)member = *value == 'f' ? LFK_NODE_FILE : LFK_NODE_DIR;
    return NULL;
}

static const char *store_bound(void *member, const char *value)
{
    struct bound *bound = member;
    bool has_sign = *value == '+' || *value == '-';
    bound->sign = '=';
    if (has_sign) {
        bound->sign = *value++;
    }
    return cli_size_parse(value, &bound->size);
}

static const struct cli_option find_options[] = {
    {"name", 0, "PATTERN", cli_store_text, AT(name),
     "Whose name matches: '*', '?' and '[...]' stand for characters. With a '/' in it the whole "
     "path has to match, and '**' stands for any number of names"},
    {"type", 0, "f|d", store_type, AT(type), "Files, f, or directories, d"},
    {"size", 0, "SIZE", store_bound, AT(size),
     "Files of that many bytes; of more with a + before SIZE, of less with a -"},
    {"attr", 0, "TYPE", cli_store_attribute_type, AT(attribute),
     "That have an attribute of this type: a number, or a character"},
    {0},
};

static const struct cli_option output_options[] = {
    CLI_SESSION_JSON(struct find_args, "An array of objects, as those of the verb list"),
    {0},
};

static const struct cli_option_group find_groups[] = {
    {"What is found", find_options, 0},
    {"Output", output_options, 0},
    CLI_SESSION_READING_GROUP(struct find_args),
    CLI_HELP_GROUP,
    {0},
};

static bool has_size(const struct lfk_node *node, const struct bound *bound)
{
    if (bound->sign == 0) {
        return true;
    }
    if (node->type == LFK_NODE_DIR) {
        return false;
    }
    return bound->sign == '+'   ? node->size > bound->size
           : bound->sign == '-' ? node->size < bound->size
                                : node->size == bound->size;
}

static bool has_attribute(const struct lfk_node *node, const struct cli_attribute_type *type)
{
    const struct lfk_attribute *attribute = node->attributes;
    while (type->given && attribute != NULL && attribute->type != type->number) {
        attribute = attribute->next;
    }
    return !type->given || attribute != NULL;
}

static bool has_name(const struct lfk_node *node, const char *pattern,
                     const struct cli_loaded *loaded)
{
    struct cli_text text = {0};
    if (pattern == NULL) {
        return true;
    }
    if (strchr(pattern, '/') != NULL) {
        (void)cli_loaded_path(&text, loaded, node, CLI_NAME_PLAIN);
    } else {
        (void)cli_name_add(&text, loaded->session->encoding, node, CLI_NAME_PLAIN);
    }
    bool matches = !text.failed && lfk_path_match(pattern, cli_text_string(&text));
    cli_text_free(&text);
    return matches;
}

static bool is_wanted(const struct lfk_node *node, const struct find_args *args,
                      const struct cli_loaded *loaded)
{
    return (args->type == 0 || node->type == args->type) && has_size(node, &args->size) &&
           has_attribute(node, &args->attribute) && has_name(node, args->name, loaded);
}

static void print_found(const struct cli_loaded *loaded, const struct find_args *args)
{
    struct cli_rows rows = cli_rows_start(loaded, args->session.json);
    struct cli_walk walk = cli_walk_start(lfk_tree_root(loaded->tree));
    const struct lfk_node *node;
    while ((node = cli_walk_next(&walk)) != NULL && !cli_session_stopped(loaded->session)) {
        if (is_wanted(node, args, loaded)) {
            cli_rows_add(&rows, node);
        }
    }
    cli_rows_end(&rows);
}

static void find_entries(struct cli_session *session, void *context, const struct cli_place *place)
{
    struct cli_loaded loaded = {0};
    if (cli_loaded_open(&loaded, session, place, false) == CLI_DONE) {
        print_found(&loaded, context);
    }
    cli_loaded_free(&loaded);
}

static int run_find(struct cli_session *session, void *args, char **operands, int count)
{
    char here[] = ".";
    char *place = count > 0 ? operands[0] : here;
    return cli_places_visit(session, &place, 1, find_entries, args);
}

const struct cli_verb cli_find = {
    .name = "find",
    .operands = "IMAGE [PATH]",
    .summary = "find entries of an image by name, type, size or attribute",
    .description =
        "Prints the path of each entry below PATH, by default the root, that has all that the "
        "options ask for, in the order of the verb list.",
    .examples = "lfskit find lfs.bin --name '*.json'\n"
                "lfskit find lfs.bin /www --type f --size +512",
    .groups = find_groups,
    .args_size = sizeof(struct find_args),
    .min_operands = 1,
    .max_operands = 2,
    .inside = run_find,
    .inside_operands = "[path]",
};
