# SPDX-License-Identifier: MIT
"""LittleFSError: what a program and its user learn from one."""

import copy
import errno
import pickle
from pathlib import PurePosixPath

import pytest
from littlefs import LittleFS, LittleFSError, build, lfs
from littlefs.context import UserContext

CODES = LittleFSError.Error


@pytest.fixture
def fs():
    volume = LittleFS(block_size=512, block_count=64)
    volume.makedirs("d/e")
    return volume


def caught(call):
    with pytest.raises(LittleFSError) as info:
        call()
    return info.value


def test_made_of_its_code_alone():
    error = LittleFSError(-2)
    assert (error.code, error.name, error.errno) == (-2, "LFS_ERR_NOENT", errno.ENOENT)
    assert error.filename is None
    assert error.args == () and not isinstance(error, OSError)
    assert str(error) == "LittleFSError -2: LFS_ERR_NOENT" and repr(error) == "<LittleFSError(-2)>"


@pytest.mark.parametrize("code", [code for code in CODES if code != CODES.LFS_ERR_OK])
def test_errno_has_the_same_meaning(code):
    named = {"CORRUPT": "EILSEQ", "NOATTR": "ENODATA"}
    short = code.name[len("LFS_ERR_") :]
    assert LittleFSError(code).errno == getattr(errno, named.get(short, f"E{short}"))


@pytest.mark.parametrize("code", [0, -999, 5])
def test_numbers_of_no_error_have_no_errno(code):
    assert LittleFSError(code).errno is None


FUNCTIONS = [
    lambda fs, path: lfs.stat(fs, path),
    lambda fs, path: lfs.remove(fs, path),
    lambda fs, path: lfs.rename(fs, path, "elsewhere"),
    lambda fs, path: lfs.mkdir(fs, path),
    lambda fs, path: lfs.getattr(fs, path, 1),
    lambda fs, path: lfs.setattr(fs, path, 1, b"x"),
    lambda fs, path: lfs.removeattr(fs, path, 1),
    lambda fs, path: lfs.file_open(fs, path, "r"),
    lambda fs, path: lfs.dir_open(fs, path),
    lambda fs, path: lfs._listdir(fs, path),
    lambda fs, path: lfs._scandir(fs, path),
]


@pytest.mark.parametrize("call", FUNCTIONS)
@pytest.mark.parametrize("path", ["no/such", b"no/such", PurePosixPath("no/such")])
def test_functions_on_a_path_name_it(fs, call, path):
    error = caught(lambda: call(fs.fs, path))
    assert error.errno == errno.ENOENT
    assert error.filename == (str(path) if isinstance(path, PurePosixPath) else path)


@pytest.mark.parametrize("call", FUNCTIONS)
def test_a_volume_that_is_not_mounted_names_it_as_well(fs, call):
    fs.unmount()
    error = caught(lambda: call(fs.fs, "d"))
    assert (error.errno, error.filename) == (errno.EINVAL, "d")


def test_a_path_is_named_as_it_was_given_whatever_its_encoding():
    fs = LittleFS(block_size=512, block_count=64, filename_encoding="gb18030")
    assert caught(lambda: fs.stat("näme")).filename == "näme"


METHODS = [
    (lambda fs: fs.stat("/d/no"), "NOENT", "/d/no"),
    (lambda fs: fs.listdir(b"no"), "NOENT", b"no"),
    (lambda fs: next(fs.scandir("no")), "NOENT", "no"),
    (lambda fs: next(fs.walk("no")), "NOENT", "no"),
    (lambda fs: next(fs.walk(b"no")), "NOENT", b"no"),
    (lambda fs: fs.rename("no", "d"), "NOENT", "no"),
    (lambda fs: fs.getattr("d", 1), "NOATTR", "d"),
    (lambda fs: fs.remove("d"), "NOTEMPTY", "d"),
    (lambda fs: fs.mkdir("no/d"), "NOENT", "no/d"),
    (lambda fs: fs.makedirs("d/" + "n" * 300), "NAMETOOLONG", "/d/" + "n" * 300),
    (lambda fs: fs.open("n" * 300, "w"), "NAMETOOLONG", "n" * 300),
    (lambda fs: fs.remove("/", recursive=True), "INVAL", "/"),
]


@pytest.mark.parametrize(("call", "name", "filename"), METHODS)
def test_methods_name_the_path(fs, call, name, filename):
    error = caught(lambda: call(fs))
    assert (error.name, error.filename) == (f"LFS_ERR_{name}", filename)


def test_what_has_no_path_names_none(fs):
    assert caught(lambda: lfs.file_read(fs.fs, lfs.LFSFile(), 1)).filename is None
    assert caught(lambda: lfs.fs_grow(fs.fs, 10)).filename is None
    fs.unmount()
    assert caught(fs.fs_stat).filename is None


@pytest.mark.parametrize(("path", "inner"), [("d", "d/ä"), (b"d", "d/ä".encode())])
def test_removing_a_tree_names_what_cannot_be_removed(path, inner):
    context = UserContext(64 * 512)
    fs = LittleFS(context, block_size=512, block_count=64)
    fs.makedirs("d/ä")
    context.sync = lambda cfg: -5
    error = caught(lambda: fs.remove(path, recursive=True))
    assert (error.errno, error.filename) == (errno.EIO, inner)


def test_copies_name_the_path_in_the_volume(fs, tmp_path):
    (tmp_path / "große").write_bytes(bytes(64 * 512))
    error = caught(lambda: fs.copy_in(tmp_path, "d"))
    assert (error.errno, error.filename) == (errno.ENOSPC, "d/große")
    assert caught(lambda: fs.copy_in(tmp_path, b"d")).filename == "d/große".encode()
    (tmp_path / "große").unlink()
    (tmp_path / "e").write_bytes(b"")
    with pytest.raises(IsADirectoryError) as info:
        fs.copy_in(tmp_path, "d")
    assert info.value.filename == "d/e"


def test_building_names_what_cannot_be_stored(tmp_path):
    long = "n" * 300
    error = caught(lambda: build({"d": {long: b""}}))
    assert error.errno == errno.ENAMETOOLONG and error.filename == f"/d/{long}"
    assert long in error.detail
    umlauts = {"ü" * 300: b""}
    assert caught(lambda: build(umlauts, filename_encoding="latin-1")).filename == "/" + "ü" * 300
    (tmp_path / long[:255]).write_bytes(b"")
    error = caught(lambda: build(tmp_path, name_max=64))
    assert error.filename == f"/{long[:255]}"


def test_all_of_it_is_kept_by_copies(fs):
    error = caught(lambda: fs.stat("näme"))
    assert error.detail
    for twin in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is LittleFSError
        assert str(twin) == str(error) and twin.args == error.args
        for name in ("code", "name", "errno", "filename", "detail"):
            assert getattr(twin, name) == getattr(error, name)


class Stricter(LittleFSError):
    """A class of a user's."""


def test_extended_classes_are_kept_by_copies():
    twin = pickle.loads(pickle.dumps(Stricter(-28)))
    assert type(twin) is Stricter and twin.errno == errno.ENOSPC
    assert str(twin) == "Stricter -28: LFS_ERR_NOSPC"
