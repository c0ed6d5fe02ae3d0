/* SPDX-License-Identifier: MIT */
/*
 * A file of a volume written as a whole. littlefs shows what is written when
 * it is synced, all at once; only the name of a new file is there before, and
 * is removed again if the content does not follow.
 */
#include "writer.h"

#include <stdlib.h>

static int write_spans(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                       struct lfk_detail *detail)
{
    const struct cli_writer *writer = (const struct cli_writer *)sink;
    if (cli_session_stopped(writer->session)) {
        return LFK_ERR_IO;
    }
    for (size_t i = 0; i < count; i++) {
        const char *bytes = spans[i].data;
        for (size_t left = spans[i].size; left > 0;) {
            uint32_t part = left < INT32_MAX ? (uint32_t)left : INT32_MAX;
            int status = lfk_file_write(writer->file, bytes, part, detail);
            if (status < 0) {
                return status;
            }
            bytes += part;
            left -= part;
        }
    }
    return LFK_OK;
}

/* Makes an array of a list; NULL when out of memory. */
static struct lfk_file_attribute *list_attributes(const struct lfk_attribute *first, size_t *count)
{
    *count = 0;
    for (const struct lfk_attribute *a = first; a != NULL; a = a->next) {
        ++*count;
    }
    struct lfk_file_attribute *array = calloc(*count + 1, sizeof(*array));
    for (size_t i = 0; array != NULL && i < *count; i++, first = first->next) {
        /* The data is only read: the file is opened to be written. */
        array[i] = (struct lfk_file_attribute){first->type, (void *)first->data, first->size};
    }
    return array;
}

int cli_writer_open(struct cli_writer *writer, struct cli_session *session,
                    const struct cli_place *place, const struct lfk_attribute *attributes,
                    struct lfk_detail *detail)
{
    struct lfk_file_options options = {.size = sizeof(options)};
    const char *path = cli_place_stored(place);
    struct lfk_stat stat;
    *writer = (struct cli_writer){.sink = {write_spans}, .session = session, .place = place};
    writer->attributes = list_attributes(attributes, &options.attribute_count);
    if (writer->attributes == NULL) {
        return LFK_ERR_NOMEM;
    }
    options.attributes = writer->attributes;
    writer->made = lfk_filesystem_stat(session->filesystem, path, &stat, NULL) == LFK_ERR_NOENT;
    int status =
        lfk_file_open(&writer->file, session->filesystem, path,
                      LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_TRUNCATE, &options, detail);
    if (status < 0) {
        free(writer->attributes);
    }
    return status;
}

int cli_writer_close(struct cli_writer *writer, bool complete, struct lfk_detail *detail)
{
    int status = complete ? lfk_file_sync(writer->file, detail) : LFK_OK;
    lfk_file_discard(writer->file);
    free(writer->attributes);
    if ((status < 0 || !complete) && writer->made) {
        /* If even this fails an empty file is left, and the first error is what is told. */
        (void)lfk_filesystem_remove(writer->session->filesystem, cli_place_stored(writer->place),
                                    NULL);
    }
    return status;
}
