# SPDX-License-Identifier: MIT
"""create: what is in the image, how large it is, and littlefs's settings."""

import json
import os
import re
from pathlib import Path

import pytest
from cases import many, random_tree
from rawfs import FCRC, NAME_SUPER, Volume, parse_log
from transcript import done, failed, harvest, nothing_but, plant, refused

BLOCK_SIZES = [128, 256, 384, 512, 1024, 4096, 16384]
TREE = {
    "index.html": b"<html>" * 300,
    "css/style.css": b"a" * 100,
    "css/deep/er/x": b"x",
    "empty": None,
    "void": b"",
    "js/app.js": bytes(range(256)) * 90,
}


@pytest.fixture
def src() -> str:
    plant(TREE, Path("src"))
    return "src"


def create(lfskit, *words, image: str = "i.img") -> bytes:
    """Make the image without a word; its bytes."""
    assert done(lfskit, "create", "-q", words[0], image, *words[1:]) == ""
    return Path(image).read_bytes()


def raw(lfskit, *words, block_size: int = 4096) -> Volume:
    if block_size != 4096:
        words = (*words, f"--block-size={block_size}")
    return Volume(create(lfskit, *words), block_size)


def contents(lfskit, image: str = "i.img") -> dict:
    done(lfskit, "extract", "-q", image, "back")
    return harvest(Path("back"))


def whole(tree: dict) -> dict:
    """A tree with the directories that were implied."""
    parents = {str(p): None for name in tree for p in Path(name).parents if p.name}
    return parents | tree


# --- what is in it --------------------------------------------------------------------


def test_a_directory_goes_in_whole(src, lfskit):
    create(lfskit, src)
    assert contents(lfskit) == whole(TREE)


def test_a_file_goes_in_under_its_name(src, lfskit):
    for source in ("src/css/style.css", "./src/css/../css/style.css", os.path.abspath("src/void")):
        create(lfskit, source)
        assert done(lfskit, "list", "i.img") == f"/{os.path.basename(source)}\n"


def test_an_empty_directory_makes_an_empty_volume(lfskit):
    os.mkdir("nothing")
    image = create(lfskit, "nothing")
    assert len(image) == 2 * 4096
    assert done(lfskit, "list", "i.img") == ""


def test_the_image_has_a_name_by_default(src, lfskit):
    done(lfskit, "create", "-q", src)
    assert sorted(os.listdir()) == ["lfs.bin", "src"]


def test_the_old_form_of_the_image_operand(src, lfskit):
    done(lfskit, "create", "-q", src, "--image=o.img")
    assert Path("o.img").read_bytes() == create(lfskit, src)


def test_the_same_tree_gives_the_same_bytes(src, lfskit):
    image = create(lfskit, src)
    assert create(lfskit, "./src//") == image
    assert create(lfskit, os.path.abspath(src)) == image
    for name in reversed(list(TREE)):
        plant({name: TREE[name]}, Path("other"))
    os.utime("other/void", (1, 1))
    os.chmod("other/void", 0o400)
    os.chmod("other/css", 0o500)
    assert create(lfskit, "other") == image
    os.chmod("other/css", 0o700)


# --- how it is laid out -----------------------------------------------------------------


@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_everything_is_at_the_front_and_the_rest_is_erased(block_size, src, lfskit):
    volume = raw(lfskit, src, "--block-count=400", block_size=block_size)
    assert len(volume.image) == volume.block_count * block_size == 400 * block_size
    used, blocks = volume.used()
    assert blocks == set(range(used))
    assert set(volume.image[used * block_size :]) == {0xFF}


def test_each_directory_pair_is_one_commit(src, lfskit):
    volume = raw(lfskit, src, block_size=256)
    for pair in volume.pairs:
        assert len(pair.crcs) == 1
    for pair in volume.pairs[1:]:
        assert set(volume.block(pair.blocks[1])) == {0xFF}


