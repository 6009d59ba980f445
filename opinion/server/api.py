"""Serves the catalogue to other programs, as JSON and CSV, with the same query as the Centres page. Read-only.

Nothing about a visitor comes near it: of a request it reads the path, the query, ``Accept`` and ``If-None-Match``, and
``RateLimit`` the client's address. No cookie, no session; ``tests/server`` holds it to that. One address takes a case
in the body of a request: see ``opinion/server/api_match.py``.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from opinion.centres import staleness
from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import FEWEST_COMPARED, MOST_COMPARED, ids_in, is_known
from opinion.centres.facets import select
from opinion.centres.shared import shared_catalogue
from opinion.centres.towns import town_of
from opinion.errors import AnswersError, CatalogueError, Problem
from opinion.exchange.cells import Row
from opinion.exchange.centre_records import (
    Record,
    centre_record,
    comparison_record,
    comparison_rows,
    facet_record,
    facet_rows,
    fact_rows,
    selection_record,
    selection_rows,
)
from opinion.exchange.tables import csv_of
from opinion.server.api_match import HEADERS, match_record
from opinion.server.api_match import PATH as MATCH
from opinion.server.api_queries import (
    ENDPOINTS,
    FACETS,
    FORMAT,
    IDS,
    PAGE,
    PAGE_SIZE,
    Asked,
    Endpoint,
    QueryError,
    read_request,
)
from opinion.server.openapi import openapi_document
from opinion.server.rate_limit import RateLimit

FORM = "2"
"""Raise it when answers look different for the same catalogue: copies that clients keep are then out of date."""

_KEPT_SECONDS = 300
_LONGEST_QUERY = 4000  # characters, percent signs and all: every filter with every value takes fewer
_MOST_PROBLEMS = 20
_JSON, _CSV = "application/json", "text/csv"


@dataclass(frozen=True)
class _Answer:
    """What an endpoint answers.

    ``query``: the shortest that asks the same. ``page``: the address of the page that shows it to people.
    """

    query: Mapping[str, str]
    page: str
    record: Callable[[], Record]
    rows: Callable[[Record], tuple[list[str], list[Row]]]


def _list(catalogue: Catalogue, asked: Asked, _: Request) -> _Answer:
    page, page_size = asked.number(PAGE), asked.number(PAGE_SIZE)
    with_facets = asked.text(FACETS) == "1"
    query = asked.filters.to_query()
    return _Answer(
        query | {c.key: asked.text(c) for c in (PAGE, PAGE_SIZE, FACETS) if asked.text(c) != c.default},
        _address("/centres", query),
        lambda: selection_record(select(catalogue, asked.filters), page, page_size, with_facets),
        selection_rows,
    )


def _one(catalogue: Catalogue, asked: Asked, request: Request) -> _Answer:
    centre_id = request.path_params["id"]
    _check_ids(catalogue, [centre_id], 404)
    query, town = asked.filters.to_query(), town_of(asked.filters.near)
    return _Answer(
        query,
        _address("/centre", {"id": centre_id, **query}),
        lambda: centre_record(catalogue, centre_id, town),
        fact_rows,
    )


def _facets(catalogue: Catalogue, asked: Asked, _: Request) -> _Answer:
    query = asked.filters.to_query()

    def record() -> Record:
        selection = select(catalogue, asked.filters)
        return {"query": query, "count": selection.count, "facets": facet_record(selection.facets)}

    return _Answer(query, _address("/centres", query), record, lambda made: facet_rows(made["facets"]))


def _compare(catalogue: Catalogue, asked: Asked, _: Request) -> _Answer:
    ids = list(dict.fromkeys(ids_in(asked.text(IDS))))
    _check_ids(catalogue, ids, 400)
    if not FEWEST_COMPARED <= len(ids) <= MOST_COMPARED:
        remedy = f"Give {FEWEST_COMPARED} to {MOST_COMPARED} different ids; there are {len(ids)}."
        raise QueryError([Problem(IDS.key, asked.text(IDS)[:100], remedy)])
    query, town = {IDS.key: ",".join(ids), **asked.filters.to_query()}, town_of(asked.filters.near)
    return _Answer(
        query,
        _address("/compare", query),
        lambda: comparison_record(catalogue, ids, town),
        comparison_rows,
    )


_ANSWERS = {"centres": _list, "centre": _one, "facets": _facets, "compare": _compare}


def _check_ids(catalogue: Catalogue, ids: Sequence[str], status: int) -> None:
    problems = [
        Problem("id", id_[:100], "is not the id of a centre. Ids are in the list of centres.")
        for id_ in ids
        if not is_known(catalogue, id_)
    ]
    if problems and status == 404:
        raise HTTPException(404, detail=problems[0].message)
    if problems:
        raise QueryError(problems)


def _endpoint(endpoint: Endpoint) -> Callable[[Request], Response]:
    """Return the function that answers requests to ``endpoint``; Starlette runs it in a thread."""

    def answer(request: Request) -> Response:
        if len(request.url.query) > _LONGEST_QUERY:
            remedy = f"The query is longer than {_LONGEST_QUERY:,} characters. Ask for less."
            raise QueryError([Problem("", "", remedy)])
        asked = read_request(request.query_params.multi_items(), endpoint)
        as_csv = (asked.text(FORMAT) or _wished(request.headers.get("accept", ""))) == "csv"
        if as_csv and asked.text(FACETS) == "1":
            raise QueryError([Problem(FACETS.key, "1", "comes as JSON only. Ask for /facets as CSV.")])
        catalogue = shared_catalogue()
        made = _ANSWERS[endpoint.name](catalogue, asked, request)
        form = {FORMAT.key: asked.text(FORMAT)} if asked.text(FORMAT) else {}
        address = request.scope["root_path"] + endpoint.path.replace("{id}", request.path_params.get("id", ""))
        day = str(staleness.today())  # what is overdue depends on it
        tag = _tag(_stamp(catalogue), day, address, repr(sorted(made.query.items())), str(as_csv), str(form))
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={_KEPT_SECONDS}", "Vary": "Accept"}
        if _has(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        record = made.record()
        links = _links(address, {**made.query, **form}, record)
        if sides := [f'<{links[side]}>; rel="{side}"' for side in ("prev", "next") if links.get(side)]:
            headers["Link"] = ", ".join(sides)
        if as_csv:
            headers["Content-Disposition"] = f'attachment; filename="{endpoint.name}.csv"'
            return _response(request, csv_of(*made.rows(record)), _CSV, headers)
        csv_query = {key: text for key, text in made.query.items() if key != FACETS.key} | {FORMAT.key: "csv"}
        record["links"] = links | {
            "csv": _address(address, csv_query),
            "page": request.scope.get("app_root_path", "") + made.page,
        }
        return _response(request, _json(record), _JSON, headers)

    return answer


def _links(address: str, query: Mapping[str, str], record: Record) -> dict[str, str | None]:
    """Return the address of this answer and, of a list, those of the pages before and after (``None``: none)."""
    links: dict[str, str | None] = {"self": _address(address, query)}
    if "pages" in record:
        page, pages = record["page"], record["pages"]
        links["prev"] = _address(address, {**query, "page": str(min(page - 1, pages))}) if page > 1 and pages else None
        links["next"] = _address(address, {**query, "page": str(page + 1)}) if page < pages else None
    return links


def _address(path: str, query: Mapping[str, str]) -> str:
    text = urlencode(query, safe=",:", quote_via=quote)
    return quote(path, safe="/:,") + (f"?{text}" if text else "")


def _wished(accept: str) -> str:
    """Return the form that an ``Accept`` header likes best: ``csv`` only if it likes it better than JSON."""
    weights = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            weights[name] = 0.0
    json_weight = max(weights.get(name, 0.0) for name in (_JSON, "application/*", "*/*"))
    return "csv" if weights.get(_CSV, 0.0) > json_weight else "json"


def _stamp(catalogue: Catalogue) -> str:
    """Return the mark of what the catalogue was made from."""
    return bytes((catalogue.table.schema.metadata or {}).get(b"stamp", b"")).decode()


def _tag(*parts: str) -> str:
    """Return a weak entity tag: the same facts, whether compressed or not."""
    digest = hashlib.sha256("\n".join((FORM, *parts)).encode("utf-8", "replace")).hexdigest()
    return f'W/"{digest[:32]}"'


def _has(given: str, tag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for one in given.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _response(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Return a response; to HEAD without its body, but with its length."""
    response = Response(body, status, {**headers, "Content-Length": str(len(body))}, media_type)
    if request.method == "HEAD":
        response.body = b""
    return response


