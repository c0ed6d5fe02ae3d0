# SPDX-License-Identifier: MIT
"""Directories of a volume, each alone and with all that is below it.

Nothing here recurses, and every walk ends, whatever the volume says: one of n
blocks has no more than n / 2 directories, so who meets more goes in a circle.
"""

import contextlib
import os
from typing import AnyStr, Callable, Iterator, List, Tuple, Union

from . import lfs
from ._oserrors import EXISTING, MISSING, AnyPath, Worded, reraise
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

    def meet(self, path: Union[str, bytes]) -> None:
        self._met += 1
        if self._met > max(self._fs.block_count // 2, 1):
            raise LittleFSError(_Error.LFS_ERR_CORRUPT, "directories contain each other", path)


def raw(path: AnyPath, encoding: str) -> bytes:
    """The path as the volume has it; ValueError if no driver could take it."""
    path = os.fspath(path)
    stored = path.encode(encoding) if isinstance(path, str) else path
    if b"\0" in stored:
        raise ValueError("embedded null character in a path")
    return stored


@contextlib.contextmanager
def naming(given: AnyPath, encoding: str) -> Iterator[None]:
    """Errors name paths as text where that is what was given, though raw ones are used."""
    try:
        yield
    except (LittleFSError, Worded) as error:
        stored = error.filename
        if isinstance(stored, bytes) and isinstance(os.fspath(given), str):
            with contextlib.suppress(UnicodeError):
                error.filename = stored.decode(encoding)
        raise


def _slash(path: AnyStr) -> AnyStr:
    return "/" if isinstance(path, str) else b"/"


def join(folder: AnyStr, name: AnyStr) -> AnyStr:
    """With one slash between them, as littlefs-python makes the paths of a walk."""
    slash = _slash(folder)
    return (folder + slash + name).replace(slash + slash, slash)


def entries(fs: LFSFilesystem, path: AnyPath, encoding: str) -> Iterator[LFSStat]:
    """What is in a directory but for ``.`` and ``..``, in the volume's order.

    They are those of the first step, whatever is made or removed after it.
    """
    for stat in _scandir(fs, path, encoding):
        if stat.name not in DOTS:
            yield stat


def raw_entries(fs: LFSFilesystem, path: bytes) -> Iterator[Tuple[bytes, bool]]:
    """Of each entry its name as the volume has it, and whether it is a directory."""
    for stat in entries(fs, path, RAW):
        yield stat.name.encode(RAW), stat.type == LFSStat.TYPE_DIR


def walk(fs: LFSFilesystem, top: str, encoding: str) -> "Iterator[Step[str]]":
    """Of each directory from ``top`` down its path and the names of what is in it.

    Names that the caller takes out of the list of directories are not entered.
    """

    def look(path: str) -> Iterator[Tuple[str, bool]]:
        for stat in entries(fs, path, encoding):
            yield stat.name, stat.type == LFSStat.TYPE_DIR

    return _walk(fs, top, look)


def walk_bytes(fs: LFSFilesystem, top: bytes) -> "Iterator[Step[bytes]]":
    """The same with names and paths as they are stored."""
    return _walk(fs, top, lambda path: raw_entries(fs, path))


def _walk(
    fs: LFSFilesystem, top: AnyStr, look: Callable[[AnyStr], Iterator[Tuple[AnyStr, bool]]]
) -> "Iterator[Step[AnyStr]]":
    bound = Bound(fs)
    todo = [top]
    while todo:
        root = todo.pop()
        bound.meet(root)
        dirs: List[AnyStr] = []
        files: List[AnyStr] = []
        for name, is_dir in look(root):
            (dirs if is_dir else files).append(name)
        yield root, dirs, files
        todo.extend(join(root, name) for name in reversed(dirs))


def make(fs: LFSFilesystem, path: AnyPath, encoding: str) -> int:
    """Makes a directory."""
    try:
        return lfs.mkdir(fs, path, encoding)
    except LittleFSError as error:
        reraise(error, path, EXISTING)


def make_all(fs: LFSFilesystem, path: AnyPath, encoding: str, exist_ok: bool) -> None:
    """Makes a directory and those above it that are missing."""
    parts = [part for part in raw(path, encoding).split(b"/") if part]
    with naming(path, encoding):
        for count in range(1, len(parts) + 1):
            is_last = count == len(parts)
            _make_part(fs, b"/" + b"/".join(parts[:count]), exist_ok or not is_last, is_last)


def _make_part(fs: LFSFilesystem, path: bytes, exist_ok: bool, is_last: bool) -> None:
    try:
        make(fs, path, RAW)
    except FileExistsError:
        if not exist_ok or (is_last and lfs.stat(fs, path, RAW).type != LFSStat.TYPE_DIR):
            raise


def _contents(fs: LFSFilesystem, top: bytes) -> List[bytes]:
    """All that is below a directory and itself, each after what is in it."""
    bound = Bound(fs)
    found: List[bytes] = []
    todo = [(top, True)]
    while todo:
        path, is_dir = todo.pop()
        found.append(path)
        if is_dir:
            bound.meet(path)
            todo.extend((join(path, name), is_inner) for name, is_inner in raw_entries(fs, path))
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
        with naming(path, encoding):
            for inner in _contents(fs, raw(path, encoding)):
                lfs.remove(fs, inner)


def _plain_parts(path: bytes) -> List[bytes]:
    """The names of a path without ``.``, and without ``..`` and what it takes back."""
    parts: List[bytes] = []
    for part in path.split(b"/"):
        if part == b"..":
            del parts[-1:]
        elif part not in (b"", b"."):
            parts.append(part)
    return parts


def remove_with_parents(fs: LFSFilesystem, path: AnyPath, encoding: str) -> None:
    """Removes an entry and the directories above it, up to the first that is not empty.

    The path that is empty is nothing to remove, as littlefs-python has it.
    """
    if not os.fspath(path):
        return
    parents = _plain_parts(raw(path, encoding))[:-1]
    try:
        remove(fs, path, encoding)
        with naming(path, encoding):
            for count in range(len(parents), 0, -1):
                lfs.remove(fs, b"/" + b"/".join(parents[:count]))
    except LittleFSError as error:
        if error.code != _Error.LFS_ERR_NOTEMPTY:
            raise
