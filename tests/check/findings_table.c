/* SPDX-License-Identifier: MIT */
/*
 * Prints the table of findings as docs/FINDINGS.md has it:
 *
 *   build/dev/tests/check/findings_table >docs/FINDINGS.md
 */
#include "lfskit/check.h"

#include <stdio.h>

static const char *const severities[] = {
    [LFK_SEVERITY_NOTE] = "note",
    [LFK_SEVERITY_REPAIR] = "repair",
    [LFK_SEVERITY_DAMAGE] = "damage",
};

static const struct {
    unsigned first;
    const char *title;
} sections[] = {
    {100, "Image and superblock"},
    {200, "Metadata pairs and their logs"},
    {300, "Entries"},
    {400, "The list of pairs, and directories"},
    {500, "Files"},
    {600, "Global state"},
};

static void print_row(const struct lfk_finding_kind *kind)
{
    printf("\n### %s: %s\n\n*%s.* %s\n\nRepaired by a driver: %s\n", kind->code, kind->title,
           severities[kind->severity], kind->meaning, kind->repair);
}

int main(void)
{
    size_t count;
    const struct lfk_finding_kind *kinds = lfk_finding_kinds(&count);
    printf(
        "# What `lfskit check` finds\n\n"
        "Each finding has a number that never changes. A *note* is worth knowing and harmless. A\n"
        "*repair* is what a cut of power leaves behind; a driver puts it right by itself.\n"
        "*Damage* is what no driver writes and none repairs. The exit code is 0 when there are at\n"
        "most notes, 1 when repairs are due, 4 when there is damage.\n\n"
        "This page is made of the table in `src/check/findings.c`, and tested against it.\n");
    for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++) {
        printf("\n## %s\n", sections[s].title);
        for (size_t i = 0; i < count; i++) {
            unsigned id = (unsigned)kinds[i].id;
            if (id >= sections[s].first && id < sections[s].first + 100) {
                print_row(&kinds[i]);
            }
        }
    }
    return 0;
}
