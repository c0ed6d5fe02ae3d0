# SPDX-License-Identifier: MIT
"""Walks, removal of trees, and copies between host and volume."""

import os
import random

import pytest
from crafted import Crafted, directory, file
from littlefs import LittleFS, LittleFSError, UserContext

CODES = LittleFSError.Error


@pytest.fixture
def fs():
    return LittleFS(block_size=512, block_count=64)


def put(fs, path, data=b""):
    with fs.open(path, "wb") as out:
        out.write(data)


def get(fs, path):
    with fs.open(path, "rb") as source:
        return source.read()


@pytest.fixture
def tree(fs):
    fs.makedirs("dir/sub/deep")
    fs.makedirs("dir/empty")
    for path in ("top", "dir/one", "dir/two", "dir/sub/three", "dir/sub/deep/four"):
        put(fs, path, path.encode())
    return fs


# --- walk -----------------------------------------------------------------------------


def test_walk(tree):
    assert list(tree.walk("/")) == [
        ("/", ["dir"], ["top"]),
        ("/dir", ["empty", "sub"], ["one", "two"]),
        ("/dir/empty", [], []),
        ("/dir/sub", ["deep"], ["three"]),
        ("/dir/sub/deep", [], ["four"]),
    ]


@pytest.mark.parametrize(("top", "roots"), [
    (".", [".", "./dir", "./dir/empty", "./dir/sub", "./dir/sub/deep"]),
    ("dir", ["dir", "dir/empty", "dir/sub", "dir/sub/deep"]),
    ("dir/", ["dir/", "dir/empty", "dir/sub", "dir/sub/deep"]),
    (b"/dir/sub", [b"/dir/sub", b"/dir/sub/deep"]),
    ("//", ["//", "//dir", "/dir/empty", "/dir/sub", "/dir/sub/deep"]),
    ("dir//sub", ["dir//sub", "dir/sub/deep"]),
])  # fmt: skip
def test_roots_of_a_walk(tree, top, roots):
    assert [root for root, _, _ in tree.walk(top)] == roots


@pytest.mark.parametrize("top", ["/", b"/"])
def test_pruning(tree, top):
    found = []
    for root, dirs, _ in tree.walk(top):
        found.append(os.fsdecode(root))
        dirs[:] = [name for name in dirs if os.fsdecode(name) != "sub"]
    assert found == ["/", "/dir", "/dir/empty"]


def test_errors_of_a_walk_come_at_its_first_step(tree):
    for top, code in [("nope", CODES.LFS_ERR_NOENT), ("top", CODES.LFS_ERR_NOTDIR)]:
        steps = tree.walk(top)
        with pytest.raises(LittleFSError) as caught:
            next(steps)
        assert caught.value.code == code


def test_deep_trees():
    volume = LittleFS(block_size=128, block_count=1000)
    volume.makedirs("d/" * 300)
    put(volume, "d/" * 300 + "f")
    assert sum(1 for _ in volume.walk("/")) == 301
    volume.remove("d", recursive=True)
    assert volume.listdir() == []


# --- volumes whose directories contain each other ---------------------------------------------


def loop(*items):
    """A volume of 16 blocks with /a, a file, and /d, in which are `items`."""
    crafted = Crafted().pair(0, [file(b"a"), directory(b"d", (2, 3))], tail=(2, 3))
    image = bytearray(crafted.pair(2, list(items)).bytes())
    return LittleFS(UserContext(buffer=image), block_size=512, block_count=16)


ITSELF = [directory(b"e", (2, 3)), file(b"f", b"1")]
TWICE = [directory(b"e", (2, 3)), directory(b"f", (2, 3)), directory(b"g", (3, 2))]
ROOT = [directory(b"up", (0, 1))]
hostile = pytest.mark.parametrize("items", [ITSELF, TWICE, ROOT], ids=["itself", "twice", "root"])


@hostile
def test_a_walk_in_circles_ends(items):
    volume = loop(*items)
    for top in ("/", b"/", "/d"):
        steps = 0
        with pytest.raises(LittleFSError) as caught:
            for _ in volume.walk(top):
                steps += 1
        assert caught.value.code == CODES.LFS_ERR_CORRUPT
        assert steps <= 8


