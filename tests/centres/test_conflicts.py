"""Which value counts where sources disagree: the published rule, step by step, and every use of it."""

import random
from dataclasses import replace

import pytest
from invented import TABLES, small_tables

from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.centres.conflicts import (
    Claim,
    Conflict,
    best_first,
    deciding_step,
    find_conflicts,
    read_conflict_rules,
)
from opinion.centres.corrections import Correction, accepted, corrected, taken_back
from opinion.centres.decisions import CORRECTIONS, Decision, decide, now
from opinion.centres.fact_database import Fact
from opinion.centres.gaps import gap_of
from opinion.centres.queues import conflicts_of, superseded_corrections
from opinion.centres.tables import CENTRES, read_table, write_table
from opinion.errors import CatalogueError

RULES = read_conflict_rules(TABLES)
ONE, OTHER = "bag:AG:000", "bag:AG:001"


def fact(field, value, source="ror", date="2020", count=None, **more):
    return Fact(field, value, count, "stated", source, source, "", "", "", date, "", "", **more)


@pytest.mark.parametrize(
    ("field", "better", "worse", "step"),
    [
        ("beds", Claim("1", CORRECTIONS, "2001"), Claim("2", "bag_ch", "2026"), "correction"),
        ("beds", Claim("1", "wikidata", "2025"), Claim("2", "bag_ch", "2020"), "date"),
        ("beds", Claim("1", "x", "2018/2021"), Claim("2", "x", "2020"), "date"),  # a period counts by its end
        ("beds", Claim("1", "x", "2020-02"), Claim("2", "x", "2020"), "date"),  # a year alone stands before its days
        ("beds", Claim("1", "x", "1999"), Claim("2", "x", "ROR release v1.9"), "date"),  # a release is no date
        ("beds", Claim("1", "bag_ch", "2020"), Claim("2", "wikidata", "2020"), "rank"),
        ("beds", Claim("1", "eurostat_hcs", "2020"), Claim("2", "ror", "2020"), "rank"),
        ("beds", Claim("1", "a list of ours", "2020"), Claim("2", "ror", "2020"), "rank"),
        ("beds", Claim("1", "x", "2020"), Claim("2", "x", "2020"), "order"),
        ("point", Claim("1,2,site", "x", "2001"), Claim("1,2,city_geonames", "x", "2026"), "precision"),
        ("name", Claim("1", "x", "2001"), Claim("2", "x", "2026", about_id="double"), "kept"),
        ("website", Claim("1", "x", "2026", about_id="double"), Claim("2", "x", "2001"), "date"),
    ],
)
def test_each_step_decides_in_its_turn(field, better, worse, step):
    for claims in ([better, worse], [worse, better]):
        assert best_first(RULES, field, claims) == [better, worse]
    assert deciding_step(RULES, field, better, worse) == step


def test_the_order_of_reading_changes_nothing():
    rng = random.Random(7)
    claims = [
        Claim(str(rng.randrange(9)), rng.choice(("bag_ch", "ror", CORRECTIONS)), rng.choice(("2020", "2021", "")))
        for _ in range(60)
    ]
    expected = best_first(RULES, "beds", claims)
    for _ in range(20):
        rng.shuffle(claims)
        assert best_first(RULES, "beds", claims) == expected


def test_what_agrees_is_no_conflict():
    same = [
        fact("website", "https://www.x.ch/"), fact("website", "http://x.ch", date="2021"),
        fact("name", "Hôpital Saint-Luc"), fact("name", "HOPITAL SAINT LUC", "bag_ch"),
        fact("name", "Hôpital Saint-Luc, Lyon", "hifld"), fact("name", "聖ルカ病院", "jp_shisetsu"),
        fact("name", "St Luke", "wikidata"), fact("name_other", "St. Luke"), fact("city", "Dublin 1"),
        fact("city", "Dublin", "bag_ch"), fact("city", "Αθήνα", "nci"),
        fact("point", "47.0,8.0,site"), fact("point", "47.005,8.0,site", "bag_ch"),  # 560 m
        fact("point", "47.1,8.0,city", "wikidata"),  # 11 km, the point of its town
        fact("facility_type", "K112", "bag_ch"), fact("facility_type", "hospital"),  # words of two registers
        fact("equipment", "ct", count=2), fact("equipment", "ct", "bag_ch"), fact("equipment", "mri", count=1),
        fact("beds", "10"), replace(fact("beds", "20"), standing="older"),
        replace(fact("beds", "30"), certainty="derived"),
    ]  # fmt: skip
    assert find_conflicts(RULES, same) == []


