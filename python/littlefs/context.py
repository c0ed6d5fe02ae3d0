# SPDX-License-Identifier: MIT
"""Block devices for littlefs.

A context is any object with these methods. Each gets the LFSConfig of the volume
first; block numbers, offsets and sizes are integers, the last two in bytes:

    read(cfg, block, off, size)  returns the bytes, as any bytes-like object
    prog(cfg, block, off, data)  programs bytes that were erased before
    erase(cfg, block)
    sync(cfg)                    returns when everything is on the medium

All but read return 0 or None, or a negative number of LittleFSError.Error, which
the caller of littlefs gets; LFS_ERR_CORRUPT says that the block is bad, and
another is taken. An exception comes out of the function of littlefs that was
called. They must not use the volume they are called for.
"""

import logging
import os
from types import ModuleType
from typing import TYPE_CHECKING, Any, Optional, Union

from ._arguments import as_integer, as_path, need_buffer
from .errors import LittleFSError

if TYPE_CHECKING:
    from .lfs import LFSConfig

logger = logging.getLogger(__name__)

_ERASED = b"\xff"
_GAP = 1 << 20  # bytes written at a time where a file is lengthened

_OK = int(LittleFSError.Error.LFS_ERR_OK)
_IO = int(LittleFSError.Error.LFS_ERR_IO)
_BAD_BLOCK = int(LittleFSError.Error.LFS_ERR_CORRUPT)


def _log_read(block: int, off: int, size: int) -> None:
    logger.debug("LFS Read : Block: %d, Offset: %d, Size=%d", block, off, size)


def _log_prog(block: int, off: int, data: bytes) -> None:
    # The data is made text only if somebody reads it.
    logger.debug("LFS Prog : Block: %d, Offset: %d, Data=%r", block, off, data)


def _log_erase(block: int) -> None:
    logger.debug("LFS Erase: Block: %d", block)


def _padded(data: Union[bytes, bytearray], size: int) -> bytearray:
    """The data, and erased flash behind it up to `size` bytes."""
    return bytearray(data) + _ERASED * (size - len(data))


class UserContext:
    """A volume in memory.

    `buffer` is the image; it may be changed and replaced while no function of
    littlefs runs. Beyond its end is erased flash that cannot be written to: its
    blocks are bad. littlefs.lfs uses the buffer of a plain UserContext directly and
    calls these methods only where they were replaced, or their calls are logged.

    >>> context = UserContext(16 * 4096)
    >>> fs = littlefs.LittleFS(context, block_size=4096, block_count=16)
    >>> context.buffer[8:16]
    bytearray(b'littlefs')
    """

    buffer: bytearray

    def __init__(self, buffsize: Optional[int] = None, buffer: Optional[bytearray] = None) -> None:
        """Takes over `buffer`, or makes one of `buffsize` bytes 0xff."""
        if buffer is None:
            if buffsize is None:
                raise ValueError("either buffsize or buffer must be given")
            from . import lfs  # which imports this module

            buffer = lfs._erased(as_integer(buffsize, "buffsize"))
        need_buffer(buffer, "buffer")
        self.buffer = buffer
        self.in_size = len(buffer)

    def read(self, cfg: "LFSConfig", block: int, off: int, size: int) -> bytearray:
        """The bytes at that place of the buffer."""
        _log_read(block, off, size)
        start = block * cfg.block_size + off
        return _padded(self.buffer[start : start + size], size)

    def prog(self, cfg: "LFSConfig", block: int, off: int, data: bytes) -> int:
        """Stores the data at that place."""
        _log_prog(block, off, data)
        return self._store(cfg, block, off, data)

    def erase(self, cfg: "LFSConfig", block: int) -> int:
        """Fills the block with 0xff."""
        _log_erase(block)
        return self._store(cfg, block, 0, _ERASED * cfg.block_size)

    def sync(self, cfg: "LFSConfig") -> int:
        """Does nothing: the buffer is the medium."""
        return _OK

    def _store(self, cfg: "LFSConfig", block: int, off: int, data: bytes) -> int:
        if (block + 1) * cfg.block_size > len(self.buffer):
            return _BAD_BLOCK
        start = block * cfg.block_size + off
        try:
            with memoryview(self.buffer) as view, view.cast("B") as place:
                place[start : start + len(data)] = data
        except TypeError:  # it is read-only
            return _IO
        return _OK


