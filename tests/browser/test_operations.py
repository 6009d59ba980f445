"""A running server, seen from outside: health, no figures, no borrowed addresses, erasure at its start."""

import time
from datetime import date, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from conftest import start_server

from opinion.agency import patients
from opinion.agency.requests import Content
from opinion.agency.tables import requests
from opinion.errors import RefusedError


def status(address, path, **headers):
    try:
        return urlopen(Request(address + path, headers=headers)).status
    except HTTPError as error:
        return error.code


def test_the_public_sees_a_word_and_no_figures(server):
    assert urlopen(server.address + "/health").read() == b"ok"
    assert urlopen(server.address + "/ready").read() == b"ready"
    for path in ("/_stcore/metrics", "//_stcore/metrics", "/_stcore/%6detrics", "/_stcore/metrics/"):
        assert status(server.address, path) == 404, path
    elsewhere = urlopen(server.address + "/_stcore/./metrics").read()  # Streamlit answers what it does not know so
    assert b"<html" in elsewhere and b"# TYPE" not in elsewhere


def test_nothing_drives_the_pages_but_a_browser(server):
    """Streamlit can be driven by programs, without a browser; that is off."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(server.address + path, b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}', kinds))
        assert refused.value.code in (400, 403) and b"not_available" in refused.value.read()


def test_a_process_on_this_machine_is_not_believed_what_a_proxy_would_say(server):
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    answer = urlopen(Request(server.address + "/account/sign-in", headers=claims))
    assert "secure" not in answer.headers["set-cookie"].lower()


def test_a_named_proxy_is_believed_and_names_of_hosts_are_checked(tmp_path):
    running = start_server(tmp_path, OPINION_TRUSTED_PROXIES="127.0.0.1", OPINION_ALLOWED_HOSTS="example.org,127.0.0.1")
    try:
        answer = urlopen(Request(running.address + "/account/sign-in", headers={"X-Forwarded-Proto": "https"}))
        assert "secure" in answer.headers["set-cookie"].lower()
        assert status(running.address, "/", Host="example.org") == 200
        assert status(running.address, "/", Host="evil.example") == 400
        assert status(running.address, "/health", Host="evil.example") == 400
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_a_server_erases_what_is_past_its_date_when_it_starts(sqlite_store, tmp_path):
    content = Content(answers={"emergency_signs": [], "serious_disease": "yes"})
    past, kept = (patients.send_request(sqlite_store, content, ["request"], "en", date.today()) for _ in range(2))
    with sqlite_store.writing() as connection:
        connection.execute(requests.update().where(requests.c.reference == past.reference)
                           .values(erase_on=date.today() - timedelta(1)))  # fmt: skip
    running = start_server(tmp_path / "server")
    try:
        for _ in range(100):
            if "1 requests past their date were erased" in running.log.read_text():
                break
            time.sleep(0.1)
        assert patients.open_own_request(sqlite_store, kept)
        with pytest.raises(RefusedError):
            patients.open_own_request(sqlite_store, past)
    finally:
        running.process.terminate()
        assert running.process.wait(10) in (0, -15), "the daily turn does not hold the server up"
    assert past.reference not in running.log.read_text()
