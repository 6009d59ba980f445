"""A real server and a real browser. Without a browser these tests are skipped; with CI=true that is a failure."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import urlopen
from weakref import WeakKeyDictionary

import pytest
from packed_copies import copy_catalogue

from opinion.agency import accounts, audits, sign_ins
from opinion.agency.stores import shared_store

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "No browser found. Install it with: apt-get install chromium (or put chromium on the path)"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
VIEWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "user_agent": PHONE},
}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(folder: Path, *options: str, port: int = 0, **environment: str) -> SimpleNamespace:
    """Start the app on ``port`` (0: a free one) with an empty home folder; wait until it answers."""
    port = port or free_port()
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    with log.open("w") as written:
        process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true",
         "--server.address", "127.0.0.1", "--logger.level", "debug", *options],
        cwd=ROOT, stdout=written, stderr=subprocess.STDOUT,
        env={**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "OPINION_PSEUDO_LOCALES": "1", **environment},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            if urlopen(f"{address}/_stcore/health", timeout=1).read() == b"ok":
                break
        except OSError:
            time.sleep(0.1)
    else:
        process.kill()
        raise RuntimeError(f"the server did not start:\n{log.read_text()}")
    return SimpleNamespace(address=address, process=process, log=log, home=home, temporary=temporary)


@contextmanager
def running_desk(folder: Path, name: str, shown_name: str):
    """Run a server with a catalogue of its own in ``folder``, and give its address and the cookie of a curator."""
    (folder / "var").mkdir()
    copy_catalogue(folder / "var")
    store = shared_store()
    account = accounts.find_account(store, name) or accounts.create_account(
        store, audits.COMMAND, name, shown_name, ["curator"]
    )
    running = start_server(folder, OPINION_VAR=str(folder / "var"))
    cookie = {"name": sign_ins.COOKIE, "value": sign_ins.start_sign_in(store, account), "url": running.address}
    yield SimpleNamespace(address=running.address, cookie=cookie, var=folder / "var", folder=folder)
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = start_server(tmp_path_factory.mktemp("server"))
    yield running
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture
def fresh_server(tmp_path):
    running = start_server(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sign_in_as(server):
    """Return a function that gives the cookie of somebody with these roles, on the database that the server uses."""

    def cookie(*roles):
        name = ".".join(("browser", *roles))
        account = accounts.find_account(shared_store(), name) or accounts.create_account(
            shared_store(), audits.COMMAND, name, f"The {roles[0]}", roles
        )
        token = sign_ins.start_sign_in(shared_store(), account)
        return {"name": sign_ins.COOKIE, "value": token, "url": server.address}

    return cookie


@pytest.fixture
def open_page(browser, server, request):
    """Return a function that opens a path; at the end no page may have erred or asked another host."""
    contexts, faults = [], []

    def opener(path="/", view="desktop", theme="light", address=server.address, **options):
        context = browser.new_context(color_scheme=theme, locale="en-GB", **VIEWS[view], **options)
        context.set_default_timeout(30_000)  # two cores may have more to do
        context.on("page", watch_socket)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda sent: (
                faults.append(f"request to another host: {sent.url}")
                if urlsplit(sent.url).scheme.startswith(("http", "ws")) and urlsplit(sent.url).hostname != "127.0.0.1"
                else None
            ),
        )
        page.goto(address + path, wait_until="commit")
        settle(page)
        return page

    yield opener
    failed = getattr(request.node, "failed", False)
    for page in [page for context in contexts for page in context.pages if failed]:
        print(f"{page.url}\n{page.locator('body').inner_text()}")  # what stood there when the test failed
    for context in contexts:
        context.close()
    assert faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


asked, answered = WeakKeyDictionary(), WeakKeyDictionary()  # page -> when its socket last sent, last received


def watch_socket(page):
    """Note when the page last asked the server for something, and when it last heard from it."""

    def watch(socket):
        socket.on("framesent", lambda _: asked.update({page: time.time()}))
        socket.on("framereceived", lambda _: answered.update({page: time.time()}))

    page.on("websocket", watch)


def is_unanswered(page, patience=5):
    """Say whether the server, busy with others, has not yet said a word since the page last asked."""
    last = asked.get(page, 0)
    return answered.get(page, 0) < last and time.time() - last < patience


def settle(page, quiet=0.4, limit=30):
    """Wait until the app has been at rest for a moment."""
    page.wait_for_selector("[data-testid=stMain] [data-testid=stElementContainer]", timeout=limit * 1000)
    end, calm = time.time() + limit, None
    while time.time() < end:
        running = page.evaluate(
            """() => { const app = document.querySelector('[data-testid=stApp]');
            return !app || app.getAttribute('data-test-script-state') === 'running'
                || !!document.querySelector('[data-testid=stSkeleton]') }"""
        )
        calm = None if running or is_unanswered(page) else calm or time.time()
        if calm and time.time() - calm > quiet:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("the page does not come to rest")
    assert page.locator("[data-testid=stException]").count() == 0
