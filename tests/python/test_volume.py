# SPDX-License-Identifier: MIT
"""LittleFS: when it formats and when it does not, what its methods return and raise."""

import copy
import errno
import pickle
import random
from pathlib import PurePosixPath

import pytest
from littlefs import LFSStat, LittleFS, LittleFSError, UserContext, lfs
from littlefs.errors import LittleFSError as SameError

CODES = LittleFSError.Error
GEOMETRY = {"block_size": 512, "block_count": 64}


@pytest.fixture
def fs():
    return LittleFS(**GEOMETRY)


def names(volume, path="/"):
    return sorted(volume.listdir(path))


def with_file():
    """The image of a volume with one file."""
    volume = LittleFS(**GEOMETRY)
    with volume.open("kept", "wb") as file:
        file.write(b"content")
    return volume.context.buffer


# --- the constructor --------------------------------------------------------------------


@pytest.mark.parametrize("fill", [b"\xff", b"\0", b"\x5a", None], ids=["ff", "00", "5a", "random"])
def test_formats_what_is_no_volume(fill):
    size = 512 * 64
    buffer = bytearray(fill * size if fill else random.Random(1).randbytes(size))
    volume = LittleFS(UserContext(buffer=buffer), **GEOMETRY)
    assert volume.listdir("/") == []
    assert volume.context.buffer is buffer
    assert len(buffer) == size


def test_mounts_what_is_a_volume():
    volume = LittleFS(UserContext(buffer=with_file()), **GEOMETRY)
    assert volume.listdir("/") == ["kept"]


@pytest.mark.parametrize(
    "other",
    [{"block_size": 1024, "block_count": 32}, {"block_size": 512, "block_count": 32},
     {**GEOMETRY, "name_max": 20}, {**GEOMETRY, "disk_version": 0x00020000}],
    ids=["block size", "block count", "name_max", "version"],
)  # fmt: skip
def test_never_formats_a_volume_that_is_not_as_told(other):
    image = with_file()
    before = bytes(image)
    with pytest.raises(LittleFSError) as caught:
        LittleFS(UserContext(buffer=image), **other)
    assert caught.value.code == CODES.LFS_ERR_INVAL
    assert image == before


def test_never_formats_a_damaged_volume():
    """Its superblock is whole, and leads to blocks that are gone."""
    volume = LittleFS(**GEOMETRY)
    for number in range(40):
        volume.mkdir(f"directory{number:02}" * 4) if number < 20 else None
    image = volume.context.buffer
    image[2 * 512 :] = bytes(len(image) - 2 * 512)
    before = bytes(image)
    with pytest.raises(LittleFSError) as caught:
        LittleFS(UserContext(buffer=image), **GEOMETRY)
    assert caught.value.code == CODES.LFS_ERR_CORRUPT
    assert image == before


class Broken(UserContext):
    def read(self, cfg, block, off, size):
        raise OSError(errno.EIO, "the cable is out")


def test_never_formats_a_device_that_fails():
    image = with_file()
    before = bytes(image)
    with pytest.raises(OSError, match="the cable is out"):
        LittleFS(Broken(buffer=image), **GEOMETRY)
    assert image == before


class Aligned(UserContext):
    """Reads and programs multiples of its units alone, as hardware may."""

    def read(self, cfg, block, off, size):
        assert off % cfg.read_size == size % cfg.read_size == 0
        return super().read(cfg, block, off, size)

    def prog(self, cfg, block, off, data):
        assert off % cfg.prog_size == len(data) % cfg.prog_size == 0
        return super().prog(cfg, block, off, data)


@pytest.mark.parametrize("unit", [1, 4, 16, 256, 512])
def test_a_device_is_used_in_its_units(unit):
    units = {"read_size": unit, "prog_size": unit, "cache_size": 512}
    fs = LittleFS(Aligned(64 * 512), **GEOMETRY, **units)
    with fs.open("f", "wb") as file:
        file.write(bytes(3000))
    assert len(fs.open("f", "rb").read()) == 3000


def test_takes_the_block_count_from_the_image():
    volume = LittleFS(UserContext(buffer=with_file()), block_size=512, block_count=0)
    assert (volume.block_count, volume.cfg.block_count) == (64, 0)


def test_cannot_format_without_a_block_count():
    with pytest.raises(LittleFSError) as caught:
        LittleFS(UserContext(512 * 64), block_size=512, block_count=0)
    assert caught.value.code == CODES.LFS_ERR_INVAL


