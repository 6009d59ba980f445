"""rank() against a naive oracle on invented catalogues, and the promises of the order."""

from dataclasses import fields, replace
from itertools import permutations
from pathlib import Path

import matching_oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from invented_cases import CASES, WEIGHTS, matchable
from matching_oracle import SlowRanking, rows_of

from opinion.centres.clinics import same_clinic
from opinion.errors import AnswersError
from opinion.matching.cases import Case, read_case
from opinion.matching.rankings import SHORT, rank
from opinion.matching.weights import PARTS, load_rules

RULES = load_rules()
SEEDS, SIZES = st.integers(0, 12), st.sampled_from([1, 30, 120])


def ids(matches) -> list[str]:
    return [match.centre_id for match in matches]


@settings(max_examples=700, deadline=None)
@given(SEEDS, SIZES, CASES, WEIGHTS)
def test_the_order_is_the_naive_one(seed: int, size: int, case: Case, weights: dict):
    catalogue = matchable(seed, size)
    found = rank(catalogue, case, weights, limit=None)
    slow = SlowRanking(rows_of(catalogue), case, RULES, RULES.points(weights))
    assert [int(id_.split(":")[1]) for id_ in ids(found.centres)] == slow.listed
    assert [int(id_.split(":")[1]) for id_ in ids(found.to_ask)] == slow.to_ask
    assert (found.count, found.to_ask_count) == (len(slow.listed), len(slow.to_ask))
    assert found.home_first == slow.home_first
    for match in (*found.centres, *found.to_ask):
        assert match.score == pytest.approx(slow.score(slow.rows[int(match.centre_id.split(":")[1])]), abs=1e-5)
    helps = {(one.wish, ";".join(one.values)): one.count for one in found.relaxations}
    assert helps == (slow.relaxed if found.count < SHORT else {})


@settings(max_examples=150, deadline=None)
@given(SEEDS, CASES, st.integers(1, 30))
def test_a_limit_only_cuts_the_list(seed: int, case: Case, limit: int):
    catalogue = matchable(seed, 300)
    whole, cut = rank(catalogue, case, limit=None), rank(catalogue, case, limit=limit)
    assert ids(cut.centres) == ids(whole.centres)[:limit]
    assert ids(cut.to_ask) == ids(whole.to_ask)[:limit]


@settings(max_examples=300, deadline=None)
@given(SEEDS, CASES)
def test_every_place_is_explained(seed: int, case: Case):
    catalogue = matchable(seed, 80)
    found = rank(catalogue, case, limit=None)
    most = {part: RULES.parts[part].points for part in PARTS}
    for match in (*found.centres, *found.to_ask):
        assert match.score == pytest.approx(sum(match.points.values()), abs=1e-6)
        assert all(0 <= match.points[part] <= match.most[part] + 1e-9 for part in PARTS)
        assert match.most["focus"] == most["focus"]
        assert match.highest == pytest.approx(sum(match.most.values()))
        for part in PARTS:
            assert sum(reason.points for reason in match.reasons if reason.part == part) <= match.points[part] + 1e-6
        given_back = sum(reason.points for reason in match.reasons)
        # a title or a same-country step gives its part once, every other part is the sum of its reasons
        assert given_back <= match.score + 1e-6
        assert all(reason.values and reason.field for reason in match.reasons)
        assert match.near_match == (match.disease_area in case.areas[1:])
        assert match.disease_area in (*case.areas, *case.also)
        assert not same_clinic(case.doctor_clinic, match.name)
    assert all(not match.ask for match in found.centres)
    assert all(match.ask and set(match.ask) <= set(match.unknown) for match in found.to_ask)


@settings(max_examples=25, deadline=None)
@given(SEEDS, CASES)
def test_the_order_of_wishes_changes_nothing(seed: int, case: Case):
    catalogue = matchable(seed, 60)
    wishes = {
        "equipment": ["pet", "ct"],
        "equipment_nice": ["radiotherapy", "proton_therapy"],
        "countries": ["FR", "CH"],
        "designations": ["irccs", "nci_designated"],
    }
    answers = {"disease_area": case.disease_area, "country": "CH", "doctor_city": case.doctor_city or None}
    every = []
    for order in list(permutations(wishes))[::5]:
        turned = {key: wishes[key][::-1] if order[0] == key else wishes[key] for key in order}
        every.append(rank(catalogue, read_case({"answers": answers, "wishes": turned}), limit=None))
    assert all(one.to_dict() == every[0].to_dict() for one in every)


MORE = (
    {"teaching": True},
    {"min_beds": 40},
    {"countries": ("CH",)},
    {"equipment_nice": ("mammography", "mri")},
    {"equipment_nice": ("ct",)},
    {"designations": ("nci_designated",)},
    {"also": ("fertility",)},
)


