# SPDX-License-Identifier: MIT
"""Verbs that read inside an image: what each prints, and what they say of
places and images that are not as asked for."""

import json
import os
import time
from pathlib import Path

import pytest
from crafted import Crafted, ctz_file, directory, file, littlefs_v1
from terminal import Terminal
from transcript import done, failed, harvest, nothing_but, plant, refused

READING = {
    "ls": [], "tree": [], "find": [], "cat": ["/a.txt"], "xxd": ["/a.txt"],
    "du": [], "df": [], "get": ["/a.txt", "got"], "attr": ["/a.txt"],
}  # fmt: skip
TREE = {
    "src/a.txt": b"hello\n",
    "src/ab": b"",
    "src/b.bin": bytes(range(256)) * 20,
    "src/sub/deep/x": b"x",
    "src/sub/y.txt": b"yy",
    "src/empty": None,
}


@pytest.fixture
def image(lfskit) -> str:
    plant(TREE)
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size", "128K")
    return "i.img"


# --- ls ------------------------------------------------------------------------------------


def test_ls_prints_the_names_in_the_order_of_the_image(image, lfskit):
    assert done(lfskit, "ls", image) == "a.txt\nab\nb.bin\nempty\nsub\n"
    assert done(lfskit, "ls", image, "/sub") == done(lfskit, "ls", image, "sub/") == "deep\ny.txt\n"
    assert done(lfskit, "ls", image, "sub/deep/../../empty") == ""


def test_ls_has_details_and_json_as_list_does(image, lfskit):
    assert done(lfskit, "ls", "-l", image) == """\
file          6      0 - a.txt
file          0      0 - ab
file       5120      2 - b.bin
dir           -      2 - empty
dir           -      2 - sub
"""
    shown = json.loads(done(lfskit, "ls", "--json", image))
    listed = json.loads(done(lfskit, "list", "--json", image))
    assert shown == sorted(
        (e for e in listed if e["path"].count("/") == 1), key=lambda e: e["path"]
    )
    assert [e["path"] for e in json.loads(done(lfskit, "ls", "--json", image, "sub"))] == [
        "/sub/deep", "/sub/y.txt"
    ]  # fmt: skip
    assert done(lfskit, "ls", "--json", image, "empty") == "[]\n"


def test_names_are_safe_for_a_terminal_and_decoded(lfskit):
    plant({"src/a\x1b[2J": b"", "src/\u00e9": b"e"})
    done(lfskit, "create", "-q", "src", "i.img", "--filename-encoding", "latin-1")
    latin = ["--filename-encoding", "latin-1"]
    assert done(lfskit, "ls", "i.img", *latin) == "a\\x1b[2J\n\u00e9\n"
    assert done(lfskit, "cat", "i.img", "\u00e9", *latin) == "e"
    assert done(lfskit, "ls", "i.img") == "a\\x1b[2J\n\\xe9\n"
    assert "name_hex" in json.loads(done(lfskit, "ls", "--json", "i.img"))[1]
    nothing_but(lfskit, "cat", "i.img", "\u00e9")
    done(lfskit, "get", "-r", "i.img", "/", "out", *latin)
    assert harvest(Path("out")) == {"a\x1b[2J": b"", "\u00e9": b"e"}


# --- colours ---------------------------------------------------------------------------------

BLUE, PLAIN = "\x1b[1;34m", "\x1b[0m"
SHOWN = {
    "ls": f"a.txt\nab\nb.bin\n{BLUE}empty{PLAIN}\n{BLUE}sub{PLAIN}\n",
    "tree": f"{BLUE}/{PLAIN}\n|-- a.txt\n|-- ab\n|-- b.bin\n|-- {BLUE}empty{PLAIN}/\n"
            f"`-- {BLUE}sub{PLAIN}/\n    |-- {BLUE}deep{PLAIN}/\n    |   `-- x\n    `-- y.txt\n",
}  # fmt: skip


def without(text: str) -> str:
    return text.replace(BLUE, "").replace(PLAIN, "")


def at_terminal(lfskit, *words: str, **environment: str) -> str:
    environment = {"TERM": "xterm", "NO_COLOR": ""} | environment
    with Terminal(lfskit.path, *words, **environment) as terminal:
        return terminal.read_all()


