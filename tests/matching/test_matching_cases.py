"""Invented people on the real catalogue (``tests/cases/matching``), and what must hold for any list of centres."""

import tomllib
from itertools import product
from pathlib import Path

import pytest

from opinion.centres.catalogues import Catalogue
from opinion.centres.focuses import SPECIALISED
from opinion.matching.cases import CASE_PARTS, read_case
from opinion.matching.rankings import rank

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "matching"
CASES = [
    (path.stem, case) for path in sorted(FOLDER.glob("*.toml")) for case in tomllib.loads(path.read_text())["case"]
]
CHECKS = {
    "leads",
    "leads_with",
    "first_all",
    "listed",
    "ask",
    "asked_first",
    "never",
    "ask_about",
    "empty",
    "relax",
    "own_clinic",
}


def names(matches) -> list[str]:
    return [match.name for match in matches]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{file}: {case['title']}" for file, case in CASES])
def test_the_case(catalogue: Catalogue, case: dict):
    parts = {part: case[part] for part in CASE_PARTS if part in case}
    assert set(case) - {"title", "why", *parts} <= CHECKS and set(case) & CHECKS
    given = read_case(parts)
    found, whole = rank(catalogue, given), rank(catalogue, given, limit=None)
    assert names(found.centres)[: len(case.get("leads", ()))] == case.get("leads", [])
    for wanted, matches in ((case.get("leads_with"), found.centres[:1]), (case.get("first_all"), found.centres[:5])):
        for match in matches if wanted else ():
            assert {key: getattr(match, key) for key in wanted} == wanted, match.name
    assert names(found.to_ask)[: len(case.get("asked_first", ()))] == case.get("asked_first", [])
    assert set(case.get("listed", ())) <= set(names(whole.centres))
    assert set(case.get("ask", ())) <= set(names(whole.to_ask))
    assert not set(case.get("never", ())) & {*names(whole.centres), *names(whole.to_ask)}
    if "ask_about" in case:
        assert [point.field for point in found.to_ask[0].ask] == case["ask_about"]
    assert bool(found.centres) != case.get("empty", False)
    if "relax" in case:
        assert [one.wish for one in found.relaxations] == case["relax"]
    assert set(case.get("own_clinic", ())) <= {one.name for one in found.own_clinic}


def test_there_are_two_cases_of_each_kind_of_centre():
    kinds = [file for file, _ in CASES]
    for kind in ("cancer", "child", "fertility", "heart", "orthopaedic", "rare_disease"):
        assert kinds.count(kind) == 2, kind
    assert kinds.count("abroad") >= 12


SMALL = {"cah", "rural", "psych", "psychiatric", "psychiatry", "Mental Health", "Psychiatric hospital"}
PLACES = [("US", city) for city in ("", "Minot", "Houston", "Bismarck", "Great Falls", "New York")] + [
    (country, "") for country in ("US", "JP", "ES", "FR", "IE", "CH", "GB", "PR", "LT")
]  # fmt: skip
WISHES = ({}, {"abroad": "no"}, {"max_distance_km": 80}, {"equipment": ["ct"]}, {"teaching": True}, {"min_beds": 100})


@pytest.mark.parametrize(("where", "wishes"), list(product(PLACES, WISHES)), ids=str)
def test_no_small_or_psychiatric_hospital_leads_a_cancer_list(catalogue: Catalogue, where, wishes: dict):
    country, city = where
    answers = {"disease_area": "oncology", "country": country, "doctor_city": city}
    found = rank(catalogue, read_case({"answers": answers, "wishes": wishes}), limit=None)
    types = catalogue.table.column("facility_type")
    for match in found.centres[:10]:
        row = catalogue.row_of(match.centre_id)
        assert types[row].as_py() not in SMALL or match.focus == "designated", match.name
    specialised = [match.focus in SPECIALISED for match in found.centres]
    assert specialised == sorted(specialised, reverse=True), "who only offers it stands behind"


@pytest.mark.parametrize("weights", [{"distance": 96.0, "focus": 0.0}, {"team": 30.0, "wishes": 9.0, "focus": 0.0}])
def test_no_weight_lifts_an_offer_over_a_specialised_centre(catalogue: Catalogue, weights: dict):
    answers = {"disease_area": "paediatrics", "country": "US", "doctor_city": "Boston"}
    found = rank(catalogue, read_case(answers), weights, limit=None)
    specialised = [match.focus in SPECIALISED and not match.near_match for match in found.centres]
    assert any(specialised) and specialised == sorted(specialised, reverse=True)


