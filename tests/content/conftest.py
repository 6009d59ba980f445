import shutil

import pytest

from opinion.guidance.contents import FOLDER


@pytest.fixture
def folder(tmp_path):
    """A copy of the guidance, to be spoilt."""
    return shutil.copytree(FOLDER, tmp_path / "guidance")


@pytest.fixture
def spoil(folder):
    """Replaces words of one file in the copy; they have to be there."""

    def replace(file, before, after):
        text = (folder / file).read_text("utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), "utf-8")

    return replace