@pytest.mark.parametrize("verb", SHOWN)
def test_directories_have_a_colour_where_a_person_looks(verb, image, lfskit):
    colored, plain = SHOWN[verb], without(SHOWN[verb])
    assert at_terminal(lfskit, verb, image) == colored
    assert at_terminal(lfskit, verb, "--color=auto", image) == colored
    assert at_terminal(lfskit, verb, "--color=never", image) == plain
    assert at_terminal(lfskit, verb, image, NO_COLOR="1") == plain
    assert at_terminal(lfskit, verb, image, TERM="dumb") == plain
    assert at_terminal(lfskit, verb, "--color", image, NO_COLOR="1") == colored
    assert done(lfskit, verb, image) == done(lfskit, verb, "--color=auto", image) == plain
    assert done(lfskit, verb, "--color=always", image) == colored
    assert done(lfskit, verb, "--color", image) == colored
    said = refused(lfskit, verb, "--color=red", image)
    assert said == "--color: 'red' is not auto, always or never"


@pytest.mark.parametrize("verb", SHOWN)
def test_json_has_no_colour(verb, image, lfskit):
    plain = done(lfskit, verb, "--json", image)
    assert done(lfskit, verb, "--json", "--color=always", image) == plain
    assert at_terminal(lfskit, verb, "--json", image) == plain


def test_ls_marks_directories(image, lfskit):
    assert done(lfskit, "ls", "-F", image) == "a.txt\nab\nb.bin\nempty/\nsub/\n"
    shown = done(lfskit, "ls", "--classify", "--color", image, "sub")
    assert shown == f"{BLUE}deep{PLAIN}/\ny.txt\n"


# --- cat, xxd ---------------------------------------------------------------------------------


def test_cat_prints_files_as_they_are(image, lfskit):
    result = lfskit.run("cat", image, "b.bin", "/ab", "a.txt")
    assert result.stdout == TREE["src/b.bin"] + b"hello\n" and result.returncode == 0
    output, messages = failed(lfskit, "cat", image, "none", "a.txt", "/sub", "/")
    assert output == "hello\n"
    assert messages == [
        "i.img: /none: no such file or directory",
        "i.img: /sub: is a directory",
        "i.img: /: is a directory",
    ]


def test_xxd(image, lfskit):
    assert done(lfskit, "xxd", image, "a.txt") == (
        "00000000: 68 65 6c 6c 6f 0a                                 hello.\n"
    )
    assert done(lfskit, "xxd", image, "ab") == ""
    lines = done(lfskit, "xxd", image, "b.bin").splitlines()
    assert len(lines) == 320
    assert lines[2] == (
        "00000020: 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f    !\"#$%&'()*+,-./"
    )
    assert lines[-1].startswith("000013f0: f0 f1 ") and lines[-1].endswith("  " + "." * 16)
    assert nothing_but(lfskit, "xxd", image, "/sub") == "i.img: /sub: is a directory"


# --- tree, find -------------------------------------------------------------------------------


def test_tree_is_sorted(image, lfskit):
    assert done(lfskit, "tree", image) == """\
/
|-- a.txt
|-- ab
|-- b.bin
|-- empty/
`-- sub/
    |-- deep/
    |   `-- x
    `-- y.txt
"""
    assert done(lfskit, "tree", image, "sub/deep") == "/sub/deep\n`-- x\n"
    assert [e["path"] for e in json.loads(done(lfskit, "tree", "--json", image, "sub"))] == [
        "/sub/deep", "/sub/deep/x", "/sub/y.txt"
    ]  # fmt: skip
    assert nothing_but(lfskit, "tree", image, "ab") == "i.img: /ab: not a directory"


def test_a_name_that_begins_another_is_sorted_before_it(lfskit):
    """littlefs has them the other way round."""
    plant({"src/a": b"", "src/ab": b"", "src/a-b": b""})
    done(lfskit, "create", "-q", "src", "i.img")
    assert done(lfskit, "tree", "i.img") == "/\n|-- a\n|-- a-b\n`-- ab\n"


