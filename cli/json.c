/* SPDX-License-Identifier: MIT */
/*
 * Values of JSON that several verbs print.
 */
#include "json.h"
#include "text.h"

void cli_json_set(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_object_set_new(object, key, value) != 0) {
        *failed = true;
    }
}

json_t *cli_json_hex(const void *bytes, size_t size)
{
    struct cli_text hex = {0};
    cli_text_hex(&hex, bytes, size);
    json_t *value = hex.failed ? NULL : json_string(cli_text_string(&hex));
    cli_text_free(&hex);
    return value;
}

json_t *cli_json_attributes(const struct lfk_node *node)
{
    json_t *object = json_object();
    bool failed = object == NULL;
    for (const struct lfk_attribute *a = node->attributes; a != NULL && !failed; a = a->next) {
        char key[8];
        snprintf(key, sizeof(key), "0x%02x", a->type);
        cli_json_set(object, key, cli_json_hex(a->data, a->size), &failed);
    }
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

void cli_json_array_add(struct cli_json_array *array, json_t *value)
{
    fputs(array->begun ? ",\n  " : "[\n  ", array->out);
    array->begun = true;
    if (value == NULL || json_dumpf(value, array->out, 0) != 0) {
        array->failed = true;
    }
    json_decref(value);
}

void cli_json_array_end(struct cli_json_array *array)
{
    fputs(array->begun ? "\n]\n" : "[]\n", array->out);
}

bool cli_json_print(FILE *out, json_t *value)
{
    bool printed = value != NULL && (json_dumpf(value, out, JSON_INDENT(2)) == 0 || ferror(out));
    fputc('\n', out);
    json_decref(value);
    return printed;
}
