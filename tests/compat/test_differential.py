# SPDX-License-Identifier: MIT
"""lfs.h and the reference package are given the same calls and return the same.

Calls are left out where the reference does harm: those in which an assertion
or a loss of data is known."""

import os
import random
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SUPPORT = HERE.parent / "support"

RDONLY, WRONLY, RDWR = 1, 2, 3
CREAT, EXCL, TRUNC, APPEND = 0x100, 0x200, 0x400, 0x800
SMALL = ("format", 16, 512, 256, -1)
GEOMETRIES = [
    SMALL,
    ("format", 1, 512, 256, -1),
    ("format", 512, 512, 256, 8),
    ("format", 16, 4096, 64, 1),
    ("format", 4096, 32768, 32, 100),
]


@pytest.fixture
def compare(test_programs):
    """Makes the calls both ways; the first difference fails the test."""
    python = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not python:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")

    def run(command: list, calls: list[tuple]) -> list[str]:
        text = "".join("\t".join(map(str, call)) + "\n" for call in calls)
        paths = {"PYTHONPATH": str(SUPPORT)}
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, env=os.environ | paths
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")

    def compare(calls: list[tuple]) -> list[str]:
        theirs = run([python, HERE / "reference_calls.py"], calls)
        ours = run([test_programs / "compat" / "lfs_calls"], calls)
        for number, call in enumerate(calls):
            if ours[number] != theirs[number]:
                before = "\n".join(map(str, calls[max(0, number - 30) : number]))
                pytest.fail(
                    f"after\n{before}\n{call}: {ours[number]!r}, not {theirs[number]!r}"
                )
        assert len(ours) == len(theirs) == len(calls) + 1
        return ours

    return compare


# --- paths ------------------------------------------------------------------------------

TREE = [
    ("mkdir", "d"),
    ("mkdir", "d/sub"),
    ("mkdir", "e"),
    ("file_open", 0, "f", WRONLY | CREAT),
    ("file_write", 0, 5, 65),
    ("file_close", 0),
    ("file_open", 0, "d/f2", WRONLY | CREAT),
    ("file_close", 0),
]
PATHS = """
 |/|.|./|/.|//|d/..|zz/..|f/..|..|/..|./..|d/../..|f/../..|d|/d|//d|./d|d/|d/.|zz/../d|d/sub/..
|d/zz/..|e|e/|e/.|d/sub|f|d/../f|f/../f|f/|f/.|f/x|f/x/y|f/./x|f/x/..|zz|d/zz|...|littlefs|zz/
|d/zz/|zz/.|d/zz/.|zz/yy|zz/yy/|zz/yy/..|d//sub//..//f2|/////|.../|d/.../x|..zz|.zz|zz.|zz..|d/..f
|e/../../e|d/sub/../../../f|f//|f//.|d/f2/|d/f2/..|a b| a|d/./sub/.|d/././.
""".replace("\n", "").strip(" ").split("|")
NAMES = ["n" * 255, "n" * 256, "d/" + "n" * 255, "d/" + "n" * 300, "n" * 256 + "/x"]
PARTS = ["d", "e", "f", "sub", "f2", "zz", "yy", ".", "..", "", "...", "littlefs", "x" * 255]


def on_path(path: str) -> list[list[tuple]]:
    """Every call that takes a path, each with what shows its consequences."""
    return [
        [("stat", path)],
        [("mkdir", path), ("stat", path)],
        [("dir_open", 0, path)],
        [("file_open", 0, path, RDONLY)],
        [("file_open", 0, path, WRONLY | CREAT), ("stat", path)],
        [("file_open", 0, path, WRONLY | CREAT | EXCL), ("stat", path)],
        [("file_open", 0, path, WRONLY | TRUNC)],
        [("file_open", 0, path, RDONLY | CREAT), ("stat", path)],
        [("remove", path), ("stat", path)],
        [("rename", path, "new"), ("stat", path), ("stat", "new")],
        [("rename", "f", path), ("stat", path), ("stat", "f")],
        [("rename", "e", path), ("stat", path), ("stat", "e")],
        [("rename", path, path)],
        [("setattr", path, 1, 3, 7), ("getattr", path, 1)],
        [("getattr", path, 1)],
        [("removeattr", path, 1)],
    ]


def calls_on(paths: list[str]) -> list[tuple]:
    return [
        call
        for path in paths
        for group in on_path(path)
        for call in [SMALL, *TREE, *group, ("fs_size",), ("remount",), ("stat", "d/f2")]
        if not moves_below_itself(call)
    ]


def moves_below_itself(call: tuple) -> bool:
    """Such a rename detaches the subtree there, and is an error here."""
    if call[0] != "rename":
        return False
    old, new = (resolved(path) for path in call[1:])
    return old != new and new[: len(old)] == old


def resolved(path: str) -> list[str]:
    names: list[str] = []
    for name in path.split("/"):
        if name == "..":
            names = names[:-1]
        elif name not in ("", "."):
            names.append(name)
    return names


def test_paths(compare):
    compare(calls_on(["", *PATHS[1:], *NAMES]))


def test_random_paths(compare, rng):
    """Paths of any shape over the same names."""
    paths = ["/".join(rng.choices(PARTS, k=rng.randint(1, 6))) for _ in range(60)]
    compare(calls_on(paths))


# --- sequences of calls -------------------------------------------------------------------


