"""Measures of the data against slow, obvious counts: on the real tables, and on invented faults."""

import shutil
from collections import defaultdict
from datetime import date

import pytest
from invented import plain_rows, small_tables

from opinion.centres.catalogues import load_catalogue
from opinion.centres.conflicts import find_conflicts, read_conflict_rules
from opinion.centres.dates import last_day
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.inputs import TABLES, inputs_in
from opinion.centres.quality.checks import CHECKS, NOTES
from opinion.centres.quality.measures import BY_FAULTS, COMPLETE, measure_catalogue, measure_doubles
from opinion.centres.quality.queries import query_of_lacking
from opinion.centres.quality.statements import end_year, is_after
from opinion.centres.revising import read_revised
from opinion.centres.rowsets import unpack_rows
from opinion.centres.staleness import schedule_of
from opinion.centres.tables import CENTRES

DAY = date(2026, 11, 23)
YEAR_BEFORE = DAY.replace(year=DAY.year - 1)
TOWN_POINTS = ("city_geonames", "zip_centroid")


@pytest.fixture(scope="module")
def quality(catalogue):
    return measure_catalogue(catalogue, DAY)


@pytest.fixture(scope="module")
def stated(catalogue):
    """For each field and centre what sources state: (source, date), read from the tables row by row."""
    tables = read_revised(inputs_in(catalogue.folder))
    origins = {row[0]: (row[1], row[3]) for row in tables.origins}
    found = defaultdict(list)
    for row in tables.centres:
        cell = dict(zip(CENTRES, row, strict=True))
        columns = {"name": "origin", "city": "origin_city", "website": "origin_website", "point": "origin_point",
                   "country_code": "origin", "facility_type": "origin", "region": "origin",
                   "name_other": "origin_name_other", "city_local": "origin"}  # fmt: skip
        for field, column in columns.items():
            if not cell["lat" if field == "point" else field]:
                continue
            own = tables.own_origin.get((row[0], field)) or tables.own_origin.get((row[0], column))
            source = origins[own or cell[column]]
            if source[0] == "geonames" or (field == "point" and cell["coord_precision"] in TOWN_POINTS):
                continue
            found[field, row[0]].append(source)
    for centre_id, field, _, count, certainty, origin in tables.facts:
        if certainty == "stated":
            found[field, centre_id].append(origins[origin])
            if field == "equipment" and count:
                found["machines", centre_id].append(origins[origin])
    return found


def per_country(catalogue, ids):
    table = catalogue.table.select(["centre_id", "country_code"]).to_pydict()
    codes = [code for id_, code in zip(*table.values(), strict=True) if id_ in ids]
    return [codes.count(code) for code in catalogue.countries]


def test_every_measure_adds_up(catalogue, quality):
    for measure in quality.measures:
        assert 0 <= measure.good <= measure.of <= catalogue.size
        assert measure.by_country.sum(axis=1).tolist() == [measure.good, measure.of]
        assert (measure.by_country[0] <= measure.by_country[1]).all()
        assert (measure.by_source[0] <= measure.by_source[1]).all(), measure.id
        assert len(unpack_rows(measure.faulty)) == measure.of - measure.good
    assert [measure.id for measure in quality.of("complete")] == list(COMPLETE)
    assert {measure.id for measure in quality.of("noted")} == {*NOTES}
    assert {measure.id for measure in quality.of("valid")} == {*CHECKS} - {*NOTES}


def test_what_is_known_is_the_slow_count(catalogue, quality):
    table = catalogue.table.to_pydict()
    known = {field: set() for field in COMPLETE}
    for row in plain_rows(catalogue):
        number, id_ = row["row"], table["centre_id"][row["row"]]
        has = {
            "disease_area": any(focus != "suggested_by_name" for focus in row["focus"].values()),
            "equipment": row["items"]["stated"] | row["items"]["implied"],
            "machines": table["equipment_counts"][number],
            "beds": row["bed_count"],
            "city": table["city"][number],
            "point": table["coord_precision"][number] not in ("", *TOWN_POINTS),
            "website": table["website"][number],
        }
        for field, value in has.items():
            if value:
                known[field].add(id_)
    for field in COMPLETE:
        measure = quality.one("complete", field)
        assert (measure.good, measure.of) == (len(known[field]), catalogue.size)
        assert measure.by_country[0].tolist() == per_country(catalogue, known[field])


