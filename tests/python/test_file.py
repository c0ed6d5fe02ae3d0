# SPDX-License-Identifier: MIT
"""Files through LittleFS.open and FileHandle, as Python's own files behave."""

import gc
import io
import os

import pytest
from littlefs import FileHandle, LittleFS, LittleFSError, lfs

CODES = LittleFSError.Error
TEXT = "first\nsecond\r\nthird: äöü 中文\n"


@pytest.fixture
def fs():
    return LittleFS(block_size=512, block_count=64, read_size=16, prog_size=16, cache_size=64)


def put(fs, path, data):
    with fs.open(path, "wb") as file:
        file.write(data)


def get(fs, path):
    with fs.open(path, "rb") as file:
        return file.read()


# --- arguments of open ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("c", "invalid mode: 'c'"), ("rU", "invalid mode: 'rU'"), ("r ", "invalid mode: 'r '"),
        ("rbt", "can't have text and binary mode at once"),
        ("rw", "must have exactly one of create/read/write/append mode"),
        ("xa", "must have exactly one of create/read/write/append mode"),
        ("", "must have exactly one of create/read/write/append mode"),
        ("b+", "must have exactly one of create/read/write/append mode"),
    ],
)  # fmt: skip
def test_bad_modes(fs, mode, text):
    with pytest.raises(ValueError, match=text):
        fs.open("f", mode)
    assert fs.listdir() == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"encoding": "utf-8"}, "binary mode doesn't take an encoding argument"),
        ({"errors": "strict"}, "binary mode doesn't take an errors argument"),
        ({"newline": ""}, "binary mode doesn't take a newline argument"),
    ],
)
def test_binary_files_have_no_text_options(fs, options, text):
    with pytest.raises(ValueError, match=text):
        fs.open("f", "wb", **options)
    assert fs.listdir() == []


def test_unbuffered_text_is_refused_before_anything_happens(fs):
    put(fs, "f", b"content")
    with pytest.raises(ValueError, match="can't have unbuffered text I/O"):
        fs.open("f", "w", 0)
    assert get(fs, "f") == b"content"


def test_line_buffering_of_binary_files_warns(fs):
    with pytest.warns(RuntimeWarning, match="line buffering") as caught:
        fs.open("f", "wb", 1).close()
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "options", [{"encoding": "no-such"}, {"encoding": 5}, {"errors": 5}, {"newline": "x"}]
)
def test_text_options_that_cannot_be_touch_no_file(fs, options):
    put(fs, "f", b"content")
    for path in ("f", "new"):
        with pytest.raises((LookupError, ValueError, TypeError)):
            fs.open(path, "w", **options)
    assert fs.listdir() == ["f"] and get(fs, "f") == b"content"


# --- what open returns -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("rb", io.BufferedReader), ("wb", io.BufferedWriter), ("ab", io.BufferedWriter),
     ("xb", io.BufferedWriter), ("r+b", io.BufferedRandom), ("bw+", io.BufferedRandom),
     ("ab+", io.BufferedRandom), ("rrb", io.BufferedReader)],
)  # fmt: skip
def test_kinds_of_binary_files(fs, mode, kind):
    if "x" not in mode:
        put(fs, "f", b"")
    with fs.open("f", mode) as file:
        assert type(file) is kind
        assert isinstance(file.raw, FileHandle)
    if "x" not in mode:
        with fs.open("f", mode, buffering=0) as file:
            assert type(file) is FileHandle
            assert isinstance(file, io.RawIOBase)


def test_text_files(fs):
    with fs.open("f", "w", 1, "utf-8", None, "") as file:
        assert type(file) is io.TextIOWrapper
        assert file.line_buffering
        assert isinstance(file.buffer.raw, FileHandle)
        assert file.encoding == "utf-8"
    with fs.open("f") as file:
        assert not file.line_buffering
        assert file.encoding == io.TextIOWrapper(io.BytesIO()).encoding


@pytest.mark.parametrize(("buffering", "size"), [(-1, 64), (2, 2), (100, 100), (-5, 64)])
def test_size_of_the_buffer(fs, buffering, size):
    """What it holds has not reached the file."""
    with fs.open("f", "wb", buffering) as file:
        file.write(bytes(size - 1))
        assert file.raw.tell() == 0
        file.write(b"xy")
        assert file.raw.tell() > 0


def test_flags(fs):
    for mode, flags in {"r": (True, False), "w": (False, True), "a": (False, True),
                        "r+": (True, True), "w+": (True, True), "a+": (True, True)}.items():
        put(fs, "f", b"")
        file = fs.open("f", mode + "b", buffering=0)
        assert (file.readable(), file.writable(), file.seekable()) == (*flags, True)
        file.close()
        assert (file.readable(), file.writable()) == (False, False)


