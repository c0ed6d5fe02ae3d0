# SPDX-License-Identifier: MIT
"""Plays a script of file system calls on littlefs itself; run by a python that
has littlefs-python. Script and output are those of api.c.

With the argument `count` the flash counts; without it is littlefs-python's own,
as one would use it, and the counts are 0.
"""

import sys
import time
from pathlib import Path

from littlefs import lfs
from littlefs.context import UserContext

FLAGS = lfs.LFSFileFlag
MODES = {
    "w": FLAGS.wronly | FLAGS.creat | FLAGS.trunc,
    "a": FLAGS.wronly | FLAGS.creat | FLAGS.append,
    "+": FLAGS.rdonly | FLAGS.wronly,
    "r": FLAGS.rdonly,
}
ATTRIBUTE = ord("t")
DATA = bytes(i % 251 for i in range(16 << 20))


class Flash(UserContext):
    """Counts, and does as little else as it can: it is called millions of times."""

    reads = bytes_read = progs = bytes_programmed = erases = 0

    def read(self, cfg, block: int, off: int, size: int):
        self.reads += 1
        self.bytes_read += size
        at = block * cfg.block_size + off
        return self.buffer[at : at + size]

    def prog(self, cfg, block: int, off: int, data: bytes) -> int:
        self.progs += 1
        self.bytes_programmed += len(data)
        at = block * cfg.block_size + off
        self.buffer[at : at + len(data)] = data
        return 0

    def erase(self, cfg, block: int) -> int:
        self.erases += 1
        at = block * cfg.block_size
        self.buffer[at : at + cfg.block_size] = b"\xff" * cfg.block_size
        return 0


COUNTS = ("reads", "bytes_read", "progs", "bytes_programmed", "erases")


class Player:
    """A method for each call."""

    def __init__(self, flash: type[UserContext]):
        self.flash = flash
        self.settings = {}
        self.context = None
        self.name = None

    def set(self, name: str, value: str) -> None:
        self.settings[name] = int(value)

    def part(self, name: str) -> None:
        self.end()
        self.name = name
        self.before = self.counts()
        self.start = time.process_time()

    def counts(self) -> list[int]:
        return [getattr(self.context, name, 0) for name in COUNTS]

    def end(self) -> None:
        if self.name:
            seconds = time.process_time() - self.start
            counts = (now - then for now, then in zip(self.counts(), self.before))
            print(self.name, f"{seconds:.6f}", *counts)
        self.name = None

    def take_flash(self) -> None:
        if self.context is None:
            size = self.settings["block_size"] * self.settings["block_count"]
            self.context = self.flash(size)
            self.config = lfs.LFSConfig(self.context, **self.settings)

    def save(self, path: str) -> None:
        self.take_flash()
        Path(path).write_bytes(self.context.buffer)

    def load(self, path: str) -> None:
        self.take_flash()
        self.context.buffer[:] = Path(path).read_bytes()

    def format(self) -> None:
        self.take_flash()
        self.fs = lfs.LFSFilesystem()
        lfs.format(self.fs, self.config)

    def mount(self) -> None:
        self.fs = lfs.LFSFilesystem()
        lfs.mount(self.fs, self.config)

    def unmount(self) -> None:
        lfs.unmount(self.fs)

    def mkdir(self, path: str) -> None:
        lfs.mkdir(self.fs, path)

    def remove(self, path: str) -> None:
        lfs.remove(self.fs, path)

    def rename(self, path: str, to: str) -> None:
        lfs.rename(self.fs, path, to)

    def stat(self, path: str) -> None:
        lfs.stat(self.fs, path)

    def list(self, path: str) -> None:
        handle = lfs.dir_open(self.fs, path)
        while lfs.dir_read(self.fs, handle) is not None:
            pass
        lfs.dir_close(self.fs, handle)

    def setattr(self, path: str, size: str) -> None:
        lfs.setattr(self.fs, path, ATTRIBUTE, DATA[: int(size)])

    def getattr(self, path: str) -> None:
        lfs.getattr(self.fs, path, ATTRIBUTE)

    def removeattr(self, path: str) -> None:
        lfs.removeattr(self.fs, path, ATTRIBUTE)

    def open(self, mode: str, path: str) -> None:
        self.file = lfs.file_open(self.fs, path, MODES[mode])

    def close(self) -> None:
        lfs.file_close(self.fs, self.file)

    def sync(self) -> None:
        lfs.file_sync(self.fs, self.file)

    def seek(self, position: str) -> None:
        lfs.file_seek(self.fs, self.file, int(position), 0)

    def truncate(self, size: str) -> None:
        lfs.file_truncate(self.fs, self.file, int(size))

    def write(self, size: str) -> None:
        lfs.file_write(self.fs, self.file, DATA[: int(size)])

    def read(self, size: str) -> None:
        lfs.file_read(self.fs, self.file, int(size))

    def copy(self, size: str) -> None:
        bytearray(DATA[: int(size)])


def main() -> None:
    player = Player(Flash if "count" in sys.argv else UserContext)
    script = []
    for line in sys.stdin:
        name, *operands = line.split()
        script.append((getattr(player, name), operands))
    for call, operands in script:
        call(*operands)
    player.end()


main()
