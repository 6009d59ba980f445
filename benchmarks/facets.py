"""The faceted query at four sizes: our engine beside pandas, polars, DuckDB, SQLite; the API beside Datasette."""

import gc
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.frame_engines import Flags, Lists, Polars
from benchmarks.goals import Goals
from benchmarks.grown import grown
from benchmarks.questions import ASKED, TERM, TOP, Answer, ours
from benchmarks.servers import ROOT, free_port
from benchmarks.sql_engines import DuckDB, SQLite, fill, sqlite_statements
from opinion.centres.catalogues import Catalogue, catalogue_of, load_catalogue
from opinion.centres.filters import Filters
from opinion.centres.inputs import TABLES
from opinion.centres.packing import parquet_bytes

SIZES = (15_000, 150_000, 1_000_000)
LARGEST = SIZES[-1]
ENGINES: tuple[Any, ...] = (Lists, Flags, Polars, DuckDB, SQLite)
FASTER_THAN = {"polars on masks": 4, "DuckDB on masks": 30, "pandas, lists and explode": 200}
"""How many times faster our engine has to be than each at the largest size, without a text."""

OVER_HTTP = {15_000: 20, LARGEST: 200}
TEXTS = ("string", "large_string", "dictionary<values=string, indices=int16, ordered=0>")
DATASETTE = {
    "max_returned_rows": 1000, "sql_time_limit_ms": 600_000, "facet_time_limit_ms": 600_000,
    "facet_suggest_time_limit_ms": 600_000, "num_sql_threads": 2,
}  # fmt: skip


def best_ms(function: Callable[[], object], repeats: int) -> float:
    """Return the shortest of several runs, in milliseconds; the garbage of other engines does not count."""
    gc.collect()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals = Goals()
    sizes = SIZES[:1] if quick else SIZES
    by_size = {}
    for catalogue in (load_catalogue(), *map(grown, sizes)):
        by_size[catalogue.size] = _compare(catalogue, goals, quick)
    if not quick:
        growth = by_size[LARGEST] / by_size[SIZES[1]] / (LARGEST / SIZES[1])
        goals.add("cost of a row at 1 M, against 150 k", "linear is 1", growth, 1.5)
        _hold(grown(LARGEST), goals)
    parts = [goals.table(), _notes()]
    http = Goals()
    for size in (sizes[0], *sizes[2:]):
        _over_http(grown(size), http, quick)
    parts += ["\nOver HTTP, one request after the other on one connection each:\n", http.table(), _http_notes()]
    return "The faceted query", "\n".join(parts), goals.missed + http.missed


def _compare(catalogue: Catalogue, goals: Goals, quick: bool) -> float:
    """Add the rows of one size; return our time without a text, in ms."""
    size, column = catalogue.size, catalogue.table.column("areas_designated").to_numpy()
    repeats = 5 if quick else 15
    scan = best_ms(lambda: (column & np.uint64(3)) != 0, repeats)
    asked = {False: ASKED, True: replace(ASKED, text=TERM)}
    right = {texted: ours(catalogue, question) for texted, question in asked.items()}
    at = f"{size:,} centres"
    largest = size == LARGEST
    goals.add(f"{at}: one scan of a mask column", f"{scan:.2f} ms", 1.0)
    plain = best_ms(lambda: ours(catalogue, asked[False]), repeats)
    goals.add(f"{at}: **our engine**", f"{plain:.2f} ms", plain / scan, 8 if largest else None)

    def forget_and_ask() -> Answer:
        catalogue.texts.forget()
        return ours(catalogue, asked[True])

    fresh = best_ms(forget_and_ask, repeats)
    again = best_ms(lambda: ours(catalogue, asked[True]), repeats)
    goals.add(f"{at}: our engine, with a text", f"{fresh:.2f} ms", fresh / scan, 30 if largest else None)
    goals.add(f"{at}: our engine, the same text again", f"{again:.2f} ms", again / scan, 10 if largest else None)
    times: dict[bool, dict[str, float]] = {False: {}, True: {}}
    for kind in ENGINES:
        engine: Callable[[Filters], Answer] = kind(catalogue)
        slow = kind.name in ("SQLite on masks", Lists.name) and size > 100_000
        for texted, question in asked.items():
            if engine(question) != right[texted]:
                raise AssertionError(f"{kind.name} gives another answer at {size:,} centres. Nothing is timed.")
            times[texted][kind.name] = best_ms(partial(engine, question), 2 if slow else 5)
    for name, taken in times[False].items():
        with_text = times[True][name]
        wanted = FASTER_THAN.get(name) if largest else None
        goals.add_faster(
            f"{at}: {name}", f"{taken:.1f} ms; {with_text:.1f} ms with a text, {with_text / fresh:.0f} × ours",
            taken / plain, wanted,
        )  # fmt: skip
    return plain


