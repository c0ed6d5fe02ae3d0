# SPDX-License-Identifier: MIT
"""Changes the volume of a device through a context of its own.

    device_tool.py build FOLDER IMAGE | unpack IMAGE FOLDER
"""

import sys
from datetime import datetime, timezone
from pathlib import Path

from littlefs import LittleFS, LittleFSError


class Device:
    """Flash behind a wire, as tools for handhelds have it."""

    def __init__(self, flash):
        self.flash = bytearray(flash)

    def read(self, cfg, block, off, size):
        at = block * cfg.block_size + off
        return bytes(self.flash[at : at + size])

    def prog(self, cfg, block, off, data):
        at = block * cfg.block_size + off
        self.flash[at : at + len(data)] = data
        return 0

    def erase(self, cfg, block):
        at = block * cfg.block_size
        self.flash[at : at + cfg.block_size] = b"\xff" * cfg.block_size
        return 0

    def sync(self, cfg):
        return 0


def show(fs, path, level=0):
    for entry in fs.scandir(path):
        full = f"{path}/{entry.name}".replace("//", "/")
        try:
            time = int.from_bytes(fs.getattr(full, "t"), "little")
            stamp = datetime.fromtimestamp(time, timezone.utc).isoformat()
        except LittleFSError as error:
            stamp = f"({error.name})"
        size = entry.size if entry.type == 1 else "dir"
        print("  " * level + entry.name, size, stamp)
        if entry.type == 2:
            show(fs, full, level + 1)


def tolerant(call, *args, **kwargs):
    try:
        print(getattr(call, "__name__", call), call(*args, **kwargs))
    except (LittleFSError, OSError) as error:
        print(getattr(call, "__name__", call), type(error).__name__, error)


def build(source, image):
    device = Device(b"\xff" * 4096 * 100)
    fs = LittleFS(context=device, block_size=4096, block_count=100, cache_size=1024,
                  read_size=1, prog_size=1, lookahead_size=16, mount=False)  # fmt: skip
    fs.format()
    fs.mount()
    for path in sorted(Path(source).rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_dir():
            fs.makedirs(name)
            continue
        with fs.open(name, "wb") as f:
            data = path.read_bytes()
            while data:
                data = data[f.write(data[:777]) :]
        fs.setattr(name, "t", (1600000000).to_bytes(4, "little"))
    tolerant(fs.remove, "nope")
    tolerant(fs.rmdir, "nope/")
    tolerant(fs.mkdir, "a/b/c")
    tolerant(fs.rename, "nope", "other")
    tolerant(fs.listdir, "nope")
    tolerant(fs.getattr, "/", "t")
    tolerant(fs.remove, "/", recursive=True)
    fs.makedirs("saves/game/slot")
    with fs.open("saves/game/slot/1", "xb") as f:
        f.write(b"state" * 1000)
    with fs.open("saves/game/slot/1", "r+b") as f:
        f.seek(100)
        f.write(b"changed")
        f.seek(0, 2)
        print(f.tell())
    fs.rename("saves/game", "saves/other")
    tolerant(fs.remove, "saves")
    fs.makedirs("gone/1/2")
    fs.remove("gone", recursive=True)
    show(fs, "/")
    Path(image).write_bytes(device.flash)


def unpack(image, target):
    fs = LittleFS(Device(Path(image).read_bytes()), block_size=4096, block_count=0)
    print(fs.block_count)
    show(fs, "/")
    for root, _, files in fs.walk("/"):
        folder = Path(target + root)
        folder.mkdir(exist_ok=True)
        for name in files:
            with fs.open(root + "/" + name, "rb") as f:
                (folder / name).write_bytes(f.read(100_000))


{"build": build, "unpack": unpack}[sys.argv[1]](*sys.argv[2:])
