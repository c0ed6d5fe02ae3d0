# SPDX-License-Identifier: MIT
"""create: what it prints, and the image that appears whole or not at all."""

import contextlib
import os
import pty
import resource
import subprocess
from pathlib import Path

import pytest
from transcript import done, nothing_but, plant, warned

TREE = {"src/a.txt": b"hello\n", "src/sub/b.bin": bytes(5000), "src/sub/deep": None}


@pytest.fixture
def src() -> str:
    plant(TREE)
    return "src"


# --- what is printed --------------------------------------------------------------------

ENTRIES = """\
Adding Directory: sub
Adding File:      a.txt
Adding Directory: sub/deep
Adding File:      sub/b.bin
"""


def test_verbose_in_the_form_scripts_know(src, lfskit):
    output = done(lfskit, "create", src, "img.bin", "-v", "--fs-size=64k")
    assert output == f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      65536  /  0x10000
  Block Count:        16
  Name Max:          255
  Image:       img.bin
{ENTRIES}\
img.bin: 2 files, 5006 bytes in 2 directories; 8 of 16 blocks used, 8 free (4096 bytes each)
"""


def test_verbose_shows_what_was_set(src, lfskit):
    words = ["--inline-max=32", "--attr-max=100", "--file-max=100000", "--name-max=64"]
    words += ["--block-count=26", "--block-size=2k", "--compact"]
    assert done(lfskit, "create", src, "img.bin", "--verbose", *words) == f"""\
LittleFS Configuration:
  Block Size:       2048  /  0x800
  Image Size:      53248  /  0xD000
  Block Count:        26
  Name Max:           64
  Inline Max:         32  /  0x20
  Attr Max:          100
  File Max:       100000
  Image:       img.bin
{ENTRIES}\
Compacting... 9 / 26
img.bin: 2 files, 5006 bytes in 2 directories; 9 of 26 blocks used, 17 free (2048 bytes each)
"""
    many = done(lfskit, "create", src, "img.bin", "-vv", *words)
    assert many == done(lfskit, "create", src, "img.bin", "-v", *words)


def test_verbose_does_not_steer_the_terminal(lfskit):
    plant({"src/a\x1b[31m\nb": b"", "src/d\x9b/é": b""})
    output = done(lfskit, "create", "src", "i\x1b.img", "-v")
    assert "Adding File:      a\\x1b[31m\\x0ab\n" in output
    assert "Adding File:      d\\xc2\\x9b/é\n" in output
    assert "  Image:       i\\x1b.img\n" in output
    assert "\x1b" not in output and "\x9b" not in output


@pytest.mark.parametrize(
    "tree, said",
    [
        ({"s": None}, "0 files, 0 bytes in 0 directories; 2 of 2 blocks used, 0 free"),
        ({"s/a": b"a"}, "1 file, 1 bytes in 0 directories; 2 of 2 blocks used, 0 free"),
        (
            {"s/d/a": b"", "s/b": bytes(9000)},
            "2 files, 9000 bytes in 1 directory; 7 of 7 blocks used, 0 free",
        ),
    ],
)
def test_summary(tree, said, lfskit):
    plant(tree)
    assert done(lfskit, "create", "s", "i.img") == f"i.img: {said} (4096 bytes each)\n"


def test_summary_counts_what_is_free(src, lfskit):
    said = "i.img: 2 files, 5006 bytes in 2 directories; 8 of 64 blocks used, 56 free"
    assert done(lfskit, "create", src, "i.img", "--fs-size=256k") == f"{said} (4096 bytes each)\n"


@pytest.mark.parametrize("words", [["-q"], ["--quiet"], ["-qv"], ["-v", "--quiet"]])
def test_quiet_says_nothing(words, src, lfskit):
    assert done(lfskit, "create", src, "i.img", *words) == ""
    assert done(lfskit, "list", "i.img") != ""


def test_standard_output_gets_the_image_alone(src, lfskit):
    done(lfskit, "create", "-q", src, "i.img", "--fs-size=64k")
    result = lfskit.run("create", src, "-", "-v", "--fs-size=64k")
    assert result.returncode == 0
    assert result.stdout == Path("i.img").read_bytes()
    assert result.stderr.decode() == f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      65536  /  0x10000
  Block Count:        16
  Name Max:          255
  Image:       -
{ENTRIES}\
-: 2 files, 5006 bytes in 2 directories; 8 of 16 blocks used, 8 free (4096 bytes each)
"""
    result = lfskit.run("create", "-q", src, "-", "--fs-size=64k")
    assert (result.returncode, result.stderr) == (0, b"")
    assert sorted(os.listdir()) == ["i.img", "src"]


