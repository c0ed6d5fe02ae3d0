# SPDX-License-Identifier: MIT
"""littlefs.lfs is used wrongly, and the interpreter lives on."""

import gc
import sys
import threading
import tracemalloc
import weakref

import pytest

lfs = pytest.importorskip("littlefs.lfs", reason="the extension was not built (python3-dev)")

import littlefs  # noqa: E402
from littlefs import LittleFS  # noqa: E402
from littlefs.context import UserContext  # noqa: E402
from littlefs.errors import LittleFSError  # noqa: E402


class Context(UserContext):
    """One whose functions can be made to do something else."""

    def __init__(self, **other):
        super().__init__(16384)
        self.other = other

    def _call(self, name, *arguments):
        other = self.other.get(name)
        return other(*arguments) if other else getattr(UserContext, name)(self, *arguments)

    def read(self, *arguments):
        return self._call("read", *arguments)

    def prog(self, *arguments):
        return self._call("prog", *arguments)

    def erase(self, *arguments):
        return self._call("erase", *arguments)

    def sync(self, *arguments):
        return self._call("sync", *arguments)


def fresh(context=None):
    volume = lfs.LFSFilesystem()
    config = lfs.LFSConfig(context or UserContext(16384), block_size=512, block_count=32)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    return volume


def fail(error):
    def function(*arguments):
        raise error

    return function


@pytest.mark.parametrize("name", ["prog", "erase", "sync", "read"])
@pytest.mark.parametrize("error", [KeyError("mine"), KeyboardInterrupt()])
def test_what_a_context_raises_comes_out(name, error):
    context = Context()
    volume = fresh(context)
    handle = lfs.file_open(volume, "file", "w")
    lfs.file_write(volume, handle, bytes(1000))
    context.other = {name: fail(error)}
    with pytest.raises(type(error)) as caught:
        lfs.file_close(volume, handle)
        lfs.mount(volume, lfs.LFSConfig(context, block_size=512, block_count=32))
    assert caught.value is error


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(b"short", ValueError), (None, TypeError), ("text", TypeError), (5, TypeError)],
)
def test_what_read_returns(answer, expected):
    context = Context(read=lambda *arguments: answer)
    with pytest.raises(expected):
        lfs.mount(lfs.LFSFilesystem(), lfs.LFSConfig(context, block_size=512, block_count=32))


def test_read_may_return_more_and_other_types():
    context = Context()
    fresh(context)
    context.other = {"read": lambda *a: memoryview(bytes(UserContext.read(context, *a)) + b"more")}
    volume = lfs.LFSFilesystem()
    assert lfs.mount(volume, lfs.LFSConfig(context, block_size=512, block_count=32)) == 0


@pytest.mark.parametrize(
    ("answer", "code"), [(-5, -5), (1, -5), (True, -5), (-999, -999), (-(2**31), -(2**31))]
)
def test_what_sync_returns(answer, code):
    context = Context()
    volume = fresh(context)
    context.other = {"sync": lambda cfg: answer}
    with pytest.raises(LittleFSError) as caught:
        lfs.mkdir(volume, "dir")
    assert caught.value.code == code


def test_none_is_success():
    context = Context()
    volume = fresh(context)
    context.other = {"sync": lambda cfg: None}
    assert lfs.mkdir(volume, "dir") == 0


def test_a_context_must_not_use_its_volume():
    context = Context()
    volume = fresh(context)
    context.other = {"sync": lambda cfg: lfs.stat(volume, "/")}
    with pytest.raises(RuntimeError):
        lfs.mkdir(volume, "dir")
    context.other = {}
    assert lfs.mkdir(volume, "other") == 0


@pytest.mark.parametrize("wrong", [None, 5, "fs", object()])
def test_wrong_objects(wrong):
    volume = fresh()
    with pytest.raises(TypeError, match="fs must be LFSFilesystem"):
        lfs.stat(wrong, "/")
    with pytest.raises(TypeError, match="cfg must be LFSConfig"):
        lfs.mount(volume, wrong)
    with pytest.raises(TypeError, match="fh must be LFSFile"):
        lfs.file_read(volume, wrong, 1)
    with pytest.raises(TypeError, match="dh must be LFSDirectory"):
        lfs.dir_read(volume, wrong)
    if not isinstance(wrong, str):
        with pytest.raises(TypeError, match="path must be"):
            lfs.stat(volume, wrong)


