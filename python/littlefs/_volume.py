# SPDX-License-Identifier: MIT
"""LittleFS, a volume with methods like those of the module os."""

from types import TracebackType
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    AnyStr,
    Iterator,
    List,
    Optional,
    Tuple,
    Type,
    Union,
    cast,
    overload,
)

from . import _copies, _trees, lfs
from ._arguments import as_integer, as_path, need, refuse
from ._file import open_file
from ._images import config_of
from ._oserrors import AnyPath, BytesPath, StrPath
from .errors import LittleFSError
from .lfs import LFSConfig, LFSFilesystem, LFSFSStat, LFSStat, _listdir

if TYPE_CHECKING:
    from typing_extensions import Buffer, Self, SupportsIndex

    from .context import UserContext

AttributeType = Union[str, bytes, "SupportsIndex"]


_MAGIC = slice(8, 16)  # of a block of metadata: where a superblock has its name


def _attribute_type(typ: AttributeType) -> int:
    if isinstance(typ, (str, bytes)):
        number = ord(typ) if len(typ) == 1 else int(typ)
    elif hasattr(type(typ), "__index__"):
        number = as_integer(typ, "typ")
    else:
        refuse(typ, "typ", "an integer, str or bytes")
    if not 0 <= number <= 255:
        raise ValueError("type must be in range [0, 255]")
    return number


