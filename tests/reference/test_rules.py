# SPDX-License-Identifier: MIT
"""The rules of the format for those who write it, looked at in the bytes: what
the driver leaves after a change, and at every point where the change can be cut."""

import os
import struct

import pytest
from content import content
from ours import Ours
from rawfs import NULL, STRUCT_DIR, Volume, parse_log
from reference import Refused

VERSION_2_0, VERSION_2_1 = 0x00020000, 0x00020001
SETTINGS = {
    "block_size": 512,
    "read_size": 1,
    "prog_size": 16,
    "cache_size": 64,
    "lookahead_size": 16,
    "block_cycles": -1,
    "disk_version": VERSION_2_1,
}
REST = (0, 0, 0)


class Bench:
    """One volume, made by the reference and changed by our driver."""

    def __init__(self, ours: Ours, reference, folder, **settings):
        self.ours, self.reference = ours, reference
        self.settings = SETTINGS | settings
        self.image = folder / "image"
        self.saved = folder / "saved"
        self.blocks = 64

    def format(self, blocks: int = 64) -> None:
        self.blocks = blocks
        self.reference("format", blocks=blocks, settings=self.settings)
        self.reference("save", image=str(self.image))
        self.mount()

    def mount(self) -> None:
        self.ours.mount(str(self.image), self.settings)

    def volume(self) -> Volume:
        self.ours.save(str(self.saved))
        return Volume(self.saved.read_bytes(), self.settings["block_size"])

    def keep(self) -> None:
        """What is there now is what every cut begins with."""
        self.ours.save(str(self.image))

    def cuts(self, change):
        """The volume at each point where the change can be cut, to its end."""
        for changes in range(10_000):
            self.mount()
            self.ours.cut(changes)
            try:
                change(self.ours)
            except Refused:
                assert self.ours.power_is_lost()
            yield self.volume()
            if not self.ours.power_is_lost():
                self.keep()
                self.mount()
                return

    def taken_up(self) -> list[dict]:
        """The reference mounts it, with the count that it has now, and lists it."""
        self.ours.save(str(self.saved))
        self.reference("mount", image=str(self.saved), settings=self.settings)
        return self.reference("tree")


@pytest.fixture
def bench(ours, reference, tmp_path):
    return lambda **settings: Bench(ours, reference, tmp_path, **settings)


def states(volumes) -> list[str]:
    """The global states that follow one another."""
    found = []
    for volume in volumes:
        state = "rest"
        if volume.sync_bit:
            state = "sync"
        if volume.move is not None:
            state = "move" if state == "rest" else "both"
        assert state != "rest" or volume.gstate == REST
        assert all(pair.gstate[0] & 0x3FF == 0 for pair in volume.pairs)
        if found[-1:] != [state]:
            found.append(state)
    return found


def head_of(volume: Volume, path: str) -> tuple[int, int]:
    """The pair that a directory's entry names."""
    head = volume.root.blocks
    for name in path.strip("/").encode().split(b"/"):
        entry = next(entry for entry, _ in volume.directory(head) if entry.name == name)
        assert entry.struct == STRUCT_DIR
        head = struct.unpack("<II", entry.data)
    return head


def test_a_rename_across_pairs_takes_two_commits(bench):
    """The destination with a record of the move, then the source."""
    b = bench()
    b.format()
    for path in ("/a", "/b"):
        b.ours.mkdir(path)
        b.ours.write(f"{path}/m", content(700, 1))
    b.keep()
    assert states(b.cuts(lambda ours: ours.rename("/a/m", "/b/n"))) == ["rest", "move", "rest"]
    assert states(b.cuts(lambda ours: ours.rename("/b/m", "/a/z"))) == ["rest", "move", "rest"]
    assert [entry["path"] for entry in b.taken_up()] == ["/a", "/a/z", "/b", "/b/n"]


def test_a_rename_in_one_pair_takes_one_commit(bench):
    b = bench(block_size=4096)
    b.format()
    for name in "abcd":
        b.ours.write(f"/{name}", content(20, 1))
    b.keep()
    before = b.volume().pairs[0].ends
    assert states(b.cuts(lambda ours: ours.rename("/a", "/z"))) == ["rest"]
    assert states(b.cuts(lambda ours: ours.rename("/z", "/b"))) == ["rest"]
    assert len(b.volume().pairs[0].ends) == len(before) + 2
    assert [entry["path"] for entry in b.taken_up()] == ["/b", "/c", "/d"]


