/* SPDX-License-Identifier: MIT */
/*
 * A signal kept in mind. Calls that wait, for a terminal to take output above
 * all, are ended by it.
 */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

static volatile sig_atomic_t came;
static struct sigaction before;

static void keep(int number)
{
    (void)number;
    came = 1;
}

void cli_interrupts_catch(void)
{
    struct sigaction action = {.sa_handler = keep};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, &before);
}

void cli_interrupts_release(void)
{
    (void)sigaction(SIGINT, &before, NULL);
}

bool cli_interrupted(void)
{
    return came != 0;
}

void cli_interrupt_forget(void)
{
    came = 0;
}

bool cli_interrupt_wait(int descriptor)
{
    sigset_t interrupt;
    sigset_t unblocked;
    fd_set readable;
    (void)sigemptyset(&interrupt);
    (void)sigaddset(&interrupt, SIGINT);
    /* Between looking at what came and waiting none may come unseen. */
    (void)pthread_sigmask(SIG_BLOCK, &interrupt, &unblocked);
    int ready = 0;
    while (came == 0 && ready <= 0) {
        FD_ZERO(&readable);
        FD_SET(descriptor, &readable);
        ready = pselect(descriptor + 1, &readable, NULL, NULL, NULL, &unblocked);
    }
    (void)pthread_sigmask(SIG_SETMASK, &unblocked, NULL);
    return came == 0;
}
