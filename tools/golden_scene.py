# SPDX-License-Identifier: MIT
"""A volume driven through the reference package, and the model that follows it.

Used by make_golden.py, with the python of the reference. Model is the tree that
must result; Scene ties it to a volume of the reference on a flash that can fail,
and writes the manifest once both agree.
"""

import copy
import hashlib
import struct
import sys
from pathlib import Path

from littlefs import lfs
from littlefs.errors import LittleFSError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import rawfs  # noqa: E402
from flash import Flash  # noqa: E402

FLAGS = lfs.LFSFileFlag
WRITE = FLAGS.creat | FLAGS.wronly
REPLACE = WRITE | FLAGS.trunc


def pattern(size: int, salt: int = 0) -> bytes:
    """Bytes that differ from block to block and from file to file."""
    return bytes((size + salt + 31 * i + (i >> 8)) & 0xFF for i in range(size))


class Model:
    """What the tree must be: path -> bytes of a file, None for a directory."""

    def __init__(self):
        self.nodes: dict[str, bytes | None] = {}
        self.attrs: dict[str, dict[int, bytes]] = {}

    def rename(self, old: str, new: str) -> None:
        for table in (self.nodes, self.attrs):
            table.pop(new, None)
            for path in [p for p in table if p == old or p.startswith(old + "/")]:
                table[new + path[len(old) :]] = table.pop(path)

    def remove(self, path: str) -> None:
        del self.nodes[path]
        self.attrs.pop(path, None)

    def tree(self) -> list[dict]:
        items = []
        for path, data in sorted(self.nodes.items()):
            item: dict = {"path": path, "type": "dir" if data is None else "file"}
            if data is not None:
                item["size"] = len(data)
                item["sha256"] = hashlib.sha256(data).hexdigest()
            item["attrs"] = self.attributes(path)
            items.append(item)
        return items

    def attributes(self, path: str) -> dict[str, str]:
        held = self.attrs.get(path, {})
        return {f"0x{t:02x}": v.hex() for t, v in sorted(held.items())}


