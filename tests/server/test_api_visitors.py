"""The API watches nobody, and serves all at once from the one catalogue that the pages have."""

import ast
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.testclient import TestClient

from opinion.centres import shared
from opinion.server import api as api_module
from opinion.server.api_queries import ENDPOINTS
from opinion.server.routes import ROUTES
from opinion.vocabularies import DATA
from tests.server.addresses import LIST

# ---- nobody is watched


def test_cookies_change_nothing_and_none_is_set(client):
    plain = client.get(f"{LIST}?area=oncology")
    known = client.get(
        f"{LIST}?area=oncology", headers={"cookie": "_streamlit_user=x; session=y", "authorization": "Bearer z"}
    )
    assert known.content == plain.content and dict(known.headers) == dict(plain.headers)
    assert "set-cookie" not in plain.headers


def test_the_api_reads_nothing_that_tells_of_a_visitor():
    allowed = {"url", "query_params", "headers", "method", "path_params", "scope"}
    read, headers = set(), set()
    for name in ("api", "api_queries", "openapi", "rate_limit"):
        tree = ast.parse((DATA.parent / "opinion" / "server" / f"{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
                read.add(node.attr)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "get"
                and ast.unparse(node.func.value).endswith("request.headers")
            ):
                headers.add(node.args[0].value)
    assert read <= allowed and "query_params" in read, "no cookies, no session, no body"
    assert headers == {"accept", "if-none-match"}


def test_the_api_knows_no_page_no_answer_and_no_session():
    code = (
        "import sys, opinion.server.api\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'streamlit'"
        " or name.startswith(('opinion.ui', 'opinion.guidance', 'opinion.agency', 'opinion.matching'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


# ---- one catalogue, many threads


def test_pages_and_api_share_one_catalogue():
    from opinion.ui.catalogue import shared_catalogue

    assert shared_catalogue() is shared.shared_catalogue() is api_module.shared_catalogue()


def test_first_requests_at_once_load_it_once(monkeypatch):
    loaded, started = [], threading.Barrier(8)

    def load():
        loaded.append(1)
        threading.Event().wait(0.05)
        return object()

    shared._loaded.cache_clear()
    monkeypatch.setattr(shared, "load_catalogue", load)

    def ask(_):
        started.wait()
        return shared.shared_catalogue()

    try:
        with ThreadPoolExecutor(8) as pool:
            assert len(set(map(id, pool.map(ask, range(8))))) == 1
        assert len(loaded) == 1
    finally:
        shared._loaded.cache_clear()


def test_requests_at_once_get_their_own_answers(client):
    addresses = [f"{LIST}?area={area}&facets=1" for area in ("oncology", "burns", "fertility", "ent")] * 8
    expected = {address: client.get(address).json() for address in set(addresses)}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda address: client.get(address).json(), addresses))
    assert answers == [expected[address] for address in addresses]


def test_the_server_mounts_it_and_pages_do_not_wait_for_it():
    code = "import sys, opinion.server.routes; sys.exit(any(name in sys.modules for name in ('pandas', 'pyarrow')))"
    subprocess.run([sys.executable, "-c", code], check=True)
    answer = TestClient(Starlette(routes=ROUTES)).get(f"{LIST}?page_size=1").json()
    assert answer["links"]["self"].startswith("/api/v1/centres?")
    assert {endpoint.name for endpoint in ENDPOINTS} == set(api_module._ANSWERS)
