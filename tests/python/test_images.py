# SPDX-License-Identifier: MIT
"""build, check and LittleFS.from_image."""

import pytest
from crafted import fat
from littlefs import Finding, LittleFS, LittleFSError, UserContextFile, build, check

CODES = LittleFSError.Error
TREE = {"boot.py": b"print(1)", "lib": {"big": b"x" * 5000, "empty": b"", "none": {}}}


def tree_of(volume):
    found = {}
    for root, dirs, files in volume.walk("/"):
        found[root] = sorted(dirs)
        for name in files:
            path = f"{root.rstrip('/')}/{name}"
            with volume.open(path, "rb") as file:
                found[path] = file.read()
    return found


CONTENT = {"/": ["lib"], "/boot.py": b"print(1)", "/lib": ["none"], "/lib/big": b"x" * 5000,
           "/lib/empty": b"", "/lib/none": []}  # fmt: skip


@pytest.mark.parametrize("block_size", [128, 512, 520, 4096])
def test_build_and_mount(block_size):
    image = build(TREE, block_size=block_size)
    assert type(image) is bytes
    assert check(image) == []
    volume = LittleFS.from_image(image)
    assert volume.fs_stat().block_size == block_size
    assert volume.block_count * block_size == len(image)
    assert tree_of(volume) == CONTENT
    assert image == build(TREE, block_size=block_size)


def test_build_with_attributes_and_options():
    image = build(
        {"d": ({"f": (b"1", {116: b"time"})}, {7: b""})},
        block_size=512, block_count=40, name_max=20, disk_version=0x00020000,
    )  # fmt: skip
    volume = LittleFS.from_image(image)
    assert list(volume.iterattr("d")) == [(7, b"")]
    assert volume.getattr("d/f", "t") == b"time"
    assert volume.fs_stat()[:2] == (0x00020000, 20)
    assert len(image) == 512 * 40


def test_build_from_a_folder(tmp_path):
    (tmp_path / "lib" / "none").mkdir(parents=True)
    (tmp_path / "boot.py").write_bytes(b"print(1)")
    (tmp_path / "lib" / "big").write_bytes(b"x" * 5000)
    (tmp_path / "lib" / "empty").write_bytes(b"")
    assert build(tmp_path) == build(str(tmp_path)) == build(TREE)


def test_trees_that_cannot_be_built(tmp_path):
    for tree, options, code in [
        (TREE, {"block_size": 512, "block_count": 4}, CODES.LFS_ERR_NOSPC),
        ({"n" * 300: b""}, {}, CODES.LFS_ERR_NAMETOOLONG),
        ({"a/b": b""}, {}, CODES.LFS_ERR_INVAL),
        ({}, {"block_size": 100}, CODES.LFS_ERR_INVAL),
    ]:
        with pytest.raises(LittleFSError) as caught:
            build(tree, **options)
        assert caught.value.code == code
    with pytest.raises(FileNotFoundError):
        build(tmp_path / "nowhere")
    with pytest.raises(TypeError):
        build({"a": "text"})
    with pytest.raises(TypeError):
        build({}, block_sise=512)


# --- from_image ----------------------------------------------------------------------------


def test_a_bytearray_is_used_as_it_is():
    image = bytearray(build(TREE, block_size=512, free_blocks=10))
    with LittleFS.from_image(image) as volume:
        assert volume.context.buffer is image
        volume.remove("lib", recursive=True)
    assert LittleFS.from_image(image).listdir() == ["boot.py"]


def test_other_images_stay_as_they_are(tmp_path):
    image = build(TREE, block_size=512, free_blocks=10)
    path = tmp_path / "i.img"
    path.write_bytes(image)
    for source in (image, memoryview(image), path, str(path)):
        with LittleFS.from_image(source) as volume:
            volume.mkdir("new")
            changed = volume.context.buffer
        assert LittleFS.from_image(changed).listdir("new") == []
    assert path.read_bytes() == image


def test_a_file_that_is_written_to(tmp_path):
    path = tmp_path / "i.img"
    path.write_bytes(build(TREE, block_size=512, free_blocks=10))
    with LittleFS.from_image(path, writable=True) as volume:
        assert isinstance(volume.context, UserContextFile)
        volume.mkdir("new")
    assert LittleFS.from_image(path).listdir("new") == []
    assert check(path) == []


def test_parameters_and_names():
    volume = LittleFS(block_size=512, block_count=64, filename_encoding="latin-1")
    volume.mkdir("é")
    again = LittleFS.from_image(
        volume.context.buffer, filename_encoding="latin-1", prog_size=64, cache_size=128
    )
    assert (again.cfg.prog_size, again.cfg.cache_size, again.listdir()) == (64, 128, ["é"])


def test_an_image_that_ends_where_its_content_ends():
    image = build(TREE, block_size=512, free_blocks=10)
    volume = LittleFS.from_image(image[: -10 * 512])
    assert tree_of(volume) == CONTENT
    volume.mkdir("new")
    assert len(volume.context.buffer) == len(image)


@pytest.mark.parametrize("image", [b"", b"\xff" * 8192, bytes(100), fat()], ids=range(4))
def test_what_is_no_image(image, tmp_path):
    path = tmp_path / "i.img"
    path.write_bytes(image)
    for source in (image, path):
        for call in (LittleFS.from_image, check):
            with pytest.raises(LittleFSError):
                call(source)
    assert path.read_bytes() == image
    with pytest.raises(FileNotFoundError):
        LittleFS.from_image(tmp_path / "nowhere")


# --- check -----------------------------------------------------------------------------------


def test_findings():
    image = bytearray(build({"a": {"b": {}}, "f": b"x" * 2000}, block_size=512))
    image[1024:2048] = bytes(1024)
    findings = check(image)
    assert findings
    damage = [finding for finding in findings if finding.severity == "damage"]
    assert all(isinstance(finding, Finding) for finding in findings)
    lost = next(finding for finding in damage if finding.code == "LFK-201")
    assert lost.path == "/a"
    assert lost.block in (2, 3)
    assert lost.message and lost.meaning and lost.repair and lost.title
    assert check(image, block_size=512) == findings
    with pytest.raises(LittleFSError):
        check(image, block_size=1024)
