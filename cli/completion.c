/* SPDX-License-Identifier: MIT */
/*
 * The verb completion: what makes a shell complete command lines of the program.
 */
#include "completion.h"
#include "message.h"

#include <string.h>

struct completion_args {
    bool unused;
};

void cli_completion_put(FILE *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (strchr(special, *text) != NULL) {
            fprintf(out, "\\%c", *text);
        } else if (*text == '\'') {
            fputs("'\\''", out);
        } else {
            fputc(*text, out);
        }
    }
}

static int run_completion(struct cli_run *run, void *args, char **operands, int count)
{
    static const struct {
        const char *shell;
        void (*print)(FILE *out);
    } files[] = {
        {"bash", cli_completion_bash},
        {"zsh", cli_completion_zsh},
        {"fish", cli_completion_fish},
    };
    (void)args;
    (void)count;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcmp(operands[0], files[i].shell) == 0) {
            files[i].print(run->io->out);
            return CLI_DONE;
        }
    }
    return cli_usage(run, "unknown shell '%s': it needs %s", operands[0], run->verb->operands);
}

const struct cli_verb cli_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .summary = "print what makes a shell complete command lines",
    .description =
        "Prints a file that makes the shell offer verbs, options and their values, files of the "
        "host, and paths inside an image, which it asks 'lfskit ls' for. An installed lfskit has "
        "brought these files along.",
    .examples = "lfskit completion bash > lfskit.bash\n"
                "lfskit completion zsh > _lfskit\n"
                "lfskit completion fish > lfskit.fish",
    .groups = (const struct cli_option_group[]){CLI_HELP_GROUP, {0}},
    .args_size = sizeof(struct completion_args),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_completion,
};
