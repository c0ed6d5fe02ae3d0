# SPDX-License-Identifier: MIT
"""Each test of the command line runs in an empty folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path
