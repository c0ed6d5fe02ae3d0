# SPDX-License-Identifier: MIT
"""The values that littlefs.lfs returns. Import them from there."""

from enum import IntFlag
from typing import NamedTuple


class _Stat(NamedTuple):
    type: int  # TYPE_REG or TYPE_DIR
    size: int  # bytes; 0 for a directory
    name: str


# Type checkers take what else stands in a NamedTuple for fields.
class LFSStat(_Stat):
    """What is told of a file or a directory."""

    __slots__ = ()
    __module__ = "littlefs.lfs"

    TYPE_REG = 1
    TYPE_DIR = 2


class LFSFSStat(NamedTuple):
    """What is told of a volume; the limits are bytes."""

    disk_version: int  # major << 16 | minor
    name_max: int
    file_max: int
    attr_max: int
    block_count: int
    block_size: int  # bytes


LFSFSStat.__module__ = "littlefs.lfs"


class LFSFileFlag(IntFlag):
    """How a file is opened. Other bits are littlefs's own; they are kept."""

    __module__ = "littlefs.lfs"

    rdonly = 0x0001
    wronly = 0x0002
    rdwr = 0x0003
    creat = 0x0100  # make it if it is not there
    excl = 0x0200  # fail if it is
    trunc = 0x0400  # start empty
    append = 0x0800  # write at the end
