/* SPDX-License-Identifier: MIT */
/*
 * The program lfskit: its verbs, and what is said about it as a whole.
 */
#include "manner.h"

static const struct cli_verb *const verbs[] = {
    &cli_create, &cli_list, &cli_info,  &cli_extract,    &cli_check, &cli_ls,
    &cli_tree,   &cli_find, &cli_cat,   &cli_xxd,        &cli_du,    &cli_df,
    &cli_put,    &cli_get,  &cli_mkdir, &cli_cp,         &cli_mv,    &cli_rm,
    &cli_touch,  &cli_attr, &cli_repl,  &cli_completion, &cli_help,  NULL,
};

const struct cli_program cli_lfskit = {
    .name = "lfskit",
    .summary = "make, look into and unpack littlefs images",
    .description =
        "lfskit makes littlefs images from directories, shows what is in an image and takes the "
        "files out again. littlefs is a file system for the flash memory of microcontrollers.\n"
        "Sizes are decimal or, after 0x, hexadecimal numbers of bytes, with an optional suffix: k, "
        "KB, KiB (1024), M, MB, MiB, G, GB, GiB, in any case.\n"
        "Options may stand before, between and behind the other words, but not behind '--'.",
    .paths =
        "IMAGE is a path of the host, of a file or a block device. PATHs in it begin at its "
        "root, with a '/' before them or without: www/a.txt is /www/a.txt. '//' is the same as "
        "'/', '.' is the directory itself and '..' the one above it, above the root the root. "
        "That is settled by the words alone, before anything is looked for: none/../a.txt is "
        "/a.txt, whether there is a none or not. Upper and lower case differ, and '*' is a "
        "character like any other unless the verb says that it takes patterns.\n"
        "A '/' at the end of a PATH changes nothing. But for put, get and cp a TARGET that ends "
        "in it is a directory, in which each SOURCE keeps its name, and a SOURCE that ends in "
        "'/.' stands for all that is in the directory.\n"
        "put and get also take IMAGE:/PATH. The name of the image is what is before the first "
        "':/'.\n"
        "An image may end before its volume does, as one of create --no-pad: what is missing "
        "reads as erased flash, and the first change makes the file as long as the volume. One "
        "that ends before all that is in use is not changed; list and extract give what is left "
        "of it.\n"
        "An image is locked (flock) as long as it is open: verbs that read it run side by side, "
        "one that changes it has it alone, and what would meet it is refused.",
    .exit_codes = "0: done. 1: it failed, or an image is damaged; what could be read "
                  "was given. 2: wrong usage, nothing was done. The verb check "
                  "has others besides.",
    .verbs = verbs,
    .manner = &cli_manner_gnu,
};
