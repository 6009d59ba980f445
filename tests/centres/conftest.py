from pathlib import Path

import pytest

from opinion.centres.catalogues import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of files packed once from the tables of the repository."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def catalogue(packed: Path) -> Catalogue:
    return load_catalogue(packed)
