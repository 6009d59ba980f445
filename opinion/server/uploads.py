"""Keeps large files of strangers out: visitors may send a copy of their answers, people who work here whole lists.

Streamlit has one limit for everybody (``server.maxUploadSize``), and keeps what was sent in memory.
"""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.server.sign_in import account_of_request, in_thread

LARGEST_OF_STRANGERS = 1024 * 1024 + 64 * 1024
"""Bytes of a request: a file of 1 MB, and what the browser writes around it."""

_PATH = re.compile(r"/_stcore/+upload_file(/|$)")


class Uploads:
    """Answers 413 to an upload that is larger than a stranger's may be, unless the sender is signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it before a byte of the file is read."""
        if scope["type"] == "http" and scope["method"] in ("PUT", "POST") and _PATH.search(scope["path"]):
            request = Request(scope, receive)
            if _is_large(request) and await in_thread(account_of_request, request) is None:
                await PlainTextResponse("The file is too large.", 413)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_large(request: Request) -> bool:
    length = request.headers.get("content-length", "")  # without it nobody knows how much will come
    return not length.isdecimal() or int(length) > LARGEST_OF_STRANGERS
