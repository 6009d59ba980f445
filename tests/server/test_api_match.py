"""POST /match and ``python -m opinion match``: the same answer, every fault said, nothing kept of the case."""

import io
import json
import sys

import pytest

from opinion.__main__ import main
from opinion.agency import sign_ins
from opinion.agency.sign_ins import COOKIE
from opinion.matching.cases import read_case
from opinion.matching.rankings import rank
from opinion.server.api_match import LARGEST_BODY
from opinion.texts.translations import translator_for

ADDRESS = "/api/v1/match"
CASE = {
    "answers": {"disease_area": "oncology", "country": "LV", "doctor_city": "Riga", "days_until_decision": 15},
    "wishes": {"equipment": ["radiotherapy"], "languages": ["en"], "min_beds": 100},
}


@pytest.fixture(autouse=True)
def coordinator(client, work_as):
    """Every case is sent by a coordinator who is signed in."""
    worker = work_as("coordinator")
    client.cookies.set(COOKIE, worker.token)
    client.headers["content-type"] = "application/json"
    yield worker
    client.cookies.clear()
    del client.headers["content-type"]


def test_who_is_not_signed_in_is_told_how(client, coordinator, sqlite_store):
    sign_ins.sign_out(sqlite_store, coordinator.token)
    for token in (coordinator.token, "x", ""):
        client.cookies.set(COOKIE, token)
        response = client.post(ADDRESS, json=CASE)
        assert response.status_code == 401 and response.headers["cache-control"] == "no-store"
        assert "/account/sign-in" in response.json()["errors"][0]["remedy"] and response.headers["www-authenticate"]


@pytest.mark.parametrize("role", ["administrator", "curator"])
def test_no_other_role_sees_a_case(client, work_as, role):
    client.cookies.set(COOKIE, work_as(role).token)
    response = client.post(ADDRESS, json=CASE)
    assert response.status_code == 403 and "administrator for the role" in response.json()["errors"][0]["remedy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://elsewhere"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": ""}, 415),
        ({"content-type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_no_other_website_can_ask_for_a_coordinator(client, headers, status):
    response = client.post(ADDRESS, content=json.dumps(CASE), headers=headers)
    assert response.status_code == status and response.headers["cache-control"] == "no-store"


def test_the_answer_is_the_ranking(client, catalogue):
    response = client.post(ADDRESS, json=CASE)
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(rank(catalogue, read_case(CASE)).to_dict()))
    assert response.json()["coverage"][0]["nothing_stated"] and response.json()["centres"]


def test_further_areas_age_and_weights_stand_in_the_case(client, on_standard_input, capsys):
    more = {**CASE, "also": ["urology"], "age": 9, "weights": {"distance": 90}}
    found = client.post(ADDRESS, json=more).json()
    assert (found["also"], found["age"]) == (["paediatrics", "urology"], 9)
    assert found["weights"]["distance"] == 90 and found != client.post(ADDRESS, json=CASE).json()
    on_standard_input({**CASE, "also": ["urology"], "age": 9, "weights": {"team": 1}})
    assert main(["match", "-", "--limit", "25", "--weight", "distance=90", "--weight", "team=10"]) == 0
    assert json.loads(capsys.readouterr().out) == {**found, "weights": {**found["weights"], "team": 10.0}}
    bad = {**CASE, "also": ["urologie"], "age": -1, "weights": {"distanse": 1}}
    errors = client.post(ADDRESS, json=bad).json()["errors"]
    assert {error["field"] for error in errors} == {"also", "age", "weights.distanse"}


@pytest.mark.parametrize("weight", ["distance", "distance=x", "distanse=3", "distance=900", "distance=nan"])
def test_a_weight_of_the_command_that_cannot_be_used_is_named(on_standard_input, capsys, weight):
    on_standard_input(CASE)
    assert main(["match", "-", "--weight", weight]) == 2
    assert "weight" in capsys.readouterr().err


def test_nothing_of_a_case_is_kept(client, caplog):
    case = {"answers": {"disease_area": "burns", "country": "FR", "doctor_clinic": "Zzyzx", "doctor_city": "Qwertz"}}
    with caplog.at_level(0):
        response = client.post(ADDRESS, json=case)
    assert response.headers["cache-control"] == "no-store" and "etag" not in response.headers
    assert "Zzyzx" not in caplog.text and "Qwertz" not in caplog.text
    # a key in the address is not read
    assert client.post(f"{ADDRESS}?disease_area=oncology", json=case).json()["disease_area"] == "burns"


def test_nothing_of_a_case_stays_in_the_catalogue(client, catalogue):
    texts, circles = dict(catalogue.texts._known), dict(catalogue._within)
    answers = {"disease_area": "oncology", "country": "US", "doctor_clinic": "Mayo", "doctor_city": "Rochester"}
    case = {"answers": answers, "wishes": {"max_distance_km": 123}}
    assert client.post(ADDRESS, json=case).status_code == 200
    assert catalogue.texts._known == texts and catalogue._within.keys() == circles.keys()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_post_is_answered(client, method):
    response = client.request(method, ADDRESS)
    assert response.status_code == 405 and response.headers["allow"] == "POST"
    if method != "HEAD":
        (error,) = response.json()["errors"]
        assert error["field"] == "method" and "POST" in error["remedy"]


def test_every_fault_is_said_with_field_and_remedy(client):
    bad = {"answers": {"disease_aria": 1, "country": "uk"}, "wishes": {"min_beds": "x", "designations": ["irrcs"]}}
    response = client.post(ADDRESS, json=bad)
    assert response.status_code == 400 and response.headers["cache-control"] == "no-store"
    errors = {error["field"]: error["remedy"] for error in response.json()["errors"]}
    assert set(errors) == {"disease_aria", "country", "wishes.min_beds", "wishes.designations"}
    assert "'disease_area'" in errors["disease_aria"] and "'irccs'" in errors["wishes.designations"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"1e999", b"[" * 9000, b'{"answers": 3}'])
def test_what_is_no_case_is_refused(client, body):
    response = client.post(ADDRESS, content=body)
    assert response.status_code == 400 and response.json()["errors"]


def test_a_body_that_is_too_large_is_refused(client):
    response = client.post(ADDRESS, content=b" " * (LARGEST_BODY + 1))
    assert response.status_code == 413 and "64 KiB" in response.json()["errors"][0]["remedy"]


def test_numbers_without_measure_are_only_large(client):
    case = {"answers": {"disease_area": "burns", "country": "US", "days_until_decision": 10**40},
            "wishes": {"min_beds": 1e300, "max_distance_km": 1e300}}  # fmt: skip
    assert client.post(ADDRESS, json=case).status_code == 200


@pytest.fixture
def on_standard_input(monkeypatch):
    def give(case: object) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(case).encode())))

    return give