def test_what_a_source_states_is_the_slow_count(catalogue, quality, stated):
    for field in COMPLETE:
        by_source = defaultdict(set)
        for (stated_field, id_), said in stated.items():
            if stated_field == field:
                for source, _ in said:
                    by_source[source].add(id_)
        expected = [len(by_source[source]) for source in catalogue.known_sources]
        assert quality.one("complete", field).by_source[0].tolist() == expected, field
    says = defaultdict(set)
    for (_, id_), said in stated.items():
        for source, _ in said:
            says[source].add(id_)
    listed = [len(says[source]) for source in catalogue.known_sources]
    for dimension, id_ in (("complete", "beds"), ("fresh", "dated")):
        assert quality.one(dimension, id_).by_source[1].tolist() == listed, "of the centres it states anything about"


def test_years_are_the_slow_count(catalogue, quality, stated):
    for field in COMPLETE:
        first = [
            min((day.year for _, given in said if (day := last_day(given))), default=0)
            for (stated_field, _), said in stated.items()
            if stated_field == field
        ]
        expected = tuple(sum(0 < year <= until for year in first) for until in quality.years)
        assert quality.known_by_year[field] == expected, field
        assert quality.undated[field] == first.count(0)


def test_freshness_is_the_slow_count(catalogue, quality, stated):
    newest = catalogue.table.column("newest_year").to_pylist()
    assert quality.one("fresh", "recent").good == sum(year >= 2022 for year in newest)
    assert quality.one("fresh", "dated").good == sum(year > 0 for year in newest)
    due = catalogue.table.column("due_first").to_pylist()
    overdue = quality.one("fresh", "not_overdue")
    assert (overdue.good, overdue.of) == (
        sum(day is not None and day >= DAY for day in due), sum(day is not None for day in due)
    )  # fmt: skip
    long = quality.one("fresh", "not_long_overdue")
    assert (long.good, long.of) == (sum(day is not None and day >= YEAR_BEFORE for day in due), overdue.of)
    assert overdue.good < long.good < long.of
    schedule = schedule_of(catalogue.known_sources, TABLES)
    late, too_late, judged, listed = (defaultdict(set) for _ in range(4))
    for (_, id_), said in stated.items():
        for source, given in said:
            listed[source].add(id_)
            if (day := schedule.due(source, given)) is not None:
                judged[source].add(id_)
                if day < DAY:
                    late[source].add(id_)
                if day < YEAR_BEFORE:
                    too_late[source].add(id_)
    for place, source in enumerate(catalogue.known_sources):
        if source != "geonames":
            assert overdue.by_source[1][place] == len(judged[source])
            assert overdue.by_source[0][place] == len(judged[source] - late[source])
            assert long.by_source[0][place] == len(judged[source] - too_late[source])


def test_conflicts_are_those_of_the_rule(catalogue, quality):
    rules = read_conflict_rules(TABLES)
    ids = catalogue.table.column("centre_id").to_pylist()
    differing = {ids[row] for measure in quality.of("agreeing") for row in unpack_rows(measure.faulty)}
    for id_ in [*sorted(differing), *ids[::200]]:
        found = find_conflicts(rules, catalogue.facts(id_, with_past=True))
        assert any(not each.is_settled for each in found) == (id_ in differing), id_
    assert differing, "the bundled registers do disagree somewhere"


def test_a_query_lists_what_its_number_counts(catalogue, quality):
    asked = 0
    for measure in quality.measures:
        for place, code in [
            (None, ""),
            *((catalogue.countries.index(code), code) for code in ("DE", "US", "JP", "MT")),
        ]:
            query = query_of_lacking(catalogue, DAY.year, measure.id, code)
            if not query or measure.dimension in BY_FAULTS:
                continue
            filters, problems = Filters.from_query(query)
            good, of = (measure.good, measure.of) if place is None else measure.by_country[:, place].tolist()
            assert not problems and select(catalogue, filters).count == of - good, (measure.id, code)
            asked += 1
    assert asked == 5 * 5, "areas, equipment, beds, recent, dated: of all, and of four countries"


