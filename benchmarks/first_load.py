"""The bytes a browser receives until the first page stands, against the trivial page compressed alike."""

import ast
import shutil
import subprocess
import sys

from benchmarks.goals import Goals
from benchmarks.servers import MEASURE, ROOT, Server, app, serve

COMPRESSED_TRIVIAL = """
import streamlit as st
from opinion.server.middleware import MIDDLEWARE
app = st.App({script!r}, middleware=[each for each in MIDDLEWARE if each.cls.__name__ == "CompressedScripts"])
"""
IMPORTED = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({script!r}, default_timeout=30)
before = set(sys.modules)
page.run()
page.session_state["answers"] = {{"emergency_signs": [], "serious_disease": "yes", "disease_area": "oncology"}}
page.run()
assert not page.exception
print([name for name in ("pandas", "plotly.graph_objects", "pyarrow") if name in set(sys.modules) - before])
"""


def bytes_received(server: Server) -> int:
    """Return the bytes that Chromium receives for the start page, with an empty cache."""
    from playwright.sync_api import sync_playwright  # only this measurement needs a browser

    received = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")

        def add(event: dict[str, float]) -> None:
            nonlocal received
            received += int(event.get("encodedDataLength", 0))

        session.on("Network.loadingFinished", add)
        page.goto(server.address)
        page.wait_for_selector("[data-testid=stMain] [data-testid=stElementContainer]")
        page.wait_for_timeout(3000)
        browser.close()
    return received


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals = Goals()
    launcher = ROOT / "var" / "compressed_trivial.py"
    launcher.parent.mkdir(exist_ok=True)
    launcher.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})" + COMPRESSED_TRIVIAL.format(script=str(MEASURE / "trivial.py"))
    )
    try:
        with serve(launcher) as reference, app() as ours:
            base, own = bytes_received(reference), bytes_received(ours)
    finally:
        launcher.unlink()
    goals.add("trivial page, compressed alike", f"{base / 1024:,.0f} KiB", 1.0)
    goals.add("self-check", f"{own / 1024:,.0f} KiB", own / base, 1.05)
    code = IMPORTED.format(script=str(ROOT / "opinion" / "ui" / "main.py"))
    printed = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=ROOT)
    loaded = ast.literal_eval(printed.stdout.strip().splitlines()[-1])
    words = (
        f"\n\nHeavy libraries that a self-check imports up to its result: {', '.join(loaded) or 'none'}. "
        "(Streamlit itself imports plotly when the server starts, if it is installed.)"
    )
    missed = [f"the self-check imports {name}" for name in loaded]
    return "First load of the self-check", goals.table() + words, goals.missed + missed
