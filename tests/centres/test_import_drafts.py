"""From a list to a draft: every shape is read, every fault is found, and no row is lost."""

import csv
import dataclasses
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_lists import (
    SOURCE,
    decimal_commas,
    faulty,
    json_lines,
    merged_cells,
    ods,
    parquet,
    row_per_machine,
    russian,
    tilde_cp1252,
    turkish,
    utf16,
    with_remarks,
)
from import_steps import SHAPES, T, codes, draft_of, recipe_for, rows_of
from invented import ROOT, small_tables

from opinion.centres.catalogues import load_catalogue
from opinion.centres.imports import archive
from opinion.centres.imports.drafts import make_draft
from opinion.centres.imports.problems import Problem, ProblemGroups
from opinion.centres.imports.remarks import REMARKS
from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.exchange.import_files import fate_rows, problems_as_csv
from opinion.exchange.import_wordings import field_words, group_words, problem_words, recipe_fault_words
from opinion.exchange.import_words import import_words
from opinion.exchange.waiting_files import waiting_file

# ---- every shape


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_imported_and_every_row_is_somewhere(tmp_path, var, tables, shape):
    draft = draft_of(shape(tmp_path), var, is_pivoted=shape is row_per_machine)
    counts = draft.counts
    assert counts["rows"] == counts["imported"] + counts["waiting"] > 0 and counts["centres"]
    assert len(rows_of(draft, "waiting.csv")) == counts["waiting"]
    assert len(rows_of(draft, "centres.csv")) == counts["centres"]
    assert {int(row["row"]) for row in rows_of(draft, "waiting.csv")} == set(codes(draft))
    before = load_catalogue(var, tables)
    kept = archive.keep(draft, var, tables)
    catalogue = load_catalogue(var, tables)
    assert catalogue.size == before.size + counts["centres"]
    facts = [fact for row in rows_of(kept, "centres.csv") for fact in catalogue.facts(row["centre_id"])]
    assert {(fact.source_title, fact.licence) for fact in facts} == {(SOURCE.title, SOURCE.licence)}
    assert all(fact.source_url and fact.source_date for fact in facts)


def imported(shape, tmp_path, **changed):
    draft = draft_of(shape(tmp_path), tmp_path / "var", **changed)
    facts: dict[str, set] = {}
    for fact in rows_of(draft, "facts.csv"):
        facts.setdefault(fact["centre_id"], set()).add((fact["field"], fact["value"], fact["count"]))
    return draft, {row["name"]: (row, facts.get(row["centre_id"], set())) for row in rows_of(draft, "centres.csv")}


def test_what_merged_cells_say(tmp_path):
    draft, found = imported(merged_cells, tmp_path)
    assert {row["country_code"] for row, _ in found.values()} == {"AT"} and draft.counts["above"] == 1
    assert found["Invented Clinic Three"][1] == {("equipment", "mri", "2")}
    assert found["Invented Clinic Two"][1] == {("beds", "80", "")}, "a no is no fact"
    assert codes(draft, holding=False) == {5: {"says_no"}}


def test_what_the_other_shapes_say(tmp_path):
    assert imported(tilde_cp1252, tmp_path)[1]["Klinik Übermut"][1] == {
        ("beds", "1234", ""), ("equipment", "ct", ""), ("equipment", "pet_ct", "2"),
    }  # fmt: skip
    assert imported(turkish, tmp_path)[1]["Uydurma Şişli Eğitim Hastanesi"][1] == {
        ("beds", "1250", ""), ("disease_area", "cardiology", ""), ("disease_area", "pulmonology", ""),
        ("teaching", "yes", ""),
    }  # fmt: skip
    found = imported(russian, tmp_path)[1]
    assert found["Выдуманная городская больница"][1] == {
        ("beds", "1100", ""), ("equipment", "mri", ""), ("equipment", "ct", ""),
    }  # fmt: skip
    assert found["Выдуманный онкологический центр"][0]["country_code"] == "RU"
    assert imported(utf16, tmp_path)[1]["虚構病院"][1] == {("beds", "120", ""), ("disease_area", "ophthalmology", "")}
    draft, found = imported(decimal_commas, tmp_path)
    assert (found['Clinique "Inventée"; site A'][0]["lat"], codes(draft)) == ("45.764", {3: {"not_whole"}})
    assert imported(ods, tmp_path)[1]["Hospital Ficticio"][1] == {("beds", "310", "")}
    assert imported(parquet, tmp_path)[1]["Invented East"][1] >= {("equipment", "mri", ""), ("beds", "240", "")}
    draft, found = imported(json_lines, tmp_path)
    assert found["Invented Valley"][1] == {("teaching", "yes", "")} and "not_json" in codes(draft)[4]


