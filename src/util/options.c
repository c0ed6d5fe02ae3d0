/* SPDX-License-Identifier: MIT */
/*
 * Structs of options that grow from version to version: a program compiled with
 * an older, shorter one gets the defaults for what it does not know.
 */
#include "util/util.h"

#include <string.h>

int lfk_options_take(void *options, size_t known, const void *given, struct lfk_detail *detail)
{
    size_t size = known;
    memset(options, 0, known);
    if (given != NULL) {
        memcpy(&size, given, sizeof(size));
        if (size < sizeof(size) || size > known) {
            return lfk_fail_field(detail, LFK_ERR_INVAL, "the options have another size", "size",
                                  known, size);
        }
        memcpy(options, given, size);
    }
    memcpy(options, &known, sizeof(known));
    return LFK_OK;
}
