# SPDX-License-Identifier: MIT
"""Makes and unpacks the image of a folder as build platforms for ESP32 do.

    platformio_builder.py build FOLDER IMAGE | unpack IMAGE FOLDER
"""

import os
import sys
from pathlib import Path

from littlefs import LittleFS

BLOCK_SIZE, BLOCK_COUNT = 4096, 64
SETTINGS = {
    "block_size": BLOCK_SIZE, "block_count": BLOCK_COUNT, "read_size": 1, "prog_size": 1,
    "cache_size": BLOCK_SIZE, "lookahead_size": 32, "block_cycles": 500, "name_max": 64,
    "disk_version": (2 << 16) | 1,
}  # fmt: skip


def build(source, image):
    fs = LittleFS(**SETTINGS, mount=True)
    for folder, dirs, files in os.walk(source):
        dirs.sort()
        for name in sorted(dirs):
            rel = (Path(folder) / name).relative_to(source).as_posix()
            fs.makedirs(rel, exist_ok=True)
            fs.setattr(rel, "t", (1700000000).to_bytes(4, "little"))
        for name in sorted(files):
            path = Path(folder) / name
            rel = path.relative_to(source).as_posix()
            if "/" in rel:
                fs.makedirs(rel.rsplit("/", 1)[0], exist_ok=True)
            with fs.open(rel, "wb") as f:
                f.write(path.read_bytes())
            fs.setattr(rel, "t", (1700000000 + len(rel)).to_bytes(4, "little"))
            print("added", rel, fs.stat(rel).size)
    with open(image, "wb") as out:
        out.write(fs.context.buffer)
    print("used", fs.used_block_count, "of", fs.block_count)


def unpack(image, target):
    fs = LittleFS(**SETTINGS, mount=False)
    fs.context.buffer = bytearray(Path(image).read_bytes())
    fs.mount()
    for root, dirs, files in fs.walk("/"):
        print(root, dirs, files)
        for name in dirs:
            (Path(target) / root.lstrip("/") / name).mkdir(parents=True)
        for name in files:
            path = f"{root}/{name}".replace("//", "/")
            with fs.open(path, "rb") as f:
                data = f.read()
            (Path(target) / path.lstrip("/")).write_bytes(data)
            print(path, len(data), fs.getattr(path, "t").hex())


{"build": build, "unpack": unpack}[sys.argv[1]](*sys.argv[2:])
