/* SPDX-License-Identifier: MIT */
/*
 * The order of names in a littlefs directory, wherever names are sorted or
 * sought. It is part of the format: an entry out of this order is not found.
 */
#include "util/util.h"

#include <string.h>

int lfk_name_compare(const void *a, size_t a_size, const void *b, size_t b_size)
{
    size_t common = a_size < b_size ? a_size : b_size;
    int order = common > 0 ? memcmp(a, b, common) : 0;
    if (order != 0) {
        return order;
    }
    return (a_size < b_size) - (a_size > b_size);
}
