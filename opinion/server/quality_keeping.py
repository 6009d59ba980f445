"""Measures each catalogue that comes into use, beside what visitors ask for, and keeps the record of it."""

import sys
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from opinion.centres.catalogues import Catalogue

EVERY_S = 30


async def keep_quality() -> None:
    """Go on until it is cancelled: whatever catalogue visitors see is measured once. A fault stops nothing."""
    kept: Catalogue | None = None
    while True:
        await anyio.sleep(EVERY_S)
        # in a thread: it waits while a catalogue is being loaded, and the server must not
        catalogue = await anyio.to_thread.run_sync(catalogue_in_use, abandon_on_cancel=True)
        if catalogue is not None and catalogue is not kept:
            await anyio.to_thread.run_sync(keep_now, catalogue, abandon_on_cancel=True)
            kept = catalogue  # also after a fault: a folder that cannot be written is said once, not twice a minute


def catalogue_in_use() -> "Catalogue | None":
    """Return the catalogue that visitors see; ``None`` if nobody has asked for it yet. Loads nothing."""
    if "opinion.centres.shared" not in sys.modules:
        return None
    from opinion.centres.shared import loaded_catalogue  # loads pandas: a start does not wait for it

    return loaded_catalogue()


def keep_now(catalogue: "Catalogue") -> bool:
    """Measure a catalogue and keep its record; return whether a line was added. A fault is said in a line."""
    from opinion.centres.quality.records import keep_record  # loads pandas: a start does not wait for it
    from opinion.centres.quality.shared import look_for_doubles  # the same

    try:
        return keep_record(catalogue, look_for_doubles(catalogue).quality)
    except Exception as error:  # whatever it is, the server goes on
        print(f"  The quality of the catalogue could not be kept: {type(error).__name__}", file=sys.stderr, flush=True)
        return False
