# SPDX-License-Identifier: MIT
"""The builtin exceptions that some of littlefs's codes become.

They are what Python raises for files of the host, with ``errno`` and
``filename``, and they name littlefs's code in their text. ``__cause__`` is the
LittleFSError.
"""

import builtins
import errno
import os
from typing import NoReturn, Union

from .errors import LittleFSError

StrPath = Union[str, "os.PathLike[str]"]
BytesPath = Union[bytes, "os.PathLike[bytes]"]
AnyPath = Union[StrPath, BytesPath]

_Error = LittleFSError.Error


class Worded(OSError):
    """An OSError whose text is its message and path alone."""

    def __str__(self) -> str:
        is_raw = isinstance(self.filename, bytes)
        path = repr(self.filename) if is_raw else f"'{self.filename}'"
        return f"{self.strerror}: {path}."


class FileNotFoundError(Worded, builtins.FileNotFoundError):
    """The builtin one, in littlefs's words."""


class FileExistsError(Worded, builtins.FileExistsError):
    """The builtin one, in littlefs's words."""


class IsADirectoryError(Worded, builtins.IsADirectoryError):
    """The builtin one, in littlefs's words."""


_KINDS = {
    _Error.LFS_ERR_NOENT: (FileNotFoundError, errno.ENOENT, "No such file or directory"),
    _Error.LFS_ERR_EXIST: (
        FileExistsError,
        errno.EEXIST,
        "Cannot create a file when that file already exists",
    ),
    _Error.LFS_ERR_ISDIR: (IsADirectoryError, errno.EISDIR, "Is a directory"),
}

#: The codes that become builtin exceptions, by what was to be done.
OPENING = (_Error.LFS_ERR_NOENT, _Error.LFS_ERR_ISDIR, _Error.LFS_ERR_EXIST)
EXISTING = (_Error.LFS_ERR_EXIST,)
MISSING = (_Error.LFS_ERR_NOENT,)


def reraise(error: LittleFSError, path: AnyPath, codes: "tuple[_Error, ...]") -> NoReturn:
    """Raises the builtin exception if the error's code is one of ``codes``, else the error."""
    if error.code not in codes:
        raise error
    kind, number, text = _KINDS[_Error(error.code)]
    raise kind(number, f"[LittleFSError {error.code}] {text}", os.fspath(path)) from error
