# SPDX-License-Identifier: MIT
"""The program littlefs-python: what scripts that call it rely on, and that it
does as the Python package's program does where there is one to compare with."""

import os
import subprocess
from pathlib import Path

import pytest
from cases import many, random_tree
from program import Program
from transcript import harvest, plant

TREE = {
    "a.txt": b"hello\n",
    ".hidden": b"h",
    "empty": None,
    "sub/b.bin": bytes(range(256)) * 20,
    "sub/deep/c": b"c",
    "sub/deep/déjà vu": b"",
}
GEOMETRY = ["--block-size=512", "--fs-size=64KB"]
BLOCKS = ["--block-size=512"]
LISTING = """/empty
/sub
/.hidden
/a.txt
/sub/deep
/sub/b.bin
/sub/deep/c
/sub/deep/déjà vu
"""
CONFIGURATION = """LittleFS Configuration:
  Block Size:        512  /  0x200
  Image Size:      65536  /  0x10000
  Block Count:       128
  Name Max:          255
  Image:       i.img
"""


@pytest.fixture(scope="session")
def command(lfskit) -> Program:
    return Program(str(Path(lfskit.path).with_name("littlefs-python")))


@pytest.fixture(autouse=True)
def src(folder) -> str:
    plant(TREE, Path("src"))
    return "src"


@pytest.fixture
def image(command) -> str:
    done(command, "create", "src", "i.img", *GEOMETRY)
    return "i.img"


def done(command, *words) -> str:
    result = command.run(*words)
    assert (result.returncode, result.stderr) == (0, b""), result
    return result.stdout.decode()


def failed(command, *words) -> str:
    """Exit code 1, no output, one line: what is said after the program's name."""
    result = command.run(*words)
    assert (result.returncode, result.stdout) == (1, b""), result
    (line,) = result.stderr.decode().splitlines()
    return line.removeprefix("littlefs-python: error: ")


def refused(command, *words) -> str:
    """Exit code 2, the usage and then one line: what is said after the program's name."""
    result = command.run(*words)
    assert (result.returncode, result.stdout) == (2, b""), result
    usage, line = result.stderr.decode().rstrip("\n").rsplit("\n", 1)
    assert usage.startswith("usage: littlefs-python ")
    assert line.startswith("littlefs-python: error: ")
    return line.removeprefix("littlefs-python: error: ")


# --- verbs and flags --------------------------------------------------------------------


def test_version_is_a_number_that_old_callers_accept(command):
    version = done(command, "--version")
    major, minor, _ = map(int, version.split("."))
    assert (major, minor) >= (0, 11)
    assert done(command, "--vers") == version


def test_help_names_all_that_there_is(command):
    text = done(command, "--help")
    assert done(command, "-h") == text
    for verb in ("create", "extract", "list", "repl"):
        assert f"    {verb} " in text
        assert done(command, verb, "-h") == done(command, verb, "--help")
    text = done(command, "create", "--help")
    assert text.startswith("usage: littlefs-python create [-h] [-v] [--name-max NAME_MAX]\n")
    assert "(--block-count BLOCK_COUNT | --fs-size FS_SIZE)\n" in text
    assert "source [destination]\n" in text
    assert "--image" not in text
    for option in ("--compact", "--no-pad", "--inline-max INLINE_MAX", "--filename-encoding"):
        assert f"  {option}" in text


