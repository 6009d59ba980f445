"""Who is asking, behind proxies; which names are answered; metrics, health and readiness."""

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from opinion.agency import checks
from opinion.errors import OpinionError
from opinion.server import daily, health
from opinion.server.entrances import ALLOWED_HOSTS, METRICS, HiddenMetrics, allowed_hosts
from opinion.server.middleware import TrustedHostMiddleware
from opinion.server.proxies import TRUSTED_PROXIES, TrustedProxies, trusted_proxies


def client_at(monkeypatch, address="10.0.0.9", proxies="", hosts="", base="http://testserver"):
    """Return a client whose server says how it sees a request."""

    async def seen(request):
        return JSONResponse([request.client.host, request.url.scheme])

    async def socket(websocket):
        await websocket.accept()
        await websocket.send_json([websocket.client.host, websocket.url.scheme])
        await websocket.close()

    async def metrics(request):
        return PlainTextResponse("figures")

    monkeypatch.setenv(TRUSTED_PROXIES, proxies)
    monkeypatch.setenv(ALLOWED_HOSTS, hosts)
    app = Starlette(
        routes=[Route("/", seen), WebSocketRoute("/_stcore/stream", socket),
                *(Route(path, metrics, methods=["GET", "OPTIONS"]) for path in METRICS_PATHS), *health.ROUTES],
        middleware=[Middleware(TrustedProxies, proxies=trusted_proxies()),
                    Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(), www_redirect=False),
                    Middleware(HiddenMetrics)],
    )  # fmt: skip
    return TestClient(app, base_url=base, client=(address, 5000))


METRICS_PATHS = ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore//metrics", "/app/_stcore/metrics")
FORWARDED = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


# ---- who is asking


def test_headers_of_nobody_in_particular_are_not_believed(monkeypatch):
    for address in ("10.0.0.9", "127.0.0.1"):
        client = client_at(monkeypatch, address)
        assert client.get("/", headers=FORWARDED).json() == [address, "http"]


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        (FORWARDED, ["203.0.113.7", "https"]),
        ({}, ["10.0.0.9", "http"]),
        ({"x-forwarded-for": "198.51.100.1, 203.0.113.7"}, ["203.0.113.7", "http"]),
        ({"x-forwarded-for": "203.0.113.7, 10.0.0.8"}, ["203.0.113.7", "http"]),
        ({"x-forwarded-for": "10.0.0.7, 10.0.0.8"}, ["10.0.0.7", "http"]),
        ({"x-forwarded-for": "203.0.113.7:4711"}, ["203.0.113.7", "http"]),
        ({"x-forwarded-for": "[2001:db8::1]:4711"}, ["2001:db8::1", "http"]),
        ({"x-forwarded-for": "::ffff:203.0.113.7"}, ["203.0.113.7", "http"]),
        ({"x-forwarded-for": "198.51.100.1, nonsense"}, ["10.0.0.9", "http"]),
        ({"x-forwarded-for": "198.51.100.1, <b>, 10.0.0.8"}, ["10.0.0.8", "http"]),
        ({"x-forwarded-proto": "javascript"}, ["10.0.0.9", "http"]),
        ({"x-forwarded-proto": ""}, ["10.0.0.9", "http"]),
        ({"forwarded": "for=198.51.100.1;proto=https"}, ["10.0.0.9", "http"]),
    ],
)
def test_a_trusted_proxy_says_who_asks(monkeypatch, headers, seen):
    client = client_at(monkeypatch, proxies="10.0.0.0/24")
    assert client.get("/", headers=headers).json() == seen


def test_a_websocket_is_seen_alike(monkeypatch):
    for proxies, seen in (("10.0.0.9", ["203.0.113.7", "wss"]), ("", ["10.0.0.9", "ws"])):
        client = client_at(monkeypatch, proxies=proxies)
        with client.websocket_connect("/_stcore/stream", headers=FORWARDED) as socket:
            assert socket.receive_json() == seen


@given(st.lists(st.text(alphabet=st.characters(max_codepoint=255), max_size=40), max_size=4))
def test_no_header_can_break_it_or_pass_for_an_address(parts):
    app = TrustedProxies(lambda scope, receive, send: _keep(scope, found), [*map(_network, ["10.0.0.0/8"])])
    found = []
    headers = [(b"x-forwarded-for", part.encode("latin-1")) for part in parts]
    scope = {"type": "http", "client": ("10.0.0.9", 1), "scheme": "http", "headers": headers}
    anyio.run(app, scope, None, None)
    (host, _), scheme = found[0]["client"], found[0]["scheme"]
    assert scheme == "http" and _network(host)


async def _keep(scope, found):
    found.append(scope)


def _network(text):
    import ipaddress

    return ipaddress.ip_network(text)


@pytest.mark.parametrize("stated", ["nginx", "10.0.0.0/40", "10.0.0.1 10.0.0.2", "*"])
def test_a_wrong_proxy_is_refused(monkeypatch, stated):
    monkeypatch.setenv(TRUSTED_PROXIES, stated)
    with pytest.raises(OpinionError, match="no address or network"):
        trusted_proxies()


