"""The same question in pandas, polars, DuckDB and SQLite, each in a form that suits it. Every answer must be equal."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.questions import BANDS, REACHED, STATED_REACHED, TOP, Answer, Bits, bits_of
from opinion.centres.catalogues import Catalogue, beds_bands_of
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES

Engine = Callable[[Filters], Answer]


def columns_of(catalogue: Catalogue) -> dict[str, Any]:
    """Return plain columns that any engine can hold: masks, codes, words and the number of the row."""
    table, reached, columns = catalogue.table, np.zeros(catalogue.size, dtype=np.uint64), {}
    for focus in FOCUSES:
        reached = reached | table.column(f"areas_{focus}").to_numpy()
        columns[f"reached_{focus}"] = reached.astype(np.int64)
    equipped = table.column("equipment_stated").to_numpy() | table.column("equipment_implied").to_numpy()
    return {
        **columns,
        "equipped": equipped.astype(np.int64),
        "designated_as": table.column("designated_as").to_numpy().astype(np.int64),
        "sources": table.column("sources").to_numpy().astype(np.int64),
        "country": table.column("country_code").combine_chunks().cast("string").to_pandas().to_numpy(dtype=object),
        "teaching": table.column("teaching").fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64),
        "band": beds_bands_of(catalogue.beds).astype(np.int64),
        "newest": catalogue.newest_year.astype(np.int64),
        "search": table.column("search").to_pandas().to_numpy(dtype=object),
        "row": np.arange(catalogue.size),
    }


def _focus_rank(columns: Any, areas: int) -> Any:
    """Return 0 for the best focus on any of the areas, up to 4 for none."""
    return sum(((columns[name] & areas) == 0).astype(np.int8) for name in REACHED)


class Lists:
    """pandas as people first write it: lists in cells, ``apply`` and ``explode``."""

    name = "pandas, lists and explode"

    def __init__(self, catalogue: Catalogue) -> None:
        columns = columns_of(catalogue)
        self.of = bits_of(catalogue, Filters()).of
        self.countries, self.years = catalogue.countries, catalogue.facets["newest"].values
        frame = pd.DataFrame({name: columns[name] for name in ("country", "teaching", "band", "newest", "search")})
        for name in REACHED:
            frame[name] = _lists(columns[name], self.of["area"])
        for name, facet in (("equipped", "equipment"), ("designated_as", "designation"), ("sources", "source")):
            frame[name] = _lists(columns[name], self.of[facet])
        self.frame = frame

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        frame, wanted, items = self.frame, set(asked.disease_areas), set(asked.equipment)
        area = frame[STATED_REACHED].apply(lambda held: not wanted.isdisjoint(held))
        item = frame["equipped"].apply(lambda held: items <= set(held))
        place = frame["country"].isin(asked.countries)
        text = frame["search"].str.contains(asked.text, regex=False) if asked.text else pd.Series(True, frame.index)
        found = frame[area & item & place & text]
        rank = pd.DataFrame({"level": _levels(found["search"], asked.text), "focus": len(REACHED)}, index=found.index)
        for place_, name in reversed(list(enumerate(REACHED))):
            rank.loc[found[name].apply(lambda held: not wanted.isdisjoint(held)), "focus"] = place_
        rows = rank.sort_values(["level", "focus"], kind="stable").index[:TOP]
        but_area = frame[item & place & text]
        counts = {
            "area": _exploded(but_area[STATED_REACHED], self.of["area"]),
            "focus": {focus: int(but_area[f"reached_{focus}"].apply(lambda held: not wanted.isdisjoint(held)).sum())
                      for focus in FOCUSES},
            "country": _exploded(frame.loc[area & item & text, "country"], self.countries),
            "equipment": _exploded(frame.loc[area & place & text, "equipped"], self.of["equipment"]),
            "designation": _exploded(found["designated_as"], self.of["designation"]),
            "teaching": {"stated": int(found["teaching"].sum())},
            "beds": _exploded(found["band"].map(dict(enumerate(BANDS))), BANDS),
            "source": _exploded(found["sources"], self.of["source"]),
            "newest": _exploded(found["newest"].map(_year), self.years),
        }  # fmt: skip
        return Answer(tuple(rows.tolist()), len(found), counts)


def _year(year: int) -> str:
    return str(year) if year else "unknown"


def _lists(mask: Any, bits: dict[str, int]) -> list[list[str]]:
    return [[value for value, bit in bits.items() if one >> bit & 1] for one in mask.tolist()]


def _exploded(column: Any, values: Any) -> dict[str, int]:
    counts = column.explode().value_counts()
    return {value: int(counts.get(value, 0)) for value in values}


def _levels(keys: Any, term: str) -> Any:
    """Return 0 where the term is a word, 1 where it starts one, 2 where it stands inside one."""
    if not term:
        return pd.Series(0, index=keys.index)
    padded = " " + keys + " "
    whole = padded.str.contains(f" {term} ", regex=False)
    starts = padded.str.contains(f" {term}", regex=False)
    return 2 - whole.astype(int) - (starts | whole).astype(int)


class Flags:
    """pandas with a column of booleans for each value."""

    name = "pandas, a flag for each value"

    def __init__(self, catalogue: Catalogue) -> None:
        columns = columns_of(catalogue)
        self.of = bits_of(catalogue, Filters()).of
        self.countries, self.years = catalogue.countries, catalogue.facets["newest"].values
        of, reached = self.of, columns[STATED_REACHED]
        self.area = pd.DataFrame({area: reached >> bit & 1 == 1 for area, bit in of["area"].items()})
        self.item = pd.DataFrame({item: columns["equipped"] >> bit & 1 == 1 for item, bit in of["equipment"].items()})
        self.title = pd.DataFrame(
            {title: columns["designated_as"] >> bit & 1 == 1 for title, bit in of["designation"].items()}
        )
        self.source = pd.DataFrame({one: columns["sources"] >> bit & 1 == 1 for one, bit in of["source"].items()})
        self.frame = pd.DataFrame(
            {
                "country": pd.Categorical(columns["country"], categories=self.countries),
                "teaching": columns["teaching"] == 1,
                "band": pd.Categorical.from_codes(columns["band"], BANDS),
                "newest": pd.Categorical([_year(year) for year in columns["newest"].tolist()], categories=self.years),
                "search": pd.Series(columns["search"], dtype="str"),
                **{name: columns[name] for name in REACHED},
            }
        )

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        frame = self.frame
        area = self.area[list(asked.disease_areas)].any(axis=1)
        item = self.item[list(asked.equipment)].all(axis=1)
        place = frame["country"].isin(asked.countries)
        if asked.text:
            text = frame["search"].str.contains(asked.text, regex=False)
            area_text, place_text = area & text, place & text
        else:
            area_text, place_text = area, place
        chosen = area_text & item & place
        found = frame[chosen]
        areas = sum(1 << self.of["area"][one] for one in asked.disease_areas)
        rank = _levels(found["search"], asked.text) * 10 + _focus_rank(found, areas)
        rows = rank.sort_values(kind="stable").index[:TOP]
        but_area = item & place_text
        counts = {
            "area": _sums(self.area[but_area]),
            "focus": {focus: int((frame.loc[but_area, f"reached_{focus}"] & areas != 0).sum()) for focus in FOCUSES},
            "country": _sums_of(frame.loc[area_text & item, "country"]),
            "equipment": _sums(self.item[area_text & place]),
            "designation": _sums(self.title[chosen]),
            "teaching": {"stated": int(found["teaching"].sum())},
            "beds": _sums_of(found["band"]),
            "source": _sums(self.source[chosen]),
            "newest": _sums_of(found["newest"]),
        }
        return Answer(tuple(rows.tolist()), len(found), counts)


def _sums(flags: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in flags.sum().items()}


def _sums_of(column: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts(sort=False).items()}


class Polars:
    """polars on the same masks, every count in one pass."""

    name = "polars on masks"

    def __init__(self, catalogue: Catalogue) -> None:
        import polars as pl  # only this engine needs it

        self.pl, self.catalogue = pl, catalogue
        columns = columns_of(catalogue)
        columns["country"] = pl.Series(columns["country"].tolist()).cast(pl.Categorical)
        columns["search"] = pl.Series(columns["search"].tolist())
        self.frame = pl.DataFrame(columns)

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        pl, bits = self.pl, bits_of(self.catalogue, asked)
        held = {
            "area": pl.col(STATED_REACHED) & bits.areas != 0,
            "item": pl.col("equipped") & bits.items == bits.items,
            "place": pl.col("country").is_in(list(bits.countries)),
            "text": pl.col("search").str.contains(bits.term, literal=True) if bits.term else pl.lit(True),
        }
        flags = self.frame.with_columns(**{f"in_{name}": condition for name, condition in held.items()})
        here = {name: pl.col(f"in_{name}") for name in held}
        all_ = here["area"] & here["item"] & here["place"] & here["text"]
        but_area = here["item"] & here["place"] & here["text"]
        but_item = here["area"] & here["place"] & here["text"]

        def shared(column: str, facet: str, base: Any) -> list[Any]:
            return [
                (((pl.col(column) & (1 << bit)) != 0) & base).sum().alias(f"{facet} {value}")
                for value, bit in bits.of[facet].items()
            ]

        row = flags.select(
            all_.sum().alias("count"),
            *shared(STATED_REACHED, "area", but_area),
            *(((pl.col(f"reached_{focus}") & bits.areas != 0) & but_area).sum().alias(f"focus {focus}")
              for focus in FOCUSES),
            *shared("equipped", "equipment", but_item),
            *shared("designated_as", "designation", all_),
            *shared("sources", "source", all_),
            (all_ & (pl.col("teaching") == 1)).sum().alias("teaching stated"),
        ).row(0, named=True)  # fmt: skip
        found = flags.filter(all_)
        counts: dict[str, dict[str, int]] = {}
        for name, value in row.items():
            if name != "count":
                facet, _, key = name.partition(" ")
                counts.setdefault(facet, {})[key] = value
        by_country = flags.filter(here["area"] & here["item"] & here["text"]).group_by("country").len()
        counts["country"] = _filled(by_country.rows(), self.catalogue.countries)
        counts["beds"] = _filled([(BANDS[band], n) for band, n in found.group_by("band").len().rows()], BANDS)
        years = [(_year(year), n) for year, n in found.group_by("newest").len().rows()]
        counts["newest"] = _filled(years, self.catalogue.facets["newest"].values)
        rank: Any = pl.sum_horizontal(*((pl.col(name) & bits.areas == 0).cast(pl.Int32) for name in REACHED))
        if bits.term:
            padded = pl.concat_str(pl.lit(" "), pl.col("search"), pl.lit(" "))
            whole = padded.str.contains(f" {bits.term} ", literal=True).cast(pl.Int32)
            starts = padded.str.contains(f" {bits.term}", literal=True).cast(pl.Int32)
            rank = rank + 10 * (2 - whole - starts)
        rows = found.select("row", rank=rank).sort("rank", "row").head(TOP)["row"].to_list()
        return Answer(tuple(rows), row["count"], counts)


def _filled(pairs: Any, values: Any) -> dict[str, int]:
    known = dict(pairs)
    return {value: known.get(value, 0) for value in values}


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
    counts: dict[str, dict[str, int]] = {}
    for name, value in named.items():
        if name != "count":
            facet, _, key = name.partition(" ")
            counts.setdefault(facet, {})[key] = value
    return Answer(tuple(row for (row,) in rows), named["count"], counts)


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
        answer.facets["country"] = _filled(by_country, self.catalogue.countries)
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


ENGINES: tuple[Any, ...] = (Lists, Flags, Polars, DuckDB, SQLite)
