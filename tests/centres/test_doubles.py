"""Doubles among invented centres: which are compared, how alike they are, which the rule merges and which not."""

import time

import numpy as np
import pytest

from opinion.centres.doubles.candidates import find_candidates
from opinion.centres.doubles.judgements import judge
from opinion.centres.doubles.listings import count_facts, listings_of
from opinion.centres.doubles.queues import proposal_of
from opinion.centres.doubles.rules import clear_cut, kept_first
from opinion.centres.doubles.scores import score_pairs
from opinion.centres.doubles.settings import read_settings
from opinion.centres.tables import CENTRES

SETTINGS = read_settings()
HERE = {"lat": "48.2000", "lon": "16.3000", "coord_precision": "site"}
FAR = {"lat": "48.2500", "lon": "16.3000", "coord_precision": "site"}  # 5.6 km
IN_TOWN = {"lat": "48.2100", "lon": "16.3600", "coord_precision": "city"}


def row(id_, name, **more):
    cells = {"centre_id": id_, "name": name, "city": "Examplestadt", "country_code": "AT", **HERE, **more}
    return [cells.get(column, "") for column in CENTRES]


def compared(*rows, beds=None, stated=None):
    facts = [[id_, "beds", str(number), "", "stated", "o"] for id_, number in (beds or {}).items()]
    facts += [
        [id_, "equipment", str(each), "", "stated", "o"]
        for id_, count in (stated or {}).items()
        for each in range(count)
    ]
    listings = listings_of(rows, SETTINGS, count_facts(facts))
    return listings, find_candidates(listings, SETTINGS)


def scored(one, other, **more):
    listings, found = compared(one, other, **more)
    scores = score_pairs(listings, found.pairs, SETTINGS, shown_only=False)
    return scores, clear_cut(listings, scores, SETTINGS)


# ---- what the rule merges, and the traps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row("a:1", "Spital Musterberg"), row("b:1", "SPITAL MUSTERBERG")),
        (row("a:1", "Herzzentrum Musterberg"), row("b:1", "Herzzentrum Musterberg GmbH", **IN_TOWN)),
        (row("a:1", "Klinika Onkologii Przykładowo"), row("b:1", "Klinika onkologii, Przykladowo")),
        (row("a:1", "Клиника Примерова"), row("b:1", "Klinika Primerova")),
        (row("a:1", "Spital Musterberg"), row("b:1", "Musterberg Spital", lat="", lon="")),
        (
            row("a:1", "Augenklinik Musterberg", name_other="Musterberg Eye Clinic"),
            row("b:1", "Musterberg Eye Clinic"),
        ),
    ],
)
def test_what_is_plainly_one_centre_is_merged_by_rule(one, other):
    scores, clear = scored(one, other)
    assert clear.tolist() == [True] and scores.score[0] >= SETTINGS.rule["score"]


@pytest.mark.parametrize(
    ("trap", "one", "other"),
    [
        ("its children's hospital", row("a:1", "Spital Musterberg"), row("b:1", "Kinderspital Musterberg")),
        ("its cancer centre", row("a:1", "Musterberg Hospital"), row("b:1", "Musterberg Hospital Cancer Center")),
        ("a university's department", row("a:1", "Spital Musterberg"), row("b:1", "Universität Musterberg Spital")),
        ("a campus of a group", row("a:1", "Klinikum Musterberg Nord"), row("b:1", "Klinikum Musterberg Süd")),
        ("a numbered house", row("a:1", "Musterberg Hospital 1"), row("b:1", "Musterberg Hospital 2")),
        ("its eye clinic, in one word", row("a:1", "Universitätsklinikum Musterberg"),
         row("b:1", "Universitätsaugenklinikum Musterberg")),
        ("its foundation", row("a:1", "Spital Musterberg"), row("b:1", "Stiftung Spital Musterberg")),
        ("its group", row("a:1", "Musterberg Medical Center"), row("b:1", "Musterberg Health")),
        ("its group, in the plural", row("a:1", "Klinik Musterberg"), row("b:1", "Kliniken Musterberg")),
        ("a closed predecessor", row("a:1", "Spital Musterberg"), row("b:1", "Ehemaliges Spital Musterberg")),
        ("a fertility clinic in it", row("a:1", "Musterberg Hospital"), row("b:1", "Musterberg Hospital IVF")),
        ("its long-stay ward", row("a:1", "Hopital Exemple"), row("b:1", "Hopital Exemple USLD")),
        ("a name of two towns", row("a:1", "Spital Muster", city="A-Dorf", lat="", lon=""),
         row("b:1", "Spital Muster", city="B-Dorf", lat="", lon="")),
        ("another house of the name", row("a:1", "Spital Muster"), row("b:1", "Spital Muster", **FAR)),
        ("only the town's name in common", row("a:1", "Examplestadt Medical Center", **IN_TOWN),
         row("b:1", "Examplestadt General Hospital", **IN_TOWN)),
        ("one register with both", row("a:1", "Spital Musterberg"), row("a:2", "Spital Musterberg")),
        ("nothing known of where it is", row("a:1", "Spital Muster", city="", lat="", lon=""),
         row("b:1", "Spital Muster")),
    ],
)  # fmt: skip
def test_traps_are_not_merged_by_rule(trap, one, other):
    _, clear = scored(one, other)
    assert not clear.any(), trap


