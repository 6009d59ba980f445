"""The coordinators' work: nobody overwrites another unseen, and what was done can be undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from case_steps import ANSWERS, TODAY, coordinator, reason, send

from opinion.agency import accounts, audits, casework, enquiries, files, patients, retention
from opinion.agency.enquiries import Terms
from opinion.agency.requests import Content
from opinion.errors import ChangedMeanwhileError

PDF = b"%PDF-1.7 a letter"
TERMS = Terms("at:1", "Klinik", 450.0, "EUR", "2026-12-01", "remote", "the report")


@pytest.fixture
def actor(store):
    return coordinator(store)


@pytest.fixture
def reference(store, actor):
    return send(store).reference


def now(store, actor, reference):
    return casework.current_request(store, actor, reference)


def test_a_case_from_new_to_closed(store, actor, reference):
    for version, status in enumerate(("clarifying", "matching", "sent_to_centres", "opinion_received", "closed"), 1):
        casework.set_status(store, actor, reference, version, status, TODAY)
    request = now(store, actor, reference)
    assert request.status == "closed" and request.erase_on == TODAY + timedelta(90)
    assert casework.open_requests(store, actor) == []
    assert casework.open_requests(store, actor, with_ended=True) == [request]
    changes = casework.history_of(store, actor, request)
    assert [change.after for change in changes][-2:] == ["opinion_received", "closed"]
    assert {change.author for change in changes} == {"Carla"}


def test_the_trail_of_a_case_tells_every_step(store, actor, reference):
    request = casework.open_request(store, actor, reference)
    files.add_file(store, actor, reference, "a.pdf", PDF)
    lines = casework.trail_of(store, actor, request)
    assert [(who, what) for _, who, what in lines] == [
        ("patient", "request_sent"), ("account:carla", "request_opened"), ("account:carla", "file_added"),
    ]  # fmt: skip


def test_only_coordinators_may(store, reference):
    for roles in (("administrator",), ("curator",)):
        other = coordinator(store, "other" + "".join(roles), roles)
        request = casework.current_request(store, coordinator(store, "c" + "".join(roles)), reference)
        for call in (
            lambda other=other: casework.open_requests(store, other),
            lambda other=other: casework.open_request(store, other, reference),
            lambda other=other: casework.set_status(store, other, reference, 1, "closed", TODAY),
            lambda other=other: casework.undo(store, other, reference, TODAY),
            lambda other=other, request=request: casework.history_of(store, other, request),
            lambda other=other, request=request: enquiries.offers_of(store, other, request),
            lambda other=other, request=request: enquiries.enquiries_of(store, other, request),
            lambda other=other, request=request: files.files_of(store, other, request),
            lambda other=other: files.content_of(store, other, reference, "x"),
        ):
            assert reason(call) == "not_allowed"


def test_who_was_switched_off_may_no_more(store, actor, reference):
    coordinator(store, "boss", ["administrator"])
    off = accounts.switch(store, audits.COMMAND, actor, False)
    assert reason(casework.open_request, store, off, reference) == "not_allowed"


def test_nobody_overwrites_another_unseen(store, actor, reference):
    casework.set_status(store, actor, reference, 1, "matching", TODAY)
    with pytest.raises(ChangedMeanwhileError):
        casework.set_owner(store, actor, reference, 1, actor.id, TODAY)
    assert now(store, actor, reference).owner_id is None


def test_of_two_at_once_one_is_first(store, actor, reference):
    def take(owner):
        try:
            casework.set_owner(store, actor, reference, 1, owner.id, TODAY)
        except ChangedMeanwhileError:
            return False
        return True

    others = [coordinator(store, f"c{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(take, others))
    assert sum(won) == 1
    assert now(store, actor, reference).owner_id == others[won.index(True)].id
    assert audits.faults(store) == []


def test_undo_takes_back_one_change_after_the_other(store, actor, reference):
    casework.set_owner(store, actor, reference, 1, actor.id, TODAY)
    casework.set_next_step(store, actor, reference, 2, "call", date(2026, 11, 25), TODAY)
    casework.set_status(store, actor, reference, 3, "closed", TODAY)
    assert casework.undo(store, actor, reference, TODAY).field == "status"
    request = now(store, actor, reference)
    assert request.status == "new" and request.erase_on == request.created_at.date() + timedelta(365)
    assert (request.next_step, request.next_due) == ("call", date(2026, 11, 25))
    assert casework.undo(store, actor, reference, TODAY).field == "next_step"
    assert casework.undo(store, actor, reference, TODAY).field == "owner"
    assert casework.undo(store, actor, reference, TODAY) is None
    request = now(store, actor, reference)
    assert (request.owner_id, request.next_step, request.next_due) == (None, "", None)


def test_many_are_assigned_but_not_those_changed_since(store, actor):
    seen = [now(store, actor, send(store).reference) for _ in range(3)]
    casework.set_status(store, actor, seen[1].reference, 1, "matching", TODAY)
    done, left = casework.assign(store, actor, seen, actor.id, TODAY)
    assert done == [seen[0].reference, seen[2].reference] and left == [seen[1].reference]


def test_an_owner_is_a_coordinator(store, actor, reference):
    curator = coordinator(store, "curt", ["curator"])
    assert reason(casework.set_owner, store, actor, reference, 1, curator.id, TODAY) == "unknown_owner"
    assert reason(casework.set_owner, store, actor, reference, 1, "nobody", TODAY) == "unknown_owner"


def test_a_coordinator_cannot_withdraw_for_the_patient(store, actor, reference):
    assert reason(casework.set_status, store, actor, reference, 1, "withdrawn", TODAY) == "unknown_status"
    assert reason(casework.set_status, store, actor, reference, 1, "done", TODAY) == "unknown_status"


def test_an_alarm_leaves_the_pipeline(store, actor):
    key = send(store)
    urgent = {**ANSWERS, "urgent_action_required": "yes", "second_opinion_access": "none"}
    patients.send_changed_answers(store, key, Content(answers=urgent))
    request = now(store, actor, key.reference)
    assert request.is_alarm
    refused = reason(casework.set_status, store, actor, key.reference, request.version, "matching", TODAY)
    assert refused == "do_not_wait"
    enquiries.plan_enquiry(store, actor, key.reference, {"id": "at:1", "name": "Klinik"}, TODAY)
    [planned] = enquiries.enquiries_of(store, actor, request)
    assert reason(enquiries.change_enquiry, store, actor, key.reference, planned, "sent", None, "", TODAY) == (
        "do_not_wait"
    )
    casework.set_status(store, actor, key.reference, request.version, "closed", TODAY)
    assert not now(store, actor, key.reference).is_alarm


def test_centres_are_asked_only_with_consent(store, actor):
    key = send(store, purposes=["request"])
    enquiries.plan_enquiry(store, actor, key.reference, {"id": "at:1", "name": "Klinik"}, TODAY)
    [planned] = enquiries.enquiries_of(store, actor, now(store, actor, key.reference))
    call = (enquiries.change_enquiry, store, actor, key.reference, planned)
    assert reason(*call, "sent", None, "", TODAY) == "no_consent_for_centres"


def test_an_enquiry_from_planned_to_answered(store, actor, reference):
    for id_ in ("at:2", "at:1", "at:1"):
        enquiries.plan_enquiry(store, actor, reference, {"id": id_, "name": f"Klinik {id_}"}, TODAY)
    request = now(store, actor, reference)
    first, second = enquiries.enquiries_of(store, actor, request)
    assert (first.centre_id, first.status, second.centre_id) == ("at:1", "planned", "at:2")
    enquiries.change_enquiry(store, actor, reference, first, "sent", date(2026, 12, 1), "by mail", TODAY)
    with pytest.raises(ChangedMeanwhileError):
        enquiries.change_enquiry(store, actor, reference, first, "answered", None, "", TODAY)
    sent = enquiries.enquiries_of(store, actor, request)[0]
    assert (sent.status, sent.due, sent.note) == ("sent", date(2026, 12, 1), "by mail")
    assert reason(enquiries.drop_enquiry, store, actor, reference, sent) == "sent_already"
    enquiries.drop_enquiry(store, actor, reference, second)
    assert [each.centre_id for each in enquiries.enquiries_of(store, actor, request)] == ["at:1"]


def test_offers(store, actor, reference):
    enquiries.add_offer(store, actor, reference, TERMS)
    request = now(store, actor, reference)
    [offer] = enquiries.offers_of(store, actor, request)
    assert offer.terms == TERMS
    enquiries.change_offer(store, actor, reference, offer, Terms("at:1", "Klinik", None, "EUR", "", "in_person", "x"))
    with pytest.raises(ChangedMeanwhileError):
        enquiries.change_offer(store, actor, reference, offer, TERMS)
    [changed] = enquiries.offers_of(store, actor, request)
    assert changed.terms.price is None
    assert reason(enquiries.add_offer, store, actor, reference, Terms("a", "b", -1, "EUR", "", "remote", "")) == (
        "bad_price"
    )
    enquiries.drop_offer(store, actor, reference, changed)
    assert enquiries.offers_of(store, actor, request) == []


def test_files_are_checked_sealed_and_erased(store, actor, reference):
    files.add_file(store, actor, reference, "../../letters/Brief Ümit<1>.pdf", PDF)
    request = now(store, actor, reference)
    [file] = files.files_of(store, actor, request)
    assert (file.name, file.media_type, file.size) == ("Brief Ümit_1_.pdf", "application/pdf", len(PDF))
    assert files.content_of(store, actor, reference, file.id) == (file.name, "application/pdf", PDF)
    other = send(store).reference
    assert reason(files.content_of, store, actor, other, file.id) == "unknown_file", "it belongs to another request"
    for content, refused in ((b"", "empty"), (b"<html>", "unknown_type"), (PDF + bytes(files.LARGEST), "too_large")):
        assert reason(files.add_file, store, actor, reference, "x.pdf", content) == refused
    files.drop_file(store, actor, reference, file.id)
    assert files.files_of(store, actor, request) == []


def test_an_ended_case_takes_nothing_new(store, actor, reference):
    casework.set_status(store, actor, reference, 1, "declined", TODAY)
    assert reason(files.add_file, store, actor, reference, "x.pdf", PDF) == "ended"
    assert reason(enquiries.add_offer, store, actor, reference, TERMS) == "ended"


def test_what_is_past_its_day_is_erased(store, actor):
    old, young = send(store), send(store)
    casework.set_status(store, actor, old.reference, 1, "closed", TODAY)
    assert retention.erase_past(store, TODAY + timedelta(89)) == []
    assert retention.erase_past(store, TODAY + timedelta(90)) == [old.reference]
    assert reason(casework.current_request, store, actor, old.reference) == "unknown_request"
    assert now(store, actor, young.reference)
    assert audits.faults(store) == []
