"""Centres of all inputs, one after the other, each with its facts; faults are said with their place."""

import csv
from collections import defaultdict

import pytest
from import_lists import turkish
from import_steps import draft_of

from opinion.centres.inputs import Inputs
from opinion.centres.listings import Listings, read_tables
from opinion.centres.tables import CENTRES, FACTS, read_table
from opinion.errors import CatalogueError


@pytest.fixture
def folder(tmp_path, var):
    """An import of 5,000 invented centres, of which each third states nothing but its beds."""
    path = tmp_path / "long.csv"
    rows = "".join(
        f"{number},Invented {number},Wien,AT,{'MRI; CT' if number % 3 else ''},{number}\n" for number in range(1, 5001)
    )
    path.write_text(f"id,name,city,country,equipment,beds\n{rows}", "utf-8")
    return draft_of(path, var).folder


def test_each_centre_comes_with_its_facts_and_only_them(folder, tables):
    facts = defaultdict(list)
    for fact in read_table(folder / "facts.csv", FACTS) + read_table(tables / "facts.csv", FACTS):
        facts[fact[0]].append(fact)
    listings = Listings(Inputs(tables, (folder,)))
    shares, ids = [], []
    for listing in listings:
        ids.append(listing.cells[0])
        shares.append(listings.share)
        assert listing.facts == facts.pop(listing.cells[0], [])
    assert not facts and len(ids) == len(set(ids))
    assert set(ids) == {
        row[0] for row in read_table(folder / "centres.csv", CENTRES) + read_tables(Inputs(tables)).centres
    }
    assert shares == sorted(shares) and shares[0] < 0.1 and shares[-1] > 0.9 and listings.share == 1.0


def test_an_import_is_read_while_it_is_used(folder, tables):
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,equipment,mri,,stated,\n")
    listings = iter(Listings(Inputs(tables, (folder,))))
    read = [next(listings) for _ in range(1000)]  # the fault is at the end of the file
    assert len(read) == 1000
    with pytest.raises(
        CatalogueError, match=r"facts\.csv, row \d+: 'nobody' is not in centres\.csv, or facts stand in"
    ):
        list(listings)


def _rewrite(path, change):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("facts.csv", lambda rows: rows.insert(5, rows.pop(1)), r"facts\.csv, row \d+: .* stand in another order"),
        ("facts.csv", lambda rows: rows[3].__setitem__(2, "cat"), r"facts\.csv, row 4: 'cat' is not a kind"),
        ("facts.csv", lambda rows: rows[3].__setitem__(5, "none"), r"facts\.csv, row 4: the origin is not"),
        ("facts.csv", lambda rows: rows[3].__setitem__(4, "guessed"), r"facts\.csv, row 4: 'guessed' is neither"),
        ("facts.csv", lambda rows: rows[3].pop(), r"facts\.csv, row 4: 5 cells, 6 are needed"),
        ("centres.csv", lambda rows: rows[2].__setitem__(CENTRES.index("country_code"), "XX"), r"row 3 .*'XX'"),
        ("centres.csv", lambda rows: rows[2].__setitem__(CENTRES.index("lat"), "95"), r"row 3 .*are not a point"),
        ("centres.csv", lambda rows: rows.append(rows[-1]), "in the catalogue already"),
        ("centres.csv", lambda rows: rows[0].pop(), r"centres\.csv: the first line must read"),
    ],
)  # fmt: skip
def test_a_fault_in_an_import_is_said_with_file_and_line(folder, tables, name, change, message):
    _rewrite(folder / name, change)
    with pytest.raises(CatalogueError, match=message):
        list(Listings(Inputs(tables, (folder,))))


def test_the_same_centre_in_two_lists_is_refused(tmp_path, tables, var):
    first, second = draft_of(turkish(tmp_path), var).folder, draft_of(turkish(tmp_path), tmp_path / "other").folder
    with pytest.raises(CatalogueError, match="in the catalogue already"):
        read_tables(Inputs(tables, (first, second)))
