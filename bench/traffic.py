# SPDX-License-Identifier: MIT
"""What calls of lfs.h ask of the flash below: bytes read, bytes programmed and
blocks erased, for the same calls on lfskit and on littlefs itself.

Each row begins with the same image, which lfskit has made by the rows before.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import script
from report import Lines, grouped, kept, table
from script import Flash, Part, Script, mixed
from workshop import Workshop, log, remove

FLASHES = [
    Flash(block_size=4096, cache_size=256, block_count=2048, lookahead_size=128),
    Flash(block_size=4096, cache_size=4096, block_count=2048, lookahead_size=128),
    Flash(block_size=512, cache_size=64, block_count=8192, lookahead_size=128),
    Flash(block_size=512, cache_size=512, block_count=8192, lookahead_size=128),
]
SIZES = [0, 10, 60, 300, 1000, 5000]
LARGE = max(SIZES)
CUT = 700  # what large files are truncated to
DIRECTORIES = 20
FILES, STEPS = 300, 1500
QUICK_FILES, QUICK_STEPS = 20, 40

Files = dict[str, int]  # path -> size


@dataclass(frozen=True)
class Row:
    title: str
    calls: Script
    before: tuple[str, ...] = ("mount",)  # not counted
    after: tuple[str, ...] = ("unmount",)


class History:
    """Calls of all kinds, one after the other, drawn by chance; always the same."""

    def __init__(self, steps: int):
        self.random = random.Random(7)
        self.files: Files = {}
        self.made = 0
        self.lines: Script = []
        kinds = [self.create, self.append, self.overwrite, self.stat, self.read]
        kinds += [self.rename, self.remove, self.remount]
        for _ in range(steps):
            self.random.choices(kinds, [6, 4, 3, 4, 6, 3, 3, 1])[0]()

    def any(self) -> str:
        if not self.files:
            self.create()
        return self.random.choice(sorted(self.files))

    def fresh(self) -> str:
        self.made += 1
        return f"/d{self.random.randrange(DIRECTORIES)}/h{self.made}"

    def create(self) -> None:
        path, size = self.fresh(), self.random.choice(SIZES)
        self.files[path] = size
        self.lines += script.written(path, size)

    def append(self) -> None:
        path = self.any()
        self.files[path] += 64
        self.lines += script.written(path, 64, "a")

    def overwrite(self) -> None:
        path = self.any()
        self.files[path] = self.random.choice(SIZES)
        self.lines += script.written(path, self.files[path])

    def stat(self) -> None:
        self.lines.append(f"stat {self.any()}")

    def read(self) -> None:
        path = self.any()
        self.lines += script.read(path, self.files[path])

    def rename(self) -> None:
        path, to = self.any(), self.fresh()
        self.files[to] = self.files.pop(path)
        self.lines.append(f"rename {path} {to}")

    def remove(self) -> None:
        path = self.any()
        del self.files[path]
        self.lines.append(f"remove {path}")

    def remount(self) -> None:
        self.lines += ["unmount", "mount"]


# --- the rows ------------------------------------------------------------------------


def plan(name: str, count: int, folders: int) -> Files:
    """Files that are spread over the first so many folders."""
    return {f"/d{i % folders}/{name}{i:04}": SIZES[i % len(SIZES)] for i in range(count)}


def joined(parts) -> Script:
    return [line for part in parts for line in part]


def folders() -> Script:
    return [f"mkdir /d{i}" for i in range(DIRECTORIES)]


def beginning(one: Files, many: Files) -> list[Row]:
    count = len(one)
    return [
        Row("format", ["format"], (), ()),
        Row("mount, empty", ["mount"], ()),
        Row(f"mkdir, {DIRECTORIES}", folders()),
        Row(
            f"create {count} files in 1 directory",
            joined(script.written(path, size) for path, size in one.items()),
        ),
        Row(
            f"create {count} files in {DIRECTORIES}",
            joined(script.written(path, size) for path, size in many.items()),
        ),
        Row("write 200 000, 1000 at a time", script.written("/large", 200_000, chunk=1000)),
    ]


def changing(files: Files) -> list[Row]:
    some = mixed(list(files))[: len(files) // 4]
    large = [path for path, size in files.items() if size == LARGE]
    third = list(files.items())[::3]
    syncs = ["write 64", "sync"] * len(files)
    inside = ([f"open + {path}", "seek 1500", "write 100", "close"] for path in large)
    cut = ([f"open + {path}", f"truncate {CUT}", "close"] for path in large)
    return [
        Row("write anew, a third", joined(script.written(*file) for file in third)),
        Row(f"write 100 inside {LARGE}, a sixth", joined(inside)),
        Row(f"truncate {LARGE} to {CUT}, a sixth", joined(cut)),
        Row("append 64, a quarter", joined(script.written(path, 64, "a") for path in some)),
        Row(f"append 64 and sync, {len(files)} times", ["open a /log", *syncs, "close"]),
    ]


def attributes(files: Files) -> list[Row]:
    some = mixed(list(files))[: len(files) // 4]
    return [
        Row("set an attribute, a quarter", [f"setattr {path} 20" for path in some]),
        Row("get it", [f"getattr {path}" for path in some]),
        Row("remove it", [f"removeattr {path}" for path in some]),
    ]


def looking(one: Files, many: Files) -> list[Row]:
    least = {path: CUT if size == LARGE else size for path, size in many.items()} | one
    listed = ["list /", *(f"list /d{i}" for i in range(DIRECTORIES))]
    return [
        Row("mount", ["mount"], ()),
        Row("stat of all, in any order", [f"stat {path}" for path in mixed(list(least))]),
        Row("list of all", listed),
        Row("read of all", joined(script.read(path, size) for path, size in least.items())),
    ]


def next_door(path: str) -> str:
    """The same name in the next directory."""
    folder, name = path.removeprefix("/d").split("/")
    return f"/d{(int(folder) + 1) % DIRECTORIES}/{name}"


def moving(files: Files) -> list[Row]:
    paths = list(files)
    half = paths[::2]
    away = paths[1::2]
    return [
        Row("rename in its directory, half", [f"rename {path} {path}x" for path in half]),
        Row("rename to the next, half", [f"rename {path} {next_door(path)}" for path in away]),
        Row("remove, half", [f"remove {path}x" for path in mixed(half)]),
    ]


def rows_of(count: int, steps: int) -> list[Row]:
    one, many = plan("one", count, 1), plan("file", count, DIRECTORIES)
    rows = [*beginning(one, many), *changing(many), *attributes(one)]
    rows += [*looking(one, many), *moving(many)]
    title = f"a history of {steps} steps of all kinds"
    return [*rows, Row(title, [*folders(), *History(steps).lines], ("format", "mount"))]


# --- measuring -------------------------------------------------------------------------


def making(flash: Flash, rows: list[Row], images: list[Path]) -> Script:
    """Makes the image that each row begins with."""
    lines = flash.lines()
    for row, image in zip(rows, images):
        lines += [f"save {image}", *row.before, *row.calls, *row.after]
    return lines


def counting(flash: Flash, rows: list[Row], images: list[Path]) -> Script:
    lines = flash.lines()
    for number, (row, image) in enumerate(zip(rows, images)):
        lines += [f"load {image}", *row.before]
        lines += [f"part {number}", *row.calls, "end", *row.after]
    return lines


def cells(ours: Part, theirs: Part) -> list[str]:
    numbers = []
    for name in ("bytes_read", "bytes_programmed", "erases"):
        numbers += [grouped(getattr(part, name)) for part in (ours, theirs)]
    above = ours.bytes_read > theirs.bytes_read or ours.bytes_programmed > theirs.bytes_programmed
    return [*numbers, kept(above, 0)]


def measure(workshop: Workshop, flash: Flash, rows: list[Row]) -> list[list[str]]:
    images = [workshop.fresh("img") for _ in rows]
    script.play_lfskit(workshop, making(flash, rows, images))
    calls = counting(flash, rows, images)
    ours = script.play_lfskit(workshop, calls)
    theirs = script.play_reference(workshop, calls, count=True)
    for image in images:
        remove(image)
    return [[row.title, *cells(ours[str(i)], theirs[str(i)])] for i, row in enumerate(rows)]


def section(workshop: Workshop) -> Lines:
    reason = script.missing(workshop)
    if reason:
        return [f"Left out: {reason}.", ""]
    quick = workshop.options.quick
    rows = rows_of(QUICK_FILES, QUICK_STEPS) if quick else rows_of(FILES, STEPS)
    head = ["read: lfskit", "littlefs", "programmed: lfskit", "littlefs"]
    head += ["erased: lfskit", "littlefs", "not above littlefs"]
    lines = []
    for flash in FLASHES[:1] if quick else FLASHES:
        log(f"traffic: blocks of {flash.block_size}, cache {flash.cache_size}")
        title = f"Blocks of {flash.block_size}, cache of {flash.cache_size}"
        lines += [f"### {title}", "", *table(["", *head], measure(workshop, flash, rows))]
    return lines
