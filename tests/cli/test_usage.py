# SPDX-License-Identifier: MIT
"""Command lines: what is understood, what is refused and how, help and manual."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from transcript import done, failed, harvest, nothing_but, options_of_help, plant, refused

ROOT = Path(__file__).parents[2]
INSIDE = ["ls", "tree", "find", "cat", "xxd", "du", "df", "put", "get", "mkdir", "cp", "mv", "rm", "touch", "attr"]
VERBS = ["create", "list", "info", "extract", "check", *INSIDE, "repl", "completion", "help"]
READING = ["list", "info", "extract"]


@pytest.fixture
def image(lfskit) -> str:
    plant({"src/a": b"a"})
    done(lfskit, "create", "-q", "src", "i.img")
    return "i.img"


# --- verbs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "no verb given"),
        (["unpack"], "unknown verb 'unpack'"),
        (["creat"], "unknown verb 'creat', did you mean 'create'?"),
        (["lits", "i.img"], "unknown verb 'lits', did you mean 'list'?"),
        (["extarct"], "unknown verb 'extarct', did you mean 'extract'?"),
        (["sl", "i.img"], "unknown verb 'sl', did you mean 'ls'?"),
        (["vm", "i.img"], "unknown verb 'vm', did you mean 'mv'?"),
        (["-q", "create"], "unknown option -q"),
        (["--bogus"], "unknown option --bogus"),
        (["\x1b[2J"], "unknown verb '\\x1b[2J'"),
    ],
)
def test_verbs(words, said, lfskit):
    result = lfskit.run(*words)
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.decode() == f"lfskit: {said}\nTry 'lfskit help'.\n"


def test_help_knows_what_was_meant(lfskit):
    assert refused(lfskit, "help", "crate") == "unknown verb 'crate', did you mean 'create'?"
    assert refused(lfskit, "help", "nothing") == "unknown verb 'nothing'"
    assert refused(lfskit, "help", "a", "b") == "unexpected argument 'b'"


def test_version_is_a_number_and_nothing_else(lfskit):
    declared = re.search(r"VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text().split("project")[1])
    assert done(lfskit, "--version") == f"{declared[1]}\n"


# --- options and operands ---------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_mistakes_in_options(verb, lfskit):
    assert refused(lfskit, verb, "--bogus") == "unknown option --bogus"
    assert refused(lfskit, verb, "x", "--bogus=1") == "unknown option --bogus"
    assert refused(lfskit, verb, "-z") == "unknown option -z"
    assert refused(lfskit, verb, "--help=1") == "option --help takes no value"


@pytest.mark.parametrize(
    "words, said",
    [
        (["create"], "too few arguments: it needs SOURCE [IMAGE]"),
        (["create", "a", "b", "c"], "unexpected argument 'c'"),
        (["create", "a", "b", "--image=c"], "unexpected argument 'b': --image names the image"),
        (["list"], "too few arguments: it needs IMAGE [PATH]"),
        (["list", "a", "b", "c"], "unexpected argument 'c'"),
        (["info"], "too few arguments: it needs IMAGE"),
        (["info", "a", "b"], "unexpected argument 'b'"),
        (["extract"], "too few arguments: it needs IMAGE [DIR] [PATH...]"),
        (["create", "src", "--fs-size"], "option --fs-size needs a value: SIZE|auto"),
        (["create", "src", "--exclude"], "option --exclude needs a value: PATTERN"),
        (["create", "src", "--quiet=yes"], "option --quiet takes no value"),
        (["create", "src", "--f=1"], "ambiguous option --f"),
        (["list", "i", "--file"], "ambiguous option --file"),
        (["list", "i", "--json", "-l"], "--json cannot be combined with --tree or --long"),
        (["list", "i", "--json", "--tree"], "--json cannot be combined with --tree or --long"),
        (["list", "i", "--filename-encoding=klingon"], "--filename-encoding: 'klingon' is not known"),
        (["info", "i", "--filename-encoding=x//IGNORE"], "--filename-encoding: 'x//IGNORE' is not known"),
    ],
)  # fmt: skip
def test_wrong_usage(words, said, lfskit):
    assert refused(lfskit, *words) == said


def test_nothing_is_done_when_usage_is_wrong(lfskit):
    plant({"src/a": b"a"})
    refused(lfskit, "create", "src", "i.img", "--name-max=0")
    refused(lfskit, "create", "src", "i.img", "--block-size=100")
    assert os.listdir() == ["src"]


@pytest.mark.parametrize(
    "words",
    [
        ["create", "src", "o.img", "--fs-size", "64k", "-q"],
        ["create", "--fs-size=64k", "-q", "src", "o.img"],
        ["create", "src", "-q", "--fs-size=0x10000", "o.img"],
        ["create", "-q", "--fs-s=65536", "src", "--", "o.img"],
        ["create", "-q", "--siz", "64KiB", "src", "--image", "o.img"],
        ["create", "--quie", "--block-c", "16", "src", "--im=o.img"],
    ],
)
def test_options_stand_anywhere_and_are_abbreviated(words, lfskit):
    plant({"src/a": b"a"})
    assert done(lfskit, *words) == ""
    assert Path("o.img").stat().st_size == 65536


def test_operands_may_look_like_options(lfskit):
    plant({"-src/a": b"a"})
    done(lfskit, "create", "-q", "--", "-src", "-i.img")
    assert done(lfskit, "list", "--", "-i.img") == "/a\n"


# --- sizes --------------------------------------------------------------------------

SIZES = ["--block-size", "--fs-size", "--size", "--block-count", "--free", "--name-max"]
SIZES += ["--cache-size", "--prog-size", "--read-size", "--metadata-max"]
OR_ZERO = ["--file-max", "--attr-max", "--inline-max"]  # 0 is the default
NO_SIZE = "is not a size, such as 4096, 0x1000, 64k or 2MiB"


@pytest.mark.parametrize("option", SIZES + OR_ZERO)
def test_sizes_that_are_none(option, lfskit):
    for text in ("", "x", "-1", "+1", "1.5k", "4 parsecs", "0x"):
        assert refused(lfskit, "create", "src", f"{option}={text}") == f"{option}: '{text}' {NO_SIZE}"
    for text in ("0x10000000000000000", "99999999999G"):
        said = refused(lfskit, "create", "src", f"{option}={text}")
        assert said == f"{option}: '{text}' is too large"
    if option in SIZES:
        said = refused(lfskit, "create", "src", f"{option}=0")
        assert said == f"{option}: '0' is not possible: it must be at least 1"


@pytest.mark.parametrize("verb", READING)
def test_sizes_that_are_none_in_reading(verb, image, lfskit):
    for option in ("--block-size", "--block-count", "--fs-size", "--name-max"):
        assert refused(lfskit, verb, image, f"{option}=-1") == f"{option}: '-1' {NO_SIZE}"
        said = refused(lfskit, verb, image, f"{option}=0")
        assert said == f"{option}: '0' is not possible: it must be at least 1"
    for option in OR_ZERO:
        assert refused(lfskit, verb, image, f"{option}=x") == f"{option}: 'x' {NO_SIZE}"
    assert refused(lfskit, verb, image, "--block-size=4G") == "--block-size: '4G' is too large"


@pytest.mark.parametrize("text", ["0x1bKB", "27k", "27 KiB", "27kb", "0x6c00", "27_648", "27648B"])
def test_sizes_have_many_forms(text, lfskit):
    """A hexadecimal digit is one before it is a suffix: 0x1b is 27."""
    plant({"src/a": b"a"})
    done(lfskit, "create", "-q", "src", "o.img", "--block-size=512", "--fs-size", text)
    assert Path("o.img").stat().st_size == 27 * 1024


# --- messages -----------------------------------------------------------------------


def test_a_failure_is_one_line_that_names_the_path_and_the_reason(lfskit):
    plant({"data/" + "x" * 255: b""})
    said = nothing_but(lfskit, "create", "data", "i.img", "--name-max=200")
    assert said == f"data/{'x' * 255}: name is 255 bytes, the limit is 200 (--name-max)"
    said = nothing_but(lfskit, "create", "none", "i.img")
    assert said == "none: source cannot be opened: No such file or directory"
    assert not Path("i.img").exists()


def test_what_is_said_cannot_steer_a_terminal(lfskit):
    name = "a\x1b]0;title\x07\nb\x9bc"
    said = nothing_but(lfskit, "create", name)
    assert said.startswith(r"a\x1b]0;title\x07\x0ab\xc2\x9bc: source cannot be opened")
    said = refused(lfskit, "create", "src", "--fs-size=1\n2")
    assert said == rf"--fs-size: '1\x0a2' {NO_SIZE}"
    result = lfskit.run("list", b"\xff\xfe")
    assert result.stderr.startswith(rb"lfskit: list: \xff\xfe: cannot open the file")


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["info"], ["info", "--json"]])
def test_an_output_that_takes_nothing_is_an_error(words, image, lfskit):
    with open("/dev/full", "wb") as full:
        result = lfskit.run(words[0], image, *words[1:], stdout=full)
    assert result.returncode == 1
    said = f"lfskit: {words[0]}: standard output: No space left on device\n"
    assert result.stderr.decode() == said


def test_a_file_to_a_full_device_is_an_error(lfskit):
    plant({"src/small": b"s", "src/large": bytes(3_000_000)})
    done(lfskit, "create", "-q", "src", "i.img")
    for name in ("small", "large"):
        with open("/dev/full", "wb") as full:
            result = lfskit.run("extract", "i.img", "-", f"/{name}", stdout=full)
        assert result.returncode == 1
        assert result.stderr == b"lfskit: extract: -: writing failed: No space left on device\n"


def test_a_reader_that_goes_away_is_an_error(lfskit):
    plant({"src/large": bytes(3_000_000)})
    done(lfskit, "create", "-q", "src", "i.img")
    for words in (["create", "-q", "src", "-"], ["extract", "i.img", "-", "/large"]):
        reader, writer = os.pipe()
        os.close(reader)
        result = lfskit.run(*words, stdout=writer)
        os.close(writer)
        assert result.returncode == 1
        assert result.stderr.decode() == f"lfskit: {words[0]}: -: writing failed: Broken pipe\n"


@pytest.mark.parametrize("verb", READING)
def test_an_image_that_is_not_there_is_named(verb, lfskit):
    said = nothing_but(lfskit, verb, "none.img")
    assert said == "none.img: cannot open the file: No such file or directory"
    assert os.listdir() == []


def test_failing_verbs_say_so_by_their_exit_code(image, lfskit):
    failed(lfskit, "list", image, "/none")
    failed(lfskit, "extract", image, "out", "/none")
    failed(lfskit, "info", "src")


# --- help and manual ------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb(verb, lfskit):
    text = done(lfskit, "help", verb)
    assert text == done(lfskit, verb, "--help") == done(lfskit, verb, "-h")
    assert text == done(lfskit, verb, "operand", "--help", "--bogus")
    assert text.startswith(f"Usage: lfskit {verb} [OPTION]... ")
    assert all(len(line) <= 80 for line in text.splitlines())


def test_help_of_the_program(lfskit):
    text = done(lfskit, "--help")
    assert text == done(lfskit, "-h") == done(lfskit, "help")
    assert re.findall(r"^  (\w+) {2,}\S", text, re.M) == VERBS
    assert all(len(line) <= 80 for line in text.splitlines())


def test_help_shows_the_examples_of_commands_that_work(lfskit):
    """The examples in --help are run as they stand, in a folder that suits them."""
    plant({"data/www/index.html": b"w", "data/cfg/net.json": b"{}", "data/app.map": b"m"})
    for verb in VERBS:
        examples = done(lfskit, verb, "--help").partition("\nExamples:\n")[2]
        for line in examples.splitlines():
            command = line.strip().replace("lfskit", f"'{lfskit.path}'", 1)
            result = subprocess.run(command, shell=True, capture_output=True, check=False)
            assert result.returncode == 0, (line, result)


def manual(lfskit, verb: str) -> Path:
    page = Path(lfskit.path).parents[1] / "man" / f"lfskit-{verb}.1"
    if not page.with_name("lfskit.1").exists():
        pytest.skip("the program was built without its manual pages")
    return page


@pytest.mark.parametrize("verb", VERBS)
def test_manual_has_the_options_of_help(verb, lfskit):
    """By the source of the page, which is there without any program to show it."""
    source = manual(lfskit, verb).read_text().replace(r"\-", "-")
    found = {}
    for entry in source.split(".TP\n")[1:]:
        head, text = entry.splitlines()[:2]
        option = re.sub(r"\\f.", "", head).split(", ")[-1]
        found[option] = text
    text = done(lfskit, verb, "--help")
    assert found == options_of_help(text)
    assert "--help" in found


@pytest.mark.parametrize("verb", VERBS)
def test_manual_reads_as_help_does(verb, lfskit):
    page = manual(lfskit, verb)
    if not shutil.which("groff"):
        pytest.skip("there is no groff to show a manual page")
    show = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", "-rHY=0", "-rLL=300n", page]
    shown = subprocess.run(show, capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    words = " ".join(shown.stdout.split())
    text = done(lfskit, verb, "--help")
    for option, said in options_of_help(text).items():
        assert f"{option} {said}" in words
    usage, _, rest = text.partition("\n\n")
    assert usage.removeprefix("Usage: ") in words
    description = re.split(r"\n\n(?=[A-Z][\w ]+:\n)", rest)[0]
    for paragraph in description.split("\n\n"):
        assert " ".join(paragraph.split()) in words
    for line in text.partition("\nExamples:\n")[2].splitlines():
        assert line.strip() in words
    groups = text.partition("\nExit codes:\n")[0]
    for title in re.findall(r"^([A-Z].*):\n  ", groups, re.M):
        assert title == "Examples" or f" {title} -" in words
    codes = re.search(r"^Exit codes:\n(.*?)(?:\n\n|\Z)", text, re.M | re.S)
    if codes:
        assert " ".join(codes[1].split()) in words


PATHS = "How paths in an image are written, 'lfskit help' says."


@pytest.mark.parametrize("verb", VERBS)
def test_who_takes_paths_says_where_they_are_explained(verb, lfskit):
    takes_one = verb in INSIDE and verb != "df" or verb in ("list", "extract")
    assert (f"\n\n{PATHS}\n" in done(lfskit, verb, "--help")) == takes_one


def test_paths_are_what_help_says(lfskit):
    """What the section says, word for word, and what the program does."""
    words = " ".join(done(lfskit, "help").partition("\nPaths:\n")[2].split())
    plant({"src/www/a.txt": b"deep", "src/a.txt": b"top"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K")
    for said, path, content in [
        ("www/a.txt is /www/a.txt", "www/a.txt", "deep"),
        ("with a '/' before them or without", "/www/a.txt", "deep"),
        ("'//' is the same as '/'", "//www//a.txt", "deep"),
        ("'.' is the directory itself", "./www/././a.txt", "deep"),
        ("'..' the one above it", "www/../a.txt", "top"),
        ("above the root the root", "../../a.txt", "top"),
        ("none/../a.txt is /a.txt, whether there is a none or not", "none/../a.txt", "top"),
        ("A '/' at the end of a PATH changes nothing", "a.txt/", "top"),
    ]:
        assert said in words
        assert done(lfskit, "cat", "i.img", path) == content
        assert done(lfskit, "list", "i.img", path) == f"/{'www/' * (content == 'deep')}a.txt\n"
    assert "a TARGET that ends in it is a directory, in which each SOURCE keeps its name" in words
    done(lfskit, "cp", "i.img", "a.txt", "new/")
    assert "a SOURCE that ends in '/.' stands for all that is in the directory" in words
    done(lfskit, "get", "-r", "i.img:/www/.", "got")
    assert "what is before the first ':/'" in words
    done(lfskit, "put", "src/a.txt", "i.img:/put:/b.txt")
    assert "Upper and lower case differ" in words
    assert failed(lfskit, "ls", "i.img", "WWW")[1] == ["i.img: /WWW: no such file or directory"]
    inside = ["/new", "/put:", "/www", "/a.txt", "/new/a.txt", "/put:/b.txt", "/www/a.txt"]
    assert done(lfskit, "list", "i.img").splitlines() == inside
    assert harvest(Path("got")) == {"a.txt": b"deep"}


def test_manual_of_the_program_has_what_help_has(lfskit):
    page = manual(lfskit, "create").with_name("lfskit.1").read_text()
    plain = re.sub(r"^\.PP$|\\&", "", page, flags=re.M).replace(r"\-", "-")
    words = " ".join(plain.split())
    _, _, text = done(lfskit, "help").partition("\nPaths:\n")
    paths, _, codes = text.partition("\nExit codes: ")
    assert f".SH PATHS {' '.join(paths.split())} .SH EXIT STATUS" in words
    assert " ".join(codes.split("\n\n")[0].split()) in words


def test_manual_of_the_program_names_the_verbs(lfskit):
    source = manual(lfskit, "create").with_name("lfskit.1").read_text()
    assert re.findall(r"^\.TP\n\\fB(\w+)\\fR$", source, re.M) == VERBS
    assert re.findall(r"^\\fBlfskit\\-(\w+)\\fR\(1\)", source, re.M) == VERBS
