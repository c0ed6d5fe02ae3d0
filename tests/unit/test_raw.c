/* SPDX-License-Identifier: MIT */
/* The raw container: block 0 is the file's first byte, from a file or from memory. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "container/container.h"
#include "folder.h"

static const char bytes[] = "image";

static void check_bytes(struct lfk_container *container)
{
    char buffer[sizeof(bytes)];
    assert_int_equal(container->kind, LFK_CONTAINER_RAW);
    assert_int_equal(container->bd->size, sizeof(bytes));
    assert_int_equal(lfk_bd_shape(container->bd, sizeof(bytes), NULL), LFK_OK);
    assert_int_equal(lfk_bd_read(container->bd, 0, 0, buffer, sizeof(bytes), NULL), LFK_OK);
    assert_memory_equal(buffer, bytes, sizeof(bytes));
    lfk_container_close(container);
    assert_null(container->bd);
    lfk_container_close(container);
}

static void file_and_memory_give_the_same(void **state)
{
    (void)state;
    struct lfk_container container;
    lfk_container_open_memory(&container, bytes, sizeof(bytes));
    check_bytes(&container);

    make_bytes("image", bytes, sizeof(bytes));
    assert_int_equal(lfk_container_open_file(&container, "image", NULL), LFK_OK);
    check_bytes(&container);
}

static void what_cannot_be_opened_may_be_closed(void **state)
{
    (void)state;
    struct lfk_container container;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_container_open_file(&container, "image", &detail), LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOENT);
    lfk_container_close(&container);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(file_and_memory_give_the_same),
        test_in_folder(what_cannot_be_opened_may_be_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
