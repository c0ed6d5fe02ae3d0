# SPDX-License-Identifier: MIT
"""Where littlefs-python 0.19 does harm, and what happens here instead: a test for each.

The last four are what was open and is decided.
"""

import contextlib
import copy
import gc
import importlib.metadata
import logging
import pickle
import subprocess
import sys
import sysconfig
import tracemalloc
import weakref
from concurrent import futures

import littlefs
import pytest
from littlefs import LittleFS, LittleFSError, UserContext, lfs

CODES = LittleFSError.Error
GEOMETRY = {"block_size": 512, "block_count": 64}


@pytest.fixture
def fs():
    return LittleFS(**GEOMETRY)


@contextlib.contextmanager
def refused(code):
    with pytest.raises(LittleFSError) as caught:
        yield
    assert caught.value.code == code


def put(fs, path, data):
    with fs.open(path, "wb") as file:
        file.write(data)


def raising(error):
    def function(*arguments):
        raise error

    return function


@pytest.mark.parametrize(
    "other", [{"block_size": 1024, "block_count": 32}, {"block_count": 32}, {"name_max": 64}]
)
def test_01_the_constructor_wipes_no_volume(fs, other):
    put(fs, "kept", b"data")
    image = bytes(fs.context.buffer)
    with refused(CODES.LFS_ERR_INVAL):
        LittleFS(UserContext(buffer=fs.context.buffer), **{**GEOMETRY, **other})
    assert fs.context.buffer == image


@pytest.mark.parametrize("name", ["read", "prog", "erase", "sync"])
def test_02_what_a_context_raises_comes_out(fs, name):
    error = KeyError("mine")
    setattr(fs.context, name, raising(error))
    with pytest.raises(KeyError) as caught:
        put(fs, "file", bytes(2000))
        fs.mount()
    assert caught.value is error


def test_03_a_read_that_is_too_short_is_an_error(fs):
    fs.context.read = lambda cfg, block, off, size: bytes(size - 1)
    with pytest.raises(ValueError, match="returned .* of .* bytes"):
        fs.mount()


def test_04_what_littlefs_asserts_is_an_exception(fs):
    with refused(CODES.LFS_ERR_INVAL):
        LittleFS(block_size=512, block_count=64, cache_size=100)
    put(fs, "file", b"data")
    reader, writer = lfs.file_open(fs.fs, "file", "r"), lfs.file_open(fs.fs, "file", "r+")
    for call in (
        lambda: lfs.file_read(fs.fs, lfs.file_open(fs.fs, "other", "w"), 1),
        lambda: lfs.file_write(fs.fs, reader, b"x"),
        lambda: lfs.file_truncate(fs.fs, reader, 1),
        lambda: lfs.file_close(fs.fs, writer) or lfs.file_close(fs.fs, writer),
    ):
        with refused(CODES.LFS_ERR_BADF):
            call()
    with refused(CODES.LFS_ERR_INVAL):
        lfs.fs_grow(fs.fs, 63)
    fs.context.sync = lambda cfg: 1
    with refused(CODES.LFS_ERR_IO):
        fs.mkdir("d")


@pytest.mark.parametrize(
    "call",
    [
        lambda fs: fs.stat("/"),
        lambda fs: fs.open("file", "w"),
        lambda fs: fs.mkdir("d"),
        lambda fs: fs.fs_stat(),
        lambda fs: fs.used_block_count,
        lambda fs: fs.fs_gc(),
        lambda fs: lfs.file_read(fs.fs, lfs.LFSFile(), 1),
        lambda fs: lfs.dir_read(fs.fs, lfs.LFSDirectory()),
    ],
)
def test_05_use_before_mount(call):
    with refused(CODES.LFS_ERR_INVAL):
        call(LittleFS(mount=False, **GEOMETRY))


def test_06_unmounting_twice(fs):
    assert [fs.unmount(), fs.unmount()] == [0, 0]
    assert LittleFS(mount=False, **GEOMETRY).unmount() == 0


def test_07_use_after_unmounting_and_after_a_mount_that_failed(fs):
    fs.unmount()
    with refused(CODES.LFS_ERR_INVAL):
        fs.listdir("/")
    fs.mount()
    fs.context.buffer[:] = bytes(len(fs.context.buffer))
    with refused(CODES.LFS_ERR_CORRUPT):
        fs.mount()
    with refused(CODES.LFS_ERR_INVAL):
        fs.listdir("/")


def test_08_a_mounted_volume_keeps_its_config():
    volume = lfs.LFSFilesystem()
    config = lfs.LFSConfig(**GEOMETRY)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    kept = weakref.ref(config)
    del config
    gc.collect()
    assert lfs.mkdir(volume, "d") == 0 and kept() is not None
    lfs.unmount(volume)
    assert kept() is None


