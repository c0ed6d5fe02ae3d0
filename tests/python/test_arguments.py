# SPDX-License-Identifier: MIT
"""Arguments of the wrong type: a TypeError that names them, and nothing has happened."""

import inspect

import littlefs
import pytest
from littlefs import FileHandle, LittleFS, UserContext, UserContextFile, lfs

# By name, each right for what has a parameter of it: one of the right type, and some of others.
RIGHT = {
    "path": "f", "name": "d", "fname": "f", "top": "/", "src": "f", "dst": "g", "host": ".",
    "oldpath": "f", "newpath": "g", "typ": 1, "data": b"x", "block_count": 64, "size": 1,
    "offset": 0, "off": 0, "whence": 0, "flags": "r", "mode": "r", "buffering": -1,
}  # fmt: skip
PATHS = {"path", "name", "fname", "top", "src", "dst", "host", "oldpath", "newpath", "file_path"}
OPTIONAL = {"filename_encoding", "encoding", "errors", "newline", "buffsize", "context"}
WRONG = [object(), 1.5, ["f"], None]


def wrong_for(name):
    return [value for value in WRONG if not (value is None and name in OPTIONAL)] + (
        [5] if name in PATHS else []
    )


def refuses(function, name, others):
    for value in wrong_for(name):
        with pytest.raises(TypeError, match=rf"\b{name}\b"):
            result = function(**others, **{name: value})
            list(result)  # generators begin at their first step


@pytest.fixture
def fs():
    volume = LittleFS(block_size=512, block_count=64)
    volume.open("f", "wb").close()
    return volume


METHODS = {
    "getattr": ["path", "typ"], "setattr": ["path", "typ", "data"], "removeattr": ["path", "typ"],
    "iterattr": ["path"], "listdir": ["path"], "scandir": ["path"], "walk": ["top"],
    "mkdir": ["path"], "makedirs": ["name"], "remove": ["path"], "rmdir": ["path"],
    "unlink": ["path"], "removedirs": ["name"], "rename": ["src", "dst"], "stat": ["path"],
    "copy_in": ["host", "path"], "copy_out": ["path", "host"], "fs_grow": ["block_count"],
    "open": ["fname", "mode", "buffering"],
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_of_a_volume(fs, method):
    image = bytes(fs.context.buffer)
    for name in METHODS[method]:
        refuses(getattr(fs, method), name, {n: RIGHT[n] for n in METHODS[method] if n != name})
    assert fs.context.buffer == image


@pytest.mark.parametrize("name", ["encoding", "errors", "newline"])
def test_of_text_files(fs, name):
    refuses(fs.open, name, {"fname": "f", "mode": "w"})


@pytest.mark.parametrize(
    ("method", "names"),
    [("read", ["size"]), ("readinto", ["buffer"]), ("write", ["data"]), ("truncate", ["size"]),
     ("seek", ["offset", "whence"])],
)  # fmt: skip
def test_of_a_file(fs, method, names):
    with fs.open("f", "r+b", 0) as file:
        for name in names:
            others = {n: RIGHT[n] for n in names if n != name}
            for value in [object(), "text", []]:
                with pytest.raises(TypeError, match=rf"\b{name}\b"):
                    getattr(file, method)(**others, **{name: value})


FUNCTIONS = sorted(
    name for name, function in vars(lfs).items()
    if inspect.isbuiltin(function) and not name.startswith("_") and name != "file_open_cfg"
)  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_of_the_lower_layer(fs, function):
    fh, dh = lfs.file_open(fs.fs, "f", "r+"), lfs.dir_open(fs.fs, "/")
    right = {**RIGHT, "fs": fs.fs, "cfg": fs.cfg, "fh": fh, "dh": dh, "filename_encoding": None}
    names = list(inspect.signature(getattr(lfs, function)).parameters)
    assert names
    for name in names:
        others = {n: right[n] for n in names if n != name}
        for value in [object(), 1.5]:
            with pytest.raises(TypeError, match=rf"\b{name}\b"):
                getattr(lfs, function)(**others, **{name: value})


def test_of_constructors(fs):
    refuses(lambda **kw: LittleFS(mount=False, **kw), "filename_encoding", {})
    refuses(LittleFS, "context", {})
    for name in ("block_size", "block_count", "read_size", "disk_version"):
        refuses(LittleFS, name, {})
    raw = fs.open("f", "rb", 0)
    refuses(FileHandle, "fs", {"fh": raw.fh})
    refuses(FileHandle, "fh", {"fs": fs.fs})
    refuses(UserContext, "buffsize", {})
    with pytest.raises(TypeError, match=r"\bbuffer\b"):
        UserContext(buffer=5)
    refuses(UserContextFile, "file_path", {"create": True})
    with pytest.raises(ValueError, match="null"):
        UserContextFile("a\0b")


def test_of_images():
    refuses(LittleFS.from_image, "image", {})
    refuses(littlefs.check, "image", {})
    refuses(littlefs.build, "tree", {})


class Path:
    """A path whose __fspath__ returns or raises what it is told."""

    def __init__(self, answer):
        self.answer = answer

    def __fspath__(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "method", ["stat", "mkdir", "makedirs", "listdir", "walk", "open", "remove"]
)
@pytest.mark.parametrize(
    ("answer", "error"), [(5, TypeError), (None, TypeError), (KeyError("mine"), KeyError)]
)
def test_of_paths_that_are_none(fs, method, answer, error):
    with pytest.raises(error):
        list(getattr(fs, method)(Path(answer)))


def test_of_a_context_that_no_memory_holds(capfd):
    for size in (2**62, 2**63 - 1):
        with pytest.raises(MemoryError):
            UserContext(size)
    assert "SystemError" not in capfd.readouterr().err