def on_a_terminal(lfskit, *words) -> bytes:
    """What comes on a terminal that is the standard error; the command must succeed."""
    ours, theirs = pty.openpty()
    result = lfskit.run(*words, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # its way to say that this is the end
        while part := os.read(ours, 4096):
            said += part
    os.close(ours)
    assert result.returncode == 0
    return said


def test_no_progress_where_nobody_looks(lfskit):
    """Neither when asked to be quiet on a terminal, nor where there is none."""
    plant({"src/large": bytes(50 << 20)})
    assert on_a_terminal(lfskit, "create", "src", "i.img", "-q") == b""
    assert done(lfskit, "create", "src", "i.img").count("\n") == 1


# --- padding -----------------------------------------------------------------------------


def test_compact_and_no_pad(src, lfskit):
    def create(*words):
        done(lfskit, "create", "-q", src, "i.img", "--fs-size=1M", *words)
        return Path("i.img").read_bytes()

    full = create()
    assert create("--compact") == full
    short = create("--compact", "--no-pad")
    assert short == create("--no-pad")
    assert len(short) == 8 * 4096
    assert full == short.ljust(1 << 20, b"\xff")
    assert done(lfskit, "list", "i.img") == "/sub\n/a.txt\n/sub/deep\n/sub/b.bin\n"


# --- whole or not at all ------------------------------------------------------------------


@contextlib.contextmanager
def files_end_at(size: int):
    """Until the end no file can be longer: the same as a full disk, for everybody."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk, and not everywhere")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_nothing(src, small_disk, lfskit):
    said = nothing_but(lfskit, "create", src, "disk/i.img", "--fs-size=128k")
    assert said == "disk/i.img: writing failed: No space left on device"
    assert os.listdir(small_disk) == []
    done(lfskit, "create", "-q", src, "disk/i.img", "--fs-size=32k")


def test_a_full_disk_leaves_what_was_there(src, small_disk, lfskit):
    plant({"disk/i.img": b"before"})
    nothing_but(lfskit, "create", src, "disk/i.img", "--fs-size=128k")
    assert os.listdir(small_disk) == ["i.img"]
    assert Path("disk/i.img").read_bytes() == b"before"


@pytest.mark.parametrize("before", [None, b"before"])
@pytest.mark.parametrize("size", [0, 1, 4096, 10_000, 65_535])
def test_a_file_that_cannot_grow_is_not_left(size, before, src, lfskit):
    if before:
        plant({"out/i.img": before})
    with files_end_at(size):
        said = nothing_but(lfskit, "create", src, "out/i.img", "--fs-size=64k")
    assert said == "out/i.img: writing failed: File too large"
    assert os.listdir("out") == (["i.img"] if before else [])
    if before:
        assert Path("out/i.img").read_bytes() == before


def test_an_existing_image_is_replaced(src, lfskit):
    plant({"i.img": b"much longer than the new one" * 10_000})
    os.chmod("i.img", 0o604)
    os.link("i.img", "other")
    done(lfskit, "create", "-q", src, "i.img")
    assert done(lfskit, "list", "i.img") != ""
    assert os.stat("i.img").st_mode & 0o7777 == 0o604
    # Whoever holds the old one keeps it.
    assert Path("other").read_bytes().startswith(b"much longer")
    assert sorted(os.listdir()) == ["i.img", "other", "src"]


def test_a_link_stays_one(src, lfskit):
    plant({"store/real.img": b"before", "i.img": "store/real.img"})
    done(lfskit, "create", "-q", src, "i.img")
    assert os.readlink("i.img") == "store/real.img"
    assert os.listdir("store") == ["real.img"]
    assert Path("store/real.img").read_bytes() != b"before"


def test_parents_are_made(src, lfskit):
    done(lfskit, "create", "-q", src, "a/b/i.img")
    done(lfskit, "create", "-q", src, os.path.abspath("a/c/i.img"))
    assert Path("a/b/i.img").read_bytes() == Path("a/c/i.img").read_bytes()


@pytest.mark.parametrize(
    "image, said",
    [
        ("src", "src: output is a directory"),
        (".", ".: output is a directory"),
        ("new/", "new/: output path names no file"),
        ("", "'': output path names no file"),
        ("file/i.img", "file/i.img: output directory cannot be opened: Not a directory"),
        ("file/d/i.img", "file/d/i.img: directory cannot be made: Not a directory"),
        ("broken", "broken: output file cannot be examined: No such file or directory"),
        ("/dev/full", "/dev/full: writing failed: No space left on device"),
    ],
)
def test_an_image_that_cannot_be_written(image, said, src, lfskit):
    plant({"file": b"x", "broken": "nowhere"})
    assert nothing_but(lfskit, "create", src, image) == said
    assert sorted(os.listdir()) == ["broken", "file", "src"]


def test_devices_are_written_to(src, lfskit):
    assert done(lfskit, "create", src, "/dev/null").startswith("/dev/null: 2 files")


def test_the_image_may_be_in_its_source(lfskit):
    """It is no part of it, so that the second image is not larger than the first."""
    plant({"src/a": b"a", "src/d/b": b"b"})
    done(lfskit, "create", "-q", "src", "src/d/i.img")
    first = Path("src/d/i.img").read_bytes()
    said = warned(lfskit, "create", "src", "src/d/i.img")
    assert said == ["warning: src/d/i.img: left out: the output"]
    assert Path("src/d/i.img").read_bytes() == first
    assert sorted(os.listdir("src/d")) == ["b", "i.img"]
    os.chdir("src/d")
    assert warned(lfskit, "create", "..", "i.img", "-q") == []
    assert Path("i.img").read_bytes() == first


def test_the_image_is_not_its_source(lfskit):
    plant({"f": b"content", "link": "f"})
    for source, image in (("f", "f"), ("f", "./f"), ("f", "link"), ("link", "f")):
        said = nothing_but(lfskit, "create", source, image)
        assert said == f"{source}: source is the output as well"
    assert Path("f").read_bytes() == b"content"
