"""The OpenAPI document says all that the API takes and gives; requests made up from it find no fault of ours."""

from dataclasses import fields

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.routing import Route

from opinion.agency.sign_ins import COOKIE
from opinion.centres.filters import Filters, parameters
from opinion.exchange.centre_records import PAGE_KEYS
from opinion.server.api import api
from opinion.server.api_queries import ENDPOINTS
from opinion.server.mounts import mount

API = api(per_minute=0)
APP = Starlette(routes=[mount("/api/v1", API)])
SCHEMA = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
SCHEMA.config.generation.with_security_parameters = False  # a coordinator asks: the fixture below signs them in
NOT_SAID = {"near", "id", "facets", "wishes.abroad"}
"""Keys whose faults the document cannot tell: towns, ids, counts that do not fit into CSV, home without a country."""

EXAMPLES = (
    ("/centres", {}, {"area": "oncology", "equipment": "mri", "near": "Vienna", "km": "900", "facets": "1"}),
    ("/centres", {}, {"page_size": "200", "sort": "beds"}),
    ("/centres", {}, {"country": "JP", "format": "csv"}),
    ("/centres/{id}", {"id": "es:280029"}, {}),
    ("/centres/{id}", {"id": "eu:AT_K389+"}, {"format": "csv"}),
    ("/facets", {}, {"area": "oncology,cardiology", "areas": "all"}),
    ("/compare", {}, {"id": "es:280029,eu:AT_K389+,eu:FI_40307~2"}),
    ("/compare", {}, {"id": "eu:AT_K389+,eu:FI_40307~2", "near": "Vienna"}),
    ("/openapi.json", {}, {}),
)


def documented(path: str) -> dict[str, dict]:
    asked = SCHEMA.raw_schema["paths"][path]["get"].get("parameters", [])
    return {one["name"]: one for one in asked}


def test_the_document_is_valid_and_lists_every_address():
    SCHEMA.validate()
    served = {route.path.replace("{id:path}", "{id}") for route in API.routes if isinstance(route, Route)}
    assert set(SCHEMA.raw_schema["paths"]) == served


@pytest.mark.parametrize("path", ["/centres", "/facets"])
def test_every_filter_is_documented_with_its_values(path):
    assert {one.name for one in parameters().values()} == {field.name for field in fields(Filters)}
    keys = documented(path)
    for key, one in parameters().items():
        assert len(one.about) > 10 and keys[key]["description"] == one.about
        schema = keys[key]["schema"]
        listed = schema.get("items", schema).get("enum", [])
        assert tuple(listed) == one.choices, f"{key}: every value is listed"
        assert one.choices or one.kind in ("text", "town", "km"), f"openapi.py does not know keys of kind {one.kind}"
        assert (schema["type"] == "integer") == (one.kind == "km")


def test_every_other_key_is_documented():
    for endpoint in ENDPOINTS:
        keys = documented(endpoint.path)
        assert {control.key for control in endpoint.controls} <= set(keys)
        assert all(keys[control.key]["description"] == control.about for control in endpoint.controls)
        assert {*endpoint.filters, *endpoint.unheeded} <= set(keys)
        assert set(PAGE_KEYS) <= set(endpoint.unheeded)


@pytest.mark.parametrize(("path", "in_path", "query"), EXAMPLES)
def test_answers_have_the_form_that_the_document_says(path, in_path, query):
    case = SCHEMA[path]["GET"].Case(path_parameters=in_path, query=query)
    response = case.call()
    assert response.status_code == 200
    case.validate_response(response, excluded_checks=[positive_data_acceptance])


def test_an_answer_of_another_form_is_noticed(monkeypatch):
    monkeypatch.setattr("opinion.server.api.selection_record", lambda *_: {"count": -1, "pages": 1, "page": 1})
    case = SCHEMA["/centres"]["GET"].Case(query={"area": "burns"})
    with pytest.raises(schemathesis.core.failures.FailureGroup):
        case.call_and_validate()


@pytest.fixture
def coordinator(work_as):
    return {COOKIE: work_as("coordinator").token}


@SCHEMA.parametrize()
@settings(max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_no_request_finds_a_fault_of_ours(coordinator, case):
    """What the document allows is answered, what it does not allow is refused, in the form that it says."""
    response = case.call(cookies=coordinator)
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
    allowed = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if allowed and response.status_code == 400:
        # JSON Schema counts 80.0 among the whole numbers
        wrong = {each["field"] for each in response.json()["errors"] if not each["value"].endswith(".0")}
        assert wrong <= NOT_SAID, response.text