@hostile
def test_a_removal_in_circles_ends_and_removes_nothing(items):
    volume = loop(*items)
    before = bytes(volume.context.buffer)
    with pytest.raises(LittleFSError) as caught:
        volume.remove("/d", recursive=True)
    assert caught.value.code == CODES.LFS_ERR_CORRUPT
    assert volume.context.buffer == before


@hostile
def test_a_copy_in_circles_ends(items, tmp_path):
    with pytest.raises(LittleFSError) as caught:
        loop(*items).copy_out("/", tmp_path / "out")
    assert caught.value.code == CODES.LFS_ERR_CORRUPT


# --- copies ------------------------------------------------------------------------------------


def files_below(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def random_tree(rng, folder, depth=3):
    folder.mkdir(parents=True)
    for number in range(rng.randrange(4)):
        (folder / f"file {number} ä").write_bytes(rng.randbytes(rng.choice([0, 10, 600, 3000])))
    for number in range(rng.randrange(3) if depth else 0):
        random_tree(rng, folder / f"dir {number} ö", depth - 1)


def test_there_and_back(rng, tmp_path):
    random_tree(rng, tmp_path / "in")
    volume = LittleFS(block_size=512, block_count=1000)
    volume.copy_in(tmp_path / "in")
    volume.copy_out("/", tmp_path / "new" / "out")
    assert files_below(tmp_path / "new" / "out") == files_below(tmp_path / "in")


def test_copy_in_reuses_directories_and_replaces_files(tree, tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "one").write_bytes(b"new")
    (tmp_path / "in" / "sub" / "five").write_bytes(b"5")
    tree.copy_in(os.fsencode(tmp_path / "in"), b"dir")
    assert get(tree, "dir/one") == b"new"
    assert get(tree, "dir/two") == b"dir/two"
    assert tree.listdir("dir/sub") == ["deep", "five", "three"]
    tree.copy_in(tmp_path / "in", "made/on/the/way")
    assert tree.listdir("made/on/the/way") == ["one", "sub"]


def test_copy_of_one_file(tree, tmp_path):
    (tmp_path / "f").write_bytes(b"content")
    tree.copy_in(tmp_path / "f", "dir/g")
    tree.copy_out("dir/g", tmp_path / "new" / "h")
    assert (tmp_path / "new" / "h").read_bytes() == b"content"
    assert os.listdir(tmp_path / "new") == ["h"]
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "new" / "h").stat().st_mode & 0o777 == 0o666 & ~mask


def test_copies_that_cannot_be_made(tree, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tree.copy_in(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="'nope'"):
        tree.copy_out("nope", tmp_path / "out")
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(IsADirectoryError):
        tree.copy_in(tmp_path / "f", "dir")
    with pytest.raises(FileExistsError):
        tree.copy_in(tmp_path, "top")
    with pytest.raises(IsADirectoryError):
        tree.copy_out("top", tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "dir").write_bytes(b"a file")
    with pytest.raises(FileExistsError):
        tree.copy_out("/", tmp_path / "out")
    assert (tmp_path / "out" / "dir").read_bytes() == b"a file"
    assert sorted(os.listdir(tmp_path)) == ["f", "out"]


def test_a_copy_that_finds_no_room(fs, tmp_path):
    (tmp_path / "large").write_bytes(bytes(512 * 64))
    with pytest.raises(LittleFSError) as caught:
        fs.copy_in(tmp_path)
    assert caught.value.code == CODES.LFS_ERR_NOSPC
    assert fs.listdir("/") == []  # not even an empty file


def test_a_copy_that_finds_no_room_leaves_the_file_that_was_there(fs, tmp_path):
    put(fs, "large", b"kept")
    (tmp_path / "large").write_bytes(bytes(512 * 64))
    with pytest.raises(LittleFSError):
        fs.copy_in(tmp_path)
    assert get(fs, "large") == b"kept"


def test_a_copy_that_is_interrupted_leaves_no_file(tmp_path):
    context = UserContext(512 * 64)
    fs = LittleFS(context, block_size=512, block_count=64)
    (tmp_path / "file").write_bytes(bytes(5000))
    fs.mkdir("d")
    calls = []

    def prog(*arguments):
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return UserContext.prog(context, *arguments)

    context.prog = prog
    with pytest.raises(KeyboardInterrupt):
        fs.copy_in(tmp_path)
    assert fs.listdir("/") == ["d"]


def test_links_of_the_host_are_followed_and_end(fs, tmp_path):
    (tmp_path / "in" / "d").mkdir(parents=True)
    (tmp_path / "f").write_bytes(b"behind a link")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "f")
    fs.copy_in(tmp_path / "in")
    assert get(fs, "link") == b"behind a link"
    (tmp_path / "in" / "d" / "back").symlink_to(tmp_path / "in")
    with pytest.raises(OSError, match="leads back"):
        fs.copy_in(tmp_path / "in")


