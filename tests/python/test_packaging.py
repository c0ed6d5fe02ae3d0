# SPDX-License-Identifier: MIT
"""The source distribution and the wheel that is built from it, in a clean environment."""

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "python/littlefs"

# Every Linux that a wheel for this interpreter runs on has these.
EVERYWHERE = re.compile(r"^(linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|gcc_s)\.so)")

# The tests' environment says where the package in the build tree lies, and a sanitizer.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "LD_PRELOAD", "ASAN_OPTIONS")
}


def run(*words, cwd=None):
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_environment(folder, with_pip):
    venv.create(folder, with_pip=with_pip)
    return folder / "bin/python"


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    """An environment with what pyproject.toml requires to build."""
    python = make_environment(tmp_path_factory.mktemp("builder"), with_pip=True)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    requirement = re.search(r'^requires = \["(.*)"\]$', text, re.M).group(1)
    words = [python, "-m", "pip", "install", "-q", "--retries", "1", "--timeout", "15", requirement]
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"{requirement} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.fixture(scope="module")
def sdist(builder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    call = "import sys; from scikit_build_core import build; build.build_sdist(sys.argv[1])"
    run(builder, "-c", call, folder, cwd=ROOT)
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(builder, sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(builder, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, sdist)
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def python(builder, wheel, tmp_path_factory):
    """The interpreter of an environment with the wheel alone."""
    python = make_environment(tmp_path_factory.mktemp("user"), with_pip=False)
    run(builder, "-m", "pip", "--python", python, "install", "-q", "--no-index", wheel)
    return python


def test_the_source_is_complete_and_no_more(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CMakeLists.txt", "pyproject.toml", "README.md", "LICENSE", "PKG-INFO"} <= names
    assert {name.partition("/")[0] for name in names if "/" in name} == {
        "cli", "cmake", "include", "python", "src"
    }  # fmt: skip


def test_the_wheel_has_every_module(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for module in MODULES.iterdir():
        if module.suffix in (".py", ".pyi", ".typed"):
            assert f"littlefs/{module.name}" in names
    assert not [name for name in names if "test" in name or name.startswith("include")]


def test_the_version_is_that_of_the_build(python):
    told = re.search(r"project\(lfskit VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())
    script = """
import importlib.metadata, littlefs
print(littlefs.__version__, importlib.metadata.version("littlefs-python"))
"""
    assert run(python, "-c", script).split() == [told.group(1)] * 2


def test_import_build_and_check(python, tmp_path):
    script = """
import littlefs, sys
assert littlefs.__file__.startswith(sys.prefix), littlefs.__file__
image = littlefs.build({"main.py": b"print(1)", "d": {}}, block_size=512)
assert littlefs.check(image) == []
with littlefs.LittleFS.from_image(image) as fs:
    print(sorted(fs.listdir("/")), fs.open("main.py", "rb").read())
"""
    assert run(python, "-c", script, cwd=tmp_path) == "['d', 'main.py'] b'print(1)'\n"


def test_the_programs(python, tmp_path):
    lfskit, program = python.with_name("lfskit"), python.with_name("littlefs-python")
    (tmp_path / "web").mkdir()
    (tmp_path / "web/index.html").write_text("<html>")
    run(lfskit, "create", "web", "web.img", cwd=tmp_path)
    assert "clean" in run(lfskit, "check", "web.img", cwd=tmp_path)
    for words in ([program], [python, "-m", "littlefs"]):
        listed = run(*words, "list", "web.img", "--block-size", "4096", cwd=tmp_path)
        assert "index.html" in listed


def linked(file):
    """The libraries that the loader finds for a file, and where."""
    found = re.findall(r"^\s*(\S+)(?: => (.*))? \(0x", run("ldd", file), re.M)
    return [(name, path) for name, path in found if not EVERYWHERE.match(Path(name).name)]


@pytest.mark.skipif(sys.platform != "linux", reason="needs ldd")
def test_what_the_system_may_lack_goes_along(python):
    packages = Path(run(python, "-c", "import littlefs; print(littlefs.__path__[0])").strip())
    files = [*packages.glob("*.so"), python.with_name("lfskit"), python.with_name("littlefs-python")]
    needed = {name: Path(path) for file in files for name, path in linked(file)}
    assert "libjansson.so.4" in needed
    for name, path in needed.items():
        assert path.parent.resolve() == packages.resolve() / "libraries", name
    assert {path.name for path in (packages / "libraries").iterdir()} == set(needed)
