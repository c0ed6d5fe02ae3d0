# SPDX-License-Identifier: MIT
"""The exception of littlefs."""

import errno
from enum import IntEnum
from typing import Any, Dict, Optional, Tuple, Union


class LittleFSError(Exception):
    """What littlefs returned: a negative number.

    `code` is that number, `name` its name in lfs.h, `errno` that of the module errno
    for the same. `detail` says in a line what was wrong and where, if that is known;
    `filename` is the path that the call was about, if it was about one (of two the
    first), as str or bytes.

    >>> try:
    ...     fs.stat("/missing")
    ... except littlefs.LittleFSError as error:
    ...     error.name, error.errno == errno.ENOENT, error.filename
    ('LFS_ERR_NOENT', True, '/missing')
    """

    class Error(IntEnum):
        """The numbers of lfs.h."""

        LFS_ERR_OK = 0
        LFS_ERR_IO = -5
        LFS_ERR_CORRUPT = -84
        LFS_ERR_NOENT = -2
        LFS_ERR_EXIST = -17
        LFS_ERR_NOTDIR = -20
        LFS_ERR_ISDIR = -21
        LFS_ERR_NOTEMPTY = -39
        LFS_ERR_BADF = -9
        LFS_ERR_FBIG = -27
        LFS_ERR_INVAL = -22
        LFS_ERR_NOSPC = -28
        LFS_ERR_NOMEM = -12
        LFS_ERR_NOATTR = -61
        LFS_ERR_NAMETOOLONG = -36

    def __init__(
        self,
        code: int,
        detail: Optional[str] = None,
        filename: Union[str, bytes, None] = None,
    ) -> None:
        super().__init__()
        self.code = code
        self.detail = detail
        self.filename = filename
        if detail is not None and hasattr(self, "add_note"):
            self.add_note(detail)  # tracebacks show it

    @property
    def name(self) -> str:
        """The name in lfs.h, or ERR_UNKNOWN."""
        try:
            return self.Error(self.code).name
        except ValueError:
            return "ERR_UNKNOWN"

    @property
    def errno(self) -> Optional[int]:
        """The positive number of the module errno, or None if there is none."""
        return _ERRNO.get(self.code)

    def __reduce__(self) -> Tuple[Any, ...]:
        # args is empty, as littlefs-python has it: the base class would lose the code.
        return type(self), (self.code,), self.__dict__

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.code})>"

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.code}: {self.name}"


_ERRNO: Dict[int, int] = {
    LittleFSError.Error.LFS_ERR_IO: errno.EIO,
    LittleFSError.Error.LFS_ERR_CORRUPT: errno.EILSEQ,
    LittleFSError.Error.LFS_ERR_NOENT: errno.ENOENT,
    LittleFSError.Error.LFS_ERR_EXIST: errno.EEXIST,
    LittleFSError.Error.LFS_ERR_NOTDIR: errno.ENOTDIR,
    LittleFSError.Error.LFS_ERR_ISDIR: errno.EISDIR,
    LittleFSError.Error.LFS_ERR_NOTEMPTY: errno.ENOTEMPTY,
    LittleFSError.Error.LFS_ERR_BADF: errno.EBADF,
    LittleFSError.Error.LFS_ERR_FBIG: errno.EFBIG,
    LittleFSError.Error.LFS_ERR_INVAL: errno.EINVAL,
    LittleFSError.Error.LFS_ERR_NOSPC: errno.ENOSPC,
    LittleFSError.Error.LFS_ERR_NOMEM: errno.ENOMEM,
    LittleFSError.Error.LFS_ERR_NOATTR: errno.ENODATA,
    LittleFSError.Error.LFS_ERR_NAMETOOLONG: errno.ENAMETOOLONG,
}
