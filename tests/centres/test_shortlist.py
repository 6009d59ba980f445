"""A patient's shortlist: what is known first, the best focus first, never the own clinic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_clinic, same_town
from opinion.centres.focuses import SPECIALISED
from opinion.centres.nearby import ABROAD_WITHIN_KM, REASONS, distance_km, near, shortlist
from opinion.errors import CatalogueError
from opinion.vocabularies import disease_areas

COUNTRIES = ["US", "DE", "FR", "JP", "CH", "GB", "IT", "IE", "LT", "IS", "XX", ""]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(list(disease_areas())),
    st.sampled_from(COUNTRIES),
    st.sampled_from(["", "Paris", "TOKYO", "Zürich", "Dublin"]),
    st.sampled_from(["yes", "if_needed", "no"]),
)
def test_every_shortlist_keeps_the_promises(catalogue: Catalogue, area: str, country: str, city: str, abroad: str):
    found = shortlist(catalogue, area, country, doctor_city=city, abroad=abroad, limit=4)
    allowed = {area, *disease_areas()[area].near}
    order = [(one.focus not in SPECIALISED, one.near_area) for one in found.at_home]
    assert order == sorted(order)  # an offer never leads, a near area never precedes the area asked
    assert [one.focus for one in found.suggested] == ["suggested_by_name"] * len(found.suggested)
    assert all(one.focus in SPECIALISED for one in found.abroad)
    ids = [one.centre_id for part in (found.at_home, found.suggested, found.abroad) for one in part]
    assert len(ids) == len(set(ids))
    for one in (*found.at_home, *found.suggested):
        assert one.country_code == country
        assert "other_country" not in one.reasons
    for one in found.abroad:
        assert one.country_code != country
        assert "other_country" in one.reasons
        assert one.distance_km is not None
        assert one.distance_km <= ABROAD_WITHIN_KM  # another continent never fills a gap by itself
    for one in (*found.at_home, *found.suggested, *found.abroad):
        assert set(one.reasons) <= set(REASONS)
        assert one.focus in one.reasons
        assert one.disease_area in allowed
        assert one.near_area == ("near_area" in one.reasons) == (one.disease_area != area)
    if abroad == "no" or (abroad == "if_needed" and any(one.focus in SPECIALISED for one in found.at_home)):
        assert found.abroad == ()
    assert found.coverage[0].disease_area == area
    assert not (found.nothing_stated and found.at_home)


@pytest.mark.parametrize("country", ["DE", "GB", "PL", "SE", "IN", "BR"])
def test_nothing_stated_is_said_first(catalogue: Catalogue, country: str):
    found = shortlist(catalogue, "oncology", country)
    assert found.nothing_stated
    assert found.at_home == ()
    assert found.abroad == ()
    assert found.coverage[0].listed > 0


def test_designated_centres_lead_in_the_united_states(catalogue: Catalogue):
    found = shortlist(catalogue, "oncology", "US", doctor_city="New York")
    assert [one.focus for one in found.at_home] == ["designated"] * 5
    assert all("other_city" in one.reasons for one in found.at_home)


@pytest.mark.parametrize(
    "written", ["Memorial Sloan Kettering Cancer Center", "memorial sloan-kettering", "Sloan Kettering", "MEMORIAL SLOAN KETERING CANCER CENTER"]  # noqa: E501
)  # fmt: skip
def test_the_own_clinic_is_never_named(catalogue: Catalogue, written: str):
    with_it = shortlist(catalogue, "oncology", "US", doctor_city="Hoboken", limit=70)
    assert any("Sloan Kettering" in one.name for one in with_it.at_home)
    without = shortlist(catalogue, "oncology", "US", doctor_clinic=written, doctor_city="Hoboken", limit=70)
    assert without.at_home
    assert not any("Sloan Kettering" in one.name for one in without.at_home)


def test_an_offer_never_leads_even_of_the_area_asked(catalogue: Catalogue):
    found = shortlist(catalogue, "orthopaedics", "US", limit=600)
    assert found.coverage[0].specialised == 0
    first, last = found.at_home[0], found.at_home[-1]
    assert (first.focus, first.disease_area, first.near_area) == ("designated", "trauma", True)
    assert (last.focus, last.disease_area, last.near_area) == ("service_offered", "orthopaedics", False)


def test_the_doctors_town_comes_after_others(catalogue: Catalogue):
    found = shortlist(catalogue, "oncology", "FR", doctor_city="STRASBOURG", limit=40)
    same = [one for one in found.at_home if "same_city" in one.reasons and one.focus == "single_specialty"]
    assert same
    others = [one for one in found.at_home if one.focus == "single_specialty"]
    assert others[-len(same) :] == same


def test_a_town_written_in_another_language_is_not_called_another_town(catalogue: Catalogue):
    found = shortlist(catalogue, "oncology", "DE", doctor_city="München")
    in_munich = [one for one in found.suggested if one.city == "Munich"]
    assert all("same_city" in one.reasons for one in in_munich)
    assert all(one.distance_km > 15 for one in found.suggested if "other_city" in one.reasons)


def test_spine_finds_near_areas_and_says_so(catalogue: Catalogue):
    found = shortlist(catalogue, "spine", "US", doctor_city="Boston")
    assert found.coverage[0].no_register
    assert not found.nothing_stated
    assert all(one.near_area for one in found.at_home)


def test_wished_countries_are_looked_at_however_far(catalogue: Catalogue):
    found = shortlist(catalogue, "oncology", "DE", abroad="yes", countries=("US",))
    assert {one.country_code for one in found.abroad} == {"US"}


@pytest.mark.parametrize(("area", "abroad"), [("oncolgy", "no"), ("oncology", "perhaps")])
def test_unknown_areas_and_wishes_are_refused(catalogue: Catalogue, area: str, abroad: str):
    with pytest.raises(CatalogueError):
        shortlist(catalogue, area, "DE", abroad=abroad)


@pytest.mark.parametrize(
    ("written", "name", "same"),
    [
        ("Charité", "Charité – Universitätsmedizin Berlin", True),
        ("CHARITE Universitatsmedizin Berlin", "Charité – Universitätsmedizin Berlin", True),
        ("Hôpital St. Louis", "Hopital Saint-Louis", True),
        ("Universitätsspital Zürich", "Universitätsspital Züric", True),
        ("Hospital", "Hospital General de Segovia", False),
        ("Klinikum Bogenhausen", "Klinikum Großhadern", False),
        ("", "Klinikum Großhadern", False),
        ("   ", "", False),
    ],
)
def test_clinics_are_compared_as_people_write_them(written: str, name: str, same: bool):
    assert same_clinic(written, name) is same


def test_towns_are_compared_without_their_districts():
    assert same_town("Dublin 6", "DUBLIN")
    assert not same_town("", "")
    assert not same_town("Paris", "Parma")


def test_distances():
    berlin_paris = distance_km(52.52, 13.405, np.array([48.8566, np.nan]), np.array([2.3522, 0.0]))
    assert berlin_paris[0] == pytest.approx(878, abs=2)
    assert np.isnan(berlin_paris[1])
    assert distance_km(0.0, 0.0, np.array([0.0]), np.array([180.0]))[0] == pytest.approx(20015, abs=2)


def test_neighbours(catalogue: Catalogue):
    found = near(catalogue, "es:280035", limit=5, within_km=30)
    distances = [one.distance_km for one in found]
    assert len(found) == 5
    assert distances == sorted(distances)
    assert distances[-1] <= 30
    assert "es:280035" not in [one.centre_id for one in found]
    assert any(one.approximate for one in near(catalogue, "jp:Tottori:0111097"))
    without_point = catalogue.row_of("es:310142")
    assert np.isnan(catalogue.lat[without_point])
    assert near(catalogue, "es:310142") == []
