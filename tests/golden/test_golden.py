# SPDX-License-Identifier: MIT
"""Every golden image reads as its manifest says, and reading leaves it alone.

The images of this folder were made by tools/make_golden.py with the reference
package; LFSKIT_GOLDEN names more folders of the same form. The tests need
nothing but the program.
"""

import hashlib
import json
from pathlib import Path

import pytest
from manifests import GOLDEN, MANIFESTS


def load(manifest: Path) -> tuple[dict, Path]:
    expected = json.loads(manifest.read_text(encoding="utf-8"))
    image = manifest.with_name(expected["image"])
    digest = hashlib.sha256(image.read_bytes()).hexdigest()
    assert digest == expected["image_sha256"], "the image is not the manifest's"
    return expected, image


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.stem)
def test_reads_as_the_manifest_says(manifest, lfskit, tmp_path):
    expected, image = load(manifest)
    info = lfskit.info(image)
    geometry = expected["geometry"]
    assert info["disk_version"] == expected["disk_version"]
    assert info["block_size"] == geometry["block_size"]
    assert info["block_count"] == geometry["block_count"]
    assert info["limits"] == expected["limits"]
    assert info["root_pair"] == expected["root_pair"]
    assert info["gstate"] == expected["gstate_at_mount"]
    assert info["used_blocks"] == expected["used_blocks"]
    assert info["free_blocks"] == geometry["block_count"] - expected["used_blocks"]
    assert info["root_attrs"] == expected["root_attrs"]
    if "superblocks" in expected:
        assert info["superblocks"] == expected["superblocks"]

    files = [entry for entry in expected["tree"] if entry["type"] == "file"]
    assert info["files"] == len(files)
    assert info["directories"] == len(expected["tree"]) - len(files)
    assert info["bytes"] == sum(entry["size"] for entry in files)
    assert lfskit.tree(image, tmp_path / "out") == expected["tree"]
    load(manifest)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.stem)
def test_pending_states_are_said(manifest, lfskit):
    """What is odd about an image is named by info, and a sound one has nothing."""
    expected, image = load(manifest)
    odd = lfskit.info(image)["odd"]
    pending = expected["gstate_at_mount"]
    if pending["sync_bit"] or pending["move"]:
        assert odd
    if expected["name"].startswith("formatted"):
        assert not odd


def test_there_are_golden_images():
    assert sum(m.parent == GOLDEN for m in MANIFESTS) > 40
