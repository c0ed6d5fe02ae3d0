# SPDX-License-Identifier: MIT
"""littlefs.__main__: the command called as a function."""

import io
import os
import subprocess
import sys
import threading
from argparse import Namespace
from pathlib import Path

import pytest
from terminal import ShellTerminal
from transcript import harvest, plant

from littlefs import __main__ as command
from littlefs.__main__ import main

BLOCKS = ["--block-size=512"]
GEOMETRY = [*BLOCKS, "--fs-size=256KB"]
TREE = {"a.txt": b"hello\n", "empty": None, "sub/b.bin": bytes(range(256)) * 20, "sub/deep/c": b""}
LISTING = "/empty\n/sub\n/a.txt\n/sub/deep\n/sub/b.bin\n/sub/deep/c\n"


@pytest.fixture(autouse=True)
def src(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plant(TREE, Path("src"))


@pytest.fixture
def image() -> str:
    assert main(["", "create", "src", "i.img", *GEOMETRY]) == 0
    return "i.img"


def exit_code(*words) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["name", *words])
    return caught.value.code


# --- what comes back -------------------------------------------------------------------


def test_a_round_trip_gives_equal_directories(image, capsys):
    assert main(["", "list", image, *BLOCKS]) == 0
    assert capsys.readouterr() == (LISTING, "")
    assert main(["", "extract", image, "out", *BLOCKS]) == 0
    assert harvest(Path("out")) == harvest(Path("src"))


@pytest.mark.parametrize("option", ["--inline-max=64", "--attr-max=64", "--file-max=5120"])
def test_limits_survive_a_round_trip(option):
    assert main(["", "create", "src", "i.img", *GEOMETRY, option]) == 0
    assert main(["", "extract", "i.img", "out", *BLOCKS, option]) == 0
    assert harvest(Path("out")) == harvest(Path("src"))


@pytest.mark.parametrize("count", [1, 5, 30])
def test_compact_images_are_smaller_and_whole(count, rng):
    tree = {f"{i}.bin": rng.randbytes(rng.randint(10, 10_000)) for i in range(count)}
    plant(tree, Path("many"))
    words = ["--block-size=4096", "--fs-size=1MB", "--compact", "--no-pad"]
    assert main(["", "create", "many", "c.img", *words]) == 0
    assert os.path.getsize("c.img") < 1 << 20
    assert main(["", "extract", "c.img", "out", "--block-size=4096"]) == 0
    assert harvest(Path("out")) == tree


def test_words_may_be_paths_and_argv_is_the_default(image, monkeypatch, capsys):
    assert main(["", "list", Path(image), *BLOCKS]) == 0
    monkeypatch.setattr(sys, "argv", ["x", "list", image, *BLOCKS])
    assert main() == 0
    assert capsys.readouterr().out == 2 * LISTING


def test_failures_return_one(image, capsys):
    assert main(["", "list", image, "--block-size=1024"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("littlefs-python: error: Failed to mount 'i.img': LittleFSError -22: LFS")
    assert main(["", "extract", image, "src/a.txt", *BLOCKS]) == 1
    assert capsys.readouterr() == ("Destination must be a directory.\n", "")


def test_wrong_usage_help_and_version_exit(capsys):
    assert exit_code() == 2
    assert exit_code("list", "none", *BLOCKS) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("littlefs-python: error: Source image 'none' does not exist.\n")
    assert exit_code("--help") == exit_code("create", "-h") == 0
    assert capsys.readouterr().out.count("usage: littlefs-python ") == 2
    assert exit_code("--version") == 0
    assert capsys.readouterr().out.count(".") == 2


# --- streams ---------------------------------------------------------------------------


def test_any_stream_takes_the_output(image, monkeypatch):
    for stream in (io.StringIO(), io.TextIOWrapper(io.BytesIO(), "latin-1", newline="\r\n")):
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["", "list", image, *BLOCKS]) == 0
        stream.seek(0)
        assert stream.read() == LISTING


def test_characters_are_whole_in_text(monkeypatch):
    """However many bytes are written at once."""
    names = {"é" * 60 + f"{i:03}": b"" for i in range(200)}
    plant(names, Path("long"))
    assert main(["", "create", "long", "i.img", *GEOMETRY]) == 0
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main(["", "list", "i.img", *BLOCKS]) == 0
    assert sorted(sys.stdout.getvalue().split()) == sorted(f"/{name}" for name in names)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, BrokenPipeError, ValueError, SystemExit])
