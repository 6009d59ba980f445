"""Adds to every response what Streamlit leaves out: headers, the page's language, compressed scripts."""

import base64
import gzip
import hashlib
import re
import socket
from collections.abc import Awaitable, Callable
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import anyio.to_thread
import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from opinion.server.entrances import HiddenMetrics, allowed_hosts
from opinion.server.proxies import TrustedProxies, trusted_proxies
from opinion.server.routes import ICON_PATH, SCRIPT_PATH, STYLE_PATH
from opinion.server.uploads import Uploads
from opinion.texts.translations import SOURCE_LANGUAGE, direction_of, offered_languages, translator_for

STATIC = Path(streamlit.__file__).parent / "static"
COMPRESSIBLE = {".js": "text/javascript", ".css": "text/css"}


@cache
def content_security_policy() -> str:
    """Return the policy: this host only, no ``eval``, and the one inline script of Streamlit's page by its hash."""
    scripts = re.findall(r"<script>(.*?)</script>", (STATIC / "index.html").read_text("utf-8"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    inline = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {inline}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class NoDelay:
    """Lets the system send what we write at once, instead of holding small pieces back.

    Streamlit opens its port so that asyncio takes it for no TCP socket and leaves Nagle's algorithm on: the body of an
    answer then waits for the client to acknowledge the headers, 40 ms on a connection that is kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the option on the request's connection, and pass the request on."""
        # ASGI has no way to the connection: receive is a method of uvicorn's object that knows it
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        connection = transport.get_extra_info("socket") if transport is not None else None
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Sets the security headers on every HTTP response; a page of our own may have stricter ones."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_security_policy())
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
            await send(message)

        await self.app(scope, receive, send_with_headers)


class PageLanguage:
    """Puts language, direction, icon and our script into Streamlit's one HTML page, which knows only English.

    The language comes from ``?lang=``; nothing else is read from the address. A page that states its language is left
    alone: it is one of our own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite HTML responses; pass all others through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [SOURCE_LANGUAGE])[-1]
        language = asked if asked in offered_languages() else SOURCE_LANGUAGE
        if "text/html" in Headers(scope=scope).get("accept", ""):
            # Asked for plainly, or it would come compressed and could not be read here.
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        await self.app(scope, receive, _html_rewriter(send, language))


def _html_rewriter(send: Send, language: str) -> Callable[[Message], Awaitable[None]]:
    """Return a ``send`` that holds back an HTML response until it is whole, and then sends it rewritten."""
    start: Message = {}
    body: list[bytes] = []

    async def rewriting_send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            headers = Headers(scope=message)
            is_ready = "content-encoding" in headers or "content-language" in headers
            if headers.get("content-type", "").startswith("text/html") and not is_ready:
                start = message
                return
        elif start and message["type"] == "http.response.body":
            body.append(message.get("body", b""))
            if message.get("more_body"):
                return
            html = b"".join(body).decode("utf-8")
            t = translator_for(language)
            menu = escape(t("Menu"))
            html = html.replace(
                '<html lang="en">', f'<html lang="{language}" dir="{direction_of(language)}" data-menu="{menu}">', 1
            )
            html = html.replace('href="./favicon.png"', f'href="{ICON_PATH}"', 1)
            html = html.replace("<head>", f'<head><script src="{SCRIPT_PATH}"></script>', 1)
            html = html.replace("</head>", f'<link rel="stylesheet" href="{STYLE_PATH}"></head>', 1)
            data = html.encode("utf-8")
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(data))
            for name in ("etag", "last-modified"):
                if name in headers:
                    del headers[name]
            await send(start)
            await send({"type": "http.response.body", "body": data})
            return
        await send(message)

    return rewriting_send


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)


class CompressedScripts:
    """Serves Streamlit's scripts and styles compressed: each is compressed once, when it is first asked for.

    The file names carry a hash of their content, so a browser may keep them for ever.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer requests for scripts and styles; pass all others on."""
        path = self._script(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        data = await anyio.to_thread.run_sync(_compressed, path)
        headers = [
            (b"content-type", f"{COMPRESSIBLE[path.suffix]}; charset=utf-8".encode()),
            (b"content-encoding", b"gzip"),
            (b"content-length", str(len(data)).encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"Accept-Encoding"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": data if scope["method"] == "GET" else b""})

    @staticmethod
    def _script(scope: Scope) -> Path | None:
        """Return the file that a request asks for, if we compress it; never one outside Streamlit's folder."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return None
        root = STATIC / "static"
        found = re.fullmatch(r"(?:/.*)?/static/((?:js|css)/[\w.-]+)", scope["path"])
        path = root / found[1] if found else None
        if path is None or path.suffix not in COMPRESSIBLE or not path.is_file():
            return None
        return path if root in path.resolve().parents else None


# Read now: a wrong setting stops the start, not the first request. Who asks through the connection itself comes first.
MIDDLEWARE = [
    Middleware(NoDelay),
    Middleware(TrustedProxies, proxies=trusted_proxies()),
    Middleware(SecurityHeaders),
    Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(), www_redirect=False),
    Middleware(HiddenMetrics),
    Middleware(Uploads),
    Middleware(CompressedScripts),
    Middleware(PageLanguage),
]
