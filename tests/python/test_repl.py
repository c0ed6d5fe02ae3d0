# SPDX-License-Identifier: MIT
"""littlefs.repl: the shell on a volume that is mounted in Python."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import littlefs
import pytest
from littlefs import LittleFS, UserContext
from littlefs.lfs import _lend
from littlefs.repl import LittleFSRepl

# What littlefs-python's class and ours say alike.
ALIKE = r"""
ls
mkdir a
mkdir a
mkdir -p a/b/c

cd a/b
pwd
ls ..
tree /
put host.txt
put host.txt /x/y/
cat host.txt
xxd /x/y/host.txt
mv host.txt /h
get /h got.txt
get
rm /nosuch
rm -r /x
mv "open
cd /nosuch
cd ../..
bogus x
!ls
unmount
unmount
ls
mount
mount
ls
exit
"""

THEIRS = """
import sys, littlefs
from littlefs.repl import LittleFSRepl
shell = LittleFSRepl(littlefs.LittleFS(block_size=512, block_count=64))
for line in sys.stdin.read().splitlines():
    print(bool(shell.onecmd(line)))
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("host.txt").write_bytes(b"from the host\n")


@pytest.fixture
def fs():
    return LittleFS(block_size=512, block_count=64)


@pytest.fixture
def say(fs, capfd):
    """Runs lines and returns what was printed."""
    return on(LittleFSRepl(fs), capfd)


def on(shell, capfd):
    def run(*lines: str) -> str:
        capfd.readouterr()
        for line in lines:
            assert shell.onecmd(line) is False
        printed, errors = capfd.readouterr()
        assert errors == ""
        return printed

    return run


def test_what_it_says_is_what_littlefs_python_says(fs, capfd):
    python = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not python:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")
    theirs = subprocess.run(
        [python, "-c", THEIRS], input=ALIKE, capture_output=True, check=True, text=True
    )
    shell = LittleFSRepl(fs)
    for line in ALIKE.splitlines():
        print(shell.onecmd(line))
    assert capfd.readouterr() == (theirs.stdout, "")
    assert Path("got.txt").read_bytes() == b"from the host\n"


def test_it_works_on_the_volume_itself(fs, say):
    with fs.open("log", "wb") as log:
        log.write(b"one\n")
        assert say("mkdir d", "mv log d/log") == "Created directory /d\nMoved /log -> /d/log\n"
        log.write(b"two\n")
    assert fs.listdir("/") == ["d"]
    assert say("cat d/log") == "one\ntwo\n"


def test_a_loop_over_lines(fs, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("mkdir d\n\nls\n# no\nEOF is no command\n"))
    LittleFSRepl(fs).cmdloop()
    prompt = "littlefs> "
    assert capsys.readouterr().out == (
        f"{prompt}Created directory /d\n{prompt}{prompt}d\n{prompt}"
        f"{prompt}*** Unknown syntax: EOF is no command\n{prompt}\n"
    )


def test_ctrl_c_gives_up_a_line(fs, monkeypatch, capsys):
    lines = iter(["rm d", KeyboardInterrupt, "ls", "exit"])

    def read(prompt):
        line = next(lines)
        if line is KeyboardInterrupt:
            raise line
        return line

    fs.mkdir("kept")
    monkeypatch.setattr("builtins.input", read)
    LittleFSRepl(fs).cmdloop("hello")
    out = capsys.readouterr().out
    assert out.startswith("hello\n") and out.endswith("\nkept\n")
    assert out.count("hello") == 1


class Faulty(UserContext):
    """Raises when it is to."""

    failure = None

    def read(self, cfg, block, off, size):
        if self.failure is not None:
            raise self.failure
        return super().read(cfg, block, off, size)


@pytest.fixture
def faulty(capfd):
    context = Faulty(512 * 64)
    fs = LittleFS(context, block_size=512, block_count=64)
    with fs.open("big", "wb") as file:
        file.write(bytes(8192))
    return context, on(LittleFSRepl(fs), capfd)


def test_what_a_context_raises_is_told_once(faulty):
    context, say = faulty
    context.failure = ZeroDivisionError("no such block")
    assert say("get big here") == "ZeroDivisionError: no such block\n"
    assert not Path("here").exists()
    context.failure = littlefs.LittleFSError(-5)
    assert say("get big here") == "LittleFSError: LittleFSError -5: LFS_ERR_IO\n"
    context.failure = KeyboardInterrupt()
    assert say("get big here") == "\nKeyboardInterrupt\n"
    context.failure = None
    assert say("get big here", "rm big") == "Got /big -> here\nRemoved /big\n"


