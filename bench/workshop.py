# SPDX-License-Identifier: MIT
"""Where measuring is done: the programs, the trees, folders for what comes out."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from programs import JOBS, Cp, Lfskit, LittlefsPython, Settings, Tar
from trees import Forest, Tree

HERE = Path(__file__).resolve().parent
MEMORY_FOLDER = Path("/dev/shm")
# Volumes get so much more than lfskit needs: others need more, and a device wants to write.
SLACK = 1.3


@dataclass(frozen=True)
class Options:
    runs: int = 21
    reference_runs: int = 3
    quick: bool = False
    jobs: tuple[str, ...] = tuple(JOBS)
    trees: tuple[str, ...] = ()  # all if none is named, and so with the sections
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    wall: float  # seconds
    cpu: float  # seconds
    peak: int  # KiB


class Failed(Exception):
    """Something that was to be measured, or is needed for it, failed."""


def log(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Workshop:
    """`work` keeps the trees and the meter; the output goes to a folder in
    memory that exists between `with` and its end."""

    def __init__(self, work: Path, lfskit: Path, python: Path | None, options: Options):
        self.options = options
        self.lfskit = Lfskit(lfskit)
        self.tar = Tar()
        self.cp = Cp()
        self.reference = LittlefsPython(python) if python else None
        self.forest = Forest(work / "trees")
        self.meter = self._build_meter(work)
        self.in_memory = MEMORY_FOLDER.is_dir()
        self.output = Path()
        self.count = 0
        self.known: dict[tuple, int] = {}

    def __enter__(self) -> "Workshop":
        base = MEMORY_FOLDER if self.in_memory else None
        self.output = Path(tempfile.mkdtemp(prefix="lfskit-bench-", dir=base))
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.output, ignore_errors=True)

    @staticmethod
    def _build_meter(work: Path) -> Path:
        work.mkdir(parents=True, exist_ok=True)
        source, program = HERE / "meter.c", work / "meter"
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            command = ["cc", "-std=c11", "-O2", "-o", str(program), str(source)]
            try:
                subprocess.run(command, check=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise Failed(f"the meter cannot be compiled: {error}") from error
        return program

    def prepare(self, trees: list[Tree]) -> None:
        """Makes the trees, and waits until the disk has them."""
        for tree in trees:
            self.forest.path(tree)
        if not self.options.quick:
            os.sync()

    def fresh(self, kind: str) -> Path:
        """A name in the output folder that was never used."""
        self.count += 1
        return self.output / f"{self.count:05}.{kind}"

    def fresh_folder(self) -> Path:
        folder = self.fresh("out")
        folder.mkdir()
        return folder

    def run(self, command: list[str]) -> Usage:
        """Runs it, which must succeed, and says what it used."""
        done = subprocess.run(
            [self.meter, *command], check=False, capture_output=True, encoding="utf-8"
        )
        fields = done.stdout.split()
        if done.returncode or fields[3] != "0":
            raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")
        return Usage(int(fields[0]) / 1e9, int(fields[1]) / 1e6, int(fields[2]))

    def _used(self, tree: Tree, settings: Settings) -> int:
        """Blocks that lfskit uses for the tree."""
        image = self.fresh("img")
        self.run(self.lfskit.pack(self.forest.path(tree), image, settings))
        command = [self.lfskit.program, "info", "--json", str(image)]
        shown = subprocess.run(command, check=True, capture_output=True).stdout
        image.unlink()
        return json.loads(shown)["used_blocks"]

    def roomy(self, tree: Tree, block_size: int = 4096, inline: int | None = None) -> Settings:
        """Settings of a volume in which the tree leaves some blocks free."""
        key = (tree.name, block_size, inline)
        if key not in self.known:
            self.known[key] = self._used(tree, Settings(block_size, None, inline))
        return Settings(block_size, int(self.known[key] * SLACK) + 4, inline)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
