# SPDX-License-Identifier: MIT
"""Damaged images: what can be read is given, what cannot is named by path and
place, and the exit code says that something was wrong."""

import json
import os
import shutil
import struct
from pathlib import Path

import pytest
from cases import many
from crafted import Crafted, Item, ctz_file, directory, file
from rawfs import NAME_DIR, NAME_FILE, STRUCT_CTZ, STRUCT_DIR, STRUCT_INLINE
from transcript import done, failed, harvest, nothing_but, plant

ALL_VERBS = ["list", "info", "extract"]


def write(image: bytes) -> str:
    Path("i.img").write_bytes(image)
    return "i.img"


def damaged(lfskit, image: Crafted, paths: str, *said: str) -> dict:
    """list gives the paths and says all that is wrong; extract gives what is
    extracted, which is returned, and says the same first."""
    output, messages = failed(lfskit, "list", image.save())
    assert output.split() == paths.split()
    assert messages == [f"i.img: {line}" for line in said]
    shutil.rmtree("out", ignore_errors=True)
    _, messages = failed(lfskit, "extract", "i.img", "out")
    assert messages == [f"i.img: {line}" for line in said]
    _, messages = failed(lfskit, "info", "i.img")
    assert messages == [f"i.img: {line}" for line in said]
    return harvest(Path("out"))


# --- entries --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad, said",
    [
        (Item(b"bad", NAME_FILE, None, b""), "a file has no content in a form known: block 0"),
        (
            Item(b"bad", NAME_FILE, STRUCT_CTZ, b"\x05\0\0\0"),
            "a file has no content in a form known: block 0",
        ),
        (
            Item(b"bad", NAME_FILE, 0x2AA, b"12345678"),
            "a file has no content in a form known: block 0",
        ),
        (
            ctz_file(b"bad", 5, 16 * 512),
            "the files claim more blocks than the volume has (blocks): expected 16, found 17",
        ),
        (Item(b"bad", 0x003, STRUCT_INLINE, b""), "an entry is of no type known: block 0"),
    ],
)
def test_a_file_that_is_none_is_left_out(bad, said, lfskit):
    image = Crafted().pair(0, [file(b"a", b"1"), bad, file(b"z", b"2")])
    assert damaged(lfskit, image, "/a /z", f"/bad: {said}") == {"a": b"1", "z": b"2"}
    # Asked for alone, it is named by its path as well.
    _, messages = failed(lfskit, "list", "i.img", "/bad")
    assert messages == [f"i.img: /bad: {said}"]
    _, messages = failed(lfskit, "extract", "i.img", "-", "/bad")
    assert messages[0] == f"i.img: /bad: {said}"


@pytest.mark.parametrize(
    "bad, said",
    [
        (
            Item(b"bad", NAME_DIR, None, b""),
            "a directory has no pointer to its pair: block 0",
        ),
        (
            Item(b"bad", NAME_DIR, STRUCT_DIR, b"\x02\0\0\0"),
            "a directory has no pointer to its pair: block 0",
        ),
        (
            directory(b"bad", (70, 71)),
            "block 70 is referred to, but only 16 are there: the image is damaged or cut short",
        ),
        (
            directory(b"bad", (2, 16)),
            "block 16 is referred to, but only 16 are there: the image is damaged or cut short",
        ),
        (directory(b"bad", (6, 7)), "a metadata block has no valid commit: block 6"),
        (directory(b"bad", (0, 1)), "a directory's pair is linked twice: block 0"),
    ],
)
def test_a_directory_that_cannot_be_read_is_empty(bad, said, lfskit):
    image = Crafted().pair(0, [file(b"a", b"1"), bad, file(b"z", b"2")])
    found = damaged(lfskit, image, "/bad /a /z", f"/bad: {said}")
    assert found == {"a": b"1", "z": b"2", "bad": None}
    if "twice" not in said:  # alone it is as good as any
        output, messages = failed(lfskit, "list", "--tree", "i.img", "/bad")
        assert (output, messages) == ("/bad\n", [f"i.img: /bad: {said}"])


