# SPDX-License-Identifier: MIT
"""What a user of the program sees: folders to start from, and the three ways
in which a command ends."""

from __future__ import annotations

import os
import re
from pathlib import Path

from program import Program


def plant(tree: dict[str, bytes | str | None], folder: Path = Path()) -> None:
    """Make directories (None), files (bytes) and symbolic links (str, their
    target) in the folder; parents come by themselves."""
    for name, what in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            path.mkdir(exist_ok=True)
        elif isinstance(what, bytes):
            path.write_bytes(what)
        else:
            path.symlink_to(what)


def harvest(folder: Path = Path()) -> dict[str, bytes | str | None]:
    """The reverse of plant."""
    tree: dict[str, bytes | str | None] = {}
    for base, directories, files in os.walk(folder):
        for name in directories + files:
            path = Path(base) / name
            key = path.relative_to(folder).as_posix()
            if path.is_symlink():
                tree[key] = os.readlink(path)
            else:
                tree[key] = None if path.is_dir() else path.read_bytes()
    return tree


def _messages(verb: str, stderr: bytes) -> list[str]:
    """The lines of standard error without what each begins with."""
    start = f"lfskit: {verb}: "
    lines = stderr.decode().splitlines()
    assert all(line.startswith(start) for line in lines), lines
    return [line[len(start) :] for line in lines]


def done(lfskit: Program, *arguments: str | Path, **how) -> str:
    """A command that succeeds without a word on standard error: its output."""
    result = lfskit.run(*arguments, **how)
    assert (result.returncode, result.stderr) == (0, b""), result
    return result.stdout.decode()


def warned(lfskit: Program, *arguments: str | Path, **how) -> list[str]:
    """A command that succeeds all the same: what it says on standard error."""
    result = lfskit.run(*arguments, **how)
    assert result.returncode == 0, result
    return _messages(str(arguments[0]), result.stderr)


def failed(lfskit: Program, *arguments: str | Path, **how) -> tuple[str, list[str]]:
    """A command that fails: its output, and what it says, at least a line."""
    result = lfskit.run(*arguments, **how)
    assert result.returncode == 1, result
    messages = _messages(str(arguments[0]), result.stderr)
    assert messages
    return result.stdout.decode(), messages


def nothing_but(lfskit: Program, *arguments: str | Path, **how) -> str:
    """A command that fails with one line and no output: that line."""
    output, messages = failed(lfskit, *arguments, **how)
    assert output == "" and len(messages) == 1, (output, messages)
    return messages[0]


def refused(lfskit: Program, *arguments: str | Path, **how) -> str:
    """Wrong usage: a line of what is wrong, which is returned, and a hint."""
    result = lfskit.run(*arguments, **how)
    assert (result.returncode, result.stdout) == (2, b""), result
    message, hint = result.stderr.decode().splitlines()
    verb = str(arguments[0])
    assert hint == f"Try 'lfskit {verb} --help'."
    assert message.startswith(f"lfskit: {verb}: ")
    return message[len(f"lfskit: {verb}: ") :]


def options_of_help(text: str) -> dict[str, str]:
    """Name and value of each option, and what is said of it, blanks made one."""
    head = r"^ {2}(?:-\w, | {4})(--\S+(?: \S+)?)(?: {2,}|\n +)"
    found = re.findall(head + r"(.*(?:\n {7,}.*)*)", text, re.M)
    return {option: " ".join(said.split()) for option, said in found}