def test_the_command_prints_what_the_api_answers(client, on_standard_input, capsys, tmp_path):
    on_standard_input(CASE)
    assert main(["match", "-", "--limit", "25"]) == 0
    assert json.loads(capsys.readouterr().out) == client.post(ADDRESS, json=CASE).json()
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), "utf-8")
    assert main(["match", str(file), "--limit", "2"]) == 0
    assert len(json.loads(capsys.readouterr().out)["centres"]) == 2


def test_the_words_say_coverage_first_then_why_then_whom_to_ask(on_standard_input, capsys):
    on_standard_input(CASE)
    assert main(["match", "-", "--text", "--limit", "3"]) == 0
    said = capsys.readouterr().out
    order = ("our sources do not say which centres", "known to fit", "\n1. ", "   + ", "Ask them first", "pays")
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert "No source says this of any centre: languages." in said.replace("\n    ", " ")


@pytest.mark.parametrize("outcome", [{"emergency_signs": ["seizure"]}, {"urgent_action_required": "yes", "second_opinion_access": "none"}])  # noqa: E501 # fmt: skip
def test_with_no_time_no_centre_is_named(on_standard_input, capsys, outcome):
    on_standard_input({"disease_area": "oncology", "country": "FR", "emergency_signs": [], **outcome})
    assert main(["match", "-", "--text"]) == 0
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1 and "centre" in said


def test_every_problem_goes_to_standard_error(on_standard_input, capsys):
    on_standard_input({"answers": {"disease_aria": 1}, "wishes": {"min_beds": "x"}})
    assert main(["match", "-", "--limit", "0"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and all(word in said.err for word in ("--limit", "disease_aria", "wishes.min_beds"))
    assert main(["match", "no-such-file.json"]) == 2


@pytest.mark.parametrize(
    "area", ["oncology", "vascular", "rare_diseases_genetics", "spine", "fertility", "paediatrics"]
)
@pytest.mark.parametrize("language", ["en", "en-XA"])
def test_every_code_has_words(catalogue, monkeypatch, area, language):
    from opinion.exchange.match_wordings import ranking_as_text

    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")
    for country, city in (("US", "Boston"), ("FR", "Lyon"), ("JP", ""), ("", "")):
        wishes = {
            "equipment": ["ct"], "equipment_nice": ["mri"], "teaching": True, "min_beds": 50, "accredited": True,
            "designations": ["irccs"], "max_distance_km": 500, "countries": ["US", "FR", "JP"], "remote": True,
        }  # fmt: skip
        for asked in ({}, wishes, *({key: value} for key, value in wishes.items())):
            answers = {"disease_area": area, "country": country or None, "doctor_city": city, "days_until_decision": 8}
            found = rank(catalogue, read_case({"answers": answers, "wishes": asked}), limit=40)
            assert ranking_as_text(found, translator_for(language))
