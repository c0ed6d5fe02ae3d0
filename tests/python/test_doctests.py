# SPDX-License-Identifier: MIT
"""The examples in the package's docstrings and in docs/PYTHON.md do what they say."""

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import littlefs
import pytest

EXTENSION = "littlefs.lfs"
PAGE = Path(__file__).parents[2] / "docs/PYTHON.md"
MODULES = sorted(
    {f"littlefs.{module.name}" for module in pkgutil.iter_modules(littlefs.__path__)}
    - {EXTENSION, "littlefs.__main__"}
)


def examples(name):
    found = doctest.DocTestFinder().find(importlib.import_module(name))
    return [example for example in found if example.examples]


@pytest.mark.parametrize("name", ["littlefs", *MODULES])
def test_examples(name):
    for example in examples(name):
        example.globs |= {"littlefs": littlefs, "LittleFS": littlefs.LittleFS}
        example.globs["fs"] = littlefs.LittleFS(block_size=512, block_count=64)
        outcome = doctest.DocTestRunner().run(example)
        assert outcome.failed == 0, example.name


def test_there_are_examples():
    assert examples("littlefs")
    assert examples("littlefs._file")
    for owner in (littlefs.UserContext, littlefs.UserContextFile, littlefs.LittleFSError):
        assert ">>>" in owner.__doc__
    for function in (littlefs.build, littlefs.check):
        assert ">>>" in function.__doc__


@pytest.mark.parametrize("name", [name for name in dir(littlefs.LittleFS) if name[0] != "_"])
def test_each_method_has_an_example(name):
    assert ">>>" in inspect.getdoc(getattr(littlefs.LittleFS, name))


def test_page():
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 3
    assert outcome.failed == 0