def _hold(catalogue: Catalogue, goals: Goals) -> None:
    """Add what a row costs in memory, and how fast a million rows load."""
    catalogue.texts.match(TERM)
    goals.add_at_most("1,000,000 centres: memory beyond the texts", _bytes_a_row(catalogue), 250, "bytes a row")
    with tempfile.TemporaryDirectory() as folder:
        packed, flat = Path(folder) / "centres.parquet", Path(folder) / "centres.csv"
        packed.write_bytes(parquet_bytes(catalogue.table))
        catalogue.table.to_pandas().to_csv(flat, index=False)
        types = {
            name: _pandas_type(field.type)
            for name, field in zip(catalogue.table.column_names, catalogue.table.schema, strict=True)
        }
        from_packed = best_ms(lambda: pq.read_table(packed).combine_chunks(), 3)
        from_csv = best_ms(
            lambda: pd.read_csv(
                flat, dtype=types, keep_default_na=False, na_values={"beds": "", "teaching": "", "lat": "", "lon": ""}
            ),
            2,
        )
        ready = best_ms(lambda: catalogue_of(pq.read_table(packed).combine_chunks(), Path(folder), TABLES), 3)
    goals.add_faster(
        "1,000,000 centres: loading the table from our packed file, against CSV with its types given",
        f"{from_packed:.0f} ms, CSV {from_csv:.0f} ms", from_csv / from_packed, 5,
    )  # fmt: skip
    goals.add("1,000,000 centres: loaded from the packed file and ready for the first query", f"{ready:.0f} ms")
    fresh = catalogue_of(catalogue.table, Path("nowhere"), TABLES)
    goals.add(
        "1,000,000 centres: the first text makes the index of words",
        f"{best_ms(lambda: fresh.texts.match(TERM), 1):.0f} ms",
    )


def _pandas_type(kind: pa.DataType) -> str:
    if str(kind) in TEXTS:
        return "str"
    return {"bool": "boolean", "int32": "Int32", "double": "float64"}.get(str(kind), str(kind))


def _bytes_a_row(catalogue: Catalogue) -> float:
    """Return the bytes of all that the catalogue holds but its texts, divided by its rows."""
    held: dict[int, int] = {}

    def add(value: Any) -> None:
        if isinstance(value, np.ndarray):
            root = value
            while isinstance(root.base, np.ndarray):
                root = root.base
            held[id(root)] = root.nbytes
        elif isinstance(value, dict):
            for each in value.values():
                add(each)
        elif hasattr(value, "sets"):
            add(value.sets)

    for value in vars(catalogue).values():
        add(value)
    columns = sum(
        column.nbytes for name, column in zip(catalogue.table.column_names, catalogue.table.columns, strict=True)
        if "string" not in str(catalogue.table.schema.field(name).type) or "dictionary" in str(column.type)
    )  # fmt: skip
    return (sum(held.values()) + columns + catalogue.texts.nbytes) / catalogue.size


def _notes() -> str:
    asked = urlencode(ASKED.to_query(), safe=",")
    return (
        f"\nThe question: `{asked}`: every facet counted under the other facets' filters, the first {TOP} by match and"
        f" focus; with a text, `q={TERM}` too. Every engine's answer was equal to ours before its time counted. The"
        f" time is the shortest of several runs in one process. Catalogues of other sizes are drawn from the real one"
        f" (`benchmarks/grown.py`).\n\nFor the other engines the ratio says how many times faster ours is.\n"
    )


