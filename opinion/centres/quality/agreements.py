"""Turns the packed file of facts into where two sources state one thing, and where they state it differently.

What differs is what ``queues`` lists for curators: the same rule, and what one of them has looked at is left out.
"""

from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import OUTWEIGHED, ConflictRules
from opinion.centres.fact_database import FACTS_DATABASE, open_facts
from opinion.centres.queues import conflicts_of
from opinion.centres.rowsets import Words, pack_rows

_STATED = f"FROM fact WHERE certainty = 'stated' AND standing IN ('', '{OUTWEIGHED}')"
_SEVERAL = f"""
SELECT centre_id, field {_STATED} AND field NOT IN ('equipment', 'disease_area', 'designation')
GROUP BY centre_id, field HAVING count(*) > 1
UNION SELECT centre_id, field {_STATED} AND field = 'equipment' AND count IS NOT NULL
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
    with open_facts(path, catalogue.stamp) as database:
        several = database.execute(_SEVERAL).fetchall()
    row_of = {id_: row for row, id_ in enumerate(catalogue.table.column("centre_id").to_pylist())}
    compared: dict[str, set[int]] = {field: set() for field in rules.steps}
    differing: dict[str, set[int]] = {field: set() for field in rules.steps}
    for centre_id, field in several:
        if field in compared:
            compared[field].add(row_of[centre_id])
    for each in conflicts_of(catalogue):
        differing[each.conflict.field].add(each.row)

    def packed(rows: set[int]) -> Words:
        flags = np.zeros(catalogue.size, dtype=np.bool_)
        flags[sorted(rows)] = True
        return pack_rows(flags)

    return [
        Agreement(field, packed(compared[field] | differing[field]), packed(differing[field])) for field in rules.steps
    ]
