"""What tests of imports begin with: recipes and drafts of the lists in ``import_lists``."""

import csv
import dataclasses

from import_lists import (
    SOURCE,
    decimal_commas,
    faulty,
    grouped_heads,
    grouped_heads_csv,
    json_lines,
    merged_cells,
    ods,
    parquet,
    row_per_machine,
    russian,
    tilde_cp1252,
    turkish,
    utf16,
    with_remarks,
)

from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.imports.columns import is_head, propose_columns
from opinion.centres.imports.drafts import make_draft
from opinion.centres.imports.layouts import propose_layout
from opinion.centres.imports.problems import NOTES
from opinion.centres.imports.recipes import Recipe
from opinion.centres.imports.rows import first_rows
from opinion.centres.packing import PACKED
from opinion.exchange.import_words import import_words
from opinion.texts.translations import translator_for

SHAPES = (
    merged_cells, tilde_cp1252, row_per_machine, turkish, russian, utf16, decimal_commas, ods, parquet, json_lines,
    faulty, grouped_heads, grouped_heads_csv, with_remarks,
)  # fmt: skip
T = translator_for("en")


def recipe_for(path, **changed) -> Recipe:
    words = import_words()
    layout = propose_layout(path, is_head(words)).layout
    columns, rows = first_rows(path, layout, 200)
    fields = {
        column: each.field for column, each in propose_columns(columns, [row.cells for row in rows], words).items()
    }
    return dataclasses.replace(Recipe("test", layout, fields, SOURCE), **changed)


def draft_of(path, folder, known=frozenset(), **changed):
    return make_draft(path, recipe_for(path, **changed), import_words(), folder, known, "Cora")


def rows_of(draft, name):
    with (draft.folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(draft, holding=True):
    """Return the codes of the problems of each row that waits, by the row's number."""
    found: dict[int, set[str]] = {}
    for each in rows_of(draft, "problems.csv"):
        if holding != (each["code"] in NOTES):
            found.setdefault(int(each["row"]), set()).add(each["code"])
    return found


def files(folder):
    return [(folder / name).read_bytes() for name in (PACKED, FACTS_DATABASE)]
