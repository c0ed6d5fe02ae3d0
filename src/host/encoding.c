/* SPDX-License-Identifier: MIT */
/*
 * Names between UTF-8 and an image's encoding. UTF-8 and the one-byte charsets
 * whose codes are Unicode's (ASCII, Latin-1) are done here, so that a static
 * program without iconv's modules has them; the rest is iconv's.
 *
 * Invariant: a converted name holds no '/' and no NUL, and stands for exactly
 * the characters it was made from; nothing is replaced or left out.
 */
#include "lfskit/host.h"
#include "util/util.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define NAME_ROOM 64

enum encoding_kind { KIND_UTF8, KIND_ONE_BYTE, KIND_ICONV };

struct lfk_encoding {
    enum encoding_kind kind;
    uint32_t limit; /* of a one-byte charset: the first code it lacks */
    iconv_t encoder;
    iconv_t decoder;
};

static const struct {
    const char *name;
    enum encoding_kind kind;
    uint32_t limit;
} builtin[] = {
    {"utf-8", KIND_UTF8, 0},
    {"utf8", KIND_UTF8, 0},
    {"ascii", KIND_ONE_BYTE, 0x80},
    {"us-ascii", KIND_ONE_BYTE, 0x80},
    {"latin-1", KIND_ONE_BYTE, 0x100},
    {"latin1", KIND_ONE_BYTE, 0x100},
    {"iso-8859-1", KIND_ONE_BYTE, 0x100},
    {"iso8859-1", KIND_ONE_BYTE, 0x100},
};

static int fail_unknown(struct lfk_detail *detail)
{
    return lfk_fail(detail, LFK_ERR_INVAL, "unknown file name encoding");
}

/* Lower case, '-' for '_' and blanks: what Python's codecs do with names. */
static bool normalise(const char *name, char *out)
{
    size_t i = 0;
    for (; name[i] != '\0' && i < NAME_ROOM - 1; i++) {
        char c = name[i];
        if (c == '_' || c == ' ') {
            c = '-';
        } else if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        out[i] = c;
    }
    out[i] = '\0';
    return name[i] == '\0';
}

static int open_iconv(struct lfk_encoding *e, const char *name)
{
    e->encoder = iconv_open(name, "UTF-8");
    if (e->encoder == (iconv_t)-1) {
        return LFK_ERR_INVAL;
    }
    e->decoder = iconv_open("UTF-8", name);
    if (e->decoder == (iconv_t)-1) {
        (void)iconv_close(e->encoder);
        return LFK_ERR_INVAL;
    }
    return LFK_OK;
}

int lfk_encoding_open(struct lfk_encoding **encoding, const char *name, struct lfk_detail *detail)
{
    char wanted[NAME_ROOM];
    /* A '/' would be an instruction to iconv, such as "//IGNORE". */
    if (name[0] == '\0' || strchr(name, '/') != NULL || !normalise(name, wanted)) {
        return fail_unknown(detail);
    }
    struct lfk_encoding *e = lfk_alloc_zeroed(NULL, 1, sizeof(*e));
    if (e == NULL) {
        return lfk_fail_nomem(detail);
    }
    e->kind = KIND_ICONV;
    for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++) {
        if (strcmp(builtin[i].name, wanted) == 0) {
            e->kind = builtin[i].kind;
            e->limit = builtin[i].limit;
        }
    }
    if (e->kind == KIND_ICONV && open_iconv(e, name) < 0 && open_iconv(e, wanted) < 0) {
        lfk_free(NULL, e);
        return fail_unknown(detail);
    }
    *encoding = e;
    return LFK_OK;
}

void lfk_encoding_close(struct lfk_encoding *encoding)
{
    if (encoding != NULL && encoding->kind == KIND_ICONV) {
        (void)iconv_close(encoding->encoder);
        (void)iconv_close(encoding->decoder);
    }
    lfk_free(NULL, encoding);
}

/* The conversions below return the bytes written, or which error it is, without its text. */

