# SPDX-License-Identifier: MIT
"""Contexts: in memory, in a file, and one's own."""

import logging

import pytest

lfs = pytest.importorskip("littlefs.lfs", reason="the extension was not built (python3-dev)")

from littlefs.context import UserContext, UserContextFile, UserContextWinDisk  # noqa: E402
from littlefs.errors import LittleFSError  # noqa: E402


class Counting(UserContext):
    """Counts its calls."""

    def __init__(self, size):
        super().__init__(size)
        self.calls = []

    def read(self, cfg, block, off, size):
        self.calls.append(("read", size))
        return super().read(cfg, block, off, size)

    def prog(self, cfg, block, off, data):
        self.calls.append(("prog", len(data)))
        return super().prog(cfg, block, off, data)


def fresh(context, **numbers):
    volume = lfs.LFSFilesystem()
    config = lfs.LFSConfig(context, **{"block_size": 512, "block_count": 32, **numbers})
    lfs.format(volume, config)
    lfs.mount(volume, config)
    return volume


def put(volume, path, data):
    handle = lfs.file_open(volume, path, "w")
    lfs.file_write(volume, handle, data)
    lfs.file_close(volume, handle)


def test_buffers():
    with pytest.raises(ValueError):
        UserContext()
    context = UserContext(100)
    assert context.in_size == 100 and context.buffer == b"\xff" * 100
    mine = bytearray(10)
    assert UserContext(5, mine).buffer is mine


def test_python_and_native_make_the_same_image():
    plain, counted = UserContext(16384), Counting(16384)
    for context in (plain, counted):
        volume = fresh(context)
        lfs.mkdir(volume, "dir")
        put(volume, "dir/file", bytes(3000))
    assert plain.buffer == counted.buffer
    assert counted.calls


def test_reads_of_one_byte_are_not_called_for():
    context = Counting(16384)
    volume = fresh(context, read_size=1, prog_size=1)
    put(volume, "file", bytes(5000))
    assert max(size for name, size in context.calls if name == "prog") == 512
    assert len(context.calls) < 200


def test_replaced_methods_are_called():
    context = UserContext(16384)
    volume = fresh(context)
    seen = []
    context.sync = lambda cfg: seen.append(cfg) or 0
    put(volume, "file", b"x")
    assert seen and isinstance(seen[0], lfs.LFSConfig)


def test_a_buffer_that_is_replaced_is_what_is_read():
    context = UserContext(16384)
    volume = fresh(context)
    empty = bytearray(context.buffer)
    put(volume, "file", b"x")
    context.buffer = empty
    assert lfs._listdir(volume, "/") == []


def test_beyond_the_buffer_are_bad_blocks():
    context = UserContext(buffer=bytearray(b"\xff" * 512 * 8))
    volume = fresh(context)
    with pytest.raises(LittleFSError) as caught:
        put(volume, "file", bytes(512 * 16))
    assert caught.value.code == -28
    assert len(context.buffer) == 512 * 8
    put(volume, "small", bytes(600))


def test_a_buffer_that_is_read_only():
    image = bytes(fresh_image())
    volume = lfs.LFSFilesystem()
    context = UserContext(buffer=image)
    lfs.mount(volume, lfs.LFSConfig(context, block_size=512, block_count=32))
    with pytest.raises(LittleFSError) as caught:
        lfs.mkdir(volume, "dir")
    assert caught.value.code == -5


def fresh_image():
    context = UserContext(16384)
    fresh(context)
    return context.buffer


def test_logging(caplog):
    volume = fresh(UserContext(16384))
    with caplog.at_level(logging.DEBUG, "littlefs.context"):
        put(volume, "file", bytes(600))
    texts = [record.getMessage() for record in caplog.records]
    assert any(text.startswith("LFS Prog : Block: ") for text in texts)
    assert any(text.startswith("LFS Erase: Block: ") for text in texts)
    assert any(text.startswith("LFS Read : Block: ") for text in texts)


def test_files(tmp_path):
    path = tmp_path / "image.bin"
    with pytest.raises(FileNotFoundError, match="does not exist"):
        UserContextFile(path)
    context = UserContextFile(path, create=True)
    put(fresh(context), "file", b"kept")
    context.close()
    context.close()
    again = UserContextFile(path)
    assert again.in_size == path.stat().st_size and not hasattr(again, "buffer")
    volume = lfs.LFSFilesystem()
    lfs.mount(volume, lfs.LFSConfig(again, block_size=512, block_count=32))
    assert lfs.stat(volume, "file").size == 4


def test_disks_need_windows():
    with pytest.raises(ImportError, match="pywin32"):
        UserContextWinDisk(r"\\.\E:")