def test_rows_of_one_centre_are_put_together_and_wait_together(tmp_path):
    draft, found = imported(row_per_machine, tmp_path, is_pivoted=True)
    assert found["Invented North"][1] == {("equipment", "mri", "3"), ("equipment", "ct", "1")}
    assert codes(draft) == {3: {"another_row_waits"}, 6: {"word_unknown"}}
    assert_each_row_stands_there_once(draft, 6)
    north = rows_of(draft, "centres.csv")[0]["centre_id"]
    assert [(each["what"], each["centre_id"], each["facts"]) for each in rows_of(draft, "rows.csv")] == [
        ("heads", "", "0"), ("new", north, "1"), ("waits", "", "0"), ("adds", north, "1"), ("adds", north, "1"),
        ("waits", "", "0"),
    ], "in the order of the file, though the rows of a centre are written together"  # fmt: skip
    assert draft.counts | {"facts": 2, "centres": 1, "imported": 3, "waiting": 2} == draft.counts
    assert "same_centre" in codes(draft_of(tmp_path / "machines.csv", tmp_path / "var"))[4], "not without being asked"


def test_every_fault_is_found_in_its_row(tmp_path):
    draft = draft_of(faulty(tmp_path), tmp_path / "var")
    expected = {
        3: "point_swapped", 4: "scientific", 5: "point_at_sea", 6: "point_elsewhere", 7: "point_zero", 8: "not_a_point",
        9: "beds_impossible", 10: "beds_impossible", 11: "id_twice", 12: "date_in_future", 13: "date_unclear",
        14: "letters_broken", 15: "letters_broken", 16: "country_unknown", 17: "name_empty", 18: "word_unknown",
        19: "not_a_website", 20: "country_empty", 21: "half_a_point", 23: "cells_missing", 24: "cells_too_many",
    }  # fmt: skip
    found = codes(draft)
    assert all(code in found[row] for row, code in expected.items()), found
    assert set(found) == set(expected), "rows 2 and 22 are right"
    assert codes(draft, holding=False) == {22: {"beds_zero"}}


def test_what_may_be_right_is_accepted_if_a_person_says_so(tmp_path):
    draft = draft_of(faulty(tmp_path), tmp_path / "var", accepted=("point_at_sea", "point_elsewhere", "letters_broken"))
    assert not {5, 6, 14, 15} & set(codes(draft))
    assert {row for row, found in codes(draft, holding=False).items() if "accepted" in found} == {5, 6, 14, 15}


def test_headings_sums_and_notes_between_the_rows_are_no_centres_unless_a_person_says_so(tmp_path):
    draft = draft_of(with_remarks(tmp_path), tmp_path / "var")
    one, total = {"row_of_one_text"}, {"row_of_sum"}
    assert codes(draft) == {2: one, 4: total, 5: one, 7: total, 8: one}
    names = ["Erfundenes Spital Eins", "Summe Klinik", "Erfundenes Spital Zwei"]
    assert [row["name"] for row in rows_of(draft, "centres.csv")] == names
    draft = draft_of(tmp_path / "remarks.xlsx", tmp_path / "var", accepted=tuple(REMARKS), country="CH")
    assert codes(draft) == {5: {"country_unknown", "not_whole"}}, "merged, it stands in all cells"
    assert codes(draft, holding=False)[2] == {"accepted"} and draft.counts["centres"] == 7


