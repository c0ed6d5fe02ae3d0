# SPDX-License-Identifier: MIT
"""Make the golden images of tests/golden by driving the reference package.

    PYTHON tools/make_golden.py [--out DIR] [NAME ...]

PYTHON is one that has littlefs-python==0.19.0. Every image comes with a
manifest (NAME.json) of what a correct reader must find in it. The expectation
is computed by a model that follows each call; after a power cut it is the
state before or after the call. Each is confirmed twice: by what the reference
finds once it has repaired the image, and by tests/support/rawfs.py, which
reads the bytes. Same script, same bytes: nothing depends on time or chance.
"""

import argparse
import json
import random
from pathlib import Path

from golden_scene import ROOT, Scene, pattern
from littlefs.errors import LittleFSError
from rawfs import Volume

IMAGES: dict = {}


def image(function):
    """Registers an image: the function makes the scene, its text the history."""
    IMAGES[function.__name__] = (function.__doc__, function)
    return function


def images(history: str, **scenes) -> None:
    for name, make in scenes.items():
        IMAGES[name] = (history, make)


def pending_move(raw: Volume) -> bool:
    return raw.move is not None


def to_repair(raw: Volume) -> bool:
    return raw.sync_bit and raw.move is None


images(
    "A blank device, formatted.",
    formatted_2p1_b128=lambda: Scene(128, 16, block_cycles=100),
    formatted_2p1_b256=lambda: Scene(256, 8),
    formatted_2p1_b384=lambda: Scene(384, 6, read_size=8, prog_size=8, cache_size=96),
    formatted_2p1_b1024=lambda: Scene(1024, 4, prog_size=64),
    formatted_2p1_b4096=lambda: Scene(4096, 2, prog_size=256, cache_size=256),
    formatted_2p0_b128=lambda: Scene(128, 8, version=0x00020000),
    formatted_2p0_b512=lambda: Scene(512, 4, version=0x00020000, prog_size=64),
)


@image
def formatted_over_garbage():
    """Formatted over random bytes: the revisions follow from what lay there."""
    return Scene(512, 8, fill=random.Random(1).randbytes(4096), block_cycles=7)


@image
def revision_wraps():
    """Old bytes gave the first pair a revision just below 2^32; compactions
    then carried it past zero. The newer block has the smaller number."""
    scene = Scene(256, 8, fill=b"\xfb\xff\xff\xff" * 64)
    for turn in range(40):
        scene.write("/a", b"turn %d" % turn)
    return scene


@image
def two_blocks():
    """The smallest volume: two blocks, inline files in the root only."""
    return Scene(512, 2).write("/a", b"one").write("/b", b"").write("/c", b"c" * 60)


@image
def inline_log():
    """Small files, appended to, rewritten and emptied: many commits in one
    block, entries inserted before others."""
    scene = Scene(512, 8, prog_size=8, read_size=8)
    for name in ("m", "c", "x", "a"):
        scene.write(f"/{name}", name.encode())
    scene.append("/c", b"more").write("/x", b"").append("/a", b"")
    return scene.write("/b", b"late").append("/m", b"m" * 11)


@image
def name_order():
    """A name sorts after every longer one that begins with it; files and
    directories are mixed; one file is called littlefs."""
    scene = Scene(512, 32)
    for name in ("b", "ab", "abd", "abc", "abb", "a", "aa", "aA", "a0", "B", "zz"):
        scene.write(f"/{name}", name.encode())
    scene.mkdir("/abca").write("/abca/littlefs", b"a name like any other")
    return scene.write("/littlefs", b"not the superblock")


@image
def names_unicode():
    """Names in UTF-8 of two, three and four bytes, with blanks and controls."""
    scene = Scene(512, 32).mkdir("/données")
    scene.write("/données/été.txt", b"summer").write("/设置.json", b"{}")
    return scene.write("/\U0001f600", b":)").write("/ a b ", b"").write("/\x01\x7f", b"x")


@image
def names_long():
    """Names of 1, 254 and 255 bytes."""
    scene = Scene(1024, 16).write("/" + "n" * 255, b"long").write("/" + "n" * 254, b"2")
    return scene.mkdir("/" + "d" * 255).write("/" + "d" * 255 + "/x", b"in it")


