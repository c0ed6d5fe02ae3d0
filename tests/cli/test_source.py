# SPDX-License-Identifier: MIT
"""create: what of the host goes into an image, and what cannot."""

import os
import socket
import stat
from pathlib import Path

import pytest
from transcript import done, failed, nothing_but, plant, refused, warned

NOT_AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def listing(lfskit, *words) -> list[str]:
    """What is in an image made of src without a word."""
    done(lfskit, "create", "-q", "src", "i.img", *words)
    return sorted(done(lfskit, "list", "i.img", *encoding(words)).splitlines())


def encoding(words) -> list[str]:
    return [word for word in words if word.startswith("--filename-encoding")]


# --- exclusions -----------------------------------------------------------------------

SITE = {
    "src/index.html": b"",
    "src/app.js": b"",
    "src/app.js.map": b"",
    "src/lib/lib.js": b"",
    "src/lib/lib.js.map": b"",
    "src/build/out.o": b"",
    "src/lib/build": b"a file",
    "src/#notes": b"",
    "src/!important": b"",
}


@pytest.mark.parametrize(
    "patterns, left_out",
    [
        (["*.map"], ["/app.js.map", "/lib/lib.js.map"]),
        (["/*.map"], ["/app.js.map"]),
        (["build/"], ["/build", "/build/out.o"]),
        (["build"], ["/build", "/build/out.o", "/lib/build"]),
        (["lib/*.js"], ["/lib/lib.js"]),
        (["**/lib.*"], ["/lib/lib.js", "/lib/lib.js.map"]),
        (["*.map", "!lib.js.map"], ["/app.js.map"]),
        (["lib", "!lib.js"], ["/lib", "/lib/build", "/lib/lib.js", "/lib/lib.js.map"]),
        (["#notes"], ["/#notes"]),
        (["\\!important"], ["/!important"]),
        (["[!a-z]*"], ["/!important", "/#notes"]),
        (["nothing"], []),
    ],
)
def test_what_matches_is_left_out(patterns, left_out, lfskit):
    plant(SITE)
    everything = listing(lfskit)
    by_option = [f"--exclude={pattern}" for pattern in patterns]
    assert listing(lfskit, *by_option) == [p for p in everything if p not in left_out]
    # As lines of a file the same, where a '#' at the start has to be escaped.
    lines = ["\\" + p if p.startswith("#") else p for p in patterns]
    Path("patterns").write_text("# a comment\n\n" + "\n".join(lines) + "  \r\n")
    assert listing(lfskit, "--exclude-from=patterns") == [
        p for p in everything if p not in left_out
    ]


def test_exclusions_are_one_list_in_the_order_given(lfskit):
    plant(SITE)
    Path("patterns").write_text("*.js\n")
    assert "/app.js" in listing(lfskit, "--exclude-from", "patterns", "--exclude", "!app.js")
    assert "/app.js" not in listing(lfskit, "--exclude", "!app.js", "--exclude-from", "patterns")


def test_all_can_be_left_out(lfskit):
    plant(SITE)
    assert listing(lfskit, "--exclude=*") == []


def test_what_is_left_out_need_not_be_readable(lfskit):
    plant({"src/a": b"", "src/broken": "nowhere", "src/d/loop": "..", "src/n" + "n" * 99: b""})
    words = ["--exclude=broken", "--exclude=d/", "--exclude=n*", "--name-max=10"]
    assert listing(lfskit, *words) == ["/a"]


def test_a_file_of_patterns_that_cannot_be_read(lfskit):
    plant({"src/a": b""})
    for path in ("none", "src"):
        said = refused(lfskit, "create", "src", f"--exclude-from={path}")
        assert said == f"--exclude-from: '{path}' cannot be read"


# --- links ------------------------------------------------------------------------------


def test_links_are_followed(lfskit):
    plant({"else/f": b"content", "src/file": "../else/f", "src/dir": "../else", "src/again": "file"})
    assert listing(lfskit) == ["/again", "/dir", "/dir/f", "/file"]
    assert listing(lfskit, "--no-dereference", "--dereference") == ["/again", "/dir", "/dir/f", "/file"]
    assert done(lfskit, "extract", "i.img", "-", "/again") == "content"
    plant({"link": "src"})
    done(lfskit, "create", "-q", "link", "linked.img")
    assert Path("linked.img").read_bytes() == Path("i.img").read_bytes()


