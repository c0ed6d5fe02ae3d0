# SPDX-License-Identifier: MIT
"""A littlefs image taken apart and put together, byte by byte.

For tests only: it favours being obvious over being fast, trusts nothing it
was not given, and shares no code with the engine under test. Volume reads a
well-formed image; BlockWriter writes the log of one metadata block, valid in
its CRCs whatever nonsense its entries say.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, field

NULL = 0xFFFFFFFF
NO_ID = 0x3FF
DELETED = 0x3FF

NAME_FILE = 0x001
NAME_DIR = 0x002
NAME_SUPER = 0x0FF
STRUCT_DIR = 0x200
STRUCT_INLINE = 0x201
STRUCT_CTZ = 0x202
ATTR = 0x300
CREATE = 0x401
DELETE = 0x4FF
CRC = 0x500
FCRC = 0x5FF
TAIL_SOFT = 0x600
TAIL_HARD = 0x601
GSTATE = 0x7FF


class Broken(Exception):
    """The image breaks a rule that reading it depends on."""


def jam(data: bytes, crc: int = 0xFFFFFFFF) -> int:
    """CRC-32/JAMCRC of data, continuing from crc."""
    return ~zlib.crc32(data, ~crc & 0xFFFFFFFF) & 0xFFFFFFFF


def pack_tag(kind: int, entry_id: int, length: int) -> int:
    return kind << 20 | entry_id << 10 | length


@dataclass
class Entry:
    name: bytes = b""
    kind: int = 0
    struct: int = 0
    data: bytes = b""
    attrs: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Pair:
    """One metadata pair as of its last valid commit."""

    blocks: tuple[int, int]  # the current block first
    revision: int = 0
    slots: list[Entry] = field(default_factory=list)
    tail: tuple[int, int] | None = None
    hard: bool = False
    gstate: tuple[int, int, int] = (0, 0, 0)
    crcs: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)  # where each commit ends


def parse_log(block: bytes):
    """Yield a list of (type, id, length, data, offset) for each valid commit,
    with the commit's CRC and its end."""
    at, previous, crc = 4, 0xFFFFFFFF, jam(block[:4])
    entries = []
    while at + 4 <= len(block):
        raw = block[at : at + 4]
        tag = struct.unpack(">I", raw)[0] ^ previous
        if tag >> 31:
            return
        kind, entry_id, length = tag >> 20 & 0x7FF, tag >> 10 & 0x3FF, tag & 0x3FF
        size = 0 if length == DELETED else length
        data = block[at + 4 : at + 4 + size]
        if len(data) < size:
            return
        crc = jam(raw, crc)
        previous = tag
        if kind & 0x780 == 0x500:
            if size < 4 or struct.unpack("<I", data[:4])[0] != crc:
                return
            yield entries, crc, at + 4 + size
            previous ^= (kind & 1) << 31
            entries, crc = [], 0xFFFFFFFF
        else:
            crc = jam(data, crc)
            entries.append((kind, entry_id, length, data, at))
        at += 4 + size


def fold(block: bytes, blocks: tuple[int, int]) -> Pair | None:
    """What the log of a block amounts to; None without a valid commit."""
    pair = Pair(blocks, struct.unpack("<I", block[:4])[0])
    for entries, crc, end in parse_log(block):
        for kind, entry_id, length, data, _ in entries:
            apply(pair, kind, entry_id, length, data)
        pair.crcs.append(crc)
        pair.ends.append(end)
    return pair if pair.crcs else None


def apply(pair: Pair, kind: int, entry_id: int, length: int, data: bytes) -> None:
    slots = pair.slots
    if kind == CREATE:
        slots.insert(entry_id, Entry())
    elif kind == DELETE:
        del slots[entry_id]
    elif kind >> 8 == 0:
        while len(slots) <= entry_id:
            slots.append(Entry())
        slots[entry_id].name, slots[entry_id].kind = data, kind
    elif kind >> 8 == 2:
        slots[entry_id].struct, slots[entry_id].data = kind, data
    elif kind >> 8 == 3:
        if length == DELETED:
            slots[entry_id].attrs.pop(kind & 0xFF, None)
        else:
            slots[entry_id].attrs[kind & 0xFF] = data
    elif kind in (TAIL_SOFT, TAIL_HARD):
        pair.tail, pair.hard = struct.unpack("<II", data), kind == TAIL_HARD
    elif kind == GSTATE:
        pair.gstate = struct.unpack("<III", data)


