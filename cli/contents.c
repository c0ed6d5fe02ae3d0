/* SPDX-License-Identifier: MIT */
/*
 * The bytes of files in a volume, in pieces through one buffer.
 */
#include "contents.h"

#define PIECE 16384

int cli_contents_read(struct cli_session *session, const struct cli_place *place,
                      cli_bytes_fn *take, void *context)
{
    struct lfk_detail detail = {0};
    struct lfk_file *file = NULL;
    char buffer[PIECE];
    int size = 0;
    int taken = LFK_OK;
    int status = lfk_file_open(&file, session->filesystem, cli_place_stored(place), LFK_OPEN_READ,
                               NULL, &detail);
    while (status >= 0 && taken >= 0) {
        status = size = lfk_file_read(file, buffer, sizeof(buffer), &detail);
        if (size <= 0) {
            break;
        }
        taken = take(context, buffer, (size_t)size);
    }
    (void)lfk_file_close(file, NULL); /* there is nothing to be stored */
    if (status < 0) {
        return cli_place_fail(session, place, status, &detail);
    }
    return taken < 0 ? CLI_FAILED : CLI_DONE;
}
