# SPDX-License-Identifier: MIT
"""info: what an image is, how full it is, and what is odd about it."""

import json
import shutil
from pathlib import Path

import pytest
from crafted import Crafted, ctz_file, directory, file
from rawfs import Volume
from transcript import done, failed, plant

GOLDEN = Path(__file__).parents[1] / "golden"

STALE = "a metadata pair is read from its older block, the newer one being bad"
TORN = "a metadata log ends in a torn commit"
CUT = "a change was cut: the list of metadata pairs is to be repaired at the next write"


def facts(lfskit, image: str | Path) -> dict:
    return json.loads(done(lfskit, "info", "--json", image))


def odd(lfskit, image: str | Path) -> list[str]:
    """What is odd, which text and JSON say alike."""
    lines = done(lfskit, "info", image).partition("\nOdd:")[2].splitlines()
    found = facts(lfskit, image)["odd"]
    assert [line.strip() for line in lines] == found
    return found


# --- the page and the object ------------------------------------------------------------


@pytest.fixture
def image(lfskit) -> str:
    plant({"src/a": b"a" * 300, "src/b": b"b", "src/d/large": bytes(9000)})
    plant({"src/d/void": b"", "src/e": None})
    options = ["--fs-size=64k", "--name-max=64", "--file-max=1M", "--attr-max=512"]
    done(lfskit, "create", "-q", "src", "i.img", *options, "--disk-version=2.0")
    return "i.img"


def newest(image: str) -> int:
    """The highest revision: what it is is the builder's to choose."""
    return max(pair.revision for pair in Volume(Path(image).read_bytes(), 4096).pairs)


def test_text(image, lfskit):
    assert done(lfskit, "info", image) == f"""\
Image:           i.img, 65536 bytes
Disk version:    2.0
Volume:          16 blocks of 4096 bytes, 65536 bytes
Limits:          names 64, files 1048576, attributes 512 bytes
Used:            9 blocks, of them 6 of metadata
Free:            7 blocks, 28672 bytes
Directories:     2
Files:           4, 9301 bytes; largest: 9000, /d/large
Inline files:    3; largest: 300, /a
Device cache:    safe from 512 bytes on
Metadata pairs:  3, revisions 1 to {newest(image)}; {{0, 1}} has 2, the root is {{1, 0}}
"""


def test_json(image, lfskit):
    assert facts(lfskit, image) == {
        "disk_version": "2.0",
        "block_size": 4096,
        "block_count": 16,
        "limits": {"name_max": 64, "file_max": 1048576, "attr_max": 512},
        "image_size": 65536,
        "used_blocks": 9,
        "free_blocks": 7,
        "metadata_pairs": 3,
        "superblocks": 1,
        "root_pair": [1, 0],
        "revision": 2,
        "revision_min": 1,
        "revision_max": newest(image),
        "gstate": {"sync_bit": False, "move": None},
        "files": 4,
        "directories": 2,
        "bytes": 9301,
        "inline_files": 3,
        "largest": {"path": "/d/large", "size": 9000},
        "largest_inline": {"path": "/a", "size": 300},
        "safe_cache_size": 512,
        "root_attrs": {},
        "odd": [],
    }


def test_an_empty_volume(lfskit):
    plant({"src": None})
    done(lfskit, "create", "-q", "src", "i.img", "--block-size=512")
    assert done(lfskit, "info", "i.img") == """\
Image:           i.img, 1024 bytes
Disk version:    2.1
Volume:          2 blocks of 512 bytes, 1024 bytes
Limits:          names 255, files 2147483647, attributes 1022 bytes
Used:            2 blocks, of them 2 of metadata
Free:            0 blocks, 0 bytes
Directories:     0
Files:           0, 0 bytes
Inline files:    0
Device cache:    any size is safe
Metadata pairs:  1, revisions 2 to 2; {0, 1} has 2, the root is {1, 0}
"""
    found = facts(lfskit, "i.img")
    assert (found["largest"], found["largest_inline"], found["safe_cache_size"]) == (None, None, 0)


@pytest.mark.parametrize(
    "largest, block_size, safe",
    [(1, 512, 1), (5, 512, 8), (64, 512, 64), (65, 1024, 128), (100, 1000, 100), (30, 384, 32)],
)
def test_the_cache_from_which_a_device_is_safe(largest, block_size, safe, lfskit):
    """The least divisor of the block that holds every inline file."""
    image = Crafted(block_size).pair(0, [file(b"f", bytes(largest)), file(b"g", b"")]).save()
    assert facts(lfskit, image)["safe_cache_size"] == safe
    assert f"Device cache:    safe from {safe} bytes on\n" in done(lfskit, "info", image)


def test_attributes_of_the_root(lfskit):
    found = facts(lfskit, GOLDEN / "attributes.img")
    assert found["root_attrs"] == {"0x63": "6d616465", "0x74": "0000000000000000"}


