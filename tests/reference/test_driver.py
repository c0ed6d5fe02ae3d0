# SPDX-License-Identifier: MIT
"""What our driver leaves on disk, read byte by byte, and taken up by the
reference: every golden image is written on, and the rules of the format that
only a writer can break are looked at in what it wrote."""

import json
import random
import struct

import pytest
from content import content
from manifests import MANIFESTS, without_attrs
from ours import Ours
from rawfs import STRUCT_DIR, Volume
from reference import Refused

VERSION_2_0, VERSION_2_1 = 0x00020000, 0x00020001


def settings_of(manifest: dict, cycles: int = -1) -> dict:
    geometry = manifest["geometry"]
    return {
        "block_size": geometry["block_size"],
        "read_size": geometry.get("read_size", 1),
        "prog_size": geometry["prog_size"],
        "cache_size": geometry["cache_size"],
        "lookahead_size": 16,
        "block_cycles": cycles,
        "disk_version": VERSION_2_1,
    }


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.stem)
def test_golden_images_are_written_on(manifest, ours, reference, tmp_path):
    """The first change brings a volume to rest and loses nothing: the version
    is ours, no move is pending, no orphan is left, and the reference agrees."""
    expected = json.loads(manifest.read_text(encoding="utf-8"))
    settings = settings_of(expected)
    settings["name_max"] = 1022
    image = manifest.with_name(expected["image"])
    ours.mount(image, settings, expected["geometry"]["erase_value"])
    tree = without_attrs(expected["tree"])
    assert ours.tree() == tree
    assert ours.used() == expected["used_blocks"]
    saved = tmp_path / "image"
    try:
        ours.mkdir("/~")
        tree = sorted(
            [*tree, {"path": "/~", "type": "dir", "attrs": {}}],
            key=lambda entry: entry["path"],
        )
    except Refused as error:
        assert error.code == -28
    ours.save(saved)
    volume = Volume(saved.read_bytes(), settings["block_size"])
    assert volume.version == VERSION_2_1
    assert volume.move is None
    assert without_attrs(volume.tree()) == tree
    if any(entry["path"] == "/~" for entry in tree):
        assert volume.gstate == (0, 0, 0)
    del settings["name_max"]
    try:
        reference("mount", image=str(saved), settings=settings)
    except Refused as error:
        assert error.code == -22 and expected["limits"]["name_max"] > 255
        return
    assert reference("tree") == tree


def work_hard(rng: random.Random, ours: Ours, steps: int) -> dict[str, bytes | None]:
    """Many names in two directories, with files that come and go."""
    ours.mkdir("/d")
    tree: dict[str, bytes | None] = {"/d": None}
    for step in range(steps):
        base = rng.choice(["", "/d"])
        path = f"{base}/{rng.randrange(400)}"
        try:
            if path in tree and rng.random() < 0.4:
                ours.remove(path)
                del tree[path]
            else:
                data = content(rng.randrange(40), step)
                ours.write(path, data)
                tree[path] = data
        except Refused as error:
            assert error.code == -28
            if path not in tree:
                tree[path] = b""
    return tree


def pairs_of(volume: Volume):
    for pair in volume.pairs:
        yield pair, volume.block(pair.blocks[0])


@pytest.mark.parametrize("version", [VERSION_2_0, VERSION_2_1])
@pytest.mark.parametrize("prog_size", [1, 16, 128])
def test_rules_of_what_is_written(version, prog_size, rng, ours, reference, tmp_path):
    """Commits start at prog units, pairs stay below the limit of entries, names
    are in order, no reserved bit is set, and the state is zero at rest."""
    settings = {
        "block_size": 512,
        "read_size": 1,
        "prog_size": prog_size,
        "cache_size": 128,
        "lookahead_size": 64,
        "block_cycles": -1,
        "disk_version": version,
    }
    reference("format", blocks=256, settings=settings)
    image = tmp_path / "image"
    reference("save", image=str(image))
    ours.mount(image, settings)
    tree = work_hard(rng, ours, 400)
    ours.save(image)
    volume = Volume(image.read_bytes(), 512)
    assert volume.version == version
    assert volume.gstate == (0, 0, 0)
    heads = set()
    for pair, _ in pairs_of(volume):
        assert all(end % prog_size == 0 for end in pair.ends)
        assert len(pair.slots) <= 254
        assert pair.gstate[0] & 0x3FF == 0
        names = [[*slot.name, 256] for slot in pair.slots if slot.kind != 0x0FF]
        assert names == sorted(names)
        heads.update(
            frozenset(struct.unpack("<II", slot.data))
            for slot in pair.slots
            if slot.struct == STRUCT_DIR
        )
    chains = [pair for pair in volume.pairs if pair.hard]
    assert chains, "nothing was split"
    found = {entry["path"]: entry for entry in volume.tree()}
    assert found.keys() == tree.keys()
    reference("mount", image=str(image), settings=settings)
    for path in tree:
        if tree[path] is not None:
            assert reference("stat", path=path) == [1, len(tree[path])], path


def test_fcrcs_are_written_by_2_1_alone(rng, ours, reference, tmp_path):
    """A 2.0 driver would take an FCRC for a commit's CRC."""
    for version in (VERSION_2_0, VERSION_2_1):
        settings = {
            "block_size": 512,
            "read_size": 16,
            "prog_size": 16,
            "cache_size": 64,
            "lookahead_size": 16,
            "block_cycles": -1,
            "disk_version": version,
        }
        reference("format", blocks=64, settings=settings)
        image = tmp_path / f"image{version}"
        reference("save", image=str(image))
        ours.mount(image, settings)
        work_hard(rng, ours, 60)
        ours.save(image)
        volume = Volume(image.read_bytes(), 512)
        kinds = {
            kind
            for _, block in pairs_of(volume)
            for kind in volume.kinds(block)
        }
        assert (0x5FF in kinds) == (version == VERSION_2_1)


@pytest.mark.parametrize("cycles", [1, 2, 7])
def test_wear_moves_pairs_and_expands_the_superblock(cycles, ours, reference, tmp_path):
    """{0, 1} stays, with the magic in both blocks and a copy of the superblock;
    the root moves on, and grows with all its copies."""
    settings = {
        "block_size": 512,
        "read_size": 16,
        "prog_size": 16,
        "cache_size": 64,
        "lookahead_size": 16,
        "block_cycles": cycles,
        "disk_version": VERSION_2_1,
    }
    reference("format", blocks=64, settings=settings)
    image = tmp_path / "image"
    reference("save", image=str(image))
    ours.mount(image, settings)
    ours.mkdir("/d")
    for turn in range(200):
        ours.write("/d/f", content(50, turn))
        ours.write("/r", content(40, turn))
    ours.save(image)
    raw = image.read_bytes()
    volume = Volume(raw, 512)
    assert raw[8:16] == raw[512 + 8 : 512 + 16] == b"littlefs"
    assert len(volume.superblocks) > 1
    assert set(volume.pairs[0].blocks) == {0, 1} and volume.pairs[0].hard
    assert len(volume.pairs[0].slots) == 1
    reference("mount", image=str(image), settings=settings)
    assert [e["path"] for e in reference("tree")] == ["/d", "/d/f", "/r"]
