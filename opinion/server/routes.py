"""What the server serves beside the pages: our one script, and the outlines for maps."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from opinion.vocabularies import DATA

MAIN_SCRIPT = Path(__file__).resolve().parent.parent / "ui" / "main.py"
SCRIPT_PATH = "/opinion/page.js"  # asks before answers are lost, moves the sidebar on phones
STYLE_PATH = "/opinion/style.css"  # the little that the theme cannot say, and the printed page
ICON_PATH = "/opinion/icon.svg"
HERE = Path(__file__).parent


async def own_file(request: Request) -> FileResponse:
    """Serve one of the files that stand beside this module."""
    return FileResponse(HERE / Path(request.url.path).name, headers={"Cache-Control": "no-cache"})


ROUTES = [
    *(Route(path, own_file) for path in (SCRIPT_PATH, STYLE_PATH, ICON_PATH)),
    Mount("/opinion/geo", StaticFiles(directory=DATA / "geo", check_dir=False)),
]
