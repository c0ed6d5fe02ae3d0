# SPDX-License-Identifier: MIT
"""littlefs.lfs: the functions of lfs.h, as littlefs-python shows them."""

import copy
import inspect
import os
import pathlib
import pickle

import pytest

lfs = pytest.importorskip("littlefs.lfs", reason="the extension was not built (python3-dev)")

from littlefs.errors import LittleFSError  # noqa: E402

Error = LittleFSError.Error


class raises_code:
    """Expects a LittleFSError of that code."""

    def __init__(self, code):
        self.code = code

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind is LittleFSError, f"expected {self.code}, got {error!r}"
        assert error.code == self.code, error
        return True


@pytest.fixture
def fs():
    volume = lfs.LFSFilesystem()
    config = lfs.LFSConfig(block_size=512, block_count=64)
    assert lfs.format(volume, config) == 0
    assert lfs.mount(volume, config) == 0
    return volume


def put(fs, path, data=b""):
    handle = lfs.file_open(fs, path, "w")
    assert lfs.file_write(fs, handle, data) == len(data)
    assert lfs.file_close(fs, handle) == 0


def get(fs, path):
    handle = lfs.file_open(fs, path, "r")
    data = lfs.file_read(fs, handle, 1 << 20)
    lfs.file_close(fs, handle)
    return data


def test_versions_and_values():
    assert lfs.__LFS_VERSION__ == (2, 11)
    assert lfs.__LFS_DISK_VERSION__ == (2, 1)
    assert lfs.FILENAME_ENCODING == "utf-8"
    stat = lfs.LFSStat(1, 10, "test.txt")
    assert repr(stat) == "LFSStat(type=1, size=10, name='test.txt')"
    assert stat == (1, 10, "test.txt") and (stat.TYPE_REG, stat.TYPE_DIR) == (1, 2)
    assert pickle.loads(pickle.dumps(stat)) == stat
    assert lfs.LFSFileFlag.rdwr == 3 and int(lfs.LFSFileFlag(0x100303)) == 0x100303


def test_config_numbers():
    config = lfs.LFSConfig()
    assert len(config.user_context.buffer) == 8192
    assert set(config.user_context.buffer) == {0xFF}
    assert (config.read_size, config.prog_size, config.cache_size) == (128, 128, 128)
    assert config.lookahead_size == 8 and config.name_max == 255
    zeros = {"name_max": 0, "file_max": 0, "attr_max": 0, "metadata_max": 0, "disk_version": 0}
    other = lfs.LFSConfig(read_size=16, prog_size=32, **zeros)
    assert (other.read_size, other.prog_size, other.cache_size) == (16, 32, 32)
    assert {name: getattr(other, name) for name in zeros} == zeros
    assert lfs.LFSConfig(inline_max=-1).inline_max == 2**32 - 1
    assert ", block_cycles=-1, cache_size=128, lookahead_size=8, " in repr(config)
    config.anything = 5
    assert config.anything == 5
    with pytest.raises(AttributeError):
        config.block_size = 5


@pytest.mark.parametrize(
    ("numbers", "error", "text"),
    [
        ({"block_size": 64}, ValueError, "Minimal block size is 128"),
        ({"name_max": 1023}, ValueError, "name_max must be <=1022"),
        ({"cache_size": -1}, OverflowError, "cache_size"),
        ({"block_count": 2**32}, OverflowError, "block_count"),
        ({"block_cycles": 2**31}, OverflowError, "block_cycles"),
        ({"prog_size": "1"}, TypeError, "prog_size"),
        ({"page_size": 1}, TypeError, "page_size"),
    ],
)
def test_config_refuses(numbers, error, text):
    with pytest.raises(error, match=text):
        lfs.LFSConfig(**numbers)


@pytest.mark.parametrize(
    "numbers",
    [
        {"block_count": 0},
        {"block_cycles": 0},
        {"lookahead_size": 0},
        {"cache_size": 100},
        {"attr_max": 1023},
        {"inline_max": 5000},
        {"disk_version": 5},
        {"compact_thresh": 5},
    ],
)
def test_numbers_that_do_not_fit_are_refused_by_format(numbers):
    config = lfs.LFSConfig(lfs.UserContext(65536), **{"block_size": 512, **numbers})
    with raises_code(Error.LFS_ERR_INVAL):
        lfs.format(lfs.LFSFilesystem(), config)


def test_config_can_be_extended():
    class Mine(lfs.LFSConfig):
        def __init__(self, count):
            super().__init__(block_count=count)
            self.mine = True

    config = Mine(16)
    assert config.block_count == 16 and config.mine
    assert lfs.format(lfs.LFSFilesystem(), config) == 0


