/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C while a shell at a terminal runs a command. The command is not torn: it
 * looks between its steps whether it is to stop (cli_session_stopped).
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* From now on Ctrl-C does not end the process. One shell of a process may do so at a time. */
void cli_interrupts_catch(void);
void cli_interrupts_release(void);

/* True if Ctrl-C was pressed since it was forgotten. */
bool cli_interrupted(void);
void cli_interrupt_forget(void);

/* Waits until something can be read; false if Ctrl-C was pressed before. */
bool cli_interrupt_wait(int descriptor);

#endif
