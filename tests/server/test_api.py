"""The API: the answers of the page's engine, as JSON and CSV; every fault of a query is said; nobody is watched."""

import ast
import csv
import io
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from opinion.centres import shared
from opinion.centres.comparisons import KINDS
from opinion.centres.facets import select
from opinion.centres.filters import Filters, parameters
from opinion.errors import CatalogueError
from opinion.exchange.centre_records import NOTE, PAGE_KEYS, facet_keys
from opinion.server import api as api_module
from opinion.server.api_queries import ENDPOINTS, FACETS, FORMAT, PAGE, PAGE_SIZE
from opinion.server.routes import ROUTES
from opinion.vocabularies import DATA

LIST, FACET_LIST, COMPARE = "/api/v1/centres", "/api/v1/facets", "/api/v1/compare"
ODD_IDS = ("es:280029", "eu:AT_K389+", "eu:FI_40307~2")
IN_QUERY = tuple(quote(id_, safe=",:") for id_ in ODD_IDS)  # a bare + is a space there


def test_the_list_is_the_selection(client, catalogue):
    filters = Filters(disease_areas=("oncology",), countries=("US", "ES"), equipment=("mri",))
    selection = select(catalogue, filters)
    answer = client.get(f"{LIST}?area=oncology&country=US,ES&equipment=mri&page=2&page_size=7").json()
    assert answer["count"] == selection.count > 14
    assert [centre["id"] for centre in answer["centres"]] == list(
        catalogue.page(selection.page(7, 7), ("centre_id",))["centre_id"]
    )
    assert answer["query"] == filters.to_query()
    assert answer["not_known"]["equipment"] == selection.unknown_equipment
    assert answer["not_known"]["areas"] == selection.unknown_areas
    assert answer["note"] == NOTE and "never" in NOTE
    assert "facets" not in answer


def test_a_record_says_what_the_catalogue_says(client, catalogue):
    for centre in client.get(f"{LIST}?area=oncology&equipment=pet_ct&page_size=40").json()["centres"]:
        row = catalogue.row_of(centre["id"])
        cells = catalogue.page([row]).iloc[0]
        assert centre["disease_areas"] == catalogue.focus_of(row)
        assert centre["name"] == cells["name"] and centre["country_code"] == cells["country_code"]
        stated = {item for item, how in centre["equipment"].items() if how == "stated"}
        implied = {item for item, how in centre["equipment"].items() if how == "implied"}
        facts = catalogue.facts(centre["id"])
        assert stated == {fact.value for fact in facts if fact.field == "equipment" and fact.certainty == "stated"}
        assert implied == {fact.value for fact in facts if fact.field == "equipment" and fact.certainty == "implied"}
        assert {fact.source for fact in facts if fact.certainty != "derived"} <= set(centre["sources"])
        assert set(centre["sources"]) <= {fact.source for fact in facts}
        assert centre["beds"] != 0 and centre["teaching"] in (True, None), "unknown is null, never 0 or no"


def test_pages_lead_through_the_whole_list_and_back(client):
    address, ids, pages = f"{LIST}?country=CH&page_size=50", [], []
    while address:
        response = client.get(address)
        answer = response.json()
        ids += [centre["id"] for centre in answer["centres"]]
        pages.append(answer["page"])
        assert ('rel="next"' in response.headers.get("link", "")) == (answer["links"]["next"] is not None)
        address = answer["links"]["next"]
    assert pages == list(range(1, answer["pages"] + 1)) and len(pages) > 2
    assert len(set(ids)) == len(ids) == answer["count"]
    assert client.get(answer["links"]["prev"]).json()["page"] == pages[-2]
    behind = client.get(f"{LIST}?country=CH&page_size=50&page=999").json()
    assert behind["centres"] == [] and behind["count"] == len(ids) and behind["links"]["next"] is None
    assert client.get(behind["links"]["prev"]).json()["page"] == pages[-1]


def test_every_source_of_a_row_is_there_with_its_licence(client):
    answer = client.get(f"{LIST}?page_size=200&area=oncology").json()
    known = {source["id"]: source for source in answer["sources"]}
    assert known.keys() == {source for centre in answer["centres"] for source in centre["sources"]}
    assert all(source["licence"] and source["attribution"] and source["address"] for source in known.values())
    near = client.get(f"{LIST}?near=Vienna&page_size=1").json()
    assert near["town"]["name"] == "Vienna" and near["centres"][0]["distance_km"] is not None
    assert "geonames" in {source["id"] for source in near["sources"]}, "the town's point is theirs"


