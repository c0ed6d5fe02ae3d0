# SPDX-License-Identifier: MIT
"""Every field of every structure is changed, and the check must find it.

A mutation counts if it changes what the image means, as tests/support/rawfs.py
reads it, or makes it unreadable, or is of a structure that only others read. It
must be found, unless it is of one of the classes below: what it leaves is a
volume without a contradiction, another than before, and nothing in it says so.
Each class is decided by comparing what is read before and after, and each names
what cannot be known in principle.

It takes half a minute. `pytest -s` shows the figures, and LFSKIT_LONG=1 takes all
golden images instead of a few.
"""

import json
import re
import struct
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cases import LONG
from fields import Block, Mutation, of_image
from meaning import Meaning, Node, read
from rawfs import FCRC, NAME_DIR, STRUCT_INLINE, Volume, ctz, fold

GOLDEN = Path(__file__).parents[1] / "golden"
# Every structure there is, in both versions, at rest and cut.
FEW = """attributes ctz_boundaries_b128 cut_rename_03 erased_to_zero expanded_b128 fcrc_in_2p0
formatted_2p0_b128 grown_twice half_orphan_worn inline_log orphan_removed renamed split_root""".split()
IMAGES = sorted(path.stem for path in GOLDEN.glob("*.img"))
FINDINGS = Path(__file__).parents[2] / "docs" / "FINDINGS.md"
# Kinds of findings that no single field leads to: a loop, and bad blocks of a device.
ELSEWHERE = {"LFK-207", "LFK-401", "LFK-506"}
# What the reader here makes no use of, but others do.
FOR_OTHERS = ("magic", "other superblock", "CTZ pointer")


def is_possible(name: bytes) -> bool:
    return name not in (b"", b".", b"..") and b"/" not in name and b"\0" not in name


def is_in_order(meaning: Meaning) -> bool:
    """Every directory's names are possible, and stand in their order."""
    names: dict[tuple[bytes, ...], list[bytes]] = {}
    for path in meaning.nodes:
        names.setdefault(path[:-1], []).append(path[-1])
    for directory in names.values():
        # With a value above all bytes at its end, the longer of two names sorts first.
        if directory != sorted(directory, key=lambda name: [*name, 256]):
            return False
    return all(is_possible(path[-1]) for path in meaning.nodes)


def is_sound_list(image: bytes, block_size: int, blocks: tuple[int, ...]) -> bool:
    """Each pointer of each block of a file names the block that it should."""
    for index, number in enumerate(blocks):
        if index == 0:
            continue
        count = ctz(index) + 1
        pointers = struct.unpack_from(f"<{count}I", image, number * block_size)
        if any(blocks[index - (1 << x)] != p for x, p in enumerate(pointers)):
            return False
    return len(set(blocks)) == len(blocks)


def is_one_subtree(before: dict, after: dict) -> bool:
    """What is missing is one entry with all below it, and so is what was added."""
    for a, b in ((before, after), (after, before)):
        gone = sorted(a.keys() - b.keys(), key=len)
        if any(path[: len(gone[0])] != gone[0] for path in gone):
            return False
    return all(before[path] == after[path] for path in before.keys() & after.keys())


