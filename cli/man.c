/* SPDX-License-Identifier: MIT */
/*
 * Man pages in roff, from the table of verbs. Pages carry no date, so that the
 * same source gives the same page.
 */
#include "help.h"

#include <ctype.h>
#include <string.h>

/* Text of one line: what roff would take for its own is escaped. */
static void put_text(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (i == 0 && (text[i] == '.' || text[i] == '\'')) {
            fputs("\\&", out);
        }
        if (text[i] == '-') {
            fputs("\\-", out);
        } else if (text[i] == '\\') {
            fputs("\\e", out);
        } else {
            fputc(text[i], out);
        }
    }
}

static void put_string(FILE *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/* Each line of the text after the request `before`. */
static void put_lines(FILE *out, const char *text, const char *before)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        fputs(before, out);
        put_text(out, text, size);
        fputc('\n', out);
        text += size + (text[size] == '\n');
    }
}

static void put_upper(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        fputc(toupper((unsigned char)*text), out);
    }
}

static void put_option(FILE *out, const struct cli_option *option)
{
    fputs(".TP\n", out);
    if (option->letter != 0) {
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    }
    fputs("\\fB\\-\\-", out);
    put_string(out, option->name);
    fputs("\\fR", out);
    if (option->metavar != NULL) {
        fprintf(out, "%s\\fI", cli_option_separator(option));
        put_string(out, option->metavar);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_string(out, option->help);
    fputc('\n', out);
}

static void print_verb(FILE *out, const struct cli_verb *verb)
{
    fputs(".TH LFSKIT\\-", out);
    put_upper(out, verb->name);
    fprintf(out, " 1 \"\" \"lfskit %s\" \"lfskit\"\n", LFSKIT_VERSION);
    fprintf(out, ".SH NAME\nlfskit\\-%s \\- ", verb->name);
    put_string(out, verb->summary);
    fprintf(out, "\n.SH SYNOPSIS\n\\fBlfskit %s\\fR [\\fIOPTION\\fR]... \\fI", verb->name);
    put_string(out, verb->operands);
    fputs("\\fR\n.SH DESCRIPTION\n", out);
    put_lines(out, verb->description, ".PP\n");
    if (cli_help_on_paths(verb) != NULL) {
        put_lines(out, cli_help_on_paths(verb), ".PP\n");
    }
    fputs(".SH OPTIONS\n", out);
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        fprintf(out, ".SS %s\n", group->title);
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            if (option->help != NULL) {
                put_option(out, option);
            }
        }
    }
    if (verb->examples != NULL) {
        fputs(".SH EXAMPLES\n.nf\n", out);
        put_lines(out, verb->examples, "");
        fputs(".fi\n", out);
    }
    fputs(".SH EXIT STATUS\n", out);
    put_string(out, verb->exit_codes != NULL ? verb->exit_codes : cli_lfskit.exit_codes);
    fputs("\n.SH SEE ALSO\n\\fBlfskit\\fR(1)\n", out);
}

static void print_program(FILE *out)
{
    fprintf(out, ".TH LFSKIT 1 \"\" \"lfskit %s\" \"lfskit\"\n", LFSKIT_VERSION);
    fputs(".SH NAME\nlfskit \\- ", out);
    put_string(out, cli_lfskit.summary);
    fputs("\n.SH SYNOPSIS\n\\fBlfskit\\fR \\fIVERB\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
          ".br\n\\fBlfskit \\-\\-version\\fR\n.SH DESCRIPTION\n",
          out);
    put_lines(out, cli_lfskit.description, ".PP\n");
    fputs(".SH VERBS\n", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", cli_lfskit.verbs[i]->name);
        put_string(out, cli_lfskit.verbs[i]->summary);
        fputc('\n', out);
    }
    fputs(".SH PATHS\n", out);
    put_lines(out, cli_lfskit.paths, ".PP\n");
    fputs(".SH EXIT STATUS\n", out);
    put_string(out, cli_lfskit.exit_codes);
    fputs("\n.SH SEE ALSO\n", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        fprintf(out, "\\fBlfskit\\-%s\\fR(1)%s\n", cli_lfskit.verbs[i]->name,
                cli_lfskit.verbs[i + 1] != NULL ? "," : "");
    }
}

void cli_man_print(FILE *out, const struct cli_verb *verb)
{
    if (verb != NULL) {
        print_verb(out, verb);
    } else {
        print_program(out);
    }
}