def test_what_disagrees_is_said_with_the_chosen_one_first():
    facts = [
        fact("beds", "100", "bag_ch", "2020"), fact("beds", "90", "ror", "2022"),
        fact("beds", "90", "wikidata", "2021"), fact("name", "Saint Luke"), fact("name", "Mercy", "wikidata", "2026"),
        fact("equipment", "ct", count=2, date="2019"), fact("equipment", "ct", count=3, date="2020"),
        fact("point", "47.0,8.0,site", date="2019"), fact("point", "47.4,8.0,city", date="2026"),  # 44 km
    ]  # fmt: skip
    found = {(each.field, each.item): each for each in find_conflicts(RULES, facts)}
    assert set(found) == {("beds", ""), ("equipment", "ct"), ("name", ""), ("point", "")}
    assert [each.value for each in found["beds", ""].facts] == ["90", "100"] and found["beds", ""].step == "date"
    assert found["equipment", "ct"].chosen.count == 3
    assert found["point", ""].chosen.value.endswith("site") and found["point", ""].step == "precision"


def test_the_packed_files_hold_what_the_rule_chooses(catalogue: Catalogue):
    """An independent look at every centre: packed beds and numbers of machines are those that count."""
    conflicts = conflicts_of(catalogue)
    beds = [each for each in conflicts if each.conflict.field == "beds"]
    assert len(beds) >= 40
    for each in beds:
        assert int(catalogue.beds[each.row]) == int(each.conflict.chosen.value)
        dates = [one.source_date for one in each.conflict.facts]
        assert max(dates) == each.conflict.chosen.source_date
    slow = 0
    for centre_id in {each.centre_id for each in conflicts} | set(
        catalogue.table.column("centre_id").to_pylist()[::500]
    ):
        slow += len(find_conflicts(RULES, catalogue.facts(centre_id, with_past=True)))
    assert slow >= len(conflicts)


def test_of_two_entries_the_rule_chooses_website_and_point_and_the_other_stays(tmp_path):
    tables = small_tables(tmp_path / "tables")
    _state(tables, ONE, "2018", "https://old.example.ch/", "47.38,8.05,city")
    _state(tables, OTHER, "2025", "https://new.example.ch/", "47.39,8.06,site")
    decide(tmp_path / "var", [Decision("merge", now(), "carla", ONE, OTHER)])
    catalogue = load_catalogue(tmp_path / "var", tables)
    row, every = catalogue.row_of(ONE), catalogue.facts(ONE, with_past=True)
    assert catalogue.table.column("website")[row].as_py() == "https://new.example.ch/"
    assert (catalogue.lat[row], catalogue.table.column("coord_precision")[row].as_py()) == (47.39, "site")
    assert catalogue.table.column("name")[row].as_py() == "Kantonsspital Aarau AG", "the name is that of the one kept"
    past = {(one.field, one.value, one.source_date) for one in every if one.standing == "outweighed"}
    assert past == {("website", "https://old.example.ch/", "2018"), ("point", "47.38,8.05,city", "2018")}
    found = {each.field: each for each in find_conflicts(RULES, every)}
    assert (found["website"].chosen.value, found["website"].step) == ("https://new.example.ch/", "date")
    assert "name" not in found, "the double's name is the other name now, and no contradiction"


def test_a_correction_settles_a_conflict_until_a_source_overtakes_it(tmp_path):
    tables, folder = small_tables(tmp_path / "tables"), tmp_path / "var"
    _state(tables, ONE, "2018", "https://old.example.ch/", "47.38,8.05,site")
    _state(tables, OTHER, "2025", "https://new.example.ch/", "47.38,8.05,site")
    decide(folder, [Decision("merge", now(), "carla", ONE, OTHER)])

    def open_ones(catalogue):
        return {each.conflict.field for each in conflicts_of(catalogue) if each.centre_id == ONE}

    assert "website" in open_ones(load_catalogue(folder, tables))
    for day, overtaken in (("2026-10", []), ("2020-10", ["https://new.example.ch/"])):
        said = Correction("website", "https://best.example.ch/", "", "Invented page", "https://example.org", day)
        decision = corrected(ONE, said, "carla")
        decide(folder, [decision])
        catalogue = load_catalogue(folder, tables)
        (mine,) = (
            each for each in find_conflicts(RULES, catalogue.facts(ONE, with_past=True)) if each.field == "website"
        )
        assert mine.is_settled and mine.chosen.value == "https://best.example.ch/", "it is still said"
        assert "website" not in open_ones(catalogue)
        assert [each.newer.value for each in superseded_corrections(catalogue)] == overtaken
        decide(folder, [taken_back(decision.id, "carla")])
    assert "website" in open_ones(load_catalogue(folder, tables))


