"""Turns what the API may be asked into its OpenAPI document: every address, every key with its values, every answer."""

from typing import Any

from opinion.centres.catalogues import CERTAINTIES
from opinion.centres.comparisons import FEWEST_COMPARED, KINDS, MOST_COMPARED
from opinion.centres.conflicts import OUTWEIGHED, STEPS
from opinion.centres.filters import FARTHEST_KM, Parameter, parameters
from opinion.centres.focuses import FOCUSES
from opinion.centres.revising import CORRECTED, OLDER, SET_ASIDE
from opinion.exchange.centre_records import PAGE_KEYS, facet_keys
from opinion.server.api_queries import ENDPOINTS, IDS, Control, Endpoint
from opinion.vocabularies import country_codes, designations, disease_areas, equipment

Schema = dict[str, Any]

_ABOUT = (
    "Hospitals and specialist centres from public registers, with the source of every fact. What is missing is not "
    "known; it never means no. Read-only; it keeps no data about patients. Only /match asks for a sign-in. The keys "
    "are those of the Centres page, so its address works here; keys that only say how the page looks are not heeded "
    f"({', '.join(PAGE_KEYS)}). Names and ids may be written in capitals or not. Whoever asks too often gets 429."
)


def openapi_document(address: str) -> Schema:
    """Return the OpenAPI 3.1 document of the API that stands at the path ``address``."""
    # Matching brings the guidance, which who asks for centres does not need.
    from opinion.server.openapi_match import SECURITY_SCHEMES, match_operation, match_schemas  # see above

    return {
        "openapi": "3.1.0",
        "info": {"title": "Second Opinion: centres", "version": "1", "description": _ABOUT},
        "servers": [{"url": address or "/"}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS}
        | {"/match": {"post": match_operation(_match_errors())}}
        | {"/openapi.json": {"get": _document_operation()}},
        "components": {
            "schemas": _schemas() | match_schemas(),
            "headers": _HEADERS,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _operation(endpoint: Endpoint) -> Schema:
    asked = [_of_filter(parameters()[key]) for key in endpoint.filters]
    asked += [_of_control(control) for control in endpoint.controls]
    asked += [_unheeded(key) for key in endpoint.unheeded]
    if "{id}" in endpoint.path:
        about = "The id of a centre, as in the list of centres."
        asked.insert(0, {"name": "id", "in": "path", "required": True, "description": about, "schema": _TEXT})
    answers = {
        "200": {
            "description": endpoint.summary,
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")},
            "content": {
                "application/json": {"schema": _ref(endpoint.schema)},
                "text/csv": {"schema": {"type": "string"}},
            },
        },
        "304": {"description": "The copy that the client has is current (If-None-Match)."},
        "400": _error("Something in the query is not known."),
    }
    if "{id}" in endpoint.path:
        answers["404"] = _error("There is no such centre.")
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": asked,
        "responses": answers | _ALWAYS,
    }


def _document_operation() -> Schema:
    answers = {
        "200": {"description": "This document", "content": {"application/json": {"schema": {"type": "object"}}}},
        "304": {"description": "The copy that the client has is current (If-None-Match)."},
    }
    return {"operationId": "openapi", "summary": "This document", "responses": answers | _ALWAYS}


def _match_errors() -> dict[str, Schema]:
    return {
        "400": _error("Something in the case is wrong: all of it is listed."),
        "401": _error("Nobody is signed in."),
        "403": _error("The account is no coordinator's, or a page of another website has sent the case."),
        "413": _error("The body is too large."),
        "415": _error("The body is not called JSON."),
        **_ALWAYS,
    }


def _of_filter(one: Parameter) -> Schema:
    """Return the description of a key of the Centres page."""
    schema: Schema = {"type": "string"}
    shape: Schema = {"allowEmptyValue": True}  # a form sends keys without a value: nothing is asked
    if one.kind == "many":
        schema = {"type": "array", "items": {"type": "string", "enum": list(one.choices)}}
        shape |= {"style": "form", "explode": False}
    elif one.kind == "one":
        schema = {"type": "string", "enum": list(one.choices)}
    elif one.kind == "km":
        schema = {"type": "integer", "minimum": 1, "maximum": FARTHEST_KM}
    if one.default:
        schema["default"] = list(one.default) if isinstance(one.default, tuple) else one.default
    return {"name": one.key, "in": "query", "description": one.about, "schema": schema} | shape


def _of_control(control: Control) -> Schema:
    schema: Schema = {"type": "string"}
    shape: Schema = {"allowEmptyValue": True}
    if control is IDS:
        schema = {
            "type": "array",
            "items": _TEXT,
            "minItems": FEWEST_COMPARED,
            "maxItems": MOST_COMPARED,
            "uniqueItems": True,
        }
        shape = {"style": "form", "explode": False, "required": True}
    elif control.choices:
        schema = {"type": "string", "enum": list(control.choices)}
    elif control.largest:
        schema = {"type": "integer", "minimum": 1, "maximum": control.largest}
    if control.default:
        schema["default"] = int(control.default) if control.largest else control.default
    return {"name": control.key, "in": "query", "description": control.about, "schema": schema} | shape


def _unheeded(key: str) -> Schema:
    return {
        "name": key,
        "in": "query",
        "description": "Accepted and not heeded: for pages.",
        "schema": {"type": "string"},
    }


def _error(about: str) -> Schema:
    return {"description": about, "content": {"application/json": {"schema": _ref("Errors")}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Schema]) -> Schema:
    """Return the schema of an object that has all of these and nothing else."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _map_of(schema: Schema, keys: list[str] | None = None) -> Schema:
    """Return the schema of an object from ids (``keys``, ``None`` for any) to values."""
    shape = {"type": "object", "additionalProperties": schema}
    return shape if keys is None else shape | {"propertyNames": {"enum": keys}}


def _or_unknown(schema: Schema) -> Schema:
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **values}


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_TEXT_OR_UNKNOWN = _or_unknown(_TEXT)
_ALWAYS = {
    "429": _error("Too many requests from this address: Retry-After says how many seconds to wait.")
    | {"headers": {"Retry-After": {"schema": {"type": "integer"}}}},
    "503": _error("The catalogue is not ready."),
}
_HEADERS: Schema = {
    "ETag": {"description": "Changes when the answer does: for If-None-Match.", "schema": _TEXT},
    "Cache-Control": {"description": "How long a copy may be kept.", "schema": _TEXT},
}


def _schemas() -> dict[str, Schema]:
    areas = [area for area, known in disease_areas().items() if not known.patients_only]
    centre = {
        "id": _TEXT,
        "name": _TEXT,
        "name_local": _TEXT_OR_UNKNOWN,
        "city": _TEXT_OR_UNKNOWN,
        "region": _TEXT_OR_UNKNOWN,
        "country_code": {"type": "string", "enum": list(country_codes())},
        "facility_type": _TEXT_OR_UNKNOWN,
        "website": _TEXT_OR_UNKNOWN,
        "coord_precision": _TEXT_OR_UNKNOWN
        | {"description": "Of what lat and lon are the point: of the site, of its town, of its ZIP area."},
        "lat": _or_unknown({"type": "number", "minimum": -90, "maximum": 90}),
        "lon": _or_unknown({"type": "number", "minimum": -180, "maximum": 180}),
        "distance_km": _or_unknown({"type": "number", "minimum": 0, "description": "From the town asked for."}),
        "disease_areas": _map_of({"type": "string", "enum": list(FOCUSES)}, areas)
        | {"description": "The focus by disease area. An area that is not in it is not known."},
        "equipment": _map_of({"type": "string", "enum": list(CERTAINTIES)}, list(equipment()))
        | {"description": "How surely by kind of equipment. A kind that is not in it is not known."},
        "equipment_counts": _map_of(_COUNT, list(equipment())),
        "designations": _list_of({"type": "string", "enum": list(designations())}),
        "beds": _or_unknown(_COUNT),
        "teaching": _or_unknown({"type": "boolean", "enum": [True]}),
        "newest_year": _or_unknown({"type": "integer", "description": "Of the facts about what it does."}),
        "overdue": _or_unknown({"type": "string", "enum": ["all", "some"]})
        | {"description": "How much of what sources state is due for a newer release; null if nothing is known to be."},
        "maybe_not_one_centre": _FLAG,
        "sources": _list_of(_TEXT),
    }
    certainty = {"type": "string", "enum": [*CERTAINTIES, "derived"]}
    fact = {
        "field": _TEXT, "value": _TEXT, "count": _or_unknown(_COUNT), "certainty": certainty,
        "source": _TEXT, "source_title": _TEXT, "publisher": _TEXT, "publisher_url": _TEXT, "source_url": _TEXT,
        "source_date": _TEXT, "code": _TEXT, "licence": _TEXT,
        "standing": {"type": "string", "enum": ["counts", OLDER, CORRECTED, SET_ASIDE, OUTWEIGHED]},
        "entered_by": {"type": "string", "enum": ["register", "curator"]}, "about_id": _TEXT_OR_UNKNOWN,
        "due": _TEXT_OR_UNKNOWN | {"description": "After this day a newer release should be out."},
        "overdue": _or_unknown(_FLAG),
    }  # fmt: skip
    conflict = {
        "field": _TEXT, "item": _TEXT_OR_UNKNOWN, "chosen": _TEXT, "others": _list_of(_TEXT),
        "by": {"type": "string", "enum": list(STEPS)},
    }  # fmt: skip
    texts = ("id", "title", "publisher", "address", "published", "licence", "attribution")
    source = dict.fromkeys(texts, _TEXT)
    town = {"id": _COUNT, "name": _TEXT, "country_code": _TEXT, "lat": _NUMBER, "lon": _NUMBER, "population": _COUNT}
    links = {"self": _TEXT, "csv": _TEXT, "page": _TEXT}
    paged = {**links, "prev": _TEXT_OR_UNKNOWN, "next": _TEXT_OR_UNKNOWN}
    not_known = (
        "areas",
        "areas_suggested_by_name",
        "areas_nothing_stated",
        "equipment",
        "areas_and_equipment",
        "place",
    )
    query = _map_of(_TEXT, list(parameters()))
    known = {"type": ["string", "number", "boolean", "null"]}
    cell = {"known": known, "certainty": _or_unknown(certainty), "count": _or_unknown(_COUNT), "also": _list_of(_TEXT)}
    line = {
        "field": _TEXT,
        "item": _TEXT_OR_UNKNOWN,
        "kind": {"type": "string", "enum": list(KINDS)},
        "cells": _map_of(_object(cell)) | {"description": "By id of the centre."},
    }
    from_town = {"anyOf": [_object(town), {"type": "null"}]}
    return {
        "Centre": _object(centre),
        "Fact": _object(fact),
        "Source": _object(source),
        "CentreList": _object(
            {
                "query": query,
                "town": from_town,
                "count": _COUNT,
                "not_known": _object(dict.fromkeys(not_known, _COUNT))
                | {"description": "Of the centres that match everything else: of how many that is not known."},
                "page": _COUNT,
                "page_size": _COUNT,
                "pages": _COUNT,
                "note": _TEXT,
                "centres": _list_of(_ref("Centre")),
                "sources": _list_of(_ref("Source")),
                "links": _object(paged),
                "facets": _ref("Facets"),
            }
        )
        | {"required": ["query", "count", "not_known", "page", "pages", "note", "centres", "sources", "links"]},
        "CentreWithFacts": _object(
            {
                "note": _TEXT,
                "town": from_town,
                "centre": _ref("Centre"),
                "facts": _list_of(_ref("Fact")),
                "past_facts": _list_of(_ref("Fact"))
                | {"description": "What does not count, and what is said of entries that were merged into this one."},
                "conflicts": _list_of(_object(conflict)),
                "sources": _list_of(_ref("Source")),
                "links": _object(links),
            }
        ),
        "Facets": _object(dict.fromkeys(facet_keys(), _map_of(_COUNT)))
        | {"description": "By key, how many centres each value would give under the filters of the other facets."},
        "FacetCounts": _object({"query": query, "count": _COUNT, "facets": _ref("Facets"), "links": _object(links)}),
        "Comparison": _object(
            {
                "note": _TEXT,
                "town": from_town,
                "centres": _list_of(_object({**centre, "facts": _list_of(_ref("Fact"))})),
                "lines": _list_of(_object(line)),
                "sources": _list_of(_ref("Source")),
                "links": _object(links),
            }
        ),
        "Errors": _object({"errors": _list_of(_object({"field": _TEXT, "value": _TEXT, "remedy": _TEXT}))}),
    }
