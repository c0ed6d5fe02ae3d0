# SPDX-License-Identifier: MIT
"""Images damaged at random: the check comes to an end, and agrees with the driver.
Where the driver fails there is damage, and what is clean the driver reads wholly."""

import random
import struct
from pathlib import Path

import pytest
from cases import many
from rawfs import (
    ATTR,
    CREATE,
    DELETE,
    DELETED,
    GSTATE,
    NAME_DIR,
    NAME_FILE,
    NAME_SUPER,
    NO_ID,
    STRUCT_CTZ,
    STRUCT_DIR,
    STRUCT_INLINE,
    TAIL_HARD,
    TAIL_SOFT,
    BlockWriter,
    superblock,
)

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
IMAGES = sorted(path for path in GOLDEN.glob("*.img") if path.stat().st_size <= 32768)
BLOCK_SIZES = (128, 256, 512)
KINDS = [CREATE, DELETE, NAME_FILE, NAME_FILE, NAME_DIR, NAME_DIR, 0x003]
KINDS += [STRUCT_INLINE, STRUCT_DIR, STRUCT_DIR, STRUCT_CTZ, STRUCT_CTZ, ATTR | 1]
KINDS += [TAIL_SOFT, TAIL_HARD, GSTATE, 0x7AA, 0x5AA]


def flip_bits(rng: random.Random, image: bytearray) -> None:
    for _ in range(rng.choice([1, 2, 8, 64])):
        image[rng.randrange(len(image))] ^= 1 << rng.randrange(8)


def set_words(rng: random.Random, image: bytearray) -> None:
    for _ in range(rng.choice([1, 4])):
        at = 4 * rng.randrange(len(image) // 4)
        word = rng.choice([0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF])
        image[at : at + 4] = word.to_bytes(4, "little")


def copy_block(rng: random.Random, image: bytearray) -> None:
    """As if a block had been written in another's place."""
    size = rng.choice(BLOCK_SIZES)
    source, target = (size * rng.randrange(len(image) // size) for _ in range(2))
    image[target : target + size] = image[source : source + size]


def erase_block(rng: random.Random, image: bytearray) -> None:
    size = rng.choice(BLOCK_SIZES)
    at = size * rng.randrange(len(image) // size)
    image[at : at + size] = bytes([rng.choice([0, 0xFF])]) * size


def cut_short(rng: random.Random, image: bytearray) -> None:
    del image[rng.randrange(len(image)) :]


DAMAGES = (flip_bits, set_words, copy_block, erase_block, cut_short)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_at_random(damage, rng, checker):
    for _ in many(1500, 100000):
        path = rng.choice(IMAGES)
        image = bytearray(path.read_bytes())
        damage(rng, image)
        outcome = checker(bytes(image))
        if outcome.driver_fails:
            assert outcome.is_damaged, (path.name, outcome)


def some_pair(rng: random.Random, blocks: int) -> tuple[int, int]:
    first = rng.randrange(blocks + 1)
    return (first, rng.choice([first, first ^ 1, first + 1, rng.randrange(blocks)]))


def some_data(rng: random.Random, blocks: int) -> bytes:
    words = [*some_pair(rng, blocks), rng.choice([0, 0x80000000, 0x4FF00400, 0xFFFFFFFF])]
    sizes = [rng.randrange(6000), rng.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF])]
    return rng.choice(
        [
            b"",
            struct.pack("<II", *words[:2]),
            struct.pack("<II", words[0], rng.choice(sizes)),
            struct.pack("<III", words[2], *words[:2]),
            bytes(rng.choice(b"/.abc\0") for _ in range(rng.randrange(6))),
        ]
    )


def some_log(rng: random.Random, blocks: int, start: bytes | None) -> bytes:
    """A log of any tags in any order, with CRCs that match; with a superblock if given."""
    writer = BlockWriter(128, rng.choice([0, 1, 2, 0x80000000, 0xFFFFFFFF]))
    if start is not None:
        writer.entry(NAME_SUPER, 0, b"littlefs").entry(STRUCT_INLINE, 0, start)
    for _ in range(rng.randrange(4)):
        for _ in range(rng.randrange(5)):
            kind = rng.choice(KINDS)
            length = rng.choice([None] * 20 + [DELETED])
            data = b"" if length == DELETED else some_data(rng, blocks)
            writer.entry(kind, rng.choice([0, 0, 1, 1, 2, 3, NO_ID]), data, length)
        writer.commit()
    return writer.commit().block()


def test_logs_of_anything(rng, checker):
    """Whatever valid commits say, together or against each other."""
    blocks = 16
    fails = 0
    for _ in many(8000, 500000):
        fields = superblock(128, blocks)
        image = b"".join(some_log(rng, blocks, fields if n < 2 else None) for n in range(blocks))
        outcome = checker(image)
        fails += outcome.driver_fails
        if outcome.driver_fails:
            assert outcome.is_damaged, (outcome, image.hex())
    assert fails