class Case:
    """One image, and what a mutation of it has changed."""

    def __init__(self, name: str):
        manifest = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        self.name = name
        self.block_size = manifest["geometry"]["block_size"]
        self.is_2p0 = manifest["disk_version"] == "2.0"
        self.image = (GOLDEN / f"{name}.img").read_bytes()
        self.before = read(self.image, self.block_size)
        assert self.before is not None
        self.earlier: dict[int, list[tuple[bool, Meaning | None]]] = {}

    @property
    def has_second_copy(self) -> bool:
        """Both blocks of the root pair hold a superblock."""
        return all(Block(self.image, self.block_size, number).commits for number in (0, 1))

    @property
    def was_at_2p0(self) -> bool:
        """The block of the root pair that does not count says 2.0."""
        other = Volume(self.image, self.block_size).pairs[0].blocks[1]
        pair = fold(Block(self.image, self.block_size, other).bytes, (other, other))
        return pair is not None and pair.slots[0].data[:4] == struct.pack("<I", 0x20000)

    def earlier_states(self, number: int) -> list[tuple[bool, Meaning | None]]:
        """What is read if a block, or the other of its pair, had less of its commits,
        or none: whether the last one left says that what follows it is erased, and
        the meaning."""
        if number not in self.earlier:
            states = self.earlier[number] = []
            for pair in filter(lambda pair: number in pair, self.before.pairs):
                for half in pair:
                    states += self.earlier_states_of_block(half)
        return self.earlier[number]

    def used(self, meaning: Meaning) -> Counter:
        owners = Counter(b for pair in meaning.pairs for b in pair)
        for node in meaning.nodes.values():
            owners.update(node.blocks)
        return owners

    def is_written_as_2p1(self, number: int) -> bool:
        """The last superblock in a block is in a commit that ends as 2.1 has it."""
        for commit in reversed(Block(self.image, self.block_size, number).commits):
            if any((tag.kind, tag.id) == (STRUCT_INLINE, 0) for tag in commit.tags):
                return any(tag.kind == FCRC for tag in commit.tags)
        return False

    def earlier_states_of_block(self, number: int) -> list[tuple[bool, Meaning | None]]:
        block = Block(self.image, self.block_size, number)
        states = []
        for count, commit in enumerate(block.commits):
            cut = bytearray(block.bytes[: commit.start].ljust(self.block_size, b"\xff"))
            tags = block.commits[count - 1].tags if count else []
            guarded = any(tag.kind == FCRC for tag in tags)
            states.append((guarded, read(block.put(cut), self.block_size)))
        return states

    def is_whole_as_before(self, after: Meaning) -> bool:
        """Nothing in it contradicts anything else, as far as that was so before."""
        before = self.before
        return (
            (after.superblock, after.gstate) == (before.superblock, before.gstate)
            and after.loose == before.loose
            and is_in_order(after)
        )

    def unfindable(self, mutation: Mutation, after: Meaning | None) -> str | None:
        """The class of what cannot be found in principle, or None."""
        if mutation.structure == "other superblock":
            return self.unfindable_in_other(mutation)
        if after is None or max(self.used(after).values()) > 1:
            return None
        for guarded, state in self.earlier_states(mutation.block):
            if after == state and not guarded:
                return "an earlier state of a pair, whole in itself"
        if after.superblock != self.before.superblock:
            return self.unfindable_in_superblock(mutation, after)
        return (
            self.unfindable_in_entries(mutation, after)
            or self.unfindable_in_pairs(after)
            or self.unfindable_elsewhere(mutation, after)
        )

    def unfindable_in_other(self, mutation: Mutation) -> str | None:
        """In the copy of the superblock that does not count."""
        if mutation.block > 1:
            return "a block that may be left of another volume"
        versions = range(0x20000, int.from_bytes(self.before.superblock[:4], "little") + 1)
        if mutation.what.startswith("word 2:") or int(mutation.what.split()[-1], 16) in versions:
            return "another size or an earlier version, as the volume may have had"
        return None

    def unfindable_in_superblock(self, mutation: Mutation, after: Meaning) -> str | None:
        if replace(after, superblock=b"") != replace(self.before, superblock=b""):
            return None
        at_2p0, at_2p1 = (
            struct.pack("<I", version) + self.before.superblock[4:]
            for version in (0x20000, 0x20001)
        )
        if after.superblock == at_2p1 and self.is_written_as_2p1(mutation.block):
            return "another version, in a commit that suits it"
        if after.superblock == at_2p0 and self.was_at_2p0:
            return "the version that the other copy has"
        return None if self.has_second_copy else "another value of a superblock without a copy"

    def unfindable_in_entries(self, mutation: Mutation, after: Meaning) -> str | None:
        """In data, attributes and names: the pairs and the state are as they were."""
        old, new = self.before.nodes, after.nodes
        if (after.gstate, after.pairs) != (self.before.gstate, self.before.pairs):
            return None
        if old.keys() == new.keys():
            changed = [(old[p], new[p]) for p in old if old[p] != new[p]]
            if not all(a.kind == b.kind for a, b in changed):
                return None
            if all(a.blocks == b.blocks for a, b in changed):
                if all(a.kind != NAME_DIR or a.data == b.data for a, b in changed):
                    return "other bytes in a file or an attribute, or another attribute"
            elif all(is_sound_list(mutation.image, self.block_size, b.blocks) for _, b in changed):
                return "another list of blocks for a file, whole in itself"
        if after.root_attrs == self.before.root_attrs and is_in_order(after):
            if sorted(map(repr, old.values())) == sorted(map(repr, new.values())):
                return "another name that is possible and in its order"
        return None

    def unfindable_in_pairs(self, after: Meaning) -> str | None:
        """All that is read is as it was; only the numbers of blocks are not."""
        before = self.before
        if (after.nodes, after.root_attrs) != (before.nodes, before.root_attrs):
            return None
        if (after.gstate, after.current) == (before.gstate, before.current):
            return "another block for the half of a pair that does not count"
        (word, *old), (new_word, *new) = before.gstate, after.gstate
        if after.pairs == before.pairs and word == new_word and set(old) & set(new):
            return "another block for the half of a pending rename's pair that is not looked at"
        return None

    def unfindable_elsewhere(self, mutation: Mutation, after: Meaning) -> str | None:
        if not self.is_whole_as_before(after):
            return None
        # A directory's pointer and the list differ while a pair is being moved.
        moving = mutation.structure == "directory pointer" and self.before.gstate[0] >> 31
        if mutation.structure == "tail" or moving:
            return "another half for a pair, and what is read is whole"
        if mutation.structure == "DELETE tag" and is_one_subtree(self.before.nodes, after.nodes):
            return "another entry removed than was"
        return None


