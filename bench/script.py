# SPDX-License-Identifier: MIT
"""Scripts of file system calls, and who plays them: api.c on lfskit through
lfs.h, api_worker.py on littlefs itself, both over a flash in memory."""

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from workshop import HERE, Failed, Workshop

Script = list[str]
CHUNK = 1024  # bytes, as a small device reads and writes


@dataclass(frozen=True)
class Part:
    """What a part of a script took."""

    seconds: float  # of processor time
    reads: int
    bytes_read: int
    progs: int
    bytes_programmed: int
    erases: int


@dataclass(frozen=True)
class Flash:
    block_size: int = 4096
    block_count: int = 8192
    cache_size: int = 4096
    read_size: int = 16
    prog_size: int = 16
    lookahead_size: int = 1024
    block_cycles: int = 500

    def lines(self) -> Script:
        return [f"set {name} {value}" for name, value in vars(self).items()]


def player(workshop: Workshop) -> Path:
    """api.c, built beside lfskit."""
    return Path(workshop.lfskit.program).resolve().parents[1] / "bench/api"


def missing(workshop: Workshop) -> str:
    """Why scripts cannot be played on both; empty if they can."""
    if not workshop.reference:
        return "there is no littlefs-python"
    return "" if player(workshop).exists() else f"{player(workshop)} is not built"


def parse(output: str) -> dict[str, Part]:
    parts = {}
    for line in output.splitlines():
        name, seconds, *counts = line.split()
        parts[name] = Part(float(seconds), *map(int, counts))
    return parts


def play(command: list, script: Script) -> dict[str, Part]:
    done = subprocess.run(
        [str(word) for word in command],
        check=False, capture_output=True, encoding="utf-8", input="\n".join(script),
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"{command}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
    return parse(done.stdout)


def play_lfskit(workshop: Workshop, script: Script) -> dict[str, Part]:
    return play([player(workshop)], script)


def play_reference(workshop: Workshop, script: Script, *, count: bool) -> dict[str, Part]:
    command = [workshop.reference.python, "-B", HERE / "api_worker.py"]
    return play([*command, "count"] if count else command, script)


# --- calls, several at a time ------------------------------------------------------


def transfers(name: str, size: int, chunk: int = CHUNK) -> Script:
    rest = [f"{name} {size % chunk}"] if size % chunk else []
    return [f"{name} {chunk}"] * (size // chunk) + rest


def written(path: str, size: int, mode: str = "w", chunk: int = CHUNK) -> Script:
    return [f"open {mode} {path}", *transfers("write", size, chunk), "close"]


def read(path: str, size: int, chunk: int = CHUNK) -> Script:
    return [f"open r {path}", *transfers("read", size, chunk), "close"]


def mixed(names: list[str]) -> list[str]:
    """In an order that is always the same one, and no order."""
    return random.Random(1).sample(names, len(names))
