# SPDX-License-Identifier: MIT
"""repl: commands on one mounted image, from a pipe and from the command line."""

import os
import subprocess
from pathlib import Path

import pytest
from transcript import done, plant

TREE = {
    "src/a.txt": b"hello\n",
    "src/sub/b.bin": b"b\n",
    "src/sub/deep": None,
    "src/my dir/c d.txt": b"c\n",
}

# What littlefs-python and lfskit say alike, to the byte.
ALIKE = r"""
put ./src/a.txt
put src//a.txt ./a.txt
put src/./a.txt .//a.txt
put ././nofile
get a.txt .
get a.txt ./
get sub/b.bin ./got
get a.txt in//d/
get a.txt ./in/../got2
ls
dir /sub
ls/sub
cd..
cd /my dir
pwd
cat c\ d.txt
cat "/my dir/c d.txt"
ls nosuch
cd nosuch
cd
cd a.txt
tree
tree my dir
cat a.txt
cat
xxd a.txt
xxd
mkdir
mkdir sub
mkdir x/y/z
mkdir -p x/y/z
mkdir -p
rm
rm x
rm -r x
rm -r x
mv
mv a.txt
mv a.txt sub/a2.txt
mv nosuch x
mv sub/a2.txt a.txt
mv "open
put
put nofile
put src
put src/a.txt
put src/a.txt /new/dir/
put src/a.txt sub/
get
bogus cmd
!ls
pwd x
unmount
unmount
ls
pwd
cd sub
put nofile
xxd
mount
mount
cd sub
rm b.bin
mkdir /m
put src/a.txt a/b/c.txt
cat a/b/c.txt
rm -r a
pwd
"""


@pytest.fixture
def image(lfskit) -> str:
    plant(TREE)
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64K", "--block-size=512")
    return "i.img"


def piped(lfskit, image: str, commands: str, *options: str) -> str:
    result = lfskit.run("repl", image, *options, input=commands.encode())
    assert (result.returncode, result.stderr) == (0, b"")
    return result.stdout.decode()


def test_what_it_says_is_what_littlefs_python_says(image, lfskit):
    python = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not python:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")
    Path("j.img").write_bytes(Path(image).read_bytes())
    command = [python, "-m", "littlefs", "repl", "j.img", "--block-size=512"]
    theirs = subprocess.run(command, input=ALIKE.encode(), capture_output=True, check=True)
    assert piped(lfskit, image, ALIKE) == theirs.stdout.decode()


def test_the_end_of_input_and_exit(image, lfskit):
    assert piped(lfskit, image, "pwd\n") == "littlefs> /\nlittlefs> \n"
    assert piped(lfskit, image, "pwd") == "littlefs> /\nlittlefs> \n"
    assert piped(lfskit, image, "exit\npwd\n") == "littlefs> "
    assert piped(lfskit, image, "") == "littlefs> \n"


def test_missing_files_are_named(image, lfskit):
    said = piped(lfskit, image, "cat nosuch\nxxd sub\nexit\n")
    assert said == "littlefs> FileNotFoundError: /nosuch\nlittlefs> IsADirectoryError: /sub\nlittlefs> "


def test_a_working_directory_that_goes_moves_up(image, lfskit):
    said = piped(lfskit, image, "cd sub/deep\nrm -r /sub\npwd\nexit\n")
    assert said.splitlines()[1:] == ["littlefs> Removed /sub", "littlefs> /", "littlefs> "]


def test_patterns_comments_and_words(image, lfskit):
    script = "# a comment\ncat *.txt /my*/*.txt\ncat 'my dir'/c*\ncat no*\ncat \\*\n"
    assert piped(lfskit, image, script) == (
        "littlefs> littlefs> hello\nc\nlittlefs> c\n"
        "littlefs> FileNotFoundError: /no*\nlittlefs> FileNotFoundError: /*\nlittlefs> \n"
    )


def test_patterns_and_the_home_directory_on_the_host(image, lfskit, monkeypatch):
    plant({"h/one.txt": b"1", "h/.hidden.txt": b"", "h/b/two.txt": b"2", "h/[x].txt": b"x"})
    monkeypatch.setenv("HOME", os.path.abspath("h"))
    said = done(lfskit, "repl", image, "-c", "put h/*.txt /; put ~/b/*; put h/?/t* /in/")
    home = os.path.abspath("h")
    assert said.splitlines() == [
        "Put h/[x].txt -> /[x].txt", "Put h/one.txt -> /one.txt",
        f"Put {home}/b/two.txt -> /two.txt", "Put h/b/two.txt -> /in/two.txt",
    ]  # fmt: skip
    assert done(lfskit, "repl", image, "-c", "cat [[]x].txt; get one.txt ~/got; rm */two.*") == (
        f"xGot /one.txt -> {home}/got\nRemoved /in/two.txt\n"
    )