def test_the_superblock_is_in_both_blocks_of_the_root_pair(src, lfskit):
    volume = raw(lfskit, src)
    for block in (0, 1):
        entries = [e for commit, _, _ in parse_log(volume.block(block)) for e in commit]
        assert any(kind == NAME_SUPER and data == b"littlefs" for kind, _, _, data, _ in entries)


def test_entries_are_in_littlefs_order_and_files_contiguous(lfskit):
    names = ["a", "aa", "a.", "b", "ab", "B", "é", "0", "_"]
    plant({name: bytes(1500) for name in names}, Path("s"))
    volume = raw(lfskit, "s", block_size=512)
    found = [e.name for pair in volume.pairs for e in pair.slots if e.kind == 1]
    # Of two names of which one begins with the other, the longer is first.
    assert found == sorted((n.encode() for n in names), key=lambda n: [*n, 256])
    for pair in volume.pairs:
        for entry in pair.slots:
            if entry.kind == 1:
                head, size = (int.from_bytes(entry.data[i : i + 4], "little") for i in (0, 4))
                blocks = volume.file_blocks(head, size)
                assert blocks == list(range(blocks[0], blocks[0] + 3))


# --- size of the volume -------------------------------------------------------------------


def test_sizes_in_bytes_or_blocks(src, lfskit):
    image = create(lfskit, src, "--fs-size=256k")
    assert len(image) == 256 * 1024
    for size in ("--fs-size=262144", "--fs-size=0x40000", "--size=256KiB", "--block-count=64"):
        assert create(lfskit, src, size) == image
    assert create(lfskit, src, "--fs-size=256k", "--block-size=0x1000") == image
    # The last one counts.
    assert create(lfskit, src, "--fs-size=1M", "--fs-size=256k") == image


def test_without_a_size_the_smallest_that_holds_the_tree(src, lfskit):
    image = create(lfskit, src)
    assert create(lfskit, src, "--fs-size=auto") == image
    assert create(lfskit, src, "--size=auto") == image
    assert create(lfskit, src, f"--block-count={len(image) // 4096}") == image


