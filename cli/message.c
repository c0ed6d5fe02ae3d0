/* SPDX-License-Identifier: MIT */
/*
 * Lines on the error stream. A detail of the library becomes a sentence of the
 * command line here: it speaks of options where the library speaks of fields.
 */
#include "message.h"
#include "manner.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static void write_line(const struct cli_run *run, bool warns, const char *format, va_list list)
{
    struct cli_text text = {0};
    struct cli_text line = {0};
    run->program->manner->begin(&line, run, warns);
    cli_text_print_list(&text, format, list);
    cli_text_escaped(&line, cli_text_string(&text), text.size);
    /* What was on its way to the terminal comes before what is said about it. */
    fflush(run->io->out);
    if (text.failed || line.failed) {
        fprintf(run->io->err, "%s: out of memory\n", run->program->name);
    } else {
        fprintf(run->io->err, "%s\n", cli_text_string(&line));
    }
    cli_text_free(&text);
    cli_text_free(&line);
}

void cli_error(const struct cli_run *run, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    write_line(run, false, format, list);
    va_end(list);
}

void cli_warning(const struct cli_run *run, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    write_line(run, true, format, list);
    va_end(list);
}

int cli_usage(const struct cli_run *run, const char *format, ...)
{
    struct cli_text text = {0};
    va_list list;
    va_start(list, format);
    cli_text_print_list(&text, format, list);
    va_end(list);
    if (run->refused != NULL) {
        run->refused(run->context, cli_text_string(&text));
    } else {
        run->program->manner->refuse(run, cli_text_string(&text));
    }
    cli_text_free(&text);
    return CLI_USAGE;
}

/* Sentences for details that an option has to do with: E is what is expected, F what is found. */
static const struct {
    int status;
    const char *field;
    const char *sentence;
} sentences[] = {
    {LFK_ERR_NAMETOOLONG, "name_max", "name is F bytes, the limit is E (--name-max)"},
    {LFK_ERR_FBIG, "file_max", "file is F bytes, the limit is E (--file-max)"},
    {LFK_ERR_NOSPC, "attr_max", "attribute is F bytes, the limit is E (--attr-max)"},
    {LFK_ERR_NOSPC, "block_size",
     "name and attributes take F bytes, a metadata block has room for E: raise --block-size"},
    {LFK_ERR_NOSPC, "block_count",
     "the tree needs E blocks, the volume has F: raise --fs-size or --block-count"},
    {LFK_ERR_FBIG, "block_size",
     "the volume would have F blocks, littlefs counts to E: raise --block-size"},
    {LFK_ERR_CORRUPT, "block",
     "block F is referred to, but only E are there: the image is damaged or cut short"},
    {LFK_ERR_INVAL, "block_size", "the image has blocks of F bytes, not E (--block-size)"},
    {LFK_ERR_INVAL, "block_count", "the image has F blocks, not E (--block-count, --fs-size)"},
    {LFK_ERR_INVAL, "name_max", "the image allows names of F bytes, the limit is E (--name-max)"},
    {LFK_ERR_INVAL, "file_max", "the image allows files of F bytes, the limit is E (--file-max)"},
    {LFK_ERR_INVAL, "attr_max",
     "the image allows attributes of F bytes, the limit is E (--attr-max)"},
};

static void fill_sentence(struct cli_text *text, const char *sentence,
                          const struct lfk_detail *detail)
{
    for (const char *at = sentence; *at != '\0'; at++) {
        bool alone = at == sentence || at[-1] == ' ';
        if (alone && at[0] == 'E') {
            cli_text_print(text, "%" PRIu64, detail->expected);
        } else if (alone && at[0] == 'F') {
            cli_text_print(text, "%" PRIu64, detail->found);
        } else {
            cli_text_add(text, at, 1);
        }
    }
}

void cli_detail_add(struct cli_text *text, int status, const struct lfk_detail *recorded)
{
    const struct lfk_detail bare = {.status = status};
    const struct lfk_detail *detail = recorded->status != 0 ? recorded : &bare;
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (detail->has_values && detail->field != NULL && detail->status == sentences[i].status &&
            strcmp(detail->field, sentences[i].field) == 0) {
            fill_sentence(text, sentences[i].sentence, detail);
            return;
        }
    }
    char buffer[512];
    lfk_detail_format(detail, buffer, sizeof(buffer));
    cli_text_print(text, "%s", buffer);
    if (detail->os_error != 0) {
        cli_text_print(text, ": %s", strerror(detail->os_error));
    }
}

void cli_error_detail(const struct cli_run *run, const char *subject, int status,
                      const struct lfk_detail *detail)
{
    struct cli_text text = {0};
    cli_detail_add(&text, status, detail);
    if (subject != NULL) {
        cli_error(run, "%s: %s", *subject != '\0' ? subject : "''", cli_text_string(&text));
    } else {
        cli_error(run, "%s", cli_text_string(&text));
    }
    cli_text_free(&text);
}

bool cli_detail_is_of_host(const struct lfk_detail *detail)
{
    return detail->os_error != 0 || detail->status == LFK_ERR_NOTDIR ||
           detail->status == LFK_ERR_ISDIR;
}

int cli_finish(const struct cli_run *run, int exit_code)
{
    errno = 0;
    bool lost = fflush(run->io->out) != 0;
    if (!lost && !ferror(run->io->out)) {
        return exit_code;
    }
    cli_error(run, "standard output: %s", lost ? strerror(errno) : "not all could be written");
    return exit_code == CLI_USAGE ? CLI_USAGE : cli_failure(run);
}
