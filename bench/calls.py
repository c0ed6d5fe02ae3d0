# SPDX-License-Identifier: MIT
"""Calls of lfs.h on a flash in memory: beside littlefs through littlefs-python,
beside memcpy, and how they grow."""

import functools
import statistics
from collections.abc import Callable

import instructions
import script
from growth import BOUND, exponent
from report import Lines, digits, grouped, kept, table
from script import Flash, Script, mixed
from workshop import Workshop, log

FLASH = Flash()
FILES, DIRECTORIES = 2000, 20
SMALL = 100  # bytes
BULK = 16 << 20
SYNCS, SYNC = 10_000, 64
SYNCED = [f"write {SYNC}", "sync"]
GROWTH = [1250, 2500, 5000, 10_000, 20_000]
WIDE = Flash(block_count=32_768)
QUICK_FILES, QUICK_SYNCS, QUICK_GROWTH = 20, 20, [20, 40]

INSTRUCTIONS = "instructions"

# What is timed: as it is called, and how many times faster it has to be.
RATIOS = {
    "stat": ("lfs_stat", 350),
    "write_one": (f"open, write {SMALL}, close", 45),
    "write_many": (f"open, write {SMALL}, close, in {DIRECTORIES} directories", 16),
    "read_one": (f"open, read {SMALL}, close", 250),
    "mount": ("lfs_mount, of the volume with all of them", None),
}
# Times as long as memcpy, at most.
BULKS = {
    "read": (f"read {BULK >> 20} MiB in one call", 2),
    "write": (f"write {BULK >> 20} MiB in one call", 6),
}


# --- scripts ---------------------------------------------------------------------------


def small_files(count: int) -> Script:
    one = [f"/one/file{i:05}" for i in range(count)]
    lines = [*FLASH.lines(), "format", "mount", "mkdir /one", "part write_one"]
    lines += [line for path in one for line in script.written(path, SMALL)]
    lines += ["part stat", *(f"stat {path}" for path in mixed(one)), "part read_one"]
    lines += [line for path in mixed(one) for line in script.read(path, SMALL)]
    lines += ["end", *(f"mkdir /d{i}" for i in range(DIRECTORIES)), "part write_many"]
    for i in range(count):
        lines += script.written(f"/d{i % DIRECTORIES}/file{i:05}", SMALL)
    return [*lines, "end", "unmount", "part mount", "mount", "end", "unmount"]


def bulk() -> Script:
    """The first copy and the first file touch memory for the first time."""
    lines = [*FLASH.lines(), "format", "mount", f"copy {BULK}", "part copy", f"copy {BULK}", "end"]
    lines += ["open w /big", "part write", f"write {BULK}", "end", "close"]
    return [*lines, "open r /big", "part read", f"read {BULK}", "end", "close", "unmount"]


def appended(count: int, part: Script) -> Script:
    """A file that has 64 bytes appended so often, each time with a sync, then a part more."""
    lines = [*FLASH.lines(), "format", "mount", "open a /log"]
    return [*lines, *SYNCED * count, *part, "close", "unmount"]


def created(count: int) -> Script:
    """So many small files in one directory."""
    lines = [*WIDE.lines(), "format", "mount", "part create"]
    lines += [line for i in range(count) for line in script.written(f"/file{i:05}", SMALL)]
    return [*lines, "end", "unmount"]


# --- measuring -------------------------------------------------------------------------


def seconds_of(play: Callable[[Script], dict], calls: Script, runs: int) -> dict[str, float]:
    """Processor time of each part, the median."""
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        for name, part in play(calls).items():
            found.setdefault(name, []).append(part.seconds)
    # No less than the clock can tell.
    return {name: max(statistics.median(times), 1e-6) for name, times in found.items()}


def ours(workshop: Workshop, calls: Script) -> dict[str, float]:
    play = functools.partial(script.play_lfskit, workshop)
    return seconds_of(play, calls, workshop.options.runs)


