# SPDX-License-Identifier: MIT
"""repl at a terminal."""

import stat
from pathlib import Path

import pytest
from terminal import ShellTerminal
from transcript import done, plant


@pytest.fixture
def terminal(lfskit, tmp_path):
    plant({"src/a.txt": b"hello\n", "src/my dir/c d.txt": b"inside\n", "src/größe.txt": b"size\n"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64K", "--block-size=512")
    opened = ShellTerminal(lfskit.path, "repl", "i.img")
    try:
        if not opened.edits(limit=10):
            pytest.skip("the program was built without libedit")
        opened.type("cat a.t\t\r")
        opened.wait("hello", "littlefs> ")
        yield opened
    finally:
        opened.kill()


def test_completion_quotes_what_needs_it(terminal):
    terminal.type("cat my\t")
    terminal.wait("\\ dir/")
    terminal.type("\t\r")
    terminal.wait("inside", "littlefs> ")
    terminal.type('cat "my\tc\t\r')
    terminal.wait("inside", "littlefs> ")
    terminal.leave()


def test_completion_of_commands_and_host_paths(terminal):
    terminal.type("unm\t\r")
    terminal.wait("Unmounted remote littlefs.", "littlefs> ")
    terminal.type("mount\r")
    terminal.wait("Mounted remote littlefs.", "littlefs> ")
    terminal.type("put src/a\t/b.txt\r")
    terminal.wait("Put src/a.txt -> /b.txt", "littlefs> ")
    terminal.type("put src/a.txt src/gr\t/\r")
    terminal.wait("Put src/größe.txt -> /größe.txt", "littlefs> ")
    terminal.type("m\t")
    terminal.wait("mkdir", "mount", "mv")
    terminal.type("\x03")
    terminal.wait("^C", "littlefs> ")
    terminal.leave()


def test_names_are_characters_not_bytes(terminal):
    terminal.type("cat gröx\x7fß\t\r")
    terminal.wait("size", "littlefs> ")
    terminal.leave()


def test_keys_that_edit(terminal):
    terminal.type("at a.txtx\x7f\x01c\r")  # backspace, start of the line
    terminal.wait("hello", "littlefs> ")
    terminal.leave()


def test_interrupting_gives_up_the_line_alone(terminal):
    terminal.type("rm a.txt\x03")
    terminal.wait("^C", "littlefs> ")
    terminal.type("cat a.txt\r")
    terminal.wait("hello", "littlefs> ")
    terminal.leave()


def test_the_window_may_change(terminal):
    terminal.type("cat a.txt")
    terminal.wait("a.txt")
    terminal.resize(10, 20)
    terminal.type(" my\\ dir/c\\ d.txt\r")
    terminal.wait("hello", "inside", "littlefs> ")
    terminal.leave()


def test_history_goes_on_in_the_next_session(terminal, lfskit):
    terminal.leave()
    history = Path("state/lfskit/history")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    later = ShellTerminal(lfskit.path, "repl", "i.img")
    later.type("\x1b[A\r")
    later.wait("hello", "littlefs> ")
    later.type("pwd\r")
    later.wait("/\r\n", "littlefs> ")
    later.type("\x12a.t\r")  # Ctrl-R: the last line with that in it
    later.wait("hello", "littlefs> ")
    later.leave()


BIG = b"x" * 63 + b"\n"


@pytest.fixture
def big_image(lfskit) -> str:
    plant({"src/big.txt": BIG * 50000, "src/a.txt": b"hello\n"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=8M")
    return "i.img"


@pytest.mark.parametrize("kind", ["xterm", "dumb"])
def test_interrupting_a_command_that_prints(lfskit, big_image, kind):
    """The terminal takes nothing until Ctrl-C is pressed, so the command cannot have ended."""
    terminal = ShellTerminal(lfskit.path, "repl", big_image, kind=kind)
    if kind == "xterm" and not terminal.edits(limit=10):
        pytest.skip("the program was built without libedit")
    terminal.press("cat big.txt\r")
    terminal.wait("xxxxxxxx")
    terminal.press("\x03")
    seen = terminal.wait("KeyboardInterrupt", "littlefs> ")
    assert len(seen) < len(BIG) * 50000
    terminal.press("cat a.txt\r")
    terminal.wait("hello", "littlefs> ")
    terminal.press("exit\r")
    assert terminal.wait_for_end() == 0


def test_interrupting_a_command_that_writes_leaves_no_half(lfskit, big_image):
    terminal = ShellTerminal(lfskit.path, "repl", big_image)
    terminal.press("cp big.txt copy.txt\r")
    terminal.wait("copy.txt")
    terminal.press("\x03")
    terminal.type("exit\r")
    assert terminal.wait_for_end() == 0
    assert "clean" in done(lfskit, "check", big_image)
    if "/copy.txt" in done(lfskit, "list", big_image).split():
        done(lfskit, "get", big_image, "copy.txt", "copy.txt")
        assert Path("copy.txt").read_bytes() == BIG * 50000


def test_a_terminal_without_a_cursor(lfskit, big_image):
    terminal = ShellTerminal(lfskit.path, "repl", big_image, kind="dumb")
    terminal.press("rm a.txt\x03")
    terminal.wait("littlefs> ")
    terminal.press("cat a.txt\n")
    terminal.wait("hello", "littlefs> ")
    terminal.press("\x04")
    assert terminal.wait_for_end() == 0
