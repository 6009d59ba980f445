"""A release of a register that a command took over stands on the page Import, and can be taken back there."""

import sys
from pathlib import Path

import pytest
from opening import open_page

from opinion.__main__ import main
from opinion.centres import shared
from opinion.centres.filters import parameters
from opinion.centres.imports.archive import read_imports
from opinion.centres.shared import shared_catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from register_steps import sample


@pytest.fixture
def var(tmp_path, monkeypatch, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    monkeypatch.setenv("OPINION_VAR", str(tmp_path))
    work_as("curator")
    yield tmp_path
    monkeypatch.undo()
    shared._loaded.cache_clear()
    parameters.cache_clear()


def test_a_release_is_listed_and_undone(var, capsys):
    raw = [str(path) for path in sample("hifld")]
    assert main(["centres", "register", "hifld", *raw, "--released", "2018", "--yes", "--fewer"]) == 0
    one = read_imports(var)[0]
    western, gone = "hifld:0006098494", "hifld:0000000095"
    catalogue = shared_catalogue()
    assert any(fact.source_date == "2018-08-10" for fact in catalogue.facts(western))
    assert {fact.field for fact in catalogue.facts(gone)} & {"beds", "disease_area"} == set()
    app = open_page("import_centres")
    assert not app.exception
    shown = "\n".join(each.value for each in (*app.markdown, *app.caption))
    shown = shown.replace("\\", "")  # as it is read, not as it is escaped
    assert "Hospitals (Homeland Infrastructure Foundation-Level Data), 2018" in shown and "hifld-hospitals.csv" in shown
    app.button(key=f"import_undo_{one.id}").click().run()
    assert not app.exception and read_imports(var)[0].is_undone
    assert {fact.field for fact in shared_catalogue().facts(gone)} & {"beds", "disease_area"}
    app.button(key=f"import_redo_{one.id}").click().run()
    assert not app.exception and not read_imports(var)[0].is_undone