@contextmanager
def _our_server(catalogue: Catalogue) -> Iterator[str]:
    """Serve our API over a catalogue of any size: packed into a folder, with the limit on requests off."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.parquet"
        pq.write_table(catalogue.table, path)
        port = free_port()
        command = [sys.executable, "-m", "benchmarks.api_server", str(path), str(port)]
        with _running(command, f"http://127.0.0.1:{port}/api/v1/openapi.json", {"OPINION_API_PER_MINUTE": "0"}):
            yield f"http://127.0.0.1:{port}/api/v1/centres?" + urlencode(
                {**ASKED.to_query(), "page_size": TOP, "facets": 1}, safe=","
            )


@contextmanager
def _datasette(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Serve the same columns by Datasette; give the addresses of counts, first rows and its own page with facets."""
    with tempfile.TemporaryDirectory() as folder:
        path, port = Path(folder) / "centres.db", free_port()
        database = sqlite3.connect(path)
        fill(database, catalogue)
        database.close()
        settings = [word for name, value in DATASETTE.items() for word in ("--setting", name, str(value))]
        command = [sys.executable, "-m", "datasette", "serve", "-i", str(path), "-p", str(port), *settings]
        counts, top = (
            f"http://127.0.0.1:{port}/centres.json?" + urlencode({"sql": text, "_shape": "arrays"})
            for text in sqlite_statements(catalogue, ASKED)
        )
        own = f"http://127.0.0.1:{port}/centres/centres.json?" + urlencode(
            [("country__in", ",".join(ASKED.countries)), ("_size", TOP), ("_facet", "country"), ("_facet", "band"),
             ("_facet", "newest"), ("_facet", "teaching")]
        )  # fmt: skip
        with _running(command, f"http://127.0.0.1:{port}/-/versions.json", {}):
            yield counts, top, own


@contextmanager
def _running(command: list[str], address: str, settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                urlopen(address, timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _get(address: str) -> Any:
    with urlopen(address, timeout=600) as answer:
        return json.load(answer)


def _over_http(catalogue: Catalogue, goals: Goals, quick: bool) -> None:
    """Add the rows of one size: our API, Datasette with the same question, Datasette's own page with facets."""
    right, at = ours(catalogue, ASKED), f"{catalogue.size:,} centres"
    repeats = 3 if quick else 10
    with _our_server(catalogue) as address:
        found = _get(address)
        ids = catalogue.table.column("centre_id").take(pa.array(right.rows)).to_pylist()
        if [centre["id"] for centre in found["centres"]] != ids or found["count"] != right.count:
            raise AssertionError("The API gives another answer. Nothing is timed.")
        own = best_ms(lambda: _get(address), repeats)
    goals.add(f"{at}: **our API**, the rows with all they hold and all facets", f"{own:.1f} ms", 1.0)
    with _datasette(catalogue) as (counts, top, page):
        got = _get(counts)
        named = dict(zip(got["columns"], got["rows"][0], strict=True))
        same = all(named[f"{facet} {value}"] == n for facet, each in right.facets.items() for value, n in each.items())
        if not same or tuple(row for (row,) in _get(top)["rows"]) != right.rows:
            raise AssertionError("Datasette gives another answer. Nothing is timed.")
        few = 1 if catalogue.size > 100_000 else repeats
        taken = best_ms(lambda: (_get(counts), _get(top)), few)
        paged = best_ms(lambda: _get(page), few)
    goals.add_faster(
        f"{at}: Datasette, the same question as SQL", f"{taken:.0f} ms", taken / own, OVER_HTTP[catalogue.size]
    )
    goals.add_faster(
        f"{at}: Datasette, its own page: one filter and four facets of ours, for information",
        f"{paged:.0f} ms",
        paged / own,
    )


def _http_notes() -> str:
    settings = ", ".join(f"`{name} {value}`" for name, value in DATASETTE.items())
    return (
        "\nDatasette serves the same columns from a file opened with `-i` (immutable, so that it counts once), with an"
        " index on country, areas, equipment and row, after `ANALYZE`; "
        f"its settings: {settings}. Its own page counts facets under all filters and cannot ask for any of two areas,"
        " so it answers less. Our limit on requests is off.\n"
    )