def test_links_can_be_left_out(lfskit):
    plant({"src/f": b"", "src/link": "f", "src/broken": "nowhere", "src/loop": "."})
    said = warned(lfskit, "create", "src", "i.img", "--no-dereference")
    assert sorted(said) == [
        "warning: src/broken: left out: a symbolic link",
        "warning: src/link: left out: a symbolic link",
        "warning: src/loop: left out: a symbolic link",
    ]
    assert listing(lfskit, "--no-dereference") == ["/f"]
    # The source itself is what was asked for.
    plant({"link": "src"})
    done(lfskit, "create", "-q", "link", "i.img", "--no-dereference")
    assert done(lfskit, "list", "i.img") == "/f\n"


@pytest.mark.parametrize(
    "links, said",
    [
        ({"src/loop": "."}, ["src/loop: symbolic links form a cycle"]),
        ({"src/a/b/up": "../../a"}, ["src/a/b/up: symbolic links form a cycle"]),
        ({"src/bite": "bite"}, ["src/bite: symbolic links form a cycle"]),
        (
            {"src/x": "y", "src/y": "x"},
            ["src/x: symbolic links form a cycle", "src/y: symbolic links form a cycle"],
        ),
        (
            {"src/away": "../outside", "outside/back": "../src"},
            ["src/away/back: symbolic links form a cycle"],
        ),
        (
            {"src/broken": "nowhere"},
            ["src/broken: symbolic link leads nowhere: No such file or directory"],
        ),
        (
            {"src/f": b"", "src/through": "f/x"},
            ["src/through: symbolic link leads nowhere: Not a directory"],
        ),
    ],
)
def test_links_that_lead_to_no_file(links, said, lfskit):
    plant(links)
    output, messages = failed(lfskit, "create", "src", "i.img")
    assert (output, sorted(messages)) == ("", said)
    assert not Path("i.img").exists()


def test_a_directory_linked_twice_is_no_cycle(lfskit):
    plant({"src/a/f": b"", "src/b": "a", "src/c/d": "../a"})
    assert listing(lfskit) == ["/a", "/a/f", "/b", "/b/f", "/c", "/c/d", "/c/d/f"]


# --- what is neither a file nor a directory -----------------------------------------------