def test_09_handles_that_are_dropped_are_closed(fs):
    for number in range(100):
        lfs.file_write(fs.fs, lfs.file_open(fs.fs, "file", "w"), b"x" * number)
        lfs.dir_read(fs.fs, lfs.dir_open(fs.fs, "/"))
    assert fs.stat("file").size == 99
    handle = lfs.file_open(fs.fs, "file", "r")
    fs.unmount()
    fs.mount()
    with refused(CODES.LFS_ERR_BADF):
        lfs.file_read(fs.fs, handle, 1)


@pytest.mark.parametrize("buffering", [-1, 0])
def test_10_closing_after_unmounting(fs, buffering):
    file = fs.open("file", "wb", buffering)
    fs.unmount()
    with contextlib.suppress(LittleFSError, ValueError):
        file.close()
    assert file.closed


def test_11_truncate_heeds_its_argument(fs):
    with fs.open("file", "w+b", 0) as file:
        file.write(b"0123456789")
        assert file.truncate(4) == 4 and file.tell() == 10
        assert file.truncate(6) == 6
        file.seek(0)
        assert file.read() == b"0123\0\0"


@pytest.mark.parametrize("buffering", [-1, 0])
def test_12_reading_behind_the_end(fs, buffering):
    put(fs, "file", b"data")
    with fs.open("file", "rb", buffering) as file:
        file.seek(500)
        assert file.read() == b""


def test_13_a_read_takes_the_memory_of_what_is_read():
    fs = LittleFS(block_size=4096, block_count=512)
    put(fs, "large", bytes(1 << 20))
    put(fs, "small", b"data")
    large, small = lfs.file_open(fs.fs, "large", "r"), lfs.file_open(fs.fs, "small", "r")
    tracemalloc.start()
    try:
        assert len(lfs.file_read(fs.fs, large, 1 << 20)) == 1 << 20
        assert lfs.file_read(fs.fs, small, 2**31 - 1) == b"data"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.1 * (1 << 20)


def test_14_appending_makes_the_file(fs):
    with fs.open("log", "a") as file:
        file.write("one")
    with fs.open("log", "a") as file:
        file.write("two")
    assert fs.open("log").read() == "onetwo"
    lfs.file_close(fs.fs, lfs.file_open(fs.fs, "other", "a"))
    assert fs.stat("other").size == 0


@pytest.mark.parametrize("empty", [b"", bytearray(), memoryview(b"")])
def test_15_an_attribute_may_be_empty(fs, empty):
    fs.setattr("/", "t", empty)
    assert fs.getattr("/", "t") == b""


@pytest.mark.parametrize("path", ["a\0b", b"a\0b"])
def test_16_a_nul_in_a_path(fs, path):
    put(fs, "a", b"kept")
    for call in (fs.remove, fs.stat, fs.mkdir, fs.listdir, lambda path: fs.open(path, "w")):
        with pytest.raises(ValueError, match="embedded null"):
            call(path)
    assert fs.listdir("/") == ["a"]


@pytest.mark.parametrize("mode", ["", "b", "t", "+", "b+"])
def test_17_modes_that_say_nothing(fs, mode):
    for call in (fs.open, lambda path, mode: lfs.file_open(fs.fs, path, mode)):
        with pytest.raises(ValueError, match="must have exactly one of create/read/write/append"):
            call("file", mode)


def test_18_text_without_a_buffer_touches_no_file(fs):
    put(fs, "file", b"data")
    for path in ("file", "new"):
        with pytest.raises(ValueError, match="unbuffered text"):
            fs.open(path, "w", 0)
    assert fs.listdir("/") == ["file"] and fs.stat("file").size == 4


def test_19_makedirs_over_a_file(fs):
    put(fs, "file", b"")
    with pytest.raises(FileExistsError):
        fs.makedirs("file", exist_ok=True)


@pytest.mark.parametrize("path", ["a/b/c/", "./a/b/c", "/a//b/c//"])
def test_20_removedirs_of_any_spelling(fs, path):
    fs.makedirs("a/b/c")
    fs.removedirs(path)
    assert fs.listdir("/") == []


def test_21_a_volume_that_has_grown_can_be_mounted(fs):
    fs.context.buffer += b"\xff" * (16 * 512)
    fs.fs_grow(80)
    fs.unmount()
    assert fs.mount() == 0 and fs.block_count == fs.cfg.block_count == 80


def test_22_writing_beyond_the_buffer_does_not_append_to_it(fs):
    fs.fs_grow(128)  # the buffer has 64 blocks
    with refused(CODES.LFS_ERR_NOSPC), fs.open("large", "wb", 0) as file:
        file.write(bytes(100 * 512))
    assert len(fs.context.buffer) == 64 * 512


def test_23_errors_can_be_pickled_and_copied():
    for twin in (pickle.loads(pickle.dumps(LittleFSError(-2))), copy.copy(LittleFSError(-2))):
        assert (twin.code, str(twin)) == (-2, "LittleFSError -2: LFS_ERR_NOENT")