CREATE = ["create", "src", "o.img"]


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "the following arguments are required: command"),
        (["bogus"], "argument command: invalid choice: 'bogus' (choose from 'create', 'ex"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["list"], "the following arguments are required: source"),
        (["list", "i.img"], "the following arguments are required: --block-size"),
        (["extract", "i.img"], "the following arguments are required: --block-size"),
        ([*CREATE, "--fs-size=64kb"], "the following arguments are required: --block-size"),
        ([*CREATE, *BLOCKS], "one of the arguments --block-count --fs-size is required"),
        (
            [*CREATE, *GEOMETRY, "--block-count=9"],
            "argument --fs-size: not allowed with argument --block-count",
        ),
        ([*CREATE, "x", *GEOMETRY], "unrecognized arguments: x"),
        (["list", "a", "b", *BLOCKS], "unrecognized arguments: b"),
        ([*CREATE, *GEOMETRY, "--bogus"], "unrecognized arguments: --bogus"),
        ([*CREATE, *GEOMETRY, "-x"], "unrecognized arguments: -x"),
        ([*CREATE, *GEOMETRY, "--n=1"], "ambiguous option: --n=1"),
        ([*CREATE, "--block-size"], "argument --block-size: expected one argument"),
        ([*CREATE, "--compact=1"], "argument --compact: ignored explicit argument '1'"),
        ([*CREATE, "--image=x", *GEOMETRY], "argument --image: not allowed with argument d"),
        (["list", "i.img", *BLOCKS, "--filename-encoding=klingon"], "Source image 'i.img' does"),
        ([*CREATE, *GEOMETRY, "--filename-encoding=klingon"], "--filename-encoding: 'klingon' is"),
        ([*CREATE, "--block-size=512", "--fs-size=1000"], "fs-size must be a multiple of block-size."),
        ([*CREATE, "--block-size=4096", "--fs-size=2048"], "fs-size must be a multiple of bl"),
        ([*CREATE, "--block-size=512", "--fs-size=512"], "--fs-size: 512 bytes are one block, a vol"),
        ([*CREATE, *GEOMETRY, "--inline-max=65"], "--inline-max: 65 is above the most possible, 64"),
        ([*CREATE, *GEOMETRY, "--name-max=1023"], "--name-max: 1023 is above the most possible"),
        ([*CREATE, *GEOMETRY, "--attr-max=1023"], "--attr-max: 1023 is above the most possible"),
        ([*CREATE, "--block-size=100", "--block-count=9"], "--block-size: 100 is below the least"),
        (["list", "none", *BLOCKS], "Source image 'none' does not exist."),
        (["list", "src", *BLOCKS], "Source image 'src' does not exist."),
        (["extract", "none", *BLOCKS], "Source image 'none' does not exist."),
        (["repl", "none", *BLOCKS], "Source image 'none' does not exist."),
        (["repl", "i.img"], "the following arguments are required: --block-size"),
    ],
)  # fmt: skip
def test_wrong_usage(words, said, command):
    assert refused(command, *words).startswith(said)
    assert os.listdir() == ["src"]


@pytest.mark.parametrize(
    "words",
    [
        ["create", "src", "i.img", "--block-size", "512", "--fs-size", "65536"],
        ["create", "--block-size", "512", "--fs-size", "0x10000", "src", "i.img"],
        ["create", "src", "--block-s=512", "i.img", "--block-c", "128"],
        ["create", "src", "--block-size=512", "--fs-size=64kb", "--image=i.img"],
        ["create", "src", "--image", "i.img", "--block-size=512", "--fs-size=64kb"],
        ["create", "--block-size=512", "--fs-size=64kb", "--name-max=255", "--", "src", "i.img"],
        ["create", "--block-size=512", "--fs-size=64kb", "--attr-max=0", "src", "i.img", "--file-max=0"],
    ],
)  # fmt: skip
def test_ways_to_say_the_same(words, command):
    done(command, *CREATE, *GEOMETRY)
    assert done(command, *words) == ""
    assert Path("i.img").read_bytes() == Path("o.img").read_bytes()


def test_verbose_may_be_said_often(image, command):
    once = done(command, "list", "-v", image, *BLOCKS)
    for words in (["-vv"], ["-v", "--verbose"], ["--verb", "-vvv"]):
        assert done(command, "list", image, *BLOCKS, *words) == once


# --- sizes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["13824", "0x3600", "0X3600", "13_824", " 13824", "13824b", "13824 B", "0xd kB"]
)
def test_sizes(text, command):
    done(command, *CREATE, "--block-size=512", "--fs-size", text)
    assert Path("o.img").stat().st_size == (13312 if text == "0xd kB" else 13824)


