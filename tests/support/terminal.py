# SPDX-License-Identifier: MIT
"""A program at a terminal, which is what the test types into and reads from.

What must appear is waited for, however long that takes, up to a limit that is
reached only if something is wrong."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

LIMIT = 60  # seconds
ROWS, COLUMNS = 24, 80


class Terminal:
    def __init__(self, *command: str, **environment: str):
        self.seen = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            self._set_size(0, ROWS, COLUMNS)
            os.execvpe(command[0], command, os.environ | environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self) -> None:
        """End the program, unless it has been waited for."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.wait_for_end()

    def wait_for_end(self) -> int:
        """The program's exit code, or what killed it, negative."""
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        os.close(self.master)
        return os.waitstatus_to_exitcode(status)

    @staticmethod
    def _set_size(fd: int, rows: int, columns: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def resize(self, rows: int, columns: int) -> None:
        self._set_size(self.master, rows, columns)

    def press(self, keys: str) -> None:
        """Type, whatever the program is doing."""
        os.write(self.master, keys.encode())

    def type(self, text: str) -> None:
        self.press(text)

    def _more(self, deadline: float) -> bool:
        """False when the program has closed the terminal."""
        ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"nothing comes any more behind {self.seen!r}"
        try:
            data = os.read(self.master, 65536)
        except OSError:  # what Linux says then
            data = b""
        self.seen += data.decode(errors="replace")
        return data != b""

    def read_until(self, pattern: str) -> re.Match:
        """What the program writes, up to what matches; that is taken away."""
        deadline = time.monotonic() + LIMIT
        while not (found := re.search(pattern, self.seen, re.DOTALL)):
            assert self._more(deadline), f"{pattern!r} is not in {self.seen!r}"
        self.seen = self.seen[found.end() :]
        return found

    def read_all(self) -> str:
        """Everything until the program ends."""
        deadline = time.monotonic() + LIMIT
        while self._more(deadline):
            pass
        return self.seen.replace("\r\n", "\n")


class ShellTerminal(Terminal):
    """lfskit repl, or what runs it, at its first prompt."""

    def __init__(self, *command: str, kind: str = "xterm"):
        super().__init__(*command, TERM=kind, XDG_STATE_HOME=os.path.abspath("state"))
        self.wait("littlefs> ")

    def wait(self, *texts: str) -> str:
        """Read until each of the texts has come, one behind the other; all that has been read."""
        self.seen = ""
        found = self.read_until(".*?".join(map(re.escape, texts)))
        return found.string

    def edits(self, limit: float = LIMIT) -> bool:
        """Wait until keys go to the program: the prompt is there a moment before."""
        end = time.monotonic() + limit
        while termios.tcgetattr(self.master)[3] & termios.ICANON:
            if time.monotonic() > end:
                return False
            time.sleep(0.001)
        return True

    def type(self, text: str) -> None:
        assert self.edits()
        self.press(text)

    def leave(self) -> None:
        self.type("\x04")
        assert self.wait_for_end() == 0