def test_a_directory_in_one_pair_is_made_in_one_commit(bench):
    """The new pair is written before it is named, and hung in with the entry."""
    b = bench()
    b.format()
    b.ours.mkdir("/a")
    b.keep()
    for volume in (cuts := list(b.cuts(lambda ours: ours.mkdir("/a/b")))):
        paths = [entry["path"] for entry in volume.tree()]
        assert paths in (["/a"], ["/a", "/a/b"])
    assert states(cuts) == ["rest"]


def test_a_directory_in_many_pairs_is_hung_in_first(bench):
    """After the last pair of its parent, with the list marked until it is named."""
    b = bench(block_size=128, prog_size=4, cache_size=32)
    b.format(128)
    b.ours.mkdir("/d")
    for number in range(12):
        b.ours.write(f"/d/{number:02}", content(8, number))
    b.keep()
    assert states(b.cuts(lambda ours: ours.mkdir("/d/00a"))) == ["rest", "sync", "rest"]
    volume = b.volume()
    chain = [pair for pair in volume.pairs if pair.hard]
    assert chain
    last = volume.pair(chain[-1].tail)
    assert set(last.tail) == set(head_of(volume, "/d/00a"))
    assert len(b.taken_up()) == 14


def test_a_directory_is_removed_in_two_steps(bench):
    """Whichever place on the list it has, its own share of the state goes to the one before."""
    b = bench()
    b.format()
    for path in ("/a", "/b", "/c", "/c/d"):
        b.ours.mkdir(path)
    for number in range(9):  # so that the pairs have shares in the state
        here, there = ("/a", "/b") if number % 2 == 0 else ("/b", "/c")
        b.ours.write(f"{here}/f{number}", b"")
        b.ours.rename(f"{here}/f{number}", f"{there}/g{number}")
    for entry in b.ours.tree():
        if entry["type"] == "file":
            b.ours.remove(entry["path"])
    assert any(pair.gstate != REST for pair in b.volume().pairs)
    b.keep()
    for path in ("/b", "/c/d", "/a", "/c"):
        assert states(b.cuts(lambda ours, path=path: ours.remove(path))) == ["rest", "sync", "rest"]
    assert b.taken_up() == []
    assert len(b.volume().pairs) == 1


def test_a_moved_head_is_named_by_its_parent_first(bench):
    b = bench(block_cycles=1)
    b.format()
    for path in ("/a", "/a/b"):
        b.ours.mkdir(path)
    b.ours.mkdir("/z")  # so that the parent is not the one before
    b.keep()
    moved = False
    for turn in range(40):
        before = head_of(b.volume(), "/a/b")
        cuts = list(b.cuts(lambda ours, turn=turn: ours.write("/a/b/f", content(40, turn))))
        after = head_of(b.volume(), "/a/b")
        if set(before) == set(after):
            assert "sync" not in states(cuts)
            continue
        moved = True
        for volume in cuts:
            if volume.sync_bit:  # the entry names the new one, the list still the old one
                assert set(head_of(volume, "/a/b")) == set(after)
                assert set(before) in [set(pair.tail or ()) for pair in volume.pairs]
    assert moved
    assert [entry["path"] for entry in b.taken_up()] == ["/a", "/a/b", "/a/b/f", "/z"]


def test_the_version_is_raised_before_anything_else(bench):
    b = bench(disk_version=VERSION_2_0)
    b.format()
    b.ours.write("/f", content(30, 1))
    b.keep()
    b.settings["disk_version"] = VERSION_2_1
    b.mount()
    assert b.volume().version == VERSION_2_0, "mounting alone changes nothing"
    cuts = list(b.cuts(lambda ours: ours.mkdir("/d")))
    assert [v.version for v in (cuts[0], cuts[-1])] == [VERSION_2_0, VERSION_2_1]
    for volume in cuts:
        assert volume.version == VERSION_2_1 or len(volume.tree()) == 1
        kinds = volume.kinds(volume.block(volume.root.blocks[0]))
        assert volume.version == VERSION_2_1 or 0x5FF not in kinds


