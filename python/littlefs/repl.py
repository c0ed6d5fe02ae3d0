# SPDX-License-Identifier: MIT
"""The shell on a mounted volume, as ``littlefs-python repl`` has it on an image."""

import cmd
import re
import sys
from typing import Any, Callable, List, Optional

from . import LittleFS, _command
from ._streams import writer
from .lfs import _lend


class LittleFSRepl(cmd.Cmd):
    """Commands for work inside a volume, a line each.

    ``fs`` is a `LittleFS` on any context, mounted or not. Its commands are those of
    ``littlefs-python repl`` and do the same: ``help`` lists them. Each is a method,
    ``do_ls`` and so on, that takes the rest of the line; more can be added as to any
    `cmd.Cmd`.

    What commands print, and a line for what went wrong, go to `sys.stdout`. No
    exception leaves `onecmd`.

    >>> shell = LittleFSRepl(LittleFS(block_size=512, block_count=64))
    >>> shell.onecmd("mkdir -p logs/may")
    Created directory /logs/may
    False
    >>> shell.onecmd("cd nowhere")
    LittleFSError: LittleFSError -2: LFS_ERR_NOENT
    False
    >>> shell.onecmd("exit")
    True
    """

    prompt = "littlefs> "

    def __init__(self, fs: LittleFS) -> None:
        """LookupError if the encoding of names in ``fs`` is one that the shell lacks."""
        super().__init__()
        self._fs = fs
        self._shell = _command.Shell(fs.filename_encoding)

    def _run(self, line: str) -> bool:
        """Run a line; True if it was to leave the shell."""
        left = _lend(self._fs.fs, lambda volume: self._shell.run(line, volume, writer(sys.stdout)))
        return bool(left)

    def _is_mounted(self) -> bool:
        return bool(_lend(self._fs.fs, lambda volume: volume is not None))

    # --- what cmd.Cmd calls ---

    def onecmd(self, line: str) -> bool:
        """Run a line and say what went wrong; True if it was to leave the shell."""
        try:
            return bool(super().onecmd(line))
        except KeyboardInterrupt:
            print("\nKeyboardInterrupt")
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
        return False

    def cmdloop(self, intro: Optional[Any] = None) -> None:
        """Read and run lines until one leaves the shell; Ctrl-C gives up a line."""
        while True:
            try:
                return super().cmdloop(intro)
            except KeyboardInterrupt:
                print()
                intro = ""

    def emptyline(self) -> bool:
        """Do nothing, rather than what was done before."""
        return False

    def default(self, line: str) -> Any:  # bool, whatever is declared for cmd.Cmd
        """What is no command: the end of the input, a comment, or a mistake."""
        if line == "EOF":
            print()
            return True
        return self._run(line)

    def completedefault(self, text: str, line: str, begidx: int, endidx: int) -> List[str]:
        """The names in the volume, or on the host, that a word could be going to be."""
        names = _lend(self._fs.fs, lambda volume: self._shell.complete(line[:endidx], volume))
        known = len(re.split("[ /]", line[:endidx])[-1]) - len(text)
        return [name[known:] for name in names]

    # --- commands ---

    def do_mount(self, line: str = "") -> Optional[bool]:
        if self._is_mounted():
            return self._run("mount")
        self._fs.mount()
        self._shell.restart()
        print("Mounted remote littlefs.")
        return False

    def do_unmount(self, line: str = "") -> Optional[bool]:
        if not self._is_mounted():
            return self._run("unmount")
        self._fs.unmount()
        self._shell.restart()
        print("Unmounted remote littlefs.")
        return False

    def do_help(self, arg: str = "") -> Optional[bool]:
        if arg in _NAMES:
            return self._run(f"help {arg}")
        self.stdout = sys.stdout  # where all else goes, too
        super().do_help(arg)
        return False


def _method(name: str) -> Callable[..., bool]:
    def do(self: LittleFSRepl, line: str = "") -> bool:
        return self._run(f"{name} {line}")

    do.__name__ = f"do_{name}"
    do.__qualname__ = f"LittleFSRepl.do_{name}"
    return do


_NAMES = set()
for _name, _usage, _what in _command.commands():
    _NAMES.add(_name)
    _function = vars(LittleFSRepl).get(f"do_{_name}") or _method(_name)
    _function.__doc__ = f"{_usage}\n\n{_what}"
    setattr(LittleFSRepl, f"do_{_name}", _function)
