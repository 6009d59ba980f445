"""Kills what writes, at random moments, and looks whether anything that was confirmed is lost.

A process sends requests and prints each as soon as it is confirmed (``request_sender``). It is killed with SIGKILL, as
are a PostgreSQL backend and the PostgreSQL server itself. Afterwards every confirmed request has to be there and to
open, no request may be there in part, and the audit trail has to be whole.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.servers import ROOT
from opinion.agency import checks
from opinion.agency.conversations import own_messages
from opinion.agency.patients import PatientKey, open_own_request
from opinion.agency.stores import open_store
from opinion.agency.tables import audit, consents, requests
from opinion.errors import OpinionError
from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE
from opinion.storage.stores import Store
from tests.postgresql_server import ALWAYS, INSTALL, PostgreSQL, programs

DOCUMENT = ROOT / "docs" / "operations.md"
LONGEST_S = 1.5
"""Seconds from the first confirmed request to the kill, at most."""


@dataclass
class Confirmed:
    """What the sender has said is kept: reference → code and name; references with a second message."""

    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)

    def read(self, line: str) -> None:
        """Take in one line of the sender; one that was cut off says nothing."""
        words = line.split() if line.endswith("\n") else [""]
        if words[0] == "sent":
            self.sent[words[1]] = (words[2], words[3])
        elif words[0] == "added":
            self.added.add(words[1])


@contextmanager
def sending(name: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a sender; what it prints is in ``stdout``. At the end it is killed."""
    command = [sys.executable, "-m", "benchmarks.request_sender", name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def send_until(name: str, confirmed: Confirmed, kill: Callable[[int], object], after_s: float) -> None:
    """Let a sender run, ``kill`` (given its process id) after its first request and ``after_s``, note what it said.

    If it outlives that, because something else was killed, it is stopped ten seconds later.
    """
    with sending(name) as process:
        assert process.stdout is not None
        timers = [threading.Timer(wait, act) for wait, act in
                  ((after_s, lambda: kill(process.pid)), (after_s + 10, process.kill))]  # fmt: skip
        for line in process.stdout:
            confirmed.read(line)
            if not timers[0].is_alive() and not timers[0].finished.is_set():
                for timer in timers:
                    timer.start()
        for timer in timers:
            timer.cancel()


def losses(store: Store, confirmed: Confirmed) -> list[str]:
    """Return what was confirmed and is not there, what is there in part, and what else is wrong; a sentence each."""
    found = checks.faults(store)
    for reference, (code, name) in confirmed.sent.items():
        try:
            request = open_own_request(store, PatientKey(reference, code))
            messages = own_messages(store, PatientKey(reference, code))
        except OpinionError as error:
            found.append(f"{reference}: {error}")
            continue
        if request.content.name != name:
            found.append(f"{reference}: holds another request.")
        if reference in confirmed.added and not messages:
            found.append(f"{reference}: its message is lost.")
    with store.reading() as connection:
        rows, given, noted = (
            connection.execute(select(func.count()).select_from(table).where(*where)).scalar()
            for table, where in ((requests, ()), (consents, ()), (audit, (audit.c.action == "request_sent",)))
        )
    if not rows == given == noted:
        found.append(f"{rows} requests, {given} consents and {noted} lines of them in the audit trail.")
    return found


def kill_process(process_id: int) -> None:
    """Kill a process with SIGKILL; one that has ended already is fine."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def kill_backend(address: str) -> None:
    """Kill the PostgreSQL process that serves another connection; the server then restarts all of them itself."""
    os.environ[DATABASE_URL] = address
    store = open_store(up_to_date=False)
    try:
        with store.reading() as connection:
            others = text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                          "AND pid <> pg_backend_pid() ORDER BY query_start DESC LIMIT 1")  # fmt: skip
            found = connection.execute(others).scalar()
    finally:
        store.engine.dispose()
    if found:
        kill_process(int(found))


def opened_again(within_s: float = 30) -> Store:
    """Return the store, as soon as the database answers again."""
    end = time.monotonic() + within_s
    while True:
        try:
            return open_store()
        except OpinionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@dataclass
class Series:
    """The kills of one kind, and what came of them."""

    what: str
    kills: int = 0
    confirmed: Confirmed = field(default_factory=Confirmed)
    losses: list[str] = field(default_factory=list)

    def run(self, number: int, kill: Callable[[int], object], chance: random.Random) -> "Series":
        """Kill ``number`` times, look each time at what was confirmed, and at the end at all of it."""
        for _ in range(number):
            latest = Confirmed()
            send_until(f"{self.kills}-kill", latest, kill, chance.uniform(0, LONGEST_S))
            self.kills += 1
            self.confirmed.sent |= latest.sent
            self.confirmed.added |= latest.added
            self.look(latest)
        self.look(self.confirmed)
        return self

    def look(self, confirmed: Confirmed) -> None:
        """Note what is lost of what was confirmed."""
        store = opened_again()
        try:
            self.losses += losses(store, confirmed)
        finally:
            store.engine.dispose()

    def row(self) -> str:
        """Return the row of the table."""
        lost = "none" if not self.losses else f"**{len(self.losses)}**: {self.losses[0]}"
        return f"| {self.what} | {self.kills} | {len(self.confirmed.sent):,} | {len(self.confirmed.added):,} | {lost} |"


def series_on_sqlite(folder: Path, kills: int, chance: random.Random) -> list[Series]:
    """Kill the writing process on SQLite."""
    os.environ[DATABASE_URL] = f"sqlite:///{folder}/agency.db"
    os.environ[KEY_FILE] = str(folder / "sqlite.key")
    return [Series("SQLite: the writing process").run(kills, kill_process, chance)]


def series_on_postgresql(folder: Path, kills: int, others: int, chance: random.Random) -> list[Series]:
    """Kill the writing process, its PostgreSQL backend, and the PostgreSQL server, which is started again."""
    found = programs()
    if found is None:
        raise SystemExit(INSTALL)
    os.environ[KEY_FILE] = str(folder / "postgresql.key")
    server = PostgreSQL(found, ALWAYS)  # with fsync and synchronous commits, as it comes
    server.start()
    try:
        os.environ[DATABASE_URL] = server.address

        def kill_and_start(_: int) -> None:
            server.kill()
            time.sleep(1)  # its other processes see that it is gone
            server.start()

        done = [
            Series("PostgreSQL: the writing process").run(kills, kill_process, chance),
            Series("PostgreSQL: the backend that serves it").run(
                others, lambda _: kill_backend(server.address), chance
            ),
            Series("PostgreSQL: the server itself, then started again").run(others, kill_and_start, chance),
        ]
        for each in done[:-1]:
            each.look(each.confirmed)  # once more, after what came later
        return done
    finally:
        server.stop()


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and what was lost."""
    kills, others, seed = (3, 1, 5) if quick else (15, 3, 5)
    before = {name: os.environ.get(name) for name in (DATABASE_URL, KEY_FILE)}
    started, chance = time.monotonic(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="opinion-crashes-") as folder:
        try:
            done = [*series_on_sqlite(Path(folder), kills, chance),
                    *series_on_postgresql(Path(folder), kills, others, chance)]  # fmt: skip
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
    body = "\n".join(
        (
            f"Each kill is `SIGKILL` at a random moment up to {LONGEST_S} s after the first confirmed request; "
            f"{time.monotonic() - started:.0f} s in all. A kill shows what a crash of a program does, not what a power "
            "cut does: for that both databases wait for the disk (`synchronous = FULL`, `synchronous_commit = on`).",
            "",
            "| killed | times | requests confirmed | messages confirmed | lost, in part, or unreadable |",
            "|---|---|---|---|---|",
            *(each.row() for each in done),
        )
    )
    return "Crash runs", body, [loss for each in done for loss in each.losses]
