# SPDX-License-Identifier: MIT
"""The trees that are measured: made from seeds, the same on every machine.

A tree is made once and kept; it is made anew when this file has changed.
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WORDS = (
    "and relay motor socket clock signal memory buffer timer channel gate driver calibration "
    "alarm thread brake port pulse queue field record unit fault load closed register valve "
    "bit not at from low above off under drift phase metric scale format display window cell byte"
).split()


def prose(rng: random.Random, size: int) -> bytes:
    """Words as of a log file, with now and then a mark or a number."""
    words, length = [], 0
    while length < size:
        word = rng.choice(WORDS)
        if rng.random() < 0.12:
            number = f" = {rng.randrange(10**6)}"
            word += rng.choice([".\n", "\n", ":", "! ", number])
        words.append(word)
        length += len(word) + 1
    return " ".join(words).encode()[:size]


def small_file(rng: random.Random) -> bytes:
    return prose(rng, rng.randint(20, 900))


# Folder, names' extension, number of files, smallest and largest size, bytes of all.
WEB = [
    ("", "html", 8, 4000, 60_000, 140_000),
    ("js", "js", 14, 6000, 200_000, 520_000),
    ("css", "css", 6, 1000, 60_000, 80_000),
    ("img", "png", 20, 400, 60_000, 160_000),
    ("img", "svg", 6, 300, 12_000, 20_000),
    ("lang", "json", 6, 80, 20_000, 30_000),
]


def web_sizes(rng: random.Random, count: int, low: int, high: int, total: int) -> list[int]:
    """Sizes from low to high, as many small as large ones, that add up to about total."""
    sizes = [low * (high / low) ** rng.random() for _ in range(count)]
    scale = total / sum(sizes)
    return [min(high, max(low, round(size * scale))) for size in sizes]


def make_web(folder: Path) -> None:
    rng = random.Random(62)
    for sub, kind, count, low, high, total in WEB:
        (folder / sub).mkdir(exist_ok=True)
        for number, size in enumerate(web_sizes(rng, count, low, high, total)):
            data = rng.randbytes(size) if kind == "png" else prose(rng, size)
            (folder / sub / f"{kind}-{number:02}.{kind}").write_bytes(data)
    (folder / "index.html").write_bytes(prose(rng, 3000))
    (folder / "favicon.ico").write_bytes(rng.randbytes(1150))


def make_small(folder: Path, files: int, directories: int) -> None:
    rng = random.Random(1)
    for number in range(directories):
        (folder / f"dir{number:03}").mkdir()
    for number in range(files):
        path = folder / f"dir{number % directories:03}" / f"file_{number:05}.txt"
        path.write_bytes(small_file(rng))


def make_one_directory(folder: Path, files: int) -> None:
    rng = random.Random(7)
    (folder / "data").mkdir()
    for number in range(files):
        (folder / "data" / f"rec_{number:05}.json").write_bytes(small_file(rng))


def make_large(folder: Path, files: int, size: int) -> None:
    rng = random.Random(3)
    for number in range(files):
        (folder / f"blob{number}.bin").write_bytes(rng.randbytes(size))


def make_deep(folder: Path, levels: int) -> None:
    rng = random.Random(5)
    for level in range(levels):
        folder = folder / f"d{level:02}"
        folder.mkdir()
        for number in range(3):
            data = prose(rng, rng.randint(20, 5000))
            (folder / f"f{number}.txt").write_bytes(data)


@dataclass(frozen=True)
class Tree:
    name: str
    title: str
    make: Callable[[Path], None]


def one_directory(files: int) -> Tree:
    """A tree of that many files in one directory."""
    title = f"{files:,} files in one directory".replace(",", " ")
    return Tree(f"dir{files}", title, lambda folder: make_one_directory(folder, files))


MAIN = [
    Tree("web", "web UI of 1 MB", make_web),
    Tree("deep", "50 levels of 3 files", lambda f: make_deep(f, 50)),
    one_directory(2000),
    Tree("small10k", "10 000 small files", lambda f: make_small(f, 10_000, 100)),
    Tree("large", "128 MiB in 8 files", lambda f: make_large(f, 8, 16 << 20)),
]

# Only to see that everything runs.
TINY = [
    Tree("tiny-deep", "5 levels of 3 files", lambda f: make_deep(f, 5)),
    Tree("tiny-small", "40 small files", lambda f: make_small(f, 40, 4)),
]


class Forest:
    """The trees on disk, below one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()

    def path(self, tree: Tree) -> Path:
        """Where the tree is; makes it first if it is not there."""
        folder, stamp = self.folder / tree.name, self.folder / f"{tree.name}.made"
        if not stamp.exists() or stamp.read_text() != self.version:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            tree.make(folder)
            stamp.write_text(self.version)
        return folder


@dataclass(frozen=True)
class Facts:
    files: int
    directories: int
    largest: int  # bytes


def facts(folder: Path) -> Facts:
    files = directories = largest = 0
    for base, subs, names in os.walk(folder):
        directories += len(subs)
        files += len(names)
        sizes = (os.path.getsize(os.path.join(base, name)) for name in names)
        largest = max([largest, *sizes])
    return Facts(files, directories, largest)
