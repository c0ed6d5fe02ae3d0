# SPDX-License-Identifier: MIT
"""The far end of reference.py, run by a python that has littlefs-python.

Reads requests, one JSON object a line, and answers each with {"result": ...}
or {"error": text, "code": number}. It holds one volume at a time.
"""

import hashlib
import json
import sys
from pathlib import Path

from content import content
from flash import Flash
from littlefs import lfs
from littlefs.errors import LittleFSError

FLAGS = lfs.LFSFileFlag
# A new name for which there is no room is NAMETOOLONG, as if the block were too small for it.
FULL = (LittleFSError.Error.LFS_ERR_NOSPC, LittleFSError.Error.LFS_ERR_NAMETOOLONG)
REPLACE = FLAGS.creat | FLAGS.wronly | FLAGS.trunc


class Worker:
    def format(self, blocks: int, settings: dict, erase: int | None = 0xFF) -> None:
        size = blocks * settings["block_size"]
        fill = 0xFF if erase is None else erase
        self.flash = Flash(bytes([fill]) * size, erase)
        self.config = lfs.LFSConfig(self.flash, block_count=blocks, **settings)
        self.fs = lfs.LFSFilesystem()
        lfs.format(self.fs, self.config)
        lfs.mount(self.fs, self.config)

    def mount(self, image: str, settings: dict, any_count: bool = False) -> dict:
        self.flash = Flash(Path(image).read_bytes())
        return self.remount(settings, any_count)

    def remount(self, settings: dict, any_count: bool = False) -> dict:
        """Mount what is on the flash; the block count must be what it says, unless any is right."""
        self.flash.lost, self.flash.cut_after = False, None
        self.flash.reset()
        blocks = 0 if any_count else len(self.flash.buffer) // settings["block_size"]
        self.config = lfs.LFSConfig(self.flash, block_count=blocks, **settings)
        self.fs = lfs.LFSFilesystem()
        lfs.mount(self.fs, self.config)
        stat = lfs.fs_stat(self.fs)
        return {"version": stat.disk_version, "used": lfs.fs_size(self.fs)}

    def save(self, image: str) -> None:
        Path(image).write_bytes(self.flash.buffer)

    def counts(self) -> dict:
        """What the device was asked for since the mount or the last call."""
        flash = self.flash
        result = {
            "reads": flash.reads,
            "bytes_read": flash.bytes_read,
            "progs": flash.progs,
            "erases": flash.erases,
            "overprogrammed": flash.overprogrammed,
        }
        flash.reset()
        return result

    def cut(self, after: int, torn: int = 0) -> None:
        """Lose power after that many more programs and erases."""
        self.flash.reset()
        self.flash.cut_after, self.flash.torn = after, torn

    def erases_to(self, value: int | None) -> None:
        """What an erase leaves in a block; None: what was there."""
        self.flash.erase_value = value

    def grow(self, blocks: int) -> None:
        lfs.fs_grow(self.fs, blocks)

    def repair(self) -> int:
        lfs.fs_mkconsistent(self.fs)
        return lfs.fs_size(self.fs)

    def used(self) -> int:
        return lfs.fs_size(self.fs)

    def tree(self) -> list[dict]:
        """Everything, in the form of a manifest; attributes are not asked for."""
        found, todo = [], ["/"]
        while todo:
            base = todo.pop()
            for stat in self._entries(base):
                path = base.rstrip("/") + "/" + stat.name
                if stat.type == stat.TYPE_DIR:
                    found.append({"path": path, "type": "dir", "attrs": {}})
                    todo.append(path)
                    continue
                data = self._read(path, stat.size)
                entry = {"path": path, "type": "file", "size": len(data)}
                entry["sha256"] = hashlib.sha256(data).hexdigest()
                found.append(entry | {"attrs": {}})
        return sorted(found, key=lambda entry: entry["path"])

    def _entries(self, path: str):
        handle = lfs.dir_open(self.fs, path)
        while (stat := lfs.dir_read(self.fs, handle)) is not None:
            if stat.name not in (".", ".."):
                yield stat
        lfs.dir_close(self.fs, handle)

    def _read(self, path: str, size: int) -> bytes:
        file = lfs.file_open(self.fs, path, "r")
        try:
            return lfs.file_read(self.fs, file, size)
        finally:
            lfs.file_close(self.fs, file)

    def stat(self, path: str) -> list:
        stat = lfs.stat(self.fs, path)
        return [stat.type, stat.size if stat.type == stat.TYPE_REG else 0]

    def mkdir(self, path: str) -> None:
        lfs.mkdir(self.fs, path)

    def write(
        self, path: str, size: int, salt: int, at: int | None = None, append: bool = False
    ) -> None:
        """Replace the file, or write from `at` on, or at its end."""
        flags = REPLACE if at is None else FLAGS.creat | FLAGS.wronly
        if append:
            flags = FLAGS.creat | FLAGS.wronly | FLAGS.append
        file = lfs.file_open(self.fs, path, flags)
        try:
            if at is not None:
                lfs.file_seek(self.fs, file, at, 0)
            lfs.file_write(self.fs, file, content(size, salt))
        finally:
            lfs.file_close(self.fs, file)

    def rename(self, old: str, new: str) -> None:
        lfs.rename(self.fs, old, new)

    def remove(self, path: str) -> None:
        lfs.remove(self.fs, path)

    def setattr(self, path: str, kind: int, data: str) -> None:
        lfs.setattr(self.fs, path, kind, bytes.fromhex(data))

    def removeattr(self, path: str, kind: int) -> None:
        lfs.removeattr(self.fs, path, kind)

    def truncate(self, path: str, size: int) -> None:
        file = lfs.file_open(self.fs, path, FLAGS.wronly)
        try:
            lfs.file_truncate(self.fs, file, size)
        finally:
            lfs.file_close(self.fs, file)

    def fill(self, prefix: str, size: int, limit: int) -> list:
        """Write files PREFIX0, PREFIX1, ... until no space is left: the number
        written, and whether an empty one remains of the last."""
        for number in range(limit):
            path = f"{prefix}{number}"
            try:
                self.write(path, size, number)
            except LittleFSError as error:
                if error.code not in FULL:
                    raise
                try:
                    return [number, lfs.stat(self.fs, path).type == 1]
                except LittleFSError:
                    return [number, False]
        return [limit, False]


def main() -> None:
    worker = Worker()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": getattr(worker, request.pop("op"))(**request)}
        except LittleFSError as error:
            answer = {"error": str(error), "code": error.code}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
