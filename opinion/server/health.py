"""Says to who watches the server whether the process is up, and whether it can serve: a word, no details."""

import sys
import threading
import time
from collections.abc import Iterator

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from opinion.agency.checks import is_ready
from opinion.agency.stores import shared_store
from opinion.errors import OpinionError

KEPT_S = 2
"""An answer is good for so long: however often somebody asks, the database is asked this often at most."""

LONGEST_S = 5
"""A database that takes longer is not ready."""

_NEVER = float("-inf")


class Readiness:
    """Knows for a moment whether the server can serve."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.checked_at = _NEVER
        self.is_packed = False
        self.faults: tuple[str, ...] = ()

    def is_ready(self) -> bool:
        """Say whether the database answers, its tables are up to date, and the catalogue is packed."""
        with self.lock:  # who comes meanwhile gets the same answer
            if time.monotonic() - self.checked_at > KEPT_S:
                found = tuple(self._found())
                if found != self.faults:  # told once, to who runs the server only
                    print(f"  Not ready: {', '.join(found)}" if found else "  Ready again", file=sys.stderr, flush=True)
                self.faults, self.checked_at = found, time.monotonic()
            return not self.faults

    def _found(self) -> Iterator[str]:
        try:
            if not is_ready(shared_store()):
                yield "the database does not answer, or its tables are not up to date"
        except OpinionError as error:
            yield str(error)
        from opinion.centres.catalogues import is_packed  # brings pandas: only if somebody asks

        self.is_packed = self.is_packed or is_packed()
        if not self.is_packed:
            yield "the catalogue is not packed"


_READINESS = Readiness()
_AT_ONCE = anyio.CapacityLimiter(2)


async def health(request: Request) -> PlainTextResponse:
    """Answer that the process is up."""
    return _plain("ok", 200)


async def ready(request: Request) -> PlainTextResponse:
    """Answer whether the server can serve: 200, or 503."""
    with anyio.move_on_after(LONGEST_S):
        if await anyio.to_thread.run_sync(_READINESS.is_ready, limiter=_AT_ONCE, abandon_on_cancel=True):
            return _plain("ready", 200)
    return _plain("not ready", 503)


def _plain(word: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(word, status, headers={"Cache-Control": "no-store"})


ROUTES = [Route("/health", health), Route("/ready", ready)]
