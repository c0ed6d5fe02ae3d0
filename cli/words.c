/* SPDX-License-Identifier: MIT */
/*
 * A line of the shell split into words. One function knows what a character
 * means; splitting a line and finding the end of a command both ask it.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";
static const char wildcards[] = "*?[";

struct quoting {
    char quote;   /* the quotation we are in, or 0 */
    bool escaped; /* the next character is taken as it is */
};

enum meaning {
    MEANS_BLANK,
    MEANS_MARK,   /* a quote or a backslash: part of no word */
    MEANS_ITSELF, /* quoted, by whatever */
    MEANS_PLAIN,
};

/* What the character at `at` means behind those before it. */
static enum meaning read_character(struct quoting *quoting, const char *at)
{
    if (quoting->escaped) {
        quoting->escaped = false;
        return MEANS_ITSELF;
    }
    if (quoting->quote != 0 && *at == quoting->quote) {
        quoting->quote = 0;
        return MEANS_MARK;
    }
    /* In "..." a backslash is one of its own before anything but these. */
    bool escapes = quoting->quote == 0 ||
                   (quoting->quote == '"' && (at[1] == '"' || at[1] == '\\' || at[1] == '\0'));
    if (*at == '\\' && escapes) {
        quoting->escaped = true;
        return MEANS_MARK;
    }
    if (quoting->quote != 0) {
        return MEANS_ITSELF;
    }
    if (*at == '"' || *at == '\'') {
        quoting->quote = *at;
        return MEANS_MARK;
    }
    return strchr(blanks, *at) != NULL ? MEANS_BLANK : MEANS_PLAIN;
}

/* NULL when out of memory. */
static struct cli_word *add_word(struct cli_words *words)
{
    if (words->count == words->room) {
        size_t room = words->room == 0 ? 8 : 2 * words->room;
        struct cli_word *grown = realloc(words->words, room * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        words->words = grown;
        words->room = room;
    }
    struct cli_word *word = &words->words[words->count++];
    *word = (struct cli_word){0};
    return word;
}

static void add_character(struct cli_word *word, enum meaning meaning, const char *at)
{
    if (meaning == MEANS_MARK) {
        /* Even '' is a word, of no characters. */
        word->is_quoted = true;
        cli_text_add(&word->text, "", 0);
        return;
    }
    bool wild = strchr(wildcards, *at) != NULL;
    if (meaning == MEANS_ITSELF && (wild || *at == '\\' || *at == ']')) {
        cli_text_add(&word->pattern, "\\", 1);
    }
    word->is_pattern = word->is_pattern || (wild && meaning == MEANS_PLAIN);
    cli_text_add(&word->text, at, 1);
    cli_text_add(&word->pattern, at, 1);
}

enum cli_split cli_words_split(struct cli_words *words, const char *line)
{
    struct quoting quoting = {0};
    struct cli_word *word = NULL;
    bool failed = false;
    for (; *line != '\0' && !failed; line++) {
        enum meaning meaning = read_character(&quoting, line);
        if (meaning == MEANS_BLANK) {
            word = NULL;
            continue;
        }
        word = word != NULL ? word : add_word(words);
        failed = word == NULL;
        if (!failed) {
            add_character(word, meaning, line);
            failed = word->text.failed || word->pattern.failed;
        }
    }
    words->is_open = word != NULL;
    words->quote = quoting.quote;
    if (failed) {
        return CLI_SPLIT_NOMEM;
    }
    if (quoting.escaped) {
        return CLI_SPLIT_ESCAPE;
    }
    return quoting.quote != 0 ? CLI_SPLIT_QUOTE : CLI_SPLIT_DONE;
}

void cli_words_free(struct cli_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        cli_text_free(&words->words[i].text);
        cli_text_free(&words->words[i].pattern);
    }
    free(words->words);
    *words = (struct cli_words){0};
}

size_t cli_words_command(const char *line)
{
    struct quoting quoting = {0};
    size_t size = 0;
    for (; line[size] != '\0'; size++) {
        if (read_character(&quoting, line + size) == MEANS_PLAIN && line[size] == ';') {
            break;
        }
    }
    return size;
}

void cli_words_quote(struct cli_text *text, const char *name, char quote)
{
    static const char special[] = " \t\r\n'\"\\*?[];#";
    for (; *name != '\0'; name++) {
        bool escape = quote == 0 ? strchr(special, *name) != NULL
                                 : quote == '"' && (*name == '"' || *name == '\\');
        if (quote == '\'' && *name == '\'') {
            cli_text_add(text, "'\\''", 4);
            continue;
        }
        if (escape) {
            cli_text_add(text, "\\", 1);
        }
        cli_text_add(text, name, 1);
    }
}
