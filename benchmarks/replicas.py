"""Runs what ``deploy/`` describes, without containers, on loopback: PostgreSQL, two replicas, nginx with TLS."""

import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.request import urlopen

from benchmarks.servers import ROOT, Server, free_port
from opinion.server.entrances import ALLOWED_HOSTS
from opinion.server.proxies import TRUSTED_PROXIES
from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE
from tests.postgresql_server import ALWAYS, INSTALL, PostgreSQL, programs

TEMPLATE = ROOT / "deploy" / "nginx.conf.template"
NGINX = """daemon off;
master_process off;
pid $folder/nginx.pid;
error_log $folder/nginx-errors.log;
events { worker_connections 1024; }
http {
    client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
    types { text/html html; }
$site
}
"""


@dataclass
class Replica(Server):
    """A replica: its address without the proxy, its process and the file of its log."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def __init__(self, address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        super().__init__(address, process.pid)
        self.process, self.log = process, log

    def kill(self) -> None:
        """Kill the replica with SIGKILL."""
        self.process.kill()
        self.process.wait(20)


@dataclass
class Site:
    """The running whole: ``address`` of the proxy, its certificate as trusted, the replicas, the settings of each."""

    address: str
    trust: ssl.SSLContext
    replicas: list[Replica]
    settings: dict[str, str]
    access_log: Path


@contextmanager
def site(number: int = 2) -> Iterator[Site]:
    """Run the site until the block ends; the settings of the database hold in this process too."""
    found, nginx = programs(), shutil.which("nginx") or "/usr/sbin/nginx"
    if found is None:
        raise SystemExit(INSTALL)
    if not Path(nginx).exists() or not shutil.which("openssl"):
        raise SystemExit("Install what is missing with: apt-get install nginx openssl")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opinion-site-")))
        database = PostgreSQL(found, ALWAYS)
        stack.callback(database.stop)
        database.start()
        settings = {
            DATABASE_URL: database.address,
            KEY_FILE: str(folder / "agency.key"),
            TRUSTED_PROXIES: "127.0.0.1",
            ALLOWED_HOSTS: "localhost,127.0.0.1",
            "STREAMLIT_SERVER_COOKIE_SECRET": "the same on every replica, and made for this run only",
        }
        kept = {name: os.environ.get(name) for name in settings}
        stack.callback(lambda: _set(kept))
        _set(settings)
        replicas = [_start(folder, place) for place in range(number)]  # at once: the tables are made by one of them
        for replica in replicas:
            stack.callback(_stop, replica.process)
        for replica in replicas:
            wait_until_ready(replica)
        address, trust, log = _start_proxy(stack, nginx, folder, replicas)
        yield Site(address, trust, replicas, settings, log)


def wait_until_ready(replica: Replica, within_s: float = 60) -> None:
    """Wait until a replica says that it can serve."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            if urlopen(f"{replica.address}/ready", timeout=5).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"a replica does not become ready:\n{replica.log.read_text()}")


def _start(folder: Path, place: int) -> Replica:
    port, home = free_port(), folder / f"home-{place}"
    home.mkdir()
    log = folder / f"replica-{place}.log"
    options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    with log.open("wb") as written:
        process = subprocess.Popen([sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT,
                                   env={**os.environ, "HOME": str(home)}, stdout=written, stderr=written)  # fmt: skip
    return Replica(f"http://127.0.0.1:{port}", process, log)


def _start_proxy(
    stack: ExitStack, nginx: str, folder: Path, replicas: list[Replica]
) -> tuple[str, ssl.SSLContext, Path]:  # fmt: skip
    certificate, key, log = folder / "certificate.pem", folder / "certificate.key", folder / "access.log"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    http, https = free_port(), free_port()
    upstreams = [replica.address.removeprefix("http://") for replica in replicas]
    text = TEMPLATE.read_text("utf-8").replace("listen ", "listen 127.0.0.1:").replace("/dev/stdout", str(log))
    text = Template(text).safe_substitute(
        REPLICA_1=upstreams[0], REPLICA_2=upstreams[-1], HTTP=http, HTTPS=https, CERTIFICATE=certificate,
        CERTIFICATE_KEY=key,
    )  # fmt: skip
    if len(replicas) == 1:
        text = text.replace(f"server {upstreams[0]} max_fails=1 fail_timeout=5s;\n", "", 1)
    configuration = folder / "nginx.conf"
    configuration.write_text(Template(NGINX).safe_substitute(folder=folder, site=text), "utf-8")
    command = [nginx, "-p", str(folder), "-e", str(folder / "nginx-start.log"), "-c", str(configuration)]
    subprocess.run([*command, "-t"], check=True)
    process = subprocess.Popen(command)
    stack.callback(_stop, process)
    trust = ssl.create_default_context(cafile=str(certificate))
    address = f"https://localhost:{https}"
    for _ in range(100):
        try:
            urlopen(f"{address}/health", timeout=5, context=trust)
            break
        except OSError:
            time.sleep(0.1)
    return address, trust, log


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _set(settings: dict[str, str | None] | dict[str, str]) -> None:
    for name, value in settings.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
