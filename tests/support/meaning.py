# SPDX-License-Identifier: MIT
"""What an image means, as read by rawfs: enough to tell whether a change of
some bytes changed anything for those who read it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from rawfs import ATTR, NAME_DIR, STRUCT_INLINE, Broken, Entry, Volume

Path = tuple[bytes, ...]


@dataclass(frozen=True)
class Node:
    kind: int
    data: bytes | tuple[int, int] | None  # of a file; of a directory its pair
    attrs: tuple[tuple[int, bytes], ...]
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class Meaning:
    superblock: bytes
    gstate: tuple[int, ...]
    root_attrs: tuple[tuple[int, bytes], ...]
    nodes: dict[Path, Node]  # in the order of their directories
    pairs: tuple[frozenset[int], ...]
    current: tuple[int, ...]  # the block of each pair that counts
    reached: frozenset[frozenset[int]]  # pairs of the root and all below it

    @property
    def loose(self) -> int:
        """Pairs that are on the list or in the tree, and not in the other."""
        return len(self.reached ^ frozenset(self.pairs))


def _node(volume: Volume, entry: Entry) -> Node:
    attrs = tuple(sorted(entry.attrs.items()))
    if entry.kind == NAME_DIR:
        pair = struct.unpack("<II", entry.data)
        return Node(entry.kind, tuple(sorted(pair)), attrs, ())
    if entry.struct == STRUCT_INLINE:
        return Node(entry.kind, entry.data, attrs, ())
    head, size = struct.unpack("<II", entry.data)
    if size > len(volume.image):
        raise Broken("a file is larger than the image")
    return Node(
        entry.kind, volume.content(entry), attrs, tuple(volume.file_blocks(head, size))
    )


def _chain(volume: Volume, head: tuple[int, int]) -> Iterator[frozenset[int]]:
    """The pairs of a directory."""
    pair = volume.pair(head)
    yield frozenset(pair.blocks)
    while pair.hard and pair.tail is not None:
        pair = volume.pair(pair.tail)
        yield frozenset(pair.blocks)


def _reached(volume: Volume, nodes: dict[Path, Node]) -> frozenset[frozenset[int]]:
    """_nodes has been through all chains, so they end."""
    heads = [node.data for node in nodes.values() if node.kind == NAME_DIR]
    found = {frozenset(pair.blocks) for pair in volume.superblocks}
    for head in [volume.root.blocks, *heads]:
        found.update(_chain(volume, head))
    return frozenset(found)


def _nodes(volume: Volume) -> dict[Path, Node]:
    nodes: dict[Path, Node] = {}
    todo: list[tuple[Path, tuple[int, int]]] = [((), volume.root.blocks)]
    seen = {frozenset(volume.root.blocks)}
    while todo:
        base, head = todo.pop()
        for entry, hidden in volume.directory(head):
            path = (*base, entry.name)
            if hidden:
                continue
            if path in nodes:
                raise Broken(f"{path} is there twice")
            nodes[path] = _node(volume, entry)
            if entry.kind == NAME_DIR:
                pair = frozenset(nodes[path].data)
                if pair in seen:
                    raise Broken(f"{path} is a directory met before")
                seen.add(pair)
                todo.append((path, nodes[path].data))
    return nodes


def read(image: bytes, block_size: int) -> Meaning | None:
    """None if it cannot be read whole."""
    try:
        volume = Volume(image, block_size)
        nodes = _nodes(volume)
        return Meaning(
            superblock=volume.root.slots[0].data,
            gstate=(volume.gstate[0] & ~0x3FF, *volume.gstate[1:]),
            root_attrs=tuple(sorted(volume.root.slots[0].attrs.items())),
            nodes=nodes,
            pairs=tuple(frozenset(pair.blocks) for pair in volume.pairs),
            current=tuple(pair.blocks[0] for pair in volume.pairs),
            reached=_reached(volume, nodes),
        )
    except (Broken, LookupError, struct.error):
        return None