def test_facets_are_those_of_the_page(client, catalogue):
    query = "area=oncology&country=ES"
    counted = client.get(f"{FACET_LIST}?{query}").json()["facets"]
    selection = select(catalogue, Filters(disease_areas=("oncology",), countries=("ES",)))
    assert tuple(counted) == facet_keys()
    assert counted["country"] == selection.facets.countries and counted["area"] == selection.facets.disease_areas
    assert counted["equipment"] == selection.facets.equipment and counted["newest"] == selection.facets.newest
    assert client.get(f"{LIST}?{query}&facets=1").json()["facets"] == counted
    assert client.get(f"{FACET_LIST}?{query}&page=3").status_code == 200, "a page's address works"


@pytest.mark.parametrize("id_", ODD_IDS)
def test_one_centre_with_every_fact(client, catalogue, id_):
    answer = client.get(f"{LIST}/{id_}").json()
    assert answer["centre"]["id"] == id_
    assert len(answer["facts"]) == len(catalogue.facts(id_)) > 2
    assert {fact["source"] for fact in answer["facts"]} == {source["id"] for source in answer["sources"]}
    for fact in answer["facts"]:
        assert fact["source_url"] and fact["source_date"] and fact["licence"] and fact["certainty"]
    assert client.get(answer["links"]["self"]).json() == answer


def test_centres_side_by_side_differences_first(client):
    answer = client.get(f"{COMPARE}?id={','.join(IN_QUERY)}").json()
    assert [centre["id"] for centre in answer["centres"]] == list(ODD_IDS), "an id with a comma is one id"
    kinds = [line["kind"] for line in answer["lines"]]
    assert kinds == sorted(kinds, key=KINDS.index) and kinds[0] == "differs"
    countries = next(line for line in answer["lines"] if line["field"] == "country_code")
    assert [cell["known"] for cell in countries["cells"].values()] == ["ES", "AT", "FI"]
    assert all(list(line["cells"]) == list(ODD_IDS) for line in answer["lines"])
    one_by_one = client.get(COMPARE, params=[("id", id_) for id_ in ODD_IDS]).json()
    assert one_by_one == answer


def test_distances_from_a_town_stand_with_one_centre_and_with_several(client):
    two = f"{COMPARE}?id={IN_QUERY[1]},{IN_QUERY[2]}"
    far = client.get(f"{LIST}/{ODD_IDS[2]}?near=Wien").json()
    assert far["town"]["name"] == "Vienna" and far["centre"]["distance_km"] > 1000
    assert "geonames" in {source["id"] for source in far["sources"]}
    assert client.get(f"{LIST}/{ODD_IDS[2]}").json()["centre"]["distance_km"] is None
    line = next(line for line in client.get(f"{two}&near=Wien").json()["lines"] if line["field"] == "distance_km")
    assert line["cells"][ODD_IDS[2]]["known"] == far["centre"]["distance_km"]
    assert "distance_km" not in {line["field"] for line in client.get(two).json()["lines"]}
    for address in (f"{LIST}/{ODD_IDS[2]}?near=nowhere-at-all", f"{two}&near=nowhere-at-all"):
        assert client.get(address).json()["errors"][0]["field"] == "near"
    assert client.get(f"{two}&sources=1").status_code == 200, "a key of the page"
    assert client.get(f"{two}&area=oncology").status_code == 400, "not a key here"


@pytest.mark.parametrize("ids", ["", ODD_IDS[0], f"{IN_QUERY[1]},{IN_QUERY[1]}", "nope,nope2", "a,b,c,d,e", ",,,"])
def test_only_two_to_four_known_centres_are_compared(client, ids):
    response = client.get(f"{COMPARE}?id={ids}")
    assert response.status_code == 400
    assert all(error["field"] == "id" and error["remedy"] for error in response.json()["errors"])


def rows_of(response) -> list[dict[str, str]]:
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by this mark"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_csv_has_the_same_rows(client):
    query = "area=oncology&equipment=pet_ct,mri&country=US&page_size=30"
    answer, rows = client.get(f"{LIST}?{query}").json(), rows_of(client.get(f"{LIST}?{query}&format=csv"))
    assert [row["id"] for row in rows] == [centre["id"] for centre in answer["centres"]]
    for row, centre in zip(rows, answer["centres"], strict=True):
        assert row["disease_areas"] == ";".join(f"{area}:{focus}" for area, focus in centre["disease_areas"].items())
        assert row["beds"] == ("" if centre["beds"] is None else str(centre["beds"]))
        assert row["teaching"] == ("yes" if centre["teaching"] else "") and row["licences"] and row["attributions"]
    assert client.get(answer["links"]["csv"]).content == client.get(f"{LIST}?{query}&format=csv").content


