"""Comparisons, centres alike and histories, against slow and obvious readings of the same facts."""

import math
import random
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from invented import TABLES, plain_rows, synthetic

from opinion.centres.catalogues import catalogue_of
from opinion.centres.comparisons import KINDS, MOST_COMPARED, Cell, Line, compare, ids_in
from opinion.centres.fact_database import Fact
from opinion.centres.focuses import SPECIALISED, STATED
from opinion.centres.histories import history
from opinion.centres.similarities import similar
from opinion.centres.towns import find_town
from opinion.errors import CatalogueError
from opinion.vocabularies import broader_equipment, designations

RAMON, LA_PAZ, AARAU, ABRAMSON = "es:280029", "es:280014", "bag:AG:000", "ror:01hvpjq66"
FERTILITY = "cdcart:1"


def ids_of(catalogue):
    return catalogue.table.column("centre_id").to_pylist()


def line_of(comparison, field, item=""):
    return next(line for line in comparison.lines if (line.field, line.item) == (field, item))


# --- side by side


@pytest.mark.parametrize("seed", range(12))
def test_every_line_says_what_the_facts_say(catalogue, seed):
    chosen = random.Random(seed).sample(ids_of(catalogue), 2 + seed % 3)
    comparison = compare(catalogue, chosen)
    facts = [catalogue.facts(id_) for id_ in chosen]
    rows = [catalogue.row_of(id_) for id_ in chosen]
    for line in comparison.lines:
        for place, cell in enumerate(line.cells):
            own, row = facts[place], rows[place]
            known = {fact.value for fact in own if fact.field == line.field}
            match line.field:
                case "disease_areas":
                    assert cell.known == catalogue.focus_of(row).get(line.item)
                case "equipment" if line.item:
                    how = {fact.certainty for fact in own if fact.field == "equipment" and fact.value == line.item}
                    names = {fact.value for fact in own if fact.field == "equipment" and fact.certainty == "suggested"}
                    if any(line.item in broader_equipment(name) for name in names):
                        how.add("suggested")
                    assert cell.known == next((one for one in ("stated", "implied", "suggested") if one in how), None)
                    counts = {fact.count for fact in own if fact.field == "equipment" and fact.value == line.item}
                    assert cell.count in counts | {None} and (cell.count is None) == (not counts - {None})
                case "designations" if line.item:
                    titles = {fact.value for fact in own if fact.field == "designation"}
                    assert (cell.known == "stated") == (designations()[line.item].value in titles)
                case "beds":
                    assert {str(cell.known), *cell.also} == known if known else cell == Cell()
                case "teaching":
                    assert cell.known is (True if known else None), "never no"
                case "newest_year":
                    assert (cell.known or 0) == catalogue.newest_year[row]
                case "city":
                    assert (cell.known or "") == catalogue.table.column("city")[row].as_py()
                case "country_code" | "region" | "facility_type" | "website" | "point" | "nearest_city":
                    assert ({cell.known} if known else {None}) == (known or {None})
            assert bool(cell.facts) == (cell.known is not None), "what is known has a source, what is not has none"
            assert (cell.certainty == "") == (cell.known is None)


@pytest.mark.parametrize("seed", range(12))
def test_every_area_machine_and_title_known_of_any_has_a_line(catalogue, seed):
    chosen = random.Random(100 + seed).sample(ids_of(catalogue), 3)
    comparison = compare(catalogue, chosen)
    facts = [fact for id_ in chosen for fact in catalogue.facts(id_)]
    titles = {title.value: id_ for id_, title in designations().items()}
    assert {line.item for line in comparison.lines if line.field == "designations" and line.item} == {
        titles[fact.value] for fact in facts if fact.field == "designation"
    }
    areas = {area for row in comparison.rows for area in catalogue.focus_of(row)}
    assert {line.item for line in comparison.lines if line.field == "disease_areas" and line.item} == areas
    machines = {fact.value for fact in facts if fact.field == "equipment"}
    machines |= {broad for item in machines for broad in broader_equipment(item)}
    assert {line.item for line in comparison.lines if line.field == "equipment" and line.item} == machines
    assert sum((comparison.of_kind(kind) for kind in KINDS), ()) == tuple(
        sorted(comparison.lines, key=lambda line: KINDS.index(line.kind))
    ), "every line is of one kind, and none is lost"


