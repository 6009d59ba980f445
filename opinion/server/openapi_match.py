"""Describes ``/match`` for the OpenAPI document: the case that it takes and the ranking that it gives."""

from typing import Any

from opinion.centres.coverage import AreaCoverage
from opinion.centres.focuses import FOCUSES
from opinion.matching.cases import OLDEST
from opinion.matching.weights import LARGEST_FACTOR, load_rules
from opinion.vocabularies import country_codes, designations, disease_areas, equipment

Schema = dict[str, Any]

_ABOUT = (
    "The case is the body, never the address; nothing of it is kept. Every key of the answers is optional but "
    'disease_area; null and "unsure" mean not known. A wish of the case goes before the same wish of the answers. '
    "also names further disease areas, age is in years; weights are points by part in the place of ours. "
    "centres are known to meet every wish that must be met; to_ask may meet them: ask says what is not known."
)
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


SECURITY_SCHEMES: dict[str, Schema] = {
    "sign_in": {
        "type": "apiKey", "in": "cookie", "name": "opinion_sign_in",
        "description": "The cookie of a coordinator who has signed in at /account/sign-in. There is no other way in.",
    }
}  # fmt: skip


def match_operation(errors: dict[str, Schema]) -> Schema:
    """Return the description of ``POST /match``; ``errors`` are the answers when something is wrong, by status."""
    return {
        "operationId": "match",
        "summary": "Centres for a case, with the reason for each",
        "description": _ABOUT,
        "security": [{"sign_in": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _at("Case")}}}},
        "responses": {
            "200": {
                "description": "The first centres in order",
                "headers": {"Cache-Control": {"$ref": "#/components/headers/Cache-Control"}},
                "content": {"application/json": {"schema": {"$ref": _at("Ranking")}}},
            },
            **errors,
        },
    }


def match_schemas() -> dict[str, Schema]:
    """Return the schemas of a case and of a ranking, by name."""
    return {"Case": _case(), "Ranking": _ranking()}


def _at(name: str) -> str:
    return f"#/components/schemas/{name}"


def _or_unknown(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"enum": [None, "unsure"]}]}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _ids(ids: list[str]) -> Schema:
    return _list_of({"type": "string", "enum": ids})


def _case() -> Schema:
    countries, areas = list(country_codes()), [area for area in disease_areas() if area != "other"]
    yes_or_no: Schema = {"type": "boolean"}
    wishes: dict[str, Schema] = {
        "countries": _ids(countries), "languages": _list_of(_TEXT), "equipment": _ids(list(equipment())),
        "accredited": yes_or_no, "abroad": {"type": "string", "enum": ["yes", "if_needed", "no"]},
        "remote": yes_or_no, "max_distance_km": {"type": "number", "minimum": 0}, "note": _TEXT,
        "equipment_nice": _ids(list(equipment())), "designations": _ids(list(designations())),
        "teaching": yes_or_no, "min_beds": {"type": "number", "minimum": 0},
    }  # fmt: skip
    country: Schema = {"type": "string", "enum": countries}
    answers: dict[str, Schema] = {
        "country": country, "doctor_country": country, "doctor_city": _TEXT, "doctor_clinic": _TEXT,
        "days_until_decision": _COUNT,
    }  # fmt: skip
    return {
        "type": "object",
        "required": ["answers"],
        "additionalProperties": False,
        "properties": {
            "answers": {
                "type": "object",
                "description": "The answers of the self-check; these are the ones that matter here.",
                "required": ["disease_area"],
                "properties": {
                    "disease_area": {"type": "string", "enum": areas},
                    **{key: _or_unknown(schema) for key, schema in answers.items()},
                },
                "additionalProperties": False,
            },
            "also": {"type": ["array", "null"], "items": {"type": "string", "enum": areas}},
            "age": _or_unknown({"type": "integer", "minimum": 0, "maximum": OLDEST}),
            "weights": {
                "type": ["object", "null"],
                "properties": {
                    part.id: {"type": "number", "minimum": 0, "maximum": part.points * LARGEST_FACTOR}
                    for part in load_rules().parts.values()
                },
                "additionalProperties": False,
            },
            "wishes": {
                "type": ["object", "null"],
                "properties": {key: _or_unknown(schema) for key, schema in wishes.items()},
                "additionalProperties": False,
            },
        },
    }


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _ranking() -> Schema:
    optional: Schema = {"type": ["string", "null"]}
    point = {"code": _TEXT, "field": _TEXT, "values": _list_of(_TEXT)}
    reason = _object({"part": _TEXT, **point, "points": _NUMBER})
    centre = _object(
        {
            "id": _TEXT, "name": _TEXT, "city": optional, "country_code": _TEXT, "disease_area": _TEXT,
            "focus": {"type": "string", "enum": [*FOCUSES, ""]},
            "near_match": {"type": "boolean", "description": "Only a neighbouring area is stated."},
            "distance_km": {"type": ["number", "null"]}, "score": _NUMBER,
            "most": {"type": "number", "description": "The highest score that this case could give."},
            "parts": {"type": "object", "additionalProperties": _object({"points": _NUMBER, "most": _NUMBER})},
            "reasons": _list_of(reason), "unknown": _list_of(_object(point)), "against": _list_of(_object(point)),
            "ask": _list_of(_object(point)),
            "musts": _list_of(
                _object({**point, "code": {"enum": ["stated", "implied", "unknown"]}, "by": _list_of(_TEXT)})
            ),
        }
    )  # fmt: skip
    covered: dict[str, Schema] = {
        name: {"type": "boolean"} if kind is bool else _COUNT if kind is int else _TEXT
        for name, kind in AreaCoverage.__annotations__.items()
    }
    return _object(
        {
            "disease_area": _TEXT, "also": _list_of(_TEXT), "age": {"type": ["integer", "null"]},
            "country": optional, "outcome": _TEXT, "timing": _TEXT,
            "withheld": {**optional, "description": "The outcome of the advice under which no centres are listed."},
            "coverage": _list_of(_object({**covered, "nothing_stated": {"type": "boolean"}})),
            "distances_from": _object({"kind": {"enum": ["city", "country", "nowhere"]}, "name": optional}),
            "home_first": {"type": "boolean"}, "count": _COUNT, "centres": _list_of(centre),
            "to_ask_count": _COUNT, "to_ask": _list_of(centre),
            "own_clinic": _list_of(_object({"id": _TEXT, "name": _TEXT})),
            "relaxations": _list_of(_object({"wish": _TEXT, "values": _list_of(_TEXT), "count": _COUNT})),
            "unknown_for_all": _list_of(_TEXT), "not_used": _list_of(_TEXT),
            "weights": {"type": "object", "additionalProperties": _NUMBER},
        }
    )  # fmt: skip
