"""What the server does before it answers anybody: opens the database, and prints the code for the first account."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from streamlit import App

from opinion.agency.accounts import make_first_code
from opinion.agency.stores import shared_store
from opinion.errors import StorageError
from opinion.server.daily import erase_daily
from opinion.server.quality_keeping import keep_quality
from opinion.server.sign_in import FIRST


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Open the database, with its tables up to date; a wrong setting stops the start with a line that says which."""
    try:
        code = await anyio.to_thread.run_sync(_open)
    except StorageError:
        sys.tracebacklimit = 0  # the server prints the error and stops: where it was raised helps nobody who starts it
        raise
    if code:
        print(f"\n  There is no account yet. Open {FIRST} on this server and give this code: {code}\n", flush=True)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(erase_daily)
        tasks.start_soon(keep_quality)
        yield
        tasks.cancel_scope.cancel()


def _open() -> str | None:
    return make_first_code(shared_store())