def test_directories_that_hold_each_other(lfskit):
    image = Crafted().pair(0, [directory(b"a", (2, 3))], tail=(2, 3))
    image.pair(2, [directory(b"b", (4, 5)), file(b"f", b"x")], tail=(4, 5))
    image.pair(4, [directory(b"c", (2, 3)), directory(b"d", (4, 5))])
    twice = "a directory's pair is linked twice: block"
    found = damaged(
        lfskit,
        image,
        "/a /a/b /a/f /a/b/c /a/b/d",
        f"/a/b/c: {twice} 2",
        f"/a/b/d: {twice} 4",
    )
    assert found == {"a": None, "a/b": None, "a/f": b"x", "a/b/c": None, "a/b/d": None}


def test_the_rest_of_a_directory_that_is_lost(lfskit):
    image = Crafted().pair(0, [file(b"first", b"1")], tail=(2, 3), hard=True)
    said = "a metadata block has no valid commit: block 2"
    assert damaged(lfskit, image, "/first", said, f"/: {said}") == {"first": b"1"}


@pytest.mark.parametrize(
    "name, shown",
    [
        (b"..", "/.."),
        (b".", "/."),
        (b"", "/"),
        (b"a/b", "/a/b"),
        (b"/etc/passwd", "//etc/passwd"),
        (b"a\0b", "/a?b"),
        (b"\x1b/", r"/\x1b/"),
    ],
)
@pytest.mark.parametrize("kind", [NAME_FILE, NAME_DIR])
def test_names_that_cannot_be_are_left_out(name, shown, kind, lfskit):
    what = file(name, b"evil") if kind == NAME_FILE else directory(name, (2, 3))
    image = Crafted().pair(0, [what, file(b"ok", b"good")], tail=(2, 3))
    image.pair(2, [file(b"below", b"evil")])
    said = f"{shown}: an entry has a name that cannot be: block 0"
    assert damaged(lfskit, image, "/ok", said) == {"ok": b"good"}
    assert sorted(os.listdir()) == ["i.img", "out"]


# --- the list of pairs --------------------------------------------------------------------


@pytest.mark.parametrize(
    "tail, said",
    [
        ((70, 71), "block 70 is referred to, but only 16 are there: the image is damaged or cut short"),
        ((4, 5), "a metadata block has no valid commit: block 4"),
        ((2, 3), "the list of metadata pairs loops: block 2"),
        ((1, 0), "the list of metadata pairs loops: block 0"),
    ],
)  # fmt: skip
def test_a_list_that_is_cut_loses_nothing_that_has_a_name(tail, said, lfskit):
    image = Crafted().pair(0, [directory(b"d", (2, 3))], tail=(2, 3))
    image.pair(2, [file(b"f", b"x")], tail=tail)
    assert damaged(lfskit, image, "/d /d/f", said) == {"d": None, "d/f": b"x"}


# --- bytes ----------------------------------------------------------------------------------


@pytest.fixture
def made(lfskit) -> bytearray:
    """/bad/x, /bad/y and /ok, of a block size of 512; the pair of /bad is {2, 3}."""
    plant({"src/bad/x": b"x", "src/bad/y": bytes(2000), "src/ok": b"ok"})
    done(lfskit, "create", "-q", "src", "m.img", "--block-size=512")
    return bytearray(Path("m.img").read_bytes())


def flip(image: bytearray, at: int) -> bytes:
    image[at] ^= 0xFF
    return bytes(image)


def test_both_root_blocks_damaged(made, lfskit):
    flip(made, 40)
    for verb in ALL_VERBS:
        said = nothing_but(lfskit, verb, write(flip(bytearray(made), 512 + 40)))
        assert said.startswith("i.img: the CRC of the superblock is wrong: block 0, offset ")
        assert ": expected " in said and ", found " in said
    assert not os.path.exists("out")


