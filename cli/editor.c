/* SPDX-License-Identifier: MIT */
/*
 * Reading lines from a person at a terminal, by libedit. Without the library
 * there is no editor, and lines are read as from a pipe.
 *
 * Ctrl-C is a key here and no signal: it gives up the line. libedit has handlers of
 * signals of its own while a line is read, for resizing and suspending, and puts back
 * what was there.
 */
#include "editor.h"

#include <unistd.h>

bool cli_is_terminal(FILE *stream)
{
    int descriptor = fileno(stream);
    return descriptor >= 0 && isatty(descriptor);
}

#ifndef LFSKIT_LIBEDIT

struct cli_editor *cli_editor_open(const struct cli_io *io, const char *prompt,
                                   cli_complete_fn *complete, void *context)
{
    (void)io;
    (void)prompt;
    (void)complete;
    (void)context;
    return NULL;
}

enum cli_line cli_editor_read(struct cli_editor *editor, struct cli_text *line)
{
    (void)editor;
    (void)line;
    return CLI_LINE_END;
}

void cli_editor_close(struct cli_editor *editor)
{
    (void)editor;
}

#else

#include "columns.h"
#include "history.h"

#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_WIDTH 80

struct cli_editor {
    FILE *out;
    const char *prompt;
    cli_complete_fn *complete;
    void *context; /* of complete */
    EditLine *el;
    struct cli_history *history;
    locale_t utf8; /* libedit edits characters as the locale has them; 0: that of the process */
    bool cancelled;
};

static char *prompt_of(EditLine *el)
{
    struct cli_editor *editor = NULL;
    (void)el_get(el, EL_CLIENTDATA, &editor);
    /* libedit wants it writable and does not write to it. */
    union {
        const char *text;
        char *libedits;
    } prompt = {editor->prompt};
    return prompt.libedits;
}

/* --- keys -------------------------------------------------------------------------------- */

/* Ctrl-C: the line stays to be seen, with ^C at its end, and is not taken. */
static unsigned char cancel_line(EditLine *el, int key)
{
    struct cli_editor *editor = NULL;
    (void)key;
    (void)el_get(el, EL_CLIENTDATA, &editor);
    const LineInfo *info = el_line(el);
    editor->cancelled = true;
    (void)el_cursor(el, (int)(info->lastchar - info->cursor));
    (void)el_insertstr(el, "^C");
    el_push(el, "\n");
    return CC_REFRESH;
}

/* Ctrl-Z: libedit's handler leaves the terminal in order, and takes it again afterwards. */
static unsigned char suspend(EditLine *el, int key)
{
    (void)el;
    (void)key;
    (void)raise(SIGTSTP);
    return CC_NORM;
}

static void show_candidates(const struct cli_editor *editor,
                            const struct cli_candidates *candidates)
{
    int width = 0;
    const char **names = calloc(candidates->shown + 1, sizeof(*names));
    if (names == NULL || candidates->names.failed) {
        free(names);
        return;
    }
    const char *name = cli_text_string(&candidates->names);
    for (size_t i = 0; i < candidates->shown; i++) {
        names[i] = name;
        name += strlen(name) + 1;
    }
    if (el_get(editor->el, EL_GETTC, "co", &width, NULL) != 0 || width <= 1) {
        width = DEFAULT_WIDTH;
    }
    fputc('\n', editor->out);
    cli_columns_print(editor->out, names, candidates->shown, (size_t)width - 1);
    if (candidates->count > candidates->shown) {
        fprintf(editor->out, "... %zu more\n", candidates->count - candidates->shown);
    }
    fflush(editor->out);
    free(names);
}

static unsigned char complete_word(EditLine *el, int key)
{
    struct cli_editor *editor = NULL;
    struct cli_candidates candidates = {0};
    struct cli_text line = {0};
    unsigned char result = CC_ERROR;
    (void)key;
    (void)el_get(el, EL_CLIENTDATA, &editor);
    const LineInfo *info = el_line(el);
    cli_text_add(&line, info->buffer, (size_t)(info->cursor - info->buffer));
    if (!line.failed) {
        editor->complete(editor->context, cli_text_string(&line), &candidates);
    }
    if (candidates.added.size > 0 && !candidates.added.failed) {
        (void)el_insertstr(el, cli_text_string(&candidates.added));
        result = CC_REFRESH;
    } else if (candidates.count > 1) {
        show_candidates(editor, &candidates);
        result = CC_REDISPLAY;
    }
    cli_text_free(&candidates.names);
    cli_text_free(&candidates.added);
    cli_text_free(&line);
    return result;
}

