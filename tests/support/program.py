# SPDX-License-Identifier: MIT
"""The lfskit program as the tests run it."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

MEMORY = 512 << 20
HOST_NAME_MAX = 255  # bytes


class Program:
    def __init__(self, path: str, before: list[str] | None = None):
        self.path = path
        self.before = before or []  # words of a command that runs it
        # Sanitizers reserve terabytes: under them memory has no bound.
        self.memory: int | None = MEMORY
        if self.run("--version").returncode:
            self.memory = None
            self.run("--version").check_returncode()

    def _limit(self) -> None:
        if self.memory is not None:
            resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))

    def run(
        self, *arguments: str | bytes | Path, timeout: float = 60, **how
    ) -> subprocess.CompletedProcess:
        command = [*self.before, self.path, *map(os.fspath, arguments)]
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
        return subprocess.run(
            command, timeout=timeout, preexec_fn=self._limit, check=False, **how
        )

    def start(self, *arguments: str | Path, **how) -> subprocess.Popen:
        """Run without waiting for the end; standard error is a pipe."""
        command = [self.path, *map(os.fspath, arguments)]
        return subprocess.Popen(
            command, stderr=subprocess.PIPE, preexec_fn=self._limit, **how
        )

    def do(self, *arguments: str | Path) -> bytes:
        """Run what must succeed, without a word on standard error."""
        result = self.run(*arguments)
        said = result.stderr.decode(errors="replace")
        assert result.returncode == 0, f"{arguments}: {said}"
        return result.stdout

    def info(self, image: Path) -> dict:
        return json.loads(self.do("info", "--json", image))

    def entries(self, image: Path) -> list[dict]:
        return json.loads(self.do("list", "--json", image))

    def tree(self, image: Path, folder: Path) -> list[dict]:
        """The tree of an image as in a manifest, from list and from what
        extract wrote into folder, which must not exist. Names that no host
        can hold are read one by one."""
        entries = self.entries(image)
        extractable = all(
            len(name.encode()) <= HOST_NAME_MAX
            for item in entries
            for name in item["path"].split("/")
        )
        if extractable:
            self.do("extract", "-q", image, folder)
            extracted = sum(len(d) + len(f) for _, d, f in os.walk(folder))
            assert extracted == len(entries), "extract and list differ"
        found = []
        for item in entries:
            entry = {"path": item["path"], "type": item["type"]}
            host = folder / item["path"][1:]
            if item["type"] == "file":
                if extractable:
                    data = host.read_bytes()
                else:
                    data = self.do("extract", image, "-", item["path"])
                assert len(data) == item["size"], item
                entry["size"] = item["size"]
                entry["sha256"] = hashlib.sha256(data).hexdigest()
            elif extractable:
                assert host.is_dir(), item
            entry["attrs"] = item["attrs"]
            found.append(entry)
        return sorted(found, key=lambda entry: entry["path"])


def powerless(lfskit: Program) -> Program:
    """The program without root's power to read and write what the modes forbid."""
    if os.geteuid() != 0:
        return lfskit
    if not shutil.which("setpriv"):
        pytest.skip("root may do anything, and there is no setpriv to change that")
    return Program(lfskit.path, ["setpriv", "--bounding-set=-dac_override,-dac_read_search"])
