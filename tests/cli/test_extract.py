# SPDX-License-Identifier: MIT
"""extract: everything, parts, or one file to standard output; whole files, and
nothing outside the folder, whatever the image and the folder hold."""

import os
import re
import stat
from pathlib import Path

import pytest
from crafted import Crafted, directory, file
from transcript import done, failed, harvest, nothing_but, plant, refused

TREE = {
    "index.html": b"<html>",
    "css/a.css": b"a",
    "css/b.css": b"b",
    "css/deep/c.css": b"c" * 5000,
    "js/app.js": b"js",
    "js/s1.js": b"1",
    "js/s2.js": b"",
    "empty": None,
}
WHOLE = TREE | {"css": None, "css/deep": None, "js": None}


@pytest.fixture
def image(lfskit) -> str:
    plant(TREE, Path("src"))
    done(lfskit, "create", "-q", "src", "i.img")
    return "i.img"


# --- everything -------------------------------------------------------------------------


def test_everything_into_a_folder(image, lfskit):
    said = "out/put: 7 files, 5011 bytes in 4 directories\n"
    assert done(lfskit, "extract", image, "out/put") == said
    assert harvest(Path("out/put")) == WHOLE


def test_into_the_current_folder_by_default(image, lfskit):
    os.mkdir("here")
    os.chdir("here")
    assert done(lfskit, "extract", "../i.img") == ".: 7 files, 5011 bytes in 4 directories\n"
    assert harvest() == WHOLE


@pytest.mark.parametrize(
    "tree, said",
    [
        ({"src": None}, "out: 0 files, 0 bytes in 0 directories\n"),
        ({"src/a": b"x"}, "out: 1 file, 1 bytes in 0 directories\n"),
        ({"src/d/a": b"x", "src/d/b": b""}, "out: 2 files, 1 bytes in 1 directory\n"),
    ],
)
def test_summary(tree, said, lfskit):
    plant(tree)
    done(lfskit, "create", "-q", "src", "i.img")
    assert done(lfskit, "extract", "i.img", "out") == said
    assert harvest(Path("out")) == harvest(Path("src"))


@pytest.mark.parametrize("options", [["-q"], ["--quiet"], ["-qv"]])
def test_quiet_says_nothing(options, image, lfskit):
    assert done(lfskit, "extract", image, "out", *options) == ""
    assert harvest(Path("out")) == WHOLE


def test_verbose_in_the_form_scripts_know(image, folder, lfskit):
    """The configuration, then for each entry its path in the image and on the host."""
    assert done(lfskit, "extract", "-v", image, "./out/") == f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      49152  /  0xC000
  Block Count:        12
  Name Max:          255
  Image:       i.img