@pytest.mark.parametrize(
    "options, found",
    [
        ([], "/empty /sub /a.txt /ab /b.bin /sub/deep /sub/y.txt /sub/deep/x"),
        (["--name", "*.txt"], "/a.txt /sub/y.txt"),
        (["--name", "/sub/**"], "/sub/deep /sub/y.txt /sub/deep/x"),
        (["--type", "d"], "/empty /sub /sub/deep"),
        (["--type", "f", "--name", "?"], "/sub/deep/x"),
        (["--size", "+6"], "/b.bin"),
        (["--size", "-1"], "/ab"),
        (["--size", "6"], "/a.txt"),
        (["--size", "5k"], "/b.bin"),
        (["--name", "none"], ""),
    ],
)
def test_find(options, found, image, lfskit):
    assert done(lfskit, "find", image, *options).split() == found.split()
    as_json = json.loads(done(lfskit, "find", "--json", image, *options))
    assert [e["path"] for e in as_json] == found.split()


def test_find_below_a_place_and_by_attribute(image, lfskit):
    done(lfskit, "attr", image, "/sub/y.txt", "t", "now")
    done(lfskit, "attr", image, "/empty", "t", "now")
    assert done(lfskit, "find", image, "--attr", "t") == "/empty\n/sub/y.txt\n"
    assert done(lfskit, "find", image, "--attr", "0x74", "--type", "f") == "/sub/y.txt\n"
    assert done(lfskit, "find", image, "sub", "--type", "f") == "/sub/y.txt\n/sub/deep/x\n"
    assert done(lfskit, "find", image, "a.txt") == "/a.txt\n"


# --- du, df -----------------------------------------------------------------------------------


def test_du_adds_up_what_is_below(image, lfskit):
    assert done(lfskit, "du", image) == """\
      5129     10 /
         0      2 /empty
         3      4 /sub
         1      2 /sub/deep
"""
    assert done(lfskit, "du", "-s", image, "/sub", "b.bin") == (
        "         3      4 /sub\n      5120      2 /b.bin\n"
    )
    assert json.loads(done(lfskit, "du", "--json", image))[0] == {
        "path": "/", "bytes": 5129, "blocks": 10, "files": 5, "directories": 3,
    }  # fmt: skip


def test_df_counts_as_the_reference_does(image, reference, lfskit):
    settings = {"block_size": 4096, "prog_size": 16, "read_size": 16, "cache_size": 256}
    used = reference("mount", image=os.path.abspath(image), settings=settings)["used"]
    assert json.loads(done(lfskit, "df", "--json", image)) == {
        "block_size": 4096, "block_count": 32, "used_blocks": used, "free_blocks": 32 - used,
    }  # fmt: skip
    assert done(lfskit, "df", image).splitlines()[1].split() == [
        "4096", "32", str(used), str(32 - used), "32%"
    ]  # fmt: skip


# --- get ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operands, made",
    [
        (["i.img", "/a.txt"], ["a.txt"]),
        (["i.img", "/a.txt", "b"], ["b"]),
        (["i.img", "/a.txt", "there"], ["there/a.txt"]),
        (["i.img", "/a.txt", "new/"], ["new/a.txt"]),
        (["i.img", "/a.txt", "new/dir/b"], ["new/dir/b"]),
        (["i.img", "a.txt", "sub/../a.txt", "new"], ["new/a.txt"]),
        (["i.img", "/a.txt", "/ab", "new"], ["new/a.txt", "new/ab"]),
        (["i.img:/a.txt"], ["a.txt"]),
        (["i.img:/a.txt", "b"], ["b"]),
        (["i.img:/a.txt", "i.img:/sub/y.txt", "new"], ["new/a.txt", "new/y.txt"]),
    ],
)
def test_where_get_puts_a_file(operands, made, image, lfskit):
    plant({"there": None})
    before = set(harvest())
    assert done(lfskit, "get", *operands) == ""
    after = harvest()
    files = sorted(set(after) - before - {name for name, data in after.items() if data is None})
    assert files == made
    assert after[made[0]] == b"hello\n"


@pytest.mark.parametrize(
    "operands, made",
    [
        (["i.img", "/sub", "new"], "new/"),
        (["i.img", "/sub", "there"], "there/sub/"),
        (["i.img", "/sub"], "sub/"),
        (["i.img:/sub/.", "there"], "there/"),
        (["i.img", "/sub/", "new/dir/"], "new/dir/sub/"),
    ],
)
def test_where_get_puts_a_directory(operands, made, image, lfskit):
    plant({"there": None})
    lines = done(lfskit, "get", "-r", "-v", *operands).splitlines()
    assert sorted(lines) == [
        f"Got /sub/deep/x -> {made}deep/x", f"Got /sub/y.txt -> {made}y.txt"
    ]  # fmt: skip
    assert harvest(Path(made)) == {"deep": None, "deep/x": b"x", "y.txt": b"yy"}


