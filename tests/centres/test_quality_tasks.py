"""What to do next: the order against an obvious count, lists that hold what they promise, the record of each day."""

import json
from datetime import date
from time import perf_counter

import numpy as np
import pytest
from invented import plain_rows, synthetic

from opinion.centres.doubles import queues
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.inputs import inputs_in
from opinion.centres.packing import EQUIPMENT_BITS
from opinion.centres.quality import shared
from opinion.centres.quality.fixes import MOST_CENTRES, Fix, find_fixes, worth_knowing
from opinion.centres.quality.measures import measure_catalogue
from opinion.centres.quality.records import RECORDS, keep_record, latest_by_day, read_records
from opinion.centres.quality.shared import MOST_TASKS, find_all, look_for_doubles, shared_quality
from opinion.centres.quality.upkeep import Upkeep, answers_resting_on
from opinion.centres.rowsets import pack_rows, unpack_rows
from opinion.vocabularies import disease_areas

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def found(catalogue):
    return find_all(catalogue, measure_catalogue(catalogue, DAY))


def of_country(rows, code):
    return [row for row in rows if row["country"] == code]


def stands(row, area):
    return row["focus"].get(area, "suggested_by_name") != "suggested_by_name"


def machines(row):
    return row["items"]["stated"] | row["items"]["implied"]


def naive_points(rows, kind, about, code):
    """Return centres and points of a list, one filter after the other."""
    here = of_country(rows, code)
    of = {
        "by_name": lambda row: row["focus"].get(about) == "suggested_by_name",
        "offers": lambda row: stands(row, about),
        "beds": lambda row: about in row["beds"],
    }[kind]
    chosen = [row for row in here if of(row) and not machines(row) | row["items"]["suggested"]]
    kinds = worth_knowing().get(about, frozenset()) if kind != "beds" else set().union(*worth_knowing().values())
    empty = sum(not any(item in machines(row) for row in here) for item in kinds)
    if kind != "beds":
        empty += sum(not any(item in machines(row) and stands(row, about) for row in here) for item in kinds)
        empty += not any(stands(row, about) for row in here)
    count = len(chosen)
    return count, empty * count / (count + 1) * min(1, np.log10(1 + len(here)) / 3)


def every_list(catalogue, rows):
    areas = [area for area, known in disease_areas().items() if not known.patients_only]
    lists = [(kind, area) for kind in ("by_name", "offers") for area in areas]
    for kind, about in [*lists, ("beds", "from_1000"), ("beds", "500_999")]:
        for code in catalogue.countries:
            count, points = naive_points(rows, kind, about, code)
            if 0 < count <= MOST_CENTRES:
                yield points, count, kind, about, code


@pytest.mark.parametrize("seed", range(6))
def test_the_first_task_is_the_best_of_all_lists(seed):
    catalogue = synthetic(seed, 90)
    best = max(every_list(catalogue, plain_rows(catalogue)), default=(0,))
    fixes = find_fixes(catalogue, 1)
    assert (fixes[0].points if fixes else 0) == pytest.approx(best[0])


def naive_order(catalogue, most):
    """The points of tasks in order, each filter a key of a dict with how empty it is left."""
    rows = plain_rows(catalogue)
    lists = list(every_list(catalogue, rows))
    left, points = {}, []
    for _ in range(most):
        gains = []
        for place, (_, count, kind, about, code) in enumerate(lists):
            here = of_country(rows, code)
            weight = count / (count + 1) * min(1, np.log10(1 + len(here)) / 3)
            gains.append(
                (
                    weight * sum(left.setdefault(key, float(is_empty(here, key))) for key in asks(kind, about, code)),
                    place,
                )
            )
        if not gains or max(gains)[0] <= 0:
            break
        best, place = max(gains)
        _, count, kind, about, code = lists.pop(place)
        points.append(best)
        for key in asks(kind, about, code):
            left[key] *= 1 - count / (count + 1)
    return points


def asks(kind, about, code):
    kinds = worth_knowing().get(about, frozenset()) if kind != "beds" else set().union(*worth_knowing().values())
    single = [(code, "", item) for item in kinds]
    return single if kind == "beds" else [*single, *((code, about, item) for item in kinds), (code, about, "")]


