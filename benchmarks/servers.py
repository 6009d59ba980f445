"""Starts the app, or the trivial page, on the same settings or on Streamlit's own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
MEASURE = Path(os.environ.get("OPINION_MEASURE") or ROOT.parent / "shared" / "measure")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server: its address and its process id."""

    def __init__(self, address: str, pid: int) -> None:
        self.address = address
        self.pid = pid

    def memory_mb(self) -> float:
        """Return the resident memory of the process in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def serve(script: Path, stock: bool = False) -> Iterator[Server]:
    """Serve ``script`` with our settings, or with ``stock`` ones, until the block ends."""
    with tempfile.TemporaryDirectory() as home:
        port, folder = free_port(), script.parent
        options = ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
        if stock:
            # What Streamlit does when nobody sets anything: collects garbage after each run, watches files.
            options += [
                "--runner.postScriptGC",
                "true",
                "--server.fileWatcherType",
                "auto",
                "--runner.magicEnabled",
                "true",
            ]
        if script.parent != ROOT:
            folder = Path(home)
            shutil.copy(script, folder)
            if not stock:
                shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        settings = {**os.environ, "HOME": home, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script.name, "--server.port", str(port), *options],
            cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    urlopen(f"{address}/_stcore/health", timeout=1)
                    break
                except OSError:
                    time.sleep(0.1)
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def trivial(stock: bool = False) -> "contextmanager[Server]":  # type: ignore[valid-type]
    """Serve the reference page."""
    return serve(MEASURE / "trivial.py", stock)


def fragment_alone() -> "contextmanager[Server]":  # type: ignore[valid-type]
    """Serve the reference page's content in a fragment, and nothing else."""
    return serve(ROOT / "benchmarks" / "fragment_alone.py")


def browse_with_fragment() -> "contextmanager[Server]":  # type: ignore[valid-type]
    """Serve the Centres page with the reference page's content in a fragment."""
    return serve(ROOT / "benchmarks" / "browse_with_fragment.py")


def app(stock: bool = False) -> "contextmanager[Server]":  # type: ignore[valid-type]
    """Serve our app."""
    return serve(ROOT / "app.py", stock)
