/* SPDX-License-Identifier: MIT */
/*
 * One verb inside an image: the image is taken from the operands, opened, and
 * the verb has it for the time it runs.
 */
#include "inside.h"
#include "message.h"
#include "session.h"

static void tell_fault(void *context, const struct cli_fault *fault)
{
    const struct cli_session *session = context;
    struct cli_text subject = {0};
    switch (fault->kind) {
    case CLI_FAULT_USAGE:
        (void)cli_usage(session->run, "%s", fault->detail->what);
        return;
    case CLI_FAULT_SKIPPED:
        cli_detail_add(&subject, fault->status, fault->detail);
        cli_warning(session->run, "%s: %s", fault->path, cli_text_string(&subject));
        cli_text_free(&subject);
        return;
    case CLI_FAULT_NO_LOCAL:
    case CLI_FAULT_LOCAL:
        cli_text_print(&subject, "%s", fault->path);
        break;
    case CLI_FAULT_INSIDE:
        cli_text_print(&subject, "%s: %s", session->image, fault->path);
        break;
    case CLI_FAULT_IMAGE:
        cli_text_print(&subject, "%s", session->image);
        break;
    }
    cli_error_detail(session->run, cli_text_string(&subject), fault->status, fault->detail);
    cli_text_free(&subject);
}

int cli_inside_run(struct cli_run *run, void *args, char **operands, int count)
{
    const struct cli_session_args *session_args = args; /* what the args begin with */
    const char *image = operands[0];
    if (run->verb->locate != NULL) {
        int exit_code = run->verb->locate(run, operands, &count, &image);
        if (exit_code != CLI_DONE) {
            return exit_code;
        }
    } else {
        operands++;
        count--;
    }
    const struct cli_verb *verb = run->verb;
    struct cli_session session = {
        .read_only = !verb->writes || (verb->reads != NULL && verb->reads(args, count)),
        .announces = session_args->reading.verbose || session_args->dry_run,
        .tell = tell_fault,
        .context = &session,
    };
    int exit_code = cli_session_open(&session, run, session_args, image);
    if (exit_code == CLI_DONE) {
        exit_code = run->verb->inside(&session, args, operands, count);
    }
    cli_session_close(&session);
    return exit_code;
}