def test_next_to_nothing_left(made, lfskit):
    """As long as the root directory is there it is listed."""
    output, said = failed(lfskit, "list", write(bytes(made[:400])))
    assert output == "/bad\n/ok\n"
    bad = "block 2 is referred to, but only 1 are there: the image is damaged or cut short"
    assert said[1] == f"i.img: /bad: {bad}"
    said = nothing_but(lfskit, "list", write(bytes(made[:40])))
    assert said.startswith("i.img: the root pair has no valid superblock: block 0")


def test_a_directory_whose_block_is_damaged(made, lfskit):
    """Told with block, offset and both checksums."""
    _, said = failed(lfskit, "list", write(flip(made, 2 * 512 + 20)))
    place = said[0].removeprefix("i.img: a metadata block has no valid commit: block 2, offset ")
    numbers = place.replace(": expected ", " ").replace(", found ", " ").split()
    assert len(numbers) == 3 and all(n.isdigit() for n in numbers)
    assert said[1] == said[0].replace("i.img: ", "i.img: /bad: ")
    output, messages = failed(lfskit, "extract", "i.img", "out")
    assert messages == said
    assert output == "out: 1 file, 2 bytes in 1 directory\n"
    assert harvest(Path("out")) == {"bad": None, "ok": b"ok"}


def test_a_pointer_that_leads_nowhere(made, lfskit):
    """The file is named with the block the pointer is in; what is beside it is extracted."""
    block = len(made) // 512 - 1
    struct.pack_into("<I", made, block * 512, 9999)
    write(bytes(made))
    assert done(lfskit, "list", "i.img") == "/bad\n/ok\n/bad/x\n/bad/y\n"
    said = (
        f"i.img: /bad/y: a CTZ pointer is not below the volume's block count: "
        f"block {block}, offset 0: expected {block + 1}, found 9999"
    )
    plant({"out/bad/y": b"what was there before"})
    output, messages = failed(lfskit, "extract", "i.img", "out")
    assert messages == [said]
    assert output == "out: 2 files, 3 bytes in 1 directory\n"
    assert harvest(Path("out"))["bad/y"] == b"what was there before"
    assert sorted(os.listdir("out/bad")) == ["x", "y"]
    assert failed(lfskit, "extract", "i.img", "-", "/bad/y") == ("", [said])
    assert failed(lfskit, "extract", "-q", "i.img", "out") == ("", [said])


def test_a_head_that_leads_nowhere(lfskit):
    image = Crafted().pair(0, [ctz_file(b"bad", 99, 1000), file(b"ok", b"x")]).save()
    output, said = failed(lfskit, "extract", image, "out")
    what = "a CTZ pointer is not below the volume's block count (head): expected 16, found 99"
    assert said == [f"i.img: /bad: {what}"]
    assert output == "out: 1 file, 1 bytes in 0 directories\n"
    assert harvest(Path("out")) == {"ok": b"x"}


def test_a_file_that_is_cut_off_with_the_image(made, lfskit):
    """Its blocks are missing, not erased: that would be other bytes than the file's."""
    write(bytes(made[: 6 * 512]))
    output, said = failed(lfskit, "extract", "i.img", "out")
    assert len(said) == 1 and said[0].startswith("i.img: /bad/y: ")
    assert harvest(Path("out")) == {"bad": None, "bad/x": b"x", "ok": b"ok"}


@pytest.mark.parametrize("case", many(60, 5000))
def test_damage_of_any_kind_is_survived(case, rng, made, lfskit):
    """No crash, JSON that is JSON, the right exit code, and nothing outside the folder."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made))
        size = rng.choice([1, 1, 4, 16, 512])
        made[at : at + size] = rng.choice([rng.randbytes(size), b"\xff" * size, bytes(size)])
    write(bytes(made[: rng.choice([len(made), len(made), rng.randrange(len(made))])]))
    for words in (["list", "--json"], ["info", "--json"], ["extract", "-q"]):
        result = lfskit.run(words[0], "i.img", *words[1:], *(["out"] if "-q" in words else []))
        assert result.returncode in (0, 1)
        assert (result.stderr != b"") == (result.returncode == 1)
        assert result.stdout == b"" or json.loads(result.stdout) is not None
    assert set(os.listdir()) <= {"src", "i.img", "m.img", "out"}
