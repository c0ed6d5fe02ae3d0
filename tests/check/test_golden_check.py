# SPDX-License-Identifier: MIT
"""The check of every golden image says what its manifest says: it is sound, or
it is what a cut of power has left, with the repairs that are due and no others."""

import json

import pytest
from manifests import GOLDEN, MANIFESTS

CLEAN, REPAIRS = 0, 1
# What the cuts have left in the images of this folder; nothing is found in the others.
LEFT = {
    "compaction_erased": ["LFK-203 /"],
    "compaction_revision_only": ["LFK-202 /"],
    "compaction_torn": ["LFK-202 /"],
    "cut_make_03": ["LFK-202 /a"],
    "cut_rename_01": ["LFK-202 /b"],
    "cut_rename_02": ["LFK-601 /a/f"],
    "cut_rename_03": ["LFK-601 /a/f", "LFK-202 /a"],
    "half_orphan_bad_block": ["LFK-602", "LFK-422 /d"],
    "half_orphan_worn": ["LFK-602", "LFK-422 /d"],
    "move_over_directory": ["LFK-602", "LFK-601 /d1/m", "LFK-421 (orphan)"],
    "move_pending": ["LFK-601 /d1/b"],
    "move_pending_directory": ["LFK-601 /d1/sub"],
    "move_pending_first_over_file": ["LFK-601 /d1/a"],
    "move_pending_last_ctz": ["LFK-601 /d1/e"],
    "move_pending_neighbour_ctz": ["LFK-601 /d1/b"],
    "move_pending_split_root": ["LFK-601 /entry_09"],
    "orphan_created": ["LFK-602", "LFK-421 (orphan)"],
    "orphan_removed": ["LFK-602", "LFK-421 (orphan)"],
    "torn_at_1": ["LFK-211 /"],
    "torn_at_5": ["LFK-211 /"],
    "torn_at_16": ["LFK-211 /"],
    "torn_at_30": ["LFK-212 /"],
}


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.stem)
def test_the_check_agrees_with_the_manifest(manifest, lfskit):
    expected = json.loads(manifest.read_text(encoding="utf-8"))
    run = lfskit.run("check", "--json", manifest.with_name(expected["image"]))
    assert run.stderr == b""
    report = json.loads(run.stdout)
    found = {finding["id"] for finding in report["findings"]}
    severities = {finding["severity"] for finding in report["findings"]}
    assert "damage" not in severities, report["findings"]
    assert run.returncode == (REPAIRS if "repair" in severities else CLEAN)
    pending = expected["gstate_at_mount"]
    assert ("LFK-601" in found) == bool(pending["move"])
    assert ("LFK-602" in found) == bool(pending["sync_bit"])
    if found & {"LFK-421", "LFK-422"}:
        assert "LFK-602" in found
    if manifest.parent == GOLDEN:
        lines = [f"{f['id']} {f['path'] or ''}".strip() for f in report["findings"]]
        assert lines == LEFT.get(manifest.stem, [])
    if not found:
        assert report["used_blocks"] == expected["used_blocks"]


def test_every_image_that_has_findings_is_there():
    assert LEFT.keys() <= {manifest.stem for manifest in MANIFESTS}
