import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from opinion.centres.catalogues import Catalogue
from opinion.centres.shared import shared_catalogue
from opinion.server.api import api
from opinion.server.mounts import mount


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return shared_catalogue()


@pytest.fixture(scope="session")
def client() -> TestClient:
    """A client of the API as the server mounts it, without its limit."""
    return TestClient(Starlette(routes=[mount("/api/v1", api(per_minute=0))]))
