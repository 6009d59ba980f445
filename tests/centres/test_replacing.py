"""Next month's list takes the place of this month's: in one step, said before, and with the way back. All invented."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from import_steps import draft_of, files
from invented import ROOT

from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.imports import archive
from opinion.centres.imports.replacing import CHANGES, Changes, take_place
from opinion.centres.inputs import inputs_in
from opinion.centres.listings import read_tables
from opinion.errors import CatalogueError
from opinion.exchange.import_files import change_rows
from opinion.texts.translations import translator_for

HEAD = "id,name,city,country,beds,equipment,website,source date\n"
OCTOBER = HEAD + (
    "1,Invented One,Wien,AT,100,MRI; CT (2),https://one.example.org,2025-10-01\n"
    "2,Invented Two,Graz,AT,80,CT,,2025-10-01\n"
    "3,Invented Three,Linz,AT,,PET,,2025-10-01\n"
    "4,Invented Four,Linz,AT,,,,2025-10-01\n"
)
NOVEMBER = HEAD + (
    "1,Invented One Renamed,Wien,AT,120,CT (3); PET,https://one.example.org,2025-11-01\n"
    "2,Invented Two,Graz,AT,80,CT,,2025-11-01\n"
    "4,Invented Four,Linz,AT,,,,2025-11-01\n"
    "5,Invented Five,Wels,AT,,MRI,,2025-11-01\n"
)
DECEMBER = HEAD + "1,Invented One Renamed,Wien,AT,130,CT (3); PET,https://one.example.org,2025-12-01\n"


def draft(folder, var, name, text, known=frozenset()):
    (folder / name).write_text(text, "utf-8")
    return draft_of(folder / name, var, known)


def next_list(folder, var, tables, name, text):
    """Import a list in the place of those of its source that count."""
    old = archive.lists_of(archive.read_imports(var)[0].about["source"]["id"], var)
    taken = archive.taken_ids(load_catalogue(var, tables), old)
    made = draft(folder, var, name, text, taken)
    changes = take_place(made, old)
    return archive.keep(made, var, tables), changes


def changes_in(folder):
    with (folder / CHANGES).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def october(tmp_path, var, tables):
    kept = archive.keep(draft(tmp_path, var, "october.csv", OCTOBER), var, tables)
    return kept


def facts(catalogue, kept, number):
    found = catalogue.facts(f"{kept.about['source']['id']}:{number}", with_past=True)
    return {
        (fact.field, fact.value, fact.count, fact.standing, fact.source_date)
        for fact in found
        if fact.certainty != "implied" and fact.field in ("name", "beds", "equipment")
    }


def test_a_newer_list_comes_in_the_place_of_the_old_one(tmp_path, var, tables, october):
    without, size = files(var), load_catalogue(var, tables).size
    kept, changes = next_list(tmp_path, var, tables, "november.csv", NOVEMBER)
    assert changes == Changes(added=1, gone=1, changed=1, same=2, facts_added=4, facts_gone=4)
    catalogue = load_catalogue(var, tables)
    assert catalogue.size == size and is_packed(var, tables)
    ids = set(catalogue.table.column("centre_id").to_pylist())
    source = kept.about["source"]["id"]
    assert f"{source}:3" not in ids and f"{source}:5" in ids
    assert facts(catalogue, kept, 1) == {
        ("name", "Invented One Renamed", None, "", "2025-11-01"), ("beds", "120", None, "", "2025-11-01"),
        ("equipment", "ct", 3, "", "2025-11-01"), ("equipment", "pet", None, "", "2025-11-01"),
        ("name", "Invented One", None, "older", "2025-10-01"), ("beds", "100", None, "older", "2025-10-01"),
        ("equipment", "mri", None, "older", "2025-10-01"), ("equipment", "ct", 2, "older", "2025-10-01"),
    }  # fmt: skip
    assert {standing for *_, standing, _ in facts(catalogue, kept, 2)} == {""}, "what is said again is not past"
    assert [(each.id, each.counts, each.replaced_by) for each in archive.read_imports(var)] == [
        (kept.id, True, ""), (october.id, False, kept.id),
    ]  # fmt: skip
    archive.undo(kept.id, var, tables)
    assert files(var) == without and [each.counts for each in archive.read_imports(var)] == [False, True]
    archive.redo(kept.id, var, tables)
    assert [each.counts for each in archive.read_imports(var)] == [True, False]


def test_what_changes_is_a_file_to_read_before(tmp_path, var, tables, october):
    made = draft(tmp_path, var, "november.csv", NOVEMBER)
    take_place(made, [october])
    with (made.folder / CHANGES).open(encoding="utf-8", newline="") as file:
        rows = [(row["what"], row["name"], row["field"], row["before"], row["after"]) for row in csv.DictReader(file)]
    renamed = "Invented One Renamed"
    assert rows == [
        ("gone", "Invented Three", "", "", ""), ("changed", renamed, "name", "Invented One", renamed),
        ("changed", renamed, "beds", "100", "120"), ("changed", renamed, "equipment", "mri", ""),
        ("changed", renamed, "equipment", "ct ×2", "ct ×3"), ("changed", renamed, "equipment", "", "pet"),
        ("added", "Invented Five", "", "", ""),
    ]  # fmt: skip
    assert [each.counts for each in archive.read_imports(var)] == [True], "nothing is changed yet"


def test_the_month_after_keeps_all_that_was_said_before(tmp_path, var, tables, october):
    november, _ = next_list(tmp_path, var, tables, "november.csv", NOVEMBER)
    december, changes = next_list(tmp_path, var, tables, "december.csv", DECEMBER)
    assert (changes.gone, changes.changed) == (3, 1)
    found = {(value, standing) for field, value, _, standing, _ in facts(load_catalogue(var, tables), december, 1)
             if field == "beds"}  # fmt: skip
    assert found == {("130", ""), ("120", "older"), ("100", "older")}
    assert [each.counts for each in archive.read_imports(var)] == [True, False, False]
    with pytest.raises(CatalogueError, match=f"A newer list came in its place: {december.id}. Undo that one first"):
        archive.undo(november.id, var, tables)
    archive.undo(december.id, var, tables)
    assert [each.counts for each in archive.read_imports(var)] == [False, True, False]


def test_rows_that_waited_and_the_list_are_replaced_together(tmp_path, var, tables, october):
    more = HEAD + "9,Invented Nine,Wels,AT,,,,2025-10-01\n"
    archive.keep(draft(tmp_path, var, "waiting.csv", more), var, tables)
    kept, changes = next_list(tmp_path, var, tables, "november.csv", NOVEMBER)
    assert changes.gone == 2 and len(kept.about["replaces_imports"]) == 2
    assert [each.counts for each in archive.read_imports(var)] == [True, False, False]


def test_a_list_undone_meanwhile_is_said(tmp_path, var, tables, october):
    made = draft(tmp_path, var, "november.csv", NOVEMBER)
    take_place(made, [october])
    archive.undo(october.id, var, tables)
    before = files(var)
    with pytest.raises(CatalogueError, match="was undone or replaced meanwhile"):
        archive.keep(made, var, tables)
    assert files(var) == before and made.folder.is_dir()


def test_past_facts_of_centres_that_are_gone_do_not_stay(tmp_path, var, tables, october):
    kept, _ = next_list(tmp_path, var, tables, "november.csv", NOVEMBER)
    gone = f"{kept.about['source']['id']}:3"
    assert all(row[0] != gone for row in read_tables(inputs_in(var, tables)).past)


_REPLACE = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test_replacing import archive, draft, take_place, NOVEMBER
made = draft(Path({folder!r}), Path({var!r}), "november.csv", NOVEMBER)
take_place(made, archive.read_imports(Path({var!r})))
print("drafted", flush=True)
archive.keep(made, Path({var!r}), Path({tables!r}))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("after_ms", [0, 15, 40, 80, 150])
def test_a_killed_replacement_is_there_whole_or_not_at_all(tmp_path, var, tables, october, after_ms):
    code = _REPLACE.format(tests=str(Path(__file__).parent), root=str(ROOT), folder=str(tmp_path), var=str(var),
                           tables=str(tables))  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "drafted\n"
        time.sleep(after_ms / 1000)
        process.send_signal(signal.SIGKILL)
    ids = set(load_catalogue(var, tables).table.column("centre_id").to_pylist())
    listed = {id_.partition(":")[2] for id_ in ids if id_.startswith("list-")}
    assert listed == ({"1", "2", "4", "5"} if len(archive.read_imports(var)) == 2 else {"1", "2", "3", "4"})


def test_a_centre_whose_row_waits_is_told_from_one_that_is_gone(tmp_path, var, tables, october):
    newer = NOVEMBER.replace("2,Invented Two,Graz,AT", "2,Invented Two,Graz,Austrya")
    kept, changes = next_list(tmp_path, var, tables, "november.csv", newer)
    assert (changes.waits, changes.gone, changes.same) == (1, 1, 1)
    leaving = {each["name"]: (each["what"], each["after"]) for each in changes_in(kept.folder) if not each["field"]}
    assert leaving == {"Invented Two": ("waits", "3"), "Invented Three": ("gone", ""), "Invented Five": ("added", "")}
    said = [row[0] for row in change_rows(kept.folder, translator_for("en"))]
    assert "leaves: row 3 of the newer list waits" in said and "is not in the newer list" in said
