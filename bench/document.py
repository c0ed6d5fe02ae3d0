# SPDX-License-Identifier: MIT
"""The document that the tables make up, section by section."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import calls
import device
import growth
import instructions
import memory
import package
import report
import space
import times
import traffic
import trees
from report import Lines
from workshop import Options, Workshop

INTRODUCTION = """\
# Performance

What lfskit costs beside what one would use instead, `littlefs-python`, and beside `tar` and `cp`,
which write the same bytes with no file system around them. `make bench` measures and prints this,
`bench/run --write docs/PERFORMANCE.md` writes it here; `bench/run --help` has more. Where a bound
is named it is one that lfskit sets itself.
"""

TIMES = """\
Milliseconds from start to end: the median, in brackets the least and the most. Blocks of 4096
bytes where nothing else is said. The programs take turns, each run writes to a new name, the
caches are warm. What was packed once is listed and unpacked; what lfskit unpacks is compared with
the tree. lfskit chooses the size of the volume itself; littlefs-python is given 1.3 times what
lfskit uses. tar unpacks without setting owners, as lfskit does.
"""

GROWTH = """\
One directory, more and more files in it. The exponent is that of the power of the number of files
that fits best: 1 is linear. CPU: user and system time, the median.
"""

INSTRUCTIONS = """\
Executed in the program, counted by callgrind: the same whenever they are counted, whatever else
the machine does. The kernel's work, most of the time of all these jobs, is not in them.
"""

SPACE = """\
Blocks in use as littlefs counts them (`lfs_fs_size`), at the same block size and inline limit.
Full packing: what would be used if the entries of a directory could be cut anywhere to fill its
blocks. An entry cannot be cut.
"""

DEVICE = """\
What littlefs itself, in littlefs-python, asks a flash for that counts: read size 16, program size
16, lookahead 16, no wear levelling; blocks of 4096 bytes, of which a third is free. The device's
cache is as large as the longest inline file. lfskit was told the program size, littlefs-python
cannot be told. Stat, in sorted order, and read, 1024 bytes at a time, have one mount in them. An
append adds 64 bytes; there are 100 after one mount, to files all over the tree (62 in the web
UI). The first one may have to find free blocks: that takes a traversal of all blocks in use, once
if the search begins where they are, and again and again if not. What one traversal costs is
beside it.
"""

CALLS = """\
Calls of `lfs.h` on a flash in memory: blocks of 4096 bytes, 8192 of them (32 768 to create up to
20 000 files), read size and program size 16, cache 4096, lookahead 1024. littlefs-python plays the
same calls by the functions of its `littlefs.lfs`, the flash being its own. Processor time, the
median. Instructions are callgrind's; bounds of growth are set on them, for they can be repeated.
"""

TRAFFIC = """\
What the same calls of `lfs.h` ask of the flash below, on lfskit and on littlefs itself (in
littlefs-python): bytes read, bytes programmed, blocks erased. Read size and program size 16,
lookahead 128, `block_cycles` 500. Each row begins with the same image, which lfskit has made by
the rows before, and with a mount that is not counted. Files, in 20 directories, have 0, 10, 60,
300, 1000 and 5000 bytes in turn, and are written and read 1024 at a time. These counts are the
same on every machine.

What is programmed and erased is what a device with littlefs has to expect; what it reads is the
other column, for lfskit reads metadata once, at the mount, and keeps it.
"""

PACKAGE = """\
The methods of `littlefs.LittleFS`, this package's and littlefs-python's, in the same Python: blocks
of 4096 bytes, read size and program size 16, cache 4096, lookahead 1024. Processor time, the median.
The buffer of a new volume is filled with 0xff, which takes as long as the system takes to find the
memory: in a virtual machine that is much for pages that it touches for the first time, whoever
touches them, and littlefs-python also takes eight times the volume that it then gives back.
Memory is what is resident at most, beyond what was before the volume was made.
"""

MEMORY = """\
The most memory that was resident. Pages of files that are mapped count: lfskit maps the image it
reads, and the system takes those pages back when it needs them. At most: the image, the largest
file and 4 MiB.
"""


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    text: str
    lines: Callable[[Workshop, list[trees.Tree]], Lines]
    trees: tuple[str, ...] = ()  # all if none is named


SECTIONS = [
    Section("times", "Time", TIMES, times.section),
    Section("growth", "Growth", GROWTH, lambda workshop, _: growth.section(workshop)),
    Section("instructions", "Instructions", INSTRUCTIONS, instructions.section),
    Section("space", "Space", SPACE, space.section),
    Section("device", "The device", DEVICE, device.section, ("web", "dir2000", "small10k")),
    Section("calls", "Calls", CALLS, lambda workshop, _: calls.section(workshop)),
    Section("traffic", "Traffic", TRAFFIC, lambda workshop, _: traffic.section(workshop)),
    Section("package", "The Python package", PACKAGE, lambda workshop, _: package.section(workshop)),
    Section("memory", "Memory", MEMORY, memory.section, ("small10k", "large")),
]


def machine(workshop: Workshop, root: Path) -> Lines:
    lfskit = report.first_line(workshop.lfskit.program, "--version")
    versions = [f"lfskit {lfskit} ({report.commit(root)})"]
    versions.append(report.first_line("tar", "--version"))
    versions.append(report.first_line("cp", "--version"))
    if workshop.reference:
        python = workshop.reference.python
        version = report.first_line(python, "-m", "littlefs", "--version")
        versions.append(f"littlefs-python {version} ({report.first_line(python, '--version')})")
    load = os.getloadavg()[0]
    output = "in memory (tmpfs)" if workshop.in_memory else "in the folder for temporary files"
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    floor = times.floor(workshop)
    return [
        f"- {time.strftime('%Y-%m-%d')}, load at the start {load:.2f}",
        f"- {report.processor()}, {os.cpu_count()} processors, {report.memory()}",
        f"- {report.system()}",
        f"- {'; '.join(versions)}",
        f"- run by {user}; output {output}; to start and end a program, `true`, takes {floor} ms",
        "",
    ]


def chosen(options: Options, section: Section) -> list[trees.Tree]:
    """The trees that the section measures."""
    if options.quick:
        return trees.TINY
    wanted = [tree for tree in trees.MAIN if tree.name in (options.trees or [tree.name])]
    return [tree for tree in wanted if tree.name in (section.trees or [tree.name])]


def parts(workshop: Workshop, root: Path) -> Iterator[Lines]:
    """The document, in parts as they get ready."""
    options = workshop.options
    sections = [s for s in SECTIONS if s.name in (options.sections or [s.name])]
    workshop.prepare([tree for section in sections for tree in chosen(options, section)])
    yield [*INTRODUCTION.splitlines(), "", *machine(workshop, root)]
    for section in sections:
        yield [f"## {section.title}", "", *section.text.splitlines(), ""]
        yield section.lines(workshop, chosen(options, section))
