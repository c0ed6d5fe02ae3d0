# SPDX-License-Identifier: MIT
"""check: what is said, and with which exit code. What is found is tested in
tests/check."""

import json
import shutil
from pathlib import Path

import pytest
from crafted import Crafted, Item, ctz_file, directory, file
from transcript import done, plant

GOLDEN = Path(__file__).parents[1] / "golden"
CLEAN, REPAIRS, USAGE, DAMAGE, FAILED = 0, 1, 2, 4, 8


def said(lfskit, *arguments) -> tuple[int, str, str]:
    run = lfskit.run("check", *arguments)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


@pytest.fixture
def image(lfskit) -> str:
    plant({"src/a": b"a" * 300, "src/d/large": bytes(9000), "src/e": None})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64k", "--block-size=4096")
    return "i.img"


@pytest.fixture
def cut() -> str:
    """An image that the power was cut over while a pair was written anew."""
    shutil.copy(GOLDEN / "cut_rename_01.img", "cut.img")
    return "cut.img"


@pytest.fixture
def damaged(lfskit, image) -> str:
    """The directory /d is gone: both of its blocks are overwritten."""
    raw = bytearray(Path(image).read_bytes())
    report = json.loads(done(lfskit, "check", "--json", "--blocks", image))
    row = next(row for row in report["blocks"] if row.get("path") == "/d")
    start, size = row["first"] * 4096, row["count"] * 4096
    raw[start : start + size] = bytes(size)
    Path(image).write_bytes(raw)
    return image


def test_a_sound_image(image, lfskit):
    assert said(lfskit, image) == (CLEAN, "i.img: clean; 9 of 16 blocks used\n", "")
    assert said(lfskit, "-q", image) == (CLEAN, "", "")


def test_repairs_that_are_due(cut, lfskit):
    code, out, err = said(lfskit, cut)
    assert (code, err) == (REPAIRS, "")
    assert out == """\
repair LFK-202 /b: a metadata pair is read from its older block: the newer one has no valid commit: block 5
cut.img: 1 repair due; 10 of 24 blocks used
"""
    assert said(lfskit, "--quiet", cut) == (REPAIRS, "", "")


def test_verbose_says_what_a_finding_means(cut, lfskit):
    _, out, _ = said(lfskit, "-v", cut)
    assert "  Block Size:        128  /  0x80\n" in out
    assert "\n    The power went while the pair was written anew, or there was no room" in out
    assert "\n    Repaired by a driver: Yes, when something in the pair is changed next.\n" in out


def test_damage(damaged, lfskit):
    code, out, err = said(lfskit, damaged)
    assert (code, err) == (DAMAGE, "")
    assert "damage LFK-201 /d: neither block of a metadata pair has a valid commit: block " in out
    assert "i.img: 1 damage" in out.splitlines()[-1]


def test_json(cut, lfskit):
    code, out, _ = said(lfskit, "--json", cut)
    report = json.loads(out)
    assert code == REPAIRS
    finding = report.pop("findings")
    assert report == {
        "verdict": "repairs due",
        "damages": 0,
        "repairs": 1,
        "notes": 0,
        "block_size": 128,
        "block_count": 24,
        "image_size": 3072,
        "used_blocks": 10,
        "metadata_pairs": 4,
        "directories": 2,
        "files": 3,
    }
    assert [(f["id"], f["severity"], f["path"], f["block"]) for f in finding] == [
        ("LFK-202", "repair", "/b", 5)
    ]
    assert {"title", "meaning", "repair", "message"} < finding[0].keys()


def test_the_map_of_blocks_as_json(cut, lfskit):
    report = json.loads(said(lfskit, "--json", "--blocks", cut)[1])
    assert report["blocks"] == [
        {"first": 0, "count": 2, "use": "metadata", "path": "/", "twin": 1, "current": True},
        {"first": 2, "count": 2, "use": "metadata", "path": "/a", "twin": 3, "current": True},
        {"first": 4, "count": 2, "use": "metadata", "path": "/b", "twin": 5, "current": True},
        {"first": 6, "count": 2, "use": "metadata", "path": "/", "twin": 7, "current": False},
        {"first": 8, "count": 2, "use": "data", "path": "/b/g"},
        {"first": 10, "count": 14, "use": "free"},
    ]


