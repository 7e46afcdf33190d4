"""A file is there whole or not at all."""

import os
from pathlib import Path

import pytest

from jiezhen.kernel import whole


def test_it_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    file = tmp_path / "a"
    whole.put(file, b"old")
    whole.put(file, b"new")
    assert file.read_bytes() == b"new" and list(tmp_path.iterdir()) == [file]


def test_a_full_disk_leaves_the_older_one_and_no_crumbs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    whole.put(file, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        whole.put(file, b"new")
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]


def test_an_absent_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        whole.put(tmp_path / "none" / "a", b"new")