class Figures:
    def __init__(self):
        self.mutations: Counter = Counter()
        self.telling: Counter = Counter()
        self.found: Counter = Counter()
        self.classes: Counter = Counter()
        self.codes: set[str] = set()
        self.missed: list[tuple[str, Mutation]] = []

    def add(self, case: Case, mutation: Mutation, found: bool) -> None:
        self.mutations[mutation.structure] += 1
        after = read(mutation.image, case.block_size)
        if after == case.before and mutation.structure not in FOR_OTHERS:
            return
        self.telling[mutation.structure] += 1
        if found:
            self.found[mutation.structure] += 1
            return
        reason = case.unfindable(mutation, after)
        if reason:
            self.classes[reason] += 1
        else:
            self.missed.append((case.name, mutation))

    def show(self) -> None:
        print(f"\n{'structure':24}{'mutations':>10}{'telling':>10}{'found':>10}")
        for structure, count in self.mutations.items():
            print(f"{structure:24}{count:10}{self.telling[structure]:10}{self.found[structure]:10}")
        total = [c.total() for c in (self.mutations, self.telling, self.found)]
        print(f"{'all':24}{total[0]:10}{total[1]:10}{total[2]:10}")
        print("not found, as they cannot be found in principle:")
        for reason, count in self.classes.most_common():
            print(f"{count:10}  {reason}")
        print(f"{len(self.missed):10}  missed")
        for name, mutation in self.missed[:200]:
            print(f"    {name}: block {mutation.block}: {mutation.structure}: {mutation.what}")


def run(checker, names: list[str], rot: bool) -> Figures:
    figures = Figures()
    for name in names:
        case = Case(name)
        base = checker(case.image)
        assert base.status == 0
        for mutation in of_image(case.image, case.block_size, rot):
            outcome = checker(mutation.image)
            if outcome.driver_fails:
                assert outcome.is_damaged, f"the driver fails: {name}, {mutation}"
            found = outcome.status < 0 or outcome.findings != base.findings
            figures.codes.update(outcome.codes)
            figures.add(case, mutation, found)
    figures.show()
    return figures


def test_every_mutation_of_a_field_is_found(checker):
    figures = run(checker, IMAGES if LONG else FEW, rot=False)
    assert not figures.missed
    assert figures.telling.total() > 20000
    page = FINDINGS.read_text(encoding="utf-8")
    assert set(re.findall(r"^### (LFK-\d+)", page, re.M)) - figures.codes <= ELSEWHERE


def test_every_rotten_bit_is_found(checker):
    figures = run(checker, IMAGES if LONG else FEW[2:5], rot=True)
    assert not figures.missed
