/* SPDX-License-Identifier: MIT */
/*
 * The bytes of files on their way to a sink.
 */
#include "contents.h"

#define PIECE 16384
#define SPANS_MAX 64

int cli_contents_read(struct cli_session *session, const struct cli_place *place,
                      struct lfk_sink *sink, struct lfk_detail *detail)
{
    struct lfk_detail inside = {0};
    struct lfk_file *file = NULL;
    char buffer[PIECE];
    int written = LFK_OK;
    int size = lfk_file_open(&file, session->filesystem, cli_place_stored(place), LFK_OPEN_READ,
                             NULL, &inside);
    if (size == LFK_OK) {
        size = lfk_file_read(file, buffer, sizeof(buffer), &inside);
    }
    while (size > 0 && written == LFK_OK && !cli_session_stopped(session)) {
        const struct lfk_span span = {buffer, (size_t)size};
        written = sink->write(sink, &span, 1, detail);
        size = lfk_file_read(file, buffer, sizeof(buffer), &inside);
    }
    lfk_file_discard(file);
    if (size < 0) {
        return cli_place_fail(session, place, size, &inside);
    }
    return size > 0 && written == LFK_OK ? CLI_FAILED : written;
}

int cli_contents_copy(const struct lfk_node *node, struct lfk_sink *sink, bool *of_sink,
                      struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[SPANS_MAX];
    int written = LFK_OK;
    int result = lfk_reader_open(&reader, node, detail);
    while (result >= 0 && written == LFK_OK &&
           (result = lfk_reader_next(&reader, spans, SPANS_MAX, detail)) > 0) {
        written = sink->write(sink, spans, (size_t)result, detail);
    }
    lfk_reader_close(&reader);
    if (of_sink != NULL) {
        *of_sink = written < 0;
    }
    return written < 0 ? written : result;
}
