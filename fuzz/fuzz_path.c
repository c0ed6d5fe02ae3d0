/* SPDX-License-Identifier: MIT */
/*
 * The input is a pattern, a NUL and a path: what people and images hand to the
 * helpers for names. Both are tried as UTF-8 as well.
 */
#include "fuzz.h"

#include "lfskit/host.h"

#include <string.h>

/* A match may take time in proportion to the lengths' product, squared. */
#define LENGTH_MAX 256

static size_t shortest_form(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* Reads characters up to the first that is none; each has its shortest form. */
static void check_utf8(const char *bytes, size_t size)
{
    size_t length = 1;
    for (size_t at = 0; at < size && length > 0; at += length) {
        uint32_t code = 0;
        length = lfk_utf8_read(bytes + at, size - at, &code);
        EXPECT(length <= size - at);
        EXPECT(length == 0 || length == shortest_form(code));
        EXPECT(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
    }
}

/* A name that can be decoded is the same after it is encoded again. */
static void check_encoding(struct lfk_encoding *encoding, const char *name, size_t size)
{
    char decoded[2 * LENGTH_MAX];
    char encoded[2 * LENGTH_MAX];
    struct lfk_detail detail = {0};
    int length = lfk_encoding_decode(encoding, name, size, decoded, sizeof(decoded), &detail);
    if (length < 0) {
        EXPECT(length == LFK_ERR_INVAL && detail.what != NULL);
        return;
    }
    EXPECT(memchr(decoded, '/', (size_t)length) == NULL);
    int back =
        lfk_encoding_encode(encoding, decoded, (size_t)length, encoded, sizeof(encoded), &detail);
    EXPECT(back == (int)size && memcmp(encoded, name, size) == 0);
    if (length > 0) {
        EXPECT(lfk_encoding_decode(encoding, name, size, decoded, (size_t)length - 1, &detail) ==
               LFK_ERR_NAMETOOLONG);
    }
}

static void check_encodings(const char *name, size_t size)
{
    static const char *const names[] = {"utf-8", "latin-1", "ascii"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct lfk_encoding *encoding = NULL;
        EXPECT(lfk_encoding_open(&encoding, names[i], NULL) == LFK_OK);
        check_encoding(encoding, name, size);
        lfk_encoding_close(encoding);
    }
    check_encoding(NULL, name, size);
}

/* A '/' before a path does not count. */
static void check_match(const char *pattern, const char *path)
{
    bool matches = lfk_path_match(pattern, path);
    if (path[0] != '/') {
        char rooted[LENGTH_MAX + 2] = "/";
        memcpy(rooted + 1, path, strlen(path) + 1);
        EXPECT(lfk_path_match(pattern, rooted) == matches);
    }
}

/* What a pattern excludes, the same pattern takes back. */
static void check_excludes(const char *pattern, const char *path)
{
    char back[LENGTH_MAX + 2] = "!";
    struct lfk_excludes *excludes = NULL;
    memcpy(back + 1, pattern, strlen(pattern) + 1);
    EXPECT(lfk_excludes_open(&excludes) == LFK_OK);
    EXPECT(!lfk_excludes_match(excludes, path, true));
    EXPECT(lfk_excludes_add(excludes, pattern) == LFK_OK);
    EXPECT(!lfk_excludes_match(excludes, path, false) || lfk_excludes_match(excludes, path, true));
    EXPECT(pattern[0] != '!' || !lfk_excludes_match(excludes, path, true));
    if (pattern[0] != '!') {
        EXPECT(lfk_excludes_add(excludes, back) == LFK_OK);
        EXPECT(!lfk_excludes_match(excludes, path, true));
    }
    lfk_excludes_close(excludes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[2 * (LENGTH_MAX + 1)] = {0};
    const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t pattern_size = end != NULL ? (size_t)(end - data) : size;
    const uint8_t *path = end != NULL ? end + 1 : data + size;
    size_t path_size = size - (size_t)(path - data);

    if (pattern_size > LENGTH_MAX || path_size > LENGTH_MAX) {
        return 0;
    }
    char *path_text = text + pattern_size + 1;
    if (size > 0) {
        memcpy(text, data, pattern_size);
        memcpy(path_text, path, path_size);
    }
    check_utf8(path_text, path_size);
    check_encodings(path_text, path_size);
    check_match(text, path_text);
    check_excludes(text, path_text);
    return 0;
}