@image
def names_1022():
    """Formatted with name_max 1022; a directory and a file with such names."""
    scene = Scene(4096, 8, name_max=1022, prog_size=64)
    deep = "/" + "q" * 1022
    return scene.mkdir(deep).write(deep + "/" + "r" * 1022, b"far").write("/s", b"near")


def boundaries(block_size: int, block_count: int, edges, **settings) -> Scene:
    scene = Scene(block_size, block_count, **settings)
    for edge in edges:
        for size in (edge - 1, edge, edge + 1):
            scene.write(f"/s{size:05d}", pattern(size))
    return scene


images(
    """One file for each size around the inline limit and the first CTZ block
    boundaries, each written in one go.""",
    ctz_boundaries_b128=lambda: boundaries(128, 96, (16, 128, 252, 372, 496)),
    ctz_boundaries_b384=lambda: boundaries(
        384, 48, (48, 384, 764, 1140), cache_size=192
    ),
    ctz_boundaries_b512_2p0=lambda: boundaries(
        512, 40, (64, 512, 1020), version=0x00020000
    ),
    ctz_boundaries_b4096=lambda: boundaries(
        4096, 20, (512, 4096), prog_size=64, cache_size=512
    ),
)


@image
def ctz_long_b128():
    """A file of 140 blocks: lists of up to eight pointers."""
    return Scene(128, 160).write("/long", pattern(16800)).write("/s", b"short")


@image
def ctz_edited():
    """CTZ files appended to, overwritten in the middle, cut short, cut back to
    inline, and written past their end."""
    scene = Scene(256, 96)
    for name in "abcdefg":
        scene.write(f"/{name}", pattern(1400, ord(name)))
    scene.append("/a", b"!").append("/b", pattern(700)).overwrite("/c", 600, b"XYZ" * 50)
    scene.truncate("/d", 504).truncate("/e", 20).truncate("/f", 0)
    scene.write("/hole", b"start").overwrite("/hole", 800, b"end")
    return scene.append("/g", b"").overwrite("/g", 0, b"first block again")


@image
def inline_never():
    """Inlining switched off: every byte is in a CTZ block but for empty files."""
    scene = Scene(256, 32, inline_max=0xFFFFFFFF)
    return scene.write("/one", b"1").write("/none", b"").write("/some", pattern(300))


@image
def inline_large():
    """A cache as large as the block: inline files up to 512 bytes."""
    scene = Scene(4096, 10, prog_size=256, cache_size=4096)
    for size in (64, 257, 511, 512, 513):
        scene.write(f"/f{size}", pattern(size))
    return scene


@image
def metadata_max_half():
    """metadata_max 256 in blocks of 512: logs use half of each block."""
    scene = Scene(512, 32, metadata_max=256)
    for number in range(14):
        scene.write(f"/file{number:02d}", pattern(9 + number))
    return scene.mkdir("/dir")


@image
def split_root():
    """The root split into several pairs, in order and out of order."""
    scene = Scene(256, 48)
    for number in (5, 3, 17, 1, 30, 8, 25, 12, 2, 21, 28, 9, 14, 6, 19):
        scene.write(f"/entry_{number:02d}", pattern(12, number))
    return scene.mkdir("/entry_10").write("/entry_10/in", b"inside")


@image
def split_below_2p0():
    """Disk version 2.0: a split directory below the root, another after it."""
    scene = Scene(256, 64, version=0x00020000).mkdir("/a").mkdir("/b")
    for number in range(16):
        scene.write(f"/a/file_{number * 7 % 16:02d}", pattern(15, number))
    for number in range(8):
        scene.mkdir(f"/b/sub_{number}")
    return scene.write("/b/sub_3/x", pattern(300))


@image
def split_at_254():
    """Empty files in a roomy block: the pair splits at its 255th entry."""
    scene = Scene(8192, 8, prog_size=64, cache_size=512)
    for number in range(260):
        scene.write(f"/{number:03d}", b"")
    return scene


@image
def split_emptied_head():
    """All entries of the first pair of a split directory removed: it stays,
    empty, with a hard tail; a later pair vanished when its last entry went."""
    scene = Scene(256, 48).mkdir("/d")
    for number in range(18):
        scene.write(f"/d/entry_{number:02d}", pattern(12, number))
    for number in (0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12):
        scene.remove(f"/d/entry_{number:02d}")
    return scene


