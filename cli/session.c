/* SPDX-License-Identifier: MIT */
/*
 * An image opened for work inside it: mounted, with what was found kept, and
 * what is done and what fails told in its owner's way.
 */
#include "session.h"
#include "message.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
    session->problems += kind != CLI_FAULT_SKIPPED;
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
    va_list list;
    va_start(list, format);
    cli_text_put_list(session->run->io->out, format, list);
    va_end(list);
}

int cli_session_check_text(struct cli_session *session, const struct cli_text *text)
{
    if (!text->failed) {
        return CLI_DONE;
    }
    return cli_session_fail(session, CLI_FAULT_IMAGE, NULL, LFK_ERR_NOMEM, NULL);
}

bool cli_session_stopped(const struct cli_session *session)
{
    return session->stop != NULL && session->stop(session->context);
}

int cli_session_exit_code(const struct cli_session *session, unsigned long before)
{
    return session->problems > before ? CLI_FAILED : CLI_DONE;
}

const struct cli_option cli_session_changing_options[] = {
    {"backup", 0, "[=SUFFIX]", cli_store_backup, offsetof(struct cli_session_args, backup),
     "Keep a copy of the image as it was before the first change, under its name and SUFFIX, by "
     "default .bak; one that is there is replaced"},
    {"dry-run", 0, NULL, cli_store_true, offsetof(struct cli_session_args, dry_run),
     "Say what would be done and what would fail, and change nothing"},
    CLI_SESSION_VERBOSE(struct cli_session_args, reading.verbose),
    {0},
};

/* --- mounting --------------------------------------------------------------------------- */

bool cli_session_settles(const struct cli_option_group *group)
{
    return group->options == cli_reading_options || group->options == cli_session_changing_options;
}

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

/* Says that writing was asked for, since the image may be there for all to read. */
static void explain_refusal(const struct cli_session *session, struct lfk_detail *detail)
{
    int os_error = detail->os_error;
    if (os_error == EACCES || os_error == EPERM || os_error == EROFS) {
        detail->what = cli_options_have(session->run->verb->groups, "read-only")
                           ? "cannot open the file to change it (--read-only opens it as it is)"
                           : "cannot open the file to change it";
    }
}

/* The geometry is found, not given: only so the file is made as long as the volume. */
static int open_medium(struct cli_session *session, struct lfk_detail *detail)
{
    uint32_t expected = session->args->reading.block_size;
    const struct lfk_medium_options options = {
        .size = sizeof(options),
        .read_only = session->read_only || session->args->dry_run,
    };
    int status = lfk_medium_open_file(&session->medium, session->image, &options, detail);
    if (status < 0) {
        if (!options.read_only) {
            explain_refusal(session, detail);
        }
        return status;
    }
    uint32_t found = lfk_medium_device(session->medium)->block_size;
    if (expected != 0 && expected != found) {
        *detail = (struct lfk_detail){.status = LFK_ERR_INVAL,
                                      .what = "the image has another block size",
                                      .field = "block_size",
                                      .has_values = true,
                                      .expected = expected,
                                      .found = found};
        return LFK_ERR_INVAL;
    }
    return LFK_OK;
}

/* What is mounted: the medium, or what lies over it. */
static const struct lfk_device *lay_over(struct cli_session *session)
{
    const struct lfk_device *device = lfk_medium_device(session->medium);
    if (session->read_only) {
        return device;
    }
    if (session->args->dry_run) {
        cli_overlay_open(&session->overlay, device);
        return &session->overlay.device;
    }
    if (session->args->backup != NULL) {
        cli_backup_open(&session->backup, device, session->image, session->args->backup);
        return &session->backup.device;
    }
    return device;
}

/* Mounts twice if need be: a volume that is of an older version of the format stays one. */
static int mount_as_it_is(struct cli_session *session, struct lfk_detail *detail)
{
    const struct cli_reading_args *args = &session->args->reading;
    struct lfk_device device = *lay_over(session);
    struct lfk_filesystem_options options = {
        .size = sizeof(options),
        .read_only = session->read_only,
        .inline_max = session->read_only ? 0 : args->inline_max,
        .name_max = args->name_max,
        .file_max = args->file_max,
        .attr_max = args->attr_max,
    };
    device.prog_size = prog_size(device.block_size);
    device.block_count = args->block_count;
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

/* Bytes of the image's file; 0 if it is none. */
static uint64_t image_size(const struct cli_session *session)
{
    struct stat status;
    bool is_file = stat(session->image, &status) == 0 && S_ISREG(status.st_mode);
    return is_file ? (uint64_t)status.st_size : 0;
}

struct extent {
    uint64_t blocks;
    uint32_t missing; /* block that is in use and beyond */
};

static int find_missing(void *context, uint32_t block)
{
    struct extent *extent = context;
    extent->missing = block;
    return block >= extent->blocks;
}

/*
 * A file that ends where the used blocks do can be lengthened; one that was cut
 * off before is to be looked at first.
 */
static int refuse_cut(const struct cli_session *session, struct lfk_detail *detail)
{
    const struct lfk_filesystem_info *info = &session->info;
    struct extent extent = {.blocks = image_size(session) / info->block_size};
    if (session->read_only || extent.blocks == 0 || extent.blocks >= info->block_count) {
        return LFK_OK;
    }
    int status = lfk_filesystem_traverse(session->filesystem, find_missing, &extent, detail);
    if (status > 0) {
        *detail = (struct lfk_detail){
            .status = LFK_ERR_CORRUPT,
            .what = "the image is cut short, a block that is in use is missing",
            .has_block = true,
            .block = extent.missing,
        };
        return LFK_ERR_CORRUPT;
    }
    return status;
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
    if (status == LFK_OK) {
        status = refuse_cut(session, &detail);
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
        .file_size = image_size(session),
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
    cli_overlay_close(&session->overlay);
    session->filesystem = NULL;
    session->medium = NULL;
    cli_text_cut(&session->directory, 0);
}

int cli_session_begin(struct cli_session *session, const struct cli_run *run,
                      const struct cli_session_args *args, const char *image)
{
    session->run = run;
    session->args = args;
    session->image = image;
    return cli_encoding_open(run, &session->encoding, args->reading.filename_encoding);
}

void cli_session_lend(struct cli_session *session, struct lfk_filesystem *filesystem)
{
    session->filesystem = filesystem;
    if (filesystem != NULL) {
        lfk_filesystem_info(filesystem, &session->info);
    }
}

int cli_session_open(struct cli_session *session, const struct cli_run *run,
                     const struct cli_session_args *args, const char *image)
{
    int exit_code = cli_session_begin(session, run, args, image);
    return exit_code != CLI_DONE ? exit_code : cli_session_mount(session);
}

void cli_session_close(struct cli_session *session)
{
    cli_session_unmount(session);
    lfk_encoding_close(session->encoding);
    cli_text_free(&session->directory);
}
