"""What the server serves beside the pages: our one script, the pages for signing in, outlines for maps, the API."""

from functools import cache
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from opinion.server import case_files, health, sign_in
from opinion.server.account_pages import STYLE_PATH as ACCOUNT_STYLE_PATH
from opinion.server.mounts import mount
from opinion.server.rate_limit import requests_per_minute
from opinion.vocabularies import DATA

MAIN_SCRIPT = Path(__file__).resolve().parent.parent / "ui" / "main.py"
SCRIPT_PATH = "/opinion/page.js"  # asks before answers are lost, moves the sidebar on phones
STYLE_PATH = "/opinion/style.css"  # the little that the theme cannot say, and the printed page
ICON_PATH = "/opinion/icon.svg"
API_PATH = "/api/v1"
HERE = Path(__file__).parent
_API_LIMIT = requests_per_minute()  # read now: a wrong setting stops the start, not the first request


async def own_file(request: Request) -> FileResponse:
    """Serve one of the files that stand beside this module."""
    return FileResponse(HERE / Path(request.url.path).name, headers={"Cache-Control": "no-cache"})


@cache
def _api() -> ASGIApp:
    # Imported when the API is first asked for: it brings pandas, and pages should not wait for it.
    from opinion.server.api import api  # see above

    return api(_API_LIMIT)


async def serve_api(scope: Scope, receive: Receive, send: Send) -> None:
    """Pass a request on to the API, which is made at the first."""
    app = _api() if _api.cache_info().currsize else await anyio.to_thread.run_sync(_api)
    await app(scope, receive, send)


ROUTES = [
    *(Route(path, own_file) for path in (SCRIPT_PATH, STYLE_PATH, ICON_PATH, ACCOUNT_STYLE_PATH)),
    *sign_in.ROUTES,
    *case_files.ROUTES,
    *health.ROUTES,
    mount(API_PATH, serve_api),
    Mount("/opinion/geo", StaticFiles(directory=DATA / "geo", check_dir=False)),
]
