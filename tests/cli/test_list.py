# SPDX-License-Identifier: MIT
"""list: paths, tables, trees and JSON of what is in an image."""

import json
from pathlib import Path

import pytest
from crafted import Crafted, ctz_file, directory, file
from transcript import done, failed, nothing_but, plant

TREE = {
    "src/b.txt": b"b",
    "src/a.txt": b"aa",
    "src/sub/deep/x": bytes(5000),
    "src/sub/y": b"",
    "src/empty": None,
}


@pytest.fixture
def image(lfskit) -> str:
    plant(TREE)
    done(lfskit, "create", "-q", "src", "i.img")
    return "i.img"


# --- lines ------------------------------------------------------------------------------


def test_directories_then_files_then_what_is_in_the_directories(image, lfskit):
    assert done(lfskit, "list", image) == """\
/empty
/sub
/a.txt
/b.txt
/sub/deep
/sub/y
/sub/deep/x
"""


def test_an_empty_volume_has_no_lines(lfskit):
    plant({"src": None})
    done(lfskit, "create", "-q", "src", "i.img")
    assert done(lfskit, "list", "i.img") == ""
    assert done(lfskit, "list", "-l", "i.img") == ""
    assert done(lfskit, "list", "--tree", "i.img") == "/\n"
    assert done(lfskit, "list", "--json", "i.img") == "[]\n"


@pytest.mark.parametrize("option", ["-l", "--long"])
def test_long_lines_have_type_size_blocks_and_attributes(option, image, lfskit):
    assert done(lfskit, "list", option, image) == """\
dir           -      2 - /empty
dir           -      2 - /sub
file          2      0 - /a.txt
file          1      0 - /b.txt
dir           -      2 - /sub/deep
file          0      0 - /sub/y
file       5000      2 - /sub/deep/x
"""


def test_attributes_are_shown_in_hexadecimal(lfskit):
    root = [
        file(b"f", b"x", attrs={0x74: b"\x01\x02", 0x00: b""}),
        file(b"long", b"", attrs={0xFF: bytes(range(40))}),
        directory(b"d", (2, 3)),
    ]
    root[2].attrs = {0x63: b"\xab"}
    image = Crafted().pair(0, root, tail=(2, 3)).pair(2, []).save()
    assert done(lfskit, "list", "-l", image) == """\
dir           -      2 0x63=ab /d
file          1      0 0x00=,0x74=0102 /f
file          0      0 0xff=000102030405060708090a0b0c0d0e0f...(40) /long
"""
    by_path = {e["path"]: e["attrs"] for e in json.loads(done(lfskit, "list", "--json", image))}
    assert by_path == {
        "/d": {"0x63": "ab"},
        "/f": {"0x00": "", "0x74": "0102"},
        "/long": {"0xff": bytes(range(40)).hex()},
    }


# --- tree -------------------------------------------------------------------------------


def test_tree(image, lfskit):
    assert done(lfskit, "list", "--tree", image) == """\
/
|-- a.txt
|-- b.txt
|-- empty/
`-- sub/
    |-- deep/
    |   `-- x
    `-- y
"""


def test_tree_of_a_part(image, lfskit):
    assert done(lfskit, "list", "--tree", image, "sub") == """\
/sub
|-- deep/
|   `-- x
`-- y
"""
    assert done(lfskit, "list", "--tree", image, "/empty") == "/empty\n"


def test_tree_with_details(image, lfskit):
    assert done(lfskit, "list", "--tree", "-l", image, "/sub") == """\
dir           -      2 - /sub
dir           -      2 - |-- deep/
file       5000      2 - |   `-- x
file          0      0 - `-- y
"""


# --- JSON --------------------------------------------------------------------------------