def test_a_hexadecimal_digit_is_no_suffix(command):
    """0x20b is 523 bytes, not 32."""
    said = refused(command, *CREATE, "--block-size=0x20b", "--fs-size=522")
    assert said == "fs-size must be a multiple of block-size."
    done(command, *CREATE, "--block-size=0x20b", "--fs-size=10460")
    assert Path("o.img").stat().st_size == 20 * 523


@pytest.mark.parametrize("option", ["--block-size", "--fs-size", "--name-max", "--inline-max"])
@pytest.mark.parametrize("text", ["abc", "", "1k", "1M", "1KiB", "1.5kb", "-5", "0x", "1__0", "kb"])
def test_sizes_that_are_none(option, text, command):
    said = refused(command, *CREATE, *GEOMETRY, f"{option}={text}")
    assert said == f"argument {option}: invalid size_parser value: '{text}'"


def test_sizes_of_attributes_and_files_have_suffixes(command, lfskit):
    done(command, *CREATE, *GEOMETRY, "--attr-max=0x40", "--file-max=16kb")
    limits = lfskit.info(Path("o.img"))["limits"]
    assert (limits["attr_max"], limits["file_max"]) == (64, 16384)


def test_sizes_of_nothing(command):
    for option in ("--block-size", "--fs-size", "--block-count"):
        said = refused(command, *CREATE, *GEOMETRY, f"{option}=0")
        assert said == f"argument {option}: must be at least 1: '0'"
    said = refused(command, *CREATE, *BLOCKS, "--block-count=0x10")
    assert said == "argument --block-count: invalid int value: '0x10'"


# --- create -------------------------------------------------------------------------------


def test_create_says_nothing_and_has_a_default(command):
    assert done(command, "create", "src", *GEOMETRY) == ""
    assert done(command, "list", "lfs.bin", *BLOCKS) == LISTING


def test_create_from_a_file(command):
    done(command, "create", "src/sub/b.bin", "i.img", *GEOMETRY)
    assert done(command, "list", "i.img", *BLOCKS) == "/b.bin\n"


def test_create_verbosely(command):
    words = ["create", "src", "i.img", *GEOMETRY, "-v", "--inline-max=32", "--file-max=100000"]
    assert done(command, *words, "--attr-max=100", "--compact") == CONFIGURATION.replace(
        "  Image: ",
        "  Inline Max:         32  /  0x20\n"
        "  Attr Max:          100\n"
        "  File Max:       100000\n"
        "  Image: ",
    ) + "".join(
        [
            "Adding Directory: empty\n",
            "Adding Directory: sub\n",
            "Adding File:      .hidden\n",
            "Adding File:      a.txt\n",
            "Adding Directory: sub/deep\n",
            "Adding File:      sub/b.bin\n",
            "Adding File:      sub/deep/c\n",
            "Adding File:      sub/deep/déjà vu\n",
            "Compacting... 19 / 128\n",
        ]
    )


def test_create_makes_parents_and_overwrites(command):
    done(command, "create", "src", "new/er/i.img", *GEOMETRY)
    Path("i.img").write_bytes(b"old" * 100_000)
    done(command, "create", "src", "i.img", *GEOMETRY)
    assert Path("i.img").read_bytes() == Path("new/er/i.img").read_bytes()


def test_create_into_a_file_called_dash(command):
    assert done(command, "create", "src", "-", *GEOMETRY) == ""
    assert Path("-").stat().st_size == 65536


def test_compact_images_end_where_the_data_does(command):
    done(command, "create", "src", "i.img", *GEOMETRY)
    done(command, "create", "src", "c.img", *GEOMETRY, "--compact")
    assert done(command, "create", "src", "p.img", *GEOMETRY, "--compact", "--no-pad") == ""
    padded, short = Path("c.img").read_bytes(), Path("p.img").read_bytes()
    assert len(short) % 512 == 0 and padded == short.ljust(65536, b"\xff")
    said = done(command, "list", "-v", "p.img", *BLOCKS)
    line = f"  Input Image Size (compacted): {len(short):9}  /  0x{len(short):X}\n"
    expected = CONFIGURATION.replace("i.img", "p.img").replace("  Block C", line + "  Block C")
    assert said == expected + LISTING