@image
def nested_deep():
    """Directories nested 24 deep in blocks of 128 bytes."""
    scene, path = Scene(128, 64), ""
    for level in range(24):
        path += f"/{level:x}"
        scene.mkdir(path)
    return scene.write(path + "/end", pattern(200)).write("/0/top", b"t")


@image
def nested_wide():
    """Empty and filled directories side by side, the same names in each."""
    scene = Scene(512, 64)
    for name in ("css", "img", "js", "lang", "lang/de", "lang/en", "none"):
        scene.mkdir(f"/{name}")
    for path in ("/index", "/css/index", "/js/index", "/lang/index", "/lang/de/index"):
        scene.write(path, pattern(700, len(path)))
    return scene.write("/lang/en/x", b"x").write("/img/a", b"").write("/img/b", b"bb")


@image
def attributes():
    """Attributes of files, directories and the root: replaced, removed, empty
    ones, all in one pair, types 0x00 to 0xff."""
    scene = Scene(1024, 24).mkdir("/d").write("/in", b"inline").write("/out", pattern(2000))
    scene.setattr("/", 0x74, bytes(8)).setattr("/d", 0x74, b"dirtime!")
    scene.setattr("/in", 0, b"zero").setattr("/in", 0xFF, b"last").setattr("/in", 1, b"x")
    scene.setattr("/in", 1, b"longer than before").removeattr("/in", 0xFF)
    return scene.setattr("/out", 0x74, pattern(200)).setattr("/", 0x63, b"made")


@image
def attributes_large():
    """Attributes of 1022 bytes; one left alone on a file renamed twice."""
    scene = Scene(4096, 12, prog_size=64, cache_size=512).mkdir("/d")
    scene.write("/f", b"data").setattr("/f", 0x41, pattern(1022)).setattr("/f", 0x42, b"B")
    return scene.rename("/f", "/d/g").removeattr("/d/g", 0x42).rename("/d/g", "/d/h")


@image
def attributes_split():
    """Attributes in a root split by their weight, on a CTZ and an inline file."""
    scene = Scene(512, 48)
    for number in range(8):
        scene.write(f"/f{number}", pattern(30 if number % 2 else 600, number))
        scene.setattr(f"/f{number}", 0x74, pattern(60, number))
    return scene.setattr("/", 1, b"root")


@image
def renamed():
    """Renames within a pair, over a file, over an empty directory, between
    directories, of a directory with content."""
    scene = Scene(512, 48)
    for path in ("/a", "/b", "/a/x", "/a/x/y", "/empty"):
        scene.mkdir(path)
    for path in ("/one", "/two", "/three", "/a/four", "/a/x/five"):
        scene.write(path, path.encode() * 9)
    scene.rename("/one", "/aaa").rename("/two", "/three").rename("/aaa", "/zzz")
    scene.rename("/a/four", "/b/four").rename("/a/x", "/b/x").rename("/b/x/y", "/empty")
    return scene.rename("/zzz", "/b/x/zzz")


@image
def removed():
    """Files and directories removed from the middle, the front and the end."""
    scene = Scene(512, 48)
    for name in "abcdef":
        scene.mkdir(f"/{name}").write(f"/{name}/file", pattern(600, ord(name)))
    for name in "bdf":
        scene.remove(f"/{name}/file").remove(f"/{name}")
    return scene.write("/b", b"a file now").remove("/a/file")


@image
def removed_all():
    """A tree removed to the last entry: deleted tags, and an all-ones tail."""
    scene = Scene(512, 24).mkdir("/d").write("/d/x", pattern(900)).write("/y", b"y")
    return scene.remove("/d/x").remove("/d").remove("/y")


@image
def log_with_removed_attribute():
    """An attribute, then its removal, both still in the log."""
    scene = Scene(512, 8).write("/f", b"f")
    return scene.setattr("/f", 5, b"five").setattr("/f", 6, b"six").removeattr("/f", 5)


# Renames cut between their two commits. The file after the source is the one
# that the reference loses sight of until its first write.


def two_directories(**settings) -> Scene:
    scene = Scene(512, 24, **settings).mkdir("/d1").mkdir("/d2")
    for name in "abcd":
        scene.write(f"/d1/{name}", name.encode() * 5)
    return scene.write("/d2/x", b"x").setattr("/d1/b", 0x62, b"kept")


