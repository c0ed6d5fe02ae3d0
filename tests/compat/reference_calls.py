# SPDX-License-Identifier: MIT
"""Makes the calls that standard input lists, of the reference package, and
prints what each returns: the counterpart of lfs_calls.c.

A line is a call and its arguments, with tabs between them:

    format UNIT BLOCK_SIZE BLOCK_COUNT BLOCK_CYCLES    and mounts
    remount | fs_size | fs_gc | fs_mkconsistent
    stat PATH | mkdir PATH | remove PATH | rename OLD NEW
    setattr PATH TYPE SIZE BYTE | getattr PATH TYPE | removeattr PATH TYPE
    file_open SLOT PATH FLAGS | file_close SLOT | file_sync SLOT
    file_read SLOT SIZE | file_write SLOT SIZE BYTE | file_truncate SLOT SIZE
    file_seek SLOT OFFSET WHENCE | file_tell SLOT | file_rewind SLOT | file_size SLOT
    dir_open SLOT PATH | dir_close SLOT | dir_read SLOT | dir_tell SLOT | dir_rewind SLOT

What it prints is the result, and what was found: bytes in hexadecimal, or type,
size and name. Counts of bytes that are there to be seen are printed as 0.
"""

import sys

from flash import Flash
from littlefs import lfs
from littlefs.errors import LittleFSError


class Calls:
    def __init__(self) -> None:
        self.files, self.dirs = {}, {}

    def format(self, unit: str, size: str, count: str, cycles: str) -> int:
        self.config = lfs.LFSConfig(
            Flash(b"\xff" * (int(size) * int(count))),
            block_size=int(size),
            block_count=int(count),
            read_size=int(unit),
            prog_size=int(unit),
            block_cycles=int(cycles),
            cache_size=max(64, int(unit)),
            lookahead_size=16,
        )
        self.fs = lfs.LFSFilesystem()
        lfs.format(self.fs, self.config)
        return self.remount()

    def remount(self) -> int:
        self.fs = lfs.LFSFilesystem()
        return lfs.mount(self.fs, self.config)

    def fs_size(self) -> int:
        return lfs.fs_size(self.fs)

    def fs_gc(self) -> int:
        return lfs.fs_gc(self.fs)

    def fs_mkconsistent(self) -> int:
        return lfs.fs_mkconsistent(self.fs)

    def stat(self, path: str) -> str:
        return self._info(lfs.stat(self.fs, path))

    @staticmethod
    def _info(stat) -> str:
        size = stat.size if stat.type == stat.TYPE_REG else 0
        return f"0 {stat.type} {size} {stat.name}"

    def mkdir(self, path: str) -> int:
        return lfs.mkdir(self.fs, path)

    def remove(self, path: str) -> int:
        return lfs.remove(self.fs, path)

    def rename(self, old: str, new: str) -> int:
        return lfs.rename(self.fs, old, new)

    def setattr(self, path: str, kind: str, size: str, byte: str) -> int:
        return lfs.setattr(self.fs, path, int(kind), bytes([int(byte)]) * int(size))

    def getattr(self, path: str, kind: str) -> str:
        return "0 " + lfs.getattr(self.fs, path, int(kind)).hex()

    def removeattr(self, path: str, kind: str) -> int:
        return lfs.removeattr(self.fs, path, int(kind))

    def file_open(self, slot: str, path: str, flags: str) -> int:
        self.files[slot] = lfs.file_open(self.fs, path, lfs.LFSFileFlag(int(flags)))
        return 0

    def file_close(self, slot: str) -> int:
        return lfs.file_close(self.fs, self.files.pop(slot))

    def file_sync(self, slot: str) -> int:
        return lfs.file_sync(self.fs, self.files[slot])

    def file_read(self, slot: str, size: str) -> str:
        return "0 " + lfs.file_read(self.fs, self.files[slot], int(size)).hex()

    def file_write(self, slot: str, size: str, byte: str) -> int:
        return lfs.file_write(self.fs, self.files[slot], bytes([int(byte)]) * int(size))

    def file_seek(self, slot: str, offset: str, whence: str) -> int:
        return lfs.file_seek(self.fs, self.files[slot], int(offset), int(whence))

    def file_tell(self, slot: str) -> int:
        return lfs.file_tell(self.fs, self.files[slot])

    def file_rewind(self, slot: str) -> int:
        return lfs.file_rewind(self.fs, self.files[slot])

    def file_size(self, slot: str) -> int:
        return lfs.file_size(self.fs, self.files[slot])

    def file_truncate(self, slot: str, size: str) -> int:
        return lfs.file_truncate(self.fs, self.files[slot], int(size))

    def dir_open(self, slot: str, path: str) -> int:
        self.dirs[slot] = lfs.dir_open(self.fs, path)
        return 0

    def dir_close(self, slot: str) -> int:
        return lfs.dir_close(self.fs, self.dirs.pop(slot))

    def dir_read(self, slot: str) -> str:
        stat = lfs.dir_read(self.fs, self.dirs[slot])
        return self._info(stat) if stat is not None else "0 "

    def dir_tell(self, slot: str) -> int:
        return lfs.dir_tell(self.fs, self.dirs[slot])

    def dir_rewind(self, slot: str) -> int:
        return lfs.dir_rewind(self.fs, self.dirs[slot])


def main() -> None:
    calls = Calls()
    for line in sys.stdin:
        name, *words = line.rstrip("\n").split("\t")
        try:
            result = getattr(calls, name)(*words)
        except LittleFSError as error:
            result = error.code
        print(result if isinstance(result, str) else f"{result or 0} ", flush=True)


if __name__ == "__main__":
    main()