# ---- names of this host


def test_other_names_are_refused(monkeypatch):
    hosts = "example.org, *.example.net"
    for host, status in (("example.org", 200), ("EXAMPLE.org:8443", 200), ("a.example.net", 200), ("example.net", 400),
                         ("evil.example", 400), ("example.org.evil.example", 400), ("", 400)):  # fmt: skip
        client = client_at(monkeypatch, hosts=hosts)
        assert client.get("/", headers={"host": host}).status_code == status, host
    with pytest.raises(WebSocketDenialResponse), client.websocket_connect(
        "/_stcore/stream", headers={"host": "evil.example"}
    ):  # fmt: skip
        pass
    assert client_at(monkeypatch).get("/", headers={"host": "any.example"}).status_code == 200, "unset: any"


@pytest.mark.parametrize("stated", ["http://example.org", "a b", "exa*mple.org", "example.org/", "*."])
def test_a_wrong_name_is_refused(monkeypatch, stated):
    monkeypatch.setenv(ALLOWED_HOSTS, stated)
    with pytest.raises(OpinionError, match="no name of a host"):
        allowed_hosts()


# ---- metrics


@pytest.mark.parametrize("path", METRICS_PATHS)
def test_metrics_are_hidden(monkeypatch, path):
    monkeypatch.delenv(METRICS, raising=False)
    for address in ("127.0.0.1", "10.0.0.9"):
        client = client_at(monkeypatch, address)
        assert client.get(path).status_code == client.options(path).status_code == 404
    monkeypatch.setenv(METRICS, "1")
    assert client_at(monkeypatch, "10.0.0.9").get(path).status_code == 404
    assert client_at(monkeypatch, "127.0.0.1").get(path).text == "figures"
    assert client_at(monkeypatch, "::1").get(path).text == "figures"
    behind = client_at(monkeypatch, "127.0.0.1", proxies="127.0.0.1")
    assert behind.get(path, headers=FORWARDED).status_code == 404, "a visitor behind a proxy on this machine"


# ---- health and readiness


@pytest.fixture
def unchecked(monkeypatch):
    monkeypatch.setattr(health, "_READINESS", health.Readiness())


def test_ready_says_a_word_and_no_more(monkeypatch, unchecked, store):
    client = client_at(monkeypatch)
    for path, word in (("/health", "ok"), ("/ready", "ready")):
        answer = client.get(path)
        assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, word, "no-store")


@pytest.mark.parametrize("fault", ["database", "catalogue"])
def test_what_is_missing_is_said_to_who_runs_the_server_only(
    monkeypatch, unchecked, sqlite_store, fault, capsys, tmp_path
):  # fmt: skip
    if fault == "database":
        monkeypatch.setattr(health, "is_ready", lambda store: False)
    else:
        monkeypatch.setenv("OPINION_VAR", str(tmp_path))
    client = client_at(monkeypatch)
    answers = [client.get("/ready") for _ in range(3)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(503, "not ready")}
    said = capsys.readouterr()
    assert said.err.count("Not ready") == 1 and fault in said.err and client.get("/health").status_code == 200


def test_the_database_is_not_asked_by_everybody(monkeypatch, unchecked, sqlite_store):
    asked = []
    monkeypatch.setattr(health, "is_ready", lambda store: asked.append(1) or True)
    client = client_at(monkeypatch)
    assert {client.get("/ready").status_code for _ in range(50)} == {200} and len(asked) <= 2


def test_a_slow_database_is_not_ready(monkeypatch, unchecked, sqlite_store):
    import threading

    monkeypatch.setattr(health, "LONGEST_S", 0.05)
    monkeypatch.setattr(health, "is_ready", lambda store: threading.Event().wait(0.3) or True)
    assert client_at(monkeypatch).get("/ready").status_code == 503


def test_a_database_that_is_gone_is_not_ready(store):
    assert checks.is_ready(store)
    store.engine.dispose()
    from sqlalchemy import create_engine

    from opinion.storage.stores import Store

    gone = Store(create_engine("postgresql+psycopg://127.0.0.1:1/none?connect_timeout=2"), store.keyring)
    assert not checks.is_ready(gone)


# ---- once a day


def test_the_daily_turn_goes_on_after_a_fault(monkeypatch, sqlite_store, capsys):
    def fail(store, today):
        raise RuntimeError("SECRET in the message")

    monkeypatch.setattr(daily, "erase_past", fail)
    slept, turns = [], iter([None, None])

    async def sleep(seconds):
        slept.append(seconds)
        if next(turns, "end") == "end":
            raise TimeoutError

    monkeypatch.setattr(anyio, "sleep", sleep)
    with pytest.raises(TimeoutError):
        anyio.run(daily.erase_daily)
    assert slept == [daily.AGAIN_S] * 3
    said = capsys.readouterr().err
    assert said.count("RuntimeError") == 3 and "SECRET" not in said
