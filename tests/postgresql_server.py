"""Starts a PostgreSQL server for tests: on a socket in a folder of its own, and gone with it afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALL = "No PostgreSQL found. Install it with: apt-get install postgresql"
ALWAYS = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "32MB"}
# A test's database need not outlive a power cut: writes are not waited for, which makes it several times as fast.
HASTY = {**ALWAYS, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, the newest if there are several; ``None`` without any."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    folders = [*reversed(installed), *([Path(found).resolve().parent] if found else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class PostgreSQL:
    """A server that is started, killed and started again. ``settings``: of PostgreSQL, by name."""

    def __init__(self, programs: Path, settings: Mapping[str, str]) -> None:
        self.programs, self.settings = programs, settings
        self.folder = Path(tempfile.mkdtemp(prefix="opinion-pg-"))  # pytest's own folders are closed to other users
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.address = f"postgresql://tester@/postgres?host={self.folder}"
        self.person: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("nobody")
            self.person = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        make = [programs / "initdb", "-D", self.data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*make, "--no-sync"], check=True, capture_output=True, cwd=self.folder, **self.person)

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("a") as written:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options],
                cwd=self.folder, stdout=written, stderr=subprocess.STDOUT, **self.person,
            )  # fmt: skip
        for _ in range(400):
            state = self.data / "postmaster.pid"
            if (
                state.exists()
                and state.read_text().startswith(f"{self.process.pid}\n")
                and "ready" in state.read_text()
            ):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Kill the server's first process with SIGKILL; its other processes notice, and end."""
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        """Stop now, without waiting for clients, and remove everything."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Run a hasty server and give the address of its database ``postgres``."""
    server = PostgreSQL(programs, HASTY)
    try:
        server.start()
        yield server.address
    finally:
        server.stop()
