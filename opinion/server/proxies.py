"""Says who is really asking, behind a reverse proxy: the headers of proxies that are named are believed, no others.

Everybody else reads ``scope["client"]`` and ``scope["scheme"]`` as ever: the limit of the API, the addresses that wrong
passwords and codes are counted for, and the ``Secure`` mark of cookies.
"""

import ipaddress
import os
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.errors import OpinionError

TRUSTED_PROXIES = "OPINION_TRUSTED_PROXIES"
"""The environment variable: addresses or networks of our own proxies, separated by commas; none without it."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}


class TrustedProxies:
    """Puts the visitor's address and scheme into a request that a trusted proxy passes on; undoes what others claim.

    The address is the last one in ``X-Forwarded-For`` that is not a trusted proxy's: those before it are only said.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[Network]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with who really asks."""
        if scope["type"] in _SCHEMES:
            peer, scheme = _connection(scope, receive)
            if peer and self._is_trusted(peer[0]):
                headers = Headers(scope=scope)
                peer = (self._visitor(peer[0], headers.getlist("x-forwarded-for")), 0)
                said = headers.getlist("x-forwarded-proto")[-1:]
                scheme = _SCHEMES[scope["type"]].get(said[0].strip().lower() if said else "", scheme)
            scope = {**scope, "client": peer, "scheme": scheme}
        await self.app(scope, receive, send)

    def _visitor(self, peer: str, headers: Sequence[str]) -> str:
        visitor = peer
        for said in reversed(",".join(headers).split(",")):
            address = _address(said)
            if address is None:
                break  # what stands before cannot be relied on either
            visitor = str(address)
            if not self._is_trusted(visitor):
                break
        return visitor

    def _is_trusted(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(address in network for network in self.proxies)


def trusted_proxies() -> list[Network]:
    """Return the networks that the environment names. Raises ``OpinionError`` if one of them is none."""
    found = []
    for stated in filter(None, (part.strip() for part in os.environ.get(TRUSTED_PROXIES, "").split(","))):
        try:
            found.append(ipaddress.ip_network(stated, strict=False))
        except ValueError:
            raise OpinionError(f"{TRUSTED_PROXIES}: {stated!r} is no address or network. Give 10.0.0.0/8.") from None
    return found


def _connection(scope: Scope, receive: Receive) -> tuple[tuple[str, int] | None, str]:
    """Return the other end of the connection, and the scheme that it speaks.

    uvicorn has believed the headers of every process on this machine by now, so the connection itself is asked; as in
    ``NoDelay`` there is no other way to it.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        return scope.get("client"), scope["scheme"]
    name = transport.get_extra_info("peername")
    scheme = "https" if transport.get_extra_info("sslcontext") else "http"
    peer = (str(name[0]), int(name[1])) if isinstance(name, tuple) and len(name) > 1 else None
    return peer, _SCHEMES[scope["type"]][scheme]


def _address(said: str) -> Address | None:
    """Return an address as a header writes it, perhaps with a port; ``None`` if it is none."""
    plain = said.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
