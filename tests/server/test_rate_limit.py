"""The limit: a burst, then a steady rate, for each client apart; bounded memory."""

import asyncio
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from opinion.errors import OpinionError
from opinion.server.api import api
from opinion.server.rate_limit import DEFAULT_PER_MINUTE, PER_MINUTE, RateLimit, requests_per_minute


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status(limit: RateLimit, address: str | None) -> int:
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "client": (address, 1) if address is not None else None}
    asyncio.run(limit(scope, None, send))
    return sent[0]["status"]


def test_a_burst_then_a_steady_rate():
    clock = Clock()
    limit = RateLimit(nothing, per_minute=120, burst=60, clock=clock)
    assert [limit.seconds_to_wait("a") for _ in range(61)] == [0] * 60 + [1]
    clock.now += 0.49
    assert limit.seconds_to_wait("a") == 1, "two a second: half a second for one"
    clock.now += 0.02
    assert [limit.seconds_to_wait("a") for _ in range(2)] == [0, 1]
    clock.now += 3600
    assert [limit.seconds_to_wait("a") for _ in range(61)] == [0] * 60 + [1], "it fills up to the burst, not beyond"
    slow = RateLimit(nothing, per_minute=1, burst=1, clock=clock)
    assert [slow.seconds_to_wait("a") for _ in range(2)] == [0, 60]


def test_clients_are_apart_and_an_ipv6_network_is_one():
    limit = RateLimit(nothing, per_minute=60, burst=1, clock=Clock())
    assert [status(limit, one) for one in ("10.0.0.1", "10.0.0.1", "10.0.0.2")] == [204, 429, 204]
    assert [status(limit, one) for one in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")] == [204, 429, 204]
    assert [status(limit, one) for one in (None, "", "testclient")] == [204, 429, 204]


def test_it_remembers_a_bounded_number_of_clients():
    limit = RateLimit(nothing, per_minute=60, burst=1, most_clients=100, clock=Clock())
    for number in range(1000):
        limit.seconds_to_wait(str(number))
    assert len(limit.buckets) == 100 and limit.seconds_to_wait("999") == 1


def test_zero_is_no_limit():
    limit = RateLimit(nothing, per_minute=0, clock=Clock())
    assert {status(limit, "10.0.0.1") for _ in range(500)} == {204} and not limit.buckets


def test_the_answer_says_how_long_to_wait():
    client = TestClient(Starlette(routes=[Mount("/api/v1", api(per_minute=60))]))
    answers = [client.get("/api/v1/openapi.json") for _ in range(62)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "1" and "Wait 1" in answers[-1].json()["errors"][0]["remedy"]
    head = client.head("/api/v1/openapi.json", headers={"x-forwarded-for": "10.9.9.9"})
    assert head.status_code == 429 and head.content == b"", "a header does not make another client"


@pytest.mark.parametrize(("stated", "limit"), [("", DEFAULT_PER_MINUTE), ("0", 0), (" 30 ", 30)])
def test_the_environment_sets_it(monkeypatch, stated, limit):
    monkeypatch.setenv(PER_MINUTE, stated)
    assert requests_per_minute() == limit


@pytest.mark.parametrize("stated", ["x", "-1", "1.5", "9" * 20])
def test_a_wrong_setting_is_refused(monkeypatch, stated):
    monkeypatch.setenv(PER_MINUTE, stated)
    with pytest.raises(OpinionError, match="whole number"):
        requests_per_minute()
    started = subprocess.run([sys.executable, "-c", "import opinion.server.routes"], capture_output=True, text=True)
    assert started.returncode == 1 and PER_MINUTE in started.stderr, "the server says so when it starts"
