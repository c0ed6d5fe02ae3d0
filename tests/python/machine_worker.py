# SPDX-License-Identifier: MIT
"""One of the two volumes of test_machine.py, in the python that has the package.

Reads calls, a JSON array [name, argument...] a line, and answers each with what
it returned or raised, as text.
"""

import json
import sys

from littlefs import LittleFS, LittleFSError

SETTINGS = {"block_size": 512, "block_count": 2000, "read_size": 16, "prog_size": 16,
            "cache_size": 64, "lookahead_size": 32}  # fmt: skip


class Calls:
    """Those of LittleFS, and some on files that are opened and closed in the call."""

    def __init__(self):
        self.fs = LittleFS(**SETTINGS)

    def __getattr__(self, name):
        return getattr(self.fs, name)

    def remount(self):
        self.fs.unmount()
        return self.fs.mount()

    def stat(self, path):
        found = self.fs.stat(path)
        # The size of a directory is whatever was in memory there, in littlefs-python.
        return [found.type, found.size if found.type == 1 else 0, found.name]

    def scan(self, path):
        return [[stat.type, stat.size if stat.type == 1 else 0, stat.name]
                for stat in self.fs.scandir(path)]  # fmt: skip

    def setattr(self, path, typ, text):
        return self.fs.setattr(path, typ, text.encode())

    def put(self, path, mode, buffering, at, pieces):
        with self.fs.open(path, mode, buffering) as file:
            moved = [file.seek(at)] if at is not None else []
            return moved + [file.write(piece.encode() * 10) for piece in pieces] + [file.tell()]

    def get(self, path, buffering, sizes):
        with self.fs.open(path, "rb", buffering) as file:
            return [file.read(size).decode("latin-1") for size in sizes] + [file.tell()]

    def text(self, path, lines):
        with self.fs.open(path, "w+", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(lines))
            file.seek(0)
            return file.readlines()

    def tree(self):
        found = [list(step) for step in self.fs.walk("/")]
        files = {f"{root}/{name}": None for root, _, names in found for name in names}
        for path in files:
            with self.fs.open(path, "rb") as file:
                files[path] = file.read().decode("latin-1")
        return [found, files]


def answer(calls, name, arguments):
    try:
        return repr(getattr(calls, name)(*arguments))
    except LittleFSError as error:
        return str(error)
    except OSError as error:
        # What littlefs-python's open raises has no text.
        opened = name in ("put", "get", "text", "tree")
        return type(error).__name__ if opened else f"{type(error).__name__}: {error}"


def main():
    calls = Calls()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(answer(calls, name, arguments)), flush=True)


main()
