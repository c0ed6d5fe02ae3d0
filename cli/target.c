/* SPDX-License-Identifier: MIT */
/*
 * Where sources go, and operands of the form IMAGE:/PATH.
 */
#include "target.h"
#include "message.h"

#include <string.h>

bool cli_path_is_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    return *name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

void cli_target_add(struct cli_text *text, const char *target, bool is_directory,
                    const char *source)
{
    size_t end = strlen(source);
    while (end > 0 && source[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && source[start - 1] != '/') {
        start--;
    }
    bool is_dots = strspn(source + start, ".") >= end - start && end - start <= 2;
    cli_text_print(text, "%s", target);
    if (is_directory && !is_dots) {
        bool is_open = *target == '\0' || target[strlen(target) - 1] == '/';
        cli_text_print(text, "%s", is_open ? "" : "/");
        cli_text_add(text, source + start, end - start);
    } else if (*target == '\0') {
        cli_text_add(text, ".", 1);
    }
}

void cli_host_path_tidy(struct cli_text *text, const char *path)
{
    size_t start = text->size;
    const char *between = *path == '/' ? "/" : "";
    while (*path != '\0') {
        size_t size = strcspn(path, "/");
        if (size > 1 || (size == 1 && *path != '.')) {
            cli_text_print(text, "%s%.*s", between, (int)size, path);
            between = "/";
        }
        path += size + (path[size] == '/');
    }
    if (text->size == start) {
        cli_text_print(text, "%s", *between != '\0' ? between : ".");
    }
}

int cli_sources_visit(struct cli_session *session, char **operands, int count,
                      bool (*is_directory)(const char *target), cli_source_fn *visit, void *args)
{
    unsigned long before = session->problems;
    const char *target = count > 1 ? operands[count - 1] : "";
    int sources = count > 1 ? count - 1 : 1;
    bool into = sources > 1 || is_directory(target);
    for (int i = 0; i < sources && !cli_session_stopped(session); i++) {
        visit(session, args, operands[i], target, into);
    }
    return cli_session_exit_code(session, before);
}

/* Ends the image's name in IMAGE:/PATH and returns the path; NULL if it is not of that form. */
static char *split(char *operand)
{
    char *colon = strstr(operand, ":/");
    if (colon == NULL || colon == operand) {
        return NULL;
    }
    *colon = '\0';
    return colon + 1;
}

static int take_first(const struct cli_run *run, char **operands, int *count, const char **image)
{
    *image = operands[0];
    --*count;
    for (int i = 0; i < *count; i++) {
        operands[i] = operands[i + 1];
    }
    return *count > 0 ? CLI_DONE
                      : cli_usage(run, "too few arguments: it needs %s", run->verb->operands);
}

int cli_locate_target(const struct cli_run *run, char **operands, int *count, const char **image)
{
    char **last = &operands[*count - 1];
    char *path = split(*last);
    if (path == NULL) {
        return take_first(run, operands, count, image);
    }
    *image = *last;
    *last = path;
    return CLI_DONE;
}

int cli_locate_sources(const struct cli_run *run, char **operands, int *count, const char **image)
{
    char *path = split(operands[0]);
    if (path == NULL) {
        return take_first(run, operands, count, image);
    }
    *image = operands[0];
    operands[0] = path;
    size_t size = strlen(*image);
    for (int i = 1; i < *count; i++) {
        bool is_source =
            strncmp(operands[i], *image, size) == 0 && strncmp(operands[i] + size, ":/", 2) == 0;
        bool is_last = i == *count - 1;
        if (is_source && is_last) {
            return cli_usage(run, "'%s' is not on the host: the last one says where to put them",
                             operands[i]);
        }
        if (!is_source && !is_last) {
            return cli_usage(run, "'%s' is not in %s, as the first one is", operands[i], *image);
        }
        operands[i] += is_source ? size + 1 : 0;
    }
    return CLI_DONE;
}
