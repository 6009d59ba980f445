import sys
from pathlib import Path

import pytest

from opinion.centres.catalogues import Catalogue
from opinion.centres.shared import shared_catalogue

sys.path.append(str(Path(__file__).resolve().parents[1] / "centres"))  # its invented catalogues


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real catalogue."""
    return shared_catalogue()
