"""Answers a case, sent as the body of a request, with the centres for it. The case is forgotten with the answer.

A case is somebody's answers: it never stands in an address, a log or a cache, and only this module reads a body.
"""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from opinion.errors import AnswersError, Problem
from opinion.exchange.centre_records import Record

PATH = "/match"
LARGEST_BODY = 64 * 1024
"""Bytes; the largest case that anybody would write is a tenth of it."""

HEADERS = {"Cache-Control": "no-store"}


async def match_record(request: Request) -> Record:
    """Return the ranking for the case in the body of ``request``.

    Raises ``AnswersError`` with every fault of the case, ``HTTPException`` if the body is too large.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, detail=f"is larger than {LARGEST_BODY // 1024} KiB. Send the case alone.")
    return await run_in_threadpool(_ranked, bytes(body))


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
