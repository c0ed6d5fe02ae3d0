/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the files and folders named, each file once: the
 * corpus as an ordinary test, with any compiler.
 */
#include "files.h"
#include "fuzz.h"

int main(int argc, char **argv)
{
    size_t total = 0;
    for (int i = 1; i < argc; i++) {
        struct files files;
        files_read(&files, argv[i], "");
        for (size_t k = 0; k < files.count; k++) {
            /* Before the run, so that the last line names a file that fails. */
            printf("%s\n", files.items[k].name);
            (void)fflush(stdout);
            (void)LLVMFuzzerTestOneInput(files.items[k].bytes, files.items[k].size);
        }
        total += files.count;
        files_free(&files);
    }
    printf("%zu inputs\n", total);
    return total > 0 ? 0 : 2;
}