def test_the_map_shows_what_is_shared_and_what_is_orphaned(lfskit):
    image = Crafted().pair(0, [ctz_file(b"a", 4, 512), ctz_file(b"b", 4, 512)], tail=(2, 3))
    code, out, _ = said(lfskit, "--blocks", image.pair(2, []).save())
    assert code == DAMAGE
    assert "         0  Mmoo!...........\n" in out
    assert "2-3          metadata  {2, 3}  (orphan)\n" in out
    assert "4            data      /a  shared\n" in out
    assert "damage LFK-511 /b: a block belongs to more than one thing: block 4\n" in out


def test_the_map_of_blocks(cut, lfskit):
    _, out, _ = said(lfskit, "--blocks", cut)
    assert "         0  MmMmMmmMdd..............\n" in out
    assert "4-5          metadata  {4, 5}  /b\n" in out
    assert "8-9          data      /b/g\n" in out
    assert "10-23        free    \n" in out


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (None, "cannot open the file: No such file or directory"),
        ("folder", "is a directory, not an image"),
        (b"", "the image is empty, it has no bytes"),
        (bytes(range(256)) * 40, "this is not a littlefs image: no superblock in block 0 or 1"),
    ],
)
def test_what_cannot_be_checked(make, message, lfskit):
    if make == "folder":
        Path("x").mkdir()
    elif make is not None:
        Path("x").write_bytes(make)
    assert said(lfskit, "x") == (FAILED, "", f"lfskit: check: x: {message}\n")


def test_a_wrong_expectation(image, lfskit):
    code, out, err = said(lfskit, "--block-size=512", image)
    assert (code, out) == (FAILED, "")
    assert "block" in err and "512" in err and "4096" in err


def test_a_superblock_that_cannot_be_read(lfskit):
    """With the block size, the check says what is left of the rest."""
    image = bytearray(Crafted().pair(0, [file(b"a")]).bytes())
    image[16:20] = bytes(4)
    Path("x").write_bytes(image)
    code, out, err = said(lfskit, "x")
    assert (code, err) == (DAMAGE, "")
    assert out.startswith("damage LFK-103 no superblock can be read: ")
    assert out.endswith("\nx: 1 damage\n") and out.count("\n") == 2
    code, out, err = said(lfskit, "--block-size=512", "x")
    assert (code, err) == (DAMAGE, "")
    assert out == """\
damage LFK-201 (orphan): neither block of a metadata pair has a valid commit: block 0
damage LFK-103 no superblock can be read: block 0
x: 2 damages; 2 of 16 blocks used
"""


def test_a_list_that_loops(lfskit):
    image = Crafted().pair(0, [directory(b"d", (2, 3))], tail=(2, 3))
    code, out, _ = said(lfskit, image.pair(2, [], tail=(0, 1)).save())
    assert code == DAMAGE
    assert "damage LFK-401 /d: the list of metadata pairs loops: block 2, offset 4\n" in out


def test_of_very_many_findings_some_are_counted_only(lfskit):
    names = [b"%c" % letter for letter in reversed(b"abcdefghijklmnopqrst")]
    image = Crafted().pair(0, [file(name) for name in names]).save()
    code, out, _ = said(lfskit, image)
    assert code == DAMAGE
    *found, more, summary = out.splitlines()
    assert sum(line.startswith("damage LFK-307 /") for line in found) < 19
    assert more == f"{21 - len(found)} more findings, not shown"
    assert summary == "i.img: 19 damages, 1 repair due, 1 note; 2 of 16 blocks used"


def test_names_are_shown_safely(lfskit):
    image = Crafted().pair(0, [Item(b"\x1b[2Jb\n\xff", 0x003, None, b"")]).save()
    _, out, _ = said(lfskit, image)
    assert "damage LFK-304 /\\x1b[2Jb\\x0a\\xff: an entry is neither " in out
    report = json.loads(said(lfskit, "--json", image)[1])
    assert [f["path"] for f in report["findings"] if f["id"] == "LFK-304"] == ["/\x1b[2Jb\n\ufffd"]


def test_wrong_usage(lfskit):
    for arguments in ([], ["a", "b"], ["--blocks=2", "a"], ["--unknown", "a"]):
        code, out, err = said(lfskit, *arguments)
        assert (code, out) == (USAGE, "")
        assert err.endswith("Try 'lfskit check --help'.\n")


def test_an_image_that_was_cut_short(image, lfskit):
    raw = Path(image).read_bytes()
    Path(image).write_bytes(raw[: 3 * 4096])
    code, out, err = said(lfskit, image)
    assert (code, err) == (DAMAGE, "")
    assert "note   LFK-101" in out and "damage LFK-" in out
