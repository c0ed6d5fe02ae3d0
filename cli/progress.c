/* SPDX-License-Identifier: MIT */
/*
 * A progress bar. Nothing is shown in the first half second, and then ten times
 * a second at most; at its end the line is empty again.
 */
#include "progress.h"

#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 500u
#define REDRAW_MS 100u
#define CELLS 40u

static uint64_t now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

struct cli_progress cli_progress_start(FILE *err, uint64_t total, bool quiet)
{
    int descriptor = fileno(err);
    return (struct cli_progress){
        .err = err,
        .wanted = !quiet && total > 0 && descriptor >= 0 && isatty(descriptor),
        .total = total,
        .next_time = now() + PATIENCE_MS,
    };
}

static void draw(const struct cli_progress *progress)
{
    double share = (double)progress->done / (double)progress->total;
    unsigned full = share >= 1 ? CELLS : (unsigned)(share * CELLS);
    char cells[CELLS + 1];
    for (unsigned i = 0; i < CELLS; i++) {
        cells[i] = i < full ? '#' : '.';
    }
    cells[CELLS] = '\0';
    fprintf(progress->err, "\r[%s] %3u%%", cells, (unsigned)(share * 100));
    fflush(progress->err);
}

void cli_progress_add(struct cli_progress *progress, uint64_t bytes)
{
    progress->done += bytes;
    if (!progress->wanted) {
        return;
    }
    uint64_t time = now();
    if (time >= progress->next_time) {
        draw(progress);
        progress->shown = true;
        progress->next_time = time + REDRAW_MS;
    }
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->shown) {
        fputs("\r\033[K", progress->err);
        progress->shown = false;
    }
}
