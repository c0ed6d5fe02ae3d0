/* SPDX-License-Identifier: MIT */
/*
 * What the words behind a command are. Nothing is known here of single
 * commands: their usage lines and tables of options say it.
 */
#include "operands.h"

#include <stdlib.h>
#include <string.h>

static bool contains(const char *text, size_t size, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(text + i, part, length) == 0) {
            return true;
        }
    }
    return false;
}

static enum cli_operand kind_of_word(const char *word, size_t size)
{
    static const struct {
        const char *part;
        enum cli_operand kind;
    } kinds[] = {
        {"local", CLI_OPERAND_HOST},      {"path", CLI_OPERAND_IMAGE},
        {"source", CLI_OPERAND_IMAGE},    {"destination", CLI_OPERAND_IMAGE},
        {"target", CLI_OPERAND_IMAGE},    {"directory", CLI_OPERAND_DIRECTORY},
        {"command", CLI_OPERAND_COMMAND},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (contains(word, size, kinds[i].part)) {
            return kinds[i].kind;
        }
    }
    return CLI_OPERAND_OTHER;
}

enum cli_operand cli_operand_kind(const struct cli_verb *verb, size_t index)
{
    const char *usage = verb->inside_operands != NULL ? verb->inside_operands : "";
    enum cli_operand last = CLI_OPERAND_OTHER;
    for (;;) {
        usage += strspn(usage, " ");
        size_t size = strcspn(usage, " ");
        if (size == 0) {
            return verb->max_operands < 0 ? last : CLI_OPERAND_OTHER;
        }
        bool is_option = contains(usage, size, "-");
        if (!is_option && (index == 0 || contains(usage, size, "..."))) {
            return kind_of_word(usage, size);
        }
        last = is_option ? last : kind_of_word(usage, size);
        index -= !is_option;
        usage += size;
    }
}

size_t cli_operands_needed(const struct cli_verb *verb)
{
    const char *usage = verb->inside_operands;
    size_t needed = 0;
    for (size_t i = 0; usage[i] != '\0'; i++) {
        needed += usage[i] == '<' && (i == 0 || usage[i - 1] == ' ');
    }
    return needed;
}

static bool begins_with(const char *text, const char *beginning)
{
    while (*beginning != '\0' && *text == *beginning) {
        text++;
        beginning++;
    }
    return *beginning == '\0';
}

static const struct cli_option *find_option(const struct cli_verb *verb, const char *word)
{
    bool is_long = word[1] == '-';
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            if (is_long ? begins_with(option->name, word + 2)
                        : option->letter == word[strlen(word) - 1]) {
                return option;
            }
        }
    }
    return NULL;
}

bool cli_operand_next(struct cli_operand_walk *walk, const struct cli_word *word,
                      enum cli_operand *kind)
{
    const char *text = cli_text_string(&word->text);
    if (walk->value_follows) {
        walk->value_follows = false;
        return false;
    }
    if (!walk->options_over && text[0] == '-' && text[1] != '\0') {
        walk->options_over = strcmp(text, "--") == 0;
        const struct cli_option *option = find_option(walk->verb, text);
        walk->value_follows = !walk->options_over && strchr(text, '=') == NULL && option != NULL &&
                              option->metavar != NULL;
        return false;
    }
    *kind = cli_operand_kind(walk->verb, walk->operands++);
    return true;
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
