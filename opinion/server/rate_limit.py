"""Holds back clients that ask too often: each address has a bucket of requests that fills up again steadily.

Nothing is kept but the address and two numbers, in memory, for the clients of the last minutes.
"""

import ipaddress
import json
import math
import os
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.errors import OpinionError

PER_MINUTE = "OPINION_API_PER_MINUTE"
"""The environment variable: requests a minute for each client, 0 for no limit."""

DEFAULT_PER_MINUTE = 120
BURST = 60
_MOST_CLIENTS = 10_000


class RateLimit:
    """Answers 429 to a client whose bucket is empty, with the seconds to wait; passes all other requests on.

    A client is an IPv4 address or an IPv6 network of 64 bits, as the connection shows it, or a trusted proxy
    says it (``proxies``): other headers are not believed.
    The buckets are touched by the event loop only, so they need no lock.
    """

    def __init__(
        self,
        app: ASGIApp,
        per_minute: int,
        burst: int = BURST,
        most_clients: int = _MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``burst``: how many may come at once; ``most_clients``: so many buckets are kept; ``clock`` gives seconds."""
        self.app = app
        self.per_second = per_minute / 60
        self.burst = burst
        self.most_clients = most_clients
        self.clock = clock
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        wait = self.seconds_to_wait(client_of(scope)) if scope["type"] == "http" and self.per_second else 0
        if not wait:
            await self.app(scope, receive, send)
            return
        remedy = f"Too many requests from this address. Wait {wait} seconds."
        body = json.dumps({"errors": [{"field": "", "value": "", "remedy": remedy}]}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"retry-after", str(wait).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def seconds_to_wait(self, client: str) -> int:
        """Take one request from the bucket of ``client``; return 0, or the whole seconds until there is one again."""
        now = self.clock()
        left, seen = self.buckets.pop(client, (float(self.burst), now))
        left = min(self.burst, left + (now - seen) * self.per_second)
        wait = 0 if left >= 1 else math.ceil((1 - left) / self.per_second)
        self.buckets[client] = (left if wait else left - 1, now)
        if len(self.buckets) > self.most_clients:
            self.buckets.popitem(last=False)  # who has not asked for longest
        return wait


def client_of(scope: Scope) -> str:
    """Return whom a request is counted for: its IPv4 address, or its IPv6 network of 64 bits."""
    address = (scope.get("client") or ("",))[0]
    try:
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        pass  # a socket of the machine itself, or a test
    return str(address)


def requests_per_minute() -> int:
    """Return the limit that the environment sets. Raises ``OpinionError`` if it is not a number."""
    stated = os.environ.get(PER_MINUTE, "").strip()
    if not stated:
        return DEFAULT_PER_MINUTE
    if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
        raise OpinionError(f"{PER_MINUTE}: {stated!r} is not a whole number. Give one, or 0 for no limit.")
    return int(stated)
