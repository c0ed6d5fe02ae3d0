# SPDX-License-Identifier: MIT
"""How many blocks an image uses, and how few could be enough."""

import math
import os
from pathlib import Path

import reference
from programs import Settings
from report import Lines, grouped, kept, table
from trees import Tree
from workshop import Workshop, log, remove

TAG = 4
POINTERS = 8  # a pair of blocks, or the head and size of a CTZ list
# Of each metadata block: its revision, the tail, the CRC and what goes with them.
OVERHEAD = 48
OVER_BOUND = 1.01

# Block size and longest inline file.
SETTINGS = [(4096, 512), (4096, 256), (512, 64), (131072, 512)]


def data_blocks(size: int, block_size: int) -> int:
    """Blocks of a CTZ list of that many bytes."""
    blocks = 1
    room = block_size
    while room < size:
        pointers = (blocks & -blocks).bit_length()
        room += block_size - 4 * pointers
        blocks += 1
    return blocks


def fewest(tree: Path, block_size: int, inline: int) -> int:
    """Blocks if each directory's entries filled whole pairs, with no more than
    the last one partly empty. No packer of whole entries can promise that."""
    blocks = 0
    for base, subs, names in os.walk(tree):
        log_size = sum(2 * TAG + len(os.fsencode(name)) + POINTERS for name in subs)
        for name in names:
            size = os.path.getsize(os.path.join(base, name))
            small = size <= inline
            log_size += 2 * TAG + len(os.fsencode(name)) + (size if small else POINTERS)
            blocks += 0 if small else data_blocks(size, block_size)
        blocks += 2 * max(1, math.ceil(log_size / (block_size - OVERHEAD)))
    return blocks


def used(workshop: Workshop, tree: Tree, program, settings: Settings) -> int:
    """Blocks in use, as littlefs counts them."""
    image = workshop.fresh("img")
    workshop.run(program.pack(workshop.forest.path(tree), image, settings))
    # littlefs-python's cache is a block.
    size = settings.block_size
    found = reference.ask(workshop.reference.python, "used", image, {"block_size": size})
    remove(image)
    return found


def row(workshop: Workshop, tree: Tree, block_size: int, inline: int) -> list[str]:
    settings = workshop.roomy(tree, block_size, inline)
    programs = (workshop.lfskit, workshop.reference)
    ours, theirs = (used(workshop, tree, program, settings) for program in programs)
    bound = fewest(workshop.forest.path(tree), block_size, inline)
    title = f"{tree.title}, blocks of {block_size}, inline to {inline}"
    numbers = [grouped(n) for n in (ours, theirs, bound)]
    return [title, *numbers, f"{ours / bound:.3f}", kept(ours, theirs)]


def section(workshop: Workshop, trees: list[Tree]) -> Lines:
    if not workshop.reference:
        return ["Left out: there is no littlefs-python.", ""]
    rows = []
    for tree in trees:
        log(f"space: {tree.title}")
        chosen = SETTINGS if tree.name == "web" else SETTINGS[:2]
        rows += [row(workshop, tree, *settings) for settings in chosen]
    head = ["Blocks used", "lfskit", "littlefs-python", "full packing"]
    return table([*head, "lfskit / full packing", "not above littlefs-python"], rows)