@image
def move_pending():
    """A rename between directories, cut after its first commit."""
    return two_directories().cut_when(
        lambda s: s.rename("/d1/b", "/d2/b"), pending_move
    )


@image
def move_pending_first_over_file():
    """The first entry of a directory moved onto a file, cut half-way."""
    return two_directories().cut_when(
        lambda s: s.rename("/d1/a", "/d2/x"), pending_move
    )


@image
def move_pending_last_ctz():
    """A CTZ file, the last entry of its pair, moved to the root, cut half-way."""
    scene = two_directories().write("/d1/e", pattern(1500))
    return scene.cut_when(lambda s: s.rename("/d1/e", "/e"), pending_move)


@image
def move_pending_neighbour_ctz():
    """The file after the moved one has data blocks that stay in use."""
    scene = two_directories().write("/d1/c", pattern(1500))
    return scene.cut_when(lambda s: s.rename("/d1/b", "/d2/b"), pending_move)


@image
def move_pending_directory():
    """A directory with content moved into another, cut half-way."""
    scene = two_directories().mkdir("/d1/sub").write("/d1/sub/f", b"below")
    return scene.cut_when(lambda s: s.rename("/d1/sub", "/d2/sub"), pending_move)


@image
def move_pending_split_root():
    """The source in the second pair of a split root, disk version 2.0."""
    scene = Scene(256, 48, version=0x00020000).mkdir("/to")
    for number in range(14):
        scene.write(f"/entry_{number:02d}", pattern(12, number))
    return scene.cut_when(lambda s: s.rename("/entry_09", "/to/me"), pending_move)


@image
def move_over_directory():
    """A directory moved onto an empty one, cut between its commits: a move
    and an orphan are both pending."""
    scene = two_directories().mkdir("/d1/m").write("/d1/m/f", b"f").mkdir("/d2/m")
    return scene.cut_when(
        lambda s: s.rename("/d1/m", "/d2/m"), lambda raw: raw.move and raw.sync_bit
    )


@image
def orphan_removed():
    """rmdir cut after its first commit: the pair is still on the list."""
    scene = Scene(512, 32).mkdir("/a").mkdir("/b").mkdir("/c").write("/c/f", b"f")
    return scene.cut_when(lambda s: s.remove("/b"), to_repair)


@image
def orphan_created():
    """mkdir in a split root cut after the new pair went on the list."""
    scene = Scene(256, 48)
    for number in range(14):
        scene.write(f"/entry_{number:02d}", pattern(12, number))
    return scene.cut_when(lambda s: s.mkdir("/a_new_one"), to_repair)


@image
def half_orphan_worn():
    """A pair moved by wear levelling, cut after its parent was told and before
    its predecessor was: the list still names the old pair."""
    scene = Scene(512, 32, block_cycles=4).mkdir("/d")

    def write(s):
        s.write("/d/t", pattern(40, turn))

    for turn in range(200):
        scene = scene.fork()
        try:
            return scene.cut_when(write, to_repair)
        except SystemExit:
            write(scene)
    raise SystemExit("the pair never moved")


@image
def half_orphan_bad_block():
    """As above, the pair being moved because its other block failed."""
    scene = Scene(512, 32).mkdir("/c").mkdir("/d").write("/d/t", b"old")

    def write(s):
        s.device.bad = {s.twin_of("d")}
        s.write("/d/t", pattern(50, turn))

    for turn in range(60):
        try:
            return scene.cut_when(write, to_repair)
        except SystemExit:
            scene.write("/d/t", pattern(50, turn))
    raise SystemExit("the pair never moved")


@image
def bad_blocks():
    """Metadata and data blocks that failed to program were replaced."""
    scene = Scene(512, 48).mkdir("/a").mkdir("/b")
    scene.device.bad = {scene.twin_of("a"), scene.twin_of("b")}
    start = scene.raw().start_of_search()
    scene.device.bad |= {(start + n) % 48 for n in (6, 7, 11)} - {0, 1}
    for turn in range(12):
        scene.write("/a/t", pattern(60, turn)).write("/b/t", pattern(60, turn + 1))
    scene.write("/big", pattern(4000)).append("/big", pattern(900))
    scene.extra["bad_blocks"] = sorted(scene.device.bad)
    return scene


