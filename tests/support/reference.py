# SPDX-License-Identifier: MIT
"""The reference package, driven in a process of its own by reference_worker.py.

One JSON object a line goes there and one comes back. An assertion of the
reference kills that process; it is then started again for the next test.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

WORKER = Path(__file__).with_name("reference_worker.py")
NO_ROOM = (-28, -36)  # what it says when a volume is full; the second, of a new name


class Refused(Exception):
    """The reference refused; code is littlefs's number."""

    def __init__(self, request: dict, answer: dict):
        super().__init__(f"{request}: {answer['error']}")
        self.code = answer["code"]


class Reference:
    def __init__(self, python: str):
        self.python = python
        self.process: subprocess.Popen | None = None

    def revive(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [self.python, WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()

    def attribute(self, path: str, kind: int, data: bytes | None) -> None:
        """None removes it."""
        if data is None:
            self("removeattr", path=path, kind=kind)
        else:
            self("setattr", path=path, kind=kind, data=data.hex())

    def __call__(self, op: str, **arguments):
        request = {"op": op} | arguments
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the reference died of {request}")
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(request, answer)
        return answer["result"]