@settings(max_examples=400, deadline=None)
@given(SEEDS, CASES, st.sampled_from(MORE))
def test_a_met_wish_never_lowers_a_centre(seed: int, case: Case, more: dict):
    """Neither its points nor its place: whoever does not meet the wish gains nothing by it."""
    (key, value), *_ = more.items()
    assume(key != "also" or case.disease_area not in value)
    case = replace(case, abroad="yes", equipment=(), **{key: type(value)()})
    catalogue = matchable(seed, 80)
    before, after = rank(catalogue, case, limit=None), rank(catalogue, replace(case, **more), limit=None)
    place = {id_: number for number, id_ in enumerate(ids(before.centres))}
    score = {match.centre_id: match.score for match in (*before.centres, *before.to_ask)}
    listed = ids(after.centres)
    for number, match in enumerate(after.centres):
        assert match.score >= score[match.centre_id] - 1e-9
        met = any(
            reason.code in ("wish_met", "equipment_stated", "designation") or reason.part == "also"
            for reason in match.reasons
        )
        if met and key != "designations" and len(more.get("equipment_nice", "x")) == 1:
            above = [id_ for id_ in listed[:number] if place[id_] > place[match.centre_id]]
            # who overtakes it meets the wish as well
            matches = {one.centre_id: one for one in after.centres}
            assert all(matches[id_].score > score[id_] for id_ in above)


@settings(max_examples=300, deadline=None)
@given(SEEDS, CASES, st.sampled_from(PARTS), st.floats(1.0, 3.0))
def test_raising_a_weight_never_lowers_who_has_most_of_it(seed: int, case: Case, part: str, times: float):
    catalogue = matchable(seed, 80)
    before = rank(catalogue, case, limit=None)
    after = rank(catalogue, case, {part: RULES.parts[part].points * times}, limit=None)
    assume(before.centres)
    largest = max(match.points[part] for match in before.centres)
    places = {id_: number for number, id_ in enumerate(ids(after.centres))}
    for number, match in enumerate(before.centres):
        if match.points[part] == largest:
            assert places[match.centre_id] <= number


@settings(max_examples=200, deadline=None)
@given(SEEDS, CASES)
def test_ties_are_stable_the_nearest_then_the_name(seed: int, case: Case):
    catalogue = matchable(seed, 120)
    nothing = dict.fromkeys(PARTS, 0.0)
    found = rank(catalogue, replace(case, abroad="yes", timing="within_weeks"), nothing, limit=None)
    groups: dict[tuple, list] = {}
    for match in found.centres:
        assert match.score == 0
    again = rank(catalogue, replace(case, abroad="yes", timing="within_weeks"), nothing, limit=None)
    assert again == found
    slow = SlowRanking(rows_of(catalogue), replace(case, abroad="yes", timing="within_weeks"), RULES, nothing)
    for match in found.centres:
        row = slow.rows[int(match.centre_id.split(":")[1])]
        groups.setdefault((slow.tier(row),), []).append((slow.km(row) is None, round(slow.km(row) or 0, 3), row["row"]))
    assert all(group == sorted(group) for group in groups.values())


@settings(max_examples=300, deadline=None)
@given(SEEDS, CASES)
def test_unknown_is_never_no(seed: int, case: Case):
    """Who is in neither list is known to fail, or is the own clinic, or nothing says that it treats the disease."""
    catalogue = matchable(seed, 80)
    found = rank(catalogue, case, limit=None)
    shown = {*ids(found.centres), *ids(found.to_ask)}
    slow = SlowRanking(rows_of(catalogue), case, RULES, RULES.points())
    for row in slow.rows:
        if row["centre_id"] not in shown:
            out = slow.tier(row) is None or slow.is_own(row)
            failed = [] if out else [wish for (wish, _), met in slow.musts(row).items() if met is False]
            assert out or set(failed) & {"countries", "abroad", "max_distance_km", "min_beds"}


@pytest.mark.parametrize(
    "weights", [{"focuss": 3}, {"focus": -1}, {"focus": 1000}, {"team": True}, {"team": "5"}, {"time": float("nan")}]
)
def test_weights_that_cannot_be_used_are_named(weights: dict):
    with pytest.raises(AnswersError) as caught:
        rank(matchable(1, 10), Case("oncology"), weights)
    assert next(iter(weights)) in str(caught.value)


@pytest.mark.parametrize("outcome", ["emergency", "do_not_wait"])
def test_nobody_looks_for_centres_when_there_is_no_time(outcome: str):
    found = rank(matchable(1, 100), Case("oncology", country="CH", outcome=outcome))
    assert found.withheld == outcome
    assert (found.centres, found.to_ask, found.count) == ((), (), 0)


def test_the_oracle_reads_every_field_of_a_case():
    by_other_means = {"disease_area", "age", "outcome", "languages"}  # the areas; the same; no list; in no source
    source = Path(matching_oracle.__file__).read_text("utf-8")
    for field in fields(Case):
        assert field.name in by_other_means or f"case.{field.name}" in source, field.name