def test_patterns_are_looked_for_where_an_operand_is(image, lfskit):
    """All but the last of several are sources; the value of an option is no operand."""
    plant({"h/one": b"1", "h/two": b"2", "h/three": b"3"})
    lines = done(lfskit, "repl", image, "-c", "put h/o* h/tw* h/th* /in/; get in/o* in/t* out/")
    assert lines.splitlines() == [
        "Put h/one -> /in/one", "Put h/two -> /in/two", "Put h/three -> /in/three",
        "Got /in/one -> out/one", "Got /in/three -> out/three", "Got /in/two -> out/two",
    ]  # fmt: skip
    said = done(lfskit, "repl", image, "-c", "attr --int=2 a.* t 5; attr --int a.* t")
    assert said == "Set attribute 0x74 of /a.txt\n5\n"
    assert done(lfskit, "repl", image, "-c", "find --name *.txt in") == ""
    assert done(lfskit, "repl", image, "-c", "find --name t* in") == "/in/three\n/in/two\n"


def test_a_pattern_alone_stands_for_sources(image, lfskit):
    """They go to where they are, the last one is no target."""
    plant({"h/one": b"1", "h/two": b"2"})
    said = done(lfskit, "repl", image, "-c", "mkdir m; cd m; put h/*; get *")
    assert said.splitlines()[2:] == [
        "Put h/one -> /m/one", "Put h/two -> /m/two",
        "Got /m/one -> one", "Got /m/two -> two",
    ]  # fmt: skip
    assert Path("one").read_bytes() + Path("two").read_bytes() == b"12"


