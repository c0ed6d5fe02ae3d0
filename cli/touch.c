/* SPDX-License-Identifier: MIT */
/*
 * The verb touch: empty files where there are none, and times as devices keep
 * them in an attribute.
 */
#include "attributes.h"
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NANOSECONDS UINT64_C(1000000000)

/* How a time is stored. */
enum time_form {
    TIME_SECONDS_64, /* 8 bytes, seconds */
    TIME_SECONDS_32, /* 4 bytes, seconds */
    TIME_NANOSECONDS /* 8 bytes, nanoseconds */
};

struct touch_args {
    struct cli_session_args session;
    struct cli_attribute_type type;
    const char *time;
    enum time_form form;
};

static const char *store_form(void *member, const char *value)
{
    static const struct {
        const char *name;
        enum time_form form;
    } forms[] = {{"8", TIME_SECONDS_64}, {"4", TIME_SECONDS_32}, {"ns", TIME_NANOSECONDS}};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(value, forms[i].name) == 0) {
            *(enum time_form *)member = forms[i].form;
            return NULL;
        }
    }
    return "is not 8, 4 or ns";
}

#define AT(member) offsetof(struct touch_args, member)

static const struct cli_option touch_options[] = {
    {"time", 0, "now|WHEN", cli_store_text, AT(time),
     "Set the time: now, a number of seconds since 1970, or @FILE, the host's file whose time of "
     "change is taken"},
    {"time-attr", 0, "TYPE", cli_store_attribute_type, AT(type),
     "Type of the attribute that holds the time, a number or a character; default: t, as ESP-IDF, "
     "Arduino and ESP8266 have it. MicroPython has 1"},
    {"time-form", 0, "8|4|ns", store_form, AT(form),
     "How the time is stored, the lowest byte first: 8, the default, or 4 bytes of seconds, or ns, "
     "8 bytes of nanoseconds, as MicroPython has it"},
    {0},
};

static const struct cli_option_group touch_groups[] = {
    {"Times", touch_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct touch_args),
    CLI_SESSION_READING_GROUP(struct touch_args),
    CLI_HELP_GROUP,
    {0},
};

/* The bytes to be stored; none if no time is asked for. */
struct stamp {
    uint8_t type;
    unsigned char bytes[8];
    uint32_t size;
};

static int read_file_time(struct cli_session *session, const char *path, uint64_t *nanoseconds)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        const struct lfk_detail detail = {
            .status = LFK_ERR_IO, .what = "its time cannot be read", .os_error = errno};
        return cli_session_fail(session, CLI_FAULT_LOCAL, path, LFK_ERR_IO, &detail);
    }
    uint64_t seconds = status.st_mtim.tv_sec > 0 ? (uint64_t)status.st_mtim.tv_sec : 0;
    *nanoseconds = seconds * NANOSECONDS + (uint64_t)status.st_mtim.tv_nsec;
    return CLI_DONE;
}

static int read_time(struct cli_session *session, const char *text, uint64_t *nanoseconds)
{
    if (*text == '@') {
        return read_file_time(session, text + 1, nanoseconds);
    }
    if (strcmp(text, "now") == 0) {
        struct timespec now;
        (void)clock_gettime(CLOCK_REALTIME, &now); /* this clock is always there */
        *nanoseconds = (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
        return CLI_DONE;
    }
    char *end;
    errno = 0;
    unsigned long long seconds = strtoull(text, &end, 10);
    if (strspn(text, "0123456789") == 0 || *end != '\0' || errno != 0 ||
        seconds > UINT64_MAX / NANOSECONDS - 1) {
        return cli_session_usage(session, "--time takes now, seconds since 1970, or @FILE");
    }
    *nanoseconds = seconds * NANOSECONDS;
    return CLI_DONE;
}

static int make_stamp(struct cli_session *session, const struct touch_args *args,
                      struct stamp *stamp)
{
    uint64_t time = 0;
    if (args->time == NULL && !args->type.given) {
        return CLI_DONE;
    }
    int exit_code = read_time(session, args->time != NULL ? args->time : "now", &time);
    if (exit_code != CLI_DONE) {
        return exit_code;
    }
    uint64_t number = args->form == TIME_NANOSECONDS ? time : time / NANOSECONDS;
    stamp->type = args->type.given ? args->type.number : 't';
    stamp->size = args->form == TIME_SECONDS_32 ? 4 : 8;
    if (stamp->size == 4 && number > UINT32_MAX) {
        return cli_session_usage(session, "--time-form 4 has no room for so late a time");
    }
    cli_little_endian_put(stamp->bytes, stamp->size, number);
    return CLI_DONE;
}

static int make_file(struct cli_session *session, const struct cli_place *place, bool *made,
                     struct lfk_detail *detail)
{
    struct lfk_file *file = NULL;
    struct lfk_stat stat;
    const char *path = cli_place_stored(place);
    int status = lfk_filesystem_stat(session->filesystem, path, &stat, detail);
    *made = status == LFK_ERR_NOENT;
    if (*made) {
        *detail = (struct lfk_detail){0};
        status = lfk_file_open(&file, session->filesystem, path, LFK_OPEN_WRITE | LFK_OPEN_CREATE,
                               NULL, detail);
        lfk_file_discard(file); /* opening it made it */
    }
    return status;
}

static void touch(struct cli_session *session, void *context, const struct cli_place *place)
{
    const struct stamp *stamp = context;
    struct lfk_detail detail = {0};
    bool made = false;
    int status = make_file(session, place, &made, &detail);
    if (status == LFK_OK && stamp->size > 0) {
        status = lfk_filesystem_set_attribute(session->filesystem, cli_place_stored(place),
                                              stamp->type, stamp->bytes, stamp->size, &detail);
    }
    if (status < 0) {
        (void)cli_place_fail_made(session, place, status, &detail);
    } else if (made || stamp->size > 0) {
        cli_session_announce(session, "Touched %s", cli_place_shown(place));
    }
}

static int run_touch(struct cli_session *session, void *args, char **operands, int count)
{
    struct stamp stamp = {0};
    int exit_code = make_stamp(session, args, &stamp);
    return exit_code != CLI_DONE ? exit_code
                                 : cli_places_visit(session, operands, count, touch, &stamp);
}

const struct cli_verb cli_touch = {
    .name = "touch",
    .operands = "IMAGE PATH...",
    .summary = "make empty files in an image, or set the times of entries",
    .description =
        "Makes an empty file where nothing has the path, in place. With --time or --time-attr it "
        "sets the attribute in which drivers keep the time of the last change, of directories, "
        "too; littlefs itself knows no times.",
    .examples = "lfskit touch lfs.bin /new.txt\n"
                "lfskit touch --time 1700000000 lfs.bin /cfg/net.json\n"
                "lfskit touch --time now --time-attr 1 --time-form ns lfs.bin /new.txt",
    .groups = touch_groups,
    .args_size = sizeof(struct touch_args),
    .min_operands = 2,
    .max_operands = -1,
    .inside = run_touch,
    .writes = true,
    .inside_operands = "<path>",
};
