"""Long imports say how far they are; who stops them has changed nothing; what is too large is said."""

import pytest
from import_lists import merged_cells, turkish
from import_steps import draft_of, files, rows_of

from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.imports import archive, drafts, sheets
from opinion.centres.imports.records import RecordReader
from opinion.errors import CatalogueError


class StoppedError(Exception):
    pass


def test_building_says_how_far_it_is(tmp_path, var, tables):
    told: list[tuple[int, float]] = []
    path = tmp_path / "long.csv"
    rows = "".join(f"{number},Invented {number},Wien,AT,MRI\n" for number in range(5000))
    path.write_text(f"id,name,city,country,equipment\n{rows}", "utf-8")
    archive.keep(draft_of(path, var), var, tables, lambda rows, share: told.append((rows, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1.0 and len([share for share in shares if share < 1]) >= 5
    assert told[-1][0] == load_catalogue(var, tables).size


@pytest.mark.parametrize("at", [0, -1])
def test_who_stops_building_finds_the_catalogue_as_it_was(tmp_path, var, tables, at):
    before, told = files(var), list[float]()
    draft = draft_of(turkish(tmp_path), var)

    def stop(_, share):
        told.append(share)
        if share >= (0.0, 1.0)[at]:
            raise StoppedError

    with pytest.raises(StoppedError):
        archive.keep(draft, var, tables, stop)
    assert files(var) == before and is_packed(var, tables) and not archive.read_imports(var)
    kept = archive.keep(draft, var, tables)  # the draft is still there
    assert [each.id for each in archive.read_imports(var)] == [kept.id]


def test_a_spreadsheet_that_memory_cannot_hold_is_refused_with_the_way_out(tmp_path, monkeypatch):
    path = merged_cells(tmp_path)
    assert sheets.first_rows(path, "Hospitals", 3)
    sheets._book.cache_clear()
    monkeypatch.setattr(sheets, "MOST_MB", -1)
    with pytest.raises(CatalogueError, match="Save it as CSV"):
        sheets.sheet_names(path)


def _machines(folder, order):
    path = folder / "machines.csv"
    rows = [f"{number},Invented {number},Wien,AT,{machine}" for number in range(40) for machine in ("MRI", "CT", "CT")]
    path.write_text("\n".join(["id,name,city,country,equipment", *sorted(rows, key=order)]) + "\n", "utf-8")
    return path


def test_rows_of_one_centre_are_held_up_to_its_last_and_no_longer(tmp_path, monkeypatch):
    steps: list[str] = []
    read, take = RecordReader.read, drafts._Drafting._take
    monkeypatch.setattr(RecordReader, "read", lambda reader, row: (steps.append("read"), read(reader, row))[1])
    monkeypatch.setattr(drafts._Drafting, "_take", lambda work, rows: (steps.append("take"), take(work, rows))[1])
    draft = draft_of(_machines(tmp_path, lambda row: int(row.split(",")[0])), tmp_path / "one", is_pivoted=True)
    assert steps == ["read", "read", "read", "take"] * 40
    apart = draft_of(_machines(tmp_path, lambda row: row.split(",")[-1]), tmp_path / "two", is_pivoted=True)
    for name in ("centres.csv", "facts.csv"):
        here, there = (sorted(tuple(row.values()) for row in rows_of(each, name)) for each in (draft, apart))
        assert here == there and here, name
    assert ("equipment", "ct", "2") in {
        (row["field"], row["value"], row["count"]) for row in rows_of(apart, "facts.csv")
    }
