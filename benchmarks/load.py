"""A busy hour in five minutes: 100 patients and 20 coordinators at once, on two replicas behind nginx, PostgreSQL.

Patients answer the self-check with pauses for thinking; one change in fifty is a request sent. Coordinators are signed
in; they search the requests, or browse the centres. Everybody comes through the proxy, from some addresses.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from benchmarks import walks
from benchmarks.crashes import Confirmed, losses
from benchmarks.goals import Goals
from benchmarks.pages import ANSWER
from benchmarks.replicas import Site, site
from benchmarks.request_sender import ANSWERS
from benchmarks.visitors import Result
from opinion.agency import accounts, audits, sign_ins
from opinion.agency.patients import send_request
from opinion.agency.requests import Content
from opinion.agency.stores import open_store
from opinion.storage.stores import Store

TITLE = "Patients and coordinators at once"
PATIENTS, COORDINATORS, REQUESTS_BEFORE = 100, 20, 100
THINK_S, SENDS = 5.0, 0.02
"""Mean seconds between two changes of one person; the share of a patient's changes that send a request."""

_SOURCES = [f"127.0.0.{number}" for number in range(1, 25)]
_AT_REQUESTS = (
    ("requests_search", "patient"),
    ("requests_view", ["Board"]),
    ("requests_search", ""),
    ("requests_view", ["Table"]),
)
_AT_CENTRES = (("filter_text", "memorial"), ("filter_text", "univers"), ("filter_text", ""))


class Crowd:
    """Everybody, and what they have met."""

    def __init__(self, running: Site, store: Store, duration_s: float) -> None:
        self.running, self.store, self.duration_s = running, store, duration_s
        self.found = {what: Result() for what in ("answers", "requests", "centres", "sent")}
        self.confirmed = Confirmed()
        self.errors: list[str] = []
        self.chance = random.Random(11)

    async def run(self) -> None:
        """Let everybody come within the first seconds, and walk until the time is over."""
        people: list[Callable[[], Coroutine[Any, Any, None]]] = [
            *(lambda number=number: self.be_patient(number) for number in range(PATIENTS)),  # type: ignore[misc]
            *(lambda number=number: self.be_coordinator(number) for number in range(COORDINATORS)),  # type: ignore[misc]
        ]
        self.chance.shuffle(people)
        self.end = time.monotonic() + 20 + self.duration_s
        await asyncio.gather(*(self.guarded(20 * place / len(people), walk) for place, walk in enumerate(people)))

    async def guarded(self, after_s: float, walk: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let somebody come after some seconds; whatever goes wrong is counted."""
        await asyncio.sleep(after_s)
        while time.monotonic() < self.end:
            try:
                await walk()
            except (*walks.LOST, SystemExit) as error:
                self.errors.append(f"{type(error).__name__}: {str(error)[:200]}")

    async def be_patient(self, number: int) -> None:
        """Answer questions, and now and then send the answers; then begin anew."""
        visitor = walks.Visitor(self.running, "/", source=_SOURCES[number % len(_SOURCES)])
        await visitor.open()
        await visitor.fill_in()
        changes = 0
        while time.monotonic() < self.end:
            await self.think()
            changes += 1
            if self.chance.random() < SENDS:
                name, started = f"patient-{number}-{changes}", time.perf_counter()
                reference, code = await visitor.send(name)
                self.found["sent"].latencies.append(1000 * (time.perf_counter() - started))
                self.confirmed.sent[reference] = (code, name)
                break
            await visitor.do(ANSWER[changes % len(ANSWER)], record=True)
        await self.leave(visitor, "answers")

    async def be_coordinator(self, number: int) -> None:
        """Look for requests, or for centres."""
        store = self.store
        account = await asyncio.to_thread(accounts.find_account, store, f"coordinator-{number}")
        assert account is not None
        token = await asyncio.to_thread(sign_ins.start_sign_in, store, account)
        what = "requests" if number % 4 else "centres"
        path = "/requests" if what == "requests" else "/centres?country=CH,DE,FR,US&area=oncology"
        visitor = walks.Visitor(self.running, path, f"{sign_ins.COOKIE}={token}", _SOURCES[number % len(_SOURCES)])
        await visitor.open()
        steps = _AT_REQUESTS if what == "requests" else _AT_CENTRES
        changes = 0
        while time.monotonic() < self.end:
            await self.think()
            await visitor.do(steps[changes % len(steps)], record=True)
            changes += 1
        await self.leave(visitor, what)

    async def think(self) -> None:
        """Wait as a person does."""
        await asyncio.sleep(THINK_S * self.chance.uniform(0.5, 1.5))

    async def leave(self, visitor: walks.Visitor, what: str) -> None:
        """Note what somebody has met."""
        self.found[what].latencies += [1000 * seconds for seconds in visitor.lat]
        self.errors += visitor.errors
        await visitor.ws.close()


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and what went wrong."""
    goals, duration_s, busy = Goals(), 20 if quick else 300, os.getloadavg()[0]
    with site() as running:
        store = open_store()
        _prepare(store)
        at_start = [replica.memory_mb() for replica in running.replicas]
        crowd = Crowd(running, store, duration_s)
        asyncio.run(crowd.run())
        if crowd.errors:
            print(*(replica.log.read_text()[-4000:] for replica in running.replicas), sep="\n", file=sys.stderr)
        at_end = [replica.memory_mb() for replica in running.replicas]
        missing = losses(store, crowd.confirmed)
        store.engine.dispose()
    for what, words in (
        ("answers", f"{PATIENTS} patients, an answer changed"),
        ("sent", "patients, a request sent (four changes, two pages)"),
        ("requests", f"{COORDINATORS * 3 // 4} coordinators, the list of requests searched"),
        ("centres", f"{COORDINATORS // 4} coordinators, the centres searched"),
    ):
        found = crowd.found[what]
        if not found.latencies:
            goals.add(words, "never")
            continue
        p50, p95 = found.median, found.percentile(0.95)
        goals.add(words, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {len(found.latencies):,} times")
    goals.add_at_most("errors", len(crowd.errors), 0, "")
    goals.add_at_most(f"lost of {len(crowd.confirmed.sent)} confirmed requests", len(missing), 0, "")
    words = ", ".join(f"{a:.0f} → {b:.0f} MiB" for a, b in zip(at_start, at_end, strict=True))
    goals.add("memory of each replica, before and after", words)
    note = (
        f"{duration_s} s, after 20 s in which all of them come; a change every {THINK_S:.0f} s on average. Two "
        "replicas, nginx with TLS, PostgreSQL and the visitors' own programs share the machine, so a part of each time "
        "is theirs. "
        f"Other work was on it too: the load average was {busy:.1f} before the start, and {os.getloadavg()[0]:.1f} at "
        f"the end. {REQUESTS_BEFORE} requests are there at the start. By `python -m benchmarks load`."
    )
    if crowd.errors:
        note += f" The first error: {crowd.errors[0]}"
    return TITLE, f"{note}\n\n{goals.table()}", goals.missed


def _prepare(store: Store) -> None:
    for number in range(COORDINATORS):
        accounts.create_account(store, audits.COMMAND, f"coordinator-{number}", f"C {number}", ["coordinator"])
    for number in range(REQUESTS_BEFORE):
        content = Content(answers=ANSWERS, name=f"patient before {number}", last_date=date.today().isoformat())
        send_request(store, content, ("request", "centres"), "en", date.today())