def test_a_group_of_rows_names_no_single_other_row(tmp_path):
    lines = ["name;city;country", *["One;Wien;AT"] * 3, "Two;Graz;AT", "Two;Graz;AT"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    (group,) = draft_of(tmp_path / "a.csv", tmp_path / "var").groups
    assert group.count == 3 and group_words(group, T)[0] == "Name and place stand in another row too."
    (tmp_path / "a.csv").write_text("\n".join(lines[:3]), "utf-8")
    (group,) = draft_of(tmp_path / "a.csv", tmp_path / "var").groups
    assert group_words(group, T)[0] == "Name and place stand in row 2 too."


def test_where_only_names_are_listed_each_is_a_centre(tmp_path):
    (tmp_path / "a.csv").write_text("name;city\nOne;\nTwo;\n", "utf-8")
    assert codes(draft_of(tmp_path / "a.csv", tmp_path / "var", country="AT")) == {}


def test_a_heading_that_returns_is_said_once(tmp_path):
    (tmp_path / "a.csv").write_text("name;city;beds\nEast;;\nOne;Wien;9\nEast;;\n", "utf-8")
    draft = draft_of(tmp_path / "a.csv", tmp_path / "var", country="AT")
    assert codes(draft) == {2: {"row_of_one_text"}, 4: {"row_of_one_text"}}
    assert [group.count for group in draft.groups] == [2]


def test_a_recipe_says_what_words_mean(tmp_path):
    values = {"equipment": {"time machine": ""}, "countries": {"Austrya": "AT"}}
    draft = draft_of(faulty(tmp_path), tmp_path / "var", values=values, country="DE")
    assert not {16, 18, 20} & set(codes(draft))
    assert codes(draft, holding=False)[18] == {"word_left_out"}
    assert {row["name"]: row["country_code"] for row in rows_of(draft, "centres.csv")}["No country"] == "DE"


def test_machines_of_several_strengths_are_several_and_the_wording_is_kept(tmp_path):
    lines = ["name;city;country;equipment", "One;Wien;AT;CT 64, MRT 1,5 T, MRT 3T (2)", "Two;Graz;AT;MRT 3T, CT 2"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    draft = draft_of(tmp_path / "a.csv", tmp_path / "var")
    assert [(each["value"], each["count"]) for each in rows_of(draft, "facts.csv")] == [("ct", ""), ("mri", "3")]
    assert {each["code"] for each in rows_of(draft, "origins.csv")} >= {"CT 64", "MRT 1.5 T; MRT 3T"}
    assert codes(draft, holding=False)[2] == {"size_passed_over"} and codes(draft)[3] == {"word_unknown"}
    assert draft.counts["unexplained"] == draft.counts["waiting"] == 1
    reason = list(fate_rows(draft.folder, T))[2][-1]
    assert reason.startswith("equipment: This word is not known.") and "read as MRI" in reason, "what holds back first"


def test_a_thousand_equal_problems_are_one_line(tmp_path):
    rows = "\n".join(f"Invented {number},Wien,Atlantis,{number}.5" for number in range(1000))
    (tmp_path / "many.csv").write_text(f"name,city,country,beds\n{rows}\n", "utf-8")
    draft = draft_of(tmp_path / "many.csv", tmp_path / "var")
    assert [(group.code, group.count, group.rows) for group in draft.groups] == [
        ("country_unknown", 1000, [2, 3, 4, 5, 6]), ("not_whole", 1000, [2, 3, 4, 5, 6]),
    ]  # fmt: skip


def test_groups_keep_apart_what_differs():
    groups = ProblemGroups()
    groups.add([Problem(1, "a", "word_unknown", "x"), Problem(2, "a", "word_unknown", "y"), Problem(3, "b", "says_no")])
    assert [(group.value, group.holds_back) for group in groups.groups()] == [("x", True), ("y", True), ("", False)]


# ---- nothing is dropped


# a file with a byte 0 is no text, and refused before it is read
_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12) | st.sampled_from(
    ["", "Clinic", "Wien", "AT", "Austria", "48.2", "16.37", "100", "yes", "MRI; CT", "1.234", "2999", "n/a", "=1+1"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(_CELLS, min_size=1, max_size=9), max_size=12), is_pivoted=st.booleans())
def test_rows_in_are_rows_imported_and_rows_that_wait(tmp_path, rows, is_pivoted):
    fields = ("id", "name", "city", "country", "lat", "lon", "beds", "equipment")
    text = io.StringIO(newline="")
    csv.writer(text).writerows([fields, *rows])
    path = tmp_path / "any.csv"
    path.write_bytes(text.getvalue().encode())
    recipe = recipe_for(path, columns={field: field for field in fields}, is_pivoted=is_pivoted)
    recipe = dataclasses.replace(recipe, layout=dataclasses.replace(recipe.layout, encoding="utf-8", delimiter=",",
                                                                    quote='"', header_row=1))  # fmt: skip
    draft = make_draft(path, recipe, import_words(), tmp_path / "var", frozenset(), "Cora")
    said = [row for row in rows if any(cell.strip() for cell in row)]
    waiting = rows_of(draft, "waiting.csv")
    assert draft.counts["rows"] == len(said) == draft.counts["imported"] + draft.counts["waiting"]
    assert len(waiting) == draft.counts["waiting"] and draft.counts["empty"] == len(rows) - len(said)
    assert len({row["row"] for row in waiting}) == len(waiting)
    assert_each_row_stands_there_once(draft, 1 + len(rows))
    if not is_pivoted:
        assert draft.counts["imported"] == draft.counts["centres"]
    if draft.counts["centres"]:
        known = tmp_path / "tables"
        read_tables(Inputs(known if known.exists() else small_tables(known), (draft.folder,)))
    draft.drop()


def assert_each_row_stands_there_once(draft, rows):
    """Say that ``rows.csv`` has each of the rows of a file, and that it and the other tables say the same."""
    fates = rows_of(draft, "rows.csv")
    assert [int(each["row"]) for each in fates] == list(range(1, rows + 1))
    what = {name: [each for each in fates if each["what"] == name] for name in {each["what"] for each in fates}}
    assert [each["row"] for each in what.get("waits", ())] == [row["row"] for row in rows_of(draft, "waiting.csv")]
    assert len(what.get("empty", ())) == draft.counts["empty"] and len(what.get("above", ())) == draft.counts["above"]
    went_in = [*what.get("new", ()), *what.get("adds", ())]
    assert len(went_in) == draft.counts["imported"] and {each["centre_id"] for each in fates} - {""} == {
        row["centre_id"] for row in rows_of(draft, "centres.csv")
    }
    assert len(what.get("new", ())) == len({each["centre_id"] for each in went_in}) == draft.counts["centres"]
    if not what.get("adds"):
        assert sum(int(each["facts"]) for each in fates) == draft.counts["facts"]


def test_files_are_guarded_against_formulas_and_say_what_to_do(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,city,country,lon,lat\n=1+1,-Wien,Atlantis,-16.5,95\n", "utf-8")
    draft = draft_of(path, tmp_path / "var")
    text = waiting_file(draft.folder).content(T).decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row[:5] == ["'=1+1", "'-Wien", "Atlantis", "-16.5", "95"] and "not known" in row[-1]
    problems = list(csv.DictReader(io.StringIO(problems_as_csv(draft.folder, T).decode("utf-8-sig"))))
    assert {each["What it does"] for each in problems} == {"holds the row back"}
    assert all(each["What is wrong"] and each["What to do"] for each in problems)


def test_every_code_has_words():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "opinion/centres/imports").glob("*.py"))
    said = set(re.findall(r'_say\(\s*record, "(\w+)"', source)) | set(re.findall(r'CellError\("(\w+)"', source))
    said |= set(re.findall(r'Problem\([^"]*"", "(\w+)"', source)) | set(
        re.findall(r'return "(point_\w+|not_a_point)"', source)
    )
    said |= set(re.findall(r'faults.append\("(\w+)"', source)) | {"not_json", "country_unknown", "country_empty"}
    assert len(said) > 30
    for code in said - {""}:
        assert all(problem_words(code, "value", "AT", T)), code
    faults = set(re.findall(r'found.append\("(\w+)"', source))
    assert len(faults) == 9 and all(recipe_fault_words(code, T) for code in faults)
    assert field_words("equipment:mri", T) == "Yes or no: MRI"
