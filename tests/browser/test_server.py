"""A fresh server: any page may be the first request; nothing is asked of the outside; responses carry headers."""

import os
import pty
import subprocess
import sys
import time
from urllib.request import Request, urlopen

import pytest
from conftest import ROOT

WATCH = """
import os, socket
def outside(address):
    return isinstance(address, tuple) and str(address[0]) not in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "")
def note(word, address):
    with open(os.environ["OPINION_WATCH"], "a") as file:
        file.write(f"{word} {address}\\n")
connect, look_up = socket.socket.connect, socket.getaddrinfo
def watched_connect(self, address):
    if outside(address): note("connect", address)
    return connect(self, address)
def watched_look_up(host, *rest, **more):
    if host is not None and outside((host,)): note("look up", host)
    return look_up(host, *rest, **more)
socket.socket.connect, socket.getaddrinfo = watched_connect, watched_look_up
"""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Do you need a second medical opinion?"),
        ("/centres", "Centres"),
        ("/centre", "centre"),
        ("/sources", "Sources"),
        ("/privacy", "Privacy"),
        ("/in-an-emergency", "In an emergency"),
    ],
)
def test_any_page_may_be_the_first_request(open_page, fresh_server, path, words):
    page = open_page(path, address=fresh_server.address)
    assert words in page.locator("[data-testid=stMain]").inner_text()
    assert page.locator("[data-testid=stTopNavSection]").count() == 4, "the navigation is there"


def test_the_first_start_asks_nobody_anything(tmp_path):
    """`make run` starts this command: under a terminal, with an empty home, it neither asks nor calls out."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watch, home = tmp_path / "outside.txt", tmp_path / "home"
    home.mkdir()
    master, slave = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("STREAMLIT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "8597"],
        cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        env=environment | {"HOME": str(home), "PYTHONPATH": str(tmp_path), "OPINION_WATCH": str(watch),
             "BROWSER": "true"},
    )  # fmt: skip
    os.close(slave)
    try:
        for _ in range(200):
            try:
                if urlopen("http://127.0.0.1:8597/_stcore/health", timeout=1).read() == b"ok":
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError(f"it did not start: {os.read(master, 4000).decode(errors='replace')}")
        time.sleep(1)
    finally:
        process.terminate()
        process.wait(10)
        os.close(master)
    assert not watch.exists(), watch.read_text()


def test_the_watch_can_see_a_call(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watch = tmp_path / "outside.txt"
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9), 0.01)\nexcept OSError: pass"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "OPINION_WATCH": str(watch)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert "192.0.2.1" in watch.read_text()


def test_every_response_carries_the_security_headers(server):
    for path in ("/", "/_stcore/health", "/opinion/page.js"):
        headers = urlopen(server.address + path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-eval'" not in headers["Content-Security-Policy"].replace("'wasm-unsafe-eval'", "")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_come_compressed(server):
    page = urlopen(server.address + "/").read().decode()
    script = page.split('src="./static/js/')[1].split('"')[0]
    request = Request(f"{server.address}/static/js/{script}", headers={"Accept-Encoding": "gzip"})
    answer = urlopen(request)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.read()) < 0.5 * len(urlopen(f"{server.address}/static/js/{script}").read())


@pytest.mark.parametrize(
    "path", ["/static/js/../index.html", "/static/js/%2e%2e/%2e%2e/index.html", "/opinion/geo/../app.py"]
)
def test_nothing_outside_the_folders_is_served(server, path):
    request = Request(server.address + path, headers={"Accept-Encoding": "gzip"})
    try:
        body = urlopen(request).read()
    except OSError:
        return
    assert b"import streamlit" not in body
