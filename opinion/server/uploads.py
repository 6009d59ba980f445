"""Keeps large files out of hands that need none: visitors send a copy of their answers, curators whole lists.

Streamlit has one limit for everybody (``server.maxUploadSize``), and keeps what was sent in memory.
"""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.agency.accounts import Account
from opinion.server.sign_in import account_of_request, in_thread

_MB = 1024 * 1024
_AROUND = 64 * 1024  # bytes that the browser writes around a file

LARGEST_OF_STRANGERS = 1 * _MB + _AROUND
"""Bytes of a request of anybody: a file of 1 MB."""

LARGEST_OF_WORKERS = 25 * _MB + _AROUND
"""Bytes of a request of who is signed in: the files of a case are smaller."""

_PATH = re.compile(r"/_stcore/+upload_file(/|$)")


class Uploads:
    """Answers 413 to an upload that is larger than its sender may send, before a byte of it is read.

    For curators Streamlit's own limit holds: a list of a million rows is 100 MB.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["method"] in ("PUT", "POST") and _PATH.search(scope["path"]):
            request = Request(scope, receive)
            if _is_over(request, LARGEST_OF_STRANGERS) and not _may_send(
                await in_thread(account_of_request, request), request
            ):
                await PlainTextResponse("The file is too large.", 413)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _may_send(account: Account | None, request: Request) -> bool:
    if account is None:
        return False
    return "curator" in account.roles or not _is_over(request, LARGEST_OF_WORKERS)


def _is_over(request: Request, largest: int) -> bool:
    length = request.headers.get("content-length", "")  # without it nobody knows how much will come
    return not length.isdecimal() or int(length) > largest
