# SPDX-License-Identifier: MIT
"""Makes an image with a MicroPython program, and reads one back.

    micropython_image.py build FOLDER IMAGE | unpack IMAGE FOLDER
"""

import sys
from pathlib import Path

from littlefs import LittleFS, UserContext

SETTINGS = {"block_size": 4096, "block_count": 128, "prog_size": 256, "read_size": 256,
            "lookahead_size": 32, "disk_version": 0x00020000}  # fmt: skip


def build(source, image):
    fs = LittleFS(**SETTINGS)
    try:
        fs.mkdir("lib")
        fs.mkdir("lib")
    except FileExistsError as error:
        print(error)
    for path in sorted(Path(source).rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_dir():
            fs.makedirs(name, exist_ok=True)
        else:
            with fs.open(name, "wb") as f:
                print(name, f.write(path.read_bytes()))
    with fs.open("boot.py", "w", encoding="utf-8") as f:
        f.write("# boot\nprint('grüß dich')\n")
    with fs.open("main.py", "w") as f:
        f.writelines(f"x{i} = {i}\n" for i in range(500))
    with fs.open("main.py", "r+") as f:
        print(repr(f.readline()), repr(f.readline()))
    print(hex(fs.fs_stat().disk_version), fs.listdir("/"))
    Path(image).write_bytes(fs.context.buffer)


def unpack(image, target):
    context = UserContext(buffer=bytearray(Path(image).read_bytes()))
    fs = LittleFS(context, **SETTINGS)
    for root, dirs, files in fs.walk("."):
        print(root, dirs, files)
        (Path(target) / root).mkdir(exist_ok=True)
        for name in files:
            with fs.open(f"{root}/{name}", "rb") as f:
                (Path(target) / root / name).write_bytes(f.read())
    with fs.open("boot.py", encoding="utf-8") as f:
        print([line.rstrip() for line in f])


{"build": build, "unpack": unpack}[sys.argv[1]](*sys.argv[2:])
