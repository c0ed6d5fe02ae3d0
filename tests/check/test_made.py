# SPDX-License-Identifier: MIT
"""Images that nothing is wrong with: made by the program with all sorts of
options, and by the reference, at work and worn. The check finds nothing."""

import pytest
from cases import many, random_settings, random_tree
from content import content
from reference import NO_ROOM, Refused

# What the reference leaves of a commit for which it then finds no room.
UNFINISHED = {"LFK-202", "LFK-211", "LFK-212"}


@pytest.mark.parametrize("case", many(40, 2000))
def test_what_create_makes(case, rng, checker, lfskit, tmp_path):
    block_size = rng.choice([128, 256, 512, 4096, 131072])
    tree = random_tree(rng, [0, 1, 30, block_size // 8, 3 * block_size], rng.randint(0, 60))
    source = tree.store(tmp_path / "source")
    options = [f"--block-size={block_size}"]
    options += rng.choice([[], ["--disk-version=2.0"], ["--fill=even"]])
    options += rng.choice([[], ["--free=25%"], [f"--inline-max={min(512, block_size // 16)}"]])
    options += rng.choice([[], ["--no-pad"], ["--prog-size=64"]]) if block_size > 256 else []
    image = tmp_path / "image"
    lfskit.do("create", "-q", source, image, *options)
    found = checker(image.read_bytes())
    assert set(found.codes) <= {"LFK-101"}, options  # made without padding
    assert found.is_clean and not found.driver_fails


@pytest.mark.parametrize("case", many(15, 500))
def test_what_the_reference_makes(case, rng, checker, reference, tmp_path):
    block_size = rng.choice([128, 256, 512, 4096])
    settings = random_settings(rng, block_size, rng.choice([0x00020000, 0x00020001]))
    settings["block_cycles"] = rng.choice([-1, 2, 20, 300])
    reference("format", blocks=rng.choice([64, 200]), settings=settings)
    sizes = [0, 1, 20, block_size // 8, block_size, 3 * block_size]
    image = tmp_path / "image"
    files: list[str] = []
    is_full = False
    # When the reference moves a worn pair, its mark for a repair outlives the move.
    expected = {"LFK-602"} if settings["block_cycles"] > 0 else set()
    for number in range(60):
        try:
            if files and rng.random() < 0.3:
                reference("remove", path=files.pop(rng.randrange(len(files))))
            elif number % 20 == 0:
                reference("mkdir", path=f"/d{number}")
            else:
                path = f"{rng.choice(['', f'/d{number // 20 * 20}'])}/f{number}"
                reference("write", path=path, size=rng.choice(sizes), salt=number)
                files.append(path)
                kind = content(1, number)[0]
                reference("setattr", path=path, kind=kind, data="0102")
        except Refused as error:
            assert error.code in (*NO_ROOM, -2)  # its directory may not have been made
            is_full = error.code in NO_ROOM
            expected |= UNFINISHED if is_full else set()
        reference("save", image=str(image))
        found = checker(image.read_bytes())
        assert set(found.codes) <= expected, number
        assert not found.driver_fails
        if is_full:
            break  # the reference does not survive for long in this state