@pytest.fixture
def heeded():
    """Ctrl-C is: shells start what they run in the background with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_a_command_between_its_steps(heeded, fs, monkeypatch, capfd):
    fs.mkdir("d")

    class Out(io.StringIO):
        pressed = False

        def write(self, text):
            if not self.pressed:
                self.pressed = True
                os.kill(os.getpid(), signal.SIGINT)
            return super().write(text)

    shell = LittleFSRepl(fs)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Out())
        assert shell.onecmd("cat" + " d" * 10000) is False
        seen = sys.stdout.getvalue()
    assert seen.endswith("KeyboardInterrupt\n")
    assert seen.count("IsADirectoryError") < 1000
    assert on(shell, capfd)("pwd") == "/\n"


def test_the_volume_is_not_used_by_who_writes_for_the_shell(fs, monkeypatch):
    class Out(io.StringIO):
        def write(self, text):
            if text.startswith("Created"):
                fs.mkdir("inner")
            return super().write(text)

    shell = LittleFSRepl(fs)
    monkeypatch.setattr(sys, "stdout", Out())
    assert shell.onecmd("mkdir outer") is False
    assert sys.stdout.getvalue() == (
        "RuntimeError: a context must not use the volume that calls it\n"
    )
    assert fs.listdir("/") == ["outer"]


def test_mounting_is_that_of_the_volume(fs, say):
    fs.mkdir("d")
    assert say("cd d", "unmount") == "/d\nUnmounted remote littlefs.\n"
    with pytest.raises(littlefs.LittleFSError):
        fs.listdir("/")
    assert say("pwd", "mount", "pwd") == (
        "RuntimeError: Filesystem is not mounted. Run 'mount' first.\n"
        "Mounted remote littlefs.\n/\n"
    )
    fs.unmount()
    assert say("ls").startswith("RuntimeError: ")
    fs.mount()
    assert say("ls") == "d\n"


def test_a_volume_that_cannot_be_mounted(capfd):
    fs = LittleFS(mount=False, block_size=512, block_count=64)
    say = on(LittleFSRepl(fs), capfd)
    assert say("mount") == "LittleFSError: LittleFSError -84: LFS_ERR_CORRUPT\n"


def test_names_are_in_the_encoding_of_the_volume(capfd):
    fs = LittleFS(block_size=512, block_count=64, filename_encoding="latin-1")
    say = on(LittleFSRepl(fs), capfd)
    assert say("mkdir größe", "ls") == "Created directory /größe\ngröße\n"
    assert fs.listdir("/") == ["größe"]
    fs.filename_encoding = "no such"
    with pytest.raises(LookupError, match="no such"):
        LittleFSRepl(fs)


def test_commands_can_be_added_and_replaced(fs, capfd):
    class Mine(LittleFSRepl):
        def do_count(self, line):
            """Count what is there."""
            print(len(self._fs.listdir(line or "/")))

        def do_fail(self, line):
            raise ValueError(line)

    say = on(Mine(fs), capfd)
    assert say("mkdir d", "count", "fail it") == "Created directory /d\n1\nValueError: it\n"
    assert say("help count") == "Count what is there.\n"
    assert "count" in say("help").split()


def test_help(say):
    names = say("help").split()
    assert {"ls", "dir", "cd", "pwd", "put", "get", "cat", "exit", "unmount"} <= set(names)
    assert say("help rm").startswith("Usage: rm [-r] <path>\n")
    assert say("help rm") == say("? rm") == say("rm --help")
    assert LittleFSRepl.do_rm.__doc__.startswith("Usage: rm [-r] <path>")


def test_completion(fs):
    shell = LittleFSRepl(fs)
    fs.makedirs("logs-old/may")
    assert shell.completenames("unm") == ["unmount"]
    assert shell.completedefault("", "ls ", 3, 3) == ["logs-old"]
    assert shell.completedefault("ol", "ls logs-ol", 8, 10) == ["old"]
    assert shell.completedefault("m", "ls /logs-old/m", 13, 14) == ["may"]
    assert shell.completedefault("h", "put h", 4, 5) == ["host.txt"]
    fs.unmount()
    assert shell.completedefault("", "ls ", 3, 3) == []


def test_names_of_the_host_that_are_no_text(fs, say):
    """They are completed beside the others, and name their files."""
    try:
        Path(os.fsdecode(b"old-\xff.txt")).write_bytes(b"from before")
    except OSError:
        pytest.skip("the host's filesystem takes text alone")
    Path("old-good.txt").write_bytes(b"")
    shell = LittleFSRepl(fs)
    found = shell.completedefault("old-", "put old-", 4, 8)
    assert sorted(found) == ["old-good.txt", os.fsdecode(b"old-\xff.txt")]
    say("put old-good.txt /kept", os.fsdecode(b"get /kept old-\xff.txt"))
    assert Path(os.fsdecode(b"old-\xff.txt")).read_bytes() == b""
    assert "UnicodeEncodeError" in say("ls \ud800")


def test_the_shell_is_not_used_by_who_writes_for_it(fs):
    shell = littlefs._command.Shell("utf-8")
    calls = [
        lambda: shell.run("ls", None, print),
        lambda: shell.complete("ls ", None),
        shell.restart,
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match="running a line"):
            _lend(fs.fs, lambda volume: shell.run("pwd", volume, lambda data: call()))
        assert shell.run("pwd", None, print) is False


def test_what_is_lent_is_given_back(fs):
    kept = []
    assert _lend(fs.fs, kept.append) is None
    shell = littlefs._command.Shell("utf-8")
    with pytest.raises(ValueError):
        shell.run("ls", kept[0], print)
    with pytest.raises(ValueError):
        shell.run("ls", object(), print)
    with pytest.raises(ZeroDivisionError):
        _lend(fs.fs, lambda volume: 1 / 0)
    with pytest.raises(TypeError):
        _lend(fs, kept.append)
    assert fs.listdir("/") == []