class History:
    """Random calls. A file that is open is neither renamed nor removed, and has
    one handle, for there the reference's results are harm."""

    NAMES = ("a", "b", "ab", "abc", "name-that-is-rather-long", "B", "e")

    def __init__(self, rng: random.Random, geometry: tuple):
        self.rng = rng
        self.calls: list[tuple] = [geometry]
        self.files: dict[int, tuple[str, int]] = {}  # slot: path, flags
        self.dirs: set[int] = set()
        self.big = geometry[2] * 3

    def path(self) -> str:
        return "/".join(self.rng.choices(self.NAMES, k=self.rng.choice((1, 1, 2, 2, 3))))

    def is_open(self, path: str) -> bool:
        """The path or something below it."""
        names = path.split("/")
        return any(p.split("/")[: len(names)] == names for p, _ in self.files.values())

    def on_names(self) -> None:
        path, other = self.path(), self.path()
        call = self.rng.choice(
            [
                ("stat", path),
                ("mkdir", path),
                ("mkdir", path),
                ("remove", path),
                ("rename", path, other),
                ("setattr", path, self.rng.randrange(3), self.rng.randint(1, 40), 5),
                ("getattr", path, self.rng.randrange(3)),
                ("removeattr", path, self.rng.randrange(3)),
            ]
        )
        if call[0] in ("remove", "rename") and (self.is_open(path) or self.is_open(other)):
            return
        if call[0] == "rename" and self.dirs:  # what is replaced may be left out there
            return
        if not moves_below_itself(call):
            self.calls.append(call)

    def open_file(self) -> None:
        slot, path = self.rng.randrange(4), self.path()
        if slot in self.files or self.is_open(path):
            return
        flags = self.rng.choice((RDONLY, WRONLY, RDWR, RDWR))
        for flag in (CREAT, TRUNC, APPEND, EXCL):
            if self.rng.random() < (0.7 if flag == CREAT else 0.2):
                flags |= flag
        self.calls.append(("file_open", slot, path, flags))
        self.files[slot] = (path, flags)

    def on_file(self) -> None:
        slot = self.rng.randrange(4)
        flags = self.files.get(slot, ("", 0))[1]
        size = self.rng.choice((1, 7, 63, 64, 65, 200, 511, 512, 513, self.big))
        calls = [
            ("file_tell", slot),
            ("file_size", slot),
            ("file_rewind", slot),
            ("file_sync", slot),
            ("file_seek", slot, self.rng.randrange(-50, 2000), self.rng.randrange(3)),
            ("file_seek", slot, self.rng.choice((-(2**31), 2**31 - 1)), 1),
        ]
        if flags & RDONLY:
            calls += [("file_read", slot, size)] * 3
        if flags & WRONLY:
            calls += [("file_write", slot, size, self.rng.randrange(256))] * 5
            calls += [("file_truncate", slot, self.rng.choice((0, 10, size, 3000)))]
        call = self.rng.choice(calls)
        self.calls.append(call)
        if call[0] == "file_seek":  # far off: back again
            self.calls.append(("file_seek", slot, self.rng.randrange(2000), 0))

    def close_file(self) -> None:
        if self.files:
            slot = self.rng.choice(sorted(self.files))
            path, _ = self.files.pop(slot)
            self.calls += [("file_close", slot), ("stat", path)]

    def on_dir(self) -> None:
        """Where a directory is one metadata pair: how it is cut into several is
        nobody's business, but shows when an entry appears just at the position."""
        if self.calls[0][2] != 4096:
            return
        slot = self.rng.randrange(2)
        if slot not in self.dirs:
            path = self.rng.choice(("/", self.path()))
            self.calls.append(("dir_open", slot, path))
            self.dirs.add(slot)
            if path != "/":  # past the dots and an entry, or these may be left out there
                self.calls += [("dir_read", slot)] * 3
            return
        call = self.rng.choice(("dir_read", "dir_read", "dir_read", "dir_tell", "dir_close"))
        self.calls.append((call, slot))
        if call == "dir_close":
            self.dirs.discard(slot)

    def on_volume(self) -> None:
        if self.files or self.dirs:
            return
        self.calls.append((self.rng.choice(("remount", "fs_gc", "fs_mkconsistent")),))

    def go_on(self, steps: int) -> list[tuple]:
        kinds = (self.on_names, self.open_file, self.on_file, self.on_file, self.close_file)
        for _ in range(steps):
            self.rng.choice((*kinds, *kinds, self.on_dir, self.on_volume))()
        return self.calls


def with_open_handles_only(calls: list[tuple], results: list[str]) -> list[tuple]:
    """Leaves out what is done to handles whose opening fails: an assertion there."""
    kept, is_open = [], {}
    for call, result in zip(calls, results):
        kind = call[0].split("_")[0]
        if kind in ("file", "dir"):
            handle = (kind, call[1])
            if call[0].endswith("open"):
                is_open[handle] = result.startswith("0")
            elif not is_open.get(handle):
                continue
            elif call[0].endswith("close"):
                is_open[handle] = False
        kept.append(call)
    return kept


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda g: f"{g[1]}-{g[2]}")
def test_random_calls(compare, test_programs, rng, geometry):
    """In what is open and what is not we are taken at our word; then all is compared."""
    calls = History(rng, geometry).go_on(1500)
    text = "".join("\t".join(map(str, call)) + "\n" for call in calls)
    ours = subprocess.run(
        [test_programs / "compat" / "lfs_calls"], input=text, capture_output=True, text=True
    )
    compare(with_open_handles_only(calls, ours.stdout.split("\n")))
