# SPDX-License-Identifier: MIT
"""Directories of a volume, each alone and with all that is below it.

Nothing here recurses, and every walk ends, whatever the volume says: one of n
blocks has no more than n / 2 directories, so who meets more goes in a circle.
"""

import os
from typing import AnyStr, Iterator, List, Tuple

from . import lfs
from ._oserrors import EXISTING, MISSING, AnyPath, reraise
from .errors import LittleFSError
from .lfs import LFSFilesystem, LFSStat, _scandir

_Error = LittleFSError.Error

#: An encoding that has a character for each byte: with it any name can be handled.
RAW = "latin-1"

#: No driver stores these names, and as part of a path they lead elsewhere.
DOTS = (".", "..")

Step = Tuple[AnyStr, List[AnyStr], List[AnyStr]]


class Bound:
    """Raises CORRUPT when more directories are met than the volume has room for."""

    def __init__(self, fs: LFSFilesystem) -> None:
        self._fs = fs
        self._met = 0

    def meet(self) -> None:
        self._met += 1
        if self._met > max(self._fs.block_count // 2, 1):
            raise LittleFSError(_Error.LFS_ERR_CORRUPT, "directories contain each other")


def as_text(path: AnyPath, encoding: str) -> Tuple[str, str]:
    """The path as text, and the encoding that it is in then."""
    path = os.fspath(path)
    return (path, encoding) if isinstance(path, str) else (path.decode(RAW), RAW)


def raw(path: AnyPath, encoding: str) -> str:
    """The bytes that the volume has for the path, as text in the encoding RAW."""
    path = os.fspath(path)
    return (path.encode(encoding) if isinstance(path, str) else path).decode(RAW)


def join(folder: str, name: str) -> str:
    return folder + name if folder.endswith("/") else f"{folder}/{name}"


def entries(fs: LFSFilesystem, path: AnyPath, encoding: str) -> Iterator[LFSStat]:
    """What is in a directory but for ``.`` and ``..``, in the volume's order.

    They are those of the first step, whatever is made or removed after it.
    """
    for stat in _scandir(fs, path, encoding):
        if stat.name not in DOTS:
            yield stat


def walk(fs: LFSFilesystem, top: str, encoding: str) -> "Iterator[Step[str]]":
    """Of each directory from ``top`` down its path and the names of what is in it.

    Names that the caller takes out of the list of directories are not entered.
    """
    bound = Bound(fs)
    todo = [top]
    while todo:
        root = todo.pop()
        bound.meet()
        dirs: List[str] = []
        files: List[str] = []
        for stat in entries(fs, root, encoding):
            (dirs if stat.type == LFSStat.TYPE_DIR else files).append(stat.name)
        yield root, dirs, files
        todo.extend(join(root, name) for name in reversed(dirs))


def walk_bytes(fs: LFSFilesystem, top: bytes) -> "Iterator[Step[bytes]]":
    """The same with names and paths as they are stored."""
    for root, dirs, files in walk(fs, top.decode(RAW), RAW):
        inner = [name.encode(RAW) for name in dirs]
        yield root.encode(RAW), inner, [name.encode(RAW) for name in files]
        dirs[:] = [name.decode(RAW) for name in inner]


def make(fs: LFSFilesystem, path: AnyPath, encoding: str) -> int:
    """Makes a directory."""
    try:
        return lfs.mkdir(fs, path, encoding)
    except LittleFSError as error:
        reraise(error, path, EXISTING)


def make_all(fs: LFSFilesystem, path: AnyPath, encoding: str, exist_ok: bool) -> None:
    """Makes a directory and those above it that are missing."""
    text, encoding = as_text(path, encoding)
    parts = [part for part in text.split("/") if part]
    for count in range(1, len(parts) + 1):
        partial = "/" + "/".join(parts[:count])
        try:
            make(fs, partial, encoding)
        except FileExistsError:
            if count < len(parts):
                continue
            if not exist_ok or lfs.stat(fs, partial, encoding).type != LFSStat.TYPE_DIR:
                raise


def _contents(fs: LFSFilesystem, top: str) -> List[str]:
    """All that is below a directory and itself, each after what is in it; raw paths."""
    bound = Bound(fs)
    found: List[str] = []
    todo = [(top, True)]
    while todo:
        path, is_dir = todo.pop()
        found.append(path)
        if is_dir:
            bound.meet()
            for stat in entries(fs, path, RAW):
                todo.append((join(path, stat.name), stat.type == LFSStat.TYPE_DIR))
    found.reverse()
    return found


def remove(fs: LFSFilesystem, path: AnyPath, encoding: str, recursive: bool = False) -> None:
    """Removes an entry; one with content if ``recursive`` is true.

    All of the content is looked at before any of it is removed, so a volume
    whose directories contain each other stays as it is.
    """
    try:
        lfs.remove(fs, path, encoding)
    except LittleFSError as error:
        if not recursive or error.code != _Error.LFS_ERR_NOTEMPTY:
            reraise(error, path, MISSING)
        for inner in _contents(fs, raw(path, encoding)):
            lfs.remove(fs, inner, RAW)


def _plain_parts(path: str) -> List[str]:
    """The names of a path without ``.``, and without ``..`` and what it takes back."""
    parts: List[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return parts


def remove_with_parents(fs: LFSFilesystem, path: AnyPath, encoding: str) -> None:
    """Removes an entry, then the directories above it as long as they are empty."""
    remove(fs, path, encoding)
    parents = _plain_parts(raw(path, encoding))[:-1]
    while parents:
        try:
            lfs.remove(fs, "/" + "/".join(parents), RAW)
        except LittleFSError as error:
            if error.code != _Error.LFS_ERR_NOTEMPTY:
                raise
            return
        parents.pop()