def _has_superblock(cfg: LFSConfig) -> bool:
    """Whether one of the first two blocks says that it is littlefs's.

    Devices need not read anything but multiples of ``read_size``.
    """
    read = cast("UserContext", cfg.user_context).read
    size = -(-_MAGIC.stop // cfg.read_size) * cfg.read_size
    return any(bytes(read(cfg, block, 0, size))[_MAGIC] == b"littlefs" for block in (0, 1))


class LittleFS:
    """A littlefs volume.

    Paths are str, bytes or os.PathLike; a path without a slash in front begins at
    the root as well. Sizes are bytes. What fails raises LittleFSError, whose
    ``code`` is littlefs's number; where a method says so it is FileNotFoundError,
    FileExistsError or IsADirectoryError instead, with the LittleFSError as its
    cause. What an exception of the context is, the caller gets as it was raised.

    With ``with`` the volume is unmounted at the end. Close files before: what is
    in files that are open then is lost as far as it was not flushed.

    In the examples ``fs`` is a volume of 64 blocks:

    >>> fs = LittleFS(block_size=512, block_count=64)
    """

    def __init__(
        self,
        context: "Optional[UserContext]" = None,
        mount: bool = True,
        filename_encoding: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        """Mounts the volume in ``context``, by default in new memory.

        ``context`` is any object with the methods read, prog, erase and sync, see
        `UserContext`; ``filename_encoding`` that of names in the volume, by default
        `littlefs.lfs.FILENAME_ENCODING`; ``kwargs`` are the parameters of
        `LFSConfig`.

        Where there is no superblock a volume is formatted first. What is there but
        cannot be mounted stays: that is an error, INVAL for a volume that is not as
        ``kwargs`` say. With ``mount=False`` nothing is read or written.

        >>> LittleFS(block_size=4096, block_count=16).fs_stat().block_count
        16
        """
        if context is not None and not hasattr(context, "read"):
            refuse(context, "context", "an object with the methods read, prog, erase and sync")
        self.cfg = LFSConfig(context=context, **kwargs)
        self.fs = LFSFilesystem()
        self.filename_encoding: str = filename_encoding or lfs.FILENAME_ENCODING
        need(self.filename_encoding, "filename_encoding", str)
        if mount:
            self._mount_or_format()

    def _mount_or_format(self) -> None:
        try:
            self.mount()
        except LittleFSError as error:
            if error.code != LittleFSError.Error.LFS_ERR_CORRUPT or _has_superblock(self.cfg):
                raise
            self.format()
            self.mount()

    @classmethod
    def from_image(
        cls,
        image: "Union[StrPath, Buffer]",
        *,
        writable: bool = False,
        filename_encoding: Optional[str] = None,
        **kwargs: Any,
    ) -> "Self":
        """Mounts an image as it is; block size, count and limits are the image's.

        ``image`` is its bytes, or the path of its file as str or os.PathLike. A
        bytearray is used as it is and shows each change; of other bytes, and of a
        file, a copy is mounted, which is ``fs.context.buffer``. With ``writable=True``
        the file itself is mounted, and each change is made in it. ``kwargs``
        are parameters of `LFSConfig` that are to be others.

        Errors: LittleFSError INVAL or CORRUPT if it is no littlefs image; OSError.

        >>> image = littlefs.build({"boot.py": b"print(1)"}, block_size=512)
        >>> LittleFS.from_image(image).listdir("/")
        ['boot.py']
        """
        context, settings = config_of(image, writable)
        settings.update(kwargs)
        volume = cls(context, False, filename_encoding, **settings)
        volume.mount()
        return volume

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.unmount()

    # --- the volume ---------------------------------------------------------------

    @property
    def block_count(self) -> int:
        """The blocks of the volume that is mounted; 0 before the first mount.

        >>> fs.block_count
        64
        """
        return self.fs.block_count

    @property
    def used_block_count(self) -> int:
        """The blocks in use, as littlefs counts them.

        >>> fs.used_block_count
        2
        """
        return lfs.fs_size(self.fs)

    @property
    def context(self) -> "UserContext":
        """Where the volume is. `UserContext.buffer` is the image.

        >>> len(fs.context.buffer)
        32768
        """
        return cast("UserContext", self.cfg.user_context)

    def format(self) -> int:
        """Makes an empty volume; all that was there is lost.

        Errors: INVAL if the config's block count is 0.

        >>> fs.format(), fs.mount(), fs.listdir("/")
        (0, 0, [])
        """
        if self.cfg.block_count == 0:
            raise LittleFSError(LittleFSError.Error.LFS_ERR_INVAL)
        return lfs.format(self.fs, self.cfg)

    def mount(self) -> int:
        """Mounts the volume.

        Errors: CORRUPT if there is none, or its metadata is damaged; INVAL if it is
        not as the config says.

        >>> later = LittleFS(fs.context, mount=False, block_size=512, block_count=64)
        >>> later.mount(), later.listdir("/")
        (0, [])
        """
        return lfs.mount(self.fs, self.cfg)

    def unmount(self) -> int:
        """Unmounts it, if it is mounted. Files that are open lose what was not flushed.

        >>> fs.unmount(), fs.unmount()
        (0, 0)
        """
        return lfs.unmount(self.fs)

    def fs_mkconsistent(self) -> int:
        """Makes the repairs that are due after a loss of power; else the first change does.

        >>> fs.fs_mkconsistent()
        0
        """
        return lfs.fs_mkconsistent(self.fs)

    def fs_gc(self) -> int:
        """Does now what later changes would have to: repairs, finds free blocks, compacts.

        >>> fs.fs_gc()
        0
        """
        return lfs.fs_gc(self.fs)

    def fs_grow(self, block_count: int) -> int:
        """Makes the volume larger, in blocks. The context must have the room.

        Errors: ValueError if it would become smaller.

        >>> fs.context.buffer += bytes(16 * 512)
        >>> fs.fs_grow(80), fs.block_count
        (0, 80)
        """
        if as_integer(block_count, "block_count") < self.block_count:
            raise ValueError(
                f"Supplied block_count='{block_count}' cannot be smaller than "
                f"current block_count {self.block_count}"
            )
        return lfs.fs_grow(self.fs, block_count)

    def fs_stat(self) -> LFSFSStat:
        """Version, limits and size of the volume that is mounted.

        >>> fs.fs_stat().block_size
        512
        """
        return lfs.fs_stat(self.fs)

    # --- files ------------------------------------------------------------------------

    def open(
        self,
        fname: AnyPath,
        mode: str = "r",
        buffering: int = -1,
        encoding: Optional[str] = None,
        errors: Optional[str] = None,
        newline: Optional[str] = None,
    ) -> IO[Any]:
        """Opens a file like the builtin open, whose parameters these are.

        A buffer has the config's ``cache_size`` bytes where ``buffering`` says
        nothing else. Everything is durable after ``close``; ``flush`` of a buffered
        file hands it to the `FileHandle`, ``f.raw`` or, in text mode, ``f.buffer.raw``,
        whose own ``flush`` makes it durable.

        Errors: ValueError for arguments that do not go together, FileNotFoundError,
        IsADirectoryError, FileExistsError with mode "x"; else LittleFSError.

        >>> with fs.open("/notes.txt", "w") as file:
        ...     _ = file.write("first line")
        >>> with fs.open("/notes.txt") as file:
        ...     file.read()
        'first line'
        """
        return open_file(
            self.fs, self.cfg.cache_size, self.filename_encoding,
            as_path(fname, "fname"), mode, buffering, encoding, errors, newline,
        )  # fmt: skip

    # --- attributes ---------------------------------------------------------------------

    def getattr(self, path: AnyPath, typ: AttributeType) -> bytes:
        """The attribute of a type, 0 to 255 or one character, of a file or directory.

        Errors: NOATTR if there is none, NOENT if there is no such path.

        >>> fs.mkdir("/data")
        0
        >>> fs.setattr("/data", "t", b"1234")
        >>> fs.getattr("/data", "t")
        b'1234'
        """
        return lfs.getattr(self.fs, path, _attribute_type(typ), self.filename_encoding)

    def setattr(self, path: AnyPath, typ: AttributeType, data: "Buffer") -> None:
        """Sets or replaces an attribute; ``data`` may be empty.

        Errors: NOSPC if it is longer than attr_max or does not fit into a block.

        >>> fs.setattr("/", "t", (1700000000).to_bytes(4, "little"))
        >>> int.from_bytes(fs.getattr("/", "t"), "little")
        1700000000
        """
        lfs.setattr(self.fs, path, _attribute_type(typ), data, self.filename_encoding)

    def removeattr(self, path: AnyPath, typ: AttributeType) -> None:
        """Removes an attribute. That there is none is no error.

        >>> fs.setattr("/", "t", b"1234")
        >>> fs.removeattr("/", "t")
        >>> list(fs.iterattr("/"))
        []
        """
        lfs.removeattr(self.fs, path, _attribute_type(typ), self.filename_encoding)

    def iterattr(self, path: AnyPath) -> Iterator[Tuple[int, bytes]]:
        """Type and value of each attribute that a file or directory has, by type.

        >>> fs.setattr("/", 7, b"seven")
        >>> list(fs.iterattr("/"))
        [(7, b'seven')]
        """
        for typ in range(256):
            try:
                value = lfs.getattr(self.fs, path, typ, self.filename_encoding)
            except LittleFSError as error:
                if error.code != LittleFSError.Error.LFS_ERR_NOATTR:
                    raise
            else:
                yield typ, value

    # --- directories ----------------------------------------------------------------------

    @overload
    def listdir(self, path: StrPath = ".") -> List[str]: ...
    @overload
    def listdir(self, path: BytesPath) -> List[bytes]: ...
    def listdir(self, path: AnyPath = ".") -> Union[List[str], List[bytes]]:
        """The names in a directory, in the volume's order; of a path in bytes as they are stored.

        >>> fs.mkdir("/data")
        0
        >>> fs.listdir("/")
        ['data']
        """
        path = as_path(path, "path")
        if isinstance(path, bytes):
            return [name.encode(_trees.RAW) for name in self._names(path, _trees.RAW)]
        return self._names(path, self.filename_encoding)

    def _names(self, path: Union[str, bytes], encoding: str) -> List[str]:
        names = _listdir(self.fs, path, encoding)
        return [name for name in names if name not in _trees.DOTS]

    def scandir(self, path: AnyPath = ".") -> Iterator[LFSStat]:
        """The entries of a directory, in the volume's order: those of the first step.

        Errors come at that as well.

        >>> fs.mkdir("/data")
        0
        >>> list(fs.scandir("/"))
        [LFSStat(type=2, size=0, name='data')]
        """
        return _trees.entries(self.fs, path, self.filename_encoding)

    @overload
    def walk(self, top: StrPath) -> "Iterator[_trees.Step[str]]": ...
    @overload
    def walk(self, top: BytesPath) -> "Iterator[_trees.Step[bytes]]": ...
    def walk(self, top: AnyPath) -> "Iterator[_trees.Step[Any]]":
        """Each directory from ``top`` down: its path, the names of its directories and its files.

        As with os.walk, directories whose names are removed from the first list
        are not entered. Errors come at the step where they occur: CORRUPT if
        directories of a damaged volume contain each other.

        >>> fs.makedirs("/a/b")
        >>> for root, dirs, files in fs.walk("/"):
        ...     print(root, dirs, files)
        / ['a'] []
        /a ['b'] []
        /a/b [] []
        """
        top = as_path(top, "top")
        if isinstance(top, bytes):
            return _trees.walk_bytes(self.fs, top)
        return _trees.walk(self.fs, top, self.filename_encoding)

    def mkdir(self, path: AnyPath) -> int:
        """Makes a directory. Errors: FileExistsError; NOENT if its parent is missing.

        >>> fs.mkdir("/data")
        0
        >>> try:
        ...     fs.mkdir("/data")
        ... except FileExistsError as error:
        ...     error.filename
        '/data'
        """
        return _trees.make(self.fs, path, self.filename_encoding)

    def makedirs(self, name: AnyPath, exist_ok: bool = False) -> None:
        """Makes a directory and those above it that are missing.

        Errors: FileExistsError if it is there, with ``exist_ok`` only if it is no
        directory.

        >>> fs.makedirs("/a/b/c")
        >>> fs.makedirs("/a/b/c", exist_ok=True)
        """
        _trees.make_all(self.fs, as_path(name, "name"), self.filename_encoding, exist_ok)

    def remove(self, path: AnyPath, recursive: bool = False) -> None:
        """Removes a file or an empty directory, or with ``recursive`` a full one.

        Errors: FileNotFoundError; NOTEMPTY; INVAL for the root; CORRUPT, and nothing
        is removed, if directories of a damaged volume contain each other.

        >>> fs.makedirs("/a/b/c")
        >>> fs.remove("/a", recursive=True)
        >>> fs.listdir("/")
        []
        """
        _trees.remove(self.fs, path, self.filename_encoding, recursive)

    def rmdir(self, path: AnyPath) -> None:
        """The same as ``remove(path)``: it removes files, too.

        >>> fs.makedirs("/a/b")
        >>> fs.rmdir("/a/b")
        """
        self.remove(path)

    def unlink(self, path: AnyPath) -> None:
        """The same as ``remove(path)``: it removes empty directories, too.

        >>> fs.open("/note", "w").close()
        >>> fs.unlink("/note")
        """
        self.remove(path)

    def removedirs(self, name: AnyPath) -> None:
        """Removes a file or directory and those above it, up to the first that is not empty.

        The empty path does nothing. Errors: FileNotFoundError; INVAL for the root.

        >>> fs.makedirs("/a/b/c")
        >>> fs.removedirs("/a/b/c")
        >>> fs.listdir("/")
        []
        """
        _trees.remove_with_parents(self.fs, as_path(name, "name"), self.filename_encoding)

    def rename(self, src: AnyPath, dst: AnyPath) -> int:
        """Renames or moves; what is at ``dst`` already is replaced, files by files and empty
        directories by directories. It is done in one: a loss of power leaves the one or the other.

        Errors: LittleFSError, NOENT, ISDIR, NOTDIR or NOTEMPTY; INVAL for a
        directory into itself.

        >>> fs.makedirs("/a/b")
        >>> fs.rename("/a/b", "/c")
        0
        >>> fs.listdir("/")
        ['a', 'c']
        """
        source, target = as_path(src, "src"), as_path(dst, "dst")
        return lfs.rename(self.fs, source, target, self.filename_encoding)

    def stat(self, path: AnyPath) -> LFSStat:
        """Type, size and name of an entry; a directory has size 0, the root the name ``/``.

        Errors: LittleFSError NOENT.

        >>> fs.stat("/")
        LFSStat(type=2, size=0, name='/')
        """
        return lfs.stat(self.fs, path, self.filename_encoding)

    # --- trees of the host -----------------------------------------------------------------

    def copy_in(self, host: AnyPath, path: AnyPath = "/") -> None:
        """Copies from the host: a file to the file ``path``, what is in a directory into the
        directory ``path``, made with those above it if missing.

        Files are replaced, directories kept with what else is in them. Symbolic links are
        followed. The order is that of the names, so the same files give the same
        volume. What was copied before an error stays; a new file that could not be stored does not.

        Errors: OSError of the host, ELOOP for links that go in a circle, EINVAL for what is
        neither a file nor a directory; FileExistsError or IsADirectoryError where the
        volume has one kind of entry and the host the other; LittleFSError.

        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = pathlib.Path(folder, "main.py").write_text("print(1)")
        ...     fs.copy_in(folder, "/app")
        >>> fs.listdir("/app")
        ['main.py']
        """
        source, target = as_path(host, "host"), as_path(path, "path")
        _copies.copy_in(self.fs, source, target, self.filename_encoding)

    def copy_out(self, path: AnyPath, host: AnyPath) -> None:
        """Copies to the host: a file to the file ``host``, what is in a directory into the
        directory ``host``; either is made with those above it if missing.

        A file appears whole or stays what it was. Nothing outside ``host`` is
        touched: names that lead elsewhere are refused, a symbolic link below
        ``host`` is replaced where a file goes, and an error where a directory goes.

        Errors: FileNotFoundError; OSError of the host; LittleFSError, INVAL for a
        name that is none on the host, CORRUPT if directories contain each other.

        >>> import os, tempfile
        >>> fs.makedirs("/logs/may")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     fs.copy_out("/logs", folder)
        ...     os.listdir(folder)
        ['may']
        """
        source, target = as_path(path, "path"), as_path(host, "host")
        _copies.copy_out(self.fs, source, target, self.filename_encoding)
