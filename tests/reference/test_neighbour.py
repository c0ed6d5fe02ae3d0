# SPDX-License-Identifier: MIT
"""A rename between directories is two commits. In between, the reference loses
sight of the entry behind the source; when the second commit needs a block just
then, it may take one of that entry's file, whose data is then gone. Ours must not."""

import hashlib

from content import content

SETTINGS = {
    "block_size": 256,
    "read_size": 16,
    "prog_size": 16,
    "cache_size": 64,
    "lookahead_size": 8,
    "block_cycles": 1,
    "disk_version": 0x00020001,
}
BLOCKS, SIZE = 34, 700

# Files of either directory are moved to the other; the last of these is what the reference fails.
RENAMES = [
    line.split()
    for line in """
    /a/f2 /b/n0
    /a/f3 /b/n1
    /a/f0 /b/n2
    /b/n2 /a/n3
    /b/f2 /a/n4
    /b/f0 /a/n5
    /b/f3 /a/n6
    /b/f1 /a/n7
    /a/n5 /b/n8
    /b/n8 /a/n9
    /a/n3 /b/n10
    /a/n9 /b/n11
    /b/n0 /a/n12
    /a/n6 /b/n13
    /a/f1 /b/n14
    /b/n10 /a/n15
    /b/n14 /a/n16
    /a/n12 /b/n17
    """.strip().splitlines()
]


def start(reference) -> dict[str, int]:
    """The volume before the renames; for each file the salt of its content."""
    reference("format", blocks=BLOCKS, settings=SETTINGS)
    files = {}
    for folder in ("/a", "/b"):
        reference("mkdir", path=folder)
    for number in range(4):
        for folder in ("/a", "/b"):
            reference("write", path=f"{folder}/f{number}", size=SIZE, salt=number)
            files[f"{folder}/f{number}"] = number
    return files


def damaged(tree: list[dict], files: dict[str, int]) -> list[str]:
    """The files that are not as they should be."""
    found = {entry["path"]: entry.get("sha256") for entry in tree}
    return [
        path
        for path, salt in files.items()
        if found.get(path) != hashlib.sha256(content(SIZE, salt)).hexdigest()
    ]


def after(files: dict[str, int]) -> dict[str, int]:
    files = dict(files)
    for old, new in RENAMES:
        files[new] = files.pop(old)
    return files


def test_the_reference_loses_data(reference):
    """If this fails, the reference has been mended, and other tests can ask more of it."""
    files = after(start(reference))
    for old, new in RENAMES:
        reference("rename", old=old, new=new)
    assert damaged(reference("tree"), files)


def test_ours_does_not(reference, ours, tmp_path):
    files = start(reference)
    image = str(tmp_path / "image")
    reference("save", image=image)
    ours.mount(image, SETTINGS)
    for old, new in RENAMES:
        ours.rename(old, new)
        files[new] = files.pop(old)
        assert damaged(ours.tree(), files) == []
    ours.save(image)
    reference("mount", image=image, settings=SETTINGS)
    assert damaged(reference("tree"), files) == []
