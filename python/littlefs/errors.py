# SPDX-License-Identifier: MIT
"""The exception of littlefs."""

from enum import IntEnum
from typing import Any, Optional, Tuple


class LittleFSError(Exception):
    """What littlefs returned: a negative number.

    `code` is that number, `name` its name in lfs.h. `detail` says in a line what
    was wrong and where, if that is known.
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

    def __init__(self, code: int, detail: Optional[str] = None) -> None:
        super().__init__()
        self.code = code
        self.detail = detail
        if detail is not None and hasattr(self, "add_note"):
            self.add_note(detail)  # tracebacks show it

    @property
    def name(self) -> str:
        """The name in lfs.h, or ERR_UNKNOWN."""
        try:
            return self.Error(self.code).name
        except ValueError:
            return "ERR_UNKNOWN"

    def __reduce__(self) -> Tuple[Any, ...]:
        # args is empty, as littlefs-python has it: the base class would lose the code.
        return type(self), (self.code,), self.__dict__

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.code})>"

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.code}: {self.name}"
