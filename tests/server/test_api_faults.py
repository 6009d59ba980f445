"""The API says every fault of a query with its remedy, and of a fault of ours nothing more than that."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from opinion.centres.filters import Filters, parameters
from opinion.errors import CatalogueError
from opinion.exchange.centre_records import PAGE_KEYS
from opinion.server import api as api_module
from opinion.server.api_queries import FACETS, FORMAT, PAGE, PAGE_SIZE
from opinion.server.routes import ROUTES
from opinion.vocabularies import DATA
from tests.server.addresses import COMPARE, FACET_LIST, IN_QUERY, LIST, ODD_IDS


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/centres", "/centres/x", "/facets", "/compare", "/openapi.json"])
def test_it_only_reads(client, method, path):
    response = client.request(method, f"/api/v1{path}")
    assert response.status_code == 405 and {"GET", "HEAD"} == set(response.headers["allow"].split(", "))
    assert response.json()["errors"][0]["field"] == "method"


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/centre", "/centres/", "/centres/nope", "/centres/%00", "/centres/%F0%28"]
)
def test_what_is_not_there_is_said_in_json(client, path):
    response = client.get(f"/api/v1{path}")
    assert response.status_code == 404 and response.headers["cache-control"] == "no-store"
    (error,) = response.json()["errors"]
    assert error["field"] in ("path", "id") and error["remedy"]


BAD = {"text": "x" * 101, "km": "0", "town": "no such town"}


@pytest.mark.parametrize("path", [LIST, FACET_LIST])
@pytest.mark.parametrize("key", list(parameters()))
def test_a_wrong_value_of_any_filter_is_refused(client, path, key):
    value = BAD.get(parameters()[key].kind, "no_such_value")
    response = client.get(path, params={key: value})
    assert response.status_code == 400 and response.headers["cache-control"] == "no-store"
    (error,) = response.json()["errors"]
    assert error["field"] == key and error["value"] == value[:100] and error["remedy"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((PAGE.key, value) for value in ("0", "-1", "x", "1.5", "1000001", "9" * 3000, "²", "1,2")),
        *((PAGE_SIZE.key, value) for value in ("0", "201", "x")),
        *((FORMAT.key, value) for value in ("xml", "JSON")),
        (FACETS.key, "yes"),
        ("arae", "oncology"),
        *(("area", value) for value in ("oncology,oncologie", "oncology,", ",", "burns,,oncology")),
        ("sort", ","),
    ],
)
def test_what_is_not_known_is_refused_and_the_remedy_said(client, key, value):
    response = client.get(LIST, params={key: value})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["field"] == key and error["remedy"]


def test_remedies_name_what_was_meant(client):
    errors = client.get(f"{LIST}?arae=oncology&area=oncologie&page=0&page=1").json()["errors"]
    assert [error["field"] for error in errors] == ["area", "arae", "page"], "all faults at once"
    assert "'oncology'" in errors[0]["remedy"] and "'area'" in errors[1]["remedy"]
    assert "once" in errors[2]["remedy"]
    assert client.get(f"{LIST}?facets=1", headers={"accept": "text/csv"}).json()["errors"][0]["field"] == "facets"


def test_keys_that_belong_to_the_page_are_let_pass(client):
    for path in (LIST, FACET_LIST, f"{LIST}/{ODD_IDS[0]}"):
        assert client.get(path, params=dict.fromkeys(PAGE_KEYS, "x")).status_code == 200
        assert client.get(path, params={"area": "", "zzz": ""}).json()["errors"][-1]["field"] == "zzz"


def test_every_key_of_the_list_s_address_is_let_pass():
    used = set()
    for path in (DATA.parent / "opinion" / "ui").glob("browsing*.py"):
        used |= set(re.findall(r"""query_params(?:\.get\(|\.pop\(|\[)"(\w+)\"""", path.read_text("utf-8")))
    assert {"view", "map"} <= used, "the search finds keys"
    assert used - {PAGE.key} <= {*PAGE_KEYS, *parameters()}


@pytest.mark.parametrize("ids", ["", ODD_IDS[0], f"{IN_QUERY[1]},{IN_QUERY[1]}", "nope,nope2", "a,b,c,d,e", ",,,"])
def test_only_two_to_four_known_centres_are_compared(client, ids):
    response = client.get(f"{COMPARE}?id={ids}")
    assert response.status_code == 400
    assert all(error["field"] == "id" and error["remedy"] for error in response.json()["errors"])


def test_long_queries_are_refused_before_they_cost_anything(client):
    response = client.get(f"{LIST}?country={'zz,' * 2000}")
    assert response.status_code == 400 and len(response.content) < 300
    many = client.get(f"{LIST}?country={'zz,' * 1000}")
    assert many.status_code == 400 and len(many.json()["errors"]) == 20
    every_filter = Filters(
        **{
            one.name: one.choices
            for one in parameters().values()
            if one.kind == "many" and not one.key.startswith("hide")
        }
    )
    assert client.get(LIST, params=every_filter.to_query()).status_code == 200


def test_a_missing_catalogue_names_no_file(client, monkeypatch):
    def missing():
        raise CatalogueError("/srv/secret/var cannot be written")

    monkeypatch.setattr(api_module, "shared_catalogue", missing)
    response = client.get(LIST)
    assert response.status_code == 503 and "secret" not in response.text and response.headers["retry-after"]


def test_a_fault_of_ours_is_json_and_says_nothing_more(monkeypatch):
    def broken():
        raise RuntimeError("secret")

    monkeypatch.setattr(api_module, "shared_catalogue", broken)
    quiet = TestClient(Starlette(routes=ROUTES), raise_server_exceptions=False)
    response = quiet.get(LIST)
    assert response.status_code == 500 and "secret" not in response.text and response.json()["errors"][0]["remedy"]


def test_a_line_break_in_an_address_falls_through_to_nobody(client):
    answer = client.get("/api/v1/centres/a%0Ab")
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("application/json")