def theirs(workshop: Workshop, calls: Script) -> dict[str, float]:
    play = functools.partial(script.play_reference, workshop, count=False)
    return seconds_of(play, calls, workshop.options.reference_runs)


def counted(workshop: Workshop, calls: Script) -> int:
    """Instructions of playing it."""
    return instructions.count([str(script.player(workshop))], "\n".join(calls))


# --- tables ----------------------------------------------------------------------------


def beside_littlefs(workshop: Workshop, count: int) -> Lines:
    calls = small_files(count)
    found = [ours(workshop, calls), theirs(workshop, calls)]
    rows = []
    for part, (title, least) in RATIOS.items():
        each = 1 if part == "mount" else count
        seconds = [f[part] for f in found]
        factor = seconds[1] / seconds[0]
        bound = [str(least), kept(least, factor)] if least else ["", ""]
        shown = [digits(value / each * 1e6) for value in seconds]
        rows.append([title, *shown, digits(factor), *bound])
    head = [f"µs a call, {grouped(count)} files", "lfskit", "littlefs-python", "times faster"]
    return table([*head, "at least", "kept"], rows)


def beside_memcpy(workshop: Workshop) -> Lines:
    found = ours(workshop, bulk())
    rows = []
    for part, (title, most) in BULKS.items():
        factor = found[part] / found["copy"]
        shown = [digits(found[name] * 1e3) for name in (part, "copy")]
        rows.append([title, *shown, digits(factor), str(most), kept(factor, most)])
    return table(["ms", "lfskit", "memcpy", "lfskit / memcpy", "at most", "kept"], rows)


def bounded(title: str, value: float) -> list[str]:
    """Only what can be repeated is held against the bound."""
    return [str(BOUND), kept(value, BOUND)] if INSTRUCTIONS in title else ["", ""]


def syncs(workshop: Workshop, count: int) -> Lines:
    """What a sync takes when the file is short, and when it is long."""
    tenth = count // 10
    part = ["part sync", *SYNCED * tenth, "end"]
    starts = (0, count - tenth)
    times = [ours(workshop, appended(start, part))["sync"] for start in starts]
    rows = [["µs", *(time / tenth * 1e6 for time in times)]]
    if not instructions.missing(workshop):
        counts = [
            counted(workshop, appended(start, part)) - counted(workshop, appended(start, []))
            for start in starts
        ]
        rows.append([INSTRUCTIONS, *(count / tenth for count in counts)])
    cells = []
    for title, first, last in rows:
        grown = last / first
        shown = map(digits, (first, last, grown))
        cells.append([title, *shown, *bounded(title, grown)])
    head = [f"append {SYNC} and sync, {grouped(count)} times", "first tenth", "last tenth"]
    return table([*head, "last / first", "at most", "kept"], cells)


def growth(workshop: Workshop, sizes: list[int]) -> Lines:
    rows = [("ms", [ours(workshop, created(size))["create"] * 1e3 for size in sizes])]
    if not instructions.missing(workshop):
        empty = counted(workshop, created(0))
        counts = [(counted(workshop, created(size)) - empty) / 1e6 for size in sizes]
        rows.append((f"M {INSTRUCTIONS}", counts))
    cells = []
    for title, values in rows:
        grown = exponent(sizes, values)
        cells.append([title, *map(digits, [*values, grown]), *bounded(title, grown)])
    head = ["create files in one directory", *map(grouped, sizes), "exponent"]
    return table([*head, "at most", "kept"], cells)


def section(workshop: Workshop) -> Lines:
    reason = script.missing(workshop)
    if reason:
        return [f"Left out: {reason}.", ""]
    quick = workshop.options.quick
    log("calls: small files")
    lines = beside_littlefs(workshop, QUICK_FILES if quick else FILES)
    log("calls: large reads and writes, syncs")
    lines += beside_memcpy(workshop) + syncs(workshop, QUICK_SYNCS if quick else SYNCS)
    log("calls: growth")
    return lines + growth(workshop, QUICK_GROWTH if quick else GROWTH)