def test_paths_cannot_steer_the_terminal(lfskit):
    image = Crafted().pair(0, [file(b"a\x1b[31m\n", b"x")]).save()
    Path(image).rename("i\x1b.img")
    output = done(lfskit, "info", "i\x1b.img")
    assert "Image:           i\\x1b.img, 8192 bytes\n" in output
    assert "largest: 1, /a\\x1b[31m\\x0a\n" in output
    assert "\x1b" not in output
    assert facts(lfskit, "i\x1b.img")["largest"]["path"] == "/a\x1b[31m\n"


def test_names_that_do_not_decode_are_no_failure(lfskit):
    """Nothing is lost by them here, where only one or two are shown."""
    image = Crafted().pair(0, [file(b"\xff", b"x")]).save()
    assert "largest: 1, /\\xff\n" in done(lfskit, "info", image)
    assert facts(lfskit, image)["largest"]["path"] == "/\ufffd"


def test_verbose_begins_with_the_configuration(image, lfskit):
    output = done(lfskit, "info", "-v", image)
    start = """\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      65536  /  0x10000
  Block Count:        16
  Name Max:           64
  Image:       i.img
"""
    assert output == start + done(lfskit, "info", image)
    assert done(lfskit, "info", "-v", "--json", image) == done(lfskit, "info", "--json", image)


# --- what is odd --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, said",
    [
        ("formatted_2p1_b1024", []),
        ("nested_deep", []),
        ("revision_wraps", []),
        ("move_pending", ["a rename was cut: its source, entry 1 of pair {15, 16}, is hidden and "
                          "will be removed at the next write"]),
        ("move_pending_split_root", ["a rename was cut: its source, entry 1 of pair {11, 10}, is "
                                     "hidden and will be removed at the next write"]),
        ("move_over_directory", ["a rename was cut: its source, entry 4 of pair {15, 16}, is hidden "
                                 "and will be removed at the next write", CUT]),
        ("orphan_created", [CUT]),
        ("orphan_removed", [CUT]),
        ("half_orphan_worn", [CUT]),
        ("torn_at_1", [TORN]),
        ("torn_at_5", [TORN]),
        ("torn_at_16", [TORN]),
        ("torn_at_30", [TORN]),
        ("compaction_torn", [STALE]),
        ("compaction_revision_only", [STALE]),
        ("cut_rename_03", ["a rename was cut: its source, entry 0 of pair {2, 3}, is hidden and will "
                           "be removed at the next write", STALE]),
    ],
)  # fmt: skip
def test_what_the_reference_left_unfinished(name, said, lfskit):
    assert odd(lfskit, GOLDEN / f"{name}.img") == said


def test_several_of_a_kind_are_counted(lfskit):
    torn = Crafted().pair(0, [directory(b"d", (2, 3))], tail=(2, 3)).pair(2, [file(b"f")])
    for block in (0, 2):
        end = torn.blocks[block].rstrip(b"\xff")
        end += bytes(-len(end) % 16)
        torn.block(block, end + b"\x00" * 7)
    assert odd(lfskit, torn.save()) == ["2 metadata logs end in a torn commit"]

    stale = Crafted().pair(0, [directory(b"d", (2, 3))], tail=(2, 3), revision=4)
    stale.pair(2, [file(b"f")], revision=4)
    for block in (1, 3):
        stale.block(block, b"\x05\x00\x00\x00garbage")
    assert odd(lfskit, stale.save()) == [
        "2 metadata pairs are read from their older block, the newer one being bad"
    ]


def test_images_of_another_length(lfskit):
    shutil.copy(GOLDEN / "formatted_2p1_b1024.img", "i.img")
    whole = Path("i.img").read_bytes()
    Path("i.img").write_bytes(whole[:-1])
    short = f"the image is short: it has {len(whole) - 1} of the volume's {len(whole)} bytes"
    assert odd(lfskit, "i.img") == [short]
    Path("i.img").write_bytes(whole + b"more")
    assert odd(lfskit, "i.img") == ["the image is long: 4 bytes follow the volume"]
    Path("i.img").write_bytes(whole)
    assert odd(lfskit, "i.img") == []


def test_several_odd_things_are_lines_of_their_own(lfskit):
    image = (GOLDEN / "move_over_directory.img").read_bytes()
    Path("i.img").write_bytes(image + b"x")
    assert len(odd(lfskit, "i.img")) == 3
    last = done(lfskit, "info", "i.img").splitlines()[-3:]
    assert last[0].startswith("Odd:             a rename was cut")
    assert last[1].startswith("                 a change was cut")
    assert last[2].startswith("                 the image is long")


# --- damage ---------------------------------------------------------------------------------


def test_what_can_be_told_of_a_damaged_image_is_told(lfskit):
    items = [directory(b"bad", (2, 3)), file(b"ok", b"x"), ctz_file(b"huge", 5, 99999)]
    image = Crafted().pair(0, items).save()
    output, said = failed(lfskit, "info", image)
    assert said == [
        "i.img: /huge: the files claim more blocks than the volume has (blocks): "
        "expected 16, found 199",
        "i.img: /bad: a metadata block has no valid commit: block 2",
    ]
    assert "\nDirectories:     1\nFiles:           1, 1 bytes; largest: 1, /ok\n" in output
    output, again = failed(lfskit, "info", "--json", image)
    assert again == said
    assert json.loads(output)["files"] == 1