@pytest.mark.parametrize("case", many(15, 300))
def test_the_smallest_is_exactly_that(case, rng, lfskit):
    """So many blocks are enough, and one less is not."""
    block_size = BLOCK_SIZES[case % len(BLOCK_SIZES)]
    longest = min(40, block_size // 4)
    tree = random_tree(rng, [0, 10, block_size // 8, 3 * block_size], 40, longest)
    tree.store(Path("s"))
    geometry = f"--block-size={block_size}"
    image = create(lfskit, "s", geometry)
    count, rest = divmod(len(image), block_size)
    assert rest == 0
    assert create(lfskit, "s", geometry, f"--block-count={count}") == image
    Path("i.img").unlink()
    if count > 2:
        said = nothing_but(lfskit, "create", "s", "i.img", geometry, f"--block-count={count - 1}")
        needs = f"the tree needs {count} blocks, the volume has {count - 1}"
        assert said == f"s: {needs}: raise --fs-size or --block-count"
        assert not Path("i.img").exists()


@pytest.mark.parametrize("case", many(15, 300))
def test_head_room_is_as_asked_and_not_more(case, rng, src, lfskit):
    used = len(create(lfskit, src)) // 4096
    size = rng.choice([1, 4095, 4096, 4097, rng.randrange(1, 10**6)])
    blocks = len(create(lfskit, src, f"--free={size}")) // 4096
    assert (blocks - used - 1) * 4096 < size <= (blocks - used) * 4096
    percent = rng.randint(1, 99)
    blocks = len(create(lfskit, src, f"--free={percent}%")) // 4096
    assert (blocks - used) * 100 >= percent * blocks
    assert (blocks - 1 - used) * 100 < percent * (blocks - 1)


def test_no_head_room_can_be_asked_for(src, lfskit):
    assert create(lfskit, src, "--free=0%") == create(lfskit, src)
    assert create(lfskit, src, "--free=0%", "--fs-size=1M") == create(lfskit, src, "--fs-size=1M")


@pytest.mark.parametrize(
    "words, said",
    [
        (
            ["--fs-size=64k", "--block-count=16"],
            "--block-count and --fs-size are two ways to say the same: give one",
        ),
        (
            ["--fs-size=auto", "--block-count=16"],
            "--block-count and --fs-size are two ways to say the same: give one",
        ),
        (["--fs-size=64k", "--free=1"], "--free needs an automatic size, but a size is given"),
        (["--block-count=9", "--free=1%"], "--free needs an automatic size, but a size is given"),
        (
            ["--fs-size=65537"],
            "fs-size must be a multiple of block-size: 65537 is not one of 4096",
        ),
        (
            ["--fs-size=1k"],
            "fs-size must be a multiple of block-size: 1024 is not one of 4096",
        ),
        (["--fs-size=4k"], "--fs-size: 4096 bytes are one block, a volume has at least two"),
        (["--block-count=1"], "--block-count: 1 is below the least possible, 2"),
        (
            ["--block-count=0xffffffff"],
            "--block-count: 4294967295 is above the most possible, 4294967294",
        ),
        (
            ["--fs-size=0x10000000000000"],
            "--fs-size: 4503599627370496 bytes are more blocks than littlefs can count",
        ),
        (
            ["--free=0x10000000000000"],
            "--free: 4503599627370496 bytes are more blocks than littlefs can count",
        ),
        (["--free=100%"], "--free: '100%' is not a percentage from 0 to 99"),
        (["--free=1.5%"], "--free: '1.5%' is not a percentage from 0 to 99"),
        (["--free=-1%"], "--free: '-1%' is not a percentage from 0 to 99"),
        (["--free=%"], "--free: '%' is not a percentage from 0 to 99"),
    ],
)
def test_sizes_that_cannot_be(words, said, src, lfskit):
    assert refused(lfskit, "create", src, "i.img", *words) == said
    assert os.listdir() == ["src"]


def test_more_head_room_than_a_volume_can_have(src, lfskit):
    said = nothing_but(lfskit, "create", src, "i.img", "--block-size=128", "--free=549755813760")
    assert said.startswith("src: the volume would have 42949")
    assert said.endswith(" blocks, littlefs counts to 4294967294: raise --block-size")


# --- littlefs's settings --------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, said",
    [
        (["--block-size=127"], "--block-size: 127 is below the least possible, 128"),
        (["--block-size=2G"], "--block-size: 2147483648 is above the most possible, 1073741824"),
        (["--name-max=1023"], "--name-max: 1023 is above the most possible, 1022"),
        (["--file-max=2G"], "--file-max: 2147483648 is above the most possible, 2147483647"),
        (["--attr-max=1023"], "--attr-max: 1023 is above the most possible, 1022"),
        (["--inline-max=513"], "--inline-max: 513 is above the most possible, 512"),
        (["--inline-max=65", "--cache-size=64"], "--inline-max: 65 is above the most possible, 64"),
        (["--inline-max=33", "--attr-max=32"], "--inline-max: 33 is above the most possible, 32"),
        (
            ["--inline-max=257", "--metadata-max=2k"],
            "--inline-max: 257 is above the most possible, 256",
        ),
        (["--cache-size=96"], "--block-size: 4096 must be a multiple of the cache size, 96"),
        (["--cache-size=8k"], "--block-size: 4096 must be a multiple of the cache size, 8192"),
        (
            ["--prog-size=24", "--cache-size=512"],
            "--cache-size: 512 must be a multiple of the prog size, 24",
        ),
        (
            ["--read-size=24", "--cache-size=512"],
            "--cache-size: 512 must be a multiple of the read size, 24",
        ),
        (["--prog-size=8k"], "--block-size: 4096 must be a multiple of the cache size, 8192"),
        (["--metadata-max=127"], "--metadata-max: 127 is below the least possible, 128"),
        (["--metadata-max=8k"], "--metadata-max: 8192 is above the most possible, 4096"),
        (
            ["--metadata-max=3k"],
            "--block-size: 4096 must be a multiple of the metadata limit, 3072",
        ),
        (["--fill=0"], "--fill: '0' is not a percentage from 1 to 100"),
        (["--fill=101%"], "--fill: '101%' is not a percentage from 1 to 100"),
        (["--fill=x"], "--fill: 'x' is not a percentage from 1 to 100"),
        (["--disk-version=2"], "--disk-version: '2' is not a version: 2.0 or 2.1"),
        (["--disk-version=1.7"], "--disk-version: '1.7' is not a version: 2.0 or 2.1"),
    ],
)
def test_settings_have_a_range(words, said, src, lfskit):
    assert refused(lfskit, "create", src, "i.img", *words) == said
    assert os.listdir() == ["src"]


@pytest.mark.parametrize(
    "words",
    [
        ["--block-size=128", "--name-max=32"],
        ["--block-size=1M"],
        ["--name-max=1022", "--file-max=0x7fffffff", "--attr-max=1022"],
        ["--inline-max=512"],
        ["--inline-max=1", "--cache-size=1", "--prog-size=1", "--read-size=1"],
        ["--cache-size=4096", "--prog-size=4096", "--read-size=4096"],
        ["--metadata-max=2048", "--fill=50%"],
        ["--fill=1"],
    ],
)
def test_settings_at_the_ends_of_their_ranges(words, src, lfskit):
    create(lfskit, src, *words)
    assert contents(lfskit) == whole(TREE)


def test_limits_are_stored(src, lfskit):
    info = lambda: json.loads(done(lfskit, "info", "--json", "i.img"))  # noqa: E731
    create(lfskit, src)
    assert info()["limits"] == {"name_max": 255, "file_max": 2147483647, "attr_max": 1022}
    assert info()["disk_version"] == "2.1"
    create(lfskit, src, "--name-max=64", "--file-max=1M", "--attr-max=100", "--disk-version=2.0")
    assert info()["limits"] == {"name_max": 64, "file_max": 1 << 20, "attr_max": 100}
    assert info()["disk_version"] == "2.0"
    # Zero stands for the default, as scripts give it.
    image = create(lfskit, src, "--file-max=0", "--attr-max=0", "--inline-max=0")
    assert image == create(lfskit, src)


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_only_2_1_has_checksums_of_what_is_erased(version, src, lfskit):
    volume = raw(lfskit, src, f"--disk-version={version}")
    kinds = {e[0] for log, _, _ in parse_log(volume.block(0)) for e in log}
    assert (FCRC in kinds) == (version == "2.1")


def inline_sizes(lfskit, *words) -> list[int]:
    create(lfskit, "sizes", *words)
    entries = json.loads(done(lfskit, "list", "--json", "i.img"))
    return sorted(e["size"] for e in entries if e["inline"])


def test_small_files_are_inline(lfskit):
    sizes = [0, 1, 32, 33, 64, 65, 128, 129, 512, 513]
    plant({f"sizes/f{size}": bytes(size) for size in sizes})
    assert inline_sizes(lfskit) == sizes[:-1]
    assert inline_sizes(lfskit, "--cache-size=64") == [0, 1, 32, 33, 64]
    assert inline_sizes(lfskit, "--cache-size=4k") == sizes[:-1]  # an eighth of a block
    assert inline_sizes(lfskit, "--attr-max=32") == [0, 1, 32]
    assert inline_sizes(lfskit, "--metadata-max=1k") == [0, 1, 32, 33, 64, 65, 128]
    assert inline_sizes(lfskit, "--inline-max=64") == [0, 1, 32, 33, 64]
    assert inline_sizes(lfskit, "--inline-max=none") == [0]


@pytest.mark.parametrize("prog_size", [1, 16, 64, 1024])
def test_commits_end_where_a_device_can_go_on(prog_size, src, lfskit):
    volume = raw(lfskit, src, f"--prog-size={prog_size}", f"--cache-size={max(prog_size, 64)}")
    ends = [end for pair in volume.pairs for end in pair.ends]
    assert all(end % prog_size == 0 for end in ends)
    words = " ".join(done(lfskit, "create", "--help").split())
    default = int(re.search(r"--prog-size SIZE Unit the device programs; default: (\d+)", words)[1])
    volume = raw(lfskit, src)
    assert all(end % default == 0 for pair in volume.pairs for end in pair.ends)


def test_metadata_and_fill_bound_the_logs(lfskit):
    plant({f"s/file{n:03}": b"x" * 20 for n in range(200)})
    most = lambda *words: max(p.ends[-1] for p in raw(lfskit, "s", *words).pairs)  # noqa: E731
    pairs = lambda *words: len(raw(lfskit, "s", *words).pairs)  # noqa: E731
    assert most("--prog-size=16") > 3600
    assert most("--prog-size=16", "--metadata-max=1k") <= 1024
    assert most("--prog-size=16", "--fill=50") < 2100
    assert pairs("--fill=50") > 1.8 * pairs()


# --- what cannot be stored ----------------------------------------------------------------


def test_each_thing_that_cannot_be_stored_is_named(lfskit):
    plant({"s/" + "n" * 31: b"", "s/d/" + "m" * 40: b"", "s/big": bytes(2000), "s/fits": b"x"})
    output, said = failed(lfskit, "create", "s", "i.img", "--name-max=30", "--file-max=1999")
    assert output == ""
    assert sorted(said) == [
        "s/big: file is 2000 bytes, the limit is 1999 (--file-max)",
        f"s/d/{'m' * 40}: name is 40 bytes, the limit is 30 (--name-max)",
        f"s/{'n' * 31}: name is 31 bytes, the limit is 30 (--name-max)",
    ]
    assert os.listdir() == ["s"]
    create(lfskit, "s", "--name-max=40", "--file-max=2000")


def test_a_name_may_be_too_long_for_a_block(lfskit):
    plant({"s/" + "n" * 200: b""})
    said = nothing_but(lfskit, "create", "s", "i.img", "--block-size=128")
    assert re.fullmatch(
        r"s/n{200}: name and attributes take \d+ bytes, a metadata block has room for \d+: "
        "raise --block-size",
        said,
    )
    create(lfskit, "s", "--block-size=512")


def test_limits_hold_for_a_single_file_too(lfskit):
    plant({"d/file": bytes(10)})
    said = nothing_but(lfskit, "create", "d/file", "--file-max=9")
    assert said == "d/file: file is 10 bytes, the limit is 9 (--file-max)"
    said = nothing_but(lfskit, "create", "./d/file", "--name-max=3")
    assert said == "./d/file: name is 4 bytes, the limit is 3 (--name-max)"


def test_paths_longer_than_the_host_takes(lfskit):
    """They go in, and what cannot is named in full."""
    parts = ["d" * 200] * 30
    here = os.getcwd()
    os.mkdir("s")
    os.chdir("s")
    for part in parts:
        os.mkdir(part)
        os.chdir(part)
    Path("x" * 201).write_bytes(b"deep")
    os.chdir(here)
    path = "/".join(parts)
    listing = done(lfskit, "create", "-v", "s", "i.img").splitlines()
    assert listing[-2] == f"Adding File:      {path}/{'x' * 201}"
    assert done(lfskit, "list", "i.img").splitlines()[-1] == f"/{path}/{'x' * 201}"
    said = nothing_but(lfskit, "create", "s", "i.img", "--name-max=200")
    assert said == f"s/{path}/{'x' * 201}: name is 201 bytes, the limit is 200 (--name-max)"