def test_json(image, lfskit):
    assert json.loads(done(lfskit, "list", "--json", image)) == [
        {"path": "/empty", "type": "dir", "blocks": 2, "attrs": {}},
        {"path": "/sub", "type": "dir", "blocks": 2, "attrs": {}},
        {"path": "/a.txt", "type": "file", "size": 2, "blocks": 0, "inline": True, "attrs": {}},
        {"path": "/b.txt", "type": "file", "size": 1, "blocks": 0, "inline": True, "attrs": {}},
        {"path": "/sub/deep", "type": "dir", "blocks": 2, "attrs": {}},
        {"path": "/sub/y", "type": "file", "size": 0, "blocks": 0, "inline": True, "attrs": {}},
        {
            "path": "/sub/deep/x",
            "type": "file",
            "size": 5000,
            "blocks": 2,
            "inline": False,
            "attrs": {},
        },
    ]


def test_json_is_valid_whatever_the_names_are(lfskit):
    names = [b'"quoted"', b"back\\slash", b"ctl\x01\x1b\n", b"\xff\xfe", "é€😀".encode()]
    names += [b"\xed\xa0\x80"]
    image = Crafted(2048).pair(0, [file(name, b"") for name in names]).save()
    output, said = failed(lfskit, "list", "--json", image)
    entries = json.loads(output)
    assert [e["path"] for e in entries] == [
        '/"quoted"',
        "/back\\slash",
        "/ctl\x01\x1b\n",
        "/\ufffd\ufffd",
        "/é€😀",
        "/\ufffd\ufffd\ufffd",
    ]
    assert {e["path"]: e["name_hex"] for e in entries if "name_hex" in e} == {
        "/\ufffd\ufffd": "fffe",
        "/\ufffd\ufffd\ufffd": "eda080",
    }
    assert said == [
        rf"i.img: {name}: the name is not in the encoding of the image (--filename-encoding)"
        for name in (r"/\xff\xfe", r"/\xed\xa0\x80")
    ]


def test_json_is_valid_when_something_is_damaged(lfskit):
    image = Crafted().pair(0, [directory(b"bad", (2, 3)), file(b"ok")], tail=(4, 5)).save()
    output, said = failed(lfskit, "list", "--json", image)
    assert [e["path"] for e in json.loads(output)] == ["/bad", "/ok"]
    assert any(line.startswith("i.img: /bad: ") for line in said)


# --- a part ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/sub", "sub", "/sub/", "//sub//", "./sub", "empty/../sub", "/../sub", "sub/deep/.."]
)
def test_paths_have_many_forms(path, image, lfskit):
    assert done(lfskit, "list", image, path) == "/sub/deep\n/sub/y\n/sub/deep/x\n"


@pytest.mark.parametrize("path", ["/", "", ".", "..", "sub/..", "//"])
def test_the_root_has_many_forms(path, image, lfskit):
    assert done(lfskit, "list", image, path) == done(lfskit, "list", image)


def test_a_file_is_listed_by_its_path(image, lfskit):
    assert done(lfskit, "list", image, "a.txt") == "/a.txt\n"
    assert done(lfskit, "list", image, "/sub/deep/x") == "/sub/deep/x\n"
    assert done(lfskit, "list", "-l", image, "sub/y") == "file          0      0 - /sub/y\n"
    (entry,) = json.loads(done(lfskit, "list", "--json", image, "/sub/deep/x"))
    assert (entry["path"], entry["size"]) == ("/sub/deep/x", 5000)


def test_a_directory_with_nothing_in_it(image, lfskit):
    assert done(lfskit, "list", image, "/empty") == ""


@pytest.mark.parametrize(
    "path, said",
    [
        ("/none", "i.img: /none: no such file or directory"),
        ("sub/none", "i.img: sub/none: no such file or directory"),
        ("/none/below", "i.img: /none/below: no such file or directory"),
        ("/a.txt/below", "i.img: /a.txt/below: not a directory"),
        ("/a.tx", "i.img: /a.tx: no such file or directory"),
        ("/a.txt2", "i.img: /a.txt2: no such file or directory"),
        ("/littlefs", "i.img: /littlefs: no such file or directory"),
        ("/a\x1b", r"i.img: /a\x1b: no such file or directory"),
        ("/" + "n" * 5000, f"i.img: /{'n' * 5000}: name is too long"),
    ],
)
def test_a_path_that_is_not_there(path, said, image, lfskit):
    assert nothing_but(lfskit, "list", image, path) == said


# --- names --------------------------------------------------------------------------------


