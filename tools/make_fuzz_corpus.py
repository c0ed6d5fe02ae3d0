# SPDX-License-Identifier: MIT
"""Write the part of fuzz/corpus/ that is made by hand.

    python3 tools/make_fuzz_corpus.py

Each file is named after what is wrong with it. Its checksums are right, so
that a reader believes it. Files named by a hash were found by libFuzzer and
stay as they are.
"""

import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import rawfs  # noqa: E402
from rawfs import BlockWriter  # noqa: E402

CORPUS = ROOT / "fuzz" / "corpus"
GOLDEN = ROOT / "tests" / "golden"
SIZE = 256  # of a block, where nothing else is said
COUNT = 8
NO_ID = 0x3FF


def words(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def image(blocks, count=COUNT, size=SIZE):
    """An image from a dict of block contents; the others are erased."""
    return b"".join(blocks.get(n, b"\xff" * size) for n in range(count))


def log(*entries, size=SIZE, revision=1):
    """A block of one commit; each entry is (kind, id, data[, length])."""
    writer = BlockWriter(size, revision)
    for entry in entries:
        writer.entry(*entry)
    return writer.commit().block()


def root(*entries, size=SIZE, count=COUNT, data=None, **options):
    """A block with a superblock and more."""
    data = rawfs.superblock(size, count, **options) if data is None else data
    return log(
        (rawfs.NAME_SUPER, 0, b"littlefs"),
        (rawfs.STRUCT_INLINE, 0, data),
        *entries,
        size=size,
        revision=2,
    )


def holding(*entries, more=None, **options):
    """An image whose root has these entries, other blocks as in `more`."""
    return image({0: root(*entries, **options), **(more or {})})


def file(number, name, head, length):
    return (
        (rawfs.NAME_FILE, number, name),
        (rawfs.STRUCT_CTZ, number, words(head, length)),
    )


def directory(number, name, *pair):
    return (
        (rawfs.NAME_DIR, number, name),
        (rawfs.STRUCT_DIR, number, words(*pair)),
    )


def tail(*pair, hard=False):
    return (rawfs.TAIL_HARD if hard else rawfs.TAIL_SOFT, NO_ID, words(*pair))


def pointers(block, to):
    return {block: words(*[to] * 4).ljust(SIZE, b"p")}


def nested(depth):
    """Each directory in the one before, its pair made of one block twice."""
    blocks = {0: root(*directory(1, b"d" * 60, 2, 2), count=depth + 3)}
    for n in range(2, depth + 2):
        blocks[n] = log(*directory(0, b"d" * 60, n + 1, n + 1), (0x010, 1, b"odd"))
    return image(blocks, depth + 3)


def spiffs():
    """Two blocks of 4096 with the magic of pages of 256, otherwise erased."""
    image = bytearray(b"\xff" * 8192)
    for block in range(2):
        struct.pack_into("<H", image, 4096 * block + 252, (0x0529 ^ 256 ^ (2 - block)))
    return bytes(image)


def chained(size=SIZE, **options):
    """Two superblocks, of which the second is of another kind."""
    fields = rawfs.superblock(size, COUNT, **options)
    second = log((rawfs.NAME_SUPER, 0, b"littlefs"), (rawfs.STRUCT_INLINE, 0, fields))
    return holding(tail(2, 3), more={2: second})


def cut_short(size, last, revision=1):
    """An image of three blocks of an odd size, the last with a broken log."""
    torn = log((rawfs.NAME_FILE, 0, b"f"), size=size, revision=revision)[:20]
    first = root(*directory(1, b"d", 2, 2), tail(2, 2), size=size, count=3)
    return first + b"\xff" * size + torn[:last]


def attributes():
    """All types, taken away and added again, some without data."""
    entries = [(rawfs.NAME_FILE, 1, b"f"), (rawfs.STRUCT_INLINE, 1, b"")]
    for types in (range(0, 256, 8), range(0, 256, 4)):
        entries += [(rawfs.ATTR + t, 1, b"") for t in types]
    entries += [(rawfs.ATTR + t, 1, b"", rawfs.DELETED) for t in range(0, 256, 16)]
    size = 1024
    return image({0: root(*entries, size=size, count=4)}, 4, size)


LISTS = {
    "tail-to-itself": holding(tail(0, 1)),
    "tail-to-itself-hard": holding(tail(1, 0, hard=True)),
    "tail-in-a-circle": holding(tail(2, 3), more={2: log(tail(4, 5)), 4: log(tail(2, 3))}),
    "tail-to-half-a-pair": holding(tail(2, 0), more={2: log(tail(4, 1))}),
    "tail-outside": holding(tail(8, 9)),
    "tail-far-outside": holding(tail(0x7FFFFFFF, 0xFFFFFFFE)),
    "tail-half-null": holding(tail(2, rawfs.NULL)),
    "tail-to-erased": holding(tail(6, 7)),
    "tail-too-short": holding((rawfs.TAIL_SOFT, NO_ID, words(2))),
    "tail-one-block-twice": holding(tail(2, 2), more={2: log(tail(3, 3)), 3: log()}),
    "move-of-nothing": holding((rawfs.GSTATE, NO_ID, words(0x4FF00400, 0x7FFFFFFF, 9))),
    "move-of-a-file": holding(
        *file(1, b"f", 4, 9), (rawfs.GSTATE, NO_ID, words(0xCFF00400, 0, 1))
    ),
    "state-too-short": holding((rawfs.GSTATE, NO_ID, words(1, 2))),
    "second-superblock-of-version-3": chained(version=0x00030000),
    "second-superblock-of-another-size": chained(size=512),
    "second-superblock-with-large-limits": chained(limits=(9999, 0xFFFFFFFF, 9999)),
}

DIRECTORIES = {
    "directory-is-the-root": holding(*directory(1, b"d", 0, 1)),
    "directory-in-itself": holding(
        *directory(1, b"d", 2, 3), more={2: log(*directory(0, b"d", 3, 2))}
    ),
    "directory-twice": holding(
        *directory(1, b"a", 2, 3), *directory(2, b"b", 3, 2), more={2: log(*file(0, b"f", 4, 9))}
    ),
    "directories-share-a-block": holding(
        *directory(1, b"a", 2, 3),
        *directory(2, b"b", 3, 4),
        more={3: log(*file(0, b"f", 5, 9)), 4: log(*file(0, b"g", 5, 9), revision=9)},
    ),
    "directory-outside": holding(*directory(1, b"d", 8, 9)),
    "directory-half-outside": holding(*directory(1, b"d", 2, 9), more={2: log()}),
    "directory-chain-loops": holding(
        *directory(1, b"d", 2, 3),
        more={2: log(tail(4, 5, hard=True)), 4: log(tail(2, 3, hard=True))},
    ),
    "directory-without-pointer": holding((rawfs.NAME_DIR, 1, b"d")),
    "directory-with-half-a-pointer": holding(
        (rawfs.NAME_DIR, 1, b"d"), (rawfs.STRUCT_DIR, 1, words(2))
    ),
    "directory-with-content": holding(
        (rawfs.NAME_DIR, 1, b"d"), (rawfs.STRUCT_INLINE, 1, words(2, 3))
    ),
    "directories-nested": nested(20),
    "revisions-half-way-round": holding(
        *directory(1, b"d", 2, 3),
        more={2: log(revision=0x80000000), 3: log((rawfs.CREATE, 0), revision=0)},
    ),
}

FILES = {
    "file-outside": holding(*file(1, b"f", 8, 10)),
    "file-head-null": holding(*file(1, b"f", rawfs.NULL, 10)),
    "file-of-4-gigabytes": holding(*file(1, b"f", 2, 0xFFFFFFFF)),
    "file-of-2-gigabytes": holding(*file(1, b"f", 2, 0x7FFFFFFF)),
    "file-empty-with-head": holding(*file(1, b"f", 0xFFFFFFFE, 0)),
    "file-larger-than-the-volume": holding(*file(1, b"f", 2, SIZE * COUNT)),
    "file-points-to-itself": holding(*file(1, b"f", 2, 3 * SIZE), more=pointers(2, 2)),
    "file-points-to-the-root": holding(*file(1, b"f", 2, 2 * SIZE), more=pointers(2, 0)),
    "file-points-outside": holding(*file(1, b"f", 2, 3 * SIZE), more=pointers(2, COUNT)),
    "files-claim-too-much": holding(
        *[e for n in range(1, 8) for e in file(n, b"f%d" % n, 3, 400)], more=pointers(3, 2)
    ),
    "file-without-content": holding((rawfs.NAME_FILE, 1, b"f")),
    "file-with-a-pair": holding((rawfs.NAME_FILE, 1, b"f"), (rawfs.STRUCT_DIR, 1, words(0, 1))),
    "file-with-half-a-pointer": holding(
        (rawfs.NAME_FILE, 1, b"f"), (rawfs.STRUCT_CTZ, 1, words(3))
    ),
    "file-content-deleted": holding(
        (rawfs.NAME_FILE, 1, b"f"), (rawfs.STRUCT_INLINE, 1, b"", rawfs.DELETED)
    ),
}

NAMES = {
    "name-with-slash": holding(*file(1, b"../../x", 2, 9), *directory(2, b"a/b", 2, 3)),
    "name-with-nul": holding(*file(1, b"a\0b", 2, 9), *directory(2, b"\0", 2, 3)),
    "name-of-dots": holding(*directory(1, b".", 2, 3), *directory(2, b"..", 4, 5)),
    "name-empty": holding(*file(1, b"", 2, 9), *directory(2, b"", 2, 3)),
    "name-deleted": holding((rawfs.NAME_FILE, 1, b"", rawfs.DELETED)),
    "name-of-no-type": holding((0x010, 1, b"x"), (0x07F, 2, b"y"), (0x080, 3, b"z")),
    "names-out-of-order": holding(*file(1, b"z", 2, 9), *file(2, b"a", 3, 9)),
    "names-the-same": holding(*file(1, b"a", 2, 9), *file(2, b"a", 3, 9)),
    "ids-far-apart": holding(*file(63, b"f", 2, 9)),
    "id-above-the-block": holding(*file(1022, b"f", 2, 9)),
    "id-of-none": holding(*file(1023, b"f", 2, 9)),
    "content-of-nobody": holding((rawfs.STRUCT_INLINE, 5, b"x")),
    "attribute-of-nobody": holding((rawfs.ATTR, 1, b"x")),
    "attributes-come-and-go": attributes(),
    "created-out-of-range": holding((rawfs.CREATE, 3)),
    "deleted-out-of-range": holding((rawfs.DELETE, 1)),
    "superblock-deleted": holding((rawfs.DELETE, 0)),
    "superblock-moved": holding((rawfs.CREATE, 0), (rawfs.NAME_FILE, 0, b"f")),
    "tags-unknown": holding(
        (0x1AA, 1, b"x"), (0x4AA, 1, b"x"), (0x5AA, 1, b"x"), (0x6AA, 1, b"x"), (0x7AA, 1, b"x")
    ),
}

GEOMETRY = {
    "empty": b"",
    "one-byte": b"\0",
    "erased-ones": b"\xff" * 600,
    "erased-zeros": b"\0" * 600,
    "block-count-1": image({0: root(count=1)}, 1),
    "block-count-huge": image({0: root(count=0xFFFFFFFE)}, 2),
    "block-size-127": root(data=rawfs.superblock(127, 8)),
    "block-size-2-to-30": root(data=rawfs.superblock(1 << 30, 8)),
    "block-size-2-to-31": root(data=rawfs.superblock(1 << 31, 8)),
    "block-size-a-megabyte": root(data=rawfs.superblock(1 << 20, 2)),
    "block-size-not-its-place": image({0: root(size=256), 1: root(size=256)}, 2)[128:],
    "superblock-in-block-1": image({1: root()}, 4),
    "superblock-in-block-1-of-an-odd-size": image({1: root(size=129)}, 4, 129),
    "superblock-short": root(data=words(0x00020001, SIZE)),
    "superblock-empty": root(data=b""),
    "superblock-without-content": log((rawfs.NAME_SUPER, 0, b"littlefs")),
    "superblock-of-version-3": root(version=0x00030000),
    "superblock-of-version-2.2": root(version=0x00020002),
    "superblock-crc-wrong": root()[:40] + b"x" + root()[41:],
    "magic-many-times": root(size=128, data=rawfs.superblock(4096, 8))[:128] * 12,
    "cut-in-the-superblock": root()[:60],
    "cut-in-the-second-block": image({0: root()}, 2)[: SIZE + 7],
    "cut-in-an-odd-block": cut_short(333, 20),
    "cut-in-an-odd-block-after-its-revision": cut_short(1025, 4),
    "littlefs-1": words(2, 0x34, 3, 4).ljust(16, b"\0")
    + b"\x2e\x14\0\x08"
    + words(2, 3, 512, 8, 0x00010007)
    + b"littlefs" * 60,
    "spiffs": spiffs(),
    "fat": (b"\xeb\x3c\x90" + b"MSDOS5.0" + b"\0\x02\x04").ljust(510, b"\0") + b"\x55\xaa",
}

PATHS = {
    "stars": b"*a*a*a*a*a*a*b\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "double-stars": b"**/a/**/a/**/a/**/b\0a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
    "brackets": b"[!a-z][[:alpha:]][]-a][\\]]\0\xc3\xa4Ab]",
    "bracket-open": b"[[:alpha\0a",
    "backslash-at-the-end": b"a\\\0a\\",
    "negated": b"!/dir/\0dir",
    "nothing": b"\0",
    "slashes": b"//a//**\0//a///b/",
    "utf-8": b"*\0\xe2\x82\xac\xf0\x9f\x92\xa9\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80",
}


def golden(*names):
    return {name: (GOLDEN / f"{name}.img").read_bytes() for name in names}


def first_pair(name, size):
    return (GOLDEN / f"{name}.img").read_bytes()[: 2 * size]


VOLUMES = golden(
    "two_blocks",
    "formatted_2p0_b128",
    "cut_make_02",
    "cut_rename_02",
    "cut_rewrite_06",
    "expanded_b128",
    "full",
    "grown_twice",
    "log_with_removed_attribute",
    "revision_wraps",
)
LOGS = {
    "erased-to-zero": first_pair("erased_to_zero", 512),
    "erased-to-garbage": first_pair("erased_to_garbage", 512),
    "torn": first_pair("torn_at_5", 512),
    "fcrc-in-2.0": first_pair("fcrc_in_2p0", 512),
    "attributes-removed": first_pair("log_with_removed_attribute", 512),
    "nothing": b"",
}


def write(folder, *groups):
    path = CORPUS / folder
    path.mkdir(parents=True, exist_ok=True)
    for group in groups:
        for name, data in group.items():
            (path / name).write_bytes(data)


def main():
    write("volume", VOLUMES, LISTS, DIRECTORIES, FILES, NAMES, GEOMETRY)
    write("superblock", golden("formatted_2p1_b384", "two_blocks"), GEOMETRY)
    pairs = {**LISTS, **FILES, **NAMES}
    write("log", LOGS, {name: data[: 2 * SIZE] for name, data in pairs.items()})
    write("path", PATHS)


main()