def is_empty(here, key):
    _, area, item = key
    return not any((not item or item in machines(row)) and (not area or stands(row, area)) for row in here)


@pytest.mark.parametrize("size", [12, 90])
@pytest.mark.parametrize("seed", range(6))
def test_what_a_task_may_fill_counts_only_by_the_rest_for_the_next(seed, size):
    catalogue = synthetic(seed, size)
    found = [fix.points for fix in find_fixes(catalogue, 6)]
    assert found == pytest.approx(naive_order(catalogue, 6)) and (len(found) > 1 or size == 12)


def test_the_first_task_is_the_best_of_all_lists_of_the_real_catalogue(catalogue):
    rows = plain_rows(catalogue)
    (first,) = find_fixes(catalogue, 1)
    count, points = naive_points(rows, first.kind, first.about, first.country_code)
    assert (first.centres, first.points) == (count, pytest.approx(points))
    for code in ("DE", "GB", "CN", "AT"):
        for area in ("oncology", "cardiology", "nephrology"):
            assert naive_points(rows, "by_name", area, code)[1] <= first.points + 1e-9 or (
                naive_points(rows, "by_name", area, code)[0] > MOST_CENTRES
            )


@pytest.mark.parametrize("seed", range(4))
def test_every_list_holds_what_it_promises_on_invented_catalogues(seed):
    catalogue = synthetic(seed, 200)
    for fix in find_fixes(catalogue, 40):
        filters, problems = Filters.from_query(fix.to_query())
        assert not problems and select(catalogue, filters).count == fix.centres <= MOST_CENTRES


def test_every_list_holds_what_it_promises(catalogue, found):
    listed = 0
    for task in [*found.tasks, *find_fixes(catalogue, 60)]:
        if not isinstance(task, Fix):
            continue
        filters, problems = Filters.from_query(task.to_query())
        chosen = select(catalogue, filters)
        assert not problems and chosen.count == task.centres
        listed += 1
        for row in chosen.rows:
            masks = [catalogue.table.column(f"equipment_{sure}")[int(row)].as_py()
                     for sure in ("stated", "implied", "suggested")]  # fmt: skip
            assert masks == [0, 0, 0], "equipment is not known of any of them"
    assert listed > 60


def test_points_go_down_and_nothing_stands_twice(catalogue):
    fixes = find_fixes(catalogue, 60)
    points = [fix.points for fix in fixes]
    assert points == sorted(points, reverse=True)
    assert len({(fix.kind, fix.about, fix.country_code) for fix in fixes}) == len(fixes)
    assert find_fixes(catalogue, 60) == fixes, "the order never changes by itself"


def test_what_is_answered_is_no_task_any_more(catalogue):
    (first,) = find_fixes(catalogue, 1)
    chosen = select(catalogue, Filters.from_query(first.to_query())[0])
    column = catalogue.table.column("equipment_stated").to_numpy().copy()
    column[chosen.rows] |= np.uint64(1 << EQUIPMENT_BITS["mri"])
    from pyarrow import array

    from opinion.centres.catalogues import catalogue_of

    place = catalogue.table.column_names.index("equipment_stated")
    table = catalogue.table.set_column(place, "equipment_stated", array(column))
    after = find_fixes(catalogue_of(table, catalogue.folder), 60)
    assert (first.kind, first.about, first.country_code) not in {(f.kind, f.about, f.country_code) for f in after}


@pytest.mark.parametrize("seed", range(3))
def test_what_rests_on_rows_is_the_slow_sum(seed):
    catalogue = synthetic(seed, 120)
    rows = plain_rows(catalogue)
    flags = np.random.default_rng(seed).random(120) < 0.2
    expected = 0.0
    for code in catalogue.countries:
        here = of_country(rows, code)
        weight = min(1, np.log10(1 + len(here)) / 3)
        answers = [[row for row in here if stands(row, area)] for area in disease_areas()]
        answers += [[row for row in here if item in machines(row)] for item in EQUIPMENT_BITS]
        expected += weight * sum(sum(flags[row["row"]] for row in some) / len(some) for some in answers if some)
    assert answers_resting_on(catalogue, pack_rows(flags)) == pytest.approx(expected)
    assert answers_resting_on(catalogue, pack_rows(flags), "name") == 0, "no filter asks for a name"
    assert answers_resting_on(catalogue, pack_rows(np.zeros(120, dtype=bool))) == 0


