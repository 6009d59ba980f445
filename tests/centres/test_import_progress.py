"""Long imports say how far they are; who stops them has changed nothing; what is too large is said."""

import pytest
from import_lists import merged_cells, turkish
from import_steps import draft_of, files

from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.imports import archive, sheets
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