def test_get_of_everything(image, lfskit):
    done(lfskit, "get", "-r", image, "/", "out")
    assert harvest(Path("out")) == harvest(Path("src"))


def test_get_replaces_whole_files_and_tells_what_it_cannot_write(image, lfskit):
    plant({"old": b"precious", "dir/a.txt/in": b"way"})
    assert done(lfskit, "get", "-v", image, "a.txt", "old") == "Got /a.txt -> old\n"
    assert Path("old").read_bytes() == b"hello\n"
    assert nothing_but(lfskit, "get", image, "a.txt", "dir") == "dir/a.txt: output is a directory"
    assert nothing_but(lfskit, "get", image, "a.txt", "old/x").startswith("old/x: ")
    said = nothing_but(lfskit, "get", image, "sub", "x")
    assert said == "i.img: /sub: is a directory (-r takes all that is in it)"
    output, said = failed(lfskit, "get", "-r", image, "a.txt", "none", "sub", "out")
    assert (output, said) == ("", ["i.img: /none: no such file or directory"])
    assert sorted(os.listdir("out")) == ["a.txt", "sub"]
    assert lfskit.run("get", image, "b.bin", "-").stdout == TREE["src/b.bin"]


def test_get_follows_no_link_below_its_target(image, lfskit):
    plant({"elsewhere/y.txt": b"precious", "out/sub": "../elsewhere", "out/a.txt": "../elsewhere/y.txt"})
    output, said = failed(lfskit, "get", "-r", image, "/", "out")
    assert said == ["out/sub: something that is not a directory is in the way"]
    assert harvest(Path("elsewhere")) == {"y.txt": b"precious"}
    assert harvest(Path("out"))["a.txt"] == b"hello\n"


def test_wrong_operands(image, lfskit):
    assert refused(lfskit, "get", image) == "too few arguments: it needs IMAGE SOURCE... [TARGET]"
    assert refused(lfskit, "get", "i.img:/a.txt", "/ab", "x") == (
        "'/ab' is not in i.img, as the first one is"
    )
    assert refused(lfskit, "get", "i.img:/a.txt", "i.img:/ab") == (
        "'i.img:/ab' is not on the host: the last one says where to put them"
    )
    assert refused(lfskit, "cat", image) == "too few arguments: it needs IMAGE PATH..."
    assert refused(lfskit, "ls", image, "/", "/") == "unexpected argument '/'"
    assert refused(lfskit, "find", image, "--type", "x") == (
        "--type: 'x' is neither f, a file, nor d, a directory"
    )
    assert refused(lfskit, "find", image, "--attr", "300") == (
        "--attr: '300' is neither a number from 0 to 255 nor one character"
    )


# --- images ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", READING)
def test_reading_changes_nothing_and_needs_no_right_to(verb, image, lfskit):
    before = Path(image).read_bytes()
    os.chmod(image, 0o444)
    stamp = os.stat(image).st_mtime_ns
    time.sleep(0.01)
    lfskit.do(verb, image, *READING[verb])
    assert Path(image).read_bytes() == before and os.stat(image).st_mtime_ns == stamp


@pytest.mark.parametrize("verb", READING)
def test_images_that_are_none_are_named(verb, lfskit):
    plant({"dir": None, "none.img": b"x" * 8192, "empty.img": b"", "old.img": littlefs_v1()})
    say = {
        "missing.img": "cannot open the file: No such file or directory",
        "dir": "is a directory, not an image",
        "none.img": "this is not a littlefs image: no superblock in block 0 or 1",
        "empty.img": "the image is empty",
        "old.img": "this is a littlefs v1 image",
    }
    for image, reason in say.items():
        said = nothing_but(lfskit, verb, image, *READING[verb])
        assert said.startswith(f"{image}: {reason}"), said


