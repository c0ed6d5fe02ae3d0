# SPDX-License-Identifier: MIT
"""A program that uses all of the package, with the types that its users see.

It is run, and checked by mypy in its strict mode; each variable has the type that
is to come out.
"""

import io
import os
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import littlefs
from littlefs import lfs
from littlefs.context import UserContext


class Counting(littlefs.UserContext):
    """A device of a user's, which counts what is programmed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.programmed = 0

    def prog(self, cfg: littlefs.LFSConfig, block: int, off: int, data: bytes) -> int:
        self.programmed += len(data)
        return super().prog(cfg, block, off, data)


def use_directories(fs: littlefs.LittleFS) -> None:
    made: int = fs.mkdir("d")
    fs.makedirs(Path("d/e/f"), exist_ok=True)
    names: List[str] = fs.listdir("d")
    raw_names: List[bytes] = fs.listdir(b"d")
    entries: Iterator[littlefs.LFSStat] = fs.scandir("d")
    assert made == 0 and names == ["e"] and raw_names == [b"e"]
    for root, dirs, files in fs.walk("/"):
        text: str = os.path.join(root, *dirs, *files)
        assert text
    for raw_root, _, _ in fs.walk(b"/"):
        raw: bytes = raw_root
        assert raw
    is_dir: bool = next(entries).type == littlefs.LFSStat.TYPE_DIR
    stat: littlefs.LFSStat = fs.stat("d")
    kind, size, name = stat
    assert is_dir and (kind, size, name) == (stat.TYPE_DIR, stat.size, stat.name)
    assert fs.rename("d/e", "g") == 0
    fs.removedirs("g/f")
    fs.rmdir("d")


def raw_of(fs: littlefs.LittleFS) -> io.BufferedReader:
    low = lfs.file_open(fs.fs, "raw", "r")
    return io.BufferedReader(littlefs.FileHandle(fs.fs, low))


def use_files(fs: littlefs.LittleFS) -> None:
    with fs.open("text", "w", encoding="utf-8", newline="\n") as file:
        file.write("text")
    raw = fs.open("raw", "w+b", buffering=0)
    assert isinstance(raw, littlefs.FileHandle)
    wrote: int = raw.write(bytearray(b"0123456789"))
    place: int = raw.seek(2, os.SEEK_SET)
    some: bytes = raw.read(2)
    rest: bytes = raw.readall()
    cut: int = raw.truncate(5)
    assert (wrote, place, some, rest, cut) == (10, 2, b"23", b"456789", 5)
    raw.seek(0)
    assert raw.readinto(bytearray(3)) == 3 and raw.tell() == 3
    assert raw.readable() and raw.writable() and raw.seekable()
    raw.flush()
    raw.close()
    with io.TextIOWrapper(raw_of(fs), encoding="ascii") as text:
        assert text.read() == "01234"
    fs.unlink("text")
    fs.remove("raw", recursive=True)


def use_attributes(fs: littlefs.LittleFS) -> None:
    fs.setattr("/", "t", (1234).to_bytes(4, "little"))
    fs.setattr("/", 7, memoryview(b"seven"))
    value: bytes = fs.getattr("/", "t")
    pairs: List[Tuple[int, bytes]] = list(fs.iterattr("/"))
    assert len(value) == 4 and [typ for typ, _ in pairs] == [7, ord("t")]
    fs.removeattr("/", b"t")


def use_the_volume(fs: littlefs.LittleFS, context: Counting) -> None:
    told: littlefs.LFSFSStat = fs.fs_stat()
    assert told.block_count == fs.block_count == fs.cfg.block_count
    assert fs.used_block_count >= 2 and fs.filename_encoding == lfs.FILENAME_ENCODING
    context.buffer.extend(b"\xff" * 16 * told.block_size)
    codes: List[int] = [fs.fs_grow(80), fs.fs_gc(), fs.fs_mkconsistent(), fs.unmount()]
    codes += [fs.format(), fs.mount()]
    same: littlefs.UserContext = fs.context
    assert not any(codes) and same is context


def use_images(fs: littlefs.LittleFS, folder: Path) -> None:
    image: bytes = littlefs.build({"a": b"A", "d": ({"b": b"B"}, {1: b"x"})}, block_size=512)
    littlefs.build(({b"a": b""}, {1: b"x"}), block_size=512)
    with littlefs.LittleFS.from_image(bytearray(image)) as volume:
        assert sorted(volume.listdir()) == ["a", "d"]
        volume.copy_out("/", folder / "out")
    fs.copy_in(folder / "out", "/copied")
    findings: List[littlefs.Finding] = littlefs.check(image)
    for finding in findings:
        block: Optional[int] = finding.block
        print(finding.code, finding.severity, finding.message, finding.path, block)


def use_errors(fs: littlefs.LittleFS) -> None:
    try:
        fs.listdir("missing")
    except littlefs.LittleFSError as error:
        number: Optional[int] = error.errno
        assert error.code == littlefs.errors.LittleFSError.Error.LFS_ERR_NOENT and number
        assert error.name == "LFS_ERR_NOENT" and error.filename == "missing" and error.detail
        assert isinstance(error, lfs.LittleFSError)


def use_contexts(folder: Path) -> None:
    context = littlefs.UserContextFile(folder / "image", create=True)
    littlefs.LittleFS(context, block_size=512, block_count=32).unmount()
    context.close()
    try:
        littlefs.UserContextWinDisk(r"\\.\E:")
    except ImportError:
        pass
    assert issubclass(littlefs.context.UserContext, UserContext)


def use_lower_volume() -> lfs.LFSFilesystem:
    fs = lfs.LFSFilesystem()
    config = lfs.LFSConfig(block_size=512, block_count=64, compact_thresh=-1)
    config.user_context = UserContext(64 * 512)
    codes: List[int] = [lfs.format(fs, config), lfs.mount(fs, config), lfs.fs_gc(fs)]
    codes += [lfs.fs_mkconsistent(fs), lfs.fs_grow(fs, 64), lfs.mkdir(fs, "d")]
    codes += [lfs.rename(fs, "d", b"e"), lfs.remove(fs, "e", "latin-1")]
    told: lfs.LFSFSStat = lfs.fs_stat(fs)
    found: lfs.LFSStat = lfs.stat(fs, "/")
    assert not any(codes) and told.block_size == 512 and lfs.fs_size(fs) == 2
    assert found.name == "/" and isinstance(fs, littlefs.LFSFilesystem)
    lfs.setattr(fs, "/", 1, b"x")
    assert lfs.getattr(fs, "/", 1) == b"x"
    lfs.removeattr(fs, "/", 1)
    return fs


def use_lower_files(fs: lfs.LFSFilesystem) -> None:
    file: lfs.LFSFile = lfs.file_open(fs, "f", lfs.LFSFileFlag.rdwr | lfs.LFSFileFlag.creat)
    flags: littlefs.LFSFileFlag = file.flags
    assert flags & littlefs.LFSFileFlag.creat and isinstance(file, littlefs.LFSFile)
    assert lfs.file_write(fs, file, b"data") == lfs.file_size(fs, file) == lfs.file_tell(fs, file)
    codes = [lfs.file_seek(fs, file, 0, 0), lfs.file_rewind(fs, file), lfs.file_sync(fs, file)]
    data: bytes = lfs.file_read(fs, file, 10)
    codes += [lfs.file_truncate(fs, file, 2), lfs.file_close(fs, file)]
    assert not any(codes) and data == b"data"
    try:
        lfs.file_open_cfg(fs, "f", 0, None)
    except NotImplementedError:
        pass


def use_lower_directories(fs: lfs.LFSFilesystem) -> None:
    directory: lfs.LFSDirectory = lfs.dir_open(fs, "/")
    entry: Optional[lfs.LFSStat] = lfs.dir_read(fs, directory)
    assert entry is not None and entry.name == "." and isinstance(directory, littlefs.LFSDirectory)
    codes = [lfs.dir_seek(fs, directory, lfs.dir_tell(fs, directory))]
    codes += [lfs.dir_rewind(fs, directory), lfs.dir_close(fs, directory), lfs.unmount(fs)]
    assert not any(codes)


def main() -> None:
    version: str = littlefs.__version__
    assert version and littlefs.__LFS_VERSION__ >= (2, 11) > littlefs.__LFS_DISK_VERSION__
    context = Counting(64 * 512)
    fs = littlefs.LittleFS(context, block_size=512, block_count=64)
    use_directories(fs)
    use_files(fs)
    use_attributes(fs)
    use_the_volume(fs, context)
    use_images(fs, Path.cwd())
    use_errors(fs)
    use_contexts(Path.cwd())
    lower = use_lower_volume()
    use_lower_files(lower)
    use_lower_directories(lower)
    assert context.programmed > 0


if __name__ == "__main__":
    main()
