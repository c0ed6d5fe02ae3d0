# SPDX-License-Identifier: MIT
"""Random calls on two volumes side by side, littlefs-python's and ours.

Each call returns or raises the same on both, and the trees are the same. What
is known to differ is not called. The calls are the
same in every run; with LFSKIT_LONG=1 they are many more and new ones, of which
hypothesis prints those that fail.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import littlefs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

WORKER = Path(__file__).with_name("machine_worker.py")
REFERENCE = os.environ.get("LFSKIT_REFERENCE_PYTHON")
LONG = bool(os.environ.get("LFSKIT_LONG"))

NAMES = st.sampled_from(["a", "b", "c", "ab", "ünï", "n" * 40])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
SPELLED = st.builds("".join, st.tuples(st.sampled_from(["", "/", "./"]), PATHS))
TOPS = st.sampled_from(["/", ".", "//"]) | SPELLED
TYPES = st.sampled_from(["t", 1, 255])
TEXTS = st.text("xyz", min_size=1, max_size=60)
BUFFERING = st.sampled_from([-1, 0, 10])


class Side:
    """A worker."""

    def __init__(self, python, path):
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        environment |= {"PYTHONUTF8": "1", **({"PYTHONPATH": path} if path else {})}
        self.process = subprocess.Popen(
            [python, "-B", WORKER], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def __call__(self, *call):
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{self.process.args[0]} died of {call}"
        return json.loads(line)

    def close(self):
        self.process.communicate()


class SideBySide(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.ours = Side(sys.executable, str(Path(littlefs.__file__).parents[1]))
        self.theirs = Side(REFERENCE, None)

    def both(self, *call):
        ours, theirs = self.ours(*call), self.theirs(*call)
        assert ours == theirs, call
        return ours

    def is_there(self, path):
        return self.ours("stat", path).startswith("[")

    @rule(name=st.sampled_from(["listdir", "scan", "stat", "mkdir", "remove", "rmdir", "unlink"]),
          path=SPELLED)  # fmt: skip
    def call(self, name, path):
        self.both(name, path)

    @rule(name=st.sampled_from(["listdir", "scan", "stat"]), path=TOPS)
    def look(self, name, path):
        self.both(name, path)

    @rule(path=SPELLED)
    def makedirs(self, path):
        self.both("makedirs", path)

    @rule(path=PATHS)
    def makedirs_again(self, path):
        if not self.ours("stat", path).startswith("[1"):  # a file in its place is told by ours
            self.both("makedirs", path, True)

    @rule(path=SPELLED)
    def remove_recursive(self, path):
        self.both("remove", path, True)

    @rule(path=PATHS)
    def removedirs(self, path):
        self.both("removedirs", path)

    @rule(old=SPELLED, new=SPELLED)
    def rename(self, old, new):
        self.both("rename", old, new)

    @rule(path=SPELLED, mode=st.sampled_from(["wb", "xb", "r+b", "w+b"]), buffering=BUFFERING,
          at=st.none() | st.integers(0, 700), pieces=st.lists(TEXTS, max_size=4))  # fmt: skip
    def put(self, path, mode, buffering, at, pieces):
        self.both("put", path, mode, buffering, at, pieces)

    @rule(path=SPELLED, mode=st.sampled_from(["ab", "a+b"]), pieces=st.lists(TEXTS, max_size=4))
    def append(self, path, mode, pieces):
        if self.is_there(path):  # ours makes a file that is missing
            self.both("put", path, mode, 0, None, pieces)

    @rule(path=SPELLED, buffering=BUFFERING, sizes=st.lists(st.integers(-1, 900), max_size=4))
    def get(self, path, buffering, sizes):
        self.both("get", path, buffering, sizes)

    @rule(path=SPELLED, lines=st.lists(st.text("aä中", max_size=9), max_size=5))
    def text(self, path, lines):
        self.both("text", path, lines)

    @rule(path=TOPS, typ=TYPES, text=TEXTS)
    def setattr(self, path, typ, text):
        self.both("setattr", path, typ, text)

    @rule(path=TOPS, typ=TYPES)
    def getattr(self, path, typ):
        self.both("getattr", path, typ)

    @rule(path=TOPS, typ=TYPES)
    def removeattr(self, path, typ):
        self.both("removeattr", path, typ)

    @rule(name=st.sampled_from(["remount", "fs_gc", "fs_mkconsistent", "tree"]))
    def volume(self, name):
        self.both(name)

    def teardown(self):
        try:
            self.both("tree")
        finally:
            self.ours.close()
            self.theirs.close()


@pytest.mark.skipif(not REFERENCE, reason="LFSKIT_REFERENCE_PYTHON names no littlefs-python")
def test_side_by_side():
    run_state_machine_as_test(
        SideBySide,
        settings=settings(
            max_examples=300 if LONG else 15,
            stateful_step_count=150 if LONG else 50,
            derandomize=not LONG,
            print_blob=LONG,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
