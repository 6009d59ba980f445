"""The packed files: the same bytes anywhere, rebuilt when stale, shared between threads."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from invented import ROOT, TABLES, small_tables

from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.centres.coverage import cover_area, cover_field
from opinion.centres.facets import Filters, select
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.centres.names import fold
from opinion.centres.packing import PACKED, pack
from opinion.centres.revising import read_revised
from opinion.centres.rowsets import pack_rows, rows_from, unpack_rows
from opinion.errors import CatalogueError


def test_built_twice_gives_the_same_bytes(packed: Path, catalogue: Catalogue, tmp_path: Path):
    copy = tmp_path / "elsewhere" / "tables"
    shutil.copytree(TABLES, copy)
    counts = pack(tmp_path / "var", Inputs(copy))
    for name in (PACKED, FACTS_DATABASE):
        assert (tmp_path / "var" / name).read_bytes() == (packed / name).read_bytes(), name
    revised = read_revised()
    assert counts["centres in"] == len(read_tables().centres) == catalogue.size + len(revised.folded)
    assert counts["centres packed"] == catalogue.size == len(revised.centres)
    assert counts["facts in"] == len(revised.facts)


def test_a_stale_file_is_rebuilt(tmp_path: Path):
    tables, var = small_tables(tmp_path / "tables"), tmp_path / "var"
    first = load_catalogue(var, tables)
    path = tables / "centres.csv"
    path.write_text(path.read_text("utf-8").replace("Kantonsspital Aarau", "Kantonsspital Anderswo"), "utf-8")
    second = load_catalogue(var, tables)
    row = second.row_of("bag:AG:000")
    assert second.page(np.array([row]), ("name",)).iloc[0, 0] == "Kantonsspital Anderswo AG"
    assert first.table.column("name")[row].as_py() != "Kantonsspital Anderswo AG"  # who holds the old one keeps it
    assert any(fact.value == "Kantonsspital Anderswo AG" for fact in second.facts("bag:AG:000"))


@pytest.mark.parametrize("broken", [PACKED, FACTS_DATABASE])
def test_a_broken_file_is_rebuilt(tmp_path: Path, broken: str):
    tables, var = small_tables(tmp_path / "tables"), tmp_path / "var"
    size = load_catalogue(var, tables).size
    (var / broken).write_bytes(b"half a file")
    again = load_catalogue(var, tables)
    assert again.size == size
    assert again.facts("bag:AG:000")
    assert not [path for path in var.iterdir() if path.name.startswith(".")]  # no half-written files left


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path):
    tables = small_tables(tmp_path / "tables")
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(CatalogueError, match="OPINION_VAR"):
        load_catalogue(tmp_path / "var", tables)


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPINION_VAR", str(tmp_path / "set"))
    assert load_catalogue(tables=small_tables(tmp_path / "tables")).folder == tmp_path / "set"


def test_rows_are_in_the_order_of_names(catalogue: Catalogue):
    names = catalogue.table.column("name").to_pylist()
    # accents do not send a name to the end
    accented = next(number for number, name in enumerate(names) if name.startswith("Örebro"))
    assert names.index("Luzerner Kantonsspital") < accented < names.index("Zuger Kantonsspital AG")
    latin = [fold(name) for name in names if name.isascii() and name.replace(" ", "").isalnum()]
    assert latin == sorted(latin)


def test_facts_carry_publisher_address_and_date(catalogue: Catalogue):
    facts = catalogue.facts("es:280029")
    assert {fact.field for fact in facts} >= {"name", "city", "point", "beds", "equipment", "disease_area"}
    for fact in facts:
        assert fact.publisher
        # pages of many publishers: there is no address but the page's own
        assert fact.publisher_url.startswith("https://") or fact.source == "single_pages"
        assert fact.source_url.startswith("https://")
        assert fact.source_date
        assert fact.licence
    beds = {fact.source_date: fact.value for fact in facts if fact.field == "beds"}
    assert beds == {"2020": "901", "2025": "886"}
    linac = next(fact for fact in facts if fact.value == "linear_accelerator")
    assert (linac.count, linac.certainty) == (4, "stated")
    radiotherapy = next(fact for fact in facts if fact.value == "radiotherapy")
    assert (radiotherapy.count, radiotherapy.certainty, radiotherapy.code) == (None, "implied", "linear_accelerator")


def test_no_value_is_ever_a_no(catalogue: Catalogue):
    teaching = set(catalogue.table.column("teaching").to_pylist())
    assert teaching == {True, None}
    beds = catalogue.table.column("beds").to_pylist()
    assert None in beds
    for centre_id in catalogue.table.column("centre_id").to_pylist()[::2000]:
        assert not [fact for fact in catalogue.facts(centre_id) if fact.value.lower() in ("no", "unknown", "")]


def test_what_worked_out_values_are_marked(catalogue: Catalogue):
    facts = catalogue.facts("jp:Tottori:0111097")
    assert {fact.certainty for fact in facts if fact.source == "geonames"} == {"derived"}
    point = next(fact for fact in facts if fact.field == "point")
    assert point.certainty == "derived"
    assert point.value.endswith(",city_geonames")


def test_an_unknown_centre_is_an_error(catalogue: Catalogue):
    with pytest.raises(CatalogueError, match="no centre 'x:1'"):
        catalogue.facts("x:1")


def test_a_catalogue_is_read_only(catalogue: Catalogue):
    for array in (catalogue.lat, catalogue.all_rows, catalogue.country_rows, catalogue.areas["designated"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 1000])
def test_packed_rows_come_back(size: int):
    flags = np.random.default_rng(size).random(size) < 0.5
    rows = np.flatnonzero(flags).tolist()
    assert unpack_rows(pack_rows(flags)).tolist() == rows
    for start in (0, 1, 63, 64, 70, size):
        for most in (0, 1, 50, size):
            assert rows_from(pack_rows(flags), start, most).tolist() == rows[start : start + most]


def test_threads_read_facts_and_texts(catalogue: Catalogue):
    ids = catalogue.table.column("centre_id").to_pylist()[:40]
    expected = [catalogue.facts(id_) for id_ in ids]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(catalogue.facts, ids)) == expected
        texts = [f"hospital {letter}" for letter in "abcdefghij"] * 20
        counts = [select(catalogue, Filters(text=text)).count for text in texts[:10]] * 20
        assert list(threads.map(lambda text: select(catalogue, Filters(text=text)).count, texts)) == counts


def test_coverage_is_computed(catalogue: Catalogue):
    equipment = cover_field(catalogue, "equipment")
    assert {"US", "JP", "CH", "ES", "PT", "CZ", "DE", "FR"} <= set(equipment.countries)
    assert "AR" not in equipment.countries
    assert "AR" not in cover_field(catalogue, "disease_area").countries
    proton = cover_field(catalogue, "equipment", "proton_therapy")
    assert proton.countries["JP"] == 13
    assert proton.centres > 50
    argentina = cover_area(catalogue, "oncology", "AR")
    assert argentina.nothing_stated
    assert argentina.listed > argentina.only_suggested > 0
    germany = cover_area(catalogue, "oncology", "DE")
    assert germany.stated >= germany.specialised >= 26
    assert cover_area(catalogue, "oncology", "XX").listed == 0
    assert cover_area(catalogue, "spine", "US").no_register
    with pytest.raises(CatalogueError, match="Did you mean 'proton_therapy'"):
        cover_field(catalogue, "equipment", "proton")


def test_importing_the_package_does_not_load_pandas():
    script = "import sys, opinion.centres, opinion.centres.commands; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
