"""Tries what this folder describes, without containers, on loopback: two replicas behind nginx with TLS, PostgreSQL.

``python deploy/try_two_replicas.py`` takes about two minutes, ends with 1 if anything is not as it should be, and
writes what it saw into docs/operations.md. It needs nginx, openssl and PostgreSQL's programs, and no root.
"""

import asyncio
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import walks
from benchmarks.__main__ import machine, sections_of, write_sections
from benchmarks.crashes import DOCUMENT, Confirmed, losses
from benchmarks.replicas import Replica, Site, site
from opinion.agency import accounts, audits
from opinion.agency.stores import open_store

PATIENTS = 8
UNDER_LOAD_S = 40
PASSWORD = "only for this run 2026"
SOURCES = [f"127.0.0.{number}" for number in range(1, 40)]


class Findings:
    """What was seen: a line each, and whether it is as it should be."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.is_well = True

    def note(self, what: str, is_well: bool) -> None:
        """Add a line."""
        self.lines.append(f"| {what} | {'yes' if is_well else '**no**'} |")
        self.is_well &= is_well
        print(f"{'ok ' if is_well else 'NOT'}  {what}", flush=True)


async def try_together(running: Site, sources: dict[str, list[str]], findings: Findings) -> Confirmed:
    """Sign in on one replica, be known on the other; send on one, see it on the other; then kill one under load."""
    (first, at_first), (_, at_second) = sources.items()
    confirmed = Confirmed()
    cookie = walks.sign_in(running, "carla", PASSWORD, at_first[0])
    patient = walks.Visitor(running, "/", source=at_first[1])
    await patient.open()
    await patient.fill_in()
    reference, code = await patient.send("the first")
    confirmed.sent[reference] = (code, "the first")
    desk = walks.Visitor(running, "/requests?view=board", cookie, at_second[0])
    await desk.open()
    findings.note("signed in on one replica, a coordinator is known on the other", "requests_view" in desk.widgets)
    findings.note("a request that was sent on one replica stands on the other's board", reference in desk.references())
    stranger = walks.Visitor(running, "/requests?view=board", "", at_second[0])
    await stranger.open()
    findings.note("who is not signed in sees nothing of it", not stranger.references())

    end, lost = time.monotonic() + UNDER_LOAD_S, 0
    places = [*at_first[: PATIENTS // 2], *at_second[: PATIENTS // 2]]
    before: dict[str, int] = {"sent": 0}

    async def send_on(number: int, source: str) -> None:
        nonlocal lost
        tries = 0
        while time.monotonic() < end:
            tries += 1
            name, visitor = f"patient-{number}-{tries}", walks.Visitor(running, "/", source=source)
            try:
                await visitor.open()
                await visitor.fill_in()
                reference, code = await visitor.send(name)
                confirmed.sent[reference] = (code, name)
                await visitor.ws.close()
            except walks.LOST:
                lost += 1
                await asyncio.sleep(0.2)

    async def kill_one() -> None:
        await asyncio.sleep(UNDER_LOAD_S / 3)
        next(replica for replica in running.replicas if replica.address == first).kill()
        before["sent"] = len(confirmed.sent)

    await asyncio.gather(kill_one(), *(send_on(number, source) for number, source in enumerate(places)))
    findings.note(
        f"one replica killed while {PATIENTS} patients send: {before['sent']} requests confirmed before, "
        f"{len(confirmed.sent) - before['sent']} after it by the other replica; {lost} visits broken off began anew",
        0 < before["sent"] < len(confirmed.sent) and lost > 0,
    )  # fmt: skip
    await desk.reopen()
    findings.note("the coordinator goes on at the other replica, still signed in", reference in desk.references())
    moved = walks.Visitor(running, "/requests?view=board", cookie, at_first[0])
    await moved.open()
    findings.note("so does one whose replica was killed", set(confirmed.sent) <= moved.references())
    return confirmed


def sources_by_replica(running: Site) -> dict[str, list[str]]:
    """Return addresses of this machine by the replica that the proxy sends them to."""
    found: dict[str, list[str]] = {replica.address: [] for replica in running.replicas}
    for source in SOURCES:
        found[walks.replica_of(running, source)].append(source)
    return found


def started_once(replicas: list[Replica]) -> bool:
    """Say whether both replicas started without an error."""
    return not any("Error" in replica.log.read_text() for replica in replicas)


def main() -> int:
    """Run everything, write the section, and return 1 if anything is not as it should be."""
    findings, started = Findings(), time.monotonic()
    with site() as running:
        findings.note("two replicas started at once on an empty database", started_once(running.replicas))
        store = open_store()
        accounts.create_account(store, audits.COMMAND, "carla", "Carla", ["coordinator"], PASSWORD)
        sources = sources_by_replica(running)
        findings.note("the proxy uses both, and keeps a visitor at one", all(map(len, sources.values())))
        hidden = {walks.status_of(running, "127.0.0.1", path) for path in
                  ("/_stcore/metrics", "//_stcore//metrics", "/_stcore/%6detrics")}  # fmt: skip
        findings.note("figures about the server are not found through the proxy", hidden == {404})
        confirmed = asyncio.run(try_together(running, sources, findings))
        missing = losses(store, confirmed)
        findings.note(
            f"all {len(confirmed.sent)} confirmed requests are kept, open, and the audit trail is whole", missing == []
        )
        print(*missing, sep="\n")
        store.engine.dispose()
    body = (
        f"{machine()}\nnginx with TLS, two replicas and PostgreSQL on loopback, by `deploy/try_two_replicas.py`, on "
        f"{date.today().isoformat()}; {time.monotonic() - started:.0f} s.\n\n| seen | as it should be |\n|---|---|\n"
        + "\n".join(findings.lines)
    )
    text = DOCUMENT.read_text("utf-8")
    write_sections(DOCUMENT, text.split("\n## ")[0], {**sections_of(text), "Two replicas": body})
    return 0 if findings.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
