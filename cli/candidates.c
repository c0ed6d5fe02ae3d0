/* SPDX-License-Identifier: MIT */
/*
 * Completion: the words of the line up to the cursor tell what its last one
 * is, and so where its candidates are to be found. A directory is listed once.
 */
#include "candidates.h"
#include "globs.h"
#include "shell.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 200

/* Names that begin with what is there. The kind of the only one counts at the end. */
struct search {
    const char *prefix;
    size_t prefix_size;
    bool directories;
    bool last_is_dir;
    struct cli_arguments names;
};

static void take_name(void *context, const char *name, bool is_dir)
{
    struct search *search = context;
    bool plain = true;
    for (const char *c = name; *c != '\0'; c++) {
        plain = plain && (unsigned char)*c >= 0x20 && *c != 0x7f;
    }
    if (plain && (is_dir || !search->directories) &&
        strncmp(name, search->prefix, search->prefix_size) == 0) {
        cli_arguments_add(&search->names, name);
        search->last_is_dir = is_dir;
    }
}

/* How many bytes all names have in common; no character is cut. */
static size_t common_size(const struct cli_arguments *names)
{
    const char *first = names->items[0];
    size_t size = strlen(first);
    for (size_t i = 1; i < names->count; i++) {
        size_t same = 0;
        while (same < size && first[same] == names->items[i][same]) {
            same++;
        }
        size = same;
    }
    while (size > 0 && ((unsigned char)first[size] & 0xc0) == 0x80) {
        size--;
    }
    return size;
}

static void finish(struct search *search, char quote, struct cli_candidates *candidates)
{
    struct cli_arguments *names = &search->names;
    cli_arguments_sort(names, 0);
    candidates->count = names->failed ? 0 : names->count;
    if (candidates->count == 0) {
        return;
    }
    for (size_t i = 0; i < names->count && i < SHOWN_MAX; i++) {
        cli_text_add(&candidates->names, names->items[i], strlen(names->items[i]) + 1);
        candidates->shown++;
    }
    size_t size = common_size(names);
    struct cli_text rest = {0};
    if (size > search->prefix_size) {
        cli_text_add(&rest, names->items[0] + search->prefix_size, size - search->prefix_size);
    }
    cli_words_quote(&candidates->added, cli_text_string(&rest), quote);
    if (names->count == 1 && search->last_is_dir) {
        cli_text_add(&candidates->added, "/", 1);
    } else if (names->count == 1) {
        cli_text_print(&candidates->added, quote != 0 ? "%c " : " ", quote);
    }
    candidates->added.failed = candidates->added.failed || rest.failed;
    cli_text_free(&rest);
}

static void find_commands(struct search *search)
{
    const struct cli_verb *verb;
    for (size_t i = 0; (verb = cli_shell_verb(i)) != NULL; i++) {
        take_name(search, verb->name, false);
        if (verb->alias != NULL) {
            take_name(search, verb->alias, false);
        }
    }
}

static void find_options(struct search *search, const struct cli_verb *verb)
{
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        bool settled = cli_session_settles(group);
        for (const struct cli_option *option = group->options; !settled && option->name != NULL;
             option++) {
            struct cli_text name = {0};
            cli_text_print(&name, "--%s", option->name);
            take_name(search, cli_text_string(&name), false);
            cli_text_free(&name);
        }
    }
}

/* Looks in the directory that a path as typed starts with for names to go on with. */
static void find_paths(struct search *search, const struct cli_session *session, bool inside)
{
    const char *slash = strrchr(search->prefix, '/');
    size_t size = slash != NULL ? (size_t)(slash + 1 - search->prefix) : 0;
    struct cli_text directory = {0};
    struct cli_text path = {0};
    struct cli_place place = {0};
    cli_text_add(&directory, search->prefix, size);
    search->prefix += size;
    search->prefix_size -= size;
    if (!inside) {
        cli_host_path(&path, cli_text_string(&directory));
        cli_host_names(cli_text_string(&path), take_name, search);
    } else if (session->filesystem != NULL &&
               cli_place_resolve(&place, session, cli_text_string(&directory), NULL) == LFK_OK) {
        cli_image_names(session, cli_place_shown(&place), take_name, search);
    }
    search->names.failed = search->names.failed || directory.failed || path.failed;
    cli_text_free(&directory);
    cli_text_free(&path);
    cli_place_free(&place);
}

static void find_operand(struct search *search, const struct cli_session *session,
                         const struct cli_word *word, enum cli_hint_kind kind)
{
    search->prefix = cli_text_string(&word->text);
    search->prefix_size = word->text.size;
    search->directories = kind == CLI_HINT_DIRECTORY;
    if (kind == CLI_HINT_VERB) {
        find_commands(search);
    } else if (kind != CLI_HINT_TEXT) {
        find_paths(search, session, kind != CLI_HINT_HOST);
    }
}

/* The last word of those behind a command, unless the line ended between words: then "". */
static void find_word(struct search *search, const struct cli_shell *shell,
                      const struct cli_verb *verb, const struct cli_words *words)
{
    static const struct cli_word nothing = {0};
    struct cli_operand_walk walk = {.verb = verb};
    enum cli_hint_kind kind = CLI_HINT_TEXT;
    size_t before = words->is_open ? words->count - 1 : words->count;
    for (size_t i = 0; i < before; i++) {
        (void)cli_operand_next(&walk, &words->words[i], &kind);
    }
    const struct cli_word *word = words->is_open ? &words->words[before] : &nothing;
    bool is_value = walk.value_follows;
    bool is_operand = cli_operand_next(&walk, word, &kind);
    if (is_operand) {
        find_operand(search, shell->session, word, kind);
        /* What it is if another one follows. */
        enum cli_hint_kind other = cli_hint_inside(verb, walk.operands - 1, walk.operands + 1);
        if (search->names.count == 0 && other != kind) {
            find_operand(search, shell->session, word, other);
        }
    } else if (!is_value) {
        search->prefix = cli_text_string(&word->text);
        search->prefix_size = word->text.size;
        find_options(search, verb);
    }
}

void cli_candidates_find(void *context, const char *line, struct cli_candidates *candidates)
{
    const struct cli_shell *shell = context;
    struct search search = {0};
    struct cli_words words = {0};
    line += strspn(line, " \t");
    size_t size = strcspn(line, " \t");
    struct cli_text name = {0};
    cli_text_add(&name, line, size);
    if (line[size] == '\0') {
        search.prefix = line;
        search.prefix_size = size;
        find_commands(&search);
    } else if (!name.failed) {
        const struct cli_verb *verb = cli_shell_find(cli_text_string(&name));
        enum cli_split split = cli_words_split(&words, line + size);
        if (verb != NULL && (split == CLI_SPLIT_DONE || split == CLI_SPLIT_QUOTE)) {
            find_word(&search, shell, verb, &words);
        }
    }
    finish(&search, words.quote, candidates);
    cli_arguments_free(&search.names);
    cli_words_free(&words);
    cli_text_free(&name);
}