def _state(tables, centre_id, date, website, point):
    """Have a centre of the tables state an invented website and point, of an invented day."""
    rows = read_table(tables / "centres.csv", CENTRES)
    row = next(cells for cells in rows if cells[0] == centre_id)
    row[CENTRES.index("website")] = website
    for column, value in zip(("lat", "lon", "coord_precision"), point.split(","), strict=True):
        row[CENTRES.index(column)] = value
    for column in ("origin_website", "origin_point"):
        row[CENTRES.index(column)] = f"invented{date}"
    write_table(tables / "centres.csv", CENTRES, rows)
    with (tables / "origins.csv").open("a", encoding="utf-8") as file:
        file.write(f"invented{date},ror,https://example.org,{date},\n")


@pytest.mark.parametrize(
    ("field", "values", "share", "unit", "amount"),
    [
        ("beds", ("120", "980"), 860 / 980, "count", 860),
        ("beds", ("100", "90", "20"), 0.8, "count", 80),  # the farthest of the others
        ("point", ("47.0,8.0,site", "47.5,8.0,site"), 0.556, "km", 55.6),
        ("point", ("47.0,8.0,site", "57.0,8.0,site"), 1.0, "km", 1112),
        ("city", ("Roma", "Rome"), 0.25, "alike", 75),
        ("website", ("https://www.x.ch/a", "http://x.ch/b"), 0.0, "alike", 100),
        ("country_code", ("AT", "DE"), 1.0, "other", 0),
        ("facility_type", ("Acute", "Rehabilitation"), 0.5, "other", 0),
    ],
)
def test_how_far_apart_the_sides_of_a_conflict_are(field, values, share, unit, amount):
    gap = gap_of(Conflict(field, "", tuple(fact(field, value) for value in values), "date"))
    assert (gap.share, gap.unit, gap.amount) == (pytest.approx(share, abs=0.002), unit, pytest.approx(amount, rel=0.01))
    machines = Conflict("equipment", "ct", (fact("equipment", "ct", count=1), fact("equipment", "ct", count=4)), "date")
    assert gap_of(machines).amount == 3


def test_what_was_looked_at_is_no_open_conflict_until_another_value_comes(tmp_path):
    tables, folder = small_tables(tmp_path / "tables"), tmp_path / "var"
    with (tables / "facts.csv").open("a", encoding="utf-8") as file:
        file.write(f"{ONE},beds,7,,stated,invented2019\n")
    with (tables / "origins.csv").open("a", encoding="utf-8") as file:
        file.write("invented2019,ror,https://example.org,2019,\ninvented2018,ror,https://example.org,2018,\n")
    (mine,) = (each for each in conflicts_of(load_catalogue(folder, tables)) if each.centre_id == ONE)
    decision = accepted(ONE, mine.conflict, "carla", "one is of 2019")
    decide(folder, [decision])
    catalogue = load_catalogue(folder, tables)
    assert ONE not in {each.centre_id for each in conflicts_of(catalogue)}
    still = find_conflicts(RULES, catalogue.facts(ONE, with_past=True))
    assert [each.values for each in still] == [mine.conflict.values], "that the sources disagree is still said"
    with (tables / "facts.csv").open("a", encoding="utf-8") as file:
        file.write(f"{ONE},beds,9,,stated,invented2018\n")
    again = [each for each in conflicts_of(load_catalogue(folder, tables)) if each.centre_id == ONE]
    assert [each.conflict.values.count("|") for each in again] == [2], "a new value brings it back"
    with (tables / "facts.csv").open(encoding="utf-8") as file:
        lines = file.readlines()[:-1]
    (tables / "facts.csv").write_text("".join(lines), "utf-8")
    assert ONE not in {each.centre_id for each in conflicts_of(load_catalogue(folder, tables))}
    decide(folder, [taken_back(decision.id, "carla")])
    assert ONE in {each.centre_id for each in conflicts_of(load_catalogue(folder, tables))}


def test_a_faulty_rule_is_said(tmp_path):
    text = (TABLES / "conflicts.toml").read_text("utf-8")
    (tmp_path / "conflicts.toml").write_text(
        text.replace('steps = ["correction", "date"', 'steps = ["corection", "date"')
    )
    with pytest.raises(CatalogueError, match="'corection' is no step"):
        read_conflict_rules(tmp_path)
    (tmp_path / "other").mkdir()
    with pytest.raises(CatalogueError, match="Restore it"):
        read_conflict_rules(tmp_path / "other")
