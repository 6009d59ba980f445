"""The API: the answers of the page's engine, as JSON and CSV, and what a client need not be sent again."""

import csv
import io
from datetime import date

import pytest

from opinion.centres import staleness
from opinion.centres.comparisons import KINDS
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.exchange.centre_records import NOTE, facet_keys
from tests.server.addresses import COMPARE, FACET_LIST, IN_QUERY, LIST, ODD_IDS


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
    assert all(source["licence"] and source["attribution"] for source in known.values())
    assert {source["id"] for source in known.values() if not source["address"]} <= {"single_pages"}, "facts name a page"
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


def test_what_is_overdue_and_what_disagrees_is_said_as_of_the_day(client, monkeypatch):
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 11, 23))
    response = client.get(f"{LIST}/es:280029")
    answer = response.json()
    beds = {fact["value"]: fact for fact in answer["facts"] if fact["field"] == "beds"}
    assert (beds["901"]["overdue"], beds["901"]["due"]) == (True, "2021-12-31") and beds["886"]["overdue"] is False
    assert {"field": "beds", "item": None, "chosen": "886", "others": ["901"], "by": "date"} in answer["conflicts"]
    assert {fact["entered_by"] for fact in answer["facts"]} <= {"register", "curator"}, "no account is named"
    assert answer["centre"]["overdue"] == "some" and {fact["standing"] for fact in answer["facts"]} == {"counts"}
    monkeypatch.setattr(staleness, "today", lambda: date(2021, 1, 1))
    before = client.get(f"{LIST}/es:280029", headers={"if-none-match": response.headers["etag"]})
    assert before.status_code == 200, "on another day it is another answer"
    assert before.json()["centre"]["overdue"] is None


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
