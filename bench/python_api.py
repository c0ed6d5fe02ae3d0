# SPDX-License-Identifier: MIT
"""Times the methods of the package littlefs, whichever the python that runs it has.

    PYTHONPATH=build/release/python python_api.py
    build/reference/bin/python python_api.py

Prints a line for each job: its name, and the seconds of processor time of one
call, the least of some rounds.
"""

import time

from littlefs import LittleFS

FILES, SMALL, BULK = 2000, 100, 16 << 20
SETTINGS = {"block_size": 4096, "block_count": 8192, "read_size": 16, "prog_size": 16,
            "cache_size": 4096, "lookahead_size": 1024, "block_cycles": 500}  # fmt: skip
ROUNDS = 3


def timed(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def fill(fs, folder, mode):
    data = b"x" * SMALL if "b" in mode else "x" * SMALL
    for number in range(FILES):
        with fs.open(f"{folder}/file{number:05}", mode) as file:
            file.write(data)


def read_all(fs, folder):
    for number in range(FILES):
        with fs.open(f"{folder}/file{number:05}", "rb") as file:
            file.read()


def put(fs, data):
    with fs.open("big", "wb") as file:
        file.write(data)


def get(fs):
    with fs.open("big", "rb") as file:
        file.read()


def measure():
    data = bytes(range(256)) * (BULK // 256)
    found = {"LittleFS() over 32 MiB": timed(lambda: LittleFS(**SETTINGS))}
    fs = LittleFS(**SETTINGS)
    fs.mkdir("binary")
    fs.mkdir("text")
    found["open wb, write 100, close"] = timed(lambda: fill(fs, "binary", "wb")) / FILES
    found["open w, write 100, close"] = timed(lambda: fill(fs, "text", "w")) / FILES
    found["open rb, read, close"] = timed(lambda: read_all(fs, "binary")) / FILES
    found["listdir of 2000"] = timed(lambda: fs.listdir("binary"))
    found["walk over 4000"] = timed(lambda: list(fs.walk("/")))
    found["write 16 MiB"] = timed(lambda: put(fs, data))
    found["read 16 MiB"] = timed(lambda: get(fs))
    return found


def main():
    rounds = [measure() for _ in range(ROUNDS)]
    for name in rounds[0]:
        print(f"{min(found[name] for found in rounds):.9f} {name}")


main()