@pytest.mark.parametrize(
    ("cells", "kind", "differs"),
    [
        ((Cell(3), Cell(4)), "differs", True),
        ((Cell(3), Cell(4), Cell()), "differs", True),
        ((Cell(3), Cell()), "partly", True),
        ((Cell(3), Cell(3)), "same", False),
        ((Cell(), Cell()), "unknown", False),
        ((Cell("stated", count=1), Cell("stated", count=2)), "differs", True),
        ((Cell("stated", count=1), Cell("stated")), "partly", True),
        ((Cell("stated"), Cell("implied")), "differs", True),
    ],
)
def test_not_known_is_never_a_difference_by_itself(cells, kind, differs):
    line = Line("equipment", "ct", cells)
    assert (line.kind, line.differs) == (kind, differs)


def test_three_real_centres(catalogue):
    comparison = compare(catalogue, [RAMON, AARAU, ABRAMSON], find_town("Vienna"))
    beds = line_of(comparison, "beds")
    assert beds.kind == "differs" and beds.cells[2] == Cell()
    assert beds.cells[0].known == 886 and beds.cells[0].also == ("901",), "an older source states another number"
    assert [fact.source_date for fact in beds.cells[0].facts] == ["2025", "2020"], "the newest first"
    oncology = line_of(comparison, "disease_areas", "oncology")
    assert [cell.known for cell in oncology.cells] == ["service_offered", None, "designated"]
    assert oncology.cells[2].facts[0].field == "designation", "the programme is what says so"
    assert line_of(comparison, "equipment", "nuclear_medicine").cells[0].certainty == "implied"
    far = line_of(comparison, "distance_km").cells
    assert 1700 < far[0].known < 1900 and 500 < far[1].known < 700 and far[0].certainty == "derived"
    assert comparison.town and "distance_km" not in {line.field for line in compare(catalogue, [RAMON, AARAU]).lines}


def test_an_unknown_centre_is_an_error(catalogue):
    with pytest.raises(CatalogueError, match="Look it up"):
        compare(catalogue, [RAMON, "es:nothing"])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", []),
        (" , ,", []),
        (f"{RAMON}, {AARAU}", [RAMON, AARAU]),
        (f"{RAMON},x,{RAMON}", [RAMON, "x", RAMON]),
        ("<b>,9,999", ["<b>", "9", "999"]),
    ],
)
def test_ids_are_joined_by_commas(text, ids):
    assert ids_in(text) == ids
    assert MOST_COMPARED == 4


# --- centres alike


def alike_by_oracle(rows, own, size):
    """Return (-alike, row) of each centre that shares something: plain sets, plain sums."""

    def traits(row):
        stated = {("area", area) for area, focus in row["focus"].items() if focus in STATED}
        special = {("specialised", area) for area, focus in row["focus"].items() if focus in SPECIALISED}
        return stated | special | {("item", item) for item in row["items"]["stated"] | row["items"]["implied"]}

    held = [traits(row) for row in rows]
    counted = {}
    for one in held:
        for trait in one:
            counted[trait] = counted.get(trait, 0) + 1
    weight = {trait: math.log(size / count) for trait, count in counted.items()}

    def alike(first, second):
        known = [[trait for trait in first | second if (trait[0] == "item") == is_item] for is_item in (False, True)]
        parts = [
            sum(weight[trait] for trait in kind if trait in first & second) / sum(weight[trait] for trait in kind)
            for kind in known
            if any(trait in first and weight[trait] for trait in kind)
        ]
        return sum(parts) / len(parts) if parts else 0

    found = []
    for number, other in enumerate(held):
        how = round(alike(held[own], other), 4)
        if number != own and how > 0:
            found.append((-how, number))
    return sorted(found)


@pytest.mark.parametrize("seed", range(20))
def test_centres_alike_are_those_of_the_oracle(seed):
    bare = synthetic(seed, 150 + seed)
    names = pa.array([f"n{row}" for row in range(bare.size)])
    catalogue = catalogue_of(
        bare.table.append_column("name", names).append_column("city", names), Path("nowhere"), TABLES
    )
    rows = plain_rows(catalogue)
    for own in (0, 64, bare.size - 1):
        expected = alike_by_oracle(rows, own, catalogue.size)
        found = similar(catalogue, f"x:{own}", limit=len(expected) + 5)
        assert sorted((-each.alike, int(each.centre_id[2:])) for each in found) == expected
        assert [each.alike for each in found] == sorted((each.alike for each in found), reverse=True)
        assert found == similar(catalogue, f"x:{own}", limit=len(expected) + 5), "the same each time"
        for first, second in pairwise(found):
            if first.alike == second.alike and second.distance_km is not None:
                assert first.distance_km is not None and first.distance_km <= second.distance_km


