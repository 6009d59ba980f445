"""The same question in SQL, to DuckDB and SQLite. Every answer must be equal."""

import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.columns import by_facet, columns_of, filled
from benchmarks.questions import BANDS, REACHED, STATED_REACHED, TOP, Answer, Bits, bits_of
from opinion.centres.catalogues import Catalogue
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES


def statements(bits: Bits, years: tuple[str, ...], countries: tuple[str, ...]) -> tuple[str, str]:
    """Return two SQL statements, for DuckDB and SQLite: one row with every count, and the first rows."""
    places = ", ".join(f"'{code}'" for code in bits.countries)
    text = f"search LIKE '%{bits.term}%'" if bits.term else "1 = 1"
    flagged = (
        f"SELECT *, ({STATED_REACHED} & {bits.areas}) != 0 AS in_area, (equipped & {bits.items}) = {bits.items} AS"
        f" in_item, country IN ({places}) AS in_place, {text} AS in_text FROM centres"
    )
    but_area, but_item = "in_item AND in_place AND in_text", "in_area AND in_place AND in_text"
    all_ = "in_area AND in_item AND in_place AND in_text"

    def count(condition: str, facet: str, value: str) -> str:
        return f'count(*) FILTER (WHERE {condition}) AS "{facet} {value}"'

    counts = [f'count(*) FILTER (WHERE {all_}) AS "count"']
    for facet, column, base in (
        ("area", STATED_REACHED, but_area),
        ("equipment", "equipped", but_item),
        ("designation", "designated_as", all_),
        ("source", "sources", all_),
    ):
        counts += [
            count(f"{base} AND ({column} & {1 << bit}) != 0", facet, value) for value, bit in bits.of[facet].items()
        ]
    counts += [count(f"{but_area} AND (reached_{focus} & {bits.areas}) != 0", "focus", focus) for focus in FOCUSES]
    counts += [count(f"in_area AND in_item AND in_text AND country = '{code}'", "country", code) for code in countries]
    counts.append(count(f"{all_} AND teaching = 1", "teaching", "stated"))
    counts += [count(f"{all_} AND band = {place}", "beds", band) for place, band in enumerate(BANDS)]
    counts += [count(f"{all_} AND newest = {year.replace('unknown', '0')}", "newest", year) for year in years]
    rank = " + ".join(f"(({name} & {bits.areas}) = 0)::int" for name in REACHED)
    if bits.term:
        spaced = "(' ' || search || ' ')"
        rank += f" + 10 * (2 - ({spaced} LIKE '% {bits.term} %')::int - ({spaced} LIKE '% {bits.term}%')::int)"
    top = f'SELECT "row" FROM ({flagged}) AS flagged WHERE {all_} ORDER BY {rank}, "row" LIMIT {TOP}'
    return f"SELECT {', '.join(counts)} FROM ({flagged}) AS flagged", top


def _answer(named: dict[str, int], rows: Any) -> Answer:
    return Answer(tuple(row for (row,) in rows), named["count"], by_facet(named))


class DuckDB:
    """DuckDB on the same masks: every count in one scan, the country's by grouping."""

    name = "DuckDB on masks"

    def __init__(self, catalogue: Catalogue) -> None:
        import duckdb  # only this engine needs it

        self.catalogue, self.database = catalogue, duckdb.connect()
        frame = pd.DataFrame(columns_of(catalogue))
        self.database.register("frame", frame)
        self.database.execute("CREATE TABLE centres AS SELECT * FROM frame")

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        bits, years = bits_of(self.catalogue, asked), self.catalogue.facets["newest"].values
        counts, top = statements(bits, years, ())
        cursor = self.database.execute(counts)
        named = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
        text = f"AND search LIKE '%{bits.term}%'" if bits.term else ""
        by_country = self.database.execute(
            f"SELECT country, count(*) FROM centres WHERE ({STATED_REACHED} & {bits.areas}) != 0"
            f" AND (equipped & {bits.items}) = {bits.items} {text} GROUP BY country"
        ).fetchall()
        answer = _answer(named, self.database.execute(top).fetchall())
        answer.facets["country"] = filled(by_country, self.catalogue.countries)
        return answer


class SQLite:
    """SQLite in memory on the same masks, with an index on the country."""

    name = "SQLite on masks"

    def __init__(self, catalogue: Catalogue, path: str | Path = ":memory:") -> None:
        self.catalogue, self.database = catalogue, sqlite3.connect(path)
        fill(self.database, catalogue)

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        counts, top = sqlite_statements(self.catalogue, asked)
        cursor = self.database.execute(counts)
        named = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
        return _answer(named, self.database.execute(top).fetchall())


def sqlite_statements(catalogue: Catalogue, asked: Filters) -> tuple[str, str]:
    """Return the two statements as SQLite reads them."""
    found = statements(bits_of(catalogue, asked), catalogue.facets["newest"].values, catalogue.countries)
    counts, top = (text.replace("::int", "") for text in found)
    return counts, top


def fill(database: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Write the columns into a table ``centres`` with an index on each column that is filtered."""
    columns = columns_of(catalogue)
    names = ", ".join(f'"{name}"' for name in columns)
    database.execute(f"CREATE TABLE centres ({names})")
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    database.executemany(f"INSERT INTO centres VALUES ({', '.join('?' * len(columns))})", rows)
    for name in ("country", STATED_REACHED, "equipped", "row"):
        database.execute(f'CREATE INDEX "by_{name}" ON centres ("{name}")')
    database.execute("ANALYZE")
    database.commit()
