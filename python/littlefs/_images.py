# SPDX-License-Identifier: MIT
"""Whole images: built, checked, and measured so that they can be mounted."""

import contextlib
import mmap
import os
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

from .context import UserContext, UserContextFile
from .lfs import _build, _check, _probe

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ._oserrors import AnyPath, StrPath

    _Image = Union[StrPath, Buffer]
    _Folder = Union[Dict[str, Any], Dict[bytes, Any], Dict[Union[str, bytes], Any]]
    _Tree = Union[_Folder, Tuple[_Folder, Dict[int, Any]]]

_SEVERITIES = ("note", "repair", "damage")


class Finding(NamedTuple):
    """What `check` found at one place of an image."""

    code: str  #: "LFK-404"; the same for the same kind of finding
    severity: str  #: "note", harmless; "repair", a driver puts it right; "damage"
    title: str  #: of the kind, one clause
    message: str  #: what is the case here, one line
    path: Optional[str]  #: of the file or directory, where one is concerned
    block: Optional[int]
    offset: Optional[int]  #: bytes into the block
    meaning: str  #: of the kind, for who has the image
    repair: str  #: whether and when a driver repairs it


def build(
    tree: "Union[_Tree, AnyPath]", *, filename_encoding: Optional[str] = None, **options: Any
) -> bytes:
    """The image of a tree of files, made in one pass; the same tree gives the same bytes.

    ``tree`` is a dict of names, in which files are bytes and directories are dicts,
    either with attributes as ``(value, {type: bytes})``; or the path of a directory
    of the host. ``options`` are, in bytes where they are sizes: block_size (4096),
    block_count (as few as are needed, and free_blocks, free_percent more),
    read_size, prog_size, cache_size, metadata_max, inline_max, name_max (255), file_max,
    attr_max, disk_version, fill_percent, fill_evenly; `lfskit/build.h` tells of each.

    Errors: LittleFSError NOSPC if block_count is too small, INVAL for an option or
    a name, NAMETOOLONG, FBIG; OSError if the directory cannot be read.

    >>> image = littlefs.build({"a.txt": b"A", "lib": {"b.txt": b"B"}}, block_size=512)
    >>> len(image)
    2048
    """
    image = _build(tree, filename_encoding, False, **options)
    assert isinstance(image, bytes)
    return image


@contextlib.contextmanager
def _opened(image: "_Image") -> "Iterator[Buffer]":
    """The bytes of an image, of a file without reading it."""
    if not isinstance(image, (str, os.PathLike)):
        yield image
        return
    with open(image, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            yield b""  # which cannot be mapped
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def check(image: "_Image", *, block_size: int = 0, block_count: int = 0) -> List[Finding]:
    """All that is wrong with an image: its bytes, or the path of its file.

    It is only read. With ``block_size``, in bytes, an image whose superblock cannot
    be read is checked as well. Errors: LittleFSError INVAL if it is not littlefs or
    not of the size that is told; OSError.

    >>> image = bytearray(littlefs.build({"a": {}}, block_size=512))
    >>> littlefs.check(image)
    []
    >>> image[1024:] = bytes(1024)
    >>> [(finding.code, finding.severity) for finding in littlefs.check(image)][0]
    ('LFK-201', 'damage')
    """
    with _opened(image) as data:
        found = _check(data, block_size, block_count)
    return [_finding(*fields) for fields in found]


def _finding(
    code: str,
    severity: int,
    title: str,
    message: str,
    meaning: str,
    path: Optional[bytes],
    block: Optional[int],
    offset: Optional[int],
    repair: str,
) -> Finding:
    text = path.decode(errors="backslashreplace") if path is not None else None
    return Finding(
        code, _SEVERITIES[severity], title, message, text, block, offset, meaning, repair
    )


def _settings(info: Mapping[str, int]) -> Dict[str, int]:
    """The parameters of LFSConfig for an image; the units are those of `build`."""
    size = info["block_size"]
    unit = min(256, size & -size, 1 << ((size // 16).bit_length() - 1))
    told = {name: info[name] for name in ("block_count", "name_max", "file_max", "attr_max")}
    return {
        **told,
        "block_size": size,
        "read_size": unit,
        "prog_size": unit,
        "cache_size": size,
    }


def config_of(image: "_Image", writable: bool) -> Tuple[UserContext, Dict[str, int]]:
    """A context with the image, and the parameters of LFSConfig that it needs."""
    with _opened(image) as data:
        info = _probe(data)
        if isinstance(image, (str, os.PathLike)) and writable:
            return UserContextFile(image), _settings(info)
        if isinstance(image, bytearray):
            return UserContext(buffer=image), _settings(info)
        buffer = bytearray(data)
    # An image may end where what is used ends.
    missing = info["block_size"] * info["block_count"] - len(buffer)
    buffer.extend(b"\xff" * max(missing, 0))
    return UserContext(buffer=buffer), _settings(info)
