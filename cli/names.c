/* SPDX-License-Identifier: MIT */
/*
 * Names and paths of an image as people see them, decoded and made safe.
 */
#include "names.h"
#include "message.h"

#include <string.h>

/* A name has at most 1022 bytes, and a byte becomes at most one character of four. */
#define DECODED_MAX (4 * 1022)

int cli_encoding_open(const struct cli_run *run, struct lfk_encoding **encoding, const char *name)
{
    *encoding = NULL;
    if (name == NULL) {
        return CLI_DONE;
    }
    struct lfk_detail detail = {0};
    int status = lfk_encoding_open(encoding, name, &detail);
    if (status == LFK_ERR_INVAL) {
        return cli_usage(run, "--filename-encoding: '%s' is not known", name);
    }
    if (status < 0) {
        cli_error_detail(run, name, status, &detail);
        return CLI_FAILED;
    }
    return CLI_DONE;
}

bool cli_name_bytes_add(struct cli_text *text, struct lfk_encoding *encoding, const char *name,
                        size_t size, enum cli_name_form form)
{
    char decoded[DECODED_MAX];
    int length = lfk_encoding_decode(encoding, name, size, decoded, sizeof(decoded), NULL);
    if (length >= 0 && form != CLI_NAME_STORED) {
        name = decoded;
        size = (size_t)length;
    }
    switch (form) {
    case CLI_NAME_PLAIN:
    case CLI_NAME_STORED:
        cli_text_add(text, name, size);
        break;
    case CLI_NAME_SHOWN:
        cli_text_escaped(text, name, size);
        break;
    case CLI_NAME_JSON:
        cli_text_utf8(text, name, size);
        break;
    }
    return length >= 0;
}

bool cli_name_add(struct cli_text *text, struct lfk_encoding *encoding, const struct lfk_node *node,
                  enum cli_name_form form)
{
    return cli_name_bytes_add(text, encoding, node->name, node->name_size, form);
}

void cli_path_add(struct cli_text *text, struct lfk_encoding *encoding, const struct lfk_node *top,
                  const struct lfk_node *node, enum cli_name_form form)
{
    const size_t step = sizeof(const struct lfk_node *);
    struct cli_text ancestors = {0}; /* the nodes on the way, the topmost last */
    for (; node != top && node != NULL; node = node->parent) {
        cli_text_add(&ancestors, &node, step);
    }
    for (size_t at = ancestors.size; at > 0 && !ancestors.failed; at -= step) {
        memcpy(&node, ancestors.data + at - step, step);
        cli_text_add(text, "/", 1);
        (void)cli_name_add(text, encoding, node, form);
    }
    text->failed = text->failed || ancestors.failed;
    cli_text_free(&ancestors);
}

void cli_bytes_path_add(struct cli_text *text, struct lfk_encoding *encoding, const char *path,
                        enum cli_name_form form)
{
    while (*path != '\0') {
        size_t size = strcspn(path, "/");
        (void)cli_name_bytes_add(text, encoding, path, size, form);
        path += size;
        if (*path == '/') {
            cli_text_add(text, "/", 1);
            path++;
        }
    }
}

void cli_path_normalise(struct cli_text *text, const char *path)
{
    size_t root = text->size;
    while (*path != '\0') {
        size_t size = strcspn(path, "/");
        bool up = size == 2 && memcmp(path, "..", 2) == 0;
        bool here = size == 0 || (size == 1 && *path == '.');
        if (up && text->size > root) {
            size_t end = text->size;
            while (text->data[end - 1] != '/') {
                end--;
            }
            cli_text_cut(text, end - 1);
        } else if (!up && !here) {
            cli_text_add(text, "/", 1);
            cli_text_add(text, path, size);
        }
        path += size + (path[size] == '/');
    }
}

int cli_path_encode(struct cli_text *text, struct lfk_encoding *encoding, const char *path,
                    struct lfk_detail *detail)
{
    while (*path != '\0') {
        char encoded[DECODED_MAX];
        path++;
        size_t size = strcspn(path, "/");
        int length = lfk_encoding_encode(encoding, path, size, encoded, sizeof(encoded), detail);
        if (length < 0) {
            return length;
        }
        cli_text_add(text, "/", 1);
        cli_text_add(text, encoded, (size_t)length);
        path += size;
    }
    return LFK_OK;
}
