"""What people do on the running site, through the proxy: patients who send requests, coordinators who look for them."""

import asyncio
import http.client
import re
import ssl
import time
from contextlib import suppress
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.replicas import Site
from benchmarks.visitors import Listening, act, st_load

FILLED_IN = (
    ("no_signs", True),
    ("answer_country", "Austria"),
    ("answer_disease_area", "Orthopaedics and joints"),
    ("answer_serious_disease", ["Yes"]),
    ("answer_proposed", ["An operation"]),
)
CARD = re.compile(r"card_(SO-[0-9A-Z]{6})")
_RECEIPT = re.compile(r"\*\*(SO-[0-9A-Z]{6})\*\*.*?\*\*([0-9A-Z-]{23})\*\*", re.DOTALL)
_ERRORS = (ConnectionClosed, OSError, TimeoutError)


class _Reading(Listening):
    """A websocket that also keeps the words that it shows."""

    async def recv(self) -> bytes:
        raw = await super().recv()
        body = st_load.ForwardMsg.FromString(raw).delta.new_element.markdown.body
        if body:
            self.session.words.append(body)
        return raw


class Visitor(st_load.Session):  # type: ignore[misc, name-defined]
    """Somebody in a browser: at ``source``, an address of this machine, and with a cookie if they are signed in."""

    def __init__(self, site: Site, path: str, cookie: str = "", source: str = "127.0.0.1") -> None:
        super().__init__(st_load.parse([site.address + path, "--timeout", "60"]), 0)
        self.site, self.cookie, self.source = site, cookie, source
        self.words: list[str] = []
        self.reconnected = 0

    async def open(self) -> None:
        """Connect, and run the page for the first time."""
        parts = urlsplit(self.site.address)
        socket = await connect(
            f"wss://{parts.netloc}/_stcore/stream", host="127.0.0.1", port=parts.port, ssl=self.site.trust,
            origin=self.site.address, subprotocols=["streamlit"], local_addr=(self.source, 0), compression=None,
            additional_headers={"Cookie": self.cookie} if self.cookie else {}, max_size=None, max_queue=None,
            open_timeout=60, ping_interval=None, proxy=None,
        )  # fmt: skip
        self.ws = _Reading(socket, self)
        await self.rerun(record=False)

    async def do(self, *steps: tuple[str, Any], record: bool = False) -> None:
        """Make changes one after the other."""
        for step in steps:
            self.words.clear()
            await act(self, step, record)

    async def reopen(self) -> None:
        """Connect again after the connection was lost, as a page does: it begins anew, with nothing filled in."""
        self.reconnected += 1
        with suppress(*_ERRORS):
            await self.ws.close()
        self.state, self.trig, self.widgets, self.cache, self.page_hash = {}, None, {}, {}, ""
        for pause_s in (0.2, 0.5, 1, 2, 4, 8):
            try:
                await self.open()
                return
            except _ERRORS:
                await asyncio.sleep(pause_s)
        raise SystemExit("no replica answers")

    async def fill_in(self) -> None:
        """Answer as much of the self-check as it takes for a recommendation."""
        await self.do(*FILLED_IN)

    async def send(self, name: str) -> tuple[str, str]:
        """Send the self-check to the agency and return reference and code, as the page shows them."""
        await self.do(("ask_agency", True))
        self.state.clear()  # as a browser does on another page
        await self.do(("ask_name", name), ("ask_consent_request", True), ("ask_send", True))
        found = _RECEIPT.search("\n".join(self.words))
        if found is None:
            raise SystemExit(f"no receipt: {self.words[-3:]} {self.errors[-1:]}")
        return found[1], found[2]

    def references(self) -> set[str]:
        """Return the references of requests that the board shows."""
        return {found[1] for key in self.widgets if (found := CARD.fullmatch(key))}


LOST = _ERRORS
"""What a visitor meets whose replica is gone."""


def sign_in(site: Site, name: str, password: str, source: str) -> str:
    """Sign in on the page for it, as a browser does, and return the cookie; raise if it is not one for TLS only."""
    page, given = _ask(site, source, "GET", "/account/sign-in")
    token = unescape(page.split('name="token" value="')[1].split('"')[0])
    form = urlencode({"token": token, "name": name, "password": password})
    _, cookies = _ask(site, source, "POST", "/account/sign-in", form, given[0].split(";")[0])
    kept = [cookie for cookie in cookies if cookie.startswith("opinion_sign_in=")]
    if not kept or "Secure" not in kept[0] or "HttpOnly" not in kept[0]:
        raise SystemExit(f"not signed in as expected: {[cookie.split('=')[0] for cookie in cookies]}")
    return kept[0].split(";")[0]


def status_of(site: Site, source: str, path: str) -> int:
    """Return the status of the answer to GET ``path``."""
    connection = _connection(site, source)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    status = answer.status
    connection.close()
    return status


def replica_of(site: Site, source: str) -> str:
    """Return the address of the replica that the proxy sends visitors at ``source`` to."""
    mark = f"/health/{source}"
    status_of(site, source, mark)
    for _ in range(100):  # it is noted when the answer has gone
        lines = [line for line in site.access_log.read_text().splitlines() if f" {mark} " in line]
        if lines:
            return "http://" + lines[-1].split()[4]
        time.sleep(0.05)
    raise SystemExit(f"the proxy has not noted {mark}")


def _ask(site: Site, source: str, method: str, path: str, form: str = "", cookie: str = "") -> tuple[str, list[str]]:
    connection = _connection(site, source)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.address} if form else {}
    connection.request(method, path, form or None, {**headers, **({"Cookie": cookie} if cookie else {})})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status >= 400:
        raise SystemExit(f"{method} {path}: {answer.status}")
    return body, answer.headers.get_all("set-cookie") or []


def _connection(site: Site, source: str) -> http.client.HTTPSConnection:
    class Bound(http.client.HTTPSConnection):
        def connect(self) -> None:  # "localhost" may be ::1 too, where the proxy does not listen
            self.sock = self._create_connection(("127.0.0.1", self.port), self.timeout, (source, 0))
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    context: ssl.SSLContext = site.trust
    return Bound("localhost", urlsplit(site.address).port, timeout=30)
