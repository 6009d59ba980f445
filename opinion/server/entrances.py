"""Closes what is not for everybody: other names of this host, and the figures about the server."""

import ipaddress
import os
import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.errors import OpinionError

ALLOWED_HOSTS = "OPINION_ALLOWED_HOSTS"
"""The environment variable: names that this server answers to, separated by commas; ``*.`` may begin one."""

METRICS = "OPINION_METRICS"
"""The environment variable: 1 lets this machine itself read ``/_stcore/metrics``."""

_NAME = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]|\*", re.ASCII)
_METRICS_PATH = re.compile(r"/_stcore/+metrics(/|$)")


class HiddenMetrics:
    """Answers 404 where Streamlit would show figures about the server, but to this machine itself if that is set."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that nothing is here."""
        if scope["type"] == "http" and _METRICS_PATH.search(scope["path"]) and not _may_see_metrics(scope):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def allowed_hosts() -> list[str]:
    """Return the names that the environment sets, ``*`` for any. Raises ``OpinionError`` if one of them is none."""
    stated = [part.strip().lower() for part in os.environ.get(ALLOWED_HOSTS, "").split(",")]
    names = [name for name in stated if name]
    for name in names:
        if not _NAME.fullmatch(name):
            raise OpinionError(f"{ALLOWED_HOSTS}: {name!r} is no name of a host. Give example.org or *.example.org.")
    return names or ["*"]


def _may_see_metrics(scope: Scope) -> bool:
    if os.environ.get(METRICS) != "1" or not scope.get("client"):
        return False
    try:
        return ipaddress.ip_address(scope["client"][0]).is_loopback
    except ValueError:
        return False
