# SPDX-License-Identifier: MIT
"""The types of the package: its own modules keep them, what is told of the extension is
what it has, and a program that uses all of it passes."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import littlefs
import pytest
from littlefs import lfs

if importlib.util.find_spec("mypy") is None:
    pytest.skip("there is no mypy (tools/python-env installs it)", allow_module_level=True)

PROGRAM = Path(__file__).with_name("typed_program.py")
WHERE = str(Path(littlefs.__file__).parents[1])

NOT_COMPARED = r"""
# lru_cache hides its functions' parameters from mypy, not from inspect.
littlefs\._file\.(_parse|_try_text_options)
# They are made when the class is.
littlefs\.repl\.LittleFSRepl\.do_.*
# Their parameters are positional only, which their signatures do not say.
littlefs\._command\.(run|run_process|size)
"""


def run(module, *arguments, cache, check=True):
    environment = {**os.environ, "MYPYPATH": WHERE, "MYPY_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=cache, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("mypy")


def test_the_package_keeps_its_types(cache):
    told = run("mypy", "--strict", "-p", "littlefs", cache=cache)
    assert told.startswith("Success: no issues found")


def test_a_program_of_a_user(cache):
    told = run("mypy", "--strict", PROGRAM, cache=cache)
    assert told.startswith("Success: no issues found")


WRONG = {
    "fs.open(5)": "arg-type",
    "fs.setattr('f', 't', 'text')": "arg-type",
    "fs.stat('f').time": "attr-defined",
    "fs.listdir(b'd')[0].upper() + ''": "operator",
    "littlefs.LFSStat(1, 2)": "call-arg",
    "littlefs.LFSConfig(page_size=5)": "call-arg",
    "littlefs.lfs.file_read(fs.fs, fs.open('f'), 5)": "arg-type",
    "littlefs.check('image')[0].place": "attr-defined",
    "littlefs.build([('f', b'x')])": "arg-type",
}


def test_mistakes_are_found(cache):
    program = cache / "wrong.py"
    lines = ["import littlefs", "fs = littlefs.LittleFS()", *WRONG]
    program.write_text("\n".join(lines) + "\n")
    told = run("mypy", "--strict", program.name, cache=cache, check=False)
    for number, kind in enumerate(WRONG.values(), 3):
        assert any(
            line.startswith(f"wrong.py:{number}: error") and line.endswith(f"[{kind}]")
            for line in told.splitlines()
        ), f"{lines[number - 1]}\n{told}"


@pytest.mark.skipif(sys.version_info < (3, 10), reason="what typing has in 3.9 is no type there")
def test_the_stub_is_what_the_extension_has(cache):
    allowed = cache / "allowed"
    allowed.write_text(NOT_COMPARED)
    options = ("--allowlist", allowed, "--ignore-unused-allowlist")
    run("mypy.stubtest", "littlefs", *options, cache=cache)


def names_in(tree):
    nodes = list(ast.walk(tree))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return names | {node.name for node in nodes if isinstance(node, ast.alias)}


@pytest.mark.parametrize("owner", [littlefs, lfs, littlefs.LittleFS, littlefs.FileHandle])
def test_the_program_uses_all_of_it(owner):
    public = {name for name in vars(owner) if not name.startswith("_")}
    if owner is lfs:
        public -= {"UserContext", "errors", "enum", "logging"}  # taken from elsewhere
    assert public <= names_in(ast.parse(PROGRAM.read_text(encoding="utf-8")))


def test_the_program_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, PROGRAM], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
