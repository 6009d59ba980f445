"""Hands out the files of cases, to coordinators who are signed in: the same rules as on the pages."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from opinion.agency import files
from opinion.agency.stores import shared_store
from opinion.errors import RefusedError
from opinion.server.sign_in import account_of_request, in_thread

_STATUS = {"not_allowed": 403, "unknown_request": 404, "unknown_file": 404, "withdrawn": 410}
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


async def case_file(request: Request) -> Response:
    """Answer with the content of a file, to be kept and never shown as a page; 401, 403, 404 or 410 with the remedy."""
    account = await in_thread(account_of_request, request)
    if account is None:
        return PlainTextResponse("Sign in first: /account/sign-in", 401, _HEADERS)
    reference, file_id = request.path_params["reference"], request.path_params["file_id"]
    try:
        name, media_type, content = await in_thread(files.content_of, shared_store(), account, reference, file_id)
    except RefusedError as error:
        return PlainTextResponse(str(error), _STATUS[error.reason], _HEADERS)
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={**_HEADERS, "Content-Disposition": disposition})


ROUTES = [Route("/agency/files/{reference}/{file_id}", case_file)]
