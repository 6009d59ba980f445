"""Reads the forms of our own pages, and refuses what another website has made a browser send."""

import hmac
import re
import secrets
from urllib.parse import parse_qsl

from starlette.requests import Request

COOKIE = "opinion_form"
"""The name of the cookie with the token that every form carries too."""

LARGEST_BODY = 16 * 1024
"""Bytes; three passwords of the longest letters are 7 KiB."""

MOST_FIELDS = 10
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


class BadFormError(Exception):
    """A form that no page of ours has sent: the status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def token_for(request: Request) -> str:
    """Return the token for a form that is shown in answer to ``request``: the browser's, if it has one."""
    kept = request.cookies.get(COOKIE, "")
    return kept if _TOKEN.fullmatch(kept) else secrets.token_urlsafe(32)


def comes_from_here(request: Request) -> bool:
    """Say whether nothing shows that a page of another host has made the browser send this."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return "origin" not in headers or headers["origin"].partition("://")[2] == headers.get("host")


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that a page of ours has sent.

    Raises:
        BadFormError: 403 from elsewhere, 413 too large, 415 no form, 400 too many fields.

    """
    if not comes_from_here(request):
        raise BadFormError(403)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadFormError(415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise BadFormError(413)
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadFormError(400) from None
    form = dict(pairs)
    given, kept = form.get("token", ""), request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(kept) or not hmac.compare_digest(given.encode(), kept.encode()):
        raise BadFormError(403)
    return form
