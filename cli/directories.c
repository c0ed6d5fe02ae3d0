/* SPDX-License-Identifier: MIT */
/*
 * Directories made in a volume where they are missing, from the top down.
 */
#include "directories.h"

#include <stdlib.h>
#include <string.h>

int cli_directory_make(struct cli_session *session, const char *path, bool *is_made,
                       struct lfk_detail *detail)
{
    struct lfk_stat stat;
    int status = lfk_filesystem_mkdir(session->filesystem, path, detail);
    *is_made = status == LFK_OK;
    if (status == LFK_ERR_EXIST &&
        lfk_filesystem_stat(session->filesystem, path, &stat, NULL) == LFK_OK && stat.is_dir) {
        return LFK_OK;
    }
    return status;
}

/* Makes all on the way to the end of the path, which is changed meanwhile. */
static int make_all(struct cli_session *session, char *path, struct lfk_detail *detail)
{
    int status = LFK_OK;
    bool is_made;
    for (size_t end = 1; status == LFK_OK && path[end - 1] != '\0'; end++) {
        char next = path[end];
        if (next == '/' || next == '\0') {
            path[end] = '\0';
            status = cli_directory_make(session, path, &is_made, detail);
            path[end] = next;
        }
    }
    return status;
}

/* The first `size` bytes of the place's path are that of the directory. */
static int make_path(struct cli_session *session, const struct cli_place *place, size_t size)
{
    struct lfk_detail detail = {0};
    struct lfk_stat stat;
    struct cli_text path = {0};
    int status = LFK_OK;
    cli_text_add(&path, cli_text_string(&place->stored), size);
    if (path.failed) {
        status = LFK_ERR_NOMEM;
    } else if (size > 0 && (lfk_filesystem_stat(session->filesystem, path.data, &stat, NULL) < 0 ||
                            !stat.is_dir)) {
        status = make_all(session, path.data, &detail);
    }
    cli_text_free(&path);
    if (status == LFK_ERR_EXIST) {
        /* A file is in the way, or has the very path. */
        detail = (struct lfk_detail){0};
        status = lfk_filesystem_stat(session->filesystem, cli_place_stored(place), &stat, &detail);
        status = status == LFK_OK ? LFK_ERR_EXIST : status;
    }
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}

int cli_directories_make(struct cli_session *session, const struct cli_place *place)
{
    return make_path(session, place, place->stored.size);
}

int cli_directories_make_parent(struct cli_session *session, const struct cli_place *place)
{
    const char *slash = strrchr(cli_place_stored(place), '/');
    return make_path(session, place, (size_t)(slash - cli_place_stored(place)));
}
