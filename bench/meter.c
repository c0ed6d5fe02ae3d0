// SPDX-License-Identifier: MIT
//
// meter COMMAND [ARGUMENT...]: runs the command, its output to /dev/null, and prints
//
//   WALL CPU PEAK STATUS
//
// nanoseconds from start to end, microseconds of processor time, KiB of memory
// at most, and the exit status. Being small it adds little to what it measures:
// a child's peak of memory begins at that of the process that starts it.

#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: meter COMMAND [ARGUMENT...]\n");
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);

    pid_t child;
    long long start = nanoseconds();
    int failed = posix_spawnp(&child, argv[1], &actions, NULL, argv + 1, environ);
    if (failed) {
        fprintf(stderr, "meter: %s: %s\n", argv[1], strerror(failed));
        return 1;
    }
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) < 0) {
        fprintf(stderr, "meter: %s\n", strerror(errno));
        return 1;
    }
    long long wall = nanoseconds() - start;
    long long cpu = microseconds(used.ru_utime) + microseconds(used.ru_stime);
    int exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%lld %lld %ld %d\n", wall, cpu, used.ru_maxrss, exit_status);
    return 0;
}