@image
def worn_much():
    """block_cycles 2 and many changes: pairs moved again and again, the root
    among them."""
    scene = Scene(256, 48, block_cycles=2).mkdir("/d")
    for turn in range(60):
        scene.write("/d/t", pattern(30, turn)).write("/r", pattern(20, turn))
    return scene


# Programs torn at byte positions: the log must read up to the commit before.


def torn(at: int) -> Scene:
    scene = Scene(512, 8, cache_size=512).write("/a", b"old").write("/b", b"b")
    return scene.cut(lambda s: s.write("/a", b"new content"), 0, torn=at)


images(
    """The last commit to the root was torn: only some of its bytes arrived.""",
    torn_at_1=lambda: torn(1),
    torn_at_5=lambda: torn(5),
    torn_at_16=lambda: torn(16),
    torn_at_30=lambda: torn(30),
)


def torn_compaction(act_at: int, bytes_left: int) -> Scene:
    scene = Scene(256, 16, cache_size=256).write("/a", b"0")
    turn = 0
    while True:
        trial = scene.fork()
        before = trial.raw().root.revision
        trial.write("/a", b"%d" % (turn + 1))
        if trial.raw().root.revision != before:
            break
        turn += 1
        scene.write("/a", b"%d" % turn)
    return scene.cut(lambda s: s.write("/a", b"%d" % (turn + 1)), act_at, bytes_left)


images(
    """A compaction was cut: the block to be the newer one is erased, or has a
    newer revision and no whole commit; its twin still counts.""",
    compaction_erased=lambda: torn_compaction(1, 0),
    compaction_revision_only=lambda: torn_compaction(1, 4),
    compaction_torn=lambda: torn_compaction(1, 60),
)


# One scenario, cut after every device call: the images of some of the cuts.


def scenario() -> Scene:
    scene = Scene(128, 24, cache_size=128).mkdir("/a").mkdir("/b")
    return scene.write("/a/f", b"12345").write("/b/g", pattern(200)).write("/h", b"h")


def rename(scene: Scene) -> None:
    scene.rename("/a/f", "/b/f")


def rewrite(scene: Scene) -> None:
    scene.write("/b/g", pattern(500, 7))


def make(scene: Scene) -> None:
    scene.mkdir("/a/new")


def cuts(act, history: str, step: int = 1) -> None:
    whole = scenario()
    start = whole.device.changes
    act(whole)
    for after in range(0, whole.device.changes - start, step):
        images(
            f"{history}, cut after {after} programs and erases; 9 bytes of the next arrived.",
            **{
                f"cut_{act.__name__}_{after:02d}": lambda after=after: scenario().cut(
                    act, after, torn=9
                )
            },
        )


cuts(rename, "A rename from /a/f to /b/f")
cuts(rewrite, "A rewrite of the CTZ file /b/g", step=3)
cuts(make, "A directory made in /a")


@image
def expanded_b128():
    """The superblock chain has grown; the root is elsewhere."""
    scene = Scene(128, 32, block_cycles=3)
    for turn in range(60):
        scene.write("/t", b"%03d" % turn).write("/u", b"%03d" % (turn * 3))
    return scene


@image
def expanded_attributes_b256():
    """Expanded with attributes on the root: the first superblock keeps copies
    that no longer count."""
    scene = Scene(256, 32, block_cycles=2).mkdir("/d").setattr("/", 9, b"first")
    for turn in range(50):
        scene.write("/t", b"%03d" % turn)
    return scene.setattr("/", 9, b"second").setattr("/", 8, b"new").write("/d/x", b"x")


@image
def expanded_split_2p0():
    """Expanded, the root split besides; disk version 2.0."""
    scene = Scene(256, 64, block_cycles=2, version=0x00020000)
    for turn in range(40):
        scene.write(f"/entry_{turn % 14:02d}", pattern(10, turn))
    return scene


@image
def grown():
    """Formatted with 12 blocks and grown to 32, then filled past the old end."""
    scene = Scene(256, 12).write("/before", pattern(400)).mkdir("/d").grow(32)
    return scene.write("/after", pattern(5000)).write("/d/x", b"x")