class UserContextFile(UserContext):
    """A volume in a file, which keeps it. What is beyond its end is erased flash.

    `in_size` is the size of the file when it was opened, in bytes. Errors:
    FileNotFoundError; other OSErrors of the host.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     context = UserContextFile(os.path.join(folder, "flash.img"), create=True)
    ...     fs = littlefs.LittleFS(context, block_size=4096, block_count=16)
    ...     fs.mkdir("/data")
    ...     context.close()
    0
    """

    def __init__(self, file_path: Union[str, "os.PathLike[str]"], *, create: bool = False) -> None:
        """Opens a file to be read and written; one that is missing is made if `create`."""
        self._path = file_path
        path = as_path(file_path, "file_path")
        try:
            self._fh = open(path, "r+b")
        except FileNotFoundError:
            if not create:
                raise FileNotFoundError(f"Context file '{file_path}' does not exist") from None
            self._fh = open(path, "x+b")
        self.in_size = self._fh.seek(0, os.SEEK_END)

    def read(self, cfg: "LFSConfig", block: int, off: int, size: int) -> bytearray:
        """The bytes at that place of the file."""
        _log_read(block, off, size)
        self._fh.seek(block * cfg.block_size + off)
        return _padded(self._fh.read(size), size)

    def sync(self, cfg: "LFSConfig") -> int:
        """Returns when the file is on the disk."""
        self._fh.flush()
        os.fsync(self._fh.fileno())
        return _OK

    def close(self) -> None:
        """Closes the file; it may be closed already."""
        if hasattr(self, "_fh"):  # it was opened
            self._fh.close()

    def __del__(self) -> None:
        self.close()

    def _store(self, cfg: "LFSConfig", block: int, off: int, data: bytes) -> int:
        start = block * cfg.block_size + off
        gap = start - self._fh.seek(0, os.SEEK_END)
        while gap > 0:
            gap -= self._fh.write(_ERASED * min(gap, _GAP))
        self._fh.seek(start)
        self._fh.write(data)
        return _OK


def _import_win32file() -> ModuleType:
    try:
        import win32file  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError as error:
        raise ImportError("UserContextWinDisk needs pywin32, and so Windows") from error
    module: ModuleType = win32file
    return module


class UserContextWinDisk(UserContext):
    r"""A volume on a disk of Windows (`\\.\PhysicalDrive1`, `\\.\E:`) or in a file.

    `in_size` is its size in bytes. Needs pywin32.
    """

    _LENGTH_INFO = 0x0007405C  # IOCTL_DISK_GET_LENGTH_INFO

    def __init__(self, disk_path: str) -> None:
        """Opens it to be read and written."""
        self._win32file: Any = _import_win32file()
        api = self._win32file
        self._handle = api.CreateFile(
            disk_path,
            api.GENERIC_READ | api.GENERIC_WRITE,
            api.FILE_SHARE_READ | api.FILE_SHARE_WRITE,
            None,
            api.OPEN_EXISTING,
            0,
            None,
        )
        self.in_size = self._measure(disk_path)

    def _measure(self, disk_path: str) -> int:
        api = self._win32file
        if disk_path.startswith("\\\\.\\"):
            answer = api.DeviceIoControl(self._handle, self._LENGTH_INFO, None, 8)
            return int.from_bytes(answer, "little")
        return int(api.GetFileSize(self._handle))

    def _seek(self, cfg: "LFSConfig", block: int, off: int) -> None:
        api = self._win32file
        api.SetFilePointer(self._handle, block * cfg.block_size + off, api.FILE_BEGIN)

    def read(self, cfg: "LFSConfig", block: int, off: int, size: int) -> bytearray:
        """The bytes at that place of the disk."""
        _log_read(block, off, size)
        self._seek(cfg, block, off)
        _, data = self._win32file.ReadFile(self._handle, size)
        return _padded(data, size)

    def sync(self, cfg: "LFSConfig") -> int:
        """Returns when everything is on the disk."""
        self._win32file.FlushFileBuffers(self._handle)
        return _OK

    def _store(self, cfg: "LFSConfig", block: int, off: int, data: bytes) -> int:
        self._seek(cfg, block, off)
        self._win32file.WriteFile(self._handle, data)
        return _OK

    def __del__(self) -> None:
        if hasattr(self, "_handle"):  # it was opened
            self._win32file.CloseHandle(self._handle)