def test_handles_outlive_nothing():
    volume, other = fresh(), fresh()
    handle, directory = lfs.file_open(volume, "file", "w"), lfs.dir_open(volume, "/")
    with pytest.raises(LittleFSError):
        lfs.file_write(other, handle, b"x")
    lfs.unmount(volume)
    with pytest.raises(LittleFSError):
        lfs.file_close(volume, handle)
    config = lfs.LFSConfig(block_size=512, block_count=32)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    for call in (
        lambda: lfs.file_write(volume, handle, b"x"),
        lambda: lfs.dir_read(volume, directory),
        lambda: lfs.file_size(volume, lfs.LFSFile()),
    ):
        with pytest.raises(LittleFSError) as caught:
            call()
        assert caught.value.code == -9


def test_what_is_dropped_is_stored():
    volume = fresh()
    handle = lfs.file_open(volume, "file", "w")
    lfs.file_write(volume, handle, b"data")
    del handle
    assert lfs.stat(volume, "file").size == 4


def test_what_is_dropped_by_a_context_is_stored_at_the_end():
    context = Context()
    volume = fresh(context)
    handles = [lfs.file_open(volume, "file", "w")]
    lfs.file_write(volume, handles[0], b"data")
    context.other = {"sync": lambda cfg: handles.clear()}
    lfs.mkdir(volume, "dir")
    assert lfs.stat(volume, "file").size == 4


def test_cycles_are_collected():
    for _ in range(20):
        context = Context()
        volume = fresh(context)
        context.volume = volume
        context.file = lfs.file_open(volume, "file", "w")
        lfs.file_write(volume, context.file, b"data")
        seen = weakref.ref(volume)
        del volume, context
        gc.collect()
        assert seen() is None


def growth(cycle, count):
    """Bytes, those of the engine among them."""
    tracemalloc.start()
    try:
        cycle(100)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        cycle(count)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def test_handles_do_not_grow_memory():
    volume = fresh()

    def cycle(count):
        for _ in range(count):
            lfs.file_close(volume, lfs.file_open(volume, "file", "a"))
            lfs.dir_close(volume, lfs.dir_open(volume, "/"))

    assert growth(cycle, 10000) < 10000