@image
def grown_twice():
    """Grown by one block twice; the newest count is in the log's last commits."""
    return Scene(512, 4).write("/a", b"a").grow(5).write("/b", b"b").grow(6)


@image
def upgraded_from_2p0():
    """Formatted as 2.0 and written on by a 2.1 driver: the version changed with
    the first write."""
    scene = Scene(512, 16, version=0x00020000).write("/old", b"by 2.0").mkdir("/d")
    scene.mount(disk_version=0x00020001)
    return scene.write("/d/new", b"by 2.1")


@image
def fcrc_in_2p0():
    """A 2.0 volume whose attribute a 2.1 driver changed: the version stays, but
    the log has entries of the newer kind."""
    scene = Scene(512, 16, version=0x00020000).write("/f", b"f").mkdir("/d")
    scene.mount(disk_version=0x00020001)
    return scene.setattr("/f", 1, b"one").setattr("/f", 2, b"two")


def busy_media(**settings) -> Scene:
    scene = Scene(256, 32, **settings).mkdir("/d").write("/a", b"a").write("/b", pattern(600))
    for turn in range(9):
        scene.write("/d/t", pattern(20, turn))
    return scene.remove("/a").append("/b", b"more")


images(
    "Erased bytes read as 0x00: commits carry the other phase bit.",
    erased_to_zero=lambda: busy_media(erase=0, fill=b"\0"),
    erased_to_zero_2p0=lambda: busy_media(erase=0, fill=b"\0", version=0x00020000),
)
images(
    "Erasing leaves whatever was there: the rest of each block is random.",
    erased_to_garbage=lambda: busy_media(
        erase=None, fill=random.Random(2).randbytes(8192)
    ),
    erased_to_garbage_2p0=lambda: busy_media(
        erase=None, fill=random.Random(3).randbytes(8192), version=0x00020000
    ),
)
images(
    "The same history with another prog size.",
    prog_1=lambda: busy_media(read_size=1, prog_size=1),
    prog_64=lambda: busy_media(prog_size=64),
    prog_block=lambda: busy_media(prog_size=256, cache_size=256),
)


def wide_prog(version: int) -> Scene:
    scene = Scene(4096, 6, prog_size=2048, cache_size=2048, version=version)
    return scene.write("/a", b"a").write("/b", b"b").mkdir("/d").write("/d/c", pattern(400))


images(
    "prog_size 2048: padding longer than one tag, so commits end in several CRCs.",
    prog_2048=lambda: wide_prog(0x00020001),
    prog_2048_2p0=lambda: wide_prog(0x00020000),
)


@image
def prog_changed():
    """Written with prog size 16, continued with 64 and then with 4."""
    scene = Scene(512, 16).write("/a", b"by 16").write("/b", b"by 16")
    scene.mount(prog_size=64).write("/a", b"by 64")
    return scene.mount(prog_size=4, read_size=4).write("/b", b"by 4")


@image
def limits_small():
    """name_max 8, file_max 1000, attr_max 20, which caps inlining too."""
    scene = Scene(512, 16, name_max=8, file_max=1000, attr_max=20)
    scene.write("/12345678", pattern(1000)).write("/in", pattern(20)).mkdir("/d")
    return scene.write("/out", pattern(21)).setattr("/d", 7, pattern(20))


@image
def full():
    """Written until no block was left."""
    scene = Scene(256, 16).mkdir("/d")
    for number in range(40):
        try:
            scene.write(f"/d/f{number}", pattern(300, number))
        except LittleFSError:
            break
    scene.model.nodes = {
        p: d for p, d in scene.model.nodes.items() if d is None or p != f"/d/f{number}"
    }
    if any(item["path"] == f"/d/f{number}" for item in scene.raw().tree()):
        scene.model.nodes[f"/d/f{number}"] = b""
    return scene


@image
def stale_after_end():
    """A CTZ file cut short: its last block holds stale bytes beyond the size."""
    scene = Scene(512, 24).write("/f", pattern(1800))
    return scene.truncate("/f", 1300).write("/g", pattern(700)).truncate("/g", 513)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "golden")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or IMAGES:
        history, make = IMAGES[name]
        scene = make()
        text = json.dumps(scene.manifest(name, history), indent=1, ensure_ascii=False)
        (options.out / f"{name}.img").write_bytes(scene.device.buffer)
        (options.out / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
