# SPDX-License-Identifier: MIT
"""Verbs that change an image in place: what each says and leaves behind, as
littlefs itself sees it."""

import hashlib
import json
import os
import struct
import time
from pathlib import Path

import pytest
from program import powerless
from transcript import done, failed, harvest, nothing_but, plant, refused, warned

NO_PARENT = "the directory it would be in is not there"
SETTINGS = {"block_size": 4096, "prog_size": 256, "read_size": 16, "cache_size": 512}
TREE = {
    "src/a.txt": b"hello\n",
    "src/big": b"0123456789abcdef" * 1000,
    "src/sub/deep/x": b"x",
    "src/sub/y.txt": b"yy",
    "src/empty": None,
}
BASE = {
    "/a.txt": b"hello\n", "/big": TREE["src/big"], "/sub": None, "/sub/deep": None,
    "/sub/deep/x": b"x", "/sub/y.txt": b"yy", "/empty": None,
}  # fmt: skip


@pytest.fixture
def image(lfskit) -> str:
    plant(TREE)
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size", "256K")
    return "i.img"


def entry(path: str, data: bytes | None) -> dict:
    if data is None:
        return {"path": path, "type": "dir", "attrs": {}}
    digest = hashlib.sha256(data).hexdigest()
    return {"path": path, "type": "file", "size": len(data), "sha256": digest, "attrs": {}}


@pytest.fixture
def holds(image, lfskit, request):
    """Asserts what is in the image: by littlefs itself, if it is there, and by our check."""

    def compare(tree: dict[str, bytes | None], disk_version: str = "2.1") -> None:
        expected = sorted((entry(*item) for item in tree.items()), key=lambda e: e["path"])
        assert lfskit.run("check", "-q", image).returncode == 0
        assert lfskit.info(image)["disk_version"] == disk_version
        Path("extracted").mkdir(exist_ok=True)
        folder = Path("extracted") / str(time.monotonic_ns())
        found = [e | {"attrs": {}} for e in lfskit.tree(image, folder)]
        assert found == expected
        if os.environ.get("LFSKIT_REFERENCE_PYTHON"):
            reference = request.getfixturevalue("reference")
            reference("mount", image=os.path.abspath(image), settings=SETTINGS)
            assert reference("tree") == expected

    return compare


def attributes(lfskit, path: str) -> dict[str, str]:
    return json.loads(done(lfskit, "attr", "--json", "i.img", path))


# --- put -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operands, made",
    [
        (["i.img", "new.bin"], "/new.bin"),
        (["i.img", "./new.bin", "b"], "/b"),
        (["i.img", "new.bin", "/sub/"], "/sub/new.bin"),
        (["i.img", "new.bin", "sub/../sub/b"], "/sub/b"),
        (["i.img", "new.bin", "/m/n/"], "/m/n/new.bin"),
        (["i.img", "new.bin", "/a.txt"], "/a.txt"),
        (["new.bin", "i.img:/"], "/new.bin"),
        (["new.bin", "i.img:/m/n/b"], "/m/n/b"),
        (["new.bin", "./i.img:/x:/y"], "/x:/y"),
    ],
)
@pytest.mark.parametrize("size", [0, 5, 600, 50000])
def test_where_put_puts_a_file(operands, made, size, image, holds, lfskit):
    data = os.urandom(size)
    plant({"new.bin": data})
    source = operands[0] if ".bin" in operands[0] else operands[1]
    assert done(lfskit, "put", "-v", *operands) == f"Put {source.removeprefix('./')} -> {made}\n"
    parents = {str(p): None for p in Path(made).parents if str(p) != "/"}
    holds(BASE | parents | {made: data})


def test_put_is_silent_unless_asked(image, lfskit):
    assert done(lfskit, "put", image, "src/a.txt", "b") == ""


