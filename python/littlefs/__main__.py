# SPDX-License-Identifier: MIT
"""The program ``littlefs-python``: create and extract images, list and change what is in them.

``main(argv)`` runs one command in this process, on whatever ``sys.stdin``,
``sys.stdout`` and ``sys.stderr`` are. It returns the exit code, and raises
SystemExit where argparse does: for wrong usage, ``--help`` and ``--version``.
Options, messages and all work are those of the native program.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import Any, Callable, Iterator

from littlefs import _command
from littlefs._streams import writer

PROGRAM = "littlefs-python"
MODULE = "python -m littlefs"
USAGE = 2  # exit code
TYPES = {"block-count": int, "filename-encoding": str, "image": Path}  # others are sizes
NAME_MAX = 255
DESTINATIONS = {"create": Path("lfs.bin"), "extract": Path(".")}


def size_parser(size_str: str | int) -> int:
    """Bytes: a decimal number, or a hexadecimal one after 0x, and perhaps B, KB,
    MB or GB. ValueError for anything else; an integer stands for itself."""
    if isinstance(size_str, int):
        if size_str < 0:
            raise ValueError(f"not a size: {size_str}")
        return size_str
    return _command.size(str(size_str))


# --- running --------------------------------------------------------------------------


def _reader() -> Callable[[int], bytes]:
    """Reads lines of sys.stdin, each when it is asked for, as UTF-8."""
    rest = b""

    def read(size: int) -> bytes:
        nonlocal rest
        rest = rest or sys.stdin.readline().encode("utf-8", "surrogateescape")
        data, rest = rest[:size], rest[size:]
        return data

    return read


def _at_terminal() -> bool:
    """Whether Python's streams are still those of the process, and a person is there."""
    streams = enumerate((sys.stdin, sys.stdout, sys.stderr))
    try:
        return all(stream.isatty() and stream.fileno() == number for number, stream in streams)
    except (AttributeError, OSError, ValueError):  # what stands there is no file, or closed
        return False


def _run(program: str, words: list[str]) -> int:
    undecodable = None
    if words[:1] == ["repl"] and _at_terminal():
        exit_code, answered = _command.run_process(program, words)
    else:
        exit_code, answered, undecodable = _command.run(
            program, words, _reader(), writer(sys.stdout), writer(sys.stderr)
        )
    if undecodable is not None:
        encoding, name = undecodable
        name.decode(encoding)
        raise UnicodeDecodeError(encoding, name, 0, len(name), "not in the encoding of the image")
    if answered or exit_code == USAGE:
        raise SystemExit(exit_code)
    return exit_code


def main(argv: list[str] | None = None) -> int:
    """Run a command line, whose first word is not looked at; sys.argv by default.

    A name that is not in the encoding of the image is a UnicodeDecodeError.
    """
    words = sys.argv if argv is None else argv
    return _run(PROGRAM, [os.fspath(word) for word in words[1:]])


# --- argparse -------------------------------------------------------------------------


def _add_option(parser: Any, needs: list[str], option: _command._Option) -> None:
    name, letter, metavar, text = option
    flags = [f"-{letter}", f"--{name}"] if letter else [f"--{name}"]
    how: dict[str, Any] = {"help": argparse.SUPPRESS if text is None else text}
    if name == "verbose":
        how |= {"action": "count", "default": 0}
    elif metavar is None:
        how["action"] = "store_true"
    else:
        how |= {"type": TYPES.get(name, size_parser), "required": name in needs}
        if name.endswith("-max"):
            how["default"] = 0
    parser.add_argument(*flags, **how)


def _add_verb(subparsers: Any, verb: _command._Verb) -> None:
    name, summary, operands, required, options, needs = verb
    parser = subparsers.add_parser(name, help=summary, description=summary)
    choices: dict[str, Any] = {}
    for need in needs:
        members = need.split("|")
        if len(members) > 1:
            group = parser.add_mutually_exclusive_group(required=True)
            choices |= dict.fromkeys(members, group)
    for option in options:
        if option[0] != "help":
            _add_option(choices.get(option[0], parser), needs, option)
    for index, (operand, text) in enumerate(operands):
        optional = {"nargs": "?", "default": DESTINATIONS.get(name)} if index >= required else {}
        parser.add_argument(operand, type=Path, help=text, **optional)
    if name == "create":
        parser.set_defaults(name_max=NAME_MAX)
    parser.set_defaults(func=FUNCTIONS[name])


def get_parser() -> argparse.ArgumentParser:
    """An argparse parser of the same options, for documentation and for those
    that call the functions below with its result."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=_command.DESCRIPTION)
    parser.add_argument("--version", action="version", version=_command.VERSION)
    subparsers = parser.add_subparsers(required=True, title="Available Commands", dest="command")
    for verb in _command.verbs():
        _add_verb(subparsers, verb)
    return parser


def _run_parsed(name: str, parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Run a verb on what get_parser() made of its options."""
    verb = next(verb for verb in _command.verbs() if verb[0] == name)
    words = [name]
    for option, _, metavar, _ in verb[4]:
        value = getattr(args, option.replace("-", "_"), None)
        if value and metavar is None:
            words.append(f"--{option}")
        elif value:
            words.append(f"--{option}={os.fspath(value) if option == 'image' else value}")
    image = getattr(args, "image", None)
    operands = [operand for operand, _ in verb[2] if not (image and operand == "destination")]
    words += ["--", *(os.fspath(getattr(args, operand)) for operand in operands)]
    return _run(parser.prog, words)


def create(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Make an image of a directory or a file."""
    return _run_parsed("create", parser, args)


def extract(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Write what is in an image into a directory."""
    return _run_parsed("extract", parser, args)


def _list(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Print the path of each entry of an image."""
    return _run_parsed("list", parser, args)


def repl(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Run the commands of sys.stdin on an image, in place."""
    return _run_parsed("repl", parser, args)


FUNCTIONS = {"create": create, "extract": extract, "list": _list, "repl": repl}


def _walk_all(root: str | os.PathLike[str]) -> Iterator[Path]:
    """Everything below a directory, links to directories followed: of each
    directory first the directories in it, then the files, each by name."""
    for base, directories, files in os.walk(root, followlinks=True):
        directories.sort()
        for name in directories + sorted(files):
            yield Path(base) / name


if __name__ == "__main__":
    # The process has its own streams, and Ctrl-C ends it as it does the native program.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_command.run_process(MODULE, sys.argv[1:])[0])