def test_no_pad_alone_is_ignored_with_a_word(command):
    done(command, *CREATE, *GEOMETRY)
    result = command.run("create", "src", "i.img", *GEOMETRY, "--no-pad")
    assert result.returncode == 0
    assert result.stderr == b"littlefs-python: warning: --no-pad without --compact is ignored\n"
    assert Path("i.img").read_bytes() == Path("o.img").read_bytes()


def test_links_are_followed_and_others_left_out(command):
    plant({"src/link": "sub", "src/alias": "a.txt"})
    os.mkfifo("src/fifo")
    result = command.run("create", "src", "i.img", *GEOMETRY)
    assert result.returncode == 0
    assert result.stderr.startswith(b"littlefs-python: warning: src/fifo: ")
    done(command, "extract", "i.img", "back", *BLOCKS)
    back = harvest(Path("back"))
    assert back["alias"] == TREE["a.txt"] and back["link/b.bin"] == TREE["sub/b.bin"]
    assert "fifo" not in back


@pytest.mark.parametrize(
    "words, said",
    [
        (["none"], "none: source cannot be opened: No such file or directory"),
        (["src", "--name-max=6"], "src/.hidden: name is 7 bytes, the limit is 6 (--name-max)"),
        (["src", "--file-max=5119"], "src/sub/b.bin: file is 5120 bytes, the limit is 5119"),
        (["loop"], "loop/around: "),
        (["broken"], "broken/link: "),
        (["src", "--filename-encoding=ascii"], "src/sub/deep/déjà vu: "),
    ],
)
def test_what_cannot_be_stored_is_named_and_nothing_written(words, said, command):
    plant({"loop/around": "../loop", "broken/link": "nothing"})
    words = [*words, *GEOMETRY, "--image=i.img"]
    result = command.run("create", *words)
    assert (result.returncode, result.stdout) == (1, b"")
    lines = result.stderr.decode().splitlines()
    assert all(line.startswith("littlefs-python: error: ") for line in lines)
    assert any(line.startswith(f"littlefs-python: error: {said}") for line in lines), lines
    assert not Path("i.img").exists()


def test_a_volume_too_small_is_no_volume(command):
    said = failed(command, *CREATE, "--block-size=512", "--block-count=6")
    assert said.startswith("src: the tree needs 19 blocks, the volume has 6")
    assert not Path("o.img").exists()


# --- list -------------------------------------------------------------------------------------


def test_list(image, command):
    assert done(command, "list", image, *BLOCKS) == LISTING
    assert done(command, "list", image, *BLOCKS, "-v") == CONFIGURATION + LISTING


def test_an_empty_volume_prints_nothing(command):
    os.mkdir("nothing")
    done(command, "create", "nothing", "i.img", *GEOMETRY)
    assert done(command, "list", "i.img", *BLOCKS) == ""


def test_an_image_longer_than_its_volume(image, command):
    with open(image, "ab") as file:
        file.write(bytes(1000))
    said = done(command, "list", "-v", image, *BLOCKS)
    assert "  Input Image Size (compacted):     66536  /  0x103E8\n" in said
    assert said.endswith(LISTING)


def test_names_of_any_length_are_listed_unless_a_limit_is_given(command):
    done(command, "create", "src", "i.img", *GEOMETRY, "--name-max=300")
    assert done(command, "list", "i.img", *BLOCKS) == LISTING
    assert "  Name Max:          300\n" in done(command, "list", "-v", "i.img", *BLOCKS)
    said = failed(command, "list", "i.img", *BLOCKS, "--name-max=255")
    assert said.startswith("Failed to mount 'i.img': LittleFSError -22: LFS_ERR_INVAL: the image")


def test_names_in_another_encoding(command):
    latin = ["--filename-encoding=latin-1"]
    done(command, "create", "src", "i.img", *GEOMETRY, *latin)
    assert done(command, "list", "i.img", *BLOCKS, *latin) == LISTING
    result = command.run("list", "i.img", *BLOCKS)
    assert result.returncode == 1
    said = result.stderr.decode()
    assert said.startswith("littlefs-python: error: i.img: /sub/deep/")
    assert said.endswith("the name is not in the encoding of the image (--filename-encoding)\n")