def test_an_image_is_its_own_while_it_is_mounted(image, lfskit):
    first = subprocess.Popen(
        [lfskit.path, "repl", image], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def say(command: str, answer: str) -> None:
        first.stdin.write(command.encode() + b"\n")
        first.stdin.flush()
        assert first.stdout.readline().decode() == f"littlefs> {answer}\n"

    say("pwd", "/")
    result = lfskit.run("repl", image, "-c", "ls")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"lfskit: repl: i.img: another process is reading or changing it\n"
    say("unmount", "Unmounted remote littlefs.")
    assert done(lfskit, "repl", image, "-c", "mkdir between") == "Created directory /between\n"
    say("mount", "Mounted remote littlefs.")
    say("cd between", "/between")
    first.communicate()
    assert first.returncode == 0


def test_an_image_that_is_cut_short_is_refused(lfskit):
    plant({"src/a": bytes(20000)})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=64K")
    os.truncate("i.img", 12288)
    before = Path("i.img").read_bytes()
    result = lfskit.run("repl", "i.img", "-c", "mkdir m")
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"i.img: the image is cut short, a block that is in use is missing" in result.stderr
    assert Path("i.img").read_bytes() == before


def test_unknown_options(image, lfskit):
    said = piped(lfskit, image, "rm -x a.txt\nexit\n")
    assert said == "littlefs> ValueError: unknown option -x. Usage: rm [-r] <path>\nlittlefs> "


def test_help(image, lfskit):
    text = piped(lfskit, image, "help\nexit\n")
    assert text == piped(lfskit, image, "?\nexit\n")
    heading, *rows = text.splitlines()[1:]
    assert heading == "Documented commands (type help <topic>):"
    names = set(" ".join(rows).split())
    assert {"ls", "dir", "cd", "pwd", "put", "get", "cat", "exit", "unmount"} <= names
    for name in sorted(names & {"ls", "cd", "cat", "mount"}):
        assert piped(lfskit, image, f"help {name}\n").startswith(f"littlefs> Usage: {name}")
    assert piped(lfskit, image, "help ls\n") == piped(lfskit, image, "ls --help\n")
    assert "  -l, --long  " in piped(lfskit, image, "help ls\n")
    assert "--block-size" not in piped(lfskit, image, "help ls\n")
    assert "*** No help on nosuch" in piped(lfskit, image, "help nosuch\n")


def test_commands_of_the_command_line(image, lfskit):
    assert done(lfskit, "repl", image, "-c", "cat a.txt; cd sub; pwd") == "hello\n/sub\n/sub\n"
    assert done(lfskit, "shell", image, "-c", "# ls; nothing") == ""
    result = lfskit.run("repl", image, "-c", "pwd; cat nosuch; pwd")
    assert (result.returncode, result.stdout) == (1, b"/\n")
    assert result.stderr == b"FileNotFoundError: /nosuch\n"
    result = lfskit.run("repl", image, "-k", "-c", "pwd; catt x; pwd")
    assert (result.returncode, result.stdout) == (1, b"/\n/\n")
    assert result.stderr == b"*** Unknown syntax: catt x\nDid you mean 'cat'?\n"


def test_what_fails_stands_where_it_failed(image, lfskit):
    """Also where both streams go to one file, as in the log of a build."""
    script = "pwd; cat nosuch; catt; cd sub; pwd"
    both = subprocess.run(
        [lfskit.path, "repl", image, "-k", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert both.stdout.decode().splitlines() == [
        "/",
        "FileNotFoundError: /nosuch",
        "*** Unknown syntax: catt",
        "Did you mean 'cat'?",
        "/sub",
        "/sub",
    ]


def test_who_writes_a_script_is_told_where_and_why(image, lfskit):
    """Behind littlefs-python's words, which stay alone where its scripts are piped in."""
    script = "touch no/x; rm sub; mv sub sub/x; put src; ls nosuch; put src/a.txt a.txt/x"
    result = lfskit.run("repl", image, "-k", "-c", script)
    assert result.stderr.decode().splitlines() == [
        "LittleFSError: LittleFSError -2: LFS_ERR_NOENT "
        "(/no/x: the directory it would be in is not there)",
        "LittleFSError: LittleFSError -39: LFS_ERR_NOTEMPTY "
        "(/sub: the directory is not empty (-r removes all that is in it))",
        "LittleFSError: LittleFSError -22: LFS_ERR_INVAL "
        "(/sub/x: a directory cannot be moved below itself)",
        "FileNotFoundError: Local file not found: src "
        "(is a directory (-r takes all that is in it))",
        "LittleFSError: LittleFSError -2: LFS_ERR_NOENT (/nosuch: no such file or directory)",
        "LittleFSError: LittleFSError -20: LFS_ERR_NOTDIR (/a.txt/x: not a directory)",
    ]
    said = piped(lfskit, image, "ls nosuch\nexit\n")
    assert said == "littlefs> LittleFSError: LittleFSError -2: LFS_ERR_NOENT\nlittlefs> "


def test_commands_of_a_file(image, lfskit):
    Path("script").write_text("# comment\n\nmkdir new\nls new\nmkdir new\nmkdir never\n")
    result = lfskit.run("repl", image, "-f", "script")
    assert (result.returncode, result.stdout) == (1, b"Created directory /new\n")
    assert result.stderr.startswith(b"FileExistsError: ")
    assert "never" not in done(lfskit, "list", image)
    for path, said in ("none", "cannot open the file: No such file"), ("src", "Is a directory"):
        result = lfskit.run("repl", image, "-f", path)
        assert (result.returncode, result.stdout) == (1, b"")
        assert f"lfskit: repl: {path}: " in result.stderr.decode() and said in result.stderr.decode()


def test_read_only(image, lfskit):
    before = Path(image).read_bytes()
    assert piped(lfskit, image, "mkdir m\nrm a.txt\n", "--read-only").count("LFS_ERR_INVAL") == 2
    result = lfskit.run("repl", image, "--read-only", "-c", "mkdir m")
    assert result.returncode == 1 and b"(/m: " in result.stderr and b"read" in result.stderr
    assert Path(image).read_bytes() == before


def test_verbose_begins_with_the_configuration(image, lfskit):
    text = piped(lfskit, image, "exit\n", "-v")
    assert text.startswith("LittleFS Configuration:\n  Block Size:        512  /  0x200\n")


def test_an_image_that_is_none(lfskit):
    Path("i.img").write_bytes(bytes(8192))
    result = lfskit.run("repl", "i.img", input=b"ls\n")
    assert result.returncode == 1 and result.stdout == b""
    assert result.stderr.startswith(b"lfskit: repl: i.img: ")
