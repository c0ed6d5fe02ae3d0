#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints src/util/crc32_tables.h: the constants of the two CRC-32 paths.

    tools/make_crc_tables.py > src/util/crc32_tables.h      makes it
    tools/make_crc_tables.py src/util/crc32_tables.h        checks it

The CRC is reflected: bit 31 of a word is the coefficient of x^0.
"""

import pathlib
import sys

POLYNOMIAL = 0xEDB88320


def step(state):
    """Multiplies the state by x, modulo the polynomial."""
    return state >> 1 ^ (POLYNOMIAL if state & 1 else 0)


def slices():
    """Eight tables: table k gives the CRC of a byte followed by k zero bytes."""
    tables = [[]]
    for byte in range(256):
        state = byte
        for _ in range(8):
            state = step(state)
        tables[0].append(state)
    for _ in range(7):
        tables.append([tables[0][v & 0xFF] ^ v >> 8 for v in tables[-1]])
    return tables


def power(exponent):
    """x^exponent modulo the polynomial, as a reflected 33-bit factor.

    The carry-less product of two reflected words comes out one bit to the
    right of the reflected product; the shift by one undoes that.
    """
    state = 0x80000000
    for _ in range(exponent):
        state = step(state)
    return state << 1


def header():
    yield "/* SPDX-License-Identifier: MIT */"
    yield "/* Made by tools/make_crc_tables.py, which also says what the numbers are. */"
    yield "#ifndef LFK_CRC32_TABLES_H"
    yield "#define LFK_CRC32_TABLES_H"
    yield ""
    yield "#include <stdint.h>"
    yield ""
    yield "/* clang-format off */"
    yield ""
    yield "/* Factors that move 64 bits by 512 or 128 bits; HIGH is for the bits that come first. */"
    for bits in (512, 128):
        yield f"#define LFK_CRC_FOLD_{bits}_HIGH INT64_C(0x{power(bits + 32):09x})"
        yield f"#define LFK_CRC_FOLD_{bits}_LOW INT64_C(0x{power(bits - 32):09x})"
    yield ""
    yield "/* lfk_crc_slices[k][b]: the CRC, from state 0, of byte b and k zero bytes. */"
    yield "static const uint32_t lfk_crc_slices[8][256] = {"
    for table in slices():
        yield "    {"
        for i in range(0, 256, 8):
            yield "        " + " ".join(f"0x{v:08x}," for v in table[i:i + 8])
        yield "    },"
    yield "};"
    yield ""
    yield "/* clang-format on */"
    yield ""
    yield "#endif"


def main():
    text = "\n".join(header()) + "\n"
    if len(sys.argv) == 1:
        sys.stdout.write(text)
    elif pathlib.Path(sys.argv[1]).read_text(encoding="utf-8") != text:
        sys.exit(f"{sys.argv[1]} is not what {sys.argv[0]} prints")


if __name__ == "__main__":
    main()
