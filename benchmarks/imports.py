"""Importing a list: time and memory from the file to a catalogue that has it, in a process of its own."""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.goals import Goals
from benchmarks.servers import ROOT

REAL, VARIED, LARGEST = 15_000, 100_000, 1_000_000
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


def write_varied_list(path: Path, rows: int) -> None:
    """Write a list of invented hospitals of which no two have the same town, machines, disease areas and beds.

    Half of the names have letters beyond ASCII: what makes other lists fast, that they say the same again, is not here.
    """
    from opinion.centres.tables import read_table
    from opinion.centres.towns import COLUMNS, TOWNS
    from opinion.vocabularies import disease_areas, equipment

    chance = random.Random(1)
    towns = [row[1:] for row in read_table(TOWNS, COLUMNS)]
    machines = [item.label for item in equipment().values()]
    areas = [area.label for area in disease_areas().values() if not area.patients_only]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Id", "Name", "City", "Country", "Lat", "Lon", "Beds", "Equipment", "Specialties", "Website"))
        for number in range(rows):
            name, country, _, lat, lon, *_ = chance.choice(towns)
            kind = chance.choice(("Hospital", "Klinikum", "Clínica", "Больница"))
            beds = chance.randrange(1, 2000)
            writer.writerow((f"H{number}", f"{kind} {name} {number}", name, country, lat, lon, beds,
                             "; ".join(chance.sample(machines, chance.randrange(6))),
                             "; ".join(chance.sample(areas, chance.randrange(5))),
                             f"https://h{number}.example.org/"))  # fmt: skip


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals, load = Goals(), os.getloadavg()[0]
    for rows in (REAL,) if quick else (REAL, LARGEST):
        found = _measured(write_list, rows)
        what = f"a list of {rows:,} rows, {found['bytes'] / 1e6:.1f} MB"
        goals.add_at_most(f"{what}: read, checked and written as a draft", found["draft_s"], MOST_S[rows], "s")
        goals.add_at_most(f"{what}: **until the catalogue has it**", found["s"], MOST_S[rows], "s")
        goals.add(f"{what}: of that the processor works", f"{found['cpu_s']:.0f} s")
        goals.add_at_most(f"{what}: most memory for the draft", found["draft_mb"], MOST_MB, "MB")
        goals.add_at_most(f"{what}: **most memory of all**", found["mb"], MOST_MB, "MB")
        goals.add(f"{what}: undone again", f"{found['undo_s']:.1f} s")
    found = _measured(write_varied_list, VARIED // 10 if quick else VARIED, "doubles")
    goals.add(
        f"a list of {found['rows']:,.0f} rows, no two alike: until the catalogue has it",
        f"{found['s']:.0f} s (the processor {found['cpu_s']:.0f} s), {found['mb']:.0f} MB",
    )
    goals.add(
        f"the same list: doubles in it, and in the catalogue, before it goes in ({found['doubles']:,.0f} look alike)",
        f"{found['doubles_s']:.0f} s, {found['doubles_s'] / found['draft_s']:.2f} of reading it; "
        f"{found['doubles_mb']:.0f} MB",
    )
    note = (
        "\n\nCSV; five rows of six are good. The catalogue's own centres are built together with the list's. Time "
        "begins with the reading, in a process that holds the catalogue already; memory is all of that process. Before "
        f"it began, {load:.1f} processes wanted to run on this machine: with more than its cores, times are too long. "
        f"Its own priority was {os.nice(0)} (0 is that of all programs, below is sooner)."
    )
    return "Importing a list", goals.table() + note, goals.missed


def _measured(write: Callable[[Path, int], None], rows: int, *more: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "list.csv", rows)
        command = [sys.executable, "-m", "benchmarks.imports", folder, *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_one(folder: Path, with_doubles: bool) -> None:
    """Import ``list.csv`` of a folder into a catalogue of that folder, and print what it took as JSON.

    ``with_doubles``: at last, look for doubles as the check of the page does.
    """
    import resource  # not on Windows
    import time

    from opinion.centres.catalogues import load_catalogue
    from opinion.centres.doubles.drafts import doubles_of
    from opinion.centres.imports import archive
    from opinion.centres.imports.columns import is_head, propose_columns
    from opinion.centres.imports.drafts import make_draft
    from opinion.centres.imports.layouts import propose_layout
    from opinion.centres.imports.recipes import ListSource, Recipe
    from opinion.centres.imports.rows import first_rows
    from opinion.centres.inputs import inputs_in
    from opinion.exchange.import_words import import_words

    path, var = folder / "list.csv", folder / "var"
    known = frozenset(load_catalogue(var).table.column("centre_id").to_pylist())
    start, start_cpu = time.perf_counter(), time.process_time()
    words = import_words()
    layout = propose_layout(path, is_head(words)).layout
    columns, sample = first_rows(path, layout, 200)
    fields = {
        column: each.field for column, each in propose_columns(columns, [row.cells for row in sample], words).items()
    }
    source = ListSource("Invented", "Nobody", "https://example.org", "CC0", "2026-01-01")
    draft = make_draft(path, Recipe("", layout, fields, source), words, var, known, "benchmark")
    drafted, memory = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    codes = {group.code for group in draft.groups if group.holds_back}
    assert codes == {"word_unknown"} if layout.encoding == "cp1254" else "name" in fields.values(), draft.groups
    assert draft.counts["waiting"] <= draft.counts["rows"] / 4, draft.groups
    kept = archive.keep(draft, var)
    taken, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    archive.undo(kept.id, var)
    undone = time.perf_counter() - start
    found = {"rows": draft.counts["rows"], "bytes": path.stat().st_size, "draft_s": drafted, "s": taken, "cpu_s": cpu,
             "undo_s": undone, "draft_mb": memory, "mb": most}  # fmt: skip
    if with_doubles:
        start = time.perf_counter()
        alike = doubles_of(kept.folder.with_name(kept.id + archive.UNDONE), inputs_in(var))
        found |= {"doubles_s": time.perf_counter() - start, "doubles": alike.centres,
                  "doubles_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    run_one(Path(sys.argv[1]), "doubles" in sys.argv[2:])
