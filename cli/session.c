/* SPDX-License-Identifier: MIT */
/*
 * An image opened for work inside it: mounted, with what was found kept, and
 * what is done and what fails told in its owner's way.
 */
#include "session.h"
#include "message.h"

#include <string.h>

int cli_session_fail(struct cli_session *session, enum cli_fault_kind kind, const char *path,
                     int status, const struct lfk_detail *detail)
{
    static const struct lfk_detail nothing = {0};
    const struct cli_fault fault = {
        .kind = kind,
        .path = path,
        .status = status,
        .detail = detail != NULL ? detail : &nothing,
    };
    session->problems++;
    session->tell(session->context, &fault);
    return CLI_FAILED;
}

int cli_session_usage(struct cli_session *session, const char *what)
{
    const struct lfk_detail detail = {.status = LFK_ERR_INVAL, .what = what};
    (void)cli_session_fail(session, CLI_FAULT_USAGE, NULL, LFK_ERR_INVAL, &detail);
    return CLI_USAGE;
}

void cli_session_announce(const struct cli_session *session, const char *format, ...)
{
    if (!session->announces) {
        return;
    }
    struct cli_text line = {0};
    struct cli_text shown = {0};
    va_list list;
    va_start(list, format);
    cli_text_print_list(&line, format, list);
    va_end(list);
    cli_text_escaped(&shown, cli_text_string(&line), line.size);
    fprintf(session->run->io->out, "%s\n", cli_text_string(&shown));
    cli_text_free(&line);
    cli_text_free(&shown);
}

int cli_session_check_text(struct cli_session *session, const struct cli_text *text)
{
    if (!text->failed) {
        return CLI_DONE;
    }
    return cli_session_fail(session, CLI_FAULT_IMAGE, NULL, LFK_ERR_NOMEM, NULL);
}

int cli_session_exit_code(const struct cli_session *session, unsigned long before)
{
    return session->problems > before ? CLI_FAILED : CLI_DONE;
}

/* --- mounting --------------------------------------------------------------------------- */

/*
 * Commits end where those of create do by default, so that most devices can
 * append to what is written here.
 */
static uint32_t prog_size(uint32_t block_size)
{
    uint32_t size = 1;
    while (size < 256 && size * 2 <= block_size / 16) {
        size *= 2;
    }
    return size;
}

static int open_medium(struct cli_session *session, struct lfk_detail *detail)
{
    const struct cli_reading_args *args = &session->args->reading;
    const struct lfk_medium_options options = {
        .size = sizeof(options),
        .block_size = args->block_size,
        .block_count = args->block_count,
        .read_only = session->read_only,
    };
    return lfk_medium_open_file(&session->medium, session->image, &options, detail);
}

/* Mounts twice if need be: a volume that is of an older version of the format stays one. */
static int mount_as_it_is(struct cli_session *session, struct lfk_detail *detail)
{
    const struct cli_reading_args *args = &session->args->reading;
    struct lfk_device device = *lfk_medium_device(session->medium);
    struct lfk_filesystem_options options = {
        .size = sizeof(options),
        .read_only = session->read_only,
        .inline_max = args->inline_max,
        .name_max = args->name_max,
        .file_max = args->file_max,
        .attr_max = args->attr_max,
    };
    device.prog_size = prog_size(device.block_size);
    int status = lfk_filesystem_mount(&session->filesystem, &device, &options, detail);
    if (status < 0) {
        return status;
    }
    lfk_filesystem_info(session->filesystem, &session->info);
    if (session->info.disk_version == LFK_DISK_VERSION_2_1 || session->read_only) {
        return LFK_OK;
    }
    lfk_filesystem_unmount(session->filesystem);
    session->filesystem = NULL;
    options.disk_version = session->info.disk_version;
    return lfk_filesystem_mount(&session->filesystem, &device, &options, detail);
}

int cli_session_mount(struct cli_session *session)
{
    const struct cli_reading_args *args = &session->args->reading;
    struct lfk_detail detail = {0};
    cli_text_cut(&session->directory, 0);
    int status = open_medium(session, &detail);
    if (status == LFK_OK) {
        status = mount_as_it_is(session, &detail);
    }
    if (status < 0) {
        cli_session_unmount(session);
        cli_reading_settle_detail(args, &detail);
        return cli_session_fail(session, CLI_FAULT_IMAGE, NULL, status, &detail);
    }
    session->found = (struct cli_configuration){
        .image = session->image,
        .block_size = session->info.block_size,
        .block_count = session->info.block_count,
        .name_max = session->info.name_max,
    };
    if (!cli_reading_check_size(session->run, args, &session->found)) {
        cli_session_unmount(session);
        return CLI_FAILED;
    }
    return CLI_DONE;
}

void cli_session_unmount(struct cli_session *session)
{
    lfk_filesystem_unmount(session->filesystem);
    lfk_medium_close(session->medium);
    session->filesystem = NULL;
    session->medium = NULL;
    cli_text_cut(&session->directory, 0);
}

int cli_session_open(struct cli_session *session, const struct cli_run *run,
                     const struct cli_session_args *args, const char *image)
{
    session->run = run;
    session->args = args;
    session->image = image;
    int exit_code = cli_encoding_open(run, &session->encoding, args->reading.filename_encoding);
    return exit_code != CLI_DONE ? exit_code : cli_session_mount(session);
}

void cli_session_close(struct cli_session *session)
{
    cli_session_unmount(session);
    lfk_encoding_close(session->encoding);
    cli_text_free(&session->directory);
}
