"""Starts a PostgreSQL server for tests: on a socket in a folder of its own, and gone with it afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = "No PostgreSQL found. Install it with: apt-get install postgresql"
# A test's database need not outlive a power cut: writes are not waited for, which makes it several times as fast.
SETTINGS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
            "max_connections": "60", "shared_buffers": "32MB", "autovacuum": "off"}  # fmt: skip


def programs() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, the newest if there are several; ``None`` without any."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    folders = [*reversed(installed), *([Path(found).resolve().parent] if found else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Run a server and give the address of its database ``postgres``."""
    folder = Path(tempfile.mkdtemp(prefix="opinion-pg-"))  # pytest's own folders are closed to other users
    person = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("nobody")
        person = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, log = folder / "data", folder / "log"
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **person,
        )  # fmt: skip
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("w") as written:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *options],
                cwd=folder, stdout=written, stderr=subprocess.STDOUT, **person,
            )  # fmt: skip
        try:
            _wait_for(process, folder, log)
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)  # stop now, without waiting for clients
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(process: subprocess.Popen, folder: Path, log: Path) -> None:
    for _ in range(200):
        state = folder / "data" / "postmaster.pid"
        if state.exists() and "ready" in state.read_text():
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
