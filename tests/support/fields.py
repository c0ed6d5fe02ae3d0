# SPDX-License-Identifier: MIT
"""Every field of every structure of an image, and images in which one of them
is another, with all checksums over it made right again."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from rawfs import (
    CREATE,
    CRC,
    DELETE,
    DELETED,
    FCRC,
    GSTATE,
    NAME_SUPER,
    NO_ID,
    STRUCT_CTZ,
    STRUCT_DIR,
    STRUCT_INLINE,
    TAIL_HARD,
    TAIL_SOFT,
    Volume,
    ctz,
    jam,
)


@dataclass
class Tag:
    at: int  # offset in the block
    value: int  # unmasked

    @property
    def kind(self) -> int:
        return self.value >> 20 & 0x7FF

    @property
    def id(self) -> int:
        return self.value >> 10 & 0x3FF

    @property
    def size(self) -> int:
        length = self.value & 0x3FF
        return 0 if length == DELETED else length


@dataclass
class Commit:
    start: int
    tags: list[Tag] = field(default_factory=list)  # the CRC's last

    @property
    def covered(self) -> int:
        """Where what its CRC covers ends, and the CRC itself stands."""
        return self.tags[-1].at + 4


def commits_of(block: bytes) -> list[Commit]:
    """The valid commits of a metadata block."""
    commits, commit = [], Commit(0)
    at, previous = 4, 0xFFFFFFFF
    while at + 4 <= len(block):
        tag = Tag(at, struct.unpack_from(">I", block, at)[0] ^ previous)
        if tag.value >> 31 or at + 4 + tag.size > len(block):
            break
        commit.tags.append(tag)
        previous = tag.value
        if tag.kind & 0x780 == CRC:
            stored = struct.unpack_from("<I", block, at + 4)[0]
            if tag.size < 4 or stored != jam(block[commit.start : at + 4]):
                break
            commits.append(commit)
            commit = Commit(at + 4 + tag.size)
            previous ^= (tag.kind & 1) << 31
        at += 4 + tag.size
    return commits


@dataclass(frozen=True)
class Mutation:
    structure: str  # what it is a field of
    what: str  # which field, and what becomes of it
    block: int
    image: bytes = field(repr=False)


@dataclass
class Block:
    """A metadata block of an image, to be changed."""

    image: bytes = field(repr=False)
    size: int
    number: int

    def __post_init__(self):
        at = self.number * self.size
        self.bytes = self.image[at : at + self.size]
        self.commits = commits_of(self.bytes)

    def put(self, block: bytearray) -> bytes:
        at = self.number * self.size
        return self.image[:at] + bytes(block) + self.image[at + self.size :]

    def changed(self, commit: int, at: int, data: bytes) -> bytes:
        """The image with other bytes in a commit whose CRC is right."""
        block = bytearray(self.bytes)
        block[at : at + len(data)] = data
        return self.put(self._sealed(block, commit))

    def _sealed(self, block: bytearray, commit: int) -> bytearray:
        it = self.commits[commit]
        struct.pack_into("<I", block, it.covered, jam(bytes(block[it.start : it.covered])))
        return block

    def with_tag(self, commit: int, index: int, value: int) -> bytes:
        """The image with another tag, the one after it still meaning the same."""
        tags = self.commits[commit].tags
        difference = tags[index].value ^ value
        block = bytearray(self.bytes)

        def flip(at: int, bits: int) -> None:
            old = struct.unpack_from(">I", block, at)[0]
            struct.pack_into(">I", block, at, old ^ bits)

        flip(tags[index].at, difference)
        if index + 1 < len(tags):
            flip(tags[index + 1].at, difference & 0x7FFFFFFF)
        self._sealed(block, commit)
        if index + 1 == len(tags) and commit + 1 < len(self.commits):
            phase = difference >> 20 & 1
            flip(self.commits[commit + 1].tags[0].at, difference & 0x7FFFFFFF ^ phase << 31)
            self._sealed(block, commit + 1)
        return self.put(block)


STRUCTURES = {
    NAME_SUPER: "magic",
    STRUCT_DIR: "directory pointer",
    STRUCT_CTZ: "CTZ struct",
    TAIL_SOFT: "tail",
    TAIL_HARD: "tail",
    GSTATE: "global state",
    FCRC: "FCRC",
}


def other_words(word: int) -> Iterator[int]:
    """Every other value of a word that is near it or at an edge."""
    values = {word ^ 1 << bit for bit in range(32)}
    values |= {0, 1, 0xFFFFFFFF, 0xFFFFFFFE, word + 1 & 0xFFFFFFFF, word - 1 & 0xFFFFFFFF}
    yield from sorted(values - {word})


def words(block: Block, commit: int, structure: str, at: int, size: int) -> Iterator[Mutation]:
    for offset in range(at, at + size - 3, 4):
        old = struct.unpack_from("<I", block.bytes, offset)[0]
        for new in other_words(old):
            image = block.changed(commit, offset, struct.pack("<I", new))
            what = f"word {(offset - at) // 4}: {old:#x} is {new:#x}"
            yield Mutation(structure, what, block.number, image)


def every_byte(block: Block, commit: int, structure: str, at: int, size: int) -> Iterator[Mutation]:
    for offset in range(at, at + size):
        old = block.bytes[offset]
        others = {old ^ 1 << bit for bit in range(8)} | {0, ord("/"), ord("."), 0xFF}
        for new in sorted(others - {old}):
            what = f"byte {offset - at}: {old:#x} is {new:#x}"
            yield Mutation(
                structure, what, block.number, block.changed(commit, offset, bytes([new]))
            )


def data_of(block: Block, commit: int, tag: Tag) -> Iterator[Mutation]:
    at = tag.at + 4
    if tag.kind in STRUCTURES and tag.kind != NAME_SUPER:
        yield from words(block, commit, STRUCTURES[tag.kind], at, tag.size)
    elif tag.kind == STRUCT_INLINE and tag.id == 0 and tag.size == 24:
        yield from words(block, commit, "superblock", at, tag.size)
    elif tag.kind >> 8 == 0:
        yield from every_byte(block, commit, STRUCTURES.get(tag.kind, "name"), at, tag.size)
    elif tag.kind >> 8 in (2, 3):
        kind = "inline data" if tag.kind == STRUCT_INLINE else "attribute data"
        yield from every_byte(block, commit, kind, at, min(tag.size, 2))


def tag_name(tag: Tag) -> str:
    if tag.kind in (CREATE, DELETE):
        return "CREATE tag" if tag.kind == CREATE else "DELETE tag"
    if tag.kind == FCRC:
        return "FCRC tag"
    names = ["NAME", "?", "STRUCT", "ATTRIBUTE", "SPLICE", "CRC", "TAIL", "STATE"]
    return f"{names[tag.kind >> 8]} tag"


def of_block(block: Block) -> Iterator[Mutation]:
    """The revision, and in each commit each bit of each tag, each word of data, and the CRC."""
    if block.commits:
        yield from words(block, 0, "revision", 0, 4)
    for number, commit in enumerate(block.commits):
        for index, tag in enumerate(commit.tags):
            for bit in range(32):
                image = block.with_tag(number, index, tag.value ^ 1 << bit)
                what = f"{tag.value:#010x}, bit {bit}, at {tag.at}"
                yield Mutation(tag_name(tag), what, block.number, image)
            yield from data_of(block, number, tag)
        for bit in range(32):
            changed = bytearray(block.bytes)
            changed[commit.covered + bit // 8] ^= 1 << bit % 8
            what = f"commit {number}, bit {bit}"
            yield Mutation("commit CRC", what, block.number, block.put(changed))


def rot_of_block(block: Block) -> Iterator[Mutation]:
    """Each bit that a CRC covers, the CRC left as it is."""
    for number, commit in enumerate(block.commits):
        for bit in range(commit.start * 8, commit.covered * 8):
            changed = bytearray(block.bytes)
            changed[bit // 8] ^= 1 << bit % 8
            what = f"commit {number}, offset {bit // 8}, bit {bit % 8}"
            yield Mutation("bit rot in metadata", what, block.number, block.put(changed))


def other_of_pair(block: Block) -> Iterator[Mutation]:
    """The revision of the block of a pair that does not count, and the copy of
    the superblock there."""
    if block.commits:
        yield from words(block, 0, "other block's revision", 0, 4)
    for number, commit in enumerate(block.commits):
        for tag in commit.tags:
            if tag.kind == STRUCT_INLINE and tag.id == 0 and tag.size == 24:
                yield from words(block, number, "other superblock", tag.at + 4, tag.size)


def pointers_of(image: bytes, volume: Volume) -> Iterator[Mutation]:
    """Every pointer in the blocks of every file."""
    size = volume.block_size
    for pair in volume.pairs:
        for entry in pair.slots:
            if entry.struct != STRUCT_CTZ:
                continue
            blocks = volume.file_blocks(*struct.unpack("<II", entry.data))
            for index, number in enumerate(blocks[1:], 1):
                block = Block(image, size, number)
                for offset in range(0, 4 * (ctz(index) + 1), 4):
                    old = struct.unpack_from("<I", block.bytes, offset)[0]
                    for new in other_words(old):
                        changed = bytearray(block.bytes)
                        struct.pack_into("<I", changed, offset, new)
                        what = f"pointer {offset // 4} of block {index}: {old} is {new:#x}"
                        yield Mutation("CTZ pointer", what, number, block.put(changed))


def of_image(image: bytes, block_size: int, rot: bool = False) -> Iterator[Mutation]:
    """All mutations of the blocks that count, of the revisions of the others, of
    the superblock's other block, and of the pointers in files."""
    volume = Volume(image, block_size)
    for pair in volume.pairs:
        block = Block(image, block_size, pair.blocks[0])
        yield from rot_of_block(block) if rot else of_block(block)
    if not rot:
        for pair in volume.pairs:
            yield from other_of_pair(Block(image, block_size, pair.blocks[1]))
        yield from pointers_of(image, volume)
