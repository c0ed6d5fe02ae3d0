# SPDX-License-Identifier: MIT
"""Our driver, in a process of its own: tests/fs/fs_worker.c at the far end."""

from __future__ import annotations

import hashlib
import subprocess

from reference import Refused


def hexed(path: str) -> str:
    return path.encode().hex()


class Ours:
    def __init__(self, program: str):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()

    def ask(self, *words) -> str:
        line = " ".join(str(word) for word in words)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"the driver died of {line[:200]}")
        assert "breach" not in answer, f"{line[:200]}: {answer}"
        if answer.startswith("error"):
            request = {"op": line[:200]}
            raise Refused(request, {"error": answer, "code": int(answer.split()[1])})
        return answer

    def mount(self, image: str, settings: dict, erase: int | None = 0xFF) -> None:
        self.ask(
            "open",
            image,
            settings["block_size"],
            settings["prog_size"],
            settings["cache_size"],
            settings["block_cycles"],
            settings["disk_version"],
            -1 if erase is None else erase,
        )

    def save(self, image: str) -> None:
        self.ask("save", image)

    def cut(self, changes: int) -> None:
        """The power goes after as many programs and erases."""
        self.ask("cut", changes)

    def power_is_lost(self) -> bool:
        return self.ask("lost") == "ok 1\n"

    def grow(self, blocks: int) -> None:
        self.ask("grow", blocks)

    def mkdir(self, path: str) -> None:
        self.ask("mkdir", hexed(path))

    def remove(self, path: str) -> None:
        self.ask("remove", hexed(path))

    def rename(self, old: str, new: str) -> None:
        self.ask("rename", hexed(old), hexed(new))

    def truncate(self, path: str, size: int) -> None:
        self.ask("truncate", hexed(path), size)

    def write(self, path: str, data: bytes, at: int | str = "all") -> None:
        self.ask("write", hexed(path), at, data.hex())

    def attribute(self, path: str, kind: int, data: bytes | None) -> None:
        """None removes it."""
        if data is None:
            self.ask("removeattr", hexed(path), kind)
        else:
            self.ask("setattr", hexed(path), kind, data.hex())

    def used(self) -> int:
        return int(self.ask("used").split()[1])

    def tree(self) -> list[dict]:
        words = self.ask("tree").split()[1:-2]
        found = []
        while words:
            kind, path = words.pop(0), bytes.fromhex(words.pop(0)).decode()
            if kind == "d":
                found.append({"path": path, "type": "dir", "attrs": {}})
                continue
            data = bytes.fromhex(words.pop(0)[1:])
            entry = {"path": path, "type": "file", "size": len(data)}
            entry["sha256"] = hashlib.sha256(data).hexdigest()
            found.append(entry | {"attrs": {}})
        return sorted(found, key=lambda entry: entry["path"])
