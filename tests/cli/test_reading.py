# SPDX-License-Identifier: MIT
"""What list, info and extract have in common: they find the geometry by
themselves, hold it against what is asked for, and name what is not littlefs."""

import json
import os
import shutil
from pathlib import Path

import pytest
from cases import LONG
from crafted import Crafted, fat, file, littlefs_v1, spiffs
from rawfs import superblock
from transcript import done, failed, nothing_but, plant, refused

GOLDEN = Path(__file__).parents[1] / "golden"
VERBS = ["list", "info", "extract"]
BLOCK_SIZES = [128, 256, 384, 512, 1000, 4096, 8192, 65536, 131072]


def make(lfskit, block_size: int = 4096, *words) -> str:
    plant({"src/a": b"a", "src/d/large": bytes(3 * block_size)})
    done(lfskit, "create", "-q", "src", "i.img", f"--block-size={block_size}", *words)
    return "i.img"


def read_by(lfskit, verb: str, image: str, *options) -> None:
    """The verb succeeds, and the image stays what it was."""
    before = Path(image).read_bytes()
    output = done(lfskit, verb, image, *options)
    assert ("/d/large" in output) == (verb != "extract")
    if verb == "extract":
        shutil.rmtree("d")
        os.unlink("a")
    assert Path(image).read_bytes() == before


# --- geometry ---------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_block_size_and_count_are_found(block_size, verb, lfskit):
    image = make(lfskit, block_size, "--block-count=100")
    read_by(lfskit, verb, image)
    info = json.loads(done(lfskit, "info", "--json", image))
    assert (info["block_size"], info["block_count"]) == (block_size, 100)


@pytest.mark.parametrize("bad", [0, 1])
@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_they_are_found_in_either_block_of_the_root_pair(block_size, bad, lfskit):
    image = Path(make(lfskit, block_size))
    whole = image.read_bytes()
    expected = json.loads(done(lfskit, "list", "--json", "i.img"))
    damages = [b"\xff" * block_size, bytes(block_size), b"garbage" * 3]
    if LONG:
        damages += [b"\0" * n for n in range(4, 100)]
    for damage in damages:
        start = bad * block_size
        image.write_bytes(whole[:start] + damage + whole[start + len(damage) :])
        info = json.loads(done(lfskit, "info", "--json", "i.img"))
        assert info["block_size"] == block_size
        assert json.loads(done(lfskit, "list", "--json", "i.img")) == expected
        read_by(lfskit, "extract", "i.img")


@pytest.mark.parametrize("verb", VERBS)
def test_geometry_that_is_given_must_be_the_images(verb, lfskit):
    image = make(lfskit, 4096, "--fs-size=64k")
    read_by(lfskit, verb, image, "--block-size=4096", "--block-count=16", "--fs-size=64k")
    for options, said in [
        (["--block-size=512"], "the image has blocks of 4096 bytes, not 512 (--block-size)"),
        (["--block-count=15"], "the image has 16 blocks, not 15 (--block-count, --fs-size)"),
        (["--fs-size=128k"], "the volume has 65536 bytes, not 131072 (--fs-size)"),
    ]:
        assert nothing_but(lfskit, verb, image, *options) == f"i.img: {said}"
    assert sorted(os.listdir()) == ["i.img", "src"]


@pytest.mark.parametrize("verb", VERBS)
def test_limits_that_are_given_must_not_be_below_the_images(verb, lfskit):
    image = make(lfskit, 4096, "--name-max=64", "--file-max=1M", "--attr-max=100")
    read_by(lfskit, verb, image)
    read_by(lfskit, verb, image, "--name-max=64", "--file-max=1M", "--attr-max=100")
    read_by(lfskit, verb, image, "--name-max=1022", "--file-max=0", "--attr-max=0")
    read_by(lfskit, verb, image, "--inline-max=32")
    for option, thing, stored, given in [
        ("--name-max", "names", 64, 63),
        ("--file-max", "files", 1 << 20, 1 << 19),
        ("--attr-max", "attributes", 100, 99),
    ]:
        said = nothing_but(lfskit, verb, image, f"{option}={given}")
        allows = f"the image allows {thing} of {stored} bytes"
        assert said == f"i.img: {allows}, the limit is {given} ({option})"


@pytest.mark.parametrize("verb", VERBS)
def test_images_with_any_limits_are_read(verb, lfskit):
    for limits in ("--name-max=1022", "--name-max=10 --file-max=600000 --attr-max=1"):
        read_by(lfskit, verb, make(lfskit, 4096, *limits.split()))


@pytest.mark.parametrize("verb", VERBS)
def test_a_short_image_is_read(verb, lfskit):
    read_by(lfskit, verb, make(lfskit, 4096, "--fs-size=1M", "--no-pad"))


@pytest.mark.parametrize("verb", VERBS)
def test_bytes_behind_the_volume_do_not_matter(verb, lfskit):
    image = make(lfskit)
    with open(image, "ab") as end:
        end.write(b"something else" * 1000)
    read_by(lfskit, verb, image)