def test_volume():
    volume, config = lfs.LFSFilesystem(), lfs.LFSConfig()
    assert volume.block_count == 0
    with raises_code(Error.LFS_ERR_CORRUPT):
        lfs.mount(volume, config)
    with raises_code(Error.LFS_ERR_INVAL):
        lfs.stat(volume, "/")
    lfs.format(volume, config)
    lfs.mount(volume, config)
    assert lfs.fs_stat(volume) == (0x00020001, 255, 2147483647, 1022, 64, 128)
    assert lfs.fs_size(volume) == 2
    assert lfs.fs_gc(volume) == 0 and lfs.fs_mkconsistent(volume) == 0
    assert lfs.unmount(volume) == 0 and lfs.unmount(volume) == 0
    with raises_code(Error.LFS_ERR_INVAL):
        lfs.mkdir(volume, "a")


def test_grow_keeps_the_config_mountable():
    config = lfs.LFSConfig(lfs.UserContext(128 * 64), block_count=32)
    volume = lfs.LFSFilesystem()
    lfs.format(volume, config)
    lfs.mount(volume, config)
    assert lfs.fs_grow(volume, 40) == 0
    assert volume.block_count == config.block_count == 40
    with raises_code(Error.LFS_ERR_INVAL):
        lfs.fs_grow(volume, 10)
    lfs.unmount(volume)
    lfs.mount(volume, config)
    assert lfs.fs_stat(volume).block_count == 40


def test_names(fs):
    assert lfs.stat(fs, "/") == (2, 0, "/")
    assert lfs.mkdir(fs, "dir") == 0
    put(fs, "dir/file", b"12345")
    assert lfs.stat(fs, b"dir/file") == (1, 5, "file")
    assert lfs.stat(fs, pathlib.PurePosixPath("dir/file")).size == 5
    assert lfs.stat(fs, "dir").size == 0
    with raises_code(Error.LFS_ERR_EXIST):
        lfs.mkdir(fs, "dir")
    with raises_code(Error.LFS_ERR_NOTEMPTY):
        lfs.remove(fs, "dir")
    assert lfs.rename(fs, "dir/file", "other") == 0
    assert lfs.remove(fs, "dir") == 0 and lfs.remove(fs, "other") == 0
    with raises_code(Error.LFS_ERR_NOENT):
        lfs.remove(fs, "other")


def test_encodings(fs, monkeypatch):
    put(fs, "\xff")
    assert lfs._listdir(fs, "/") == ["\xff"]
    lfs.mkdir(fs, "\xe9", "latin-1")
    assert "\xe9" in lfs._listdir(fs, "/", "latin-1")
    with pytest.raises(UnicodeDecodeError):
        lfs._listdir(fs, "/")
    monkeypatch.setattr(lfs, "FILENAME_ENCODING", "latin-1")
    assert lfs.stat(fs, "\xe9").name == "\xe9"
    with pytest.raises(UnicodeEncodeError):
        lfs.mkdir(fs, "\u20ac")
    with pytest.raises(ValueError, match="embedded null character"):
        lfs.mkdir(fs, "a\0b")


def test_attributes(fs):
    put(fs, "file")
    assert lfs.setattr(fs, "file", 116, b"abc") is None
    lfs.setattr(fs, "file", 0, b"")
    assert lfs.getattr(fs, "file", 116) == b"abc" and lfs.getattr(fs, "file", 0) == b""
    lfs.removeattr(fs, "file", 116)
    with raises_code(Error.LFS_ERR_NOATTR):
        lfs.getattr(fs, "file", 116)
    with raises_code(Error.LFS_ERR_NOSPC):
        lfs.setattr(fs, "file", 1, bytes(1023))
    with pytest.raises(OverflowError):
        lfs.getattr(fs, "file", 256)
    with pytest.raises(TypeError):
        lfs.setattr(fs, "file", 1.9, b"")


@pytest.mark.parametrize(
    ("mode", "flags"),
    [("r", 0x1), ("w", 0x502), ("a", 0x902), ("x", 0x302), ("r+", 0x3), ("wb", 0x502)],
)
def test_modes(fs, mode, flags):
    if "r" in mode:
        put(fs, "file")
    handle = lfs.file_open(fs, "file", mode)
    assert int(handle.flags) & 0xFFFF == flags


def test_modes_refused(fs):
    with pytest.raises(ValueError, match="invalid mode: 'q'"):
        lfs.file_open(fs, "file", "q")
    for mode in ("", "b", "rw"):
        with pytest.raises(ValueError, match="must have exactly one of"):
            lfs.file_open(fs, "file", mode)
    with raises_code(Error.LFS_ERR_NOENT):
        lfs.file_open(fs, "file", lfs.LFSFileFlag.rdonly)
    with raises_code(Error.LFS_ERR_ISDIR):
        lfs.file_open(fs, "/", "r")


