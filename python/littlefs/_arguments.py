# SPDX-License-Identifier: MIT
"""Arguments that are of another type than they should be: a TypeError names them.

What littlefs.lfs takes under the same name is checked there.
"""

import operator
import os
from typing import TYPE_CHECKING, NoReturn, Union

from ._oserrors import AnyPath

if TYPE_CHECKING:
    from typing_extensions import SupportsIndex


def refuse(value: object, name: str, wanted: str) -> NoReturn:
    raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}") from None


def as_path(value: AnyPath, name: str) -> Union[str, bytes]:
    """What os.fspath makes of it."""
    try:
        return os.fspath(value)
    except TypeError:
        if hasattr(type(value), "__fspath__"):
            raise
        refuse(value, name, "str, bytes or os.PathLike")


def as_integer(value: "SupportsIndex", name: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        if hasattr(type(value), "__index__"):
            raise
        refuse(value, name, "an integer")


def need_buffer(value: object, name: str) -> None:
    try:
        memoryview(value).release()  # type: ignore[arg-type]
    except TypeError:
        refuse(value, name, "a bytes-like object")


def need(value: object, name: str, kind: type) -> None:
    if not isinstance(value, kind):
        refuse(value, name, kind.__name__)