def test_the_other_answers_as_csv(client, catalogue):
    facts = rows_of(client.get(f"{LIST}/{ODD_IDS[1]}?format=csv"))
    assert len(facts) == len(catalogue.facts(ODD_IDS[1])) and {row["id"] for row in facts} == {ODD_IDS[1]}
    counts = rows_of(client.get(f"{FACET_LIST}?area=oncology&format=csv"))
    assert {row["key"] for row in counts} == set(facet_keys())
    lines = rows_of(client.get(f"{COMPARE}?id={IN_QUERY[0]},{IN_QUERY[1]}&format=csv"))
    country = next(line for line in lines if line["field"] == "country_code")
    assert (country["kind"], country[ODD_IDS[1]]) == ("differs", "AT")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/csv", "csv"),
        ("text/csv, application/json;q=0.5", "csv"),
        ("TEXT/CSV; header=present", "csv"),
        ("text/csv;q=0.5, application/json", "json"),
        ("text/html, */*;q=0.8", "json"),
        ("text/csv;q=0", "json"),
        ("text/csv;q=x", "json"),
        ("", "json"),
        (";;,q=", "json"),
    ],
)
def test_the_accept_header_chooses_the_form(client, accept, form):
    response = client.get(FACET_LIST, headers={"accept": accept})
    assert ("csv" if "csv" in response.headers["content-type"] else "json") == form
    assert "Accept" in response.headers["vary"]
    assert (
        "csv" in client.get(f"{FACET_LIST}?format=csv", headers={"accept": "application/json"}).headers["content-type"]
    )


def test_what_a_client_has_is_not_sent_again(client):
    addresses = (
        f"{LIST}?area=oncology", f"{LIST}?area=oncology&page=2", f"{LIST}?area=oncology&facets=1", f"{LIST}?area=burns",
        f"{LIST}?area=oncology&format=csv", FACET_LIST, f"{LIST}/{ODD_IDS[0]}", f"{LIST}/{ODD_IDS[1]}",
        f"{COMPARE}?id={IN_QUERY[0]},{IN_QUERY[1]}", "/api/v1/openapi.json",
    )  # fmt: skip
    tags = {}
    for address in addresses:
        response = client.get(address)
        tags[address] = response.headers["etag"]
        assert response.headers["cache-control"].startswith("public, max-age=")
        for given in (tags[address], f'"x", {tags[address].removeprefix("W/")}', "*"):
            again = client.get(address, headers={"if-none-match": given})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tags[address])
        assert client.get(address, headers={"if-none-match": '"x"'}).status_code == 200
    assert len(set(tags.values())) == len(tags), "different answers have different tags"
    same = client.get(f"{LIST}?page_size=25&area=ONCOLOGY,oncology&view=map&page=1").headers["etag"]
    assert same == tags[addresses[0]], "asked in other words, it is the same answer"


def test_head_has_the_headers_and_no_body(client):
    for address in (f"{LIST}?area=oncology", f"{LIST}/{ODD_IDS[0]}", "/api/v1/openapi.json", "/api/v1/nope"):
        plain = {"accept-encoding": "identity"}
        get, head = client.get(address, headers=plain), client.head(address, headers=plain)
        assert head.content == b"" and head.status_code == get.status_code
        assert {**head.headers, "vary": ""} == {**get.headers, "vary": ""}  # no body, so none that varies


def test_answers_are_compressed_for_who_can_read_it(client):
    response = client.get(LIST, headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.json() == client.get(LIST, headers={"accept-encoding": "identity"}).json()


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


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (f"{LIST}?area=oncology&page=2", "/centres?area=oncology"),
        (f"{FACET_LIST}?area=oncology", "/centres?area=oncology"),
        (f"{LIST}/{ODD_IDS[1]}", f"/centre?id={IN_QUERY[1]}"),
        (f"{COMPARE}?id={IN_QUERY[0]},{IN_QUERY[1]}", f"/compare?id={IN_QUERY[0]},{IN_QUERY[1]}"),
    ],
)
def test_an_answer_leads_to_its_page(client, path, page):
    assert client.get(path).json()["links"]["page"] == page


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
