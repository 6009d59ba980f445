"""Neighbours of a centre, and clinics and towns as people write them."""

import numpy as np
import pytest

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_clinic, same_town
from opinion.centres.distances import distance_km
from opinion.centres.nearby import near


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
