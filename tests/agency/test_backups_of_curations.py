"""A backup carries what curators made: imports, recipes, decisions; restore brings it back; check looks at it."""

import dataclasses
import shutil
import sys
import tarfile
from pathlib import Path

import pytest
from case_steps import send
from sqlalchemy import func, select

from opinion.__main__ import main
from opinion.agency import curations
from opinion.agency.tables import requests
from opinion.centres.decisions import Decision, decide
from opinion.centres.imports import archive
from opinion.centres.imports.recipes import delete_recipe, save_recipe
from opinion.centres.quality.records import RECORDS
from opinion.centres.waiting_decisions import add_waiting
from opinion.storage import backups

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from import_lists import tilde_cp1252, turkish
from import_steps import draft_of, recipe_for
from invented import small_tables


@pytest.fixture
def var(store, tmp_path, monkeypatch):
    """A folder with an import, one that was undone, a recipe and a decision; all invented."""
    var, tables = tmp_path / "var", small_tables(tmp_path / "tables")
    monkeypatch.setenv("OPINION_VAR", str(var))
    archive.keep(draft_of(turkish(tmp_path), var), var, tables)
    undone = archive.keep(draft_of(tilde_cp1252(tmp_path), var), var, tables)
    archive.undo(undone.id, var, tables)
    save_recipe(var / "recipes", dataclasses.replace(recipe_for(turkish(tmp_path)), name="monthly"))
    save_recipe(var / "recipes", dataclasses.replace(recipe_for(turkish(tmp_path)), name="gone"))
    delete_recipe(var / "recipes", "gone")
    decide(var, [Decision("apart", "2026-11-01T00:00:00+00:00", "cora", "a:1", "a:2")])
    add_waiting(var, [Decision("apart", "2026-11-02T00:00:00+00:00", "cora", "a:1", "a:3")], "cora", tables)
    return var


@pytest.fixture
def run(var, capsys):
    def run(*arguments):
        code = main(["agency", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def content(var):
    return {path.relative_to(var): path.read_bytes() for place in curations.paths_of(var)
            for path in (sorted(place.rglob("*")) if place.is_dir() else [place]) if path.is_file()}  # fmt: skip


def wipe(var):
    for name in ("imports", "recipes"):
        shutil.rmtree(var / name)
    (var / "decisions.jsonl").unlink()
    (var / "decisions_waiting.jsonl").unlink()


def test_a_backup_brings_back_what_curators_made(run, store, var, tmp_path):
    before = content(var)
    assert {path.name for path in before} >= {
        "import.json",
        "waiting.csv",
        "monthly.json",
        "decisions.jsonl",
        "decisions_waiting.jsonl",
    }
    code, out, _ = run("backup", tmp_path / "saved")
    assert code == 0 and "2 imports, 1 recipes, 1 decisions, 1 that wait" in out
    wipe(var)
    code, out, err = run("restore", tmp_path / "saved")
    assert code == 0 and err == "" and "restored too: 2 imports, 1 recipes, 1 decisions, 1 that wait" in out
    assert content(var) == before and [each.is_undone for each in archive.read_imports(var)].count(True) == 1
    assert not list((var / "imports").glob(".making-*"))


def test_what_curators_made_since_is_not_overwritten_unasked(run, store, var, tmp_path):
    before = content(var)
    run("backup", tmp_path / "saved")
    save_recipe(var / "recipes", dataclasses.replace(recipe_for(turkish(tmp_path)), name="later"))
    later = content(var)
    code, _, err = run("restore", tmp_path / "saved")
    assert (
        code == 2 and "2 imports, 2 recipes, 1 decisions, 1 that wait. Save them first" in err and content(var) == later
    )
    code, _, _ = run("restore", tmp_path / "saved", "--replace")
    assert code == 0 and content(var) == before, "what came later is gone, as it is in the database"


def test_the_record_of_data_quality_is_saved_too(run, store, var, tmp_path):
    (var / RECORDS).write_text("one line\n")
    run("backup", tmp_path / "saved")
    (var / RECORDS).write_text("one line\nanother\n")
    assert run("restore", tmp_path / "saved", "--replace")[0] == 0
    assert (var / RECORDS).read_text() == "one line\n"
    (var / RECORDS).unlink()
    run("backup", tmp_path / "without")
    wipe(var)
    (var / RECORDS).write_text("of a new server\n")
    assert run("restore", tmp_path / "without")[0] == 0, "a record alone is nothing that curators made"
    assert (var / RECORDS).read_text() == "of a new server\n" and len(archive.read_imports(var)) == 2


def test_drafts_are_not_saved(run, var, tmp_path):
    draft = draft_of(turkish(tmp_path), var)
    run("backup", tmp_path / "saved")
    with tarfile.open(tmp_path / "saved") as packed:
        names = packed.getnames()
    assert draft.folder.is_dir() and not any(".making" in name or ".lock" in name for name in names)
    assert names[0] == "database" and names[-1] == "complete"


def test_a_backup_of_an_older_version_leaves_what_curators_made(run, store, var, tmp_path):
    before = content(var)
    key = send(store)
    run("backup", tmp_path / "saved")
    with backups.unpacked(tmp_path / "saved") as (database, _):
        shutil.copy(database, tmp_path / "old")
    code, out, _ = run("restore", tmp_path / "old", "--replace")
    assert code == 0 and "1 requests" in out and "curators" not in out and content(var) == before and key


def test_a_backup_that_was_cut_off_or_changed_changes_nothing(run, store, var, tmp_path):
    send(store)
    run("backup", tmp_path / "saved")
    before = content(var)
    with tarfile.open(tmp_path / "saved") as packed:
        last = packed.getmember("complete").offset
    (tmp_path / "cut").write_bytes((tmp_path / "saved").read_bytes()[:last])
    code, _, err = run("restore", tmp_path / "cut", "--replace")
    assert code == 2 and "its end is missing" in err and content(var) == before
    text = (tmp_path / "saved").read_bytes()
    assert b"Uydurma" in text
    (tmp_path / "changed").write_bytes(text.replace(b"Uydurma", b"Uydurmx"))
    code, _, err = run("restore", tmp_path / "changed", "--replace")
    assert code == 2 and "centres.csv: was changed" in err and content(var) == before
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(requests)).scalar() == 1


def test_check_finds_what_was_changed_or_is_missing(run, var):
    code, out, err = run("check")
    assert code == 0 and "2 imports, 1 recipes, 1 decisions, 1 that wait." in out and err == ""
    kept = next(each for each in archive.read_imports(var) if each.counts)
    (kept.folder / "facts.csv").write_text("centre_id\n")
    (kept.folder / "origins.csv").unlink()
    (var / "recipes" / "monthly.json").write_text("{}")
    (var / "decisions.jsonl").write_text('{"kind": "guess"}\n')
    (var / "decisions_waiting.jsonl").write_text('{"account": "cora"}\n')
    code, out, err = run("check")
    assert code == 1 and out.endswith("5 faults.\n")
    for said in (
        "facts.csv: was changed",
        "origins.csv: is missing",
        "The recipe “monthly” is damaged",
        "/decisions.jsonl",
        "waiting.jsonl",
    ):
        assert said in err