def test_files(fs):
    handle = lfs.file_open(fs, "file", "x+")
    assert lfs.file_write(fs, handle, memoryview(b"0123456789")) == 10
    assert lfs.file_tell(fs, handle) == 10 and lfs.file_rewind(fs, handle) == 0
    assert lfs.file_read(fs, handle, 4) == b"0123"
    assert lfs.file_seek(fs, handle, -2, 2) == 8
    assert lfs.file_read(fs, handle, 2**32 - 1) == b"89"
    assert lfs.file_seek(fs, handle, 500, 0) == 500
    assert lfs.file_read(fs, handle, 10) == b""
    assert lfs.file_truncate(fs, handle, 3) == 0 and lfs.file_size(fs, handle) == 3
    assert lfs.file_sync(fs, handle) == 0
    buffer = bytearray(5)
    lfs.file_rewind(fs, handle)
    assert lfs._file_readinto(fs, handle, buffer) == 3 and buffer == b"012\0\0"
    assert lfs.file_close(fs, handle) == 0
    with raises_code(Error.LFS_ERR_BADF):
        lfs.file_close(fs, handle)
    with pytest.raises(OverflowError):
        lfs.file_seek(fs, handle, 2**31, 0)
    with pytest.raises(ValueError, match="Size must be >= 0"):
        lfs.file_read(fs, handle, -1)


def test_rights(fs):
    put(fs, "file", b"x")
    handle = lfs.file_open(fs, "file", "r")
    for call in (lambda: lfs.file_write(fs, handle, b"y"), lambda: lfs.file_truncate(fs, handle, 0)):
        with raises_code(Error.LFS_ERR_BADF):
            call()
    with pytest.raises(TypeError, match="data"):
        lfs.file_write(fs, lfs.file_open(fs, "file", "w"), "text")
    with raises_code(Error.LFS_ERR_BADF):
        lfs.file_read(fs, lfs.file_open(fs, "file", "a"), 1)


def test_a_handle_follows_a_rename(fs):
    handle = lfs.file_open(fs, "old", "w")
    lfs.file_write(fs, handle, b"data")
    lfs.rename(fs, "old", "new")
    lfs.file_close(fs, handle)
    assert get(fs, "new") == b"data"


def test_large_files(fs):
    data = os.urandom(20000)
    put(fs, "large", data)
    assert get(fs, "large") == data


def test_directories(fs):
    lfs.mkdir(fs, "dir")
    handle = lfs.dir_open(fs, "/")
    names = [lfs.dir_read(fs, handle).name for _ in range(3)]
    assert names == [".", "..", "dir"] and lfs.dir_tell(fs, handle) == 3
    assert lfs.dir_read(fs, handle) is None
    assert lfs.dir_seek(fs, handle, 2) == 0 and lfs.dir_read(fs, handle).name == "dir"
    assert lfs.dir_rewind(fs, handle) == 0 and lfs.dir_read(fs, handle).name == "."
    assert lfs.dir_close(fs, handle) == 0 and lfs.dir_close(fs, handle) == 0
    with raises_code(Error.LFS_ERR_BADF):
        lfs.dir_read(fs, handle)


def test_signatures_name_the_parameters():
    for name, function in inspect.getmembers(lfs, inspect.isbuiltin):
        assert function.__doc__, name
        parameters = inspect.signature(function).parameters
        with pytest.raises(TypeError, match="got multiple values"):
            function(None, **dict.fromkeys(parameters))


def test_errors():
    error = LittleFSError(-2)
    assert repr(error) == "<LittleFSError(-2)>" and error.args == ()
    assert str(error) == "LittleFSError -2: LFS_ERR_NOENT"
    assert str(LittleFSError(-999)) == "LittleFSError -999: ERR_UNKNOWN"
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert twin.code == -2 and str(twin) == str(error)


def test_images_are_built_and_checked(fs):
    image = lfs._build({"a": b"12", "d": {"b": (b"3", {116: b"t"})}}, block_size=512)
    volume = lfs.LFSFilesystem()
    context = lfs.UserContext(buffer=bytearray(image))
    lfs.mount(volume, lfs.LFSConfig(context, block_size=512, block_count=0))
    assert get(volume, "d/b") == b"3" and lfs.getattr(volume, "d/b", 116) == b"t"
    assert lfs._check(image) == []
    assert lfs._probe(image)["block_size"] == 512
    with raises_code(Error.LFS_ERR_NOSPC):
        lfs._build({"a": bytes(9000)}, block_size=512, block_count=4)
    damaged = bytearray(image)
    damaged[30] ^= 1
    assert lfs._check(damaged, block_size=512)[0][0].startswith("LFK-")
