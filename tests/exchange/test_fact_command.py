"""The commands about facts: correct, set aside, history, revert, conflicts, overdue, export; faults change nothing."""

import sys
from datetime import date
from pathlib import Path

import pytest

from opinion.__main__ import main
from opinion.centres import staleness
from opinion.centres.shared import shared_catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))

CENTRE = "es:280029"
READ = ("--source", "Invented report", "--address", "https://example.org/r", "--date", "2026-03", "--by", "carla")


@pytest.fixture
def var(var, monkeypatch, sqlite_store):
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 11, 23))
    return var


def run(capsys, *words):
    code = main(["centres", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def beds():
    return {fact.value for fact in shared_catalogue().facts(CENTRE) if fact.field == "beds"}


def test_a_correction_its_history_and_the_way_back(var, capsys):
    code, out, _ = run(capsys, "correct", CENTRE, "beds", "880", *READ, "--note", "invented")
    assert code == 0 and "understood: beds 880; read in Invented report, 2026-03, https://example.org/r" in out
    assert beds() == {"880"}
    _, out, _ = run(capsys, "history", CENTRE)
    assert "beds corrected to 880" in out and "carla" in out and "Invented report; 2026-03" in out and "invented" in out
    id_ = out.split()[0]
    assert run(capsys, "revert", id_, "--by", "carla")[0] == 0 and beds() == {"886", "901"}
    _, out, _ = run(capsys, "history", CENTRE)
    assert out.splitlines()[0].endswith(f"Taken back: {id_}") and "(taken back by carla" in out
    assert run(capsys, "revert", id_)[0] == 2, "it is taken back already"
    assert run(capsys, "revert", out.split()[0])[0] == 0 and beds() == {"880"}


def test_every_fault_is_said_and_nothing_changes(var, capsys):
    bad = ("--source", " ", "--address", "no address", "--date", "2027-03")
    code, _, err = run(capsys, "correct", CENTRE, "beds", "many", *bad)
    assert code == 2 and all(
        part in err for part in ("whole number", "Name the page", "www.example.org/report", "in the future")
    )
    code, _, err = run(capsys, "correct", CENTRE, "equipment", "time_machine", *READ)
    assert code == 2 and "not in our list" in err
    code, _, err = run(capsys, "correct", CENTRE, "beds", "886", *READ)
    assert code == 2 and "says already" in err
    code, _, err = run(capsys, "correct", CENTRE, "facility_type", "x", *READ)
    assert code == 2 and "cannot be corrected" in err
    assert run(capsys, "correct", "nobody", "beds", "1", *READ)[0] == 2
    assert run(capsys, "set-aside", CENTRE, "equipment", "cyberknife", "--note", "x")[0] == 2
    assert run(capsys, "revert", "000000000000")[0] == 2
    assert not (var / "decisions.jsonl").exists()


def test_a_machine_with_its_number_and_a_point(var, capsys):
    assert run(capsys, "correct", CENTRE, "equipment", "linear_accelerator", "--count", "5", *READ)[0] == 0
    assert run(capsys, "correct", CENTRE, "point", "40.4880, -3.6950", *READ)[0] == 0
    catalogue = shared_catalogue()
    row = catalogue.row_of(CENTRE)
    assert "linear_accelerator:5" in catalogue.table.column("equipment_counts")[row].as_py()
    assert (catalogue.lat[row], catalogue.lon[row]) == (40.488, -3.695)
    past = [fact for fact in catalogue.facts(CENTRE, with_past=True) if fact.standing == "corrected"]
    assert {(fact.field, fact.count) for fact in past} == {("equipment", 4), ("point", None)}


def test_what_is_set_aside(var, capsys):
    assert (
        run(capsys, "set-aside", CENTRE, "equipment", "linear_accelerator", "--note", "sold", "--by", "carla")[0] == 0
    )
    assert "linear_accelerator" not in {fact.value for fact in shared_catalogue().facts(CENTRE)}
    assert "sold" in run(capsys, "history")[1]


def test_a_conflict_is_accepted_once_and_comes_back(var, capsys):
    code, out, _ = run(capsys, "accept", CENTRE, "beds", "--note", "two houses", "--by", "carla")
    assert code == 0 and CENTRE not in run(capsys, "conflicts")[1]
    code, _, err = run(capsys, "accept", CENTRE, "beds")
    assert code == 2 and "Nothing is open" in err
    assert "beds looked at, fine: 886 | 901" in run(capsys, "history", CENTRE)[1]
    assert run(capsys, "revert", out.split()[2].rstrip(";"))[0] == 0 and CENTRE in run(capsys, "conflicts")[1]


def test_conflicts_and_overdue_sources_are_printed(var, capsys):
    _, out, _ = run(capsys, "conflicts")
    assert "886 (es_cnh_madrid_2025, 2025)  before 901 (es_cnh_2020, 2020): it is newer" in out
    _, out, _ = run(capsys, "overdue")
    assert "bag_ch               since 2023-04-30" in out and "hifld" not in out


def test_an_export_names_its_file_rightly_or_says_so(var, capsys, tmp_path):
    assert run(capsys, "export", str(tmp_path / "all.csv"))[0] == 2
    assert run(capsys, "export", str(tmp_path / "nowhere" / "all.zip"))[0] == 2
    code, out, _ = run(capsys, "export", str(tmp_path / "all.zip"))
    assert code == 0 and (tmp_path / "all.zip").read_bytes()[:2] == b"PK" and "written to" in out
    assert run(capsys, "export", "--inputs", str(tmp_path / "inputs.zip"))[0] == 0
    assert "centres build --tables" in run(capsys, "export", "--inputs", str(tmp_path / "inputs.zip"))[1]
