/* SPDX-License-Identifier: MIT */
/*
 * Reads the words of usage lines: their names say what they stand for.
 */
#include "hint.h"
#include "target.h"

#include <ctype.h>
#include <string.h>

static bool is_word(const struct cli_hint *hint, const char *name)
{
    return strlen(name) == (size_t)hint->size && memcmp(hint->word, name, strlen(name)) == 0;
}

static bool is_one_of(const struct cli_hint *hint, const char *const *names)
{
    while (*names != NULL && !is_word(hint, *names)) {
        names++;
    }
    return *names != NULL;
}

/* The words that mean the same wherever they stand. */
static enum cli_hint_kind common_kind(const struct cli_hint *hint)
{
    static const char *const files[] = {"IMAGE", "FILE", NULL};
    if (memchr(hint->word, '|', (size_t)hint->size) != NULL) {
        return CLI_HINT_CHOICE;
    }
    if (is_one_of(hint, files)) {
        return CLI_HINT_HOST;
    }
    return is_word(hint, "DIR") ? CLI_HINT_FOLDER : CLI_HINT_TEXT;
}

/* Where sources come from and go to follows from how the verb finds its image. */
static enum cli_hint_kind operand_kind(const struct cli_verb *verb, const struct cli_hint *hint)
{
    bool puts = verb->inside == NULL || verb->locate == cli_locate_target;
    bool gets = verb->locate == cli_locate_sources;
    if (is_word(hint, "SOURCE")) {
        return puts ? CLI_HINT_HOST : CLI_HINT_INSIDE;
    }
    if (is_word(hint, "TARGET")) {
        return gets ? CLI_HINT_HOST : CLI_HINT_INSIDE;
    }
    if (is_word(hint, "PATH")) {
        return CLI_HINT_INSIDE;
    }
    if (is_word(hint, "DIRECTORY")) {
        return CLI_HINT_DIRECTORY;
    }
    return is_word(hint, "VERB") ? CLI_HINT_VERB : common_kind(hint);
}

struct cli_hint cli_hint_value(const struct cli_option *option)
{
    const char *word = option->metavar + strspn(option->metavar, "[=");
    struct cli_hint hint = {.word = word, .size = (int)strcspn(word, "]")};
    hint.kind = common_kind(&hint);
    return hint;
}

/* Takes the next word of the usage line; false at its end. */
static bool take_word(struct cli_hint_operands *operands)
{
    struct cli_hint *hint = &operands->hint;
    hint->word = operands->rest + strspn(operands->rest, " []");
    /* What stands behind one that may be missing may be missing, too. */
    operands->optional =
        operands->optional || strcspn(operands->rest, "[") < (size_t)(hint->word - operands->rest);
    hint->size = (int)strcspn(hint->word, " []");
    operands->rest = hint->word + hint->size;
    operands->repeats = hint->size > 3 && memcmp(operands->rest - 3, "...", 3) == 0;
    hint->size -= operands->repeats ? 3 : 0;
    hint->kind = operand_kind(operands->verb, hint);
    return hint->size > 0;
}

/*
 * A word that is repeated gives two hints: of the first, which it must be, and
 * of all that follow, which may be the word behind it.
 */
bool cli_hint_next(struct cli_hint_operands *operands)
{
    if (operands->rest == NULL) {
        operands->rest = operands->verb->operands;
    }
    if (operands->repeats) {
        return false;
    }
    if (operands->repeated.size == 0) {
        bool is_there = take_word(operands);
        operands->repeated = operands->repeats ? operands->hint : (struct cli_hint){0};
        operands->repeats = false;
        return is_there;
    }
    if (!take_word(operands)) {
        operands->hint = operands->repeated;
        operands->optional = true;
    }
    operands->repeats = true;
    operands->last = operands->hint.kind;
    if (operands->last != operands->repeated.kind) {
        operands->hint.kind = CLI_HINT_EITHER;
    }
    return true;
}

enum cli_hint_kind cli_hint_inside(const struct cli_verb *verb, size_t index, size_t count)
{
    struct cli_hint_operands operands = {.verb = verb};
    (void)cli_hint_next(&operands); /* the image */
    for (size_t i = 0; cli_hint_next(&operands); i++) {
        if (operands.repeats) {
            return index + 1 < count ? operands.repeated.kind : operands.last;
        }
        if (i == index) {
            return operands.hint.kind;
        }
    }
    return CLI_HINT_TEXT;
}

const char *cli_hint_name(enum cli_hint_kind kind)
{
    static const char *const names[] = {"text",   "choice",    "host",   "folder",
                                        "inside", "directory", "either", "verb"};
    return names[kind];
}

void cli_hint_print_choices(FILE *out, const struct cli_hint *hint)
{
    const char *between = "";
    const char *end = hint->word + hint->size;
    for (const char *at = hint->word; at < end; at++) {
        int size = (int)strcspn(at, "|]");
        if (!isupper((unsigned char)*at)) {
            fprintf(out, "%s%.*s", between, size, at);
            between = " ";
        }
        at += size;
    }
}
