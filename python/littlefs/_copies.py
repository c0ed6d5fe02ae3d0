# SPDX-License-Identifier: MIT
"""Trees of files between the host and a volume."""

import errno
import os
import secrets
from typing import FrozenSet, Tuple

from . import lfs
from ._file import EVERYTHING
from ._oserrors import MISSING, OPENING, AnyPath, reraise
from ._trees import RAW, Bound, entries, join, make_all, raw
from .errors import LittleFSError
from .lfs import LFSFileFlag, LFSFilesystem, LFSStat

_REPLACE = LFSFileFlag.wronly | LFSFileFlag.creat | LFSFileFlag.trunc

_Identity = Tuple[int, int]

# --- from the host -----------------------------------------------------------------


def _file_in(fs: LFSFilesystem, host: str, path: str) -> None:
    """The whole file is read first, so a host that fails leaves the volume as it is."""
    with open(host, "rb") as source:
        data = source.read()
    try:
        handle = lfs.file_open(fs, path, _REPLACE, RAW)
    except LittleFSError as error:
        reraise(error, path.encode(RAW), OPENING)
    try:
        lfs.file_write(fs, handle, data)
    finally:
        lfs.file_close(fs, handle)


def _enter(host: str, above: "FrozenSet[_Identity]") -> "FrozenSet[_Identity]":
    """The directories above what is in ``host``."""
    found = os.stat(host)
    identity = (found.st_dev, found.st_ino)
    if identity in above:
        raise OSError(errno.ELOOP, "A link leads back to a directory above it", host)
    return above | {identity}


def copy_in(fs: LFSFilesystem, host: AnyPath, path: AnyPath, encoding: str) -> None:
    """`LittleFS.copy_in`."""
    source, target = os.fsdecode(host), raw(path, encoding)
    if not os.path.isdir(source):
        _file_in(fs, source, target)
        return
    nothing: FrozenSet[_Identity] = frozenset()
    todo = [(source, target, nothing)]
    while todo:
        folder, target, above = todo.pop()
        above = _enter(folder, above)
        make_all(fs, target, RAW, exist_ok=True)
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            inner = join(target, raw(entry.name, encoding))
            if entry.is_dir():
                todo.append((entry.path, inner, above))
            elif entry.is_file():
                _file_in(fs, entry.path, inner)
            else:
                raise OSError(errno.EINVAL, "Neither a file nor a directory", entry.path)


# --- to the host ----------------------------------------------------------------------


def _host_name(name: str, folder: str, encoding: str) -> str:
    """The name of a file of the host; one that would lead elsewhere is refused."""
    text = name.encode(RAW).decode(encoding)
    if text in ("", os.curdir, os.pardir) or any(c and c in text for c in (os.sep, os.altsep, "\0")):
        raise LittleFSError(
            LittleFSError.Error.LFS_ERR_INVAL,
            f"{text!r} in {folder.encode(RAW).decode(encoding)!r} is no name for a file of the host",
        )
    return text


def _file_out(fs: LFSFilesystem, path: str, host: str) -> None:
    """Writes another file and renames it, so that there is a whole one or what was there."""
    handle = lfs.file_open(fs, path, LFSFileFlag.rdonly, RAW)
    try:
        data = lfs.file_read(fs, handle, EVERYTHING)
    finally:
        lfs.file_close(fs, handle)
    temporary = os.path.join(os.path.dirname(host), f".littlefs-{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb") as out:
            out.write(data)
        os.replace(temporary, host)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def _make_folder(host: str) -> None:
    if os.path.islink(host):
        raise NotADirectoryError(errno.ENOTDIR, "A symbolic link, which is not followed", host)
    os.makedirs(host, exist_ok=True)


def copy_out(fs: LFSFilesystem, path: AnyPath, host: AnyPath, encoding: str) -> None:
    """`LittleFS.copy_out`."""
    source, target = raw(path, encoding), os.fsdecode(host)
    try:
        top = lfs.stat(fs, source, RAW)
    except LittleFSError as error:
        reraise(error, path, MISSING)
    if top.type != LFSStat.TYPE_DIR:
        os.makedirs(os.path.dirname(target) or os.curdir, exist_ok=True)
        _file_out(fs, source, target)
        return
    os.makedirs(target, exist_ok=True)
    bound = Bound(fs)
    todo = [(source, target)]
    while todo:
        folder, target = todo.pop()
        bound.meet()
        for stat in entries(fs, folder, RAW):
            inner = join(folder, stat.name)
            place = os.path.join(target, _host_name(stat.name, folder, encoding))
            if stat.type == LFSStat.TYPE_DIR:
                _make_folder(place)
                todo.append((inner, place))
            else:
                _file_out(fs, inner, place)