def test_beds_that_are_far_from_alike_keep_the_rule_away():
    one, other = row("a:1", "Spital Musterberg"), row("b:1", "Spital Musterberg")
    assert scored(one, other, beds={"a:1": 500, "b:1": 480})[1].all()
    assert not scored(one, other, beds={"a:1": 500, "b:1": 90})[1].any()


def test_two_of_one_register_that_are_as_alike_are_left_to_a_person():
    one = row("a:1", "Spital Musterberg")
    both = row("b:1", "Spital Musterberg"), row("b:2", "Spital Musterberg AG")
    listings, found = compared(one, *both)
    assert not clear_cut(listings, score_pairs(listings, found.pairs, SETTINGS), SETTINGS).any()
    listings, found = compared(one, both[0], row("c:1", "Spital Musterberg"))  # three registers: all one
    assert clear_cut(listings, score_pairs(listings, found.pairs, SETTINGS), SETTINGS).sum() == 3


# ---- scores


def test_the_score_keeps_its_parts():
    one = row("a:1", "Spital Musterberg", website="https://www.muster.example/de")
    other = row("b:1", "Spital Musterbergen", website="http://muster.example", lat="48.2010")
    scores, _ = scored(one, other, beds={"a:1": 100, "b:1": 95})
    assert 90 < scores.names[0] < 100 and 0.1 < scores.km[0] < 0.12 and scores.both_exact[0]
    assert (scores.place[0], scores.website[0], scores.beds[0], scores.same_town[0]) == (1, 1, 1, 1)
    parts = SETTINGS.parts
    expected = 100 - parts["names"] * (100 - scores.names[0]) / sum(parts.values())
    assert scores.score[0] == pytest.approx(expected, abs=0.06)


def test_what_is_unknown_is_left_out_and_the_rest_weighs_more():
    scores, _ = scored(row("a:1", "Spital Musterberg"), row("b:1", "Spital Musterberg"))
    assert np.isnan(scores.website[0]) and np.isnan(scores.beds[0]) and scores.score[0] == 100


def test_a_website_of_a_group_says_nothing():
    rows = [
        row(f"{'ab'[n % 2]}:{n}", name, website="https://group.example/")
        for n, name in enumerate(("Spital Eins", "Spital Zwei", "Spital Drei", "Spital Vier"))
    ]
    listings, found = compared(*rows)
    assert np.isnan(score_pairs(listings, found.pairs, SETTINGS, shown_only=False).website).all()


def test_one_record_of_a_third_register_makes_them_one():
    one = row("a:1", "Spital Musterberg", also_in="ror:x|c:9", **FAR)
    other = row("ror:x", "Something else entirely", city="")
    third = row("b:7", "Another name", also_in="c:9")
    listings, found = compared(one, other, third)
    scores = score_pairs(listings, found.pairs, SETTINGS)
    together = {frozenset(listings.ids[place] for place in pair) for pair in scores.pairs[scores.same_id].tolist()}
    assert together == {frozenset(("a:1", "ror:x")), frozenset(("a:1", "b:7"))}
    assert scores.score[scores.same_id].tolist() == [100, 100]


def test_more_facts_are_kept_then_the_better_place():
    listings, _ = compared(
        row("a:1", "X", **IN_TOWN), row("b:1", "X"), row("c:1", "X"), stated={"a:1": 0, "b:1": 0, "c:1": 3}
    )
    assert kept_first(listings, 0, 2) == (2, 0) and kept_first(listings, 2, 0) == (2, 0)
    assert kept_first(listings, 0, 1) == (1, 0)


