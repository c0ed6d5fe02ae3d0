# SPDX-License-Identifier: MIT
"""The reference reads, repairs and writes on what every cut of every scenario
leaves (tests/fs/scenario.c), and sees the tree that is there."""

import struct
import subprocess

import pytest
from manifests import without_attrs
from rawfs import Volume
from reference import NO_ROOM, Refused


@pytest.fixture(scope="module")
def cut_images(test_programs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cuts")
    made = subprocess.run([test_programs / "fs" / "cut_images", folder], capture_output=True, text=True, check=True)
    return folder, [line.split(" ", 6) for line in made.stdout.splitlines()]


def with_directory(tree: list[dict], path: str) -> list[dict]:
    entry = {"path": path, "type": "dir", "attrs": {}}
    return sorted([*tree, entry], key=lambda item: item["path"])


def settings_of(line: list[str]) -> dict:
    block_size, prog_size, cache_size, version = map(int, line[1:5])
    return {
        "block_size": block_size,
        "read_size": 1,
        "prog_size": prog_size,
        "cache_size": cache_size,
        "lookahead_size": 16,
        "block_cycles": -1,
        "disk_version": version,
    }


def test_the_reference_reads_every_cut(cut_images, reference, tmp_path):
    folder, lines = cut_images
    pending = 0
    for line in lines:
        raw = (folder / line[0]).read_bytes()
        settings = settings_of(line)
        volume = Volume(raw, settings["block_size"])
        tree = without_attrs(volume.tree())
        image = tmp_path / "image"
        image.write_bytes(raw[: volume.block_count * settings["block_size"]])
        erased = int(line[5])
        # A growth that was cut between two copies of the superblock is refused to who insists.
        counts = {struct.unpack_from("<I", pair.slots[0].data, 8) for pair in volume.superblocks}
        reference("mount", image=str(image), settings=settings, any_count=len(counts) > 1)
        reference("erases_to", value=None if erased < 0 else erased)
        # While a rename is not ended, the reference hides a neighbour of its source.
        if volume.move is None:
            assert reference("tree") == tree, line
        pending += volume.move is not None
        try:
            reference("mkdir", path="/after")
            tree = with_directory(tree, "/after")
        except Refused as error:
            assert error.code in NO_ROOM, line
        else:
            reference("repair")
        assert reference("tree") == tree, line
        reference("save", image=str(image))
        after = Volume(image.read_bytes(), settings["block_size"])
        assert without_attrs(after.tree()) == tree, line
        assert after.move is None or after.move == volume.move
    print(f"{len(lines)} cuts, in {pending} of them with a rename to end")
    assert pending > 0