def test_mount_false_touches_nothing():
    volume = LittleFS(mount=False, **GEOMETRY)
    assert volume.context.buffer == b"\xff" * 512 * 64
    assert volume.block_count == 0
    volume.context.buffer = bytearray(with_file())
    assert volume.mount() == 0
    assert volume.listdir("/") == ["kept"]


def test_default_volume():
    volume = LittleFS()
    assert len(volume.context.buffer) == 8192
    assert (volume.cfg.block_size, volume.block_count) == (128, 64)
    assert volume.filename_encoding == "utf-8"
    assert not hasattr(type(volume).context, "fset") or type(volume).context.fset is None


@pytest.mark.parametrize("wrong", [{"page_size": 3}, {"block_sise": 512}])
def test_unknown_parameters(wrong):
    with pytest.raises(TypeError):
        LittleFS(**wrong)


@pytest.mark.parametrize(
    "settings",
    [{"cache_size": 100}, {"block_cycles": 0}, {"lookahead_size": 0}, {"prog_size": 384}],
    ids=str,
)
def test_a_bad_configuration_is_refused_and_not_fatal(settings):
    with pytest.raises(LittleFSError) as caught:
        LittleFS(**{**GEOMETRY, **settings})
    assert caught.value.code == CODES.LFS_ERR_INVAL


def test_with_unmounts():
    with LittleFS(**GEOMETRY) as volume:
        volume.mkdir("d")
    with pytest.raises(LittleFSError):
        volume.listdir("/")
    assert volume.mount() == 0
    assert volume.listdir("/") == ["d"]
    with volume:
        volume.unmount()


def test_with_unmounts_after_an_error():
    volume = LittleFS(**GEOMETRY)
    with pytest.raises(KeyError), volume:
        raise KeyError
    with pytest.raises(LittleFSError):
        volume.stat("/")


# --- the volume ---------------------------------------------------------------------------


def test_figures_of_the_volume(fs):
    assert fs.used_block_count == 2
    fs.mkdir("d")
    assert fs.used_block_count == 4
    stat = fs.fs_stat()
    assert stat == (0x00020001, 255, 2147483647, 1022, 64, 512)
    assert stat._fields == (
        "disk_version", "name_max", "file_max", "attr_max", "block_count", "block_size"
    )  # fmt: skip
    assert (fs.fs_gc(), fs.fs_mkconsistent(), fs.unmount(), fs.mount()) == (0, 0, 0, 0)


def test_format_empties(fs):
    fs.mkdir("d")
    assert fs.format() == 0
    fs.mount()
    assert fs.listdir("/") == []


def test_grow_and_mount_again(fs):
    fs.mkdir("d")
    fs.context.buffer.extend(b"\xff" * (16 * 512))
    assert fs.fs_grow(80) == 0
    assert fs.block_count == fs.cfg.block_count == 80
    fs.unmount()
    fs.mount()
    assert (fs.block_count, fs.listdir("/")) == (80, ["d"])
    for number in range(7):
        with fs.open(f"file{number}", "wb") as file:
            file.write(bytes(5000))
    assert len(fs.context.buffer) == 80 * 512


def test_shrinking_is_refused(fs):
    with pytest.raises(ValueError, match="block_count='10' cannot be smaller than .* 64"):
        fs.fs_grow(10)
    assert fs.fs_grow(64) == 0


@pytest.mark.parametrize("call", [
    lambda fs: fs.listdir("/"), lambda fs: fs.stat("/"), lambda fs: fs.open("f", "w"),
    lambda fs: list(fs.walk("/")), lambda fs: fs.mkdir("d"), lambda fs: fs.remove("f"),
    lambda fs: fs.fs_stat(), lambda fs: fs.used_block_count, lambda fs: fs.fs_gc(),
    lambda fs: fs.getattr("f", 1), lambda fs: fs.rename("a", "b"), lambda fs: fs.fs_grow(100),
])  # fmt: skip
@pytest.mark.parametrize("was_mounted", [False, True])
def test_unmounted_volumes_refuse(call, was_mounted):
    volume = LittleFS(mount=was_mounted, **GEOMETRY)
    if was_mounted:
        volume.unmount()
    with pytest.raises(LittleFSError):
        call(volume)


