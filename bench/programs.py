# SPDX-License-Identifier: MIT
"""The programs that are compared, by the command line of each job.

A program that cannot do a job has no method for it. `pack` makes one file of
a tree, `list` prints what is in that file, `unpack` makes a tree of it.
"""

from dataclasses import dataclass
from pathlib import Path

Command = list[str]

# Each job and the method for it.
JOBS = {"create": "pack", "list": "list", "extract": "unpack"}


@dataclass(frozen=True)
class Settings:
    """What an image is made with: block size, size in blocks, longest inline file,
    and the unit that the device programs, which littlefs-python has no option for."""

    block_size: int = 4096
    blocks: int | None = None
    inline: int | None = None
    prog: int | None = None


class Lfskit:
    name = "lfskit"

    def __init__(self, program: Path):
        self.program = str(program)

    def pack(self, tree: Path, image: Path, settings: Settings) -> Command:
        command = [self.program, "create", "-q", str(tree), str(image)]
        if settings.block_size != 4096:
            command += ["--block-size", str(settings.block_size)]
        if settings.blocks is not None:
            command += ["--block-count", str(settings.blocks)]
        if settings.inline is not None:
            command += ["--cache-size", str(settings.inline)]
            command += ["--inline-max", str(settings.inline)]
        if settings.prog is not None:
            command += ["--prog-size", str(settings.prog)]
        return command

    def list(self, image: Path, settings: Settings) -> Command:
        return [self.program, "list", str(image)]

    def unpack(self, image: Path, folder: Path, settings: Settings) -> Command:
        return [self.program, "extract", "-q", str(image), str(folder)]


class LittlefsPython:
    name = "littlefs-python"

    def __init__(self, python: Path):
        self.python = str(python)

    def _command(self, verb: str, settings: Settings) -> Command:
        command = [self.python, "-m", "littlefs", verb]
        command += ["--block-size", str(settings.block_size)]
        if settings.inline is not None:
            command += ["--inline-max", str(settings.inline)]
        return command

    def pack(self, tree: Path, image: Path, settings: Settings) -> Command:
        command = self._command("create", settings)
        return [*command, "--block-count", str(settings.blocks), str(tree), str(image)]

    def list(self, image: Path, settings: Settings) -> Command:
        return [*self._command("list", settings), str(image)]

    def unpack(self, image: Path, folder: Path, settings: Settings) -> Command:
        return [*self._command("extract", settings), str(image), str(folder)]


class Tar:
    """Unpacks as an ordinary user does, whoever runs it: without setting owners."""

    name = "tar"

    def pack(self, tree: Path, image: Path, settings: Settings) -> Command:
        return ["tar", "cf", str(image), "-C", str(tree), "."]

    def list(self, image: Path, settings: Settings) -> Command:
        return ["tar", "tf", str(image)]

    def unpack(self, image: Path, folder: Path, settings: Settings) -> Command:
        return ["tar", "xf", str(image), "--no-same-owner", "-C", str(folder)]


class Cp:
    """Its package is the copied tree."""

    name = "cp -r"

    def pack(self, tree: Path, image: Path, settings: Settings) -> Command:
        return ["cp", "-r", str(tree), str(image)]