# ---- towns and judgements


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ({"city": "Firenze", "lat": "43.77", "lon": "11.25"}, {"city": "Florence", "lat": "43.78", "lon": "11.24"}, 1),
        ({"city": "Luzern", "lat": "47.05", "lon": "8.31"}, {"city": "Lucerne", "lat": "47.04", "lon": "8.30"}, 1),
        # Louisiana's Leesville, which GeoNames also knows as a name of long ago of Rahway, New Jersey
        (
            {"city": "Leesville", "lat": "40.62", "lon": "-74.30"},
            {"city": "Rahway", "lat": "40.61", "lon": "-74.28"},
            1,
        ),
        ({"city": "Leesville", "lat": "", "lon": ""}, {"city": "Rahway", "lat": "40.61", "lon": "-74.28"}, 0),
        # spelled nearly alike, but 10 km apart
        ({"city": "Almada", "lat": "38.68", "lon": "-9.16"}, {"city": "Amadora", "lat": "38.75", "lon": "-9.23"}, 0),
        ({"city": "Firenze", "lat": "", "lon": ""}, {"city": "", "lat": "43.78", "lon": "11.24"}, np.nan),
    ],
)
def test_towns_of_two_names_are_one_where_the_points_say_so(one, other, is_same):
    country = {"Firenze": "IT", "Luzern": "CH", "Leesville": "US", "Almada": "PT"}[one["city"]]
    rows = [
        row(id_, "Spital Musterberg", country_code=country, **cells) for id_, cells in (("a:1", one), ("b:1", other))
    ]
    listings = listings_of(rows, SETTINGS)
    scores = score_pairs(listings, np.array([[0, 1]]), SETTINGS, shown_only=False)
    assert scores.same_town[0] == is_same or (np.isnan(is_same) and np.isnan(scores.same_town[0]))


def judged(one, other, **more):
    listings, found = compared(one, other, **more)
    return judge(proposal_of(listings, score_pairs(listings, found.pairs, SETTINGS, shown_only=False), 0, False))


def test_what_raises_the_score_speaks_for_one_centre():
    one = row("a:1", "Spital Musterberg", website="https://muster.example", city="Examplestadt")
    beds = {"a:1": 100, "b:1": 80}
    found = judged(one, row("b:1", "Spital Musterberg", website="https://muster.example"), beds=beds)
    assert found == {"name": True, "point": True, "city": True, "website": True, "beds": True}
    found = judged(one, row("b:1", "Musterberg", website="https://other.example", city="Elsewhere", **FAR),
                   beds={"a:1": 100, "b:1": 60})  # fmt: skip
    assert found == {"name": True, "point": False, "city": False, "website": False, "beds": False}


def test_what_is_not_known_or_says_nothing_speaks_for_neither():
    found = judged(row("a:1", "Spital Musterberg"), row("b:1", "Spital Musterberg", city="Elsewhere"))
    assert (found["city"], found["website"], found["beds"]) == (None, None, None)  # another town's name, but close by
    assert judged(row("a:1", "Spital Musterberg"), row("b:1", "Spital Musterberg", lat="", lon=""))["point"] is None


# ---- what is compared


def test_neighbours_are_compared_whatever_their_names_and_others_are_not():
    rng = np.random.default_rng(5)
    rows = [
        row(f"a:{n}", f"Name{n}", city="", lat=f"{lat:.5f}", lon=f"{lon:.5f}")
        for n, (lat, lon) in enumerate(rng.uniform((60, 179.99), (60.02, 180), (120, 2)).tolist())
    ]
    listings, found = compared(*rows)
    pairs = set(map(tuple, found.pairs.tolist()))
    for one in range(120):
        for other in range(one + 1, 120):
            north = (listings.lat[one] - listings.lat[other]) * 111.2
            east = (listings.lon[one] - listings.lon[other]) * 111.2 * np.cos(np.radians(60))
            if np.hypot(north, east) < 0.2:
                assert (one, other) in pairs
    assert 0 < len(pairs) < 120 * 119 / 2


def test_countries_are_never_mixed():
    _, found = compared(row("a:1", "Spital Musterberg"), row("b:1", "Spital Musterberg", country_code="DE"))
    assert not len(found.pairs)


def test_a_word_of_thousands_is_too_common_and_costs_no_time():
    rows = [row(f"a:{n}", "City Hospital", city=f"Town{n % 50}", lat="", lon="") for n in range(20_000)]
    began = time.monotonic()
    _, found = compared(*rows)
    assert found.too_common >= 50 and not len(found.pairs) and found.passed_over.all()
    assert time.monotonic() - began < 10


def test_only_pairs_with_a_new_one_are_compared_for_a_draft():
    rows = [row(f"{register}:1", "Spital Musterberg") for register in "abc"]
    listings = listings_of(rows, SETTINGS, known=2)
    assert find_candidates(listings, SETTINGS, 2).pairs.tolist() == [[0, 2], [1, 2]]