def test_what_the_image_is_expected_to_be(image, lfskit):
    assert done(lfskit, "ls", image, "/empty", "--block-size=4096", "--fs-size=128K") == ""
    assert nothing_but(lfskit, "ls", image, "--fs-size=64K") == (
        "i.img: the volume has 131072 bytes, not 65536 (--fs-size)"
    )
    for option, reason in {
        "--block-count=31": "the image has 32 blocks, not 31 (--block-count, --fs-size)",
        "--block-count=2": "the image has 32 blocks, not 2 (--block-count, --fs-size)",
        "--block-size=512": "the image has blocks of 4096 bytes, not 512 (--block-size)",
        "--name-max=64": "the image allows names of 255 bytes, the limit is 64 (--name-max)",
        "--file-max=64": "the image allows files of 2147483647 bytes, the limit is 64 (--file-max)",
        "--attr-max=64": "the image allows attributes of 1022 bytes, the limit is 64 (--attr-max)",
    }.items():
        assert nothing_but(lfskit, "ls", image, option) == f"i.img: {reason}"


def test_a_short_image_reads_as_far_as_it_goes(lfskit):
    plant({"src/small": b"s", "src/large": b"L" * 20000})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K", "--no-pad")
    assert lfskit.do("cat", "i.img", "large") == b"L" * 20000
    data = Path("i.img").read_bytes()
    Path("i.img").write_bytes(data[:-4096])
    assert done(lfskit, "cat", "i.img", "small") == "s"
    output, said = failed(lfskit, "cat", "i.img", "large")
    assert len(said) == 1 and said[0].startswith("i.img: /large: ")


# --- damage and worse ---------------------------------------------------------------------------


def circle() -> str:
    """Two directories that hold each other and themselves, many times over."""
    both = [directory(b"a", (2, 3)), directory(b"b", (4, 5)), directory(b"c", (2, 3))]
    image = Crafted(block_count=16)
    image.pair(0, both, tail=(2, 3)).pair(2, both, tail=(4, 5)).pair(4, both)
    return image.save()


@pytest.mark.parametrize(
    "verb, operands",
    [
        ("tree", []), ("find", []), ("du", []), ("get", ["-r", "/", "out"]),
        ("rm", ["-r", "/a"]), ("cp", ["-r", "/a", "/z"]), ("ls", []), ("attr", ["/a"]),
    ],
)  # fmt: skip
def test_directories_that_hold_each_other_come_to_an_end(verb, operands, lfskit):
    result = lfskit.run(verb, circle(), *operands, timeout=20)
    assert result.returncode in (0, 1)
    assert len(result.stdout + result.stderr) < 20000


def test_hostile_names_do_not_leave_their_directory(lfskit):
    names = [b"../out", b"..", b".", b"/abs", b"x/y", b"nul\0nul", b""]
    items = [file(name, b"evil") for name in names] + [file(b"zgood", b"good")]
    image = Crafted(block_size=1024).pair(0, [directory(b"d", (2, 3))], tail=(2, 3)).pair(2, items)
    image.save()
    output, said = failed(lfskit, "get", "-r", "i.img", "/d", "in/side")
    assert said and harvest() == {"i.img": image.bytes(), "in": None, "in/side": None,
                                  "in/side/zgood": b"good"}  # fmt: skip
    output, said = failed(lfskit, "rm", "-r", "i.img", "/d")
    assert output == "" and all(line.startswith("i.img: /d") for line in said)


def test_damage_is_told_and_the_rest_is_given(lfskit):
    items = [ctz_file(b"bad", 12, 5000), file(b"good", b"good")]
    Crafted().pair(0, items).save()
    output, said = failed(lfskit, "cat", "i.img", "bad", "good")
    assert output == "good" and said[0].startswith("i.img: /bad: ")
    output, said = failed(lfskit, "get", "-r", "i.img", "/", "out")
    assert harvest(Path("out")) == {"good": b"good"} and len(said) == 1


def test_cp_goes_on_after_a_directory_that_cannot_be_read(lfskit):
    below = [directory(b"bad", (70, 71)), file(b"good", b"good")]
    image = Crafted(block_count=32).pair(0, [directory(b"d", (2, 3))], tail=(2, 3))
    image.pair(2, below).save()
    output, said = failed(lfskit, "cp", "-r", "-v", "i.img", "/d", "/copy")
    assert "Copied /d/good -> /copy/good" in output
    assert len(said) == 1 and said[0].startswith("i.img: /d/bad: ")
    assert lfskit.do("cat", "i.img", "/copy/good") == b"good"
