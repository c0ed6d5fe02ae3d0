# SPDX-License-Identifier: MIT
"""What happens to an image when changing it goes wrong: somebody else has it,
it may not be written to, the disk is full; and --backup and --dry-run."""

import fcntl
import os
import re
import resource
import subprocess
from pathlib import Path

import pytest
from program import powerless
from transcript import done, failed, harvest, nothing_but, plant, refused

# One of each verb, with operands that change something in the image below.
CHANGES = {
    "put": ["new"], "mkdir": ["/m"], "mv": ["/a", "/b"], "rm": ["/a"], "cp": ["/a", "/b"],
    "touch": ["/new"], "attr": ["/a", "t", "x"],
}  # fmt: skip
LINES = {
    "put": "Put new -> /new\n", "mkdir": "Created directory /m\n", "mv": "Moved /a -> /b\n",
    "rm": "Removed /a\n", "cp": "Copied /a -> /b\n", "touch": "Touched /new\n",
    "attr": "Set attribute 0x74 of /a\n",
}  # fmt: skip


@pytest.fixture
def image(lfskit) -> str:
    plant({"src/a": b"a", "new": b"n" * 5000})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size", "128K")
    return "i.img"


# --- locks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", CHANGES)
def test_who_changes_an_image_has_it_alone(verb, image, lfskit):
    before = Path(image).read_bytes()
    with open(image, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        said = nothing_but(lfskit, verb, image, *CHANGES[verb])
        assert said == "i.img: another process is reading or changing it"
        assert done(lfskit, "ls", image) == "a\n"
        fcntl.flock(other, fcntl.LOCK_EX)
        assert nothing_but(lfskit, verb, image, *CHANGES[verb]).endswith("changing it")
        assert Path(image).read_bytes() == before
    done(lfskit, verb, image, *CHANGES[verb])


@pytest.mark.parametrize("verb", ["ls", "df", "list", "info", "extract", "check"])
def test_many_may_read_an_image_that_nobody_changes(verb, image, lfskit):
    with open(image, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        done(lfskit, verb, image)
        fcntl.flock(other, fcntl.LOCK_EX)
        result = lfskit.run(verb, image)
        assert result.returncode in (1, 8) and result.stdout == b""
        assert result.stderr.endswith(b": i.img: another process is changing it\n")


# --- no right to write ---------------------------------------------------------------------------


def test_an_image_that_cannot_be_written_to(image, lfskit):
    os.chmod(image, 0o444)
    said = nothing_but(powerless(lfskit), "touch", image, "x")
    assert said == "i.img: cannot open the file to change it: Permission denied"
    said = nothing_but(powerless(lfskit), "repl", image, "-c", "ls")
    assert said == (
        "i.img: cannot open the file to change it (--read-only opens it as it is): "
        "Permission denied"
    )
    assert done(powerless(lfskit), "repl", "--read-only", image, "-c", "ls") == "a\n"
    assert done(powerless(lfskit), "rm", "--dry-run", image, "a") == "Removed /a\n"


# --- dry runs and backups ---------------------------------------------------------------------------


@pytest.mark.parametrize("verb", CHANGES)
def test_a_dry_run_says_what_would_be_done(verb, image, lfskit):
    before = harvest()
    assert done(lfskit, verb, "--dry-run", image, *CHANGES[verb]) == LINES[verb]
    assert harvest() == before
    assert done(lfskit, verb, "-v", image, *CHANGES[verb]) == LINES[verb]


def test_a_dry_run_says_what_would_fail(image, lfskit):
    plant({"huge": bytes(200000), "tiny": b"t"})
    before = harvest()
    output, said = failed(lfskit, "put", "--dry-run", image, "huge", "tiny", "none", "/m/")
    assert output == "Put tiny -> /m/tiny\n"
    assert said == ["i.img: /m/huge: no block of the volume is free",
                    "none: no such file or directory"]  # fmt: skip
    assert harvest() == before


def test_a_dry_run_on_a_short_image(lfskit):
    plant({"src/a": b"a", "new": bytes(50000)})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K", "--no-pad")
    before = harvest()
    assert done(lfskit, "put", "--dry-run", "i.img", "new") == "Put new -> /new\n"
    assert harvest() == before


@pytest.mark.parametrize("verb", CHANGES)
def test_a_backup_is_what_was_there(verb, image, lfskit):
    before = Path(image).read_bytes()
    done(lfskit, verb, "--backup", image, *CHANGES[verb])
    assert Path("i.img.bak").read_bytes() == before != Path(image).read_bytes()


def test_a_backup_of_a_short_image_is_short(lfskit):
    plant({"src/a": b"a"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K", "--no-pad")
    before = Path("i.img").read_bytes()
    done(lfskit, "touch", "--backup=.old", "i.img", "x")
    assert Path("i.img.old").read_bytes() == before
    assert os.path.getsize("i.img") == 128 << 10


def test_no_change_no_backup(image, lfskit):
    nothing_but(lfskit, "rm", "--backup", image, "none")
    done(lfskit, "touch", "--backup", image, "a")
    done(lfskit, "mkdir", "-p", "--backup", image, "/")
    assert not Path("i.img.bak").exists()
    assert refused(lfskit, "rm", "--backup=", image, "a").startswith("--backup: '' ")
    assert refused(lfskit, "rm", "--backup=/x", image, "a").startswith("--backup: '/x' ")


def test_no_backup_no_change(image, lfskit):
    plant({"i.img.bak/in": b"the way"})
    before = Path(image).read_bytes()
    said = nothing_but(lfskit, "rm", "--backup", image, "a")
    assert said == "i.img: /a: the backup cannot be made, so nothing is changed: block 0"
    assert Path(image).read_bytes() == before


def test_the_last_backup_is_kept(image, lfskit):
    done(lfskit, "touch", "--backup", image, "x")
    second = Path(image).read_bytes()
    done(lfskit, "touch", "--backup", image, "y")
    assert Path("i.img.bak").read_bytes() == second
    assert sorted(os.listdir()) == ["i.img", "i.img.bak", "new", "src"]


# --- full disks ----------------------------------------------------------------------------------------


def small_files(size: int):
    """For subprocess: no file is written to beyond `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def run_limited(lfskit, size: int, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [lfskit.path, *arguments], preexec_fn=small_files(size), capture_output=True, check=False
    )


def test_an_image_that_may_not_grow_stays_as_it_is(lfskit):
    plant({"src/a": b"a"})
    done(lfskit, "create", "-q", "src", "i.img", "--fs-size=128K", "--no-pad")
    before = Path("i.img").read_bytes()
    result = run_limited(lfskit, 64 << 10, "touch", "i.img", "x")
    assert result.returncode == 1
    assert result.stderr == b"lfskit: touch: i.img: /x: cannot write the file: block 0: File too large\n"
    assert Path("i.img").read_bytes() == before


@pytest.mark.parametrize("limit", range(0, 128 << 10, 8192))
def test_blocks_that_cannot_be_written_lose_nothing(limit, image, lfskit):
    """Wherever the host refuses to write, each file is the old or the new one."""
    result = run_limited(lfskit, limit, "put", image, "new", "new", "/m/")
    assert result.returncode in (0, 1)
    assert lfskit.run("check", "-q", image).returncode in (0, 1)
    assert lfskit.do("cat", image, "a") == b"a"
    if result.returncode == 0:
        assert lfskit.do("cat", image, "/m/new") == b"n" * 5000


def test_a_full_disk(tmp_path, lfskit):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk, and not everywhere")
    try:
        plant({"src/a": b"old" * 1000, "new": os.urandom(200000)})
        image = disk / "i.img"
        done(lfskit, "create", "-q", "src", image, "--fs-size=512K", "--no-pad")
        before = image.read_bytes()
        full = f"{image}: /a: cannot write the file: block \\d+: No space left on device"
        assert re.fullmatch(full, nothing_but(lfskit, "put", image, "new", "/a"))
        assert image.read_bytes() == before
        # As large as it may be, but most of it takes no room on the disk yet.
        os.truncate(image, 512 << 10)
        full = f"{image}: /a: cannot write the file: block \\d+: No space left on device"
        assert re.fullmatch(full, nothing_but(lfskit, "put", image, "new", "/a"))
        assert lfskit.run("check", "-q", image).returncode in (0, 1)
        assert lfskit.do("cat", image, "a") == b"old" * 1000
        said = nothing_but(lfskit, "rm", "--backup", image, "a")
        assert "the backup cannot be made" in said
        assert lfskit.do("cat", image, "a") == b"old" * 1000
        assert os.listdir(disk) == ["i.img"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
