"""From a draft to the catalogue and back: an import happens whole or not at all, and can be undone; recipes."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from import_lists import SOURCE, faulty, row_per_machine, turkish
from import_steps import SHAPES, codes, draft_of, files, recipe_for, rows_of
from invented import ROOT

from opinion.centres import shared
from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.filters import parameters
from opinion.centres.imports import archive
from opinion.centres.imports.drafts import MAKING, make_draft
from opinion.centres.imports.recipes import (
    delete_recipe,
    deleted_names,
    looks_pivoted,
    read_recipe,
    recipe_faults,
    recipe_names,
    recipe_of,
    rename_recipe,
    restore_recipe,
    save_recipe,
)
from opinion.centres.imports.rows import first_rows
from opinion.centres.inputs import inputs_in
from opinion.centres.packing import PACKED
from opinion.centres.quality.measures import measure_catalogue
from opinion.centres.queues import all_facts, count_facts
from opinion.centres.rowsets import count_rows
from opinion.centres.sources import read_sources
from opinion.centres.tables import CENTRES
from opinion.errors import CatalogueError
from opinion.exchange.import_words import import_words

# ---- one transaction, undone and done again


def test_without_an_import_the_packed_files_are_the_same_and_undo_gives_them_back(tmp_path, var, tables):
    before = files(var)
    kept = archive.keep(draft_of(turkish(tmp_path), var), var, tables)
    with_import = files(var)
    assert with_import != before and is_packed(var, tables)
    archive.undo(kept.id, var, tables)
    assert files(var) == before and [each.is_undone for each in archive.read_imports(var)] == [True]
    archive.redo(kept.id, var, tables)
    assert files(var) == with_import and [each.is_undone for each in archive.read_imports(var)] == [False]
    with pytest.raises(CatalogueError, match=r"There is no import .* that was undone"):
        archive.redo(kept.id, var, tables)
    with pytest.raises(CatalogueError, match="no import"):
        archive.undo("../tables", var, tables)


def test_the_same_packed_files_are_made_from_the_imports_again(tmp_path, var, tables):
    archive.keep(draft_of(turkish(tmp_path), var), var, tables)
    made = files(var)
    for name in (PACKED, FACTS_DATABASE):
        (var / name).unlink()
    load_catalogue(var, tables)
    assert files(var) == made


def test_an_import_says_where_it_comes_from(tmp_path, var, tables):
    path = turkish(tmp_path)
    about = archive.keep(draft_of(path, var), var, tables).about
    assert (about["entered_by"], about["file"], about["recipe"]["layout"]["encoding"]) == (
        "Cora",
        "turkish.csv",
        "cp1254",
    )
    assert len(about["sha256"]) == 64 and about["counts"]["rows"] == 2
    source = read_sources(inputs_in(var, tables))[about["source"]["id"]]
    assert (source.title, source.publisher, source.licence) == (SOURCE.title, SOURCE.publisher, SOURCE.licence)


def test_a_centre_is_not_imported_twice(tmp_path, var, tables):
    path = turkish(tmp_path)
    first = archive.keep(draft_of(path, var), var, tables)
    known = frozenset(load_catalogue(var, tables).table.column("centre_id").to_pylist())
    again = draft_of(path, var, known)
    assert {code for found in codes(again).values() for code in found} == {"id_in_catalogue"}
    with pytest.raises(CatalogueError, match="No row can be imported"):
        archive.keep(again, var, tables)
    archive.undo(first.id, var, tables)
    archive.keep(draft_of(path, var), var, tables)
    before = files(var)
    with pytest.raises(CatalogueError, match=r"in the catalogue already, by the import of turkish\.csv"):
        archive.redo(first.id, var, tables)
    assert files(var) == before and is_packed(var, tables)


def test_a_draft_that_fails_leaves_nothing(tmp_path, var, tables):
    before = sorted(var.rglob("*"))

    def stop(rows, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_draft(turkish(tmp_path), recipe_for(turkish(tmp_path)), import_words(), var, frozenset(), "Cora", "", stop)
    with pytest.raises(CatalogueError, match="no column “Nothing”"):
        draft_of(turkish(tmp_path), var, columns={"Nothing": "name"}, country="TR")
    with pytest.raises(CatalogueError, match="no_name_column"):
        draft_of(turkish(tmp_path), var, columns={})
    assert [path for path in sorted(var.rglob("*")) if path.name != "imports"] == before
    draft_of(turkish(tmp_path), var).drop()
    assert [path for path in sorted(var.rglob("*")) if path.name != "imports"] == before


_IMPORT = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test_imports import archive, draft_of
draft = draft_of(Path({list!r}), Path({var!r}))
print("drafted", flush=True)
archive.keep(draft, Path({var!r}), Path({tables!r}))
print("kept", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("after_ms", [0, 20, 60, 120, 200, 300, 500])
def test_a_killed_import_leaves_the_catalogue_as_it_was_or_is_there_whole(tmp_path, var, tables, after_ms):
    path = tmp_path / "long.csv"
    rows = "".join(f"{number},Invented {number},Wien,AT,MRI\n" for number in range(3000))
    path.write_text(f"id,name,city,country,equipment\n{rows}", "utf-8")
    before, size = files(var), load_catalogue(var, tables).size
    code = _IMPORT.format(tests=str(Path(__file__).parent), root=str(ROOT), list=str(path), var=str(var),
                          tables=str(tables))  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "drafted\n"
        time.sleep(after_ms / 1000)
        process.send_signal(signal.SIGKILL)
    kept = archive.read_imports(var)
    now = load_catalogue(var, tables).size  # builds anew what is stale
    assert now == size + (3000 if kept else 0) and is_packed(var, tables)
    if not kept:
        assert files(var) == before
    for place in (var / "imports").glob(f"{MAKING}*"):  # what a killed process leaves is swept a day later
        os.utime(place, (0, 0))
    draft_of(path, var).drop()
    assert not list((var / "imports").glob(f"{MAKING}*"))


def test_a_running_process_takes_an_import_over(tmp_path, monkeypatch, tables):
    monkeypatch.setenv("OPINION_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(shared, "load_catalogue", lambda: load_catalogue(tables=tables))
    shared._loaded.cache_clear()
    try:
        before = shared.shared_catalogue()
        assert shared.shared_catalogue() is before
        kept = archive.keep(draft_of(turkish(tmp_path), tmp_path / "var"), tmp_path / "var", tables)
        after = shared.shared_catalogue()
        assert after.size == before.size + 2 and shared.shared_catalogue() is after
        source = kept.about["source"]["id"]
        assert source in parameters()["source"].choices and source in after.sources()
        archive.undo(kept.id, tmp_path / "var", tables)
        assert shared.shared_catalogue().size == before.size and source not in parameters()["source"].choices
    finally:
        monkeypatch.undo()
        shared._loaded.cache_clear()
        parameters.cache_clear()


# ---- recipes


def test_a_recipe_is_kept_without_the_day(tmp_path):
    recipe = recipe_for(turkish(tmp_path), values={"equipment": {"x": "mri"}}, accepted=("point_at_sea",))
    save_recipe(tmp_path / "recipes", recipe)
    again = read_recipe(tmp_path / "recipes", "test")
    assert again == dataclasses.replace(recipe, source=dataclasses.replace(SOURCE, date=""))
    assert recipe_names(tmp_path / "recipes") == ["test"] and recipe_faults(again) == ["no_date"]
    for name in ("../evil", "", "a/b", "x" * 99):
        with pytest.raises(CatalogueError, match="no name for a recipe"):
            save_recipe(tmp_path / "recipes", dataclasses.replace(recipe, name=name))
    with pytest.raises(CatalogueError, match="There are: test"):
        read_recipe(tmp_path / "recipes", "another")
    (tmp_path / "recipes" / "test.json").write_text('{"name": "test"}', "utf-8")
    with pytest.raises(CatalogueError, match="is damaged"):
        read_recipe(tmp_path / "recipes", "test")


@pytest.mark.parametrize("wrong", [
    {"columns": {"a": "nothing"}}, {"values": {"equipment": {"a": "nothing"}}}, {"country": "ZZ"},
    {"accepted": ["all"]}, {"extra": 1},
])  # fmt: skip
def test_a_recipe_that_names_what_there_is_not(tmp_path, wrong):
    given = json.loads(json.dumps(dataclasses.asdict(recipe_for(turkish(tmp_path)))))
    assert recipe_of(given).name == "test"
    with pytest.raises((ValueError, KeyError)):
        recipe_of(given | wrong)


def test_one_row_per_machine_is_proposed_where_centres_return(tmp_path):
    def looks(path):
        recipe = recipe_for(path)
        columns, rows = first_rows(path, recipe.layout, 200)
        return looks_pivoted(columns, recipe.columns, [row.cells for row in rows])

    assert looks(row_per_machine(tmp_path))
    assert not any(looks(shape(tmp_path)) for shape in SHAPES if shape is not row_per_machine)
    (tmp_path / "a.csv").write_text("name,city,country\n" + "One,Wien,AT\n" * 9, "utf-8")
    assert not looks(tmp_path / "a.csv"), "without a machine they are doubles"


def test_centres_have_the_columns_of_the_catalogue(tmp_path):
    draft = draft_of(turkish(tmp_path), tmp_path / "var")
    assert tuple(rows_of(draft, "centres.csv")[0]) == CENTRES
    assert date.fromisoformat(json.loads((draft.folder / "import.json").read_text("utf-8"))["created"][:10])


@pytest.mark.parametrize("address", ["internal", "www.example.org", "javascript:alert(1)"])
def test_an_address_that_is_none_of_the_web_is_refused_for_it_becomes_a_link(tmp_path, address):
    recipe = recipe_for(turkish(tmp_path))
    source = dataclasses.replace(recipe.source, address=address)
    assert recipe_faults(recipe) == []
    assert recipe_faults(dataclasses.replace(recipe, source=source)) == ["address_not_web"]


# ---- many lists


def test_a_hundred_lists_of_a_hundred_senders_are_each_found_by_their_source(tmp_path, var, tables):
    for number in range(100):
        path = tmp_path / f"list{number}.csv"
        path.write_text(f"id;name;country\nx{number};Klinik {number};CH\n", "utf-8")
        source = dataclasses.replace(SOURCE, title=f"List {number}")
        draft = draft_of(path, var, source=source)
        draft.folder.rename(var / "imports" / draft.folder.name)
    catalogue = load_catalogue(var, tables)
    own = [id_ for id_, source in catalogue.sources().items() if source.title.startswith("List ")]
    assert len(own) == 100
    found = catalogue.facets["source"]
    for id_ in own:
        assert count_rows(found.sets[found.of((id_,))[0]]) == 1
    quality = measure_catalogue(catalogue, date(2026, 11, 23))
    stated = quality.one("complete", "disease_area").by_source
    assert stated.shape == (2, len(catalogue.known_sources))
    places = [list(catalogue.known_sources).index(id_) for id_ in own]
    assert stated[1, places].tolist() == [1] * 100  # each list says something of one centre


def test_a_recipe_is_renamed_deleted_and_brought_back(tmp_path):
    folder, recipe = tmp_path / "recipes", recipe_for(turkish(tmp_path))
    save_recipe(folder, dataclasses.replace(recipe, name="Häuser"))
    rename_recipe(folder, "Häuser", "Monthly")
    assert recipe_names(folder) == ["Monthly"] and read_recipe(folder, "Monthly").former_names == ("Häuser",)
    save_recipe(folder, recipe)
    with pytest.raises(CatalogueError, match="“test” already"):
        rename_recipe(folder, "Monthly", "test")
    delete_recipe(folder, "Monthly")
    assert recipe_names(folder) == ["test"] and deleted_names(folder) == ["Monthly"]
    with pytest.raises(CatalogueError, match="no recipe “Monthly”"):
        delete_recipe(folder, "Monthly")
    restore_recipe(folder, "Monthly")
    assert recipe_names(folder) == ["Monthly", "test"] and deleted_names(folder) == []
    with pytest.raises(CatalogueError, match="no deleted recipe “Monthly”"):
        restore_recipe(folder, "Monthly")


def test_a_recipe_that_another_took_the_place_of_can_be_brought_back(tmp_path):
    folder, recipe = tmp_path / "recipes", recipe_for(turkish(tmp_path))
    save_recipe(folder, recipe)
    save_recipe(folder, recipe)
    assert deleted_names(folder) == [], "the same again"
    save_recipe(folder, dataclasses.replace(recipe, country="TR"))
    assert deleted_names(folder) == ["test"] and read_recipe(folder, "test").country == "TR"
    restore_recipe(folder, "test")
    assert read_recipe(folder, "test").country == "" and deleted_names(folder) == ["test"]
    restore_recipe(folder, "test")
    assert read_recipe(folder, "test").country == "TR"


def test_facts_of_another_catalogue_than_the_one_held_are_never_mixed_in(tmp_path, var, tables):
    before = load_catalogue(var, tables)
    id_ = before.table.column("centre_id")[0].as_py()
    assert before.facts(id_)
    archive.keep(draft_of(faulty(tmp_path), var), var, tables)
    for read in (lambda: before.facts(id_), lambda: measure_catalogue(before, date(2026, 10, 1)),
                 lambda: list(all_facts(before)), lambda: count_facts(before, [id_])):  # fmt: skip
        with pytest.raises(CatalogueError, match="was built anew a moment ago"):
            read()
    assert load_catalogue(var, tables).facts(id_)