def test_handles_of_the_lower_layer(fs):
    fh = lfs.file_open(fs.fs, "f", "w+")
    with FileHandle(fs.fs, fh) as file:
        assert (file.fs, file.fh) == (fs.fs, fh)
        assert file.readable()
        assert file.writable()
        assert file.write(b"123") == 3
    assert get(fs, "f") == b"123"


# --- opening ------------------------------------------------------------------------------------------


def test_what_cannot_be_opened(fs):
    fs.mkdir("d")
    put(fs, "f", b"")
    for path, mode, kind in [
        ("nope", "r", FileNotFoundError), ("nope", "r+b", FileNotFoundError),
        ("no/pe", "w", FileNotFoundError), ("d", "r", IsADirectoryError),
        ("d", "w", IsADirectoryError), ("f", "x", FileExistsError),
    ]:  # fmt: skip
        with pytest.raises(kind, match=path):
            fs.open(path, mode)
    for path, code in [("f/x", CODES.LFS_ERR_NOTDIR), ("n" * 300, CODES.LFS_ERR_NAMETOOLONG)]:
        with pytest.raises(LittleFSError) as caught:
            fs.open(path, "w")
        assert caught.value.code == code


def test_appending_makes_the_file(fs):
    for _ in range(3):
        with fs.open("log", "a") as file:
            file.write("line\n")
    with fs.open("log") as file:
        assert list(file) == ["line\n"] * 3


# --- reading and writing ----------------------------------------------------------------------------------


def test_text(fs):
    with fs.open("f", "w", encoding="utf-8", newline="") as file:
        file.write(TEXT)
    assert fs.stat("f").size == len(TEXT.encode())
    with fs.open("f", encoding="utf-8") as file:
        assert file.read() == TEXT.replace("\r\n", "\n")
        file.seek(6)
        assert file.readline() == "second\n"
    with fs.open("f", encoding="utf-8", newline="") as file:
        assert list(file) == TEXT.splitlines(keepends=True)


@pytest.mark.parametrize("buffering", [-1, 0, 7])
def test_update_in_place(fs, buffering):
    put(fs, "f", b"0123456789" * 100)
    with fs.open("f", "r+b", buffering) as file:
        assert file.read(5) == b"01234"
        assert file.tell() == 5
        assert file.write(b"abc") == 3
        assert file.seek(-3, os.SEEK_END) == 997
        assert file.write(memoryview(b"xyz--")) == 5
        assert file.seek(2) == 2
        assert file.read(8) == b"234abc89"
        assert file.seek(1, os.SEEK_CUR) == 11
    assert get(fs, "f")[-8:] == b"456xyz--"


def test_append_and_read(fs):
    put(fs, "f", b"old")
    with fs.open("f", "a+b") as file:
        file.write(b"new")
        file.seek(0)
        assert file.read() == b"oldnew"


def test_readinto(fs):
    put(fs, "f", bytes(range(256)) * 4)
    buffer = bytearray(1500)
    with fs.open("f", "rb", buffering=0) as file:
        assert file.readinto(memoryview(buffer)[10:20]) == 10
        assert buffer[:20] == bytes(10) + bytes(range(10))
        file.seek(0)
        assert file.readinto(buffer) == 1024
        assert file.readinto(buffer) == 0
        with pytest.raises((TypeError, BufferError)):
            file.readinto(b"read-only")
    with fs.open("f", "rb") as file:
        assert file.readinto(buffer) == 1024
    assert buffer[:1024] == bytes(range(256)) * 4


def test_sizes_of_reads(fs):
    put(fs, "f", b"0123456789")
    with fs.open("f", "rb", buffering=0) as file:
        assert file.read(0) == b""
        assert file.read(4) == b"0123"
        assert file.read(2**70) == b"456789"
        assert file.read(1) == file.read() == file.read(-1) == file.readall() == b""
        file.seek(0)
        assert file.read(None) == b"0123456789"


@pytest.mark.parametrize("buffering", [0, -1])
def test_reading_behind_the_end(fs, buffering):
    put(fs, "f", b"0123456789")
    with fs.open("f", "rb", buffering) as file:
        assert file.seek(500) == 500
        assert file.read() == file.read(10) == b""


def test_large_files(fs):
    data = os.urandom(20_000)
    with fs.open("f", "wb") as file:
        assert file.write(data) == len(data)
    with fs.open("f", "rb") as file:
        assert file.read(7) + file.read(15_000) + file.read() == data


def test_buffers_of_other_items(fs):
    import array

    with fs.open("f", "wb", buffering=0) as file:
        assert file.write(array.array("I", [1, 2, 3])) == 12
        for wrong in ("text", 3, None):
            with pytest.raises(TypeError):
                file.write(wrong)
        assert file.write(b"") == 0
    assert len(get(fs, "f")) == 12


def test_seeking_out_of_range(fs):
    with fs.open("f", "w+b", buffering=0) as file:
        for offset, whence in [(-1, 0), (-1, 1), (-1, 2)]:
            with pytest.raises(LittleFSError) as caught:
                file.seek(offset, whence)
            assert caught.value.code == CODES.LFS_ERR_INVAL
        with pytest.raises((OverflowError, LittleFSError)):
            file.seek(2**31)
        assert file.tell() == 0


