/* SPDX-License-Identifier: MIT */
/*
 * The lines a user typed, kept in $XDG_STATE_HOME/lfskit/history or
 * ~/.local/state/lfskit/history. The file is replaced as a whole and only its
 * owner can read it. That it cannot be read or written is not worth a word.
 */
#include "history.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_MAX 1000

struct cli_history {
    History *lines;
    struct cli_text path;  /* of the file; "" for none */
    struct cli_text added; /* the lines of this session, each ended by a NUL */
};

static History *open_lines(void)
{
    HistEvent event;
    History *lines = history_init();
    if (lines != NULL) {
        (void)history(lines, &event, H_SETSIZE, LINES_MAX);
        (void)history(lines, &event, H_SETUNIQUE, 1);
    }
    return lines;
}

static void set_path(struct cli_text *path)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && *state == '/') {
        cli_text_print(path, "%s/lfskit/history", state);
    } else if (home != NULL && *home == '/') {
        cli_text_print(path, "%s/.local/state/lfskit/history", home);
    }
    if (path->failed) {
        cli_text_cut(path, 0);
    }
}

struct cli_history *cli_history_open(void)
{
    HistEvent event;
    struct cli_history *opened = calloc(1, sizeof(*opened));
    if (opened == NULL) {
        return NULL;
    }
    opened->lines = open_lines();
    if (opened->lines == NULL) {
        free(opened);
        return NULL;
    }
    set_path(&opened->path);
    if (opened->path.size > 0) {
        (void)history(opened->lines, &event, H_LOAD, cli_text_string(&opened->path));
    }
    return opened;
}

void cli_history_attach(struct cli_history *opened, EditLine *el)
{
    (void)el_set(el, EL_HIST, history, opened->lines);
}

void cli_history_add(struct cli_history *opened, const char *line)
{
    HistEvent event;
    if (line[strspn(line, " \t")] == '\0') {
        return;
    }
    (void)history(opened->lines, &event, H_ENTER, line);
    cli_text_add(&opened->added, line, strlen(line) + 1);
}

/* Makes the directories the file is in. */
static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, S_IRWXU);
        *slash = '/';
    }
}

static void store(struct cli_history *opened, History *lines)
{
    HistEvent event;
    struct cli_text temporary = {0};
    cli_text_print(&temporary, "%s.XXXXXX", cli_text_string(&opened->path));
    int descriptor = temporary.failed ? -1 : mkstemp(temporary.data);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file != NULL) {
        bool stored = history(lines, &event, H_SAVE_FP, file) >= 0;
        stored = fclose(file) == 0 && stored;
        if (!stored || rename(temporary.data, opened->path.data) != 0) {
            (void)unlink(temporary.data);
        }
    } else if (descriptor >= 0) {
        (void)close(descriptor);
        (void)unlink(temporary.data);
    }
    cli_text_free(&temporary);
}

/* The file may have got lines from another session meanwhile: it is read again. */
static void store_behind_others(struct cli_history *opened)
{
    HistEvent event;
    History *lines = open_lines();
    if (lines == NULL) {
        return;
    }
    make_parents(opened->path.data);
    (void)history(lines, &event, H_LOAD, cli_text_string(&opened->path));
    const char *line = opened->added.data;
    while (line < opened->added.data + opened->added.size) {
        (void)history(lines, &event, H_ENTER, line);
        line += strlen(line) + 1;
    }
    store(opened, lines);
    history_end(lines);
}

void cli_history_close(struct cli_history *opened)
{
    if (opened == NULL) {
        return;
    }
    if (opened->path.size > 0 && opened->added.size > 0 && !opened->added.failed) {
        store_behind_others(opened);
    }
    history_end(opened->lines);
    cli_text_free(&opened->path);
    cli_text_free(&opened->added);
    free(opened);
}