def test_sockets_and_fifos_are_left_out_with_a_warning(lfskit):
    plant({"src/f": b"", "src/d": None})
    os.mkfifo("src/fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("src/d/socket")
        said = warned(lfskit, "create", "src", "i.img")
    assert sorted(said) == [
        "warning: src/d/socket: left out: neither a file nor a directory",
        "warning: src/fifo: left out: neither a file nor a directory",
    ]
    assert listing(lfskit) == ["/d", "/f"]
    # Asked to be quiet, or told of it, nothing is said.
    assert warned(lfskit, "create", "src", "i.img", "-q") == []
    assert warned(lfskit, "create", "src", "i.img", "--exclude=fifo", "--exclude=socket") == []


def test_devices_are_left_out_with_a_warning(lfskit):
    plant({"src/null": "/dev/null"})
    said = warned(lfskit, "create", "src", "i.img")
    assert said == ["warning: src/null: left out: neither a file nor a directory"]


def test_such_a_source_is_refused(lfskit):
    os.mkfifo("fifo")
    for path in ("fifo", "/dev/null"):
        said = nothing_but(lfskit, "create", path, "i.img")
        assert said == f"{path}: source is neither a file nor a directory"


def test_a_source_that_is_not_there(lfskit):
    plant({"f": b""})
    said = nothing_but(lfskit, "create", "none/at/all")
    assert said == "none/at/all: source cannot be opened: No such file or directory"
    said = nothing_but(lfskit, "create", "f/x")
    assert said == "f/x: source cannot be opened: Not a directory"


# --- names ---------------------------------------------------------------------------------


def test_names_are_utf8_unless_told_otherwise(lfskit):
    plant({"src/grün/é €": b"x"})
    assert listing(lfskit) == ["/grün", "/grün/é €"]
    assert "grün".encode() in Path("i.img").read_bytes()


def test_names_in_another_encoding(lfskit):
    plant({"src/grün/é": b"x", "src/plain": b"y"})
    found = listing(lfskit, "--filename-encoding=latin-1")
    assert found == ["/grün", "/grün/é", "/plain"]
    assert "grün".encode("latin-1") in Path("i.img").read_bytes()
    output = done(lfskit, "create", "-v", "src", "i.img", "--filename-encoding=Latin_1")
    assert "Adding File:      grün/é\n" in output


def test_names_that_have_no_form_there(lfskit):
    plant({"src/€": b"", "src/d/日本": b"", "src/ok": b""})
    output, said = failed(lfskit, "create", "src", "i.img", "--filename-encoding=latin-1")
    assert output == ""
    assert sorted(said) == [
        "src/d/日本: name cannot be written in the image's encoding",
        "src/€: name cannot be written in the image's encoding",
    ]
    assert os.listdir() == ["src"]


def test_names_that_are_not_utf8(lfskit):
    os.mkdir("src")
    Path(os.fsdecode(b"src/bad\xff")).write_bytes(b"")
    said = nothing_but(lfskit, "create", "src", "i.img")
    assert said == r"src/bad\xff: name cannot be written in the image's encoding"


def test_names_are_counted_as_they_are_stored(lfskit):
    plant({"src/ééé": b""})
    said = nothing_but(lfskit, "create", "src", "i.img", "--name-max=5")
    assert said == "src/ééé: name is 6 bytes, the limit is 5 (--name-max)"
    assert listing(lfskit, "--name-max=3", "--filename-encoding=latin-1") == ["/ééé"]


# --- files that cannot be read ----------------------------------------------------------------


@NOT_AS_ROOT
def test_files_and_directories_that_may_not_be_read(lfskit):
    plant({"src/secret": b"x", "src/closed/f": b"x", "src/open": b"x"})
    os.chmod("src/secret", 0)
    os.chmod("src/closed", 0)
    output, said = failed(lfskit, "create", "src", "i.img")
    os.chmod("src/closed", stat.S_IRWXU)
    assert output == ""
    assert sorted(said) == [
        "src/closed: directory cannot be opened: Permission denied",
        "src/secret: file cannot be read: Permission denied",
    ]
    assert not Path("i.img").exists()


def test_a_file_that_has_another_size_when_it_is_read(lfskit):
    """Files of /proc say they are empty, and are not."""
    proc = Path("/proc/version")
    if not proc.exists() or proc.stat().st_size != 0:
        pytest.skip("there is no /proc/version")
    plant({"src/version": str(proc), "src/a": b"a", "i.img": b"before"})
    said = nothing_but(lfskit, "create", "src", "i.img")
    assert said == "src/version: file changed size while it was read"
    assert sorted(os.listdir()) == ["i.img", "src"]
    assert Path("i.img").read_bytes() == b"before"


class Slow:
    """create that writes to a pipe which is not read yet: it stands still in
    the middle of the file a, with b yet to be opened."""

    def __init__(self, lfskit, tree: dict):
        plant({"src/a": bytes(2 << 20)} | tree)
        reader, writer = os.pipe()
        self.output = os.fdopen(reader, "rb")
        self.process = lfskit.start("create", "-q", "src", "-", stdout=writer)
        os.close(writer)
        self.output.read(1)

    def end(self) -> tuple[int, str]:
        self.output.read()
        self.output.close()
        _, stderr = self.process.communicate(timeout=60)
        return self.process.returncode, stderr.decode()


def test_a_file_that_vanishes(lfskit):
    slow = Slow(lfskit, {"src/b": bytes(10_000)})
    os.unlink("src/b")
    said = "lfskit: create: src/b: file cannot be opened: No such file or directory\n"
    assert slow.end() == (1, said)


@pytest.mark.parametrize("size", [0, 9_999, 10_001, 1_000_000])
def test_a_file_that_changes_its_size(size, lfskit):
    slow = Slow(lfskit, {"src/b": bytes(10_000)})
    os.truncate("src/b", size)
    said = "lfskit: create: src/b: file changed size while it was read\n"
    assert slow.end() == (1, said)


def test_a_file_that_becomes_something_else(lfskit):
    slow = Slow(lfskit, {"src/b": bytes(10_000)})
    os.unlink("src/b")
    os.mkfifo("src/b")
    assert slow.end()[0] == 1
