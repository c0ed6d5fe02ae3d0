# SPDX-License-Identifier: MIT
"""Completion as a user has it: keys are typed into a shell at a terminal, and
the words that the command line then has are what counts."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from terminal import Terminal
from transcript import done, options_of_help, plant, refused

SHELLS = ["bash", "zsh", "fish"]
END = "<<<that is all>>>"

# Each makes `lfskit` print its words between < and >, TAB complete, and a key
# of its own put in all that is offered.
SETUP = {
    "bash": r"""
        PS1='' HISTFILE='' INPUTRC=/dev/null
        . ./completion.bash
        lfskit() { printf '<%s>' "$@"; echo; echo '@END@'; }
        bind 'set completion-query-items 0' 'set page-completions off'
        bind 'set enable-bracketed-paste off'
        bind '"\C-xa": insert-completions'
    """,
    "zsh": r"""
        PS1='' PS2='' HISTFILE='' fpath=($PWD/zsh $fpath)
        unsetopt prompt_sp prompt_cr
        autoload -Uz compinit && compinit -u -d ./zcompdump
        lfskit() { printf '<%s>' "$@"; echo; echo '@END@'; }
        zstyle ':completion:all-matches::::' completer _all_matches _complete
        zstyle ':completion:all-matches:*' insert true
        zle -C all-matches complete-word _generic
        bindkey '^Xa' all-matches
        bindkey '^I' complete-word
    """,
    "fish": r"""
        function fish_prompt; end
        function lfskit; printf '<%s>' $argv; echo; echo '@END@'; end
        source ./completion.fish
    """,
}  # fmt: skip
START = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}


class Shell:
    def __init__(self, name: str, lfskit):
        self.name = name
        self.slash = "" if name == "zsh" else "/"  # zsh takes it away where the word ends
        path = f"{Path(lfskit.path).parent}:{os.environ['PATH']}"
        self.environment = {"PATH": path, "TERM": "dumb", "HOME": os.getcwd(), "LC_ALL": "C.UTF-8"}
        Path("zsh").mkdir(exist_ok=True)
        Path("zsh/_lfskit").write_text(done(lfskit, "completion", "zsh"))
        Path(f"completion.{name}").write_text(done(lfskit, "completion", name))
        Path("setup").write_text(SETUP[name].replace("@END@", END))

    def start(self, **environment) -> Terminal:
        terminal = Terminal(*START[self.name], **self.environment, **environment)
        terminal.type(". ./setup; echo 're'ady\n")
        terminal.read_until("ready\r?\n")
        return terminal

    def ask(self, line: str) -> list[str]:
        """What fish itself says that it offers."""
        asked = ["fish", "--no-config", "-c", ". ./setup; complete -C $argv[1]", line]
        how = {"env": os.environ | self.environment, "capture_output": True, "text": True}
        return subprocess.run(asked, check=True, **how).stdout.splitlines()

    def words(self, keys: str) -> list[str]:
        """The words of the command line after these keys, the verb first."""
        with self.start() as terminal:
            terminal.type(keys + "\n")
            text = terminal.read_until(re.escape(END))
        shown = text.string[: text.start()]
        return re.findall(r"<([^<>]*)>", shown[shown.rindex("\n<") :])

    def offered(self, line: str) -> list[str]:
        """All that the shell offers for the last word of the line."""
        if self.name == "fish":
            return [offer.split("\t")[0] for offer in self.ask(line)]
        before = len(line.split(" ")) - 2
        return self.words(line + "\x18a")[before:]


@pytest.fixture(params=SHELLS)
def shell(request, lfskit):
    if not shutil.which(request.param):
        pytest.skip(f"there is no {request.param}")
    plant({
        "src/pages/index.html": b"w", "src/pages/style.css": b"s", "src/cfg/my net.json": b"{}",
        "src/app.map": b"m", "src/größe": b"g", "two words.txt": b"t", "folder": None,
    })  # fmt: skip
    done(lfskit, "create", "-q", "src", "lfs.bin")
    done(lfskit, "create", "-q", "src", "an image")
    return Shell(request.param, lfskit)


def verbs_of(lfskit) -> list[str]:
    return re.findall(r"^  (\w+) {2,}\S", done(lfskit, "help"), re.M)


def options_of(lfskit, verb: str) -> list[str]:
    options = options_of_help(done(lfskit, verb, "--help"))
    return [re.match(r"--[\w-]+", option)[0] for option in options]


# --- what the files say -----------------------------------------------------------------


def test_shells_that_are_known(lfskit):
    assert refused(lfskit, "completion", "tcsh") == "unknown shell 'tcsh': it needs bash|zsh|fish"
    assert refused(lfskit, "completion") == "too few arguments: it needs bash|zsh|fish"


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_takes_the_file_without_a_word(name, lfskit):
    if not shutil.which(name):
        pytest.skip(f"there is no {name}")
    Path("file").write_text(done(lfskit, "completion", name))
    result = subprocess.run([name, "-n", "file"], capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


@pytest.mark.parametrize("name", SHELLS)
def test_every_option_of_every_verb_is_in_the_file(name, lfskit):
    """With what help says of it, quoted as the shell has it."""
    text = done(lfskit, "completion", name).replace("'\\''", "'").replace("\\", "")
    sections = {
        "bash": r"^    {}\)\n([\s\S]*?)^' ;;",
        "zsh": r"^    {}\)\n([\s\S]*?)^            && return",
        "fish": r"((?:^complete -c lfskit -n '__lfskit_(?:in|at) {} ?.*\n)+)",
    }
    for verb in verbs_of(lfskit):
        section = re.search(sections[name].format(verb), text, re.M)[1]
        for option, said in options_of_help(done(lfskit, verb, "--help")).items():
            word = re.match(r"--([\w-]+)", option)[1]
            lines = [line for line in section.splitlines() if re.search(rf"(--|-l ){word}\b", line)]
            assert any(said in line for line in lines), (verb, option)


# --- what is offered --------------------------------------------------------------------


def test_verbs(shell, lfskit):
    offered = shell.offered("lfskit ")
    assert set(verbs_of(lfskit)) <= set(offered)
    assert not set(os.listdir()) & set(offered)
    assert shell.words("lfskit comp\t") == ["completion"]
    assert shell.words("lfskit help du\t") == ["help", "du"]
    assert set(verbs_of(lfskit)) <= set(shell.offered("lfskit help "))


def test_options_of_every_verb(shell, lfskit):
    for verb in verbs_of(lfskit):
        offered = {word.rstrip("=") for word in shell.offered(f"lfskit {verb} --")}
        assert offered >= set(options_of(lfskit, verb)), verb
    assert shell.words("lfskit ls --classi\t") == ["ls", "--classify"]
    assert shell.words("lfskit ls -l lfs.bin --js\t") == ["ls", "-l", "lfs.bin", "--json"]


def test_values_of_options(shell):
    assert sorted(shell.offered("lfskit create --disk-version ")) == ["2.0", "2.1"]
    assert shell.words("lfskit create --fs-size a\t") == ["create", "--fs-size", "auto"]
    assert shell.words("lfskit create --exclude-from two\t")[2:] == ["two words.txt"]
    offered = shell.offered("lfskit ls --color=")
    values = sorted(word.removeprefix("--color=") for word in offered)
    assert values == ["always", "auto", "never"]
    assert shell.words("lfskit ls --color=ne\t") == ["ls", "--color=never"]


def test_files_of_the_host(shell):
    folder = "folder" + shell.slash
    assert shell.words("lfskit ls an\t") == ["ls", "an image"]
    assert shell.words("lfskit ls 'an\t") == ["ls", "an image"]
    assert shell.words("lfskit put lfs.bin tw\t") == ["put", "lfs.bin", "two words.txt"]
    assert shell.words("lfskit extract lfs.bin fol\t") == ["extract", "lfs.bin", folder]
    assert shell.words("lfskit get lfs.bin /app.map fol\t")[3:] == [folder]


def test_paths_in_an_image(shell):
    pages = "/pages" + shell.slash
    paths = {pages, "/cfg" + shell.slash, "/app.map", "/größe"}
    assert set(shell.offered("lfskit ls lfs.bin /")) >= paths
    assert shell.words("lfskit ls lfs.bin /pa\t") == ["ls", "lfs.bin", pages]
    assert shell.words("lfskit ls lfs.bin pa\t") == ["ls", "lfs.bin", pages[1:]]
    assert shell.words("lfskit cat lfs.bin /pages/i\t")[2:] == ["/pages/index.html"]
    assert shell.words("lfskit cat lfs.bin /app.map /pages/s\t")[3:] == ["/pages/style.css"]
    assert shell.words("lfskit cat lfs.bin /cfg/m\t")[2:] == ["/cfg/my net.json"]
    assert shell.words("lfskit cat lfs.bin '/cfg/m\t")[2:] == ["/cfg/my net.json"]
    assert shell.words("lfskit cat lfs.bin /gr\t")[2:] == ["/größe"]
    assert shell.words("lfskit mv lfs.bin /a\t/pa\t") == ["mv", "lfs.bin", "/app.map", pages]


def test_the_image_may_be_anywhere(shell):
    pages = "/pages" + shell.slash
    assert shell.words("lfskit ls an\\ image /pa\t")[1:] == ["an image", pages]
    assert shell.words("lfskit ls 'an image' /pa\t")[1:] == ["an image", pages]
    assert shell.words("lfskit ls ~/lfs.bin /pa\t")[2:] == [pages]
    options = "--color=never -l --block-size 4096"
    assert shell.words(f"lfskit ls {options} lfs.bin /pa\t")[6:] == [pages]
    assert shell.words("lfskit put lfs.bin two\\ words.txt /pa\t")[3:] == [pages]


def test_an_image_with_a_path(shell):
    pages, folder = "/pages" + shell.slash, "folder" + shell.slash
    assert shell.words("lfskit get lfs.bin:/a\t") == ["get", "lfs.bin:/app.map"]
    assert shell.words("lfskit get lfs.bin:/cfg/m\t") == ["get", "lfs.bin:/cfg/my net.json"]
    assert shell.words("lfskit get lfs.bin:/a lfs.bin:/pages/s\t")[2:] == ["lfs.bin:/pages/style.css"]
    assert shell.words("lfskit get lfs.bin:/app.map fol\t")[2:] == [folder]
    assert shell.words("lfskit get an\\ image:/cfg/m\t")[1:] == ["an image:/cfg/my net.json"]
    assert shell.words("lfskit get 'an image:/pages/i\t")[1:] == ["an image:/pages/index.html"]
    assert shell.words("lfskit put src/app.map lfs.bin:/pa\t")[2:] == [f"lfs.bin:{pages}"]


def test_what_is_no_image_offers_nothing(shell):
    assert shell.words("lfskit ls src/app.map /pa\t") == ["ls", "src/app.map", "/pa"]
    assert shell.words("lfskit ls none /pa\t") == ["ls", "none", "/pa"]


def test_offers_are_told_with_what_they_mean(shell, lfskit):
    summary = re.search(r"^  list +(.*)$", done(lfskit, "help"), re.M)[1]
    if shell.name == "fish":
        assert f"list\t{summary}" in shell.ask("lfskit l")
        return
    with shell.start(COLUMNS="100") as terminal:
        terminal.type("lfskit l\t\t")
        terminal.read_until(re.escape(summary))
