# SPDX-License-Identifier: MIT
"""littlefs volumes and images: made, read, changed and checked.

`LittleFS` is a volume with methods like those of the module os, `FileHandle`
one of its files; `littlefs.lfs` has littlefs's own functions under its names.
`build` makes the image of a tree of files in one pass, `check` says what is
wrong with an image. The names in ``__all__`` are those of littlefs-python 0.19, in whose place this
package can be used.

>>> import littlefs
>>> with littlefs.LittleFS(block_size=4096, block_count=16) as fs:
...     with fs.open("hello.txt", "w") as file:
...         _ = file.write("Hello")
...     image = bytes(fs.context.buffer)
>>> littlefs.check(image)
[]
"""

from . import errors, lfs
from ._file import FileHandle
from ._images import Finding as Finding
from ._images import build as build
from ._images import check as check
from ._volume import LittleFS
from .context import UserContext, UserContextFile, UserContextWinDisk
from .errors import LittleFSError
from .lfs import (
    LFSConfig,
    LFSDirectory,
    LFSFile,
    LFSFileFlag,
    LFSFilesystem,
    LFSFSStat,
    LFSStat,
    __LFS_DISK_VERSION__,
    __LFS_VERSION__,
)

__version__: str = lfs._VERSION

__all__ = [
    "FileHandle",
    "LFSConfig",
    "LFSDirectory",
    "LFSFSStat",
    "LFSFile",
    "LFSFileFlag",
    "LFSFilesystem",
    "LFSStat",
    "LittleFS",
    "LittleFSError",
    "UserContext",
    "UserContextFile",
    "UserContextWinDisk",
    "__LFS_DISK_VERSION__",
    "__LFS_VERSION__",
    "errors",
    "lfs",
]