def test_put_of_several_and_of_directories(image, holds, lfskit):
    plant({"web/i.html": b"i", "web/js/s.js": b"s" * 9000, "web/none": None, "one": b"1"})
    assert done(lfskit, "put", "-v", "one", "src/a.txt", "i.img:/m") == (
        "Put one -> /m/one\nPut src/a.txt -> /m/a.txt\n"
    )
    lines = done(lfskit, "put", "-r", "-v", image, "web", "/www").splitlines()
    assert sorted(lines) == [
        "Created directory /www", "Created directory /www/js", "Created directory /www/none",
        "Put web/i.html -> /www/i.html", "Put web/js/s.js -> /www/js/s.js",
    ]  # fmt: skip
    done(lfskit, "put", "-r", image, "web")
    done(lfskit, "put", "-r", "web/.", "i.img:/sub/")
    web = {"/i.html": b"i", "/js": None, "/js/s.js": b"s" * 9000, "/none": None}
    tree = BASE | {"/m": None, "/m/one": b"1", "/m/a.txt": b"hello\n", "/www": None, "/web": None}
    for top in ("/www", "/web", "/sub"):
        tree |= {top + name: data for name, data in web.items()}
    holds(tree)
    # Again: directories are joined, files replaced, what is there besides stays.
    plant({"web/i.html": b"new"})
    assert "Created" not in done(lfskit, "put", "-r", "-v", image, "web/", "/sub/../sub")
    holds(tree | {"/sub/i.html": b"new"})


def test_put_goes_on_after_what_it_cannot_put(image, holds, lfskit):
    plant({"web/ok": b"ok", "web/y.txt/in": b"the way", "web/link": "nowhere"})
    output, said = failed(lfskit, "put", "-r", image, "nofile", "web", "/dev/null", "src/a.txt", "m/")
    assert output == ""
    assert said == [
        "nofile: no such file or directory",
        "web/link: symbolic link leads nowhere: No such file or directory",
        "/dev/null: is neither a file nor a directory",
    ]
    put = {"/m": None, "/m/a.txt": b"hello\n", "/m/web": None, "/m/web/ok": b"ok",
           "/m/web/y.txt": None, "/m/web/y.txt/in": b"the way"}  # fmt: skip
    holds(BASE | put)
    os.remove("web/link")
    output, said = failed(lfskit, "put", "-r", image, "web/.", "/sub")
    assert said == ["i.img: /sub/y.txt: the name is taken"]
    holds(BASE | put | {"/sub/ok": b"ok"})


def test_put_leaves_out_what_it_cannot_read(image, holds, lfskit):
    plant({"web/closed/in": b"in", "web/secret": b"s", "web/ok": b"ok", "web/more/z": b"z"})
    os.chmod("web/closed", 0)
    os.chmod("web/secret", 0)
    lfskit = powerless(lfskit)
    output, said = failed(lfskit, "put", "-r", "-v", image, "web", "web/secret", "web/closed", "/m/")
    os.chmod("web/closed", 0o700)
    assert sorted(said) == [
        "web/closed: directory cannot be opened: Permission denied",
        "web/closed: directory cannot be opened: Permission denied",
        "web/secret: file cannot be read: Permission denied",
        "web/secret: file cannot be read: Permission denied",
    ]
    assert sorted(line for line in output.splitlines() if line.startswith("Put")) == [
        "Put web/more/z -> /m/web/more/z", "Put web/ok -> /m/web/ok",
    ]  # fmt: skip
    holds(BASE | {"/m": None, "/m/web": None, "/m/web/closed": None, "/m/web/ok": b"ok",
                  "/m/web/more": None, "/m/web/more/z": b"z"})  # fmt: skip


def test_put_says_what_a_directory_needs(image, lfskit):
    assert nothing_but(lfskit, "put", image, "src") == (
        "src: is a directory (-r takes all that is in it)"
    )
    assert nothing_but(lfskit, "put", image, "src/a.txt", "sub") == "i.img: /sub: is a directory"
    assert nothing_but(lfskit, "put", image, "src/a.txt", "a.txt/x").endswith("not a directory")


def test_put_leaves_the_image_itself_out(image, holds, lfskit):
    said = warned(lfskit, "put", "-r", image, ".", "/all")
    assert said == ["warning: ./i.img: left out: the output"]
    assert done(lfskit, "ls", image, "/all") == "src\n"


def test_a_full_volume_keeps_what_it_had(image, holds, lfskit):
    """New files vanish again, replaced ones keep their content, empty ones do not appear."""
    plant({"huge": bytes(300000), "small": b"s"})
    output, said = failed(lfskit, "put", image, "huge", "small", "/m/")
    assert said == ["i.img: /m/huge: no block of the volume is free"]
    assert nothing_but(lfskit, "put", image, "huge", "/a.txt").startswith("i.img: /a.txt: ")
    holds(BASE | {"/m": None, "/m/small": b"s"})


