from pathlib import Path

import pytest
from invented import small_tables

from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.centres.inputs import Inputs
from opinion.centres.packing import pack


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of files packed once from the tables of the repository."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def catalogue(packed: Path) -> Catalogue:
    return load_catalogue(packed)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder of a few tables, to be imported into."""
    return small_tables(tmp_path / "tables")


@pytest.fixture
def var(tmp_path: Path, tables: Path) -> Path:
    """The folder of packed files, packed without an import."""
    pack(tmp_path / "var", Inputs(tables))
    return tmp_path / "var"