def test_the_same_calls_give_the_same_image():
    def made():
        volume = LittleFS(block_size=4096, block_count=128, read_size=1, prog_size=1,
                          cache_size=4096, lookahead_size=32, block_cycles=500)  # fmt: skip
        for number in range(50):
            volume.makedirs(f"a{number % 3}/b", exist_ok=True)
            with volume.open(f"a{number % 3}/b/{number}", "wb") as file:
                file.write(bytes([number]) * number * 20)
            volume.setattr(f"a{number % 3}", "t", bytes([number]))
        return bytes(volume.context.buffer)

    assert made() == made()
    assert len(made()) == 4096 * 128


# --- directories ------------------------------------------------------------------------------


def test_listing_is_in_the_volumes_order(fs):
    for name in ("test", "b", "test1", "a"):
        fs.mkdir(name)
    assert fs.listdir() == fs.listdir("/") == fs.listdir(".") == ["a", "b", "test1", "test"]
    assert [stat.name for stat in fs.scandir()] == ["a", "b", "test1", "test"]


def test_scandir_is_lazy(fs):
    entries = fs.scandir("missing")
    with pytest.raises(LittleFSError) as caught:
        next(entries)
    assert caught.value.code == CODES.LFS_ERR_NOENT
    fs.mkdir("d")
    entries = fs.scandir("/")
    assert next(entries) == LFSStat(2, 0, "d") == (2, 0, "d")
    entries.close()
    fs.remove("d")


def test_scandir_that_outlives_its_volume_is_quiet(fs, recwarn, capsys):
    fs.mkdir("d")
    entries = fs.scandir("/")
    next(entries)
    fs.unmount()
    del entries
    assert capsys.readouterr().err == ""
    assert not recwarn.list


def test_stat(fs):
    with fs.open("f", "wb") as file:
        file.write(b"12345")
    fs.mkdir("d")
    assert fs.stat("f") == LFSStat(type=LFSStat.TYPE_REG, size=5, name="f")
    assert fs.stat("d") == fs.stat("/d/") == LFSStat(type=LFSStat.TYPE_DIR, size=0, name="d")
    assert fs.stat("/") == fs.stat(".") == LFSStat(2, 0, "/")


def test_mkdir(fs):
    assert fs.mkdir("d") == 0
    with pytest.raises(FileExistsError) as caught:
        fs.mkdir("d/")
    assert str(caught.value) == (
        "[LittleFSError -17] Cannot create a file when that file already exists: 'd/'."
    )
    with pytest.raises(LittleFSError) as caught:
        fs.mkdir("missing/d")
    assert caught.value.code == CODES.LFS_ERR_NOENT


def test_makedirs(fs):
    assert fs.makedirs("//a/b//c/") is None
    assert names(fs, "/a/b") == ["c"]
    fs.makedirs("a/b/d")
    fs.makedirs("a/b/c", exist_ok=True)
    fs.makedirs("")
    fs.makedirs("/")
    with pytest.raises(FileExistsError, match=r"\[LittleFSError -17\].*'/a/b/c'"):
        fs.makedirs("a/b/c")
    with fs.open("f", "w"):
        pass
    for exist_ok in (False, True):
        with pytest.raises(FileExistsError):
            fs.makedirs("f", exist_ok=exist_ok)
        with pytest.raises(LittleFSError) as caught:
            fs.makedirs("f/g", exist_ok=exist_ok)
        assert caught.value.code == CODES.LFS_ERR_NOTDIR


@pytest.mark.parametrize("name", ["remove", "rmdir", "unlink"])
def test_remove(fs, name):
    remove = getattr(fs, name)
    fs.mkdir("d")
    with fs.open("f", "w"):
        pass
    fs.makedirs("full/d")
    assert remove("d/") is None
    assert remove("/f") is None
    with pytest.raises(LittleFSError) as caught:
        remove("full")
    assert caught.value.code == CODES.LFS_ERR_NOTEMPTY
    with pytest.raises(FileNotFoundError) as caught:
        remove("f/")
    assert str(caught.value) == "[LittleFSError -2] No such file or directory: 'f/'."
    for root in ("/", ".", "//"):
        with pytest.raises(LittleFSError) as caught:
            remove(root)
        assert caught.value.code == CODES.LFS_ERR_INVAL
    assert names(fs) == ["full"]


