# SPDX-License-Identifier: MIT
"""Trees of files between the host and a volume."""

import contextlib
import errno
import os
import secrets
from typing import FrozenSet, Tuple

from . import lfs
from ._file import EVERYTHING
from ._oserrors import MISSING, OPENING, AnyPath, reraise
from ._trees import RAW, Bound, join, make_all, naming, raw, raw_entries
from .errors import LittleFSError
from .lfs import LFSFileFlag, LFSFilesystem, LFSStat

_REPLACE = LFSFileFlag.wronly | LFSFileFlag.creat | LFSFileFlag.trunc

_Identity = Tuple[int, int]

# --- from the host -----------------------------------------------------------------


def _is_there(fs: LFSFilesystem, path: bytes) -> bool:
    try:
        lfs.stat(fs, path, RAW)
    except LittleFSError as error:
        if error.code != LittleFSError.Error.LFS_ERR_NOENT:
            raise
        return False
    return True


def _store(fs: LFSFilesystem, path: bytes, data: bytes) -> None:
    handle = lfs.file_open(fs, path, _REPLACE)
    try:
        lfs.file_write(fs, handle, data)
    finally:
        lfs.file_close(fs, handle)


def _file_in(fs: LFSFilesystem, host: str, path: bytes) -> None:
    """The whole file is read first, so a host that fails leaves the volume as it is.

    Opening a new file makes an empty one, which does not stay if the rest fails.
    """
    with open(host, "rb") as source:
        data = source.read()
    is_new = not _is_there(fs, path)
    try:
        _store(fs, path, data)
    except BaseException as error:
        if is_new:
            with contextlib.suppress(Exception):
                lfs.remove(fs, path)
        if not isinstance(error, LittleFSError):
            raise
        error.filename = path
        reraise(error, path, OPENING)


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
    with naming(path, encoding):
        if os.path.isdir(source):
            _folder_in(fs, source, target, encoding)
        else:
            _file_in(fs, source, target)


def _folder_in(fs: LFSFilesystem, folder: str, target: bytes, encoding: str) -> None:
    nothing: FrozenSet[_Identity] = frozenset()
    todo = [(folder, target, nothing)]
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


def _host_name(name: bytes, folder: bytes, encoding: str) -> str:
    """The name of a file of the host; one that would lead elsewhere is refused."""
    text = name.decode(encoding)
    if text in ("", os.curdir, os.pardir) or any(c and c in text for c in (os.sep, os.altsep, "\0")):
        raise LittleFSError(
            LittleFSError.Error.LFS_ERR_INVAL,
            f"{text!r} in {folder.decode(encoding)!r} is no name for a file of the host",
            join(folder, name),
        )
    return text


def _file_out(fs: LFSFilesystem, path: bytes, host: str) -> None:
    """Writes another file and renames it, so that there is a whole one or what was there."""
    handle = lfs.file_open(fs, path, LFSFileFlag.rdonly)
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
    with naming(path, encoding):
        try:
            top = lfs.stat(fs, source, RAW)
        except LittleFSError as error:
            reraise(error, path, MISSING)
        if top.type == LFSStat.TYPE_DIR:
            _folder_out(fs, source, target, encoding)
        else:
            os.makedirs(os.path.dirname(target) or os.curdir, exist_ok=True)
            _file_out(fs, source, target)


def _folder_out(fs: LFSFilesystem, folder: bytes, target: str, encoding: str) -> None:
    os.makedirs(target, exist_ok=True)
    bound = Bound(fs)
    todo = [(folder, target)]
    while todo:
        folder, target = todo.pop()
        bound.meet(folder)
        for name, is_dir in raw_entries(fs, folder):
            inner = join(folder, name)
            place = os.path.join(target, _host_name(name, folder, encoding))
            if is_dir:
                _make_folder(place)
                todo.append((inner, place))
            else:
                _file_out(fs, inner, place)
