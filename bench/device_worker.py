# SPDX-License-Identifier: MIT
"""What a device pays for an image; run by a python that has littlefs-python.

Reads one request, a JSON object, and answers with one: the image is mounted by
littlefs itself over a flash that only counts.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from littlefs import lfs
from littlefs.errors import LittleFSError

FLAGS = lfs.LFSFileFlag
READ = 1024  # bytes, as a small device reads
APPENDED = bytes(range(64))
APPENDS = 100


class Flash:
    """Counts, and does as little else as it can: it is called millions of times."""

    def __init__(self, image: bytes, block_size: int):
        self.image = bytearray(image)
        self.block_size = block_size
        self.reset()

    def reset(self) -> None:
        self.reads = self.size = self.progs = self.erases = 0

    def read(self, cfg, block: int, off: int, size: int):
        self.reads += 1
        self.size += size
        at = block * self.block_size + off
        return self.image[at : at + size]

    def prog(self, cfg, block: int, off: int, data: bytes) -> int:
        self.progs += 1
        at = block * self.block_size + off
        self.image[at : at + len(data)] = data
        return 0

    def erase(self, cfg, block: int) -> int:
        self.erases += 1
        at = block * self.block_size
        self.image[at : at + self.block_size] = b"\xff" * self.block_size
        return 0

    def sync(self, cfg) -> int:
        return 0


class TracingFlash(Flash):
    """Counts the reads of each block as well."""

    def reset(self) -> None:
        super().reset()
        self.of_block = Counter()

    def read(self, cfg, block: int, off: int, size: int):
        self.of_block[block] += 1
        return super().read(cfg, block, off, size)


class Device:
    """A freshly started device with that image in its flash."""

    def __init__(self, image: bytes, settings: dict, flash: type[Flash] = Flash):
        self.flash = flash(image, settings["block_size"])
        blocks = len(image) // settings["block_size"]
        self.config = lfs.LFSConfig(self.flash, block_count=blocks, **settings)
        self.fs = lfs.LFSFilesystem()
        lfs.mount(self.fs, self.config)

    def cost(self) -> list[int]:
        """Bytes read and number of reads since the start or the last call."""
        found = [self.flash.size, self.flash.reads]
        self.flash.reset()
        return found

    def paths(self) -> tuple[list[str], list[str]]:
        """All paths, sorted, and those of files."""
        every, files, todo = [], [], ["/"]
        while todo:
            base = todo.pop()
            handle = lfs.dir_open(self.fs, base)
            while (stat := lfs.dir_read(self.fs, handle)) is not None:
                if stat.name in (".", ".."):
                    continue
                path = base.rstrip("/") + "/" + stat.name
                every.append(path)
                (todo if stat.type == stat.TYPE_DIR else files).append(path)
            lfs.dir_close(self.fs, handle)
        return sorted(every), sorted(files)

    def read(self, path: str) -> bool:
        """Whether the file can be read."""
        file = lfs.file_open(self.fs, path, "r")
        try:
            while len(lfs.file_read(self.fs, file, READ)) == READ:
                pass
            return True
        except LittleFSError:
            return False
        finally:
            lfs.file_close(self.fs, file)

    def append(self, path: str) -> None:
        file = lfs.file_open(self.fs, path, FLAGS.wronly | FLAGS.append)
        lfs.file_write(self.fs, file, APPENDED)
        lfs.file_close(self.fs, file)


def appends(device: Device, files: list[str]) -> dict:
    """Of appending to files all over the sorted list, one after the other."""
    device.flash.reset()
    count = min(APPENDS, len(files))
    costs, progs, erases = [], 0, 0
    for number in range(count):
        device.append(files[number * len(files) // count])
        progs += device.flash.progs
        erases += device.flash.erases
        costs.append(device.cost())
    return {
        "first": costs[0],
        "total": [sum(cost[i] for cost in costs) for i in (0, 1)],
        "worst": max(costs),
        "progs": progs,
        "erases": erases,
    }


def traversals(image: bytes, settings: dict, path: str) -> int:
    """How often the first append goes over all blocks in use to find free ones:
    the blocks that it has no other reason to read tell."""
    device = Device(image, settings, TracingFlash)
    device.flash.reset()
    lfs.fs_size(device.fs)
    once = device.flash.of_block

    device = Device(image, settings, TracingFlash)
    device.flash.reset()
    device.append(path)
    return min(round(device.flash.of_block[block] / once[block]) for block in once)


def costs(image: bytes, settings: dict) -> dict:
    """Of each thing a device does, from its start on."""
    found = {}
    device = Device(image, settings)
    paths, files = device.paths()

    device = Device(image, settings)
    found["mount"] = device.cost()
    lfs.fs_size(device.fs)
    found["traverse"] = device.cost()

    device = Device(image, settings)
    for path in paths:
        lfs.stat(device.fs, path)
    found["stat"] = device.cost()

    device = Device(image, settings)
    found["unreadable"] = sum(not device.read(path) for path in files)
    found["read"] = device.cost()

    found["append"] = appends(Device(image, settings), files)
    found["traversals"] = traversals(image, settings, files[0])
    return found


def used(image: bytes, settings: dict) -> int:
    # The name keeps the device, which the filesystem does not, until the end.
    device = Device(image, settings)
    return lfs.fs_size(device.fs)


ANSWERS = {"costs": costs, "used": used}


def main() -> None:
    request = json.load(sys.stdin)
    image = Path(request["image"]).read_bytes()
    print(json.dumps(ANSWERS[request["what"]](image, request["settings"])))


main()
