"""Importing a list: time and memory from the file to a catalogue that has it, in a process of its own."""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.goals import Goals
from benchmarks.servers import ROOT

REAL, LARGEST = 15_000, 1_000_000
MOST_S = {REAL: 10, LARGEST: 180}
MOST_MB = 1_000
_PLACES = (("Wien", "Austria", 48.2, 16.4), ("Köln", "Deutschland", 50.9, 7.0), ("Lyon", "France", 45.8, 4.8),
           ("Zürich", "Schweiz", 47.3, 8.4), ("İzmir", "Türkiye", 38.4, 27.1))  # fmt: skip
_MACHINES = ("CT; MRT (2)", "PET/CT", "n/a", "Linac; Gamma Knife", "CT|Mammographie", "Time machine")


def write_list(path: Path, rows: int) -> None:
    """Write a list of invented hospitals: one row of six waits, for a machine that nobody knows."""
    with path.open("w", encoding="cp1254", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Kennung", "Name", "Ort", "Land", "Breite", "Länge", "Betten", "Geräte", "Fachgebiete"))
        for number in range(rows):
            town, country, lat, lon = _PLACES[number % 5]
            place = (f"{lat + number % 97 / 1000:.4f}".replace(".", ","), f"{lon + number % 89 / 1000:.4f}")
            writer.writerow((f"H{number}", f"Erfundenes Haus {number}", town, country, *place, f"1.{number % 1000:03}",
                             _MACHINES[number % 6], "Kardiologie, Göz"))  # fmt: skip


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals = Goals()
    for rows in (REAL,) if quick else (REAL, LARGEST):
        with tempfile.TemporaryDirectory() as folder:
            found = _measured(Path(folder), rows)
        what = f"a list of {rows:,} rows, {found['bytes'] / 1e6:.1f} MB"
        goals.add_at_most(f"{what}: read, checked and written as a draft", found["draft_s"], MOST_S[rows], "s")
        goals.add_at_most(f"{what}: **until the catalogue has it**", found["s"], MOST_S[rows], "s")
        goals.add_at_most(f"{what}: most memory for the draft", found["draft_mb"], MOST_MB, "MB")
        goals.add_at_most(f"{what}: **most memory of all**", found["mb"], MOST_MB, "MB")
    note = (
        "\n\nCSV in cp1254 with semicolons; five rows of six are good. The catalogue's own 18,971 centres are built "
        "together with the list's. Time begins with the reading, in a process that holds the catalogue already."
    )
    return "Importing a list", goals.table() + note, goals.missed


def _measured(folder: Path, rows: int) -> dict[str, float]:
    write_list(folder / "list.csv", rows)
    command = [sys.executable, "-m", "benchmarks.imports", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_one(folder: Path) -> None:
    """Import ``list.csv`` of a folder into a catalogue of that folder, and print what it took as JSON."""
    import resource  # not on Windows
    import time

    from opinion.centres.catalogues import load_catalogue
    from opinion.centres.imports import archive
    from opinion.centres.imports.columns import is_head, propose_columns
    from opinion.centres.imports.drafts import make_draft
    from opinion.centres.imports.layouts import propose_layout
    from opinion.centres.imports.recipes import ListSource, Recipe
    from opinion.centres.imports.rows import first_rows
    from opinion.exchange.import_words import import_words

    path, var = folder / "list.csv", folder / "var"
    known = frozenset(load_catalogue(var).table.column("centre_id").to_pylist())
    start = time.perf_counter()
    words = import_words()
    layout = propose_layout(path, is_head(words)).layout
    columns, sample = first_rows(path, layout, 200)
    fields = {
        column: each.field for column, each in propose_columns(columns, [row.cells for row in sample], words).items()
    }
    source = ListSource("Invented", "Nobody", "https://example.org", "CC0", "2026-01-01")
    draft = make_draft(path, Recipe("", layout, fields, source), words, var, known, "benchmark")
    drafted, memory = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    waits = {group.code for group in draft.groups if group.holds_back}
    assert layout.encoding == "cp1254" and waits == {"word_unknown"}, (layout, draft.groups)
    archive.keep(draft, var)
    taken = time.perf_counter() - start
    print(json.dumps({"bytes": path.stat().st_size, "draft_s": drafted, "s": taken, "draft_mb": memory,
                      "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # fmt: skip


if __name__ == "__main__":
    run_one(Path(sys.argv[1]))
