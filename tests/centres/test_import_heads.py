"""Where the heads of a list stand, in one row or several, and what its columns are called."""

import pytest
from import_lists import grouped_heads, grouped_heads_csv
from test_import_reading import fields_of, proposal, read

from opinion.centres.imports.layouts import Layout
from opinion.centres.imports.rows import first_rows, open_rows


@pytest.mark.parametrize("shape", [grouped_heads, grouped_heads_csv])
def test_heads_in_two_rows_become_one(tmp_path, shape):
    _, columns, rows = read(shape(tmp_path))
    assert columns == ("Spital", "Ort", "Land", "Betten > gesamt", "Betten > davon IPS",
                       "Geräte > MRT", "Geräte > CT", "Geräte > PET/CT")  # fmt: skip
    assert [row[:4] for row in rows] == [
        ["Erfundenes Spital Eins", "Bern", "Schweiz", "310"],
        ["Erfundenes Spital Zwei", "Basel", "Eidgenossenland", "95"],
    ]
    assert list(fields_of(shape(tmp_path)).values()) == [
        "name", "city", "country", "beds", "", "equipment:mri", "equipment:ct", "equipment:pet_ct"
    ]  # fmt: skip
    reader = open_rows(shape(tmp_path), proposal(shape(tmp_path)).layout)
    assert [row.number for row in reader.rows] == [4, 5] and reader.above == 1, "counted as a spreadsheet does"


@pytest.mark.parametrize(
    "lines",
    [
        "name;city;country;;\nOne;Wien;AT;x;y",  # columns without heads, and the first centre
        "Hospital;;;\nname;city;country;beds\nOne;Wien;AT;9",  # a title that is a known head too
        "name;MRI;CT;country\nname;city;x;y\nOne;Wien;AT;9",  # more heads are known if they are not joined
        "name;;city\n;;\nOne;Two;Wien",
    ],
)
def test_heads_in_one_row_stay_so(tmp_path, lines):
    (tmp_path / "a.csv").write_text(lines + "\n", "utf-8")
    assert proposal(tmp_path / "a.csv").layout.header_rows == 1


def test_heads_may_take_one_to_three_rows(tmp_path):
    (tmp_path / "a.csv").write_text("A;;B\nc;;d\ne;f;\n1;2;3\n", "utf-8")
    columns, rows = first_rows(tmp_path / "a.csv", Layout("csv", "utf-8", ";", header_rows=3), 9)
    assert columns == ("A > c > e", "A > c > f", "B > d") and [row.cells for row in rows] == [["1", "2", "3"]]
    for count in (0, 4):
        with pytest.raises(ValueError, match="from 1 to 3"):
            Layout("csv", "utf-8", ";", header_rows=count)


def test_empty_rows_and_rows_above_the_heads_are_counted(tmp_path):
    (tmp_path / "a.csv").write_text("A title;;\n\nname;city;country\n;;\nOne;Wien;AT\n\n", "utf-8")
    reader = open_rows(tmp_path / "a.csv", Layout("csv", "utf-8", ";", header_row=3))
    assert [(row.number, row.cells) for row in reader.rows] == [(5, ["One", "Wien", "AT"])]
    assert (reader.above, reader.empty) == (1, 3)


def test_heads_may_be_missing_or_double(tmp_path):
    (tmp_path / "a.csv").write_text("name,,name\nOne,2,3\n", "utf-8")
    assert first_rows(tmp_path / "a.csv", Layout("csv", "utf-8", ","), 1)[0] == ("name", "Column 2", "name (2)")
    columns, rows = first_rows(tmp_path / "a.csv", Layout("csv", "utf-8", ",", header_row=0), 9)
    assert columns == ("Column 1", "Column 2", "Column 3") and len(rows) == 2