def change_unit_behind_the_log(bench: Bench) -> tuple[int, int]:
    """One byte where the next commit would go is not as its FCRC says."""
    volume = bench.volume()
    pair = volume.pairs[0]
    raw = bytearray(bench.saved.read_bytes())
    raw[pair.blocks[0] * 512 + pair.ends[-1] + 3] ^= 0x33
    bench.image.write_bytes(raw)
    bench.mount()
    return pair.blocks


def test_nothing_is_appended_where_the_flash_is_not_erased(bench):
    b = bench()
    b.format()
    b.ours.write("/f", content(30, 1))
    before = change_unit_behind_the_log(b)
    b.ours.mkdir("/g")
    pair = b.volume().pairs[0]
    assert pair.blocks == before[::-1] and len(pair.ends) == 1
    assert [entry["path"] for entry in b.taken_up()] == ["/f", "/g"]


def test_nothing_is_appended_at_an_end_within_a_program_unit(bench):
    b = bench(prog_size=4)
    b.format()
    b.ours.write("/f", content(29, 1))
    assert b.volume().pairs[0].ends[-1] % 64 != 0
    b.keep()
    b.settings["prog_size"] = 64
    before = b.volume().pairs[0].blocks
    b.mount()
    b.ours.mkdir("/g")
    pair = b.volume().pairs[0]
    assert pair.blocks == before[::-1] and len(pair.ends) == 1


def test_every_commit_tells_of_the_unit_behind_it(bench):
    """An FCRC over what is there, in each commit of a 2.1 log that another may follow."""
    b = bench()
    b.format()
    for number in range(5):
        b.ours.write(f"/{number}", content(9, number))
        volume = b.volume()
        block = volume.block(volume.root.blocks[0])
        commits = list(parse_log(block))
        entries, _, end = commits[-1]
        fcrc = [data for kind, _, _, data, _ in entries if kind == 0x5FF]
        assert end % 16 == 0
        assert len(fcrc) == 1 and struct.unpack("<I", fcrc[0][:4])[0] == 16


def test_a_pair_has_254_entries_at_most(bench):
    b = bench(block_size=16384, prog_size=16, cache_size=512)
    b.format(32)
    for number in range(400):
        b.ours.write(f"/{number}", b"")
    volume = b.volume()
    assert max(len(pair.slots) for pair in volume.pairs) <= 254
    assert sum(len(pair.slots) for pair in volume.pairs) == 400 + len(volume.superblocks)
    assert len(b.taken_up()) == 400


def test_an_expanded_volume_grows_in_all_its_superblocks(bench):
    b = bench(block_cycles=1)
    b.format(48)
    b.image.write_bytes(b.image.read_bytes() + bytes(16 * 512))
    b.mount()
    turn = 0
    while len(b.volume().superblocks) < 3:
        b.ours.write("/r", content(40, turn))
        turn += 1
    b.ours.grow(64)
    counts = {struct.unpack_from("<I", p.slots[0].data, 8)[0] for p in b.volume().superblocks}
    assert counts == {64}
    assert [entry["path"] for entry in b.taken_up()] == ["/r"]


def test_the_reference_s_growth_of_an_expanded_volume_is_mended(bench):
    """It leaves the old count in the earlier superblocks, and refuses the volume then."""
    b = bench(block_cycles=1)
    b.format(48)
    turn = 0
    while len(b.volume().superblocks) < 2:
        b.ours.write("/r", content(40, turn))
        turn += 1
    volume = b.volume()
    raw = bytearray(b.saved.read_bytes() + b"\xff" * (16 * 512))
    b.image.write_bytes(raw)
    b.reference("mount", image=str(b.image), settings=b.settings, any_count=True)
    b.reference("grow", blocks=64)
    b.reference("save", image=str(b.image))
    with pytest.raises(Refused):
        b.reference("mount", image=str(b.image), settings=b.settings)
    b.mount()
    b.ours.mkdir("/d")
    assert [entry["path"] for entry in b.taken_up()] == ["/d", "/r"]
    assert volume.block_count == 48


def test_no_null_pointer_is_left_in_the_list(bench):
    b = bench()
    b.format()
    for path in ("/a", "/b"):
        b.ours.mkdir(path)
    volume = b.volume()
    assert volume.pairs[-1].tail is None or NULL in volume.pairs[-1].tail
    assert all(NULL not in pair.tail for pair in volume.pairs[:-1])