def test_24_no_file_inline_is_minus_one():
    assert lfs.LFSConfig(inline_max=-1).inline_max == 2**32 - 1
    fs = LittleFS(inline_max=-1, **GEOMETRY)
    used = fs.used_block_count
    put(fs, "file", b"x")
    assert fs.used_block_count == used + 1


def test_25_directories_have_no_size(fs):
    put(fs, "file", bytes(3000))
    fs.mkdir("d")
    assert [fs.stat(path).size for path in ("/", "d")] == [0, 0]
    assert {stat.name: stat.size for stat in fs.scandir("/")} == {"file": 3000, "d": 0}


def test_26_compact_thresh_can_be_set():
    assert lfs.LFSConfig(compact_thresh=-1).compact_thresh == 2**32 - 1
    fs = LittleFS(compact_thresh=512, **GEOMETRY)
    assert fs.cfg.compact_thresh == 512 and fs.fs_gc() == 0


@pytest.mark.parametrize("wrong", [None, 5, "fs", object(), lfs.LFSConfig()])
def test_27_what_is_no_filesystem_is_a_type_error(wrong):
    for function in (lfs.unmount, lfs.fs_stat, lfs.fs_size, lfs.fs_gc, lfs.fs_mkconsistent):
        with pytest.raises(TypeError):
            function(wrong)
    for function in (lfs.stat, lfs.mkdir, lfs.remove, lfs.dir_open):
        with pytest.raises(TypeError):
            function(wrong, "/")
    with pytest.raises(TypeError):
        lfs.mount(wrong, lfs.LFSConfig())
    with pytest.raises(TypeError):
        lfs.file_read(wrong, lfs.LFSFile(), 1)


def test_28_nothing_is_made_text_that_nobody_reads(fs, caplog):
    class Data(bytes):
        def __repr__(self):
            raise AssertionError("it was made text")

    with caplog.at_level(logging.INFO, "littlefs.context"):
        assert fs.context.prog(fs.cfg, 8, 0, Data(512)) == 0
    assert not caplog.records


@pytest.mark.parametrize("typ", [1.9, 116.0])
def test_29_the_type_of_an_attribute_is_no_float(fs, typ):
    with pytest.raises(TypeError):
        fs.setattr("/", typ, b"x")


def test_30_threads_take_turns(fs):
    def work(name):
        for _ in range(20):
            put(fs, name, name.encode() * 500)
            assert fs.open(name, "rb").read() == name.encode() * 500

    with futures.ThreadPoolExecutor() as pool:
        list(pool.map(work, "abcd"))  # raises what one of them did
    assert sorted(fs.listdir("/")) == list("abcd")


def test_31_the_version_is_there_without_an_installation():
    try:
        assert littlefs.__version__ == importlib.metadata.version("littlefs-python")
    except importlib.metadata.PackageNotFoundError:
        assert littlefs.__version__.count(".") == 2


def test_32_names_are_in_any_encoding_as_the_documentation_says(fs):
    put(fs, "ünï 文 🦆", b"")
    assert fs.listdir("/") == ["ünï 文 🦆"] and "ASCII" not in LittleFS.__doc__


# --- decisions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        {"cache_size": 100}, {"block_cycles": 0}, {"lookahead_size": 0}, {"attr_max": 1023},
        {"inline_max": 4096}, {"disk_version": 0x00030000}, {"read_size": 7},
    ],
)  # fmt: skip
def test_decision_numbers_that_do_not_fit_are_refused_by_format_and_mount(numbers):
    config = lfs.LFSConfig(**{**GEOMETRY, **numbers})
    for function in (lfs.format, lfs.mount):
        with refused(CODES.LFS_ERR_INVAL):
            function(lfs.LFSFilesystem(), config)


def test_decision_beyond_the_buffer_is_erased_flash_with_bad_blocks():
    context = UserContext(1024)
    config = lfs.LFSConfig(context, block_size=512, block_count=64)
    assert context.read(config, 63, 500, 12) == b"\xff" * 12
    assert context.prog(config, 2, 0, b"x") == context.erase(config, 2) == CODES.LFS_ERR_CORRUPT
    assert len(context.buffer) == 1024


def test_decision_a_negative_size_to_read_is_a_value_error(fs):
    put(fs, "file", b"data")
    with pytest.raises(ValueError, match="Size must be >= 0"):
        lfs.file_read(fs.fs, lfs.file_open(fs.fs, "file", "r"), -1)


def test_decision_the_extension_is_built_for_one_python_and_keeps_the_gil():
    assert lfs.__file__.endswith(sysconfig.get_config_var("EXT_SUFFIX"))
    script = "import littlefs, sys; print(getattr(sys, '_is_gil_enabled', lambda: True)())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "True\n"