static void bind_keys(EditLine *el)
{
    (void)el_set(el, EL_SETTY, "-d", "-isig", NULL);
    /* Of the names that come as char, libedit makes copies that it never frees. */
    (void)el_wset(el, EL_ADDFN, L"lfskit-cancel", L"Give up the line", cancel_line);
    (void)el_wset(el, EL_ADDFN, L"lfskit-suspend", L"Suspend the program", suspend);
    (void)el_wset(el, EL_ADDFN, L"lfskit-complete", L"Complete the word", complete_word);
    (void)el_set(el, EL_BIND, "^C", "lfskit-cancel", NULL);
    (void)el_set(el, EL_BIND, "^Z", "lfskit-suspend", NULL);
    (void)el_set(el, EL_BIND, "^I", "lfskit-complete", NULL);
    (void)el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

/* --- opening and reading ------------------------------------------------------------------- */

/* A locale whose characters are UTF-8, for this thread alone; names are UTF-8 here. */
static locale_t open_utf8(void)
{
    static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        locale_t locale = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
        if (locale != (locale_t)0) {
            if (strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0) {
                return locale;
            }
            freelocale(locale);
        }
    }
    return (locale_t)0;
}

/* The locale to come back to, by calling it again. */
static locale_t change_locale(locale_t locale)
{
    return locale != (locale_t)0 ? uselocale(locale) : (locale_t)0;
}

static bool start(struct cli_editor *editor, const struct cli_io *io)
{
    locale_t before = change_locale(editor->utf8);
    editor->el = el_init("lfskit", io->in, io->out, io->err);
    if (editor->el != NULL) {
        EditLine *el = editor->el;
        (void)el_set(el, EL_CLIENTDATA, editor);
        (void)el_set(el, EL_PROMPT, prompt_of);
        (void)el_set(el, EL_EDITOR, "emacs");
        (void)el_set(el, EL_SIGNAL, 1);
        (void)el_source(el, NULL); /* the user's own ~/.editrc; the keys below stay ours */
        bind_keys(el);
        cli_history_attach(editor->history, el);
    }
    (void)change_locale(before);
    return editor->el != NULL;
}

struct cli_editor *cli_editor_open(const struct cli_io *io, const char *prompt,
                                   cli_complete_fn *complete, void *context)
{
    const char *terminal = getenv("TERM");
    if (terminal == NULL || strcmp(terminal, "dumb") == 0) {
        return NULL;
    }
    struct cli_editor *editor = calloc(1, sizeof(*editor));
    if (editor == NULL) {
        return NULL;
    }
    editor->out = io->out;
    editor->prompt = prompt;
    editor->complete = complete;
    editor->context = context;
    editor->utf8 = open_utf8();
    editor->history = cli_history_open();
    if (editor->history == NULL || !start(editor, io)) {
        cli_editor_close(editor);
        return NULL;
    }
    return editor;
}

enum cli_line cli_editor_read(struct cli_editor *editor, struct cli_text *line)
{
    int size = 0;
    editor->cancelled = false;
    locale_t before = change_locale(editor->utf8);
    const char *read = el_gets(editor->el, &size);
    (void)change_locale(before);
    if (editor->cancelled) {
        return CLI_LINE_CANCELLED;
    }
    if (read == NULL || size <= 0) {
        return CLI_LINE_END;
    }
    cli_text_add(line, read, strcspn(read, "\n"));
    if (!line->failed) {
        cli_history_add(editor->history, cli_text_string(line));
    }
    return CLI_LINE_READ;
}

void cli_editor_close(struct cli_editor *editor)
{
    if (editor == NULL) {
        return;
    }
    if (editor->el != NULL) {
        el_end(editor->el);
    }
    cli_history_close(editor->history);
    if (editor->utf8 != (locale_t)0) {
        freelocale(editor->utf8);
    }
    free(editor);
}

#endif