def test_a_country_without_any_equipment_stated_is_asked(catalogue: Catalogue):
    case = read_case({"answers": {"disease_area": "oncology", "country": "GB"}, "wishes": {"equipment": ["mri"], "abroad": "no"}})  # noqa: E501 # fmt: skip
    found = rank(catalogue, case)
    assert found.count == 0 and found.to_ask_count > 0
    assert all(("equipment", ("mri",)) in [(one.field, one.values) for one in match.ask] for match in found.to_ask)


def test_abroad_yes_mixes_home_and_the_countries_around(catalogue: Catalogue):
    answers = {"disease_area": "oncology", "country": "FR", "doctor_city": "Lyon"}
    home, away = (
        rank(catalogue, read_case(answers | {"wishes": {"abroad": abroad}})) for abroad in ("if_needed", "yes")
    )
    assert home.home_first and {match.country_code for match in home.centres[:5]} == {"FR"}
    assert not away.home_first
    assert {match.focus for match in away.centres[:10]} == {"designated"}
    around = {"BE", "CH", "DE", "IT", "NL"}
    assert {match.country_code for match in away.centres[:10]} == around, "and no other continent"
    places = {match.name: place for place, match in enumerate(rank(catalogue, away.case, limit=None).centres)}
    assert places["Centre Leon Berard"] < places["Dana-Farber/Harvard Cancer Center"], "the countries around first"


def test_with_no_time_the_fastest_comes_first(catalogue: Catalogue):
    answers = {
        "disease_area": "oncology", "country": "FR", "doctor_city": "Lyon", "emergency_signs": [],
        "serious_disease": "yes", "proposed": ["surgery"], "urgent_action_required": "yes",
        "second_opinion_access": "in_person", "wishes": {"abroad": "yes"},
    }  # fmt: skip
    found = rank(catalogue, read_case(answers))
    assert found.case.fastest_first and found.home_first
    assert found.centres[0].city.startswith("Lyon") and found.centres[0].against == ()


def test_whoever_may_not_be_one_centre_never_appears(catalogue: Catalogue):
    doubtful = catalogue.table.column("maybe_not_one_centre").to_numpy()
    for area in ("oncology", "psychiatry", "paediatrics", "cardiology"):
        found = rank(catalogue, read_case({"disease_area": area, "wishes": {"abroad": "yes"}}), limit=None)
        assert not any(doubtful[catalogue.row_of(match.centre_id)] for match in (*found.centres[:300], *found.to_ask[:300]))  # noqa: E501 # fmt: skip


@pytest.mark.parametrize(
    "written", ["Memorial Sloan Kettering Cancer Center", "memorial sloan-kettering", "MEMORIAL SLOAN KETERING CENTER"]
)
def test_the_own_clinic_is_never_named_however_it_is_written(catalogue: Catalogue, written: str):
    answers = {"disease_area": "oncology", "country": "US", "doctor_city": "Hoboken"}
    assert any("Sloan Kettering" in name for name in names(rank(catalogue, read_case(answers), limit=70).centres))
    found = rank(catalogue, read_case(answers | {"doctor_clinic": written}), limit=70)
    assert not any("Sloan Kettering" in match.name for match in (*found.centres, *found.to_ask))
    assert any("Sloan Kettering" in one.name for one in found.own_clinic)


def test_a_town_written_in_another_language_is_the_same_town(catalogue: Catalogue):
    answers = {"disease_area": "oncology", "country": "DE", "doctor_city": "München", "wishes": {"abroad": "no"}}
    found = rank(catalogue, read_case(answers), limit=None)
    near = [match for match in found.to_ask if match.city == "Munich"]
    assert near and all("same_city" in [point.code for point in match.against] for match in near)


def test_wished_countries_are_looked_at_however_far(catalogue: Catalogue):
    answers = {"disease_area": "oncology", "country": "DE", "wishes": {"countries": ["US"]}}
    assert {match.country_code for match in rank(catalogue, read_case(answers)).centres} == {"US"}