def test_why_centres_are_alike_is_true_of_both(catalogue):
    for id_ in (RAMON, AARAU, ABRAMSON, FERTILITY):
        own = catalogue.focus_of(catalogue.row_of(id_))
        own_items = {fact.value for fact in catalogue.facts(id_) if fact.certainty in ("stated", "implied")}
        found = similar(catalogue, id_)
        assert len(found) == 5 and id_ not in {each.centre_id for each in found}
        for each in found:
            focus = catalogue.focus_of(catalogue.row_of(each.centre_id))
            assert each.specialised or each.areas or each.equipment
            for area in each.specialised:
                assert own[area] in SPECIALISED and focus[area] in SPECIALISED
            for area in each.areas:
                assert own[area] in STATED and focus[area] in STATED, "a name's suggestion is no likeness"
            items = {fact.value for fact in catalogue.facts(each.centre_id)}
            assert set(each.equipment) <= own_items & items
            assert not {broad for item in each.equipment for broad in broader_equipment(item)} & set(each.equipment)


def test_a_centre_of_which_nothing_is_known_is_like_none(catalogue):
    table = catalogue.table
    bare = next(
        row
        for row in range(catalogue.size)
        if not catalogue.focus_of(row) and not table.column("equipment_stated")[row].as_py()
    )
    assert similar(catalogue, str(table.column("centre_id")[bare])) == []


def test_centres_alike_are_found_at_once(catalogue):
    similar(catalogue, RAMON)
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        similar(catalogue, RAMON)
        best = min(best, time.perf_counter() - start)
    assert best < 0.02


# --- the history of a centre's facts


def fact(field, value, date, source="a", count=None, certainty="stated"):
    return Fact(field, value, count, certainty, source, source, "", "", "", date, "", "")


def test_a_history_goes_from_the_newest_to_what_has_no_date():
    dates = ["2018/2020", "ROR release v1.3", "2025-10-01", "2025", "", "2019", "2026-04"]
    told = history([fact("name", "x", date, source=date) for date in dates])
    assert [moment.date for moment in told] == [
        "2026-04", "2025-10-01", "2025", "2018/2020", "2019", "ROR release v1.3", "",
    ]  # fmt: skip
    assert [moment.is_dated for moment in told] == [True] * 5 + [False] * 2


def test_a_history_says_what_a_number_was_before():
    told = history(
        [
            fact("beds", "100", "2018"), fact("beds", "120", "2020"), fact("beds", "120", "2025", "b"),
            fact("equipment", "ct", "2020", count=2), fact("equipment", "ct", "2025", "b", count=3),
            fact("equipment", "mri", "2025", "b"), fact("disease_area", "oncology", "2025", "b"),
            fact("equipment", "pet", "2025", "b", certainty="implied"), fact("beds", "7", ""),
        ]
    )  # fmt: skip
    others = {
        (moment.date, said.fact.field, said.fact.value): said.other and (said.other.source_date, said.other.value)
        for moment in told
        for said in moment.statements
    }
    assert others == {
        ("2025", "beds", "120"): ("2018", "100"), ("2025", "equipment", "ct"): ("2020", "ct"),
        ("2025", "equipment", "mri"): None, ("2025", "disease_area", "oncology"): None,
        ("2020", "beds", "120"): ("2018", "100"), ("2020", "equipment", "ct"): None, ("2018", "beds", "100"): None,
        ("", "beds", "7"): None,
    }  # fmt: skip


def test_nothing_stated_is_lost_in_the_history(catalogue):
    for id_ in random.Random(7).sample(ids_of(catalogue), 40):
        stated = [one for one in catalogue.facts(id_) if one.certainty == "stated"]
        told = [said.fact for moment in history(catalogue.facts(id_)) for said in moment.statements]
        assert len(told) == len(stated) and set(told) == set(stated)
