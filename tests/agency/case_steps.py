"""What tests of requests begin with: a coordinator, a request, and the reason of a refusal."""

from datetime import date

import pytest

from opinion.agency import accounts, audits
from opinion.agency.patients import send_request
from opinion.agency.requests import Content
from opinion.errors import RefusedError

TODAY = date(2026, 11, 22)
ANSWERS = {
    "emergency_signs": [], "disease_area": "oncology", "serious_disease": "yes", "proposed": ["surgery"],
    "urgent_action_required": "no", "country": "AT", "doctor_city": "Sankt Secretburg", "days_until_decision": 20,
}  # fmt: skip
SECRET = "Sankt Secretburg"


def content(**more):
    return Content(
        **{"answers": ANSWERS, "name": "Rosa Verborgen", "message": "please hurry", "last_date": "2026-12-12", **more}
    )


def send(store, purposes=("request", "centres"), **more):
    return send_request(store, content(**more), purposes, "en", TODAY)


def coordinator(store, name="carla", roles=("coordinator",)):
    return accounts.create_account(store, audits.COMMAND, name, name.title(), roles)


def reason(call, *given, **more):
    with pytest.raises(RefusedError) as refused:
        call(*given, **more)
    return refused.value.reason