def test_reading_changes_nothing(lfskit):
    """Not even of an image that a device would repair at the next write."""
    shutil.copy(GOLDEN / "move_pending.img", "i.img")
    os.chmod("i.img", 0o400)
    before = (Path("i.img").read_bytes(), os.stat("i.img").st_mtime_ns)
    for verb in VERBS:
        done(lfskit, verb, "i.img", *(["out"] if verb == "extract" else []))
    assert (Path("i.img").read_bytes(), os.stat("i.img").st_mtime_ns) == before


# --- what is not littlefs ---------------------------------------------------------------

FOREIGN = {
    "littlefs v1": (littlefs_v1(), "this is a littlefs v1 image, not v2"),
    "FAT": (fat(), "this is a FAT filesystem, not littlefs"),
    "SPIFFS": (spiffs(), "this is a SPIFFS image, not littlefs"),
    "SPIFFS, large": (spiffs(65536, 512, 16), "this is a SPIFFS image, not littlefs"),
    "0xff": (b"\xff" * 65536, "this is erased flash, all 0xff: nothing was ever written"),
    "0xff, odd": (b"\xff" * 777, "this is erased flash, all 0xff: nothing was ever written"),
    "0x00": (bytes(65536), "this is erased flash, all 0x00: nothing was ever written"),
    "empty": (b"", "the image is empty, it has no bytes"),
    "a byte": (b"x", "this is not a littlefs image: no superblock in block 0 or 1"),
    "text": (b"some text\n" * 1000, "this is not a littlefs image: no superblock in block 0 or 1"),
    "magic": (b"littlefs" * 1000, "this is not a littlefs image: no superblock in block 0 or 1"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_not_littlefs_is_named(kind, verb, lfskit):
    image, said = FOREIGN[kind]
    Path("i.img").write_bytes(image)
    assert nothing_but(lfskit, verb, "i.img") == f"i.img: {said}"
    assert nothing_but(lfskit, verb, "i.img", "--block-size=4096") == f"i.img: {said}"
    assert os.listdir() == ["i.img"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "path, said",
    [
        ("none", "cannot open the file: No such file or directory"),
        ("folder", "is a directory, not an image"),
        ("fifo", "is neither a file nor a block device"),
        ("/dev/null", "is neither a file nor a block device"),
        ("broken", "cannot open the file: No such file or directory"),
        ("file/x", "cannot open the file: Not a directory"),
        ("", "cannot open the file: No such file or directory"),
    ],
)
def test_what_is_no_file_is_named(path, said, verb, lfskit):
    plant({"folder": None, "broken": "nowhere", "file": b""})
    os.mkfifo("fifo")
    shown = path or "''"
    assert nothing_but(lfskit, verb, path) == f"{shown}: {said}"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "fields, said",
    [
        ({"version": 0x00030000}, "the major disk version is not known (version): expected 2, found 3"),
        (
            {"version": 0x00020002},
            "the minor disk version is newer than the newest known (version): expected 1, found 2",
        ),
        (
            {"limits": (2000, 0x7FFFFFFF, 1022)},
            "the name limit is above its ceiling (name_max): expected 1022, found 2000",
        ),
        (
            {"limits": (255, 0xFFFFFFFF, 1022)},
            "the file size limit is above its ceiling (file_max): expected 2147483647, found 4294967295",
        ),
        (
            {"limits": (255, 0x7FFFFFFF, 1023)},
            "the attribute limit is above its ceiling (attr_max): expected 1022, found 1023",
        ),
    ],
)  # fmt: skip
def test_superblocks_that_cannot_be(fields, said, verb, lfskit):
    Crafted(**fields).pair(0, [file(b"f")]).save()
    assert nothing_but(lfskit, verb, "i.img") == f"i.img: {said}"


@pytest.mark.parametrize("block_size", [0, 1, 127, 0x80000000, 0xFFFFFFFF])
def test_block_sizes_that_cannot_be(block_size, lfskit):
    image = Crafted()
    image.superblock = superblock(block_size, 16)
    image.pair(0, []).save()
    said = nothing_but(lfskit, "info", "i.img")
    assert said.startswith("i.img: the superblock states an impossible block size (block_size)")
    assert said.endswith(f"found {block_size}")


# --- names of the image ------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_encodings_must_be_known(verb, lfskit):
    image = make(lfskit)
    said = refused(lfskit, verb, image, "--filename-encoding=klingon")
    assert said == "--filename-encoding: 'klingon' is not known"


def test_names_that_do_not_decode_are_all_told(lfskit):
    Crafted().pair(0, [file(b"a\xff"), file(b"fine"), file(b"\x80")]).save()
    for verb in ("list", "extract"):
        _, said = failed(lfskit, verb, "i.img")
        assert [line.split(": ")[1] for line in said] == [r"/a\xff", r"/\x80"]
    assert sorted(os.listdir()) == ["fine", "i.img"]
