# SPDX-License-Identifier: MIT
"""What nobody refers to any more: it is stored, whenever and in whatever order it goes."""

import gc
import subprocess
import sys
import textwrap
import threading

import pytest
from littlefs import LittleFS, UserContext, UserContextFile, lfs

GEOMETRY = {"block_size": 512, "block_count": 64}
TEXT = "0123456789"


class Interrupted(UserContext):
    """Calls a function, once, in the midst of an operation."""

    def __init__(self):
        super().__init__(512 * 64)
        self.then = None

    def sync(self, cfg):
        if self.then:
            then, self.then = self.then, None
            then()
        return super().sync(cfg)


@pytest.fixture(autouse=True)
def _collected_only_when_asked():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def context():
    return Interrupted()


@pytest.fixture
def fs(context):
    volume = LittleFS(context, **GEOMETRY)
    with volume.open("file", "w") as file:
        file.write(TEXT)
    return volume


def content(fs):
    with fs.open("file") as file:
        return file.read()


def changed(fs, mode, buffering):
    """A file that is open, and what it has when it is stored."""
    file = fs.open("file", mode, buffering)
    data = "abc"
    if mode == "r+b":
        assert file.read(2) == b"01"
        file.write(data.encode())
        return file, "01abc56789"
    file.write(data if mode in ("w", "a") else data.encode())
    return file, TEXT + data if mode[0] == "a" else data


def in_a_cycle(thing):
    """Nothing but itself refers to it; it is the first that can be found."""
    cycle = [thing]
    cycle.append(cycle)


KINDS = [
    (mode, buffering) for mode in ("wb", "w+b", "r+b", "ab") for buffering in (-1, 0, 2)
]  # fmt: skip
TEXT_KINDS = [("w", -1), ("a", -1), ("w", 1)]


@pytest.mark.parametrize(("mode", "buffering"), KINDS + TEXT_KINDS)
def test_a_file_that_is_dropped(fs, mode, buffering):
    file, expected = changed(fs, mode, buffering)
    del file
    assert content(fs) == expected


@pytest.mark.parametrize(("mode", "buffering"), KINDS)
def test_a_file_in_a_cycle(fs, mode, buffering):
    file, expected = changed(fs, mode, buffering)
    in_a_cycle(file)
    del file
    gc.collect()
    assert content(fs) == expected


@pytest.mark.parametrize(("mode", "buffering"), KINDS + TEXT_KINDS)
def test_a_file_that_a_context_drops(fs, context, mode, buffering, recwarn, capsys):
    file, expected = changed(fs, mode, buffering)
    files = [file]
    del file
    context.then = files.clear
    fs.mkdir("d")
    assert content(fs) == expected
    assert not recwarn.list and capsys.readouterr().err == ""


@pytest.mark.parametrize(("mode", "buffering"), KINDS)
def test_a_file_that_is_collected_in_a_context(fs, context, mode, buffering, recwarn, capsys):
    file, expected = changed(fs, mode, buffering)
    in_a_cycle(file)
    del file
    context.then = gc.collect
    fs.mkdir("d")
    assert content(fs) == expected
    assert not recwarn.list and capsys.readouterr().err == ""


def test_a_file_that_another_thread_drops_does_not_wait_for_the_context(fs, context):
    file, expected = changed(fs, "wb", -1)
    files = [file]
    del file

    def drop_elsewhere():
        thread = threading.Thread(target=files.clear)
        thread.start()
        thread.join()

    context.then = drop_elsewhere
    fs.mkdir("d")
    assert content(fs) == expected


def test_many_files_and_directories_collected_in_a_context(fs, context):
    for number in range(20):
        file = fs.open(f"file{number}", "wb")
        file.write(bytes([number]) * 1000)
        in_a_cycle((file, lfs.file_open(fs.fs, "file", "r"), lfs.dir_open(fs.fs, "/")))
    del file
    context.then = gc.collect
    fs.mkdir("d")
    for number in range(20):
        with fs.open(f"file{number}", "rb") as file:
            assert file.read() == bytes([number]) * 1000


def test_a_file_that_is_dropped_while_its_volume_is_mounted_anew(fs, context):
    file, _ = changed(fs, "wb", 0)
    files = [file]
    del file
    context.read = lambda *arguments: files.clear() or UserContext.read(context, *arguments)
    fs.mount()
    del context.read
    assert content(fs) == TEXT  # nothing was stored before


def test_a_file_that_cannot_be_stored_is_told_of(fs, context, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_value.code))
    file, _ = changed(fs, "wb", 0)
    context.sync = lambda cfg: -5
    del file
    assert told == [-5]
    del context.sync


def test_a_context_still_must_not_write_to_its_volume(fs, context):
    file, _ = changed(fs, "wb", 0)
    context.then = lambda: file.write(b"more")
    with pytest.raises(RuntimeError):
        fs.mkdir("d")
    file.close()
    assert content(fs) == "abc"


def test_a_volume_and_its_files_in_a_cycle(tmp_path):
    """Of the whole cycle only the file of the host stays."""

    class Keeping(UserContextFile):
        def __del__(self):
            pass  # by then it may be closed in any order

    image = tmp_path / "image"
    context = Keeping(image, create=True)
    fs = LittleFS(context, **GEOMETRY)
    context.kept = [fs, lfs.file_open(fs.fs, "low", "w"), fs.open("raw", "wb", 0)]
    lfs.file_write(fs.fs, context.kept[1], b"low")
    context.kept[2].write(b"raw")
    device = context._fh
    del fs, context
    gc.collect()
    device.close()
    with LittleFS.from_image(image) as again:
        assert {stat.name: stat.size for stat in again.scandir("/")} == {"low": 3, "raw": 3}


def test_the_module_goes_with_all_that_it_made():
    """What it keeps is needed until the last of its objects has gone."""
    script = """
        import gc, sys
        from littlefs import LittleFS, lfs
        fs = LittleFS(block_size=512, block_count=64)
        lfs.kept = [fs, fs.open("file", "wb"), fs.open("text", "w"),
                    lfs.file_open(fs.fs, "low", "w"), lfs.dir_open(fs.fs, "/")]
        lfs.kept[1].write(b"data")
        lfs.kept[2].write("data")
        for name in [name for name in sys.modules if name.startswith("littlefs")]:
            del sys.modules[name]
        del fs, lfs, LittleFS
        gc.collect()
        print("alive")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


def test_an_interpreter_that_ends_with_open_files_ends_well():
    script = """
        from littlefs import LittleFS
        fs = LittleFS(block_size=512, block_count=64)
        files = [fs.open("file", "wb"), fs.open("text", "w"), fs.open("raw", "wb", 0)]
        files[0].write(b"data")
        files[1].write("data")
        files.append(files)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
