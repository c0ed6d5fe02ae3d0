# SPDX-License-Identifier: MIT
"""What is clean is whole: an image with a changed field, of which the check says
that it is clean, is mounted and read to its end by the reference and by our own
driver, and both see the same tree."""

import json
from itertools import islice
from pathlib import Path

import pytest
from cases import LONG
from fields import of_image
from meaning import read
from rawfs import NAME_DIR

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
IMAGES = ["attributes", "ctz_edited", "expanded_split_2p0", "inline_log", "removed", "split_root"]
SETTINGS = ("block_size", "read_size", "prog_size", "cache_size", "lookahead_size", "block_cycles")


def shown(meaning) -> dict[str, bytes | None] | None:
    """Paths and contents; None if a name is not UTF-8: the reference refuses it."""
    try:
        return {
            "".join(f"/{name.decode()}" for name in path): None if node.kind == NAME_DIR else node.data
            for path, node in meaning.nodes.items()
        }
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("name", IMAGES)
def test_the_reference_reads_what_is_clean(name, checker, reference, lfskit, rng, tmp_path):
    manifest = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    geometry = {key: manifest["geometry"][key] for key in SETTINGS}
    image = (GOLDEN / f"{name}.img").read_bytes()
    mutations = list(of_image(image, geometry["block_size"]))
    rng.shuffle(mutations)
    clean = (m for m in mutations if checker(m.image).is_clean)
    path = tmp_path / "image"
    tried = 0
    for mutation in islice(clean, None if LONG else 25):
        tree = shown(read(mutation.image, geometry["block_size"]))
        if tree is None:
            continue
        path.write_bytes(mutation.image)
        reference("mount", image=str(path), settings=geometry, any_count=True)
        assert {entry["path"] for entry in reference("tree")} == tree.keys(), mutation
        ours = json.loads(lfskit.do("list", "--json", path))
        assert {entry["path"] for entry in ours} == tree.keys(), mutation
        for entry in ours:
            data = tree[entry["path"]]
            assert data is None or entry["size"] == len(data), mutation
        tried += 1
    assert tried > 10