@pytest.fixture
def faulty(tmp_path, var):
    """Invented faults, each in a centre of its own, put into a few real rows."""
    tables = small_tables(tmp_path / "faulty")
    for name in ("refresh.toml", "conflicts.toml", "doubles.toml"):
        if not (tables / name).exists():
            shutil.copy(TABLES / name, tables / name)
    lines = (tables / "centres.csv").read_text("utf-8").splitlines()
    heads = lines[0].split(",")
    origin = lines[1].split(",")[heads.index("origin")]
    late = "aaaalate01,bag_ch,https://example.org,2027-03,"
    with (tables / "origins.csv").open("a", encoding="utf-8") as file:
        file.write(late + "\n")
    plain = dict.fromkeys(heads, "") | {"country_code": "CH", "origin": origin, "lat": "47.37", "lon": "8.54",
                                        "coord_precision": "site", "origin_point": origin}  # fmt: skip
    rows = {
        "x:sea": {"lat": "30.0", "lon": "-40.0"},
        "x:zero": {"lat": "0", "lon": "0"},
        "x:japan": {"lat": "35.68", "lon": "139.69"},
        "x:swapped": {"lat": "8.54", "lon": "47.37"},
        "x:one": {"lat": "46.95", "lon": "7.44"},
        "x:two": {"lat": "46.95", "lon": "7.44"},
        "x:three": {"lat": "46.95", "lon": "7.44"},
        "x:pair1": {"lat": "46.2", "lon": "6.15"},
        "x:pair2": {"lat": "46.2", "lon": "6.15"},
        "x:beds0": {},
        "x:beds5001": {"lat": "47.01"},
        "x:beds5000": {"lat": "47.02"},
        "x:host": {"lat": "47.03", "website": "http://intranet", "origin_website": origin},
        "x:short": {"lat": "47.04", "name": "A"},
        "x:broken": {"lat": "47.05", "name": "KantonsspitÃ¤ler"},
        "x:flag": {"lat": "47.06", "flag": "two campuses"},
        "x:late": {"lat": "47.07"},
        "x:nowhere": {"lat": "", "lon": "", "coord_precision": "", "origin_point": ""},
    }
    for id_, cells in rows.items():
        row = plain | {"centre_id": id_, "name": f"Invented {id_[2:]}"} | cells
        lines.append(",".join(row[head] for head in heads))
    (tables / "centres.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with (tables / "facts.csv").open("a", encoding="utf-8") as file:
        file.write(f"x:beds0,beds,0,,stated,{origin}\nx:beds5001,beds,5001,,stated,{origin}\n")
        file.write(f"x:beds5000,beds,5000,,stated,{origin}\nx:late,equipment,ct,,stated,aaaalate01\n")
    return load_catalogue(tmp_path / "faulty_var", tables)


def test_each_invented_fault_breaks_its_check_and_no_other(faulty):
    quality = measure_catalogue(faulty, DAY)
    ids = faulty.table.column("centre_id").to_pylist()
    found = {
        measure.id: {ids[row] for row in unpack_rows(measure.faulty) if ids[row].startswith("x:")}
        for measure in (*quality.of("valid"), *quality.of("noted"))
    }
    assert found == {
        "outside_country": {"x:japan", "x:swapped"},
        "at_sea": {"x:sea", "x:zero"},
        "one_point_for_many": {"x:one", "x:two", "x:three"},
        "beds_zero": {"x:beds0"},
        "beds_too_many": {"x:beds5001"},
        "website_no_host": {"x:host"},
        "name_too_short": {"x:short"},
        "name_broken": {"x:broken"},
        "not_one_centre": {"x:flag"},
        "future_date": {"x:late"},
    }


def test_what_is_not_known_breaks_no_check(faulty):
    quality = measure_catalogue(faulty, DAY)
    row = faulty.row_of("x:nowhere")
    for check in ("outside_country", "at_sea", "one_point_for_many", "beds_zero", "website_no_host"):
        measure = quality.one("noted" if check in NOTES else "valid", check)
        assert measure.of < faulty.size and row not in unpack_rows(measure.faulty)
    placed = sum(lat is not None for lat in faulty.table.column("lat").to_pylist())
    assert quality.one("valid", "at_sea").of == placed < faulty.size


def test_beds_of_zero_are_not_known_beds(faulty):
    stated = sum(beds is not None for beds in faulty.table.column("beds").to_pylist())
    quality = measure_catalogue(faulty, DAY)
    assert quality.one("complete", "beds").good == stated - 1
    assert quality.one("valid", "beds_zero").of == stated


def test_doubles_are_those_of_the_queue(catalogue):
    from opinion.centres.doubles.queues import read_proposals

    pairs = read_proposals(inputs_in(catalogue.folder))
    expected = {catalogue.row_of(id_) for pair in pairs for id_ in pair.pair}
    measure = measure_doubles(catalogue)
    assert set(unpack_rows(measure.faulty)) == expected and measure.of == catalogue.size


@pytest.mark.parametrize(
    ("given", "year", "after"),
    [("2020", 2020, False), ("2012/2020", 2020, False), ("2026-11", 2026, False), ("2026", 2026, False),
     ("2026-11-24", 2026, True), ("2026-12", 2026, True), ("2027", 2027, True), ("2020/2027", 2027, True),
     ("ROR release v1.10", 0, False), ("", 0, False)],
)  # fmt: skip
def test_dates_are_read_as_far_as_they_go(given, year, after):
    assert (end_year(given), is_after(given, DAY)) == (year, after)
