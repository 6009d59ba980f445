"""Visitors who speak to the server as a browser does, on top of ``st_load.Session``."""

import asyncio
import importlib.util
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.servers import MEASURE

_spec = importlib.util.spec_from_file_location("st_load", MEASURE / "st_load.py")
assert _spec is not None and _spec.loader is not None, f"st_load.py is missing in {MEASURE}"
st_load = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(st_load)

Step = tuple[str, Any]  # a widget's key (or label), and its new value; a button's value is True


@dataclass
class Journey:
    """What a visitor does: ``setup`` once, unmeasured, then ``changes`` in turn, measured."""

    path: str
    changes: Sequence[Step]
    setup: Sequence[Step] = ()


@dataclass
class Result:
    """Latencies in milliseconds, bytes and messages of each measured rerun."""

    latencies: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return the latency below which ``share`` of the reruns lie."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        """The median latency."""
        return statistics.median(self.latencies)


class Listening:
    """A websocket that also notes foldable parts and tables with rows to tick, which ``st_load`` does not know."""

    def __init__(self, ws: Any, session: Any) -> None:
        self.ws, self.session = ws, session

    async def send(self, data: bytes) -> None:
        await self.ws.send(data)

    async def recv(self) -> bytes:
        raw: bytes = await self.ws.recv()
        delta = st_load.ForwardMsg.FromString(raw).delta
        part = delta.add_block.expandable if delta.add_block.HasField("expandable") else None
        if part is not None and part.id:
            self.session.widgets[part.id.split("-", 2)[2]] = (part.id, "expander", delta.fragment_id)
        table = delta.new_element.dataframe
        if table.id:
            self.session.widgets[table.id.split("-", 2)[2]] = (table.id, "table", delta.fragment_id)
        return raw

    async def close(self) -> None:
        await self.ws.close()


async def act(session: Any, step: Step, record: bool) -> None:
    """Change one widget, or press one button, and wait until the page has run."""
    key, value = step
    if key not in session.widgets:
        raise SystemExit(f"no widget {key!r}; known: {sorted(session.widgets)}")
    wid, kind, fragment = session.widgets[key]
    if kind == "button":
        session.trig = wid
    else:
        session.state[wid] = (_field(kind), value)
    await session.rerun(frag=fragment or None, record=record)


def _field(kind: str) -> str:
    return {"expander": "bool_value", "table": "string_value", **st_load.VT}[kind]


async def _visit(session: Any, journey: Journey, reruns: int, think: float, start: asyncio.Event) -> None:
    for step in journey.setup:
        await act(session, step, record=False)
    for step in journey.changes:  # once through, so that nothing is measured for the first time
        await act(session, step, record=False)
    await start.wait()
    for number in range(reruns):
        await asyncio.sleep(think * random.uniform(0.5, 1.5))
        await act(session, journey.changes[number % len(journey.changes)], record=True)


async def _open(address: str, journey: Journey, visitors: int) -> list[Any]:
    """Open the page once for each visitor."""
    options = st_load.parse([address + journey.path, "-n", str(visitors)])
    sessions = [st_load.Session(options, number) for number in range(visitors)]
    for session in sessions:
        await session.open()
        session.ws = Listening(session.ws, session)
        await session.rerun(record=False)
    return sessions


async def _close(sessions: Sequence[Any]) -> Result:
    result = Result()
    for session in sessions:
        result.latencies += [seconds * 1000 for seconds in session.lat]
        result.bytes += session.bytes
        result.messages += session.msgs
        result.errors += session.errors
        await session.ws.close()
    return result


async def _crowd(address: str, journey: Journey, visitors: int, reruns: int, think: float) -> Result:
    sessions = await _open(address, journey, visitors)
    start = asyncio.Event()
    tasks = [asyncio.create_task(_visit(session, journey, reruns, think, start)) for session in sessions]
    await asyncio.sleep(1 + visitors * 0.05)
    start.set()
    await asyncio.gather(*tasks)
    return await _close(sessions)


async def _in_turns(pairs: Sequence[tuple[str, Journey]], reruns: int, think: float) -> list[Result]:
    """Let one visitor of each journey make one change, then the next one: a mood of the machine meets all of them."""
    sessions = [(await _open(address, journey, 1))[0] for address, journey in pairs]
    for session, (_, journey) in zip(sessions, pairs, strict=True):
        for step in (*journey.setup, *journey.changes):
            await act(session, step, record=False)
    for number in range(reruns):
        for session, (_, journey) in zip(sessions, pairs, strict=True):
            await asyncio.sleep(think * random.uniform(0.5, 1.5))
            await act(session, journey.changes[number % len(journey.changes)], record=True)
    return [await _close([session]) for session in sessions]


def visit(address: str, journey: Journey, visitors: int = 1, reruns: int = 60, think: float = 0.2) -> Result:
    """Let ``visitors`` walk ``journey`` at once, each with ``reruns`` measured changes; raise on any error shown."""
    result = asyncio.run(_crowd(address, journey, visitors, reruns, think))
    _check(address, journey, result)
    return result


def _check(address: str, journey: Journey, result: Result) -> None:
    if result.errors:
        raise SystemExit(f"{address}{journey.path}: {sorted(set(result.errors))[:3]}")


def compare(pairs: Sequence[tuple[str, Journey]], reruns: int = 60, think: float = 0.2) -> list[Result]:
    """Measure several journeys, one change of each after the other; raise on any error shown."""
    results = asyncio.run(_in_turns(pairs, reruns, think))
    for (address, journey), result in zip(pairs, results, strict=True):
        _check(address, journey, result)
    return results


def alternate(pairs: Sequence[tuple[str, Journey]], rounds: int = 3, **options: Any) -> list[Result]:
    """Let a crowd walk each of several journeys, one crowd after the other, ``rounds`` times over."""
    results = [Result() for _ in pairs]
    for _ in range(rounds):
        for result, (address, journey) in zip(results, pairs, strict=True):
            found = visit(address, journey, **options)
            result.latencies += found.latencies
            result.bytes += found.bytes
            result.messages += found.messages
        time.sleep(0.5)
    return results
