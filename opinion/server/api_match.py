"""Answers a case, sent as the body of a request, with the centres for it. The case is forgotten with the answer.

A case is somebody's answers: it never stands in an address, a log or a cache, and only this module reads a body, or a
cookie: it answers coordinators who are signed in, as the page Match a case does.
"""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from opinion.errors import AnswersError, Problem
from opinion.exchange.centre_records import Record
from opinion.server.forms import comes_from_here

PATH = "/match"
LARGEST_BODY = 64 * 1024
"""Bytes; the largest case that anybody would write is a tenth of it."""

HEADERS = {"Cache-Control": "no-store"}


async def match_record(request: Request) -> Record:
    """Return the ranking for the case in the body of ``request``.

    Raises ``AnswersError`` with every fault of the case, ``HTTPException`` if the body is too large or no JSON, or if
    nobody who may ask has sent it.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, detail="is not called JSON. Send it with the header Content-Type: application/json.")
    if not comes_from_here(request):
        raise HTTPException(403, detail="was sent by a page of another website. Send it from this host.")
    await run_in_threadpool(_check_coordinator, request)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, detail=f"is larger than {LARGEST_BODY // 1024} KiB. Send the case alone.")
    return await run_in_threadpool(_ranked, bytes(body))


def _check_coordinator(request: Request) -> None:
    from opinion.server.sign_in import account_of_request  # who only reads the catalogue needs no accounts

    account = account_of_request(request)
    if account is None:
        remedy = "is answered to coordinators only. Sign in at /account/sign-in, and send the cookie opinion_sign_in."
        raise HTTPException(401, detail=remedy, headers={"WWW-Authenticate": 'Cookie realm="opinion_sign_in"'})
    if not account.may("coordinator"):
        raise HTTPException(403, detail="is answered to coordinators only. Ask an administrator for the role.")


def _ranked(body: bytes) -> Record:
    # Imported when the first case comes: who only reads the catalogue needs no guidance.
    from opinion.centres.shared import shared_catalogue  # see above
    from opinion.guidance.answers import parse_answers  # see above
    from opinion.matching.cases import read_case, read_weights  # see above
    from opinion.matching.rankings import rank  # see above

    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnswersError([Problem("", "", "is not UTF-8 text. Send JSON in UTF-8.")]) from None
    given = parse_answers(text)
    return rank(shared_catalogue(), read_case(given), read_weights(given)).to_dict()