def test_what_a_stream_raises_comes_out(raised, image, monkeypatch):
    class Stream:
        calls = 0

        def write(self, text):
            Stream.calls += 1
            raise raised("here")

    monkeypatch.setattr(sys, "stdout", Stream())
    with pytest.raises(raised, match="here"):
        main(["", "list", image, *BLOCKS])
    assert Stream.calls == 1


def test_a_command_may_run_inside_the_output_of_another(image, monkeypatch):
    class Stream(io.StringIO):
        def write(self, text):
            if not inner:
                inner.append(main(["", "extract", image, "out", *BLOCKS]))
            return super().write(text)

    inner = []
    monkeypatch.setattr(sys, "stdout", Stream())
    assert main(["", "list", image, *BLOCKS]) == 0
    assert inner == [0] and sys.stdout.getvalue() == LISTING
    assert harvest(Path("out")) == harvest(Path("src"))


def test_commands_run_in_threads():
    def work(name):
        for _ in range(20):
            codes.add(main(["", "create", "src", name, *GEOMETRY, f"--name-max={len(name) + 250}"]))

    codes = set()
    threads = [threading.Thread(target=work, args=("i" * n,)) for n in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == {0}
    for n in (1, 2, 3, 4):
        assert main(["", "list", "i" * n, *BLOCKS, f"--name-max={n + 250}"]) == 0


def test_repl_reads_the_standard_input(image, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("ls\nput src/a.txt é\ncat é\nexit\nls\n"))
    assert main(["", "repl", image, *BLOCKS]) == 0
    said = "littlefs> empty\nsub\na.txt\nlittlefs> Put src/a.txt -> /é\nlittlefs> hello\nlittlefs> "
    assert sorted(capsys.readouterr().out) == sorted(said)
    assert sys.stdin.read() == "ls\n"


def test_repl_of_a_short_image(monkeypatch, capsys):
    words = [*GEOMETRY, "--compact", "--no-pad"]
    assert main(["", "create", "src", "c.img", *words]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("exit\n"))
    assert main(["", "repl", "c.img", *BLOCKS, "--verbose"]) == 0
    assert capsys.readouterr().out.endswith("  Image:       c.img\nlittlefs> ")


def test_an_interrupted_input_ends_the_command(image, monkeypatch):
    class Stream:
        def readline(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Stream())
    with pytest.raises(KeyboardInterrupt):
        main(["", "repl", image, *BLOCKS])


# --- names ----------------------------------------------------------------------------------


def test_names_that_do_not_decode_are_an_error_of_the_caller(capsys):
    plant({"latin/é": b"", "latin/z": b""})
    assert main(["", "create", "latin", "i.img", *GEOMETRY, "--filename-encoding=latin-1"]) == 0
    assert main(["", "list", "i.img", *BLOCKS, "--filename-encoding=latin-1"]) == 0
    assert sorted(capsys.readouterr().out.split()) == ["/z", "/é"]
    with pytest.raises(UnicodeDecodeError) as caught:
        main(["", "list", "i.img", *BLOCKS])
    assert (caught.value.encoding, caught.value.object) == ("utf-8", b"\xe9")
    assert capsys.readouterr().err == ""


def test_the_module_says_it_in_a_line(image):
    plant({"latin/é": b""})
    assert main(["", "create", "latin", "i.img", *GEOMETRY, "--filename-encoding=latin-1"]) == 0
    python = [sys.executable, "-m", "littlefs"]
    result = subprocess.run([*python, "list", "i.img", *BLOCKS], capture_output=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(b"python -m littlefs: error: i.img: /")
    assert result.stderr.count(b"\n") == 1
    result = subprocess.run([*python, "list"], capture_output=True, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith(b"usage: python -m littlefs list [-h] [-v]")


# --- argparse ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, size",
    [
        (4096, 4096),
        (0, 0),
        ("0", 0),
        ("4096", 4096),
        ("0x1000", 4096),
        ("2mb", 2 << 20),
        ("0x10kb", 16384),
        ("1 GB", 1 << 30),
        ("1_000B", 1000),
        ("0x1b", 27),
        ("0x1bb", 443),
    ],
)
def test_sizes(value, size):
    assert command.size_parser(value) == size


@pytest.mark.parametrize("value", ["", "abc", "1k", "1KiB", "1.5kb", "-1", -1, "0x", None])
def test_sizes_that_are_none(value):
    with pytest.raises(ValueError):
        command.size_parser(value)


def test_the_parser_has_the_same_options(capsys):
    parser = command.get_parser()
    args = parser.parse_args(["create", "s", "--block-size=512", "--fs-size=2mb", "-vv"])
    assert vars(args) == {
        "command": "create",
        "source": Path("s"),
        "destination": Path("lfs.bin"),
        "block_size": 512,
        "fs_size": 2 << 20,
        "block_count": None,
        "name_max": 255,
        "attr_max": 0,
        "file_max": 0,
        "inline_max": 0,
        "filename_encoding": None,
        "verbose": 2,
        "compact": False,
        "no_pad": False,
        "image": None,
        "func": command.create,
    }
    assert parser.parse_args(["extract", "i", *BLOCKS]).destination == Path(".")
    for words, said in (
        (["create", "s", *BLOCKS], "one of the arguments --block-count --fs-size is required"),
        (["list", "s"], "the following arguments are required: --block-size"),
        (["list", "s", "--block-size=abc"], "invalid size_parser value: 'abc'"),
    ):
        with pytest.raises(SystemExit):
            parser.parse_args(words)
        assert said in capsys.readouterr().err


def test_functions_take_what_the_parser_makes(capsys):
    parser = command.get_parser()
    for words in (
        ["create", "src", "i.img", "--compact", "--no-pad", *GEOMETRY],
        ["list", "i.img", *BLOCKS],
        ["extract", "i.img", "out", *BLOCKS],
        ["create", "src", "--image=o.img", "--compact", "--no-pad", *GEOMETRY],
    ):
        args = parser.parse_args(words)
        assert args.func(parser, args) == 0
    assert capsys.readouterr() == (LISTING, "")
    assert harvest(Path("out")) == harvest(Path("src"))
    assert Path("o.img").read_bytes() == Path("i.img").read_bytes()
    missing = Namespace(source=Path("none"), block_size=512)
    with pytest.raises(SystemExit):
        command._list(parser, missing)
    assert "Source image 'none' does not exist." in capsys.readouterr().err


# --- the walk -------------------------------------------------------------------------------------


def test_the_walk_finds_files_and_directories():
    plant({"src/link": "sub"})
    os.mkdir("nothing")
    assert list(command._walk_all("nothing")) == []
    found = list(command._walk_all(Path("src")))
    assert all(isinstance(path, Path) for path in found)
    names = [path.relative_to("src").as_posix() for path in found]
    assert names[:4] == ["empty", "link", "sub", "a.txt"]
    assert set(names) >= {"link/b.bin", "link/deep/c", "sub/b.bin", "sub/deep", "sub/deep/c"}
    assert len(names) == len(set(names)) == 10


def test_repl_at_a_terminal_is_that_of_the_native_program(image):
    words = ["", "repl", image, *BLOCKS]
    code = f"from littlefs.__main__ import main; print('it returned', main({words}))"
    terminal = ShellTerminal(sys.executable, "-c", code)
    if not terminal.edits(limit=10):
        pytest.skip("the program was built without libedit")
    terminal.type("rm a.txt\x03")
    terminal.wait("littlefs> ")
    terminal.type("cat a.t\t\r")
    terminal.wait("hello", "littlefs> ")
    terminal.type("exit\r")
    terminal.wait("it returned 0")
    assert terminal.wait_for_end() == 0
