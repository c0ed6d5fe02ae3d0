# SPDX-License-Identifier: MIT
"""Images made by lfskit serve the reference, to read and to write on, and what
the reference makes of them reads the same in both."""

import random
import stat
from pathlib import Path

import pytest
from cases import (
    LONG,
    Tree,
    edge_sizes,
    last_of_siblings,
    many,
    random_name,
    random_settings,
    random_tree,
)
from content import content
from rawfs import Volume
from reference import NO_ROOM, Refused

VERSIONS = {"2.0": 0x00020000, "2.1": 0x00020001}
BLOCK_SIZES = [128, 256, 384, 512, 1024, 2048, 4096, 8192, 32768, 131072]


def longest_name(block_size: int) -> int:
    """Names the reference can handle without tripping over a small block."""
    return min(255, block_size // 4)


def create(lfskit, source: Path, image: Path, settings: dict, *more: str) -> Path:
    version = settings["disk_version"]
    lfskit.do(
        "create",
        "-q",
        source,
        image,
        f"--block-size={settings['block_size']}",
        f"--prog-size={settings['prog_size']}",
        f"--cache-size={settings['cache_size']}",
        f"--disk-version={version >> 16}.{version & 0xFFFF}",
        *more,
    )
    return image


def same_everywhere(lfskit, reference, tree: Tree, image: Path, folder: Path) -> None:
    """The tree as the reference sees it, and lfskit in the image saved."""
    expected = tree.entries()
    assert reference("tree") == expected
    reference("save", image=str(image))
    assert lfskit.tree(image, folder) == expected
    assert lfskit.info(image)["used_blocks"] == reference("used")


def write_on(rng: random.Random, reference, tree: Tree, turns: int, sizes: list[int]):
    """Random changes, to the reference's volume and to the tree alike."""
    acts = [add, overwrite, append, rename, remove, make_directory]
    for _ in range(turns):
        act = rng.choice(acts)
        before = dict(tree.nodes)
        try:
            act(rng, reference, tree, sizes)
        except Refused as error:
            if error.code not in NO_ROOM:
                raise
            tree.nodes = before
            adopt_leftovers(reference, tree)


def adopt_leftovers(reference, tree: Tree) -> None:
    """No space: a file just created may have been left empty."""
    for item in reference("tree"):
        if item["path"] not in tree.nodes:
            assert item["size"] == 0
            tree.nodes[item["path"]] = b""


def new_path(rng: random.Random, tree: Tree) -> str:
    while True:
        path = f"{rng.choice(tree.directories())}/{random_name(rng, 20)}"
        if path not in tree.nodes:
            return path


def add(rng, reference, tree, sizes):
    path, size, salt = new_path(rng, tree), rng.choice(sizes), rng.randrange(10**6)
    tree.nodes[path] = (size, salt)
    reference("write", path=path, size=size, salt=salt)


def overwrite(rng, reference, tree, sizes):
    if tree.files():
        path = rng.choice(tree.files())
        old = tree.data(path)
        at, size, salt = rng.randint(0, len(old)), rng.choice(sizes), rng.randrange(99)
        tree.nodes[path] = old[:at] + content(size, salt) + old[at + size :]
        reference("write", path=path, size=size, salt=salt, at=at)


def append(rng, reference, tree, sizes):
    if tree.files():
        path, size, salt = rng.choice(tree.files()), rng.choice(sizes), rng.randrange(99)
        tree.nodes[path] = tree.data(path) + content(size, salt)
        reference("write", path=path, size=size, salt=salt, append=True)


def rename(rng, reference, tree, sizes):
    """While it moves an entry to another pair the reference loses sight of the
    one behind it, and may hand out that one's blocks: so there is none."""
    sources = [path for path in tree.nodes if last_of_siblings(tree, path)]
    if sources:
        old, new = rng.choice(sources), new_path(rng, tree)
        if not new.startswith(old + "/"):
            for path in [old, *tree.children(old)]:
                tree.nodes[new + path[len(old) :]] = tree.nodes.pop(path)
            reference("rename", old=old, new=new)


def remove(rng, reference, tree, sizes):
    alone = [path for path in tree.nodes if not tree.children(path)]
    if alone:
        path = rng.choice(alone)
        del tree.nodes[path]
        reference("remove", path=path)


def make_directory(rng, reference, tree, sizes):
    path = new_path(rng, tree)
    tree.nodes[path] = None
    reference("mkdir", path=path)


def fill(reference, tree: Tree, size: int) -> None:
    """Write files until the volume is full."""
    number, empty = reference("fill", prefix="/fill", size=size, limit=5000)
    for index in range(number):
        tree.nodes[f"/fill{index}"] = (size, index)
    if empty:
        tree.nodes[f"/fill{number}"] = b""


def free_blocks(block_size: int) -> int:
    """Head room to write on, the less the larger a block."""
    return max(6, min(40, (1 << 20) // block_size))


@pytest.mark.parametrize("case", many(90, 2000))
def test_random_trees(case, rng, lfskit, reference, tmp_path):
    """Any tree and settings: read, written on, filled up, read back."""
    block_size = BLOCK_SIZES[case % len(BLOCK_SIZES)]
    version = rng.choice(list(VERSIONS.values()))
    settings = random_settings(rng, block_size, version)
    sizes = edge_sizes(block_size, block_size // 8, rng.choice([1, 3, 10]))
    sizes = [size for size in sizes if size < 1 << 19] + [7, 30, 60]
    tree = random_tree(rng, sizes, rng.choice([0, 1, 5, 30]), longest_name(block_size))
    source = tree.store(tmp_path / "source")
    free = f"--free={free_blocks(block_size) * block_size}"
    image = create(lfskit, source, tmp_path / "image", settings, free)

    assert lfskit.tree(image, tmp_path / "out0") == tree.entries()
    assert lfskit.info(image)["odd"] == []
    mounted = reference("mount", image=str(image), settings=settings)
    assert mounted["version"] == version
    assert mounted["used"] == lfskit.info(image)["used_blocks"]
    assert reference("tree") == tree.entries()

    write_on(rng, reference, tree, 12, [0, 1, 20, block_size // 8, block_size + 1])
    same_everywhere(lfskit, reference, tree, tmp_path / "on", tmp_path / "out1")
    # Tiny files would fill large blocks by the thousand, which is quadratic in the reference.
    smallest = 10 if block_size <= 1024 else block_size // 2
    fill(reference, tree, rng.choice([smallest, block_size // 8 + 1, 2 * block_size]))
    same_everywhere(lfskit, reference, tree, tmp_path / "full", tmp_path / "out2")
    assert reference("counts")["overprogrammed"] == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_sizes_at_every_limit(block_size, version, lfskit, reference, tmp_path):
    """A file for each size around the inline limit and the block boundaries."""
    settings = random_settings(random.Random(block_size), block_size, VERSIONS[version])
    inline = min(settings["cache_size"], 1022, block_size // 8)
    blocks = 20 if block_size <= 4096 else 4
    tree = Tree()
    for size in edge_sizes(block_size, inline, blocks):
        tree.nodes[f"/f{size}"] = (size, size)
    image = create(
        lfskit, tree.store(tmp_path / "source"), tmp_path / "image", settings
    )
    assert lfskit.tree(image, tmp_path / "out") == tree.entries()
    reference("mount", image=str(image), settings=settings)
    assert reference("tree") == tree.entries()


def numbered(count: int) -> Tree:
    """A directory of small files, every third name the beginning of others."""
    tree = Tree()
    tree.nodes["/d"] = None
    for number in range(count):
        tree.nodes[f"/d/{number // 3}{'ab'[: number % 3]}"] = (number % 50, number)
    return tree


@pytest.mark.parametrize("block_size", [256, 4096, 131072])
@pytest.mark.parametrize(
    "count", [0, 1, 2, 84, 126, 127, 128, 252, 253, 254, 255, 256, 508, 509, 1000, 3000]
)
def test_directories_of_all_sizes(count, block_size, lfskit, reference, tmp_path):
    """All entries are found, and so are others put in among them."""
    if count > 300 and block_size == 256 and not LONG:
        pytest.skip("LFSKIT_LONG is not set: quadratic in the reference")
    settings = {
        "block_size": block_size,
        "read_size": 16,
        "prog_size": 16,
        "cache_size": min(512, block_size),
        "lookahead_size": 64,
        "block_cycles": -1,
        "disk_version": VERSIONS["2.1"],
    }
    tree = numbered(count)
    source = tree.store(tmp_path / "source")
    image = create(
        lfskit, source, tmp_path / "image", settings, f"--free={20 * block_size}"
    )
    assert lfskit.tree(image, tmp_path / "out0") == tree.entries()
    reference("mount", image=str(image), settings=settings)
    if count <= 300 or LONG:
        assert reference("tree") == tree.entries()
    for path in list(tree.nodes)[1 :: max(1, count // 30)]:
        assert reference("stat", path=path) == [1, tree.nodes[path][0]]
    for name in ("/d/", "/d/1", "/d/10a", "/d/zz", "/d/500b"):
        path = name + "+"
        tree.nodes[path] = (30, 1)
        reference("write", path=path, size=30, salt=1)
        reference("remove", path=path)
        reference("write", path=path, size=30, salt=1)
    for path in list(tree.nodes)[1 : count // 2 : max(1, count // 10)]:
        del tree.nodes[path]
        reference("remove", path=path)
    reference("save", image=str(image))
    assert lfskit.tree(image, tmp_path / "out1") == tree.entries()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("block_size", [128, 384, 4096])
def test_all_prog_sizes(block_size, version, lfskit, reference, tmp_path):
    """Logs are padded to any prog size, and can be appended to with it."""
    tree = Tree()
    tree.nodes = {"/d": None, "/d/f": (12, 1), "/a": (3, 2), "/e": None}
    source = tree.store(tmp_path / "source")
    sizes = [n for n in range(1, block_size + 1) if block_size % n == 0]
    for prog in sizes:
        cache = max(prog, min(n for n in sizes if n % prog == 0 and n >= 32))
        settings = {
            "block_size": block_size,
            "read_size": 1,
            "prog_size": prog,
            "cache_size": cache,
            "lookahead_size": 8,
            "block_cycles": -1,
            "disk_version": VERSIONS[version],
        }
        image = create(
            lfskit, source, tmp_path / f"i{prog}", settings, f"--free={9 * block_size}"
        )
        reference("mount", image=str(image), settings=settings)
        assert reference("tree") == tree.entries()
        reference("write", path="/d/f", size=11, salt=4)
        counts = reference("counts")
        assert counts["overprogrammed"] == []
        assert not (counts["erases"] and prog <= block_size // 16), "log was not open"
        reference("write", path="/d/new", size=5, salt=5)
        after = Tree()
        after.nodes = tree.nodes | {"/d/f": (11, 4), "/d/new": (5, 5)}
        folder = tmp_path / f"o{prog}"
        same_everywhere(lfskit, reference, after, tmp_path / f"w{prog}", folder)


@pytest.mark.parametrize("block_size, limit", [(512, 255), (4096, 255), (4096, 1022)])
def test_names_up_to_the_limit(block_size, limit, lfskit, reference, tmp_path):
    """A name of every length that the host can hold, and one too long."""
    settings = random_settings(random.Random(limit), block_size, VERSIONS["2.1"])
    settings["name_max"] = limit
    tree = Tree()
    for length in range(1, min(limit, 255) + 1):
        tree.nodes["/" + "n" * length] = (length % 40, length)
    source = tree.store(tmp_path / "source")
    image = tmp_path / "image"
    create(lfskit, source, image, settings, f"--name-max={limit}")
    assert lfskit.info(image)["limits"]["name_max"] == limit
    assert lfskit.tree(image, tmp_path / "out") == tree.entries()
    reference("mount", image=str(image), settings=settings)
    assert reference("tree") == tree.entries()

    result = lfskit.run("create", "-q", source, tmp_path / "no", "--name-max=200")
    assert result.returncode == 1
    assert b"n" * 201 in result.stderr and b"--name-max" in result.stderr
    assert not (tmp_path / "no").exists()


def test_order_of_creation_does_not_matter(rng, lfskit, tmp_path):
    """The same tree gives the same bytes whatever order the host lists it in,
    whatever its times and modes are."""
    tree = random_tree(rng, [0, 5, 600, 5000], 200)
    first = tree.store(tmp_path / "first")
    order = list(tree.nodes)
    rng.shuffle(order)
    second = tree.store(tmp_path / "second", order)
    for path in tree.files():
        (second / path[1:]).chmod(stat.S_IRUSR)
    images = []
    for source in (first, second):
        lfskit.do("create", "-q", source, tmp_path / "image", "--fs-size=2M")
        images.append((tmp_path / "image").read_bytes())
    assert images[0] == images[1]


@pytest.mark.parametrize("free", [1, 5, 30])
def test_search_for_free_blocks_starts_in_free_space(free, rng, lfskit, tmp_path):
    """The first write after a mount finds a free block in its first window."""
    for case in range(5):
        tree = random_tree(rng, [30, 5000, 60000], 5 + 20 * case)
        source = tree.store(tmp_path / f"s{case}")
        image = tmp_path / f"i{case}"
        lfskit.do("create", "-q", source, image, f"--free={free * 4096}")
        volume = Volume(image.read_bytes(), 4096)
        _, used = volume.used()
        start = volume.start_of_search()
        window = {(start + n) % volume.block_count for n in range(64)}
        assert window - used


@pytest.mark.parametrize("case", many(40, 1000))
def test_histories_of_the_reference(case, rng, lfskit, reference, tmp_path):
    """What the reference did, cut off somewhere, reads as it does after repair."""
    block_size = rng.choice([128, 256, 512, 1024])
    settings = random_settings(rng, block_size, rng.choice(list(VERSIONS.values())))
    erase = rng.choice([0xFF, 0, None])
    reference("format", blocks=64, settings=settings, erase=erase)
    tree = Tree()
    sizes = [0, 10, block_size // 8, block_size, 3 * block_size]
    write_on(rng, reference, tree, rng.randint(5, 60), sizes)
    reference("cut", after=rng.randint(0, 30), torn=rng.randint(0, 40))
    try:
        for _ in range(20):
            write_on(rng, reference, tree, 1, sizes)
    except Refused:
        pass
    image = tmp_path / "image"
    reference("save", image=str(image))
    found = lfskit.tree(image, tmp_path / "out")
    reference("remount", settings=settings)
    reference("repair")
    assert found == reference("tree")
