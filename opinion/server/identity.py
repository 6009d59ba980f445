"""Reads who an identity provider said somebody is, from the signed cookie that ``st.login`` leaves in the browser."""

import json
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from streamlit.auth_util import get_cookie_with_chunks, get_secrets_auth_section
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME


@cache
def is_configured() -> bool:
    """Say whether sign-in by an identity provider is set up (``[auth]`` in Streamlit's secrets)."""
    return bool(get_secrets_auth_section())


def claims_of(request: Request) -> dict[str, Any]:
    """Return the claims in the cookie of a request; nothing if there is none, or its signature is wrong."""
    if not is_configured():
        return {}

    def single(name: str) -> bytes | None:
        value = request.cookies.get(name)
        return None if value is None else decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    try:
        found = json.loads(get_cookie_with_chunks(single, USER_COOKIE_NAME) or b"{}")
    except (ValueError, UnicodeError):
        return {}
    return found if isinstance(found, dict) else {}


def forget(request: Request, response: Response) -> None:
    """Let the browser forget what the provider said."""
    for name in request.cookies:
        if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)):
            response.delete_cookie(name)
