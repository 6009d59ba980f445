"""Turns what a curator decides into the catalogue as it is then: one step, or it did not happen.

The decisions are added to a copy of the file of decisions, and the packed files are made of it, aside. Then the file
takes its place, in one move, and the packed files follow. Who is killed before the move has decided nothing; who is
killed after it leaves packed files that are stale, which are made anew when the catalogue is next loaded.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from opinion.centres.decisions import Decision, decide, read_revisions
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.imports.archive import alone
from opinion.centres.imports.drafts import MAKING
from opinion.centres.inputs import DECISIONS, IMPORTS, TABLES, Inputs, imports_in
from opinion.centres.packing import PACKED, pack


def apply(folder: Path, decisions: Sequence[Decision], tables: Path = TABLES) -> list[Decision]:
    """Add ``decisions`` to those kept in ``folder`` (that of the packed files) and build the catalogue with them.

    Return those that were added: one that is kept there already, by its id, is not added again, and without any
    nothing happens. Raises ``CatalogueError`` if the catalogue cannot be built; nothing has changed then.
    """
    if not decisions:
        return []
    with alone(folder):
        kept = {each.id for each in read_revisions(Inputs(tables, (), folder).decisions).history}
        new = [each for each in decisions if each.id not in kept]
        if not new:
            return []
        aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder / IMPORTS))
        try:
            if (folder / DECISIONS).is_file():
                shutil.copyfile(folder / DECISIONS, aside / DECISIONS)
            decide(aside, new)
            pack(aside, Inputs(tables, imports_in(folder), aside))
            for name in (DECISIONS, FACTS_DATABASE, PACKED):  # what counts first, then as ``pack`` writes them
                (aside / name).replace(folder / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return new