def test_ten_things_with_conflicts_and_checks_among_them(catalogue, found):
    assert len(found.tasks) == MOST_TASKS
    kinds = [task.kind for task in found.tasks]
    assert "conflicts" in kinds and "check" in kinds and "renew" in kinds and "doubles" not in kinds
    assert any(isinstance(task, Fix) for task in found.tasks)
    points = [task.points for task in found.tasks]
    assert points == sorted(points, reverse=True)
    conflicts = next(task for task in found.tasks if task.kind == "conflicts")
    differing = set().union(*(unpack_rows(measure.faulty) for measure in found.quality.of("agreeing")))
    assert isinstance(conflicts, Upkeep) and conflicts.centres == len(differing), "a centre counts once"
    assert kinds.count("conflicts") == kinds.count("check") == 1


def test_equipment_worth_knowing_is_known():
    assert worth_knowing()["oncology"] >= {"linear_accelerator", "pet_ct"}
    assert all(items <= EQUIPMENT_BITS.keys() for items in worth_knowing().values())


def test_it_is_measured_once_and_again_with_doubles(catalogue, monkeypatch):
    monkeypatch.setattr(shared, "_last", [])
    monkeypatch.setattr(shared, "_doubles", [])
    monkeypatch.setattr(shared, "are_compared", lambda _: False)
    first = shared_quality(catalogue)
    assert not first.quality.of("unique")
    start = perf_counter()
    assert shared_quality(catalogue) is first and perf_counter() - start < 0.01
    more = look_for_doubles(catalogue)
    assert more.quality.of("unique") and shared_quality(catalogue) is more
    assert "doubles" in {task.kind for task in more.tasks}
    monkeypatch.setattr(shared, "today", lambda: date(2031, 1, 1))
    later = shared_quality(catalogue)
    assert later.quality.one("fresh", "recent").good < more.quality.one("fresh", "recent").good, "another day"
    assert later.quality.of("unique")


def test_doubles_that_somebody_has_had_looked_for_are_there_at_once(catalogue, monkeypatch):
    monkeypatch.setattr(shared, "_last", [])
    monkeypatch.setattr(shared, "_doubles", [])
    monkeypatch.setattr(queues, "_last_compared", [])
    queues._compared.cache_clear()
    assert not shared_quality(catalogue).quality.of("unique")
    queues.read_proposals(inputs_in(catalogue.folder))  # as the page Doubles does
    assert shared_quality(catalogue).quality.of("unique")


def test_a_record_is_kept_once_for_each_catalogue(var, tables):
    from opinion.centres.catalogues import load_catalogue

    catalogue = load_catalogue(var, tables)
    assert read_records(var) == [] and latest_by_day([]) == []
    quality = measure_catalogue(catalogue, DAY)
    assert keep_record(catalogue, quality) and not keep_record(catalogue, quality)
    (record,) = read_records(var)
    assert (record.day, record.centres) == (DAY, catalogue.size)
    assert record.counts == {(m.dimension, m.id): (m.good, m.of) for m in quality.measures}
    with (tables / "facts.csv").open("a", encoding="utf-8") as file:
        file.write((tables / "facts.csv").read_text("utf-8").splitlines()[1].replace(",beds,483", ",beds,484") + "\n")
    again = load_catalogue(var, tables)
    assert keep_record(again, measure_catalogue(again, DAY))
    first, second = read_records(var)
    assert first.stamp != second.stamp and latest_by_day([first, second]) == [second], "the last one of a day"
    said = json.loads((var / RECORDS).read_text("utf-8").splitlines()[0])
    assert set(said) == {"stamp", "day", "centres", "counts"}, "counts, and nothing about anybody"


def test_a_line_that_was_cut_off_loses_no_other(var, tables):
    from opinion.centres.catalogues import load_catalogue

    catalogue = load_catalogue(var, tables)
    (var / RECORDS).write_text(
        '{"stamp": "old", "day": "2026-01-01", "centres": 3, "counts": []}\n{"stamp": "cu', "utf-8"
    )
    assert [record.stamp for record in read_records(var)] == ["old"]
    assert keep_record(catalogue, measure_catalogue(catalogue, DAY))
    assert [record.centres for record in read_records(var)] == [3, catalogue.size]