/css {folder}/out/css
/empty {folder}/out/empty
/js {folder}/out/js
/index.html {folder}/out/index.html
/css/deep {folder}/out/css/deep
/css/a.css {folder}/out/css/a.css
/css/b.css {folder}/out/css/b.css
/css/deep/c.css {folder}/out/css/deep/c.css
/js/app.js {folder}/out/js/app.js
/js/s1.js {folder}/out/js/s1.js
/js/s2.js {folder}/out/js/s2.js
./out/: 7 files, 5011 bytes in 4 directories
"""


def test_what_is_printed_cannot_steer_the_terminal(lfskit):
    image = Crafted().pair(0, [file(b"\x1b[31m\n", b"x"), file(b"d", b"y")]).save()
    plant({"o\x1b/\x1b[31m\n": None})
    output, said = failed(lfskit, "extract", "-v", image, "o\x1b")
    assert said == [r"o\x1b/\x1b[31m\x0a: a directory is in the way"]
    assert "\x1b" not in output and r"o\x1b/d" in output


def test_names_in_another_encoding(lfskit):
    plant({"src/grün/é": b"x"})
    done(lfskit, "create", "-q", "src", "i.img", "--filename-encoding=latin-1")
    done(lfskit, "extract", "-q", "i.img", "out", "--filename-encoding=latin-1")
    assert harvest(Path("out")) == {"grün": None, "grün/é": b"x"}
    done(lfskit, "extract", "-q", "i.img", "part", "/grün/*", "--filename-encoding=latin-1")
    assert harvest(Path("part")) == {"grün": None, "grün/é": b"x"}


# --- parts --------------------------------------------------------------------------------


def part(*names: str) -> dict:
    return {name: WHOLE[name] for name in names}


@pytest.mark.parametrize(
    "paths, names",
    [
        (["/index.html"], ["index.html"]),
        (["css"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css"]),
        (["/css/", "//css//"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css"]),
        (["/css/deep/c.css"], ["css", "css/deep", "css/deep/c.css"]),
        (["/empty"], ["empty"]),
        (["js/s1.js", "index.html"], ["index.html", "js", "js/s1.js"]),
        (["/js/s*.js"], ["js", "js/s1.js", "js/s2.js"]),
        (["/js/s[2-9].js"], ["js", "js/s2.js"]),
        (["/js/s?.js"], ["js", "js/s1.js", "js/s2.js"]),
        (["*.html"], ["index.html"]),
        (["**/*.css"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css"]),
        (["/css/*.css"], ["css", "css/a.css", "css/b.css"]),
        (["**/deep"], ["css", "css/deep", "css/deep/c.css"]),
        (["/*s"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css",
                   "js", "js/app.js", "js/s1.js", "js/s2.js"]),
        (["/js/../css/a.css"], ["css", "css/a.css"]),
        (["/"], list(WHOLE)),
        (["/**"], list(WHOLE)),
        # What is named twice, or below what is named, is there all the same.
        (["/css", "/css/a.css"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css"]),
        (["/css/deep/*", "/css"], ["css", "css/a.css", "css/b.css", "css/deep", "css/deep/c.css"]),
        (["/", "/css", "/css/**"], list(WHOLE)),
    ],
)  # fmt: skip
def test_parts_by_path_and_pattern(paths, names, image, lfskit):
    done(lfskit, "extract", "-q", image, "out", *paths)
    assert harvest(Path("out")) == part(*names)


def test_summary_counts_the_part(image, lfskit):
    output = done(lfskit, "extract", image, "out", "/css/deep/c.css", "/empty")
    assert output == "out: 1 file, 5000 bytes in 3 directories\n"


def test_the_root_of_an_empty_volume_is_there(lfskit):
    plant({"src": None})
    done(lfskit, "create", "-q", "src", "i.img")
    assert done(lfskit, "extract", "i.img", "out", "/") == "out: 0 files, 0 bytes in 0 directories\n"


def test_each_path_that_names_nothing_is_told(image, lfskit):
    paths = ["/index.html", "/none", "js/*.css", "/css/a.css/x", "/CSS", "/empty/*"]
    output, said = failed(lfskit, "extract", image, "out", *paths)
    assert output == "out: 1 file, 6 bytes in 0 directories\n"
    assert said == [f"i.img: {path}: no such file or directory" for path in paths[1:]]
    assert harvest(Path("out")) == part("index.html")


def test_a_name_that_looks_like_a_pattern(lfskit):
    plant({"src/[a].txt": b"brackets", "src/a.txt": b"plain", "src/*": b"star"})
    done(lfskit, "create", "-q", "src", "i.img")
    assert done(lfskit, "extract", "i.img", "-", "/[a].txt") == "brackets"
    assert done(lfskit, "extract", "i.img", "-", "/*") == "star"
    done(lfskit, "extract", "-q", "i.img", "out", "/\\[a].txt")
    assert harvest(Path("out")) == {"[a].txt": b"brackets"}


# --- one file to standard output --------------------------------------------------------------


@pytest.mark.parametrize("path", ["/css/deep/c.css", "css/deep/c.css", "/css/*/c*", "**/c.css"])
def test_one_file_goes_to_standard_output(path, image, lfskit):
    assert done(lfskit, "extract", image, "-", path) == "c" * 5000
    assert done(lfskit, "extract", "-v", image, "-", path) == "c" * 5000
    assert sorted(os.listdir()) == ["i.img", "src"]


def test_all_bytes_of_a_large_file(lfskit):
    plant({"src/large": os.urandom(3_000_001)})
    done(lfskit, "create", "-q", "src", "i.img")
    result = lfskit.run("extract", "i.img", "-", "/large")
    assert result.stdout == Path("src/large").read_bytes()


@pytest.mark.parametrize(
    "paths, said",
    [
        ([], "'-' needs the path of one file"),
        (["/index.html", "/js/app.js"], "'-' needs the path of one file"),
        (["/css"], "'-' takes one file, '/css' is a directory"),
        (["/"], "'-' takes one file, '/' is a directory"),
        (["/js/*"], "'-' takes one file, '/js/*' is several"),
        (["**"], "'-' takes one file, '**' is several"),
    ],
)
def test_not_one_file(paths, said, image, lfskit):
    assert refused(lfskit, "extract", image, "-", *paths) == said


def test_a_file_that_is_not_there(image, lfskit):
    for path in ("/none", "/none/*", "/index.html/x"):
        said = nothing_but(lfskit, "extract", image, "-", path)
        assert said == f"i.img: {path}: no such file or directory"


# --- what is there already ----------------------------------------------------------------------


def test_existing_files_are_replaced_whole(image, lfskit):
    plant({"out/index.html": b"much longer than what replaces it", "out/mine": b"mine"})
    plant({"out/css/a.css": b"old", "out/css/mine.css": b"mine", "out/js/mine": None})
    os.link("out/css/a.css", "other")
    done(lfskit, "extract", "-q", image, "out")
    mine = {"mine": b"mine", "css/mine.css": b"mine", "js/mine": None}
    assert harvest(Path("out")) == WHOLE | mine
    assert Path("other").read_bytes() == b"old"
    done(lfskit, "extract", "-q", image, "out")
    assert harvest(Path("out")) == WHOLE | mine


def test_what_is_in_the_way_is_left_alone(image, lfskit):
    plant({"out/index.html/mine": b"mine", "out/css": b"a file"})
    output, said = failed(lfskit, "extract", image, "out")
    assert sorted(said) == [
        "out/css: something that is not a directory is in the way",
        "out/index.html: a directory is in the way",
    ]
    assert output == "out: 3 files, 3 bytes in 2 directories\n"
    found = part("empty", "js", "js/app.js", "js/s1.js", "js/s2.js")
    found |= {"index.html": None, "index.html/mine": b"mine", "css": b"a file"}
    assert harvest(Path("out")) == found


@pytest.mark.parametrize(
    "folder_name, said",
    [
        ("file", "file: destination is not a directory"),
        ("file/below", "file/below: directory cannot be made: Not a directory"),
        ("broken", "broken: destination cannot be opened: No such file or directory"),
        ("fifo", "fifo: destination is not a directory"),
        ("", "'': destination cannot be opened: No such file or directory"),
    ],
)
def test_a_destination_that_is_none(folder_name, said, image, lfskit):
    plant({"file": b"x", "broken": "nowhere"})
    os.mkfifo("fifo")
    assert nothing_but(lfskit, "extract", image, folder_name) == said
    assert Path("file").read_bytes() == b"x"


def test_new_files_have_the_usual_modes(image, lfskit):
    mask = os.umask(0o027)
    done(lfskit, "extract", "-q", image, "out")
    os.umask(mask)
    assert stat.S_IMODE(os.stat("out/index.html").st_mode) == 0o640
    assert stat.S_IMODE(os.stat("out/css").st_mode) == 0o750


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(image, lfskit):
    plant({"out/css": None, "out/js": None, "out/empty": None})
    os.chmod("out/css", stat.S_IRUSR | stat.S_IXUSR)
    output, said = failed(lfskit, "extract", image, "out")
    os.chmod("out/css", stat.S_IRWXU)
    assert sorted(said) == [
        "out/css/a.css: file cannot be made: Permission denied",
        "out/css/b.css: file cannot be made: Permission denied",
        "out/css/deep: directory cannot be made: Permission denied",
    ]
    assert Path("out/js/app.js").read_bytes() == b"js"


# --- nothing outside ----------------------------------------------------------------------------

HOSTILE = [b"..", b".", b"../x", b"../../x", b"/x", b"a/b", b"a/../../x", b"a\0b", b"..\0", b"x/"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("as_directory", [False, True])
def test_names_that_lead_elsewhere(name, as_directory, folder, lfskit):
    os.makedirs("deep/er")
    bad = directory(name, (2, 3)) if as_directory else file(name, b"evil")
    image = Crafted().pair(0, [bad, file(b"good", b"good")], tail=(2, 3))
    image.pair(2, [file(b"x", b"evil"), directory(b"y", (4, 5))], tail=(4, 5)).pair(4, [])
    image.save()
    output, said = failed(lfskit, "extract", "i.img", "deep/er/out")
    assert len(said) == 1 and said[0].endswith(": an entry has a name that cannot be: block 0")
    assert output == "deep/er/out: 1 file, 4 bytes in 0 directories\n"
    assert harvest() == {
        "i.img": image.bytes(),
        "deep": None,
        "deep/er": None,
        "deep/er/out": None,
        "deep/er/out/good": b"good",
    }
    assert not Path(folder.parent / "x").exists()


def test_names_that_lead_elsewhere_once_decoded(lfskit):
    """In UTF-7 these are "..", "../x" and "a/b"."""
    names = [b"+AC4ALg-", b"+AC4ALgAv-x", b"a+AC8-b"]
    image = Crafted().pair(0, [*(file(name, b"evil") for name in names), file(b"ok")]).save()
    if lfskit.run("list", image, "--filename-encoding=utf-7").returncode == 2:
        pytest.skip("the host has no conversion from UTF-7")
    _, said = failed(lfskit, "extract", image, "out", "--filename-encoding=utf-7")
    assert len(said) == 3
    assert harvest() == {"i.img": Path("i.img").read_bytes(), "out": None, "out/ok": b""}


def test_links_to_directories_are_not_followed(image, lfskit):
    plant({"outside": None, "out/css": "../outside", "out/js": os.path.abspath("outside")})
    plant({"out/empty": "."})
    output, said = failed(lfskit, "extract", image, "out")
    way = "something that is not a directory is in the way"
    assert sorted(said) == [f"out/css: {way}", f"out/empty: {way}", f"out/js: {way}"]
    assert output == "out: 1 file, 6 bytes in 0 directories\n"
    assert os.listdir("outside") == []
    assert os.readlink("out/css") == "../outside"


def test_links_in_the_place_of_files_are_replaced(image, lfskit):
    plant({"outside": b"outside", "out/index.html": "../outside", "out/css/a.css": "nowhere"})
    plant({"out/css/b.css": "/dev/null"})
    done(lfskit, "extract", "-q", image, "out")
    assert harvest(Path("out")) == WHOLE
    assert Path("outside").read_bytes() == b"outside"


def test_the_destination_itself_may_be_a_link(image, lfskit):
    plant({"real": None, "link": "real"})
    done(lfskit, "extract", "-q", image, "link")
    assert harvest(Path("real")) == WHOLE


def test_special_files_in_the_place_of_files_are_replaced(image, lfskit):
    plant({"out": None})
    os.mkfifo("out/index.html")
    done(lfskit, "extract", "-q", image, "out")
    assert harvest(Path("out")) == WHOLE


def test_one_name_twice(lfskit):
    """The second file replaces the first; a directory does not become a file."""
    items = [file(b"a", b"1"), file(b"a", b"2"), directory(b"b", (2, 3)), file(b"b", b"3")]
    image = Crafted().pair(0, items, tail=(2, 3)).pair(2, [file(b"x", b"4")]).save()
    _, said = failed(lfskit, "extract", image, "out")
    assert said == ["out/b: something that is not a directory is in the way"]
    assert harvest(Path("out")) == {"a": b"2", "b": b"3"}


def test_names_too_long_for_the_host(lfskit):
    image = Crafted(2048).pair(0, [file(b"n" * 300, b"x"), file(b"ok", b"y")]).save()
    output, said = failed(lfskit, "extract", image, "out")
    assert said == [f"out/{'n' * 300}: file cannot be made: File name too long"]
    assert output == "out: 1 file, 1 bytes in 0 directories\n"
    assert done(lfskit, "extract", image, "-", "n" * 300) == "x"


def test_paths_too_long_for_the_host(lfskit):
    """Only each name must fit."""
    image = Crafted(512, 90)
    for level in range(40):
        block = 2 * level
        below = (block + 2, block + 3)
        image.pair(block, [directory(b"d" * 200, below), file(b"f", b"x")], tail=below)
    image.pair(80, [file(b"last", b"deep")])
    image.save()
    output = done(lfskit, "extract", "i.img", "out")
    assert output == "out: 41 files, 44 bytes in 40 directories\n"
    os.chdir("out")
    for _ in range(40):
        assert Path("f").read_bytes() == b"x"
        os.chdir("d" * 200)
    assert Path("last").read_bytes() == b"deep"


def test_nothing_temporary_is_left(image, lfskit):
    plant({"out/" + name: b"old" for name in TREE if "." in name})
    done(lfskit, "extract", "-q", image, "out")
    assert not re.search(r"lfskit|tmp", " ".join(harvest(Path("out"))))