def test_limits_of_the_image_hold(lfskit):
    plant({"src/a": b"", "long" * 20: b"l", "big": bytes(3000)})
    limits = ["--name-max=40", "--file-max=2000", "--attr-max=10"]
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64K", *limits)
    before = lfskit.info("i.img")["limits"]
    assert nothing_but(lfskit, "put", "i.img", "long" * 20).startswith(
        f"i.img: /{'long' * 20}: name is 80 bytes, the limit is 40"
    )
    assert nothing_but(lfskit, "put", "i.img", "big").startswith("i.img: /big: ")
    assert nothing_but(lfskit, "attr", "i.img", "/a", "t", "12345678901").startswith("i.img: /a: ")
    assert lfskit.entries("i.img") == [
        {"path": "/a", "type": "file", "size": 0, "blocks": 0, "inline": True, "attrs": {}}
    ]
    done(lfskit, "touch", "i.img", "b")
    assert lfskit.info("i.img")["limits"] == before


@pytest.mark.parametrize("verb", ["put", "mkdir", "mv", "rm", "touch", "attr", "cp"])
def test_an_older_version_of_the_format_stays(verb, lfskit):
    plant({"src/a": b"a"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64K", "--disk-version=2.0")
    operands = {
        "put": ["src/a", "/b"], "mkdir": ["/b"], "mv": ["/a", "/b"], "rm": ["/a"],
        "touch": ["/b"], "attr": ["/a", "t", "x"], "cp": ["/a", "/b"],
    }  # fmt: skip
    before = Path("i.img").read_bytes()
    done(lfskit, verb, "i.img", *operands[verb])
    assert Path("i.img").read_bytes() != before
    assert lfskit.info("i.img")["disk_version"] == "2.0"
    assert lfskit.run("check", "-q", "i.img").returncode == 0


def test_attributes_stay_with_a_file_that_is_replaced(image, lfskit):
    done(lfskit, "attr", image, "/a.txt", "v", "7")
    plant({"new": b"new"})
    done(lfskit, "put", image, "new", "/a.txt")
    assert attributes(lfskit, "/a.txt") == {"0x76": "37"}
    assert lfskit.do("cat", image, "a.txt") == b"new"


def test_an_inline_limit_that_cannot_be(image, lfskit):
    before = Path(image).read_bytes()
    said = nothing_but(lfskit, "touch", "--inline-max=4096", image, "x")
    assert said == "i.img: is too large (inline_max): expected 512, found 4096"
    assert Path(image).read_bytes() == before
    assert done(lfskit, "ls", "--inline-max=4096", image, "/empty") == ""


def test_inline_files_are_as_large_as_asked_for(image, lfskit):
    plant({"f": bytes(200)})
    done(lfskit, "put", image, "f", "/in")
    done(lfskit, "put", "--inline-max=64", image, "f", "/out")
    kind = {e["path"]: e["inline"] for e in lfskit.entries(image) if e["type"] == "file"}
    assert kind["/in"] and not kind["/out"]


# --- mkdir, mv, rm, cp ---------------------------------------------------------------------------


def test_mkdir(image, holds, lfskit):
    assert done(lfskit, "mkdir", "-v", image, "/m", "sub/n") == (
        "Created directory /m\nCreated directory /sub/n\n"
    )
    assert done(lfskit, "mkdir", "-p", "-v", image, "p/q/r", "p/q") == (
        "Created directory /p/q/r\nCreated directory /p/q\n"
    )
    assert nothing_but(lfskit, "mkdir", image, "/m") == "i.img: /m: the name is taken"
    assert nothing_but(lfskit, "mkdir", image, "/").endswith("the name is taken")
    assert nothing_but(lfskit, "mkdir", image, "/x/y") == f"i.img: /x/y: {NO_PARENT}"
    assert nothing_but(lfskit, "mkdir", "-p", image, "a.txt").endswith("the name is taken")
    assert nothing_but(lfskit, "mkdir", "-p", image, "a.txt/b/c").endswith("not a directory")
    done(lfskit, "mkdir", "-p", image, "/")
    holds(BASE | dict.fromkeys(["/m", "/sub/n", "/p", "/p/q", "/p/q/r"]))


def test_mv(image, holds, lfskit):
    done(lfskit, "attr", image, "/sub/y.txt", "v", "7")
    assert done(lfskit, "mv", "-v", image, "sub/y.txt", "z") == "Moved /sub/y.txt -> /z\n"
    assert attributes(lfskit, "/z") == {"0x76": "37"}
    assert done(lfskit, "mv", image, "/sub", "/empty") == ""  # an empty directory is replaced
    done(lfskit, "mv", image, "a.txt", "z")
    moved = {"/big": BASE["/big"], "/z": b"hello\n", "/empty": None, "/empty/deep": None,
             "/empty/deep/x": b"x"}  # fmt: skip
    holds(moved)
    said = {
        ("/empty", "/empty/deep/y"): "/empty/deep/y: a directory cannot be moved below itself",
        ("/z", "/empty"): "/empty: is a directory, into which nothing is moved: "
                          "TARGET is the whole new path",
        ("/", "/x"): "/: the root directory cannot be renamed",
        ("/z", "/"): "/: the root directory cannot be replaced",
        ("/z", "/z/x"): "/z/x: not a directory",
        ("/empty", "/z"): "/z: source and target are not of one type",
        ("/none", "/z"): "/none: no such file or directory",
        ("/z", "/none/z"): f"/none/z: {NO_PARENT}",
    }
    for operands, line in said.items():
        assert nothing_but(lfskit, "mv", image, *operands) == f"i.img: {line}"
    assert refused(lfskit, "mv", image, "/z") == "too few arguments: it needs IMAGE SOURCE TARGET"
    holds(moved)


def test_rm(image, holds, lfskit):
    said = nothing_but(lfskit, "rm", image, "/sub")
    assert said == "i.img: /sub: the directory is not empty (-r removes all that is in it)"
    assert done(lfskit, "rm", "-v", image, "a.txt", "empty") == "Removed /a.txt\nRemoved /empty\n"
    output, said = failed(lfskit, "rm", "-r", image, "none", "big")
    assert (output, said) == ("", ["i.img: /none: no such file or directory"])
    left = {path: BASE[path] for path in BASE if path.startswith("/sub")}
    holds(left)
    assert nothing_but(lfskit, "rm", "-r", image, "/").endswith("the root cannot be removed")
    assert nothing_but(lfskit, "rm", image, "/").startswith("i.img: /: ")
    holds(left)
    assert done(lfskit, "rm", "-r", "-v", image, "sub/deep/..") == "Removed /sub\n"
    holds({})


def test_cp(image, holds, lfskit):
    done(lfskit, "attr", image, "/sub/y.txt", "v", "7")
    done(lfskit, "attr", image, "/sub", "v", "8")
    assert done(lfskit, "cp", "-v", image, "big", "/m/n") == "Copied /big -> /m/n\n"
    done(lfskit, "cp", "-r", image, "/sub", "a.txt", "/m")
    done(lfskit, "cp", image, "a.txt", "big")
    done(lfskit, "cp", "-r", image, "/sub/.", "/m/sub/deep/")
    tree = BASE | {
        "/m": None, "/m/n": BASE["/big"], "/m/a.txt": b"hello\n", "/big": b"hello\n",
        "/m/sub": None, "/m/sub/deep": None, "/m/sub/deep/x": b"x", "/m/sub/y.txt": b"yy",
        "/m/sub/deep/deep": None, "/m/sub/deep/deep/x": b"x", "/m/sub/deep/y.txt": b"yy",
    }  # fmt: skip
    holds(tree)
    assert attributes(lfskit, "/m/sub/y.txt") == {"0x76": "37"}
    assert attributes(lfskit, "/m/sub") == {"0x76": "38"}
    for operands in (["/m", "/m/x"], ["/m", "/m"], ["/", "/y"], ["a.txt", "/"]):
        said = nothing_but(lfskit, "cp", "-r", image, *operands)
        assert said.endswith("it would be copied onto or into itself")
    said = nothing_but(lfskit, "cp", image, "/m", "/y")
    assert said == "i.img: /m: is a directory (-r takes all that is in it)"
    assert nothing_but(lfskit, "cp", image, "/none", "/y").startswith("i.img: /none: ")
    holds(tree)


def test_a_copy_has_the_attributes_of_its_source(image, lfskit):
    """A file has no others; a directory that was there keeps its own."""
    for path, kind, value in [("a.txt", "v", "7"), ("big", "v", "8"), ("big", "w", "9"),
                              ("sub", "v", "7"), ("empty", "v", "8"), ("empty", "w", "9")]:  # fmt: skip
        done(lfskit, "attr", image, path, kind, value)
    done(lfskit, "cp", "--dry-run", image, "a.txt", "big")
    assert attributes(lfskit, "/big") == {"0x76": "38", "0x77": "39"}
    assert done(lfskit, "cp", "-v", image, "a.txt", "big") == "Copied /a.txt -> /big\n"
    assert attributes(lfskit, "/big") == {"0x76": "37"}
    done(lfskit, "cp", image, "/sub/y.txt", "big")
    assert attributes(lfskit, "/big") == {}
    done(lfskit, "cp", "-r", image, "/sub/.", "/empty")
    assert attributes(lfskit, "/empty") == {"0x76": "37", "0x77": "39"}


# --- touch, attr ----------------------------------------------------------------------------------


def test_touch_makes_empty_files_and_no_times(image, holds, lfskit):
    assert done(lfskit, "touch", "-v", image, "new", "a.txt", "/sub") == "Touched /new\n"
    assert attributes(lfskit, "/new") == {}
    assert nothing_but(lfskit, "touch", image, "x/y") == f"i.img: /x/y: {NO_PARENT}"
    holds(BASE | {"/new": b""})


@pytest.mark.parametrize(
    "options, kind, stored",
    [
        (["--time=1700000000"], "0x74", struct.pack("<Q", 1700000000)),
        (["--time=1700000000", "--time-form=4"], "0x74", struct.pack("<I", 1700000000)),
        (["--time=5", "--time-attr=c", "--time-form=8"], "0x63", struct.pack("<Q", 5)),
        (["--time=5", "--time-attr=1", "--time-form=ns"], "0x01", struct.pack("<Q", 5 * 10**9)),
        (["--time=@host", "--time-form=ns"], "0x74", struct.pack("<Q", 1234567890123456789)),
        (["--time=@host"], "0x74", struct.pack("<Q", 1234567890)),
    ],
)
def test_touch_sets_times_as_devices_do(options, kind, stored, image, lfskit):
    plant({"host": b""})
    os.utime("host", ns=(0, 1234567890123456789))
    done(lfskit, "touch", image, "/sub", "a.txt", "new", *options)
    for path in ("/sub", "/a.txt", "/new"):
        assert attributes(lfskit, path) == {kind: stored.hex()}


def test_touch_knows_the_time(image, lfskit):
    before = int(time.time())
    done(lfskit, "touch", "--time=now", image, "a.txt")
    done(lfskit, "touch", "--time-attr=c", image, "a.txt")
    for value in attributes(lfskit, "/a.txt").values():
        assert before <= struct.unpack("<Q", bytes.fromhex(value))[0] <= time.time()


@pytest.mark.parametrize("when", ["", "yesterday", "-1", "5s", "99999999999999999999"])
def test_no_time(when, image, lfskit):
    said = refused(lfskit, "touch", f"--time={when}", image, "a.txt")
    assert said == "--time takes now, seconds since 1970, or @FILE"


def test_times_that_do_not_fit(image, lfskit):
    assert "no room" in refused(lfskit, "touch", "--time=4294967296", "--time-form=4", image, "x")
    assert nothing_but(lfskit, "touch", "--time=@none", image, "x").startswith("none: ")
    assert done(lfskit, "ls", image) == "a.txt\nbig\nempty\nsub\n"


def test_attr_sets_shows_and_removes(image, reference, lfskit):
    assert done(lfskit, "attr", image, "/a.txt") == ""
    assert done(lfskit, "attr", "-v", image, "/a.txt", "v", "abc") == (
        "Set attribute 0x76 of /a.txt\n"
    )
    done(lfskit, "attr", "--hex", image, "/a.txt", "0", "00FF10")
    done(lfskit, "attr", "--int=2", image, "/a.txt", "0xff", "0x1234")
    done(lfskit, "attr", "--int", image, "/a.txt", "116", "7")
    done(lfskit, "attr", image, "/a.txt", "200", "")
    assert done(lfskit, "attr", image, "/a.txt") == """\
0x00       3 00ff10
0x74 t     8 0700000000000000
0x76 v     3 616263 "abc"
0xc8       0 
0xff       2 3412
"""
    assert done(lfskit, "attr", image, "/a.txt", "v") == '0x76 v     3 616263 "abc"\n'
    assert done(lfskit, "attr", "--hex", image, "/a.txt", "v") == "616263\n"
    assert done(lfskit, "attr", "--text", image, "/a.txt", "v") == "abc"
    assert done(lfskit, "attr", "--int", image, "/a.txt", "0xff") == f"{0x1234}\n"
    assert json.loads(done(lfskit, "attr", "--json", image, "/a.txt", "t")) == {
        "0x74": "0700000000000000"
    }
    reference("mount", image=os.path.abspath(image), settings=SETTINGS)
    assert done(lfskit, "attr", "--remove", "-v", image, "/a.txt", "t") == (
        "Removed attribute 0x74 of /a.txt\n"
    )
    assert attributes(lfskit, "/a.txt") == {"0x00": "00ff10", "0x76": "616263", "0xc8": "",
                                            "0xff": "3412"}  # fmt: skip
    done(lfskit, "attr", image, "/", "v", "root")
    done(lfskit, "attr", image, "/sub", "v", "dir")
    assert attributes(lfskit, "/") == {"0x76": b"root".hex()}
    assert attributes(lfskit, "sub") == {"0x76": b"dir".hex()}


def test_attributes_the_reference_set_are_read_and_changed(image, reference, lfskit):
    reference("mount", image=os.path.abspath(image), settings=SETTINGS)
    reference("setattr", path="/a.txt", kind=0x74, data="01020304")
    reference("save", image=os.path.abspath(image))
    assert attributes(lfskit, "/a.txt") == {"0x74": "01020304"}
    done(lfskit, "attr", image, "/a.txt", "t", "new")
    reference("mount", image=os.path.abspath(image), settings=SETTINGS)
    reference("removeattr", path="/a.txt", kind=0x74)
    reference("save", image=os.path.abspath(image))
    assert attributes(lfskit, "/a.txt") == {}


def test_attr_says_what_is_wrong(image, lfskit):
    assert nothing_but(lfskit, "attr", image, "/a.txt", "t") == (
        "i.img: /a.txt: the entry has no such attribute"
    )
    assert nothing_but(lfskit, "attr", "--remove", image, "/a.txt", "t").endswith("such attribute")
    assert nothing_but(lfskit, "attr", image, "/none").startswith("i.img: /none: no such")
    for operands, line in {
        ("t", "--remove", "x"): "--remove takes PATH and TYPE",
        ("long", "x"): "TYPE is neither a number from 0 to 255 nor a character",
        ("256", "x"): "TYPE is neither a number from 0 to 255 nor a character",
        ("t", "--hex", "abc"): "VALUE is not pairs of hexadecimal digits",
        ("t", "--hex", "0g"): "VALUE is not pairs of hexadecimal digits",
        ("t", "--hex", "00" * 1023): "VALUE is longer than 1022 bytes",
        ("t", "x" * 1023): "VALUE is longer than 1022 bytes",
        ("t", "--int=2", "65536"): "VALUE is too large for so many bytes",
        ("t", "--int", str(1 << 64)): "VALUE is too large for so many bytes",
        ("t", "--int", "1x"): "VALUE is not a number",
        ("t", "--int", "--hex", "1"): "--hex, --text and --int cannot be combined",
    }.items():
        assert refused(lfskit, "attr", image, "/a.txt", *operands) == line
    done(lfskit, "attr", image, "/a.txt", "t", "long enough")
    assert "too long for a number" in nothing_but(lfskit, "attr", "--int", image, "/a.txt", "t")


# --- the image's file -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--block-size=4096", "--block-count=64"]])
def test_an_unpadded_image_grows_when_it_is_changed(options, lfskit):
    plant({"src/a": b"a" * 9000, "new": bytes(20000)})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=256K", "--no-pad")
    size = os.path.getsize("i.img")
    assert nothing_but(lfskit, "put", "i.img", "none").startswith("none: ")
    nothing_but(lfskit, "rm", "i.img", "none")
    assert os.path.getsize("i.img") == size
    done(lfskit, "put", *options, "i.img", "new")
    assert os.path.getsize("i.img") == 256 << 10
    assert lfskit.do("cat", "i.img", "a", "new") == b"a" * 9000 + bytes(20000)
    assert lfskit.run("check", "-q", "i.img").returncode == 0


@pytest.mark.parametrize("size", [4096, 8192, 12288, 20480, 28672])
def test_a_truncated_image_is_not_written_to(size, lfskit):
    """Be it cut in its metadata or in a file."""
    plant({"src/small": b"s", "src/large": b"L" * 20000, "src/d/e/f": b""})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K", "--no-pad")
    cut = Path("i.img").read_bytes()[:size]
    Path("i.img").write_bytes(cut)
    said = nothing_but(lfskit, "touch", "i.img", "new")
    assert said.startswith("i.img: ") and "cut short" in said
    assert Path("i.img").read_bytes() == cut
    assert harvest()["i.img"] == cut
