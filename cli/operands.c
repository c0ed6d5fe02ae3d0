/* SPDX-License-Identifier: MIT */
/*
 * What the words behind a command are. Nothing is known here of single
 * commands: their usage lines and tables of options say it.
 */
#include "operands.h"

#include <stdlib.h>
#include <string.h>

size_t cli_operands_needed(const struct cli_verb *verb)
{
    struct cli_hint_operands operands = {.verb = verb};
    size_t needed = 0;
    (void)cli_hint_next(&operands); /* the image */
    while (cli_hint_next(&operands) && !operands.optional) {
        needed++;
    }
    return needed;
}

bool cli_operands_are_path(const struct cli_verb *verb)
{
    struct cli_hint_operands operands = {.verb = verb};
    (void)cli_hint_next(&operands); /* the image */
    bool may_be_one = cli_hint_next(&operands) && operands.optional;
    enum cli_hint_kind kind = operands.hint.kind;
    return may_be_one && (kind == CLI_HINT_INSIDE || kind == CLI_HINT_DIRECTORY) &&
           !cli_hint_next(&operands);
}

bool cli_operand_next(struct cli_operand_walk *walk, const struct cli_word *word,
                      enum cli_hint_kind *kind)
{
    const char *text = cli_text_string(&word->text);
    if (walk->value_follows) {
        walk->value_follows = false;
        return false;
    }
    if (!walk->options_over && text[0] == '-' && text[1] != '\0') {
        walk->options_over = strcmp(text, "--") == 0;
        walk->value_follows = !walk->options_over && cli_options_want(walk->verb->groups, text);
        return false;
    }
    size_t index = walk->operands++;
    *kind = cli_hint_inside(walk->verb, index, walk->count > 0 ? walk->count : index + 1);
    return true;
}

size_t cli_operands_count(const struct cli_verb *verb, const struct cli_words *words)
{
    struct cli_operand_walk walk = {.verb = verb};
    enum cli_hint_kind kind = CLI_HINT_TEXT;
    for (size_t i = 0; i < words->count; i++) {
        (void)cli_operand_next(&walk, &words->words[i], &kind);
    }
    return walk.operands;
}

/* --- arguments ----------------------------------------------------------------------------- */

void cli_arguments_add(struct cli_arguments *arguments, const char *text)
{
    if (arguments->count + 1 >= arguments->room) {
        size_t room = arguments->room == 0 ? 16 : 2 * arguments->room;
        char **items = realloc(arguments->items, room * sizeof(*items));
        if (items == NULL) {
            arguments->failed = true;
            return;
        }
        arguments->items = items;
        arguments->room = room;
    }
    char *copy = strdup(text);
    arguments->failed = arguments->failed || copy == NULL;
    if (copy != NULL) {
        arguments->items[arguments->count++] = copy;
    }
    arguments->items[arguments->count] = NULL;
}

void cli_arguments_free(struct cli_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        free(arguments->items[i]);
    }
    free(arguments->items);
    *arguments = (struct cli_arguments){0};
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void cli_arguments_sort(struct cli_arguments *arguments, size_t first)
{
    if (arguments->count > first) {
        qsort(arguments->items + first, arguments->count - first, sizeof(*arguments->items),
              compare);
    }
}
