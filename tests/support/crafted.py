# SPDX-License-Identifier: MIT
"""Images that no driver would write: entries put together by hand, and what
is not littlefs at all."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

from rawfs import (
    ATTR,
    NAME_DIR,
    NAME_FILE,
    NAME_SUPER,
    STRUCT_CTZ,
    STRUCT_DIR,
    STRUCT_INLINE,
    TAIL_HARD,
    TAIL_SOFT,
    BlockWriter,
    superblock,
)


@dataclass
class Item:
    """An entry of a directory as its log will say it."""

    name: bytes
    kind: int
    struct: int | None
    data: bytes
    attrs: dict[int, bytes] = field(default_factory=dict)


def file(name: bytes, data: bytes = b"", **more) -> Item:
    return Item(name, NAME_FILE, STRUCT_INLINE, data, **more)


def ctz_file(name: bytes, head: int, size: int) -> Item:
    return Item(name, NAME_FILE, STRUCT_CTZ, struct.pack("<II", head, size))


def directory(name: bytes, pair: tuple[int, int]) -> Item:
    return Item(name, NAME_DIR, STRUCT_DIR, struct.pack("<II", *pair))


class Crafted:
    """An image under construction. Blocks not written are erased."""

    def __init__(self, block_size: int = 512, block_count: int = 16, **superblock_fields):
        self.block_size = block_size
        self.block_count = block_count
        self.superblock = superblock(block_size, block_count, **superblock_fields)
        self.blocks: dict[int, bytes] = {}

    def pair(
        self,
        block: int,
        items: list[Item],
        tail: tuple[int, int] | None = None,
        hard: bool = False,
        revision: int = 1,
    ) -> "Crafted":
        """Write one commit to the block; to block 0 and 1 with the superblock."""
        writer = BlockWriter(self.block_size, revision)
        if block in (0, 1):
            root = Item(b"littlefs", NAME_SUPER, STRUCT_INLINE, self.superblock)
            items = [root, *items]
        for number, item in enumerate(items):
            writer.entry(item.kind, number, item.name)
            if item.struct is not None:
                writer.entry(item.struct, number, item.data)
            for kind, data in item.attrs.items():
                writer.entry(ATTR | kind, number, data)
        if tail:
            kind = TAIL_HARD if hard else TAIL_SOFT
            writer.entry(kind, 0x3FF, struct.pack("<II", *tail))
        self.blocks[block] = writer.commit().block()
        return self

    def block(self, number: int, data: bytes) -> "Crafted":
        """Any bytes, the rest of the block erased."""
        self.blocks[number] = data.ljust(self.block_size, b"\xff")
        return self

    def bytes(self) -> bytes:
        erased = b"\xff" * self.block_size
        return b"".join(self.blocks.get(n, erased) for n in range(self.block_count))

    def save(self, path: str = "i.img") -> str:
        Path(path).write_bytes(self.bytes())
        return path


def littlefs_v1() -> bytes:
    head = struct.pack("<IIII", 2, 0x34, 0x80000001, 0)
    entry = bytes([0x2E, 20, 0, 8]) + struct.pack("<IIIII", 2, 3, 4096, 4, 0x00010007)
    return (head + entry + b"littlefs").ljust(16384, b"\xff")


def fat() -> bytes:
    """A boot sector of 512-byte sectors, 4 a cluster."""
    head = b"\xeb\x3c\x90MSDOS5.0" + struct.pack("<HBHBHHB", 512, 4, 1, 2, 512, 8192, 0xF8)
    return head.ljust(510, b"\0") + b"\x55\xaa" + bytes(16384 - 512)


def spiffs(block_size: int = 4096, page_size: int = 256, block_count: int = 4) -> bytes:
    """Formatted and empty: a magic number at the end of each block's lookup page."""
    image = bytearray(b"\xff" * block_size * block_count)
    lookup = -(-2 * block_size // page_size // page_size) * page_size
    for block in range(block_count):
        magic = (0x20140529 ^ page_size ^ (block_count - block)) & 0xFFFF
        struct.pack_into("<H", image, block * block_size + lookup - 4, magic)
    return bytes(image)
