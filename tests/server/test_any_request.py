"""Whatever is asked of our own addresses: a clear answer below 500, with headers, and with no details of the server."""

import string
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from opinion.server import forms, health
from opinion.server.middleware import MIDDLEWARE
from opinion.server.routes import ROUTES

OWN = ("/health", "/ready", "/agency/files/", "/agency/files/SO-ABC123/", "/account/", "/account/sign-in", "/opinion/",
       "/opinion/geo/", "/opinion/page.js", "/api/v1/", "/api/v1/centres", "/_stcore/metrics")  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X")
DETAILS = ("Traceback", "site-packages", "/opinion/server/", "sqlalchemy", "psycopg", "sqlite", "agency.db")
ANYTHING = some.text(string.printable, max_size=40)


@pytest.fixture
def client(sqlite_store, monkeypatch):
    monkeypatch.setattr(health, "_READINESS", health.Readiness())
    return TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), follow_redirects=False)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=some.tuples(some.sampled_from(OWN), some.text(some.characters(codec="utf-8"), max_size=20)).map("".join),
    method=some.sampled_from(METHODS),
    query=ANYTHING,
    headers=some.dictionaries(
        some.sampled_from(["cookie", "accept", "origin", "range", "if-none-match", "x-forwarded-for", "content-type",
                           "x-forwarded-proto", "accept-encoding", "transfer-encoding", "authorization"]),
        some.one_of(some.text(string.printable.strip(), max_size=60),
                    some.sampled_from([f"opinion_sign_in={'A' * 43}", f"{forms.COOKIE}=x", "gzip", "bytes=0-"])),
        max_size=4,
    ),
    body=some.binary(max_size=100),
)  # fmt: skip
def test_it_is_answered_clearly(client, path, method, query, headers, body):
    client.cookies.clear()
    answer = client.request(method, "http://testserver" + _quoted(path), params={"q": query}, headers=headers,
                            content=body)  # fmt: skip
    assert answer.status_code < 500 and answer.headers["x-content-type-options"] == "nosniff"
    assert answer.status_code in {200, 204, 206, 303, 304, 307, 400, 401, 403, 404, 405, 406, 413, 415, 416, 422, 429}
    if not path.startswith(("/opinion/", "/api/v1/")):
        assert not [word for word in DETAILS if word in answer.text]


def _quoted(path: str) -> str:
    return quote(path, safe="/")


@pytest.mark.parametrize("path", ["/agency/files/SO-ABC123/x", "/account/none", "/api/v1/none", "/opinion/none.js"])
def test_what_is_not_there_says_nothing_of_the_server(client, path):
    answer = client.get(path)
    assert answer.status_code in (401, 404) and len(answer.text) < 2000
    assert not [word for word in DETAILS if word in answer.text]
