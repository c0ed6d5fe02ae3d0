/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "cli_streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

void cli_streams_open(struct cli_streams *streams)
{
    *streams = (struct cli_streams){.out = NULL};
    streams->io.in = stdin;
    streams->io.out = open_memstream(&streams->out, &streams->out_size);
    streams->io.err = open_memstream(&streams->err, &streams->err_size);
    assert_non_null(streams->io.out);
    assert_non_null(streams->io.err);
    cli_streams_flush(streams);
}

void cli_streams_flush(struct cli_streams *streams)
{
    assert_int_equal(fflush(streams->io.out), 0);
    assert_int_equal(fflush(streams->io.err), 0);
}

void cli_streams_close(struct cli_streams *streams)
{
    fclose(streams->io.out);
    fclose(streams->io.err);
    free(streams->out);
    free(streams->err);
}