def test_files_do_not_grow_memory():
    fs = LittleFS(block_size=512, block_count=64)

    def cycle(count):
        for _ in range(count // 4):
            fs.open("file", "w", encoding="utf-8").close()
            fs.open("file", "r+b").close()
            fs.open("file", "rb", buffering=0)  # and dropped
            with pytest.raises(FileNotFoundError):
                fs.open("missing")

    assert growth(cycle, 10000) < 10000


def test_volumes_do_not_grow_memory():
    image = bytearray(littlefs.build({"file": b"x" * 900}, block_size=512))

    def cycle(count):
        for _ in range(count):
            with LittleFS.from_image(image) as fs:
                fs.open("file", "rb")

    assert growth(cycle, 1000) < 10000


def test_threads_wait_for_each_other():
    volume = lfs.LFSFilesystem()
    config = lfs.LFSConfig(block_size=4096, block_count=512)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    failures = []

    def work(name):
        try:
            data = name.encode() * 100000
            for _ in range(5):
                handle = lfs.file_open(volume, name, "w+")
                lfs.file_write(volume, handle, data)
                lfs.file_rewind(volume, handle)
                assert lfs.file_read(volume, handle, len(data)) == data
                lfs.file_close(volume, handle)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [lfs.stat(volume, name).size for name in "abcd"] == [100000] * 4


SIZE = 16 << 20
LONG = {
    "write": lambda fs, fh: lfs.file_write(fs, fh, bytes(SIZE)),
    "read": lambda fs, fh: lfs.file_read(fs, fh, SIZE),
    "write behind a gap": lambda fs, fh: (
        lfs.file_seek(fs, fh, SIZE, 1), lfs.file_write(fs, fh, b"x"), lfs.file_truncate(fs, fh, 0)
    ),
    "lengthen": lambda fs, fh: (
        lfs.file_truncate(fs, fh, 2 * SIZE), lfs.file_truncate(fs, fh, 0)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_other_threads_run_meanwhile(name):
    volume, config = lfs.LFSFilesystem(), lfs.LFSConfig(block_size=4096, block_count=16384)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    handle = lfs.file_open(volume, "file", "w+")
    lfs.file_write(volume, handle, bytes(SIZE))
    lfs.file_rewind(volume, handle)
    turns, done = [], threading.Event()

    def take_turns():
        while not done.wait(0.0001):
            turns.append(1)

    thread = threading.Thread(target=take_turns)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # it has a turn when this thread lets go of the GIL, and never else
    try:
        thread.start()
        for _ in range(20):
            count = len(turns)
            LONG[name](volume, handle)
            if len(turns) > count:
                break
            lfs.file_rewind(volume, handle)
        else:
            pytest.fail("no other thread had a turn")
    finally:
        done.set()
        sys.setswitchinterval(before)
        thread.join()


def test_a_context_that_fails_when_the_volume_is_mounted_anew():
    """The engine can do without one of two blocks, the caller is not to do without the error."""
    for failing in range(1, 8):
        volume, context, calls = lfs.LFSFilesystem(), Context(), []
        fresh(context)

        def read(*arguments, calls=calls, context=context, failing=failing):
            calls.append(arguments)
            if len(calls) == failing:
                raise KeyError(failing)
            return UserContext.read(context, *arguments)

        config = lfs.LFSConfig(Context(), block_size=512, block_count=32)
        lfs.format(volume, config)
        lfs.mount(volume, config)
        config.user_context = context
        context.other = {"read": read}
        try:
            lfs.stat(volume, "/")
        except KeyError:
            assert len(calls) >= failing
        else:
            assert len(calls) < failing


def write(volume):
    handle = lfs.file_open(volume, "file", "w+")
    lfs.file_write(volume, handle, b"x" * 900)
    lfs.file_seek(volume, handle, 0, 0)
    lfs.file_read(volume, handle, 900)
    lfs.file_truncate(volume, handle, 800)
    lfs.file_close(volume, handle)


def look(volume):
    lfs._scandir(volume, "/", "latin-1")
    lfs._listdir(volume, b"/")
    directory = lfs.dir_open(volume, "/")
    while lfs.dir_read(volume, directory):
        pass
    lfs.fs_stat(volume), lfs.fs_size(volume), lfs.stat(volume, "/", "latin-1")


def change(volume):
    lfs.mkdir(volume, "d")
    lfs.setattr(volume, "d", 1, b"value")
    lfs.getattr(volume, "d", 1)
    lfs.removeattr(volume, "d", 1)
    lfs.rename(volume, "d", "e")
    lfs.remove(volume, "e")
    lfs.fs_gc(volume), lfs.fs_mkconsistent(volume), lfs.fs_grow(volume, 32)


def make(volume):
    lfs._build({"d": ({"f": b"x" * 900}, {1: b"attribute"})}, None, True, block_size=512)


def inspect(volume):
    image = bytearray(lfs._build({"d": {}}, block_size=512))
    lfs._probe(image)
    image[1024:] = bytes(len(image) - 1024)
    lfs._check(image)


def mount(volume):
    config = lfs.LFSConfig(Context(), block_size=512, block_count=32)
    lfs.format(volume, config)
    lfs.mount(volume, config)
    lfs.mkdir(volume, "d")


def fail_to(volume):
    try:
        lfs.stat(volume, "missing", "latin-1")
    except LittleFSError as error:
        if error.code != LittleFSError.Error.LFS_ERR_NOENT:
            raise


class Dropping(Context):
    """Drops what is open. (Some CPythons crash if a function is made without memory.)"""

    handles = ()

    def sync(self, cfg):
        self.handles = ()
        return 0


def drop(volume):
    context = Dropping()
    other = fresh(context)
    context.handles = lfs.file_open(other, "file", "w"), lfs.dir_open(other, "/")
    lfs.mkdir(other, "dir")


@pytest.mark.parametrize("use", [write, look, change, make, inspect, mount, fail_to, drop])
@pytest.mark.parametrize("is_lasting", [False, True])
def test_without_memory(use, is_lasting, monkeypatch):
    """From each allocation on, or for it alone, there is none."""
    testcapi = pytest.importorskip("_testcapi")
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    finished = False
    for start in range(1, 3000):
        volume = fresh()
        try:
            testcapi.set_nomemory(start, 0 if is_lasting else start + 1)
            try:
                use(volume)
                finished = True
            finally:
                testcapi.remove_mem_hooks()
        except (MemoryError, LittleFSError, KeyError):
            continue
        if finished:
            break
    use(volume)
    assert finished
