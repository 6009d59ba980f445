"""Decisions over the tables: doubles folded, corrections before sources, everything taken back by an undo."""

import pytest
from invented import small_tables

from opinion.centres.catalogues import load_catalogue
from opinion.centres.decisions import Decision, decide, now, read_revisions
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.inputs import inputs_in
from opinion.centres.rowsets import unpack_rows
from opinion.errors import CatalogueError

ONE, OTHER = "bag:AG:000", "bag:AG:001"


@pytest.fixture
def var(tmp_path):
    return tmp_path / "var"


@pytest.fixture
def tables(tmp_path):
    return small_tables(tmp_path / "tables")


def said(kind, **more):
    return Decision(kind, now(), "carla", **more)


def test_a_double_goes_into_the_other_and_comes_back(var, tables):
    before = load_catalogue(var, tables)
    whole = {fact.value for id_ in (ONE, OTHER) for fact in before.facts(id_) if fact.field == "equipment"}
    of_other = before.facts(OTHER)
    merge = said("merge", centre_id=ONE, other_id=OTHER)
    decide(var, [merge])
    merged = load_catalogue(var, tables)
    assert merged.size == before.size - 1
    assert merged.row_of(OTHER) == merged.row_of(ONE)
    assert {fact.value for fact in merged.facts(ONE) if fact.field == "equipment"} == whole
    assert any(fact.about_id == OTHER and fact.field == "name" for fact in merged.facts(OTHER, with_past=True))
    assert not any(fact.about_id for fact in merged.facts(ONE))
    decide(var, [said("undo", undoes=merge.id)])
    again = load_catalogue(var, tables)
    assert again.table.drop_columns(["search"]).equals(before.table.drop_columns(["search"]))
    assert again.facts(OTHER) == of_other


def test_a_centre_is_found_by_its_doubles_name(var, tables):
    before = load_catalogue(var, tables)
    name = before.table.column("name")[before.row_of(OTHER)].as_py()
    decide(var, [said("merge", centre_id=ONE, other_id=OTHER)])
    merged = load_catalogue(var, tables)
    assert merged.table.column("name_other")[merged.row_of(ONE)].as_py() == name
    assert merged.row_of(ONE) in unpack_rows(select(merged, Filters(text=name)).chosen)
    sources = {fact.source for fact in merged.facts(ONE, with_past=True) if fact.about_id == OTHER}
    for source in sources:
        assert merged.row_of(ONE) in unpack_rows(select(merged, Filters(sources=(source,))).chosen)


def test_an_undo_can_be_undone(var, tables):
    merge = said("merge", centre_id=ONE, other_id=OTHER)
    undo = said("undo", undoes=merge.id)
    decide(var, [merge, undo, said("undo", undoes=undo.id)])
    revisions = read_revisions(inputs_in(var, tables).decisions)
    assert revisions.kept_of == {OTHER: ONE} and len(revisions.history) == 3


def test_doubles_of_doubles_end_in_one(var, tables):
    decide(var, [said("merge", centre_id="b", other_id="c"), said("merge", centre_id="a", other_id="b"),
                 said("merge", centre_id="c", other_id="a")])  # fmt: skip
    assert read_revisions(inputs_in(var, tables).decisions).kept_of == {"b": "a", "c": "a"}


@pytest.mark.parametrize(
    ("field", "value"), [("beds", "77"), ("name", "Kantonsspital Neu"), ("website", "https://x.ch/")]
)
def test_a_correction_comes_before_the_source_which_stays(var, tables, field, value):
    before = {fact.value for fact in load_catalogue(var, tables).facts(ONE) if fact.field == field}
    decide(var, [said("correct", centre_id=ONE, field=field, value=value, source="Annual report", address="https://x.ch/r",
                      date="2026-10")])  # fmt: skip
    catalogue = load_catalogue(var, tables)
    (fact,) = [fact for fact in catalogue.facts(ONE) if fact.field == field]
    assert (fact.value, fact.entered_by, fact.source, fact.source_date) == (value, "carla", "corrections", "2026-10")
    assert str(catalogue.table.column(field)[catalogue.row_of(ONE)].as_py()) == value
    past = {fact.value for fact in catalogue.facts(ONE, with_past=True) if fact.standing == "corrected"}
    assert past == before


def test_what_is_set_aside_counts_no_more_and_stays(var, tables):
    decide(var, [said("set_aside", centre_id=ONE, field="equipment", value="angiography", note="sold")])
    catalogue = load_catalogue(var, tables)
    assert "angiography" not in {fact.value for fact in catalogue.facts(ONE)}
    assert [f.standing for f in catalogue.facts(ONE, with_past=True) if f.value == "angiography"] == ["set_aside"]


def test_a_faulty_line_is_said_with_its_place(var, tables):
    var.mkdir()
    (var / "decisions.jsonl").write_text('{"kind": "merge", "at": "x", "by": "y"}\n{"kind": "maybe"}\n')
    with pytest.raises(CatalogueError, match="line 2"):
        load_catalogue(var, tables)
