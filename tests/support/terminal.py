# SPDX-License-Identifier: MIT
"""A pseudo-terminal of which the test is the other end. It waits for what must
appear, however long that takes."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

LIMIT = 20  # seconds; reached only if something is wrong


class Terminal:
    def __init__(self, *command: str, kind: str = "xterm"):
        """Run a command on it, up to its first prompt."""
        self.fd, end = pty.openpty()
        self.resize(24, 80)
        environment = os.environ | {"TERM": kind, "XDG_STATE_HOME": os.path.abspath("state")}
        self.process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, env=environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(end)
        self.wait("littlefs> ")

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def wait(self, *texts: str) -> str:
        """Read until each of the texts has come, one behind the other."""
        seen = b""
        end = time.monotonic() + LIMIT
        while not self._has(seen, texts):
            assert time.monotonic() < end, (texts, seen)
            if select.select([self.fd], [], [], 1)[0]:
                seen += os.read(self.fd, 65536)
        return seen.decode(errors="replace")

    @staticmethod
    def _has(seen: bytes, texts: tuple[str, ...]) -> bool:
        at = 0
        for text in texts:
            at = seen.find(text.encode(), at)
            if at < 0:
                return False
            at += len(text.encode())
        return True

    def edits(self, limit: float = LIMIT) -> bool:
        """Wait until keys go to the program: the prompt is there a moment before."""
        end = time.monotonic() + limit
        while termios.tcgetattr(self.fd)[3] & termios.ICANON:
            if time.monotonic() > end:
                return False
            time.sleep(0.001)
        return True

    def type(self, text: str) -> None:
        assert self.edits()
        os.write(self.fd, text.encode())

    def press(self, keys: str) -> None:
        """Type while a command runs, or to a program that does not edit."""
        os.write(self.fd, keys.encode())

    def leave(self) -> None:
        self.type("\x04")
        self.wait_for_end()

    def wait_for_end(self) -> None:
        assert self.process.wait(LIMIT) == 0
        os.close(self.fd)
