# SPDX-License-Identifier: MIT
"""What the random tests are made of: trees, the sizes that matter, settings."""

import hashlib
import os
import random
from pathlib import Path

from content import content
from rawfs import ctz

NAME_BYTES = "abcdefghijklmnopqrstuvwxyzABCDXYZ0123456789._-~ +#éß"
LONG = os.environ.get("LFSKIT_LONG") == "1"


def many(usual: int, long: int) -> range:
    """Cases of a random test: the usual number, or more with LFSKIT_LONG=1."""
    return range(long if LONG else usual)


def block_starts(block_size: int, blocks: int) -> list[int]:
    """File offsets at which the first blocks of a CTZ list begin."""
    starts, at = [], 0
    for index in range(blocks):
        starts.append(at)
        at += block_size - (4 * (ctz(index) + 1) if index else 0)
    return starts


def edge_sizes(block_size: int, inline_max: int, blocks: int = 10) -> list[int]:
    """Sizes at, just below and just above every limit of a file's form."""
    edges = {0, inline_max, 1022, *block_starts(block_size, blocks)}
    return sorted({e + d for e in edges for d in (-1, 0, 1) if e + d >= 0})


def entry(path: str, data: bytes | None) -> dict:
    """A manifest's entry: of a directory if there is no data."""
    if data is None:
        return {"path": path, "type": "dir", "attrs": {}}
    return {
        "path": path,
        "type": "file",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "attrs": {},
    }


class Tree:
    """A tree of files given by size and salt: path -> (size, salt), None for a
    directory. What is written over a file is kept as its bytes."""

    def __init__(self):
        self.nodes: dict[str, bytes | tuple[int, int] | None] = {}

    def data(self, path: str) -> bytes | None:
        node = self.nodes[path]
        return content(*node) if isinstance(node, tuple) else node

    def entries(self) -> list[dict]:
        return [entry(path, self.data(path)) for path in sorted(self.nodes)]

    def files(self) -> list[str]:
        return [path for path, node in self.nodes.items() if node is not None]

    def directories(self) -> list[str]:
        return ["", *(path for path, node in self.nodes.items() if node is None)]

    def children(self, path: str) -> list[str]:
        return [p for p in self.nodes if p.startswith(path + "/")]

    def store(self, folder: Path, order: list[str] | None = None) -> Path:
        """Write it to the host, in the given order or the tree's own."""
        folder.mkdir()
        for path in order or self.nodes:
            host = folder / path[1:]
            host.parent.mkdir(parents=True, exist_ok=True)
            data = self.data(path)
            if data is None:
                host.mkdir(exist_ok=True)
            else:
                host.write_bytes(data)
        return folder


def last_of_siblings(tree: Tree, path: str) -> bool:
    """Whether no name stands behind this one in its directory."""
    base, name = path.rsplit("/", 1)
    siblings = [p.rsplit("/", 1) for p in tree.nodes]
    # A name stands before those it begins with: end them with more than any byte.
    order = [[*other.encode(), 256] for folder, other in siblings if folder == base]
    return [*name.encode(), 256] == max(order)


def random_name(rng: random.Random, longest: int) -> str:
    length = rng.choice([1, 2, rng.randint(3, 12), rng.randint(1, longest)])
    while True:
        name = "".join(rng.choice(NAME_BYTES) for _ in range(length))
        name = name.encode()[:longest].decode(errors="ignore")
        if name and name not in (".", ".."):
            return name


def random_tree(
    rng: random.Random, sizes: list[int], entries: int, longest: int = 40
) -> Tree:
    """Files of those sizes, and directories, in a shape of any kind."""
    tree = Tree()
    bushy = rng.random()
    for _ in range(entries):
        base = rng.choice(tree.directories()) if rng.random() < bushy else ""
        path = f"{base}/{random_name(rng, longest)}"
        if path in tree.nodes:
            continue
        directory = rng.random() < 0.25
        size = rng.choice(sizes) if rng.random() < 0.7 else rng.randint(0, max(sizes))
        tree.nodes[path] = None if directory else (size, rng.randrange(10**6))
    return tree


def random_settings(rng: random.Random, block_size: int, version: int) -> dict:
    """Settings of the reference for a device with that block size."""
    whole = [n for n in range(1, block_size + 1) if block_size % n == 0]
    # Not so small that each block takes the reference hundreds of reads.
    cache = rng.choice([n for n in whole if n >= max(64, block_size // 32)])
    parts = [n for n in whole if cache % n == 0]
    return {
        "block_size": block_size,
        "read_size": rng.choice(parts),
        "prog_size": rng.choice(parts),
        "cache_size": cache,
        "lookahead_size": rng.choice([8, 16, 64]),
        "block_cycles": -1,
        "disk_version": version,
    }
