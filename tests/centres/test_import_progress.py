"""Long imports say how far they are, and whoever stops them in between has changed nothing."""

import pytest
from import_lists import turkish
from import_steps import draft_of, files

from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.imports import archive


class StoppedError(Exception):
    pass


def test_building_says_how_far_it_is(tmp_path, var, tables):
    told: list[tuple[int, float]] = []
    archive.keep(draft_of(turkish(tmp_path), var), var, tables, lambda rows, share: told.append((rows, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1.0
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