@pytest.mark.parametrize("verb", ["list", "extract"])
@pytest.mark.parametrize(
    "content, block_size, said",
    [
        (b"\xff" * 65536, 512, "LittleFSError -84: LFS_ERR_CORRUPT: "),
        (bytes(65536), 512, "LittleFSError -84: LFS_ERR_CORRUPT: "),
        (b"", 512, "LittleFSError -84: LFS_ERR_CORRUPT: "),
        (None, 1024, "LittleFSError -22: LFS_ERR_INVAL: the image has blocks of 512 bytes, not 1024"),
    ],
)  # fmt: skip
def test_what_cannot_be_mounted(verb, content, block_size, said, image, command):
    if content is not None:
        Path(image).write_bytes(content)
    message = failed(command, verb, image, f"--block-size={block_size}")
    assert message.startswith(f"Failed to mount 'i.img': {said}")


# --- extract -------------------------------------------------------------------------------------


def test_extract(image, command):
    assert done(command, "extract", image, "new/out", *BLOCKS) == ""
    assert harvest(Path("new/out")) == harvest(Path("src"))


def test_extract_verbosely_into_the_current_directory(image, command):
    said = done(command, "extract", image, *BLOCKS, "-v")
    lines = [f"{path} {os.getcwd()}{path}\n" for path in LISTING.splitlines()]
    assert said == CONFIGURATION + "".join(lines)
    assert Path("sub/b.bin").read_bytes() == TREE["sub/b.bin"]


def test_extract_over_what_is_there(image, command):
    plant({"out/a.txt": b"old and longer", "out/kept": b"k", "out/sub": None})
    done(command, "extract", image, "out", *BLOCKS)
    assert harvest(Path("out")) == harvest(Path("src")) | {"kept": b"k"}


def test_extract_into_what_is_no_directory(image, command):
    result = command.run("extract", image, "src/a.txt", *BLOCKS)
    assert result.returncode == 1
    assert result.stdout == b"Destination must be a directory.\n"


def test_extract_follows_no_links(image, command):
    plant({"outside": None, "out/sub": "../outside"})
    result = command.run("extract", image, "out", *BLOCKS)
    assert result.returncode == 1
    assert os.listdir("outside") == []
    assert Path("out/a.txt").read_bytes() == TREE["a.txt"]


def test_what_an_image_lacks_reads_as_erased(command):
    done(command, *CREATE, *GEOMETRY, "--compact")
    used = len(Path("o.img").read_bytes().rstrip(b"\xff"))
    os.truncate("o.img", used)
    done(command, "extract", "o.img", "out", *BLOCKS)
    assert harvest(Path("out")) == harvest(Path("src"))


# --- repl -------------------------------------------------------------------------------------------


def repl(command, image, lines, *words) -> str:
    result = command.run("repl", image, *BLOCKS, *words, input=lines.encode())
    assert (result.returncode, result.stderr) == (0, b""), result
    return result.stdout.decode()


def test_repl_ends_well_whatever_its_commands_do(image, command):
    assert repl(command, image, "exit\n") == "littlefs> "
    assert repl(command, image, "") == "littlefs> \n"
    said = repl(command, image, "cd sub\nrm nothing\nexit\n", "-v")
    assert said.startswith(CONFIGURATION + "littlefs> /sub\nlittlefs> FileNotFoundError: ")


def test_repl_changes_the_image_in_place(image, command):
    repl(command, image, "put src/a.txt /new\nrm -r /sub\n")
    assert done(command, "list", image, *BLOCKS) == "/empty\n/.hidden\n/a.txt\n/new\n"


def test_repl_lengthens_a_short_image(command):
    done(command, "create", "src", "c.img", *GEOMETRY, "--compact", "--no-pad")
    said = repl(command, "c.img", "mkdir x\nput src/sub/b.bin /x/b\nexit\n")
    assert said == "littlefs> Created directory /x\nlittlefs> Put src/sub/b.bin -> /x/b\nlittlefs> "
    done(command, "extract", "c.img", "out", *BLOCKS)
    assert Path("out/x/b").read_bytes() == TREE["sub/b.bin"]


