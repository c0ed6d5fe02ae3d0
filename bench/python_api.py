# SPDX-License-Identifier: MIT
"""Times the methods of the package littlefs, whichever the python that runs it has.

    python_api.py FILES MEGABYTES   prints a line for each job: the seconds of processor
                                    time of one call, and its name
    python_api.py memory MEGABYTES  prints the bytes that using a volume took at most, and
                                    its size
"""

import sys
import time

from littlefs import LittleFS

FOLDERS = 20
SMALL, CHUNK, BLOCK = 100, 1 << 20, 4096  # bytes
VOLUMES = 4
SETTINGS = {"block_size": BLOCK, "read_size": 16, "prog_size": 16,
            "cache_size": 4096, "lookahead_size": 1024, "block_cycles": 500}  # fmt: skip


class Timer:
    """Keeps what each job takes."""

    def __init__(self):
        self.seconds = {}

    def __call__(self, name, call, count=1):
        start = time.process_time()
        result = call()
        self.seconds[name] = (time.process_time() - start) / count
        return result


def names(folders, count):
    """Of files that are in each of the folders in turn."""
    return [f"{folders[i % len(folders)]}/file{i:05}" for i in range(count)]


def fill(fs, paths, mode):
    data = b"x" * SMALL if "b" in mode else "x" * SMALL
    for path in paths:
        with fs.open(path, mode) as file:
            file.write(data)


def read_all(fs, paths):
    for path in paths:
        with fs.open(path, "rb") as file:
            file.read()


def put(fs, data):
    with fs.open("large", "wb") as file:
        file.write(data)


def get(fs):
    with fs.open("large", "rb") as file:
        file.read()


def volume(megabytes):
    return LittleFS(block_count=(megabytes << 20) // BLOCK, **SETTINGS)


def make_and_drop(megabytes):
    for _ in range(VOLUMES):
        volume(megabytes)


def measure(count, megabytes):
    """Half of the volume is for the large file."""
    timer = Timer()
    timer("reused", lambda: make_and_drop(megabytes), VOLUMES)
    kept = timer("fresh", lambda: [volume(megabytes) for _ in range(VOLUMES)], VOLUMES)
    fs = kept.pop()
    del kept
    fs.mkdir("binary")
    fs.mkdir("text")
    binary = names(["binary"], count)
    timer("write_binary", lambda: fill(fs, binary, "wb"), count)
    timer("write_text", lambda: fill(fs, names(["text"], count), "w"), count)
    folders = [f"folder{number:02}" for number in range(FOLDERS)]
    for folder in folders:
        fs.mkdir(folder)
    timer("write_spread", lambda: fill(fs, names(folders, count), "wb"), count)
    timer("read", lambda: read_all(fs, binary), count)
    timer("stat", lambda: [fs.stat(path) for path in binary], count)
    timer("listdir", lambda: fs.listdir("binary"))
    timer("walk", lambda: list(fs.walk("/")))
    data = bytes(range(256)) * (megabytes << 11)
    timer("put", lambda: put(fs, data))
    timer("get", lambda: get(fs))
    return timer.seconds


def peak():
    """Bytes that were resident at most, of this program: ru_maxrss knows of its parent's, too."""
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10


def use(megabytes):
    before = peak()
    fs = volume(megabytes)
    with fs.open("large", "wb") as file:
        for _ in range(megabytes // 2):
            file.write(bytes(CHUNK))
    size = len(fs.context.buffer)
    return peak() - before, size


def main():
    if sys.argv[1] == "memory":
        print(*use(int(sys.argv[2])))
        return
    for name, seconds in measure(int(sys.argv[1]), int(sys.argv[2])).items():
        print(f"{seconds:.9f}", name)


main()
