# SPDX-License-Identifier: MIT
"""Files of a volume as Python's file objects."""

import functools
import io
import warnings
from typing import IO, TYPE_CHECKING, Any, Callable, NamedTuple, NoReturn, Optional, Union, cast

from . import lfs
from ._arguments import as_integer, need
from ._oserrors import OPENING, AnyPath, reraise
from .errors import LittleFSError
from .lfs import LFSFile, LFSFileFlag, LFSFilesystem, _defer, _file_readinto

if TYPE_CHECKING:
    from typing_extensions import Buffer

_READ = int(LFSFileFlag.rdonly)
_WRITE = int(LFSFileFlag.wronly)
_CREATE = int(LFSFileFlag.creat)
_ACCESS = {
    "r": _READ,
    "w": _WRITE | _CREATE | int(LFSFileFlag.trunc),
    "a": _WRITE | _CREATE | int(LFSFileFlag.append),
    "x": _WRITE | _CREATE | int(LFSFileFlag.excl),
}
_Buffered = Union[io.BufferedRandom, io.BufferedReader, io.BufferedWriter]
EVERYTHING = 2**31 - 1  # bytes, as many as a file can have


class FileHandle(io.RawIOBase):
    """An open file of a volume, unbuffered.

    `LittleFS.open` makes them. What is written is on the volume after `flush`
    or `close`, all of it or, if the power fails before, nothing. A handle that is
    collected is closed. It follows its file when that is renamed. Unmounting
    the volume ends it: what was not flushed is lost.

    >>> with fs.open("/count", "wb", buffering=0) as raw:
    ...     raw.write(b"123")
    3
    """

    def __init__(self, fs: LFSFilesystem, fh: LFSFile) -> None:
        """``fh`` must have been opened on ``fs``; the handle closes it."""
        need(fs, "fs", LFSFilesystem)
        need(fh, "fh", LFSFile)
        self.fs = fs
        self.fh = fh
        flags = int(fh.flags)
        # Both are false once it is closed.
        self._readable = bool(flags & _READ)
        self._writable = bool(flags & _WRITE)
        self._is_collected = False

    def __del__(self) -> None:
        """Leaves the file open: it closes itself when the buffers over it have written to it."""

    def _dealloc_warn(self, source: object) -> None:
        """The buffers of the module io call this when they are collected, before they write."""
        self._is_collected = True

    def _later(self, function: Callable[..., int], *arguments: Any) -> bool:
        """Whether the function is called later: garbage is collected amidst uses of the volume."""
        return _defer(self.fs, functools.partial(function, self.fs, self.fh, *arguments))

    def _refuse(self, what: str) -> NoReturn:
        self._need_open()
        raise io.UnsupportedOperation(f"File or stream is not {what}.")

    def _need_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def readable(self) -> bool:
        """Whether it was opened for reading and is open."""
        return self._readable

    def writable(self) -> bool:
        """Whether it was opened for writing and is open."""
        return self._writable

    def seekable(self) -> bool:
        """True; ValueError if closed."""
        self._need_open()
        return True

    def close(self) -> None:
        """Stores what was written and closes the file; a second time does nothing.

        Errors: LittleFSError, NOSPC for instance; the handle is closed all the same
        and the file is what it was after the last flush. After a write that failed
        that error is not told again.
        """
        if self.closed:
            return
        self._readable = self._writable = False
        try:
            if not (self._is_collected and self._later(lfs.file_close)):
                lfs.file_close(self.fs, self.fh)
        finally:
            super().close()

    def flush(self) -> None:
        """Makes what was written durable. Errors: LittleFSError."""
        super().flush()
        if self._writable:
            lfs.file_sync(self.fs, self.fh)

    def tell(self) -> int:
        """The position in bytes."""
        self._need_open()
        return lfs.file_tell(self.fs, self.fh)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves to ``offset`` bytes from the start (0), the position (1) or the end (2).

        Returns the new position, which may be behind the end. Errors: LittleFSError
        INVAL before the start.
        """
        self._need_open()
        offset = as_integer(offset, "offset")
        if self._is_collected and self._later(lfs.file_seek, offset, whence):
            return 0  # its buffer has to move from where it is, and looks no more where to
        return lfs.file_seek(self.fs, self.fh, offset, whence)

    def read(self, size: Optional[int] = -1) -> bytes:
        """At most ``size`` bytes; all that follow if it is negative or None."""
        size = -1 if size is None else as_integer(size, "size")
        if size < 0:
            return self.readall()
        if not self._readable:
            self._refuse("readable")
        return lfs.file_read(self.fs, self.fh, min(size, EVERYTHING))

    def readall(self) -> bytes:
        """All bytes from the position to the end of the file; ``b""`` behind it."""
        if not self._readable:
            self._refuse("readable")
        return lfs.file_read(self.fs, self.fh, EVERYTHING)

    def readinto(self, buffer: "Buffer") -> int:
        """Fills ``buffer`` as far as the file goes; returns the number of bytes."""
        if not self._readable:
            self._refuse("readable")
        return _file_readinto(self.fs, self.fh, buffer)

    def write(self, data: "Buffer") -> int:
        """Writes all of ``data`` and returns its length in bytes.

        Errors: LittleFSError, NOSPC for instance; the file then stays as it was after
        the last flush.
        """
        if not self._writable:
            self._refuse("writable")
        if self._is_collected and self._later(lfs.file_write, bytes(data)):
            return memoryview(data).nbytes
        return lfs.file_write(self.fs, self.fh, data)

    def truncate(self, size: Optional[int] = None) -> int:
        """Cuts the file to ``size`` bytes, or lengthens it with zeros.

        By default to the position, which stays. Returns the new size. Errors:
        ValueError for a negative size; LittleFSError.

        >>> with fs.open("/log", "w+b", buffering=0) as raw:
        ...     _ = raw.write(b"0123456789")
        ...     raw.truncate(4)
        4
        >>> fs.stat("/log").size
        4
        """
        if not self._writable:
            self._refuse("writable")
        size = self.tell() if size is None else as_integer(size, "size")
        if size < 0:
            raise ValueError(f"negative truncate size {size}")
        lfs.file_truncate(self.fs, self.fh, size)
        return size


class _Mode(NamedTuple):
    flags: int
    binary: bool


@functools.lru_cache(maxsize=64)
def _parse(mode: str) -> _Mode:
    letters = set(mode)
    if not letters <= set("xrwab+t"):
        raise ValueError(f"invalid mode: '{mode}'")
    if letters >= {"b", "t"}:
        raise ValueError("can't have text and binary mode at once")
    access = letters & set(_ACCESS)
    if len(access) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    flags = _ACCESS[access.pop()]
    if "+" in letters:
        flags |= _READ | _WRITE
    return _Mode(flags, "b" in letters)


def _refuse_text_options(**options: Optional[str]) -> None:
    for name, value in options.items():
        if value is not None:
            article = "a" if name == "newline" else "an"
            raise ValueError(f"binary mode doesn't take {article} {name} argument")


def _check_text_options(**options: Optional[str]) -> None:
    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        need(value, name, str)
    if given:
        _try_text_options(options["encoding"], options["errors"], options["newline"])


@functools.lru_cache(maxsize=64)
def _try_text_options(
    encoding: Optional[str], errors: Optional[str], newline: Optional[str]
) -> None:
    """Raises what io does for those that it does not know."""
    io.TextIOWrapper(io.BytesIO(), "utf-8" if encoding is None else encoding, errors, newline)


def _buffered(raw: FileHandle, flags: int, size: int) -> _Buffered:
    if flags & _READ and flags & _WRITE:
        return io.BufferedRandom(raw, size)
    if flags & _READ:
        return io.BufferedReader(raw, size)
    return io.BufferedWriter(raw, size)


def open_file(
    fs: LFSFilesystem,
    buffer_size: int,
    filename_encoding: str,
    path: AnyPath,
    mode: str,
    buffering: int,
    encoding: Optional[str],
    errors: Optional[str],
    newline: Optional[str],
) -> IO[Any]:
    """`LittleFS.open`. Arguments that cannot be are found before the file is touched."""
    need(mode, "mode", str)
    buffering = as_integer(buffering, "buffering")
    flags, binary = _parse(mode)
    if binary:
        _refuse_text_options(encoding=encoding, errors=errors, newline=newline)
        if buffering == 1:
            warnings.warn(
                "line buffering (buffering=1) isn't supported in binary mode, "
                "the default buffer size will be used",
                RuntimeWarning,
                stacklevel=3,
            )
    elif buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    else:
        _check_text_options(encoding=encoding, errors=errors, newline=newline)

    try:
        raw = FileHandle(fs, lfs.file_open(fs, path, flags, filename_encoding))
    except LittleFSError as error:
        reraise(error, path, OPENING)
    if buffering == 0:
        return cast("IO[Any]", raw)
    buffer = _buffered(raw, flags, buffering if buffering > 1 else buffer_size)
    if binary:
        return cast("IO[Any]", buffer)
    return io.TextIOWrapper(buffer, encoding, errors, newline, buffering == 1)