def test_remove_recursive(fs):
    fs.makedirs("a/b/c")
    fs.makedirs("a/d")
    for path in ("a/1", "a/b/2", "a/b/c/3", "z"):
        with fs.open(path, "w"):
            pass
    fs.remove("z", recursive=True)
    with pytest.raises(LittleFSError) as caught:
        fs.remove("/", recursive=True)
    assert caught.value.code == CODES.LFS_ERR_INVAL
    assert names(fs, "a") == ["1", "b", "d"]
    fs.remove("a/", recursive=True)
    assert names(fs) == []
    with pytest.raises(FileNotFoundError, match="'a'"):
        fs.remove("a", recursive=True)


@pytest.mark.parametrize("path", ["a/b/c/f", "/a/b/c/f", "./a/b/c/f", "a//b/./c/f", "x/../a/b/c/f"])
def test_removedirs(fs, path):
    fs.makedirs("a/b/c")
    fs.makedirs("x")
    with fs.open("a/b/c/f", "w"):
        pass
    assert fs.removedirs(path) is None
    assert names(fs) == ["x"]


@pytest.mark.parametrize("path", ["", b""])
def test_removedirs_of_nothing(fs, path):
    fs.mkdir("a")
    assert fs.removedirs(path) is None
    assert names(fs) == ["a"]
    with pytest.raises(LittleFSError) as caught:
        fs.remove(path)
    assert caught.value.code == CODES.LFS_ERR_INVAL


def test_removedirs_of_a_directory_and_up_to_one_that_is_not_empty(fs):
    fs.makedirs("a/b/c")
    fs.makedirs("a/d")
    fs.removedirs("a/b/c/")
    assert names(fs, "a") == ["d"]
    with pytest.raises(FileNotFoundError):
        fs.removedirs("a/b/c")
    fs.removedirs("/a")
    assert names(fs, "a") == ["d"]


def test_rename(fs):
    fs.makedirs("a/b")
    with fs.open("f", "w") as file:
        file.write("text")
    assert fs.rename("f", "a/g") == 0
    assert fs.rename("a", "c") == 0
    assert names(fs, "c") == ["b", "g"]
    with pytest.raises(LittleFSError) as caught:
        fs.rename("f", "h")
    assert caught.value.code == CODES.LFS_ERR_NOENT


# --- attributes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("typ", ["t", b"t", 116, "116", b"116"])
def test_attribute_types(fs, typ):
    fs.setattr("/", typ, b"value")
    assert fs.getattr("/", typ) == fs.getattr("/", ord("t")) == b"value"
    assert fs.removeattr("/", typ) is None
    with pytest.raises(LittleFSError) as caught:
        fs.getattr("/", typ)
    assert caught.value.code == CODES.LFS_ERR_NOATTR


@pytest.mark.parametrize("typ", [-1, 256, "ab", "", b"", "ā", "-1"])
def test_attribute_types_out_of_range(fs, typ):
    for call in (fs.getattr, fs.removeattr, lambda path, typ: fs.setattr(path, typ, b"")):
        with pytest.raises(ValueError):
            call("/", typ)


def test_attributes_are_independent(fs):
    fs.mkdir("d")
    fs.setattr("d", "a", b"first")
    fs.setattr("d", "b", bytearray(b"second"))
    fs.setattr("d", "c", b"")
    assert list(fs.iterattr("d")) == [(97, b"first"), (98, b"second"), (99, b"")]
    fs.removeattr("d", "a")
    fs.removeattr("d", "a")
    assert list(fs.iterattr("d")) == [(98, b"second"), (99, b"")]
    with pytest.raises(LittleFSError) as caught:
        list(fs.iterattr("missing"))
    assert caught.value.code == CODES.LFS_ERR_NOENT


# --- paths and names ---------------------------------------------------------------------------------


def test_paths_of_every_kind(fs):
    fs.makedirs(PurePosixPath("a") / "b")
    fs.makedirs(b"a/c")
    with fs.open(PurePosixPath("/a/f"), "w"):
        pass
    assert fs.stat(b"/a/f").name == fs.stat(PurePosixPath("/a/f")).name == "f"
    assert fs.listdir(PurePosixPath("a")) == ["b", "c", "f"]
    assert fs.listdir(b"a") == [b"b", b"c", b"f"]
    assert [root for root, _, _ in fs.walk(PurePosixPath("/a"))] == ["/a", "/a/b", "/a/c"]
    fs.setattr(b"a", 1, b"x")
    assert fs.getattr(PurePosixPath("a"), 1) == b"x"
    fs.rename(b"a/f", PurePosixPath("a/g"))
    fs.removedirs(b"/a/b")
    fs.remove(PurePosixPath("a"), recursive=True)
    assert fs.listdir() == []


