# SPDX-License-Identifier: MIT
"""One volume, changed in turns by our driver and by the reference: both see
the model's tree after every turn, whoever made it."""

import pytest
import rawfs
from cases import Tree, last_of_siblings, many, random_name, random_settings
from content import content
from reference import NO_ROOM, Refused

VERSIONS = [0x00020000, 0x00020001]


class Volume:
    """What is to be there: the tree, and the attributes of each path in it."""

    def __init__(self):
        self.tree = Tree()
        self.attrs: dict[str, dict[int, bytes]] = {}

    def entries(self) -> list[dict]:
        """As a manifest has them."""
        entries = self.tree.entries()
        for entry in entries:
            attrs = sorted(self.attrs.get(entry["path"], {}).items())
            entry["attrs"] = {f"0x{kind:02x}": value.hex() for kind, value in attrs}
        return entries


class Turn:
    """The same changes to either driver and to what is to be there."""

    def __init__(self, rng, ours, reference, volume: Volume, sizes: list[int], wears: bool):
        self.wears = wears
        self.rng, self.ours, self.reference = rng, ours, reference
        self.tree, self.attrs, self.sizes = volume.tree, volume.attrs, sizes

    def new_path(self) -> str:
        while True:
            base = self.rng.choice(self.tree.directories())
            path = f"{base}/{random_name(self.rng, 20)}"
            if path not in self.tree.nodes and len(path.encode()) < 200:
                return path

    def write(self) -> None:
        old = self.rng.choice([*self.tree.files(), self.new_path()])
        size, salt = self.rng.choice(self.sizes), self.rng.randrange(10**6)
        data = self.tree.data(old) if old in self.tree.nodes else b""
        kind = self.rng.choice(["all", "end", "at"])
        at = self.rng.randint(0, len(data))
        new = content(size, salt)
        self.tree.nodes[old] = {
            "all": new,
            "end": data + new,
            "at": data[:at] + new + data[at + size :],
        }[kind]
        if self.ours:
            self.ours.write(old, new, at if kind == "at" else kind)
        else:
            more = {"all": {}, "end": {"append": True}, "at": {"at": at}}[kind]
            self.reference("write", path=old, size=size, salt=salt, **more)

    def truncate(self) -> None:
        if not self.tree.files():
            return
        path, size = self.rng.choice(self.tree.files()), self.rng.choice(self.sizes)
        data = self.tree.data(path)
        self.tree.nodes[path] = data[:size] + bytes(max(0, size - len(data)))
        if self.ours:
            self.ours.truncate(path, size)
        else:
            self.reference("truncate", path=path, size=size)

    def attribute(self) -> None:
        if not self.tree.nodes:
            return
        path, kind = self.rng.choice(list(self.tree.nodes)), self.rng.choice([1, 0x74])
        attrs = self.attrs.setdefault(path, {})
        driver = self.ours.attribute if self.ours else self.reference.attribute
        if kind in attrs and self.rng.random() < 0.3:
            del attrs[kind]
            driver(path, kind, None)
        else:
            size = self.rng.choice([0, 1, 4, 16] if self.ours else [1, 4, 16])
            attrs[kind] = content(size, self.rng.randrange(10**6))
            driver(path, kind, attrs[kind])

    def mkdir(self) -> None:
        path = self.new_path()
        self.tree.nodes[path] = None
        if self.ours:
            self.ours.mkdir(path)
        else:
            self.reference("mkdir", path=path)

    def remove(self) -> None:
        alone = [path for path in self.tree.nodes if not self.tree.children(path)]
        if alone:
            path = self.rng.choice(alone)
            del self.tree.nodes[path]
            self.attrs.pop(path, None)
            if self.ours:
                self.ours.remove(path)
            else:
                self.reference("remove", path=path)

    def rename(self) -> None:
        """The reference moves only what has no entry behind it: it loses sight of
        that. With wear levelling on it moves nothing: a pair that is emptied and
        due to be replaced at once makes it give up."""
        if not self.ours and self.wears:
            return
        sources = [
            path
            for path in self.tree.nodes
            if self.ours or last_of_siblings(self.tree, path)
        ]
        if not sources:
            return
        old, new = self.rng.choice(sources), self.new_path()
        if new.startswith(old + "/"):
            return
        for path in [old, *self.tree.children(old)]:
            self.tree.nodes[new + path[len(old) :]] = self.tree.nodes.pop(path)
            self.attrs[new + path[len(old) :]] = self.attrs.pop(path, {})
        if self.ours:
            self.ours.rename(old, new)
        else:
            self.reference("rename", old=old, new=new)

    def adopt_leftovers(self, found: list[dict]) -> None:
        """No room: a file just made may have been left empty."""
        for item in found:
            if item["path"] not in self.tree.nodes:
                assert item["size"] == 0
                self.tree.nodes[item["path"]] = b""

    def take(self, changes: int) -> None:
        for _ in range(changes):
            act = self.rng.choice(
                [
                    self.write,
                    self.write,
                    self.truncate,
                    self.attribute,
                    self.mkdir,
                    self.remove,
                    self.rename,
                ]
            )
            before = dict(self.tree.nodes)
            attrs_before = {path: dict(attrs) for path, attrs in self.attrs.items()}
            try:
                act()
            except Refused as error:
                if error.code not in NO_ROOM:
                    raise
                self.tree.nodes = before
                self.attrs.clear()
                self.attrs.update(attrs_before)
                self.adopt_leftovers(self.found())

    def found(self) -> list[dict]:
        return self.ours.tree() if self.ours else self.reference("tree")


@pytest.mark.parametrize("case", many(60, 2000))
def test_turns(case, rng, reference, ours, tmp_path):
    block_size = rng.choice([128, 256, 512, 1024, 4096])
    settings = random_settings(rng, block_size, rng.choice(VERSIONS))
    settings["block_cycles"] = rng.choice([-1, -1, 4, 20, 300])
    reference("format", blocks=rng.choice([48, 96, 200]), settings=settings)
    image = str(tmp_path / "image")
    reference("save", image=image)
    volume = Volume()
    sizes = [0, 1, 20, block_size // 8, block_size, 3 * block_size]
    for turn in range(12):
        is_ours = rng.random() < 0.5
        settings["disk_version"] = max(settings["disk_version"], rng.choice(VERSIONS))
        if is_ours:
            ours.mount(image, settings)
        else:
            reference("mount", image=image, settings=settings)
        wears = settings["block_cycles"] > 0
        player = Turn(rng, ours if is_ours else None, reference, volume, sizes, wears)
        assert player.found() == volume.tree.entries(), f"turn {turn}, before"
        player.take(rng.randint(1, 12))
        assert player.found() == volume.tree.entries(), f"turn {turn}, after"
        if is_ours:
            ours.save(image)
        else:
            reference("save", image=image)
        raw = (tmp_path / "image").read_bytes()
        assert rawfs.Volume(raw, block_size).tree() == volume.entries()
