"""Turns the packed file of facts into where two sources state one thing, and where they state it differently.

What counts as different says the one rule of ``conflicts``. Only centres with two values are read whole.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import OUTWEIGHED, ConflictRules, find_conflicts
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.rowsets import Words, pack_rows
from opinion.errors import CatalogueError

_STATED = f"FROM fact WHERE certainty = 'stated' AND standing IN ('', '{OUTWEIGHED}')"
_SEVERAL = f"""
SELECT centre_id, field, min(value) < max(value) {_STATED} AND field NOT IN ('equipment', 'disease_area', 'designation')
GROUP BY centre_id, field HAVING count(*) > 1
UNION ALL SELECT centre_id, field, min(count) < max(count) {_STATED} AND field = 'equipment' AND count IS NOT NULL
GROUP BY centre_id, value HAVING count(*) > 1
"""


@dataclass(frozen=True, eq=False)
class Agreement:
    """A field: ``of`` are the rows of which it is stated more than once, ``faulty`` those where it differs."""

    field: str
    of: Words
    faulty: Words


def find_agreements(catalogue: Catalogue, rules: ConflictRules) -> list[Agreement]:
    """Return every field of the rule, in its order. Raises ``CatalogueError`` if the facts cannot be read."""
    path = catalogue.folder / FACTS_DATABASE
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            several = database.execute(_SEVERAL).fetchall()
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None
    compared: dict[str, set[str]] = {field: set() for field in rules.steps}
    differing: dict[str, set[str]] = {field: set() for field in rules.steps}
    for centre_id, field, _ in several:
        if field in compared:
            compared[field].add(centre_id)
    for centre_id in sorted({centre_id for centre_id, _, differs in several if differs}):
        for conflict in find_conflicts(rules, catalogue.facts(centre_id, with_past=True)):
            compared[conflict.field].add(centre_id)
            differing[conflict.field].add(centre_id)
    row_of = {id_: row for row, id_ in enumerate(catalogue.table.column("centre_id").to_pylist())}

    def rows(ids: set[str]) -> Words:
        flags = np.zeros(catalogue.size, dtype=np.bool_)
        flags[[row_of[id_] for id_ in ids]] = True
        return pack_rows(flags)

    return [Agreement(field, rows(compared[field]), rows(differing[field])) for field in rules.steps]