def ctz(number: int) -> int:
    return (number & -number).bit_length() - 1


def ctz_index(size: int, block_size: int) -> int:
    """Index of the block that holds the last byte of a file of size > 0."""
    at, room = size - 1, block_size - 8
    index = at // room
    if index:
        index = (at - 4 * ((index - 1).bit_count() + 2)) // room
    return index


class Volume:
    """An image as one who only reads sees it."""

    def __init__(self, image: bytes, block_size: int):
        self.image = image
        self.block_size = block_size
        self.pairs: list[Pair] = []
        self.superblocks: list[Pair] = []
        self.gstate = (0, 0, 0)
        self._walk()
        self.root = self.superblocks[-1]
        fields = struct.unpack("<6I", self.root.slots[0].data[:24])
        self.version, _, self.block_count = fields[:3]
        self.name_max, self.file_max, self.attr_max = fields[3:]

    def block(self, number: int) -> bytes:
        at = number * self.block_size
        data = self.image[at : at + self.block_size]
        if len(data) != self.block_size:
            raise Broken(f"block {number} is not in the image")
        return data

    def kinds(self, block: bytes) -> set[int]:
        """The types of all tags in a block's valid commits, FCRCs included."""
        return {entry[0] for entries, _, _ in parse_log(block) for entry in entries}

    def pair(self, blocks: tuple[int, int]) -> Pair:
        rev = [struct.unpack("<I", self.block(b)[:4])[0] for b in blocks]
        newer = 1 if 0 < (rev[1] - rev[0] & 0xFFFFFFFF) < 0x80000000 else 0
        for first in (newer, 1 - newer):
            order = (blocks[first], blocks[1 - first])
            found = fold(self.block(order[0]), order)
            if found:
                return found
        raise Broken(f"pair {blocks} has no valid commit")

    def _walk(self) -> None:
        at: tuple[int, int] | None = (0, 1)
        seen = set()
        while at and NULL not in at:
            if frozenset(at) in seen:
                raise Broken(f"pair {at} is on the list twice")
            seen.add(frozenset(at))
            pair = self.pair(at)
            self.pairs.append(pair)
            self.gstate = tuple(a ^ b for a, b in zip(self.gstate, pair.gstate))
            if pair.slots and pair.slots[0].kind == NAME_SUPER:
                self.superblocks.append(pair)
            at = pair.tail

    @property
    def sync_bit(self) -> bool:
        return bool(self.gstate[0] >> 31)

    @property
    def move(self) -> tuple[int, tuple[int, int]] | None:
        """The pending move: id of the source, and its pair."""
        if not self.gstate[0] >> 20 & 0x7FF & 0x700:
            return None
        return self.gstate[0] >> 10 & 0x3FF, self.gstate[1:]

    def start_of_search(self) -> int:
        """Where the reference begins to look for free blocks: it folds the CRC
        of every commit it meets while mounting into a second CRC."""
        seed = 0
        for pair in self.pairs:
            for crc in pair.crcs:
                seed = jam(struct.pack("<I", crc), seed)
        return seed % self.block_count

    def file_blocks(self, head: int, size: int) -> list[int]:
        """The blocks of a file, first to last."""
        blocks = []
        index = ctz_index(size, self.block_size) if size else -1
        while index >= 0:
            blocks.append(head)
            head = struct.unpack("<I", self.block(head)[:4])[0]
            index -= 1
        return blocks[::-1]

    def content(self, entry: Entry) -> bytes:
        if entry.struct == STRUCT_INLINE:
            return entry.data
        head, size = struct.unpack("<II", entry.data)
        parts = []
        for index, number in enumerate(self.file_blocks(head, size)):
            skip = 4 * (ctz(index) + 1) if index else 0
            parts.append(self.block(number)[skip:])
        return b"".join(parts)[:size]

    def used(self) -> tuple[int, set[int]]:
        """Blocks in use: as the reference reports their number (those of each
        pair on the list and of each file), and as a set (clause (c) too)."""
        number, blocks = 0, set()
        for pair in self.pairs:
            number += 2
            blocks.update(pair.blocks)
            for entry in pair.slots:
                if entry.struct == STRUCT_CTZ:
                    held = self.file_blocks(*struct.unpack("<II", entry.data))
                    number += len(held)
                    blocks.update(held)
                elif entry.struct == STRUCT_DIR:
                    blocks.update(struct.unpack("<II", entry.data))
        return number, blocks

    def directory(self, head: tuple[int, int]):
        """Yield (entry, hidden) over the chain of a directory."""
        move = self.move
        pair = self.pair(head)
        for _ in range(len(self.image) // self.block_size):
            for number, entry in enumerate(pair.slots):
                if entry.kind == NAME_SUPER:
                    continue
                source = move and number == move[0] and set(pair.blocks) & set(move[1])
                yield entry, bool(source)
            if not pair.hard or pair.tail is None:
                return
            pair = self.pair(pair.tail)
        raise Broken(f"directory {head} does not end")

    def tree(self) -> list[dict]:
        """Every file and directory in the form of a manifest, sorted by path."""
        found = []
        todo = [("", self.root.blocks)]
        while todo:
            base, head = todo.pop()
            for entry, hidden in self.directory(head):
                if hidden:
                    continue
                path = f"{base}/{entry.name.decode()}"
                attrs = {f"0x{t:02x}": v.hex() for t, v in sorted(entry.attrs.items())}
                if entry.kind == NAME_DIR:
                    found.append({"path": path, "type": "dir", "attrs": attrs})
                    todo.append((path, struct.unpack("<II", entry.data)))
                else:
                    data = self.content(entry)
                    found.append(
                        {
                            "path": path,
                            "type": "file",
                            "size": len(data),
                            "sha256": hashlib.sha256(data).hexdigest(),
                            "attrs": attrs,
                        }
                    )
        return sorted(found, key=lambda item: item["path"])


class BlockWriter:
    """The log of one metadata block. entry() takes any length, true or not."""

    def __init__(self, block_size: int, revision: int, prog_size: int = 16):
        self.block_size = block_size
        self.prog_size = prog_size
        self.bytes = bytearray(struct.pack("<I", revision))
        self.previous = 0xFFFFFFFF
        self.start = 0

    def entry(
        self, kind: int, entry_id: int, data: bytes = b"", length: int | None = None
    ) -> "BlockWriter":
        length = len(data) if length is None else length
        tag = pack_tag(kind, entry_id, length)
        self.bytes += struct.pack(">I", tag ^ self.previous) + data
        self.previous = tag
        return self

    def commit(self) -> "BlockWriter":
        """Close the commit; whatever follows reads as erased 0xff bytes."""
        here = len(self.bytes)
        end = min(here + 8, self.block_size)
        end += -end % self.prog_size
        length = max(4, min(end - here - 4, 0x3FE))
        tag = pack_tag(CRC, NO_ID, length)
        self.bytes += struct.pack(">I", tag ^ self.previous)
        crc = jam(bytes(self.bytes[self.start :]))
        self.bytes += struct.pack("<I", crc) + b"\xff" * (length - 4)
        self.previous = tag
        self.start = len(self.bytes)
        return self

    def block(self) -> bytes:
        """The block, cut or filled with 0xff to its size."""
        room = self.block_size - len(self.bytes)
        return bytes(self.bytes[: self.block_size]) + b"\xff" * max(room, 0)


def superblock(
    block_size: int,
    block_count: int,
    version: int = 0x00020001,
    limits: tuple[int, int, int] = (255, 0x7FFFFFFF, 1022),
) -> bytes:
    """The data of a superblock entry."""
    return struct.pack("<6I", version, block_size, block_count, *limits)