def test_repl_of_what_cannot_be_mounted_is_wrong_usage(image, command):
    said = refused(command, "repl", image, "--block-size=1024")
    assert said.startswith("Failed to mount 'i.img': LittleFSError -22: LFS_ERR_INVAL: the image has")
    Path(image).write_bytes(b"\xff" * 65536)
    said = refused(command, "repl", image, *BLOCKS)
    assert said.startswith("Failed to mount 'i.img': LittleFSError -84: LFS_ERR_CORRUPT: ")


# --- those who call it -------------------------------------------------------------------------


def test_as_esp_littlefs_calls_it(command):
    words = ["-v", "--fs-size=0x100000", "--name-max=64", "--block-size=4096"]
    said = done(command, "create", "src", "i.img", *words)
    assert "  Image Size:    1048576  /  0x100000\n  Block Count:       256\n" in said
    assert "  Name Max:           64\n" in said
    assert done(command, "create", "src", "--image=o.img", *words) == said.replace("i.img", "o.img")
    assert Path("o.img").read_bytes() == Path("i.img").read_bytes()
    assert done(command, "list", "i.img", "--block-size=4096") == LISTING


# --- beside the Python package's program ------------------------------------------------------------


@pytest.fixture
def theirs():
    python = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not python:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")

    def run(*words):
        command = [python, "-m", "littlefs", *words]
        return subprocess.run(command, capture_output=True, check=False, timeout=60)

    return run


SAME = [
    ["create", "src", "i.img", *GEOMETRY],
    ["create", "src", "i.img", *GEOMETRY, "-v", "--name-max=64", "--attr-max=100"],
    ["create", "src", "i.img", "--block-size=4096", "--fs-size=0x40000", "-v", "--compact"],
    ["create", "src", "i.img", *GEOMETRY, "-v", "--compact", "--no-pad", "--inline-max=16"],
    ["create", "src/a.txt", "i.img", *GEOMETRY, "-vv"],
    ["create", "src", "i.img", *GEOMETRY, "--fi=latin-1", "-v"],
    ["create", "none", "i.img", *GEOMETRY],
    ["create", "src", "i.img", "--block-size=512", "--fs-size=1000"],
    ["create", "src", "i.img", "--block-size=512", "--block-count=6"],
    ["create", "src", "i.img", *GEOMETRY, "--file-max=100"],
    ["list", "none", *BLOCKS],
    ["bogus"],
    [],
]


@pytest.mark.parametrize("words", SAME, ids=lambda words: " ".join(words) or "nothing")
def test_it_prints_and_ends_as_theirs_does(words, command, theirs):
    expected, found = theirs(*words), command.run(*words)
    assert found.returncode == expected.returncode
    if expected.returncode == 0:
        # They add entries in the order in which the host happens to have them.
        assert sorted(found.stdout.splitlines()) == sorted(expected.stdout.splitlines())


@pytest.mark.parametrize("case", many(8, 100))
def test_each_reads_what_the_other_makes(case, rng, command, theirs):
    block_size = rng.choice([256, 512, 4096])
    tree = random_tree(rng, [0, 10, block_size // 8, 3 * block_size], 30, 30)
    tree.store(Path("tree"))
    blocks = f"--block-size={block_size}"
    words = ["--fs-size=1MB", blocks] + rng.choice([[], ["--compact"], ["--compact", "--no-pad"]])
    assert theirs("create", "tree", "theirs.img", *words).returncode == 0
    assert done(command, "create", "tree", "ours.img", *words) == ""
    assert os.path.getsize("ours.img") <= os.path.getsize("theirs.img")
    for image in ("ours.img", "theirs.img"):
        for verb in (["list", image, "-v"], ["list", image]):
            assert done(command, *verb, blocks) == theirs(*verb, blocks).stdout.decode()
        done(command, "extract", image, f"ours of {image}", blocks)
        assert theirs("extract", image, f"theirs of {image}", blocks).returncode == 0
        for maker in ("ours", "theirs"):
            assert harvest(Path(f"{maker} of {image}")) == harvest(Path("tree"))