def test_names_cannot_steer_the_terminal(lfskit):
    names = [b"\x1b[2J", b"a\nb", b"c\rd", "\x9b31m".encode(), b"\x7f", b"tab\t"]
    items = [directory(b"d\x07", (2, 3)), *map(file, names)]
    image = Crafted().pair(0, items, tail=(2, 3)).pair(2, [file(b"x")]).save()
    assert done(lfskit, "list", image).splitlines() == [
        r"/d\x07",
        r"/\x1b[2J",
        r"/a\x0ab",
        r"/c\x0dd",
        r"/\xc2\x9b31m",
        r"/\x7f",
        r"/tab\x09",
        r"/d\x07/x",
    ]
    shown = done(lfskit, "list", "--tree", "-l", image) + done(lfskit, "list", "-l", image)
    assert all(c == "\n" or c.isprintable() for c in shown)


def test_names_in_another_encoding(lfskit):
    plant({"src/grün/é": b"", "src/plain": b""})
    done(lfskit, "create", "-q", "src", "i.img", "--filename-encoding=latin-1")
    words = ["i.img", "--filename-encoding=latin-1"]
    assert done(lfskit, "list", *words) == "/grün\n/plain\n/grün/é\n"
    assert done(lfskit, "list", *words, "/grün") == "/grün/é\n"
    said = nothing_but(lfskit, "list", *words, "/€")
    assert said == "i.img: /€: name cannot be written in the image's encoding"
    output, said = failed(lfskit, "list", "i.img")
    assert output == "/gr\\xfcn\n/plain\n/gr\\xfcn/\\xe9\n"
    assert said == [
        r"i.img: /gr\xfcn: the name is not in the encoding of the image (--filename-encoding)",
        r"i.img: /gr\xfcn/\xe9: the name is not in the encoding of the image (--filename-encoding)",
    ]


def test_names_of_every_length_are_listed(lfskit):
    items = [file(b"n" * length) for length in (1022, 256, 255, 1)]
    limits = (1022, 0x7FFFFFFF, 1022)
    image = Crafted(4096, limits=limits).pair(0, items).save()
    assert [len(line) for line in done(lfskit, "list", image).splitlines()] == [1023, 257, 256, 2]
    assert done(lfskit, "list", image, "n" * 1022) == f"/{'n' * 1022}\n"


# --- configuration ---------------------------------------------------------------------------


def test_verbose_begins_with_the_configuration(image, lfskit):
    listing = done(lfskit, "list", image)
    assert done(lfskit, "list", "-v", image) == f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      40960  /  0xA000
  Block Count:        10
  Name Max:          255
  Image:       i.img
{listing}"""
    options = ["--inline-max=64", "--attr-max=1022", "--file-max=0x7fffffff"]
    assert done(lfskit, "list", "--verbose", image, *options) == f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:      40960  /  0xA000
  Block Count:        10
  Name Max:          255
  Inline Max:         64  /  0x40
  Attr Max:         1022
  File Max:    2147483647
  Image:       i.img
{listing}"""


@pytest.mark.parametrize("size", [40960, 200_000, 2_000_000])
def test_verbose_shows_the_length_if_it_is_not_the_volumes(size, lfskit):
    plant(TREE)
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=1M", "--no-pad")
    short = Path("i.img").read_bytes()
    Path("i.img").write_bytes(short.ljust(size, b"\xff"))
    assert done(lfskit, "list", "-v", "i.img").startswith(f"""\
LittleFS Configuration:
  Block Size:       4096  /  0x1000
  Image Size:    1048576  /  0x100000
  Input Image Size (compacted): {size:9}  /  0x{size:X}
  Block Count:       256
""")


def test_json_has_no_configuration(image, lfskit):
    assert done(lfskit, "list", "-v", "--json", image) == done(lfskit, "list", "--json", image)


def test_files_in_blocks_say_how_many(lfskit):
    image = Crafted().pair(0, [ctz_file(b"f", 5, 1500), ctz_file(b"g", 6, 512)]).save()
    assert done(lfskit, "list", "-l", image) == """\
file       1500      3 - /f
file        512      1 - /g
"""
