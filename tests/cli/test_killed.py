# SPDX-License-Identifier: MIT
"""The program is killed while it changes an image: at each of its system calls
that write, and at any time."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from transcript import done, plant

# What changes something on the host's disk; those an architecture lacks do not count.
CALLS = ["pwrite64", "write", "fsync", "?fdatasync", "ftruncate",
         "?rename", "renameat", "?renameat2", "?unlink", "unlinkat"]  # fmt: skip

LONG = b"new and long enough to need blocks of its own " * 200
# What is whole at any moment: it has happened or it has not.
WHOLE = {
    "mkdir": ["mkdir", "i.img", "/m"],
    "mv": ["mv", "i.img", "/a", "/b"],
    "mv-into": ["mv", "i.img", "/a", "/d/a"],
    "mv-replaces": ["mv", "i.img", "/a", "/d/e/f"],
    "mv-directory": ["mv", "i.img", "/d", "/empty"],
    "rm": ["rm", "i.img", "/a"],
    "rm-directory": ["rm", "i.img", "/empty"],
    "put-replaces": ["put", "i.img", "new", "/a"],
    "put-backup": ["put", "--backup", "i.img", "new", "/a"],
    "touch": ["touch", "i.img", "/new"],
    "touch-time": ["touch", "--time=7", "i.img", "/a"],
    "attr": ["attr", "i.img", "/a", "v", "changed"],
    "attr-remove": ["attr", "--remove", "i.img", "/a", "v"],
}
# What takes steps: each file is the old or the new one.
STEPS = {
    "put": ["put", "i.img", "new", "/n"],
    "put-directory": ["put", "-r", "i.img", "tree/.", "/"],
    "mkdir-parents": ["mkdir", "-p", "i.img", "/x/y/z"],
    "rm-directory": ["rm", "-r", "i.img", "/d"],
    "cp": ["cp", "i.img", "/a", "/c"],
    "cp-replaces": ["cp", "i.img", "/large", "/a"],
    "cp-directory": ["cp", "-r", "i.img", "/d", "/copy"],
}


def state(lfskit, image: str) -> dict[str, tuple]:
    """Of each path its content, None of a directory, and attributes."""
    return {
        entry["path"]: (
            lfskit.do("cat", image, entry["path"]) if entry["type"] == "file" else None,
            entry["attrs"],
        )
        for entry in lfskit.entries(image)
    }


@pytest.fixture
def killed():
    """Runs the program, killed as it enters the nth call of this name; True if it was."""
    if not shutil.which("strace"):
        pytest.skip("there is no strace")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"strace may not trace: {tried.stderr.decode().splitlines()[0]}")

    def run(lfskit, name: str, n: int, *words: str) -> bool:
        inject = f"inject={name}:signal=KILL:when={n}"
        command = ["strace", "-o", "/dev/null", "-e", f"trace={name}", "-e", inject]
        # Leaks cannot be looked for while somebody else traces.
        options = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        result = subprocess.run(
            [*command, lfskit.path, *words],
            env=os.environ | {"ASAN_OPTIONS": options}, capture_output=True, check=False,
        )  # fmt: skip
        assert result.returncode in (0, -signal.SIGKILL), result
        return result.returncode != 0

    return run


def prepare(lfskit) -> dict[str, tuple]:
    plant({
        "src/a": b"old", "src/large": bytes(range(256)) * 40, "src/d/x": b"x" * 700,
        "src/d/e/f": b"f", "src/empty": None, "new": LONG,
        "tree/a": LONG, "tree/d/new": b"n" * 30, "tree/more/of/it": b"",
    })  # fmt: skip
    done(lfskit, "create", "-q", "src", "old.img", "--fs-size=256K")
    done(lfskit, "attr", "old.img", "/a", "v", "version 1")
    done(lfskit, "attr", "old.img", "/large", "w", "wide")
    return state(lfskit, "old.img")


def after_each_call(lfskit, killed, words) -> tuple[dict, dict, list]:
    """What is in the image before and after the change, and when it was killed at each call."""
    old = prepare(lfskit)
    found = []
    for name in CALLS:
        n = 0
        goes_on = True
        while goes_on:
            n += 1
            shutil.copyfile("old.img", "i.img")
            goes_on = killed(lfskit, name, n, *words)
            assert lfskit.run("check", "-q", "i.img").returncode in (0, 1), (name, n)
            found.append(((name, n), state(lfskit, "i.img")))
    assert len(found) > len(CALLS) + 1, "it writes and syncs"
    new = found[-1][1]  # that time no call was left
    assert new != old
    return old, new, found


@pytest.mark.parametrize("change", WHOLE)
def test_killed_at_each_call_it_has_happened_or_not(change, lfskit, killed):
    old, new, found = after_each_call(lfskit, killed, WHOLE[change])
    for call, now in found:
        assert now in (old, new), call


@pytest.mark.parametrize("change", STEPS)
def test_killed_at_each_call_each_file_is_old_or_new(change, lfskit, killed):
    """One that was not there may be empty; attributes that go with the old content go last."""
    old, new, found = after_each_call(lfskit, killed, STEPS[change])
    for call, now in found:
        assert set(old) & set(new) <= set(now) <= set(old) | set(new), call
        for path, (content, attributes) in now.items():
            allowed = [version[path] for version in (old, new) if path in version]
            if path not in old and content is not None:
                allowed.append((b"", {}))
            if path in old and path in new:
                allowed.append((new[path][0], old[path][1] | new[path][1]))
            assert (content, attributes) in allowed, (call, path)


def test_killed_at_any_time_it_is_a_volume(lfskit, rng):
    """Whenever the program dies, the image is a volume; each file is the old or
    the new one, and one that was not there is not, or is empty, or whole."""
    rounds = int(os.environ.get("LFSKIT_LONG", "0")) * 400 + 40
    names = [f"f{i}" for i in range(12)]
    old = {name: rng.randbytes(rng.choice([0, 30, 700, 9000])) for name in names[:8]}
    plant({f"src/{name}": data for name, data in old.items()})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=512K")
    start = time.monotonic()
    done(lfskit, "put", "-r", "--dry-run", "i.img", "src/.", "/")
    usual = max(time.monotonic() - start, 0.005)
    for _ in range(rounds):
        new = {name: rng.randbytes(rng.choice([0, 30, 700, 9000])) for name in names}
        plant({f"new/{name}": data for name, data in new.items()})
        process = lfskit.start("put", "-r", "i.img", "new/.", "/")
        time.sleep(rng.random() * usual * 2)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert lfskit.run("check", "-q", "i.img").returncode in (0, 1)
        found = {e["path"][1:]: lfskit.do("cat", "i.img", e["path"])
                 for e in lfskit.entries("i.img")}  # fmt: skip
        assert set(old) <= set(found) <= set(names)
        for name, data in found.items():
            assert data in (old.get(name, b""), new[name]), name
        old = found
