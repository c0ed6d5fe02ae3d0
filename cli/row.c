/* SPDX-License-Identifier: MIT */
/*
 * An entry of an image in a row of a table, and as an object of JSON.
 */
#include "row.h"
#include "json.h"

#include <inttypes.h>

/* Attributes longer than this are cut in lines for people. */
#define ATTRIBUTE_SHOWN 16

static void add_attributes(struct cli_text *line, const struct lfk_node *node)
{
    if (node->attributes == NULL) {
        cli_text_add(line, "-", 1);
    }
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        cli_text_print(line, "%s0x%02x=", a != node->attributes ? "," : "", a->type);
        if (a->size > ATTRIBUTE_SHOWN) {
            cli_text_hex(line, a->data, ATTRIBUTE_SHOWN);
            cli_text_print(line, "...(%u)", (unsigned)a->size);
        } else {
            cli_text_hex(line, a->data, a->size);
        }
    }
}

void cli_row_add(struct cli_text *line, const struct lfk_node *node)
{
    if (node->type == LFK_NODE_DIR) {
        cli_text_print(line, "dir  %10s", "-");
    } else {
        cli_text_print(line, "file %10" PRIu64, node->size);
    }
    cli_text_print(line, " %6" PRIu32 " ", node->place.blocks);
    add_attributes(line, node);
    cli_text_add(line, " ", 1);
}

json_t *cli_row_json(const char *path, bool decodes, const struct lfk_node *node)
{
    bool failed = false;
    bool is_file = node->type == LFK_NODE_FILE;
    json_t *entry = json_object();
    cli_json_set(entry, "path", json_string(path), &failed);
    if (!decodes) {
        cli_json_set(entry, "name_hex", cli_json_hex(node->name, node->name_size), &failed);
    }
    cli_json_set(entry, "type", json_string(is_file ? "file" : "dir"), &failed);
    if (is_file) {
        cli_json_set(entry, "size", json_integer((json_int_t)node->size), &failed);
    }
    cli_json_set(entry, "blocks", json_integer(node->place.blocks), &failed);
    if (is_file) {
        cli_json_set(entry, "inline", json_boolean(node->place.blocks == 0), &failed);
    }
    cli_json_set(entry, "attrs", cli_json_attributes(node), &failed);
    if (failed) {
        json_decref(entry);
        return NULL;
    }
    return entry;
}