def test_wrong_direction(fs):
    put(fs, "f", b"123")
    with fs.open("f", "rb", buffering=0) as file:
        for call in (lambda: file.write(b"1"), file.truncate, lambda: file.truncate(1)):
            with pytest.raises(io.UnsupportedOperation, match="not writable"):
                call()
    with fs.open("f", "ab", buffering=0) as file:
        for call in (file.readall, file.read, lambda: file.read(1),
                     lambda: file.readinto(bytearray(1))):  # fmt: skip
            with pytest.raises(io.UnsupportedOperation, match="not readable"):
                call()
        with pytest.raises(io.UnsupportedOperation):
            file.fileno()
        assert not hasattr(file, "name")


# --- truncate -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("buffering", [-1, 0])
@pytest.mark.parametrize("size", [0, 3, 10, 700])
def test_truncate(fs, buffering, size):
    put(fs, "f", b"0123456789")
    with fs.open("f", "r+b", buffering) as file:
        file.seek(5)
        assert file.truncate(size) == size
        assert file.tell() == 5
    assert get(fs, "f") == b"0123456789"[:size].ljust(size, b"\0")


def test_truncate_at_the_position(fs):
    put(fs, "f", b"0123456789")
    with fs.open("f", "r+b") as file:
        file.seek(4)
        assert file.truncate() == 4
    with fs.open("f", "r+") as file:
        file.truncate()
    assert get(fs, "f") == b""


def test_truncate_to_no_size(fs):
    with fs.open("f", "wb", buffering=0) as file:
        with pytest.raises(ValueError):
            file.truncate(-1)
        with pytest.raises((LittleFSError, OverflowError)):
            file.truncate(2**31)


# --- what is durable when, and the end of handles -----------------------------------------------------------


def test_flush(fs):
    with fs.open("f", "w") as file:
        file.write("12345")
        file.flush()
        assert fs.stat("f").size == 0
        file.buffer.raw.flush()
        assert fs.stat("f").size == 5


def test_closed_handles(fs):
    file = fs.open("f", "w+b", buffering=0)
    file.close()
    file.close()
    assert file.closed
    for call in (file.read, file.readall, file.tell, file.flush, file.truncate, file.seekable,
                 lambda: file.read(1), lambda: file.readinto(bytearray(1)),
                 lambda: file.write(b""), lambda: file.seek(0), file.__enter__):  # fmt: skip
        with pytest.raises(ValueError, match="closed file"):
            call()


def test_files_that_are_dropped_are_stored(fs):
    file = fs.open("f", "wb")
    file.write(b"dropped")
    del file
    gc.collect()
    assert get(fs, "f") == b"dropped"


def test_a_full_volume_keeps_what_was_flushed(fs):
    with fs.open("f", "wb", buffering=0) as file:
        file.write(b"flushed")
        file.flush()
        with pytest.raises(LittleFSError) as caught:
            file.write(bytes(512 * 64))
        assert caught.value.code == CODES.LFS_ERR_NOSPC
    assert get(fs, "f") == b"flushed"


@pytest.mark.parametrize("buffering", [-1, 0])
def test_closing_after_a_failed_sync(fs, buffering):
    """The handle is closed all the same."""

    class Full(Exception):
        pass

    class Context(type(fs.context)):
        fails = False

        def prog(self, cfg, block, off, data):
            if self.fails:
                raise Full
            return super().prog(cfg, block, off, data)

    context = Context(512 * 64)
    volume = LittleFS(context, block_size=512, block_count=64)
    file = volume.open("f", "wb", buffering)
    file.write(b"data")
    context.fails = True
    with pytest.raises(Full):
        file.close()
    assert file.closed
    file.close()
    context.fails = False
    assert volume.listdir() == ["f"]


def test_handles_and_the_end_of_the_volume(fs, capsys):
    """They are refused, and closing them is quiet when they are collected."""
    file = fs.open("f", "wb", buffering=0)
    file.write(b"lost")
    fs.unmount()
    with pytest.raises((LittleFSError, ValueError)):
        file.write(b"more")
    del file
    gc.collect()
    fs.mount()
    assert fs.stat("f").size == 0
    assert capsys.readouterr().err == ""


def test_handles_follow_their_file(fs):
    with fs.open("f", "wb") as file:
        file.write(b"before")
        fs.rename("f", "g")
        file.write(b", after")
    assert (fs.listdir(), get(fs, "g")) == (["g"], b"before, after")


def test_two_readers(fs):
    put(fs, "f", bytes(range(200)))
    with fs.open("f", "rb") as one, fs.open("f", "rb") as two:
        assert one.read(100) + two.read(100) == bytes(range(100)) * 2
        assert one.read() == two.read() == bytes(range(100, 200))