@pytest.mark.parametrize("path", ["a\0b", "d/a\0b", b"d/\0"])
@pytest.mark.parametrize("name", ["mkdir", "makedirs", "removedirs", "remove", "walk"])
def test_a_nul_is_refused_before_anything_happens(fs, name, path):
    with pytest.raises(ValueError, match="null"):
        list(getattr(fs, name)(path))
    assert fs.listdir() == []


@pytest.mark.parametrize("name", ["mkdir", "makedirs", "removedirs", "remove", "walk"])
def test_a_name_that_cannot_be_encoded_is_refused_before_anything_happens(name):
    fs = LittleFS(filename_encoding="ascii", **GEOMETRY)
    with pytest.raises(UnicodeEncodeError):
        list(getattr(fs, name)("d/\xe4"))
    assert fs.listdir() == []


@pytest.mark.parametrize("name", ["größe", "中文文件", "🎉🎈", "naïve café"])
def test_names_in_unicode(fs, name):
    fs.mkdir(name)
    with fs.open(f"{name}/{name}", "w", encoding="utf-8") as file:
        file.write(name)
    assert fs.listdir(name) == [name]
    assert fs.stat(f"{name}/{name}") == (1, len(name.encode()), name)
    fs.rename(f"{name}/{name}", f"{name}2")
    fs.remove(name)
    assert names(fs) == [f"{name}2"]


def test_encoding_of_names():
    volume = LittleFS(filename_encoding="latin-1", **GEOMETRY)
    volume.mkdir("ÿ")
    assert volume.listdir() == ["ÿ"]
    assert volume.listdir(b"/") == [b"\xff"]
    other = LittleFS(volume.context, **GEOMETRY)
    for call in (other.listdir, lambda: list(other.scandir()), lambda: list(other.walk("/"))):
        with pytest.raises(UnicodeDecodeError):
            call()
    assert list(other.walk(b"/")) == [(b"/", [b"\xff"], []), (b"/\xff", [], [])]
    volume.makedirs("ÿ/é")
    other.mkdir(b"d")
    other.rename(b"\xff", "d/\xe9")
    other.remove("d", recursive=True)
    assert other.listdir() == []


def test_the_default_encoding_is_a_module_variable(monkeypatch):
    monkeypatch.setattr(lfs, "FILENAME_ENCODING", "latin-1")
    assert LittleFS(filename_encoding="", **GEOMETRY).filename_encoding == "latin-1"


# --- errors ---------------------------------------------------------------------------------------------


def test_errors_tell_what_a_program_asks_for(fs):
    fs.mkdir("d")
    for call, kind, number, path in [
        (lambda: fs.open("nope/it"), FileNotFoundError, errno.ENOENT, "nope/it"),
        (lambda: fs.open("d"), IsADirectoryError, errno.EISDIR, "d"),
        (lambda: fs.open("d", "x"), FileExistsError, errno.EEXIST, "d"),
        (lambda: fs.mkdir("d"), FileExistsError, errno.EEXIST, "d"),
        (lambda: fs.remove("nope"), FileNotFoundError, errno.ENOENT, "nope"),
    ]:
        with pytest.raises(kind) as caught:
            call()
        error = caught.value
        assert (error.errno, error.filename) == (number, path)
        assert isinstance(error.__cause__, LittleFSError)
        assert f"[LittleFSError {error.__cause__.code}]" in str(error)
        assert str(error).endswith(f"'{path}'.")
        assert type(error).__name__ == kind.__name__
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.errno, again.filename) == (str(error), number, path)


def test_littlefs_errors_can_be_copied(fs):
    with pytest.raises(LittleFSError) as caught:
        fs.stat("nope")
    error = caught.value
    assert LittleFSError is SameError
    assert str(error) == "LittleFSError -2: LFS_ERR_NOENT"
    assert repr(error) == "<LittleFSError(-2)>"
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (again.code, again.name, str(again)) == (-2, "LFS_ERR_NOENT", str(error))