def _document(request: Request) -> Response:
    body = _openapi_bytes(request.scope["root_path"])
    headers = {"ETag": _tag(body.decode()), "Cache-Control": f"public, max-age={_KEPT_SECONDS}"}
    if _has(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return _response(request, body, _JSON, headers)


@cache
def _openapi_bytes(address: str) -> bytes:
    return _json(openapi_document(address))


def _errors(
    request: Request, problems: Iterable[Problem], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    body = {"errors": [{"field": one.key, "value": one.value, "remedy": one.message} for one in problems]}
    return _response(request, _json(body), _JSON, {**(headers or {}), "Cache-Control": "no-store"}, status)


async def _match(request: Request) -> Response:
    return _response(request, _json(await match_record(request)), _JSON, HEADERS)


async def _on_bad_case(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnswersError)
    return _errors(request, error.problems[:_MOST_PROBLEMS], 400)


async def _on_bad_query(request: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)
    return _errors(request, error.problems[:_MOST_PROBLEMS], 400)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        remedy = "Send the case with POST." if request.url.path.endswith(MATCH) else "Use GET or HEAD."
        problem = Problem("method", request.method, f"is not answered here. {remedy}")
    elif error.status_code in (401, 403, 413, 415):
        problem = Problem("", "", error.detail)
    elif "id" in request.path_params:
        problem = Problem("id", request.path_params["id"][:100], error.detail)
    else:
        known = ", ".join((*(endpoint.path for endpoint in ENDPOINTS), MATCH))
        problem = Problem(
            "path", request.url.path[:100], f"is no address of the API. There are: {known}, /openapi.json."
        )
    return _errors(request, [problem], error.status_code, error.headers or {})


async def _on_missing_catalogue(request: Request, error: Exception) -> Response:
    # the message names files of the server: it is for its log
    return _errors(
        request, [Problem("", "", "The catalogue is not ready. Try again later.")], 503, {"Retry-After": "60"}
    )


async def _on_fault(request: Request, error: Exception) -> Response:
    return _errors(request, [Problem("", "", "This is a fault of ours. Try again later.")], 500)


def api(per_minute: int) -> Starlette:
    """Return the API, to be mounted at any address; each client may ask ``per_minute`` times, 0 for no limit."""
    app = Starlette(
        routes=[
            Route("/openapi.json", _document),
            Route(MATCH, _match, methods=["POST"]),
            *(
                Route(endpoint.path.replace("{id}", "{id:path}"), _endpoint(endpoint), name=endpoint.name)
                for endpoint in ENDPOINTS
            ),
        ],
        middleware=[
            Middleware(RateLimit, per_minute=per_minute),
            Middleware(GZipMiddleware, minimum_size=2000, compresslevel=4),
        ],
        exception_handlers={
            QueryError: _on_bad_query,
            AnswersError: _on_bad_case,
            HTTPException: _on_http_error,
            CatalogueError: _on_missing_catalogue,
            Exception: _on_fault,
        },
    )
    app.router.redirect_slashes = False  # a wrong address gets an answer that says so
    return app