def test_what_is_neither_a_file_nor_a_directory(fs, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(OSError, match="Neither a file nor a directory"):
        fs.copy_in(tmp_path)


def test_links_at_the_destination_are_not_followed(tree, tmp_path):
    outside, out = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    (outside / "file").write_bytes(b"untouched")
    out.mkdir()
    (out / "top").symlink_to(outside / "file")
    tree.copy_out("/", out)
    assert not (out / "top").is_symlink()
    assert (out / "top").read_bytes() == b"top"

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dir").symlink_to(outside)
    with pytest.raises(NotADirectoryError, match="not followed"):
        tree.copy_out("/", tmp_path / "other")
    assert files_below(outside) == {"file": b"untouched"}


@pytest.mark.parametrize("name", [b"../evil", b"/evil", b"a/b"])
def test_names_that_lead_elsewhere(name, tmp_path):
    out = tmp_path / "deep" / "out"
    for entry in (file(name, b"1"), directory(name, (2, 3))):
        with pytest.raises(LittleFSError):
            loop(entry).copy_out("/", out)
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["deep", "out", "a", "d"]


def test_dots_that_are_stored_as_names(tmp_path):
    volume = loop(directory(b".", (2, 3)), directory(b"..", (2, 3)), file(b"f", b"1"))
    assert [names for _, _, names in volume.walk("/")] == [["a"], ["f"]]
    assert volume.listdir("/d") == ["f"]
    volume.copy_out("/", tmp_path)
    assert files_below(tmp_path) == {"a": b"", "d": None, "d/f": b"1"}


def test_a_file_that_cannot_be_written_leaves_what_was_there(tree, tmp_path, monkeypatch):
    (tmp_path / "top").write_bytes(b"old")

    def fail(*_):
        raise OSError("no more room")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no more room"):
        tree.copy_out("top", tmp_path / "top")
    assert files_below(tmp_path) == {"top": b"old"}


def test_names_in_another_encoding(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "é").write_bytes(b"1")
    volume = LittleFS(filename_encoding="latin-1", block_size=512, block_count=64)
    volume.copy_in(tmp_path / "in")
    assert volume.listdir(b"/") == [b"\xe9"]
    volume.copy_out("/", tmp_path / "out")
    assert files_below(tmp_path / "out") == {"é": b"1"}
    other = LittleFS(volume.context, block_size=512, block_count=64)
    with pytest.raises(UnicodeDecodeError):
        other.copy_out("/", tmp_path / "other")
    with pytest.raises(UnicodeEncodeError):
        (tmp_path / "in" / "中").write_bytes(b"1")
        volume.copy_in(tmp_path / "in")


def test_copies_give_the_same_image(tmp_path):
    rng = random.Random(3)
    random_tree(rng, tmp_path / "in")
    images = set()
    for _ in range(2):
        volume = LittleFS(block_size=512, block_count=1000)
        volume.copy_in(tmp_path / "in")
        images.add(bytes(volume.context.buffer))
    assert len(images) == 1