static int copy_utf8(const uint8_t *in, size_t size, uint8_t *out, size_t room)
{
    size_t length;
    for (size_t i = 0; i < size; i += length) {
        uint32_t code;
        length = in[i] < 0x80 ? 1 : lfk_utf8_read(in + i, size - i, &code);
        if (length == 0) {
            return LFK_ERR_INVAL;
        }
    }
    if (size > room) {
        return LFK_ERR_NAMETOOLONG;
    }
    memcpy(out, in, size);
    return (int)size;
}

static int encode_one_byte(uint32_t limit, const uint8_t *in, size_t size, uint8_t *out,
                           size_t room)
{
    size_t used = 0;
    size_t length;
    for (size_t i = 0; i < size; i += length) {
        uint32_t code;
        length = lfk_utf8_read(in + i, size - i, &code);
        if (length == 0 || code >= limit) {
            return LFK_ERR_INVAL;
        }
        if (used == room) {
            return LFK_ERR_NAMETOOLONG;
        }
        out[used++] = (uint8_t)code;
    }
    return (int)used;
}

static int decode_one_byte(uint32_t limit, const uint8_t *in, size_t size, uint8_t *out,
                           size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        if (in[i] >= limit) {
            return LFK_ERR_INVAL;
        }
        if (room - used < 2) {
            return LFK_ERR_NAMETOOLONG;
        }
        if (in[i] >= 0x80) {
            out[used++] = (uint8_t)(0xc0 | in[i] >> 6);
            out[used++] = (uint8_t)(0x80 | (in[i] & 0x3f));
        } else {
            out[used++] = in[i];
        }
    }
    return (int)used;
}

static int convert_iconv(iconv_t converter, const char *in, size_t size, char *out, size_t room)
{
    char *from = (char *)in; /* iconv's prototype; it does not write there */
    char *to = out;
    size_t left = room;
    (void)iconv(converter, NULL, NULL, NULL, NULL);
    size_t replaced = iconv(converter, &from, &size, &to, &left);
    if (replaced == 0) {
        /* Some encodings end in a return to their first state. */
        replaced = iconv(converter, NULL, NULL, &to, &left);
    }
    if (replaced != 0) {
        return replaced == (size_t)-1 && errno == E2BIG ? LFK_ERR_NAMETOOLONG : LFK_ERR_INVAL;
    }
    return (int)(room - left);
}

static int finish(int result, const char *out, const char *what, struct lfk_detail *detail)
{
    if (result == LFK_ERR_NAMETOOLONG) {
        return lfk_fail(detail, result, "name is too long");
    }
    if (result < 0) {
        return lfk_fail(detail, result, what);
    }
    if (memchr(out, '/', (size_t)result) != NULL || memchr(out, '\0', (size_t)result) != NULL) {
        return lfk_fail(detail, LFK_ERR_INVAL, "name holds a '/' or NUL");
    }
    return result;
}

int lfk_encoding_encode(struct lfk_encoding *encoding, const char *name, size_t size, char *out,
                        size_t room, struct lfk_detail *detail)
{
    const uint8_t *in = (const uint8_t *)name;
    int result;
    if (encoding == NULL || encoding->kind == KIND_UTF8) {
        result = copy_utf8(in, size, (uint8_t *)out, room);
    } else if (encoding->kind == KIND_ONE_BYTE) {
        result = encode_one_byte(encoding->limit, in, size, (uint8_t *)out, room);
    } else {
        result = convert_iconv(encoding->encoder, name, size, out, room);
    }
    return finish(result, out, "name cannot be written in the image's encoding", detail);
}

int lfk_encoding_decode(struct lfk_encoding *encoding, const char *name, size_t size, char *out,
                        size_t room, struct lfk_detail *detail)
{
    const uint8_t *in = (const uint8_t *)name;
    int result;
    if (encoding == NULL || encoding->kind == KIND_UTF8) {
        result = copy_utf8(in, size, (uint8_t *)out, room);
    } else if (encoding->kind == KIND_ONE_BYTE) {
        result = decode_one_byte(encoding->limit, in, size, (uint8_t *)out, room);
    } else {
        result = convert_iconv(encoding->decoder, name, size, out, room);
    }
    return finish(result, out, "name is not in the encoding expected", detail);
}