class Scene:
    """A volume of the reference, and the model that follows it."""

    def __init__(
        self,
        block_size: int = 512,
        block_count: int = 32,
        version: int = 0x00020001,
        erase: int | None = 0xFF,
        fill: bytes = b"\xff",
        **settings,
    ):
        self.erase = erase
        self.settings = {
            "block_size": block_size,
            "block_count": block_count,
            "read_size": 16,
            "prog_size": 16,
            "cache_size": 64,
            "lookahead_size": 16,
            "block_cycles": -1,
            "disk_version": version,
        }
        self.settings.update(settings)
        size = block_size * block_count
        self.device = Flash((fill * (size // len(fill) + 1))[:size], erase)
        self.model = Model()
        self.extra: dict = {}
        self.fs = lfs.LFSFilesystem()
        self.config = lfs.LFSConfig(self.device, **self.settings)
        lfs.format(self.fs, self.config)
        self.mount()

    def mount(self, **settings) -> "Scene":
        """Mount again, with some settings changed."""
        self.settings.update(settings)
        self.config = lfs.LFSConfig(self.device, **self.settings)
        self.fs = lfs.LFSFilesystem()
        lfs.mount(self.fs, self.config)
        return self

    def mkdir(self, path: str) -> "Scene":
        self.model.nodes[path] = None
        lfs.mkdir(self.fs, path)
        return self

    def write(
        self, path: str, data: bytes, flags=REPLACE, at: int | None = None
    ) -> "Scene":
        old = self.model.nodes.get(path) or b""
        if flags & FLAGS.trunc:
            old = b""
        start = len(old) if flags & FLAGS.append else at or 0
        padded = old.ljust(start, b"\0")
        self.model.nodes[path] = padded[:start] + data + padded[start + len(data) :]
        file = lfs.file_open(self.fs, path, flags)
        try:
            if at is not None:
                lfs.file_seek(self.fs, file, at, 0)
            lfs.file_write(self.fs, file, data)
        finally:
            lfs.file_close(self.fs, file)
        return self

    def append(self, path: str, data: bytes) -> "Scene":
        return self.write(path, data, WRITE | FLAGS.append)

    def overwrite(self, path: str, at: int, data: bytes) -> "Scene":
        return self.write(path, data, WRITE, at)

    def truncate(self, path: str, size: int) -> "Scene":
        old = self.model.nodes[path]
        self.model.nodes[path] = old[:size].ljust(size, b"\0")
        file = lfs.file_open(self.fs, path, FLAGS.rdwr)
        lfs.file_truncate(self.fs, file, size)
        lfs.file_close(self.fs, file)
        return self

    def remove(self, path: str) -> "Scene":
        self.model.remove(path)
        lfs.remove(self.fs, path)
        return self

    def rename(self, old: str, new: str) -> "Scene":
        self.model.rename(old, new)
        lfs.rename(self.fs, old, new)
        return self

    def setattr(self, path: str, kind: int, data: bytes) -> "Scene":
        self.model.attrs.setdefault(path, {})[kind] = data
        lfs.setattr(self.fs, path, kind, data)
        return self

    def removeattr(self, path: str, kind: int) -> "Scene":
        self.model.attrs[path].pop(kind, None)
        lfs.removeattr(self.fs, path, kind)
        return self

    def grow(self, block_count: int) -> "Scene":
        more = block_count - self.settings["block_count"]
        self.device.buffer += b"\xff" * (more * self.settings["block_size"])
        lfs.fs_grow(self.fs, block_count)
        self.settings["block_count"] = block_count
        return self

    def fork(self) -> "Scene":
        """The same volume, mounted anew on a copy of the device."""
        twin = copy.copy(self)
        twin.device = copy.deepcopy(self.device)
        twin.device.reset()
        twin.device.cut_after, twin.device.lost = None, False
        twin.model = copy.deepcopy(self.model)
        twin.settings = dict(self.settings)
        twin.extra = dict(self.extra)
        return twin.mount()

    def cut(self, act, after: int, torn: int = 0) -> "Scene":
        """This volume after act(scene), the power gone after that many
        programs and erases; its model is the state that is left."""
        before, done = self.model.tree(), self.fork()
        act(done)
        left = self.fork()
        left.device.cut_after, left.device.torn = after, torn
        try:
            act(left)
        except LittleFSError:
            pass
        found = left.raw().tree()
        for model in (self.model, done.model):
            if found == model.tree():
                left.model = copy.deepcopy(model)
                return left
        model = copy.deepcopy(self.model)
        for path in set(done.model.nodes) - set(model.nodes):
            if done.model.nodes[path] is not None:
                model.nodes[path] = b""  # a file just created may be left empty
        if found != model.tree():
            raise SystemExit(f"neither old nor new: {before} {found}")
        left.model = model
        return left

    def cut_when(self, act, wanted, torn: int = 0) -> "Scene":
        """The first cut that leaves an image for which wanted(raw volume)."""
        total = self.fork()
        act(total)
        for after in range(total.device.changes):
            left = self.cut(act, after, torn)
            if wanted(left.raw()):
                return left
        raise SystemExit("no cut leaves what was wanted")

    def raw(self) -> rawfs.Volume:
        return rawfs.Volume(bytes(self.device.buffer), self.settings["block_size"])

    def twin_of(self, name: str) -> int:
        """The block not current of the first pair of a directory in the root."""
        raw = self.raw()
        for entry, _ in raw.directory(raw.root.blocks):
            if entry.name == name.encode():
                return raw.pair(struct.unpack("<II", entry.data)).blocks[1]
        raise KeyError(name)

    def seen(self) -> list[dict]:
        """The tree as the reference gives it out."""
        found, todo = Model(), ["/"]
        while todo:
            base = todo.pop()
            handle = lfs.dir_open(self.fs, base)
            while (stat := lfs.dir_read(self.fs, handle)) is not None:
                if stat.name in (".", ".."):
                    continue
                path = base.rstrip("/") + "/" + stat.name
                found.nodes[path] = None
                if stat.type == stat.TYPE_DIR:
                    todo.append(path)
                else:
                    file = lfs.file_open(self.fs, path, "r")
                    found.nodes[path] = lfs.file_read(self.fs, file, stat.size)
                    lfs.file_close(self.fs, file)
            lfs.dir_close(self.fs, handle)
        for path in ["/", *found.nodes]:
            found.attrs[path] = self._attributes(path)
        return found.tree()

    def _attributes(self, path: str) -> dict[int, bytes]:
        held = {}
        for kind in {t for a in self.model.attrs.values() for t in a}:
            try:
                held[kind] = lfs.getattr(self.fs, path, kind)
            except LittleFSError as error:
                if error.code != error.Error.LFS_ERR_NOATTR:
                    raise
        return held

    def manifest(self, name: str, history: str) -> dict:
        """Confirm the model, and say what the image holds."""
        image = bytes(self.device.buffer)
        raw = self.raw()
        viewer = self.fork()
        listing = [item["path"] for item in viewer.seen()]
        used = raw.used()[0]
        if raw.move is None and lfs.fs_size(viewer.fs) != used:
            raise SystemExit(f"{name}: used blocks differ")
        if viewer.device.changes:
            raise SystemExit(f"{name}: mounting and reading wrote")
        lfs.fs_mkconsistent(viewer.fs)
        tree = self.model.tree()
        if viewer.seen() != tree or raw.tree() != tree:
            raise SystemExit(f"{name}: model and volume differ")
        stat = lfs.fs_stat(viewer.fs)
        paths = [item["path"] for item in tree]
        shown = {k: self.settings[k] for k in self.settings if k != "disk_version"}
        shown["image_blocks"] = len(image) // self.settings["block_size"]
        shown["erase_value"] = self.erase
        move = raw.move
        result = {
            "name": name,
            "image": f"{name}.img",
            "image_sha256": hashlib.sha256(image).hexdigest(),
            "history": " ".join(history.split()),
            "geometry": shown,
            "disk_version": f"{raw.version >> 16}.{raw.version & 0xFFFF}",
            "limits": {
                "name_max": raw.name_max,
                "file_max": raw.file_max,
                "attr_max": raw.attr_max,
            },
            "gstate_at_mount": {
                "sync_bit": raw.sync_bit,
                "move": move and {"id": move[0], "pair": list(move[1])},
            },
            "root_pair": list(raw.root.blocks),
            "superblocks": len(raw.superblocks),
            "used_blocks": used,
            "used_blocks_after_consistency": lfs.fs_size(viewer.fs),
            "root_attrs": self.model.attributes("/"),
            "tree": tree,
        }
        if stat.block_count != raw.block_count:
            raise SystemExit(f"{name}: block counts differ")
        if listing != paths:
            result["upstream_listing_before_first_write"] = listing
        return result | self.extra
