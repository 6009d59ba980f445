"""Erases requests past their date: when the server starts, and then once a day, in one of the replicas."""

import sys
from datetime import date

import anyio
import anyio.to_thread

from opinion.agency.retention import erase_past
from opinion.agency.stores import shared_store

DAY_S = 24 * 60 * 60
AGAIN_S = 10 * 60
"""After a fault it is tried again so soon."""


async def erase_daily() -> None:
    """Go on until it is cancelled. A fault is said in a line, and stops nothing."""
    while True:
        is_done = await anyio.to_thread.run_sync(erase_now)
        await anyio.sleep(DAY_S if is_done else AGAIN_S)


def erase_now() -> bool:
    """Erase what is past its date, and print how many requests that were; return whether nothing went wrong."""
    try:
        erased = erase_past(shared_store(), date.today())
    except Exception as error:  # whatever it is, the server goes on, and the next turn comes
        print(f"  Requests past their date could not be erased: {type(error).__name__}", file=sys.stderr, flush=True)
        return False
    if erased:
        print(f"  {len(erased)} requests past their date were erased", flush=True)
    return True
