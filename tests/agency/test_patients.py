"""What a patient does with a request: nothing without consent, and erased means gone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from case_steps import ANSWERS, SECRET, TODAY, content, coordinator, reason, send
from sqlalchemy import func, select

from opinion.agency import attempts, audits, casework, conversations, patients
from opinion.agency.consents import consent_texts, newest_consent
from opinion.agency.patients import PatientKey
from opinion.agency.requests import Content
from opinion.agency.stores import shared_store
from opinion.agency.tables import METADATA, requests
from opinion.errors import AnswersError, StorageError
from opinion.storage.keys import KEY_FILE


def rows(store):
    with store.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in METADATA.sorted_tables
        }


def test_a_request_comes_back_as_it_was_sent(store):
    key = send(store, centres=[{"id": "at:1", "name": "Klinik"}])
    request = patients.open_own_request(store, key)
    assert request.content.answers == ANSWERS and request.content.name == "Rosa Verborgen"
    assert request.content.outcome == "strongly_recommended" and request.status == "new"
    assert request.days_left(TODAY) == 20 and request.erase_on == TODAY + timedelta(365)


@pytest.mark.parametrize("purposes", [(), ("centres",), ("request", "something else")])
def test_without_consent_nothing_is_written(store, purposes):
    before = rows(store)
    assert reason(patients.send_request, store, content(), purposes, "en", TODAY) == "no_consent"
    assert rows(store) == before


@pytest.mark.parametrize(
    "answers",
    [
        {**ANSWERS, "emergency_signs": ["chest_pain"]},
        {**ANSWERS, "urgent_action_required": "yes", "second_opinion_access": "none"},
    ],
)
def test_who_should_not_wait_sends_no_request(store, answers):
    before = rows(store)
    assert reason(send, store, answers=answers) == "do_not_wait"
    assert reason(send, store, answers={}, outcome="do_not_wait") == "do_not_wait", "also if the answer is left out"
    assert rows(store) == before


def test_wrong_answers_are_not_kept(store):
    with pytest.raises(AnswersError):
        send(store, answers={"disease_area": "onkology"})
    assert rows(store)["requests"] == 0


def test_consent_is_kept_with_text_and_parts(store):
    key = send(store, purposes=["request"])
    actor = coordinator(store)
    request = casework.open_request(store, actor, key.reference)
    [consent] = casework.consents_of(store, actor, request)
    assert consent["text_version"] == newest_consent().version and consent["withdrawn_at"] is None
    assert consent["parts"]["purposes"] == ["request"]
    assert {"disease_area", "name", "message"} <= set(consent["parts"]["sent"])


def test_the_code_opens_however_it_is_typed(store):
    key = send(store)
    typed = key.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert patients.open_own_request(store, PatientKey(f" {key.reference.lower()} ", typed)).reference == key.reference


def test_the_code_is_kept_as_a_hash_only(store):
    key = send(store)
    with store.reading() as connection:
        row = store.find(connection, requests)[0]
    assert key.code not in str(row) and len(row["code_hash"]) == 64


def test_guessing_is_held_back(store):
    key = send(store)
    wrong = replace(key, code="AAAAA-AAAAA-AAAAA-AAAAA")
    for _ in range(attempts.MOST):
        assert reason(patients.open_own_request, store, wrong, "10.0.0.1") == "unknown_code"
    assert reason(patients.open_own_request, store, wrong, "10.0.0.1") == "too_many_attempts"
    assert reason(patients.open_own_request, store, replace(key, reference="SO-ZZZZZZ"), "10.0.0.1") == (
        "too_many_attempts"
    ), "the address is held back, whatever it asks for"


def test_another_reference_with_a_right_code_is_refused(store):
    one, two = send(store), send(store)
    assert reason(patients.open_own_request, store, PatientKey(one.reference, two.code)) == "unknown_code"


def test_changed_answers_take_the_place_of_the_old(store):
    key = send(store)
    request = patients.send_changed_answers(store, key, Content(answers={**ANSWERS, "country": "CH"}))
    assert request.content.answers["country"] == "CH" and request.content.name == "Rosa Verborgen"
    assert not request.is_alarm


def test_what_was_left_out_stays_out_when_answers_change(store):
    sent = {key: value for key, value in ANSWERS.items() if key not in ("doctor_city", "days_until_decision")}
    key = send(store, answers=sent, left_out=["doctor_city", "days_until_decision"], last_date="")
    advice = {"outcome": "recommended", "timing": "soon", "reasons": []}
    changed = Content(answers={**ANSWERS, "country": "CH"}, advice=advice, edition="2", last_date="2026-12-12")
    found = patients.send_changed_answers(store, key, changed).content
    assert found.answers == {**sent, "country": "CH"} and found.last_date == ""
    assert found.advice == {} and found.edition == "", "the advice was left out, too"


def test_changed_answers_can_make_it_an_alarm(store):
    key = send(store)
    urgent = {**ANSWERS, "urgent_action_required": "yes", "second_opinion_access": "none"}
    assert patients.send_changed_answers(store, key, Content(answers=urgent)).is_alarm


def test_after_withdrawal_nobody_at_the_agency_can_open_it(store):
    key, actor = send(store), coordinator(store)
    patients.withdraw_consent(store, key, TODAY + timedelta(3))
    assert reason(casework.open_request, store, actor, key.reference) == "withdrawn"
    assert casework.open_requests(store, actor, with_ended=True) == []
    assert reason(conversations.add_entry, store, actor, key.reference, "note", "x") == "withdrawn"
    request = patients.open_own_request(store, key)
    assert request.status == "withdrawn" and request.erase_on == TODAY + timedelta(10)
    assert reason(patients.withdraw_consent, store, key, TODAY) == "ended"
    assert reason(patients.add_own_message, store, key, "hello") == "ended"


def test_erased_means_gone(store):
    key, actor = send(store), coordinator(store)
    conversations.add_entry(store, actor, key.reference, "note", "a note")
    casework.set_owner(store, actor, key.reference, 1, actor.id, TODAY)
    patients.erase_own_request(store, key)
    left = rows(store)
    assert [name for name in ("requests", "consents", "entries", "changes") if left[name]] == []
    assert reason(patients.open_own_request, store, key) == "unknown_code"
    assert audits.faults(store) == [], "the trail keeps that it happened"


def test_nothing_of_it_lies_on_the_disk_in_plain_text(sqlite_store, tmp_path):
    key, actor = send(sqlite_store, reach="rosa@verborgen.example"), coordinator(sqlite_store)
    patients.add_own_message(sqlite_store, key, "a whispered word")
    casework.set_next_step(sqlite_store, actor, key.reference, 1, "call Rosa", None, TODAY)

    def on_disk():
        return b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    secrets = (SECRET, "Rosa", "rosa@verborgen", "whispered", "oncology", "surgery", "please hurry", key.code)
    assert [word for word in secrets if word.encode() in on_disk()] == []
    assert key.reference.encode() in on_disk(), "the search finds what is there"
    patients.erase_own_request(sqlite_store, key)
    with sqlite_store.reading() as connection:
        assert sqlite_store.find(connection, requests) == []


def test_a_patient_gets_everything(store):
    key, actor = send(store), coordinator(store)
    patients.add_own_message(store, key, "a question")
    conversations.add_entry(store, actor, key.reference, "message", "an answer")
    conversations.add_entry(store, actor, key.reference, "note", "a note")
    found = patients.everything_of(store, key)
    assert [entry["text"] for entry in found["entries"]] == ["a question", "an answer", "a note"]
    assert found["content"]["answers"] == ANSWERS and found["consents"][0]["parts"]["purposes"]
    assert "code_hash" not in str(found)


def test_messages_and_notes(store):
    key, actor = send(store), coordinator(store)
    patients.add_own_message(store, key, " hello ")
    request = casework.open_request(store, actor, key.reference)
    assert casework.unread_messages(store, actor) == {request.id: 1}
    conversations.add_entry(store, actor, key.reference, "message", "welcome")
    conversations.add_entry(store, actor, key.reference, "note", "only for us")
    assert conversations.entries_of(store, actor, key.reference)[0].text == "hello"
    assert casework.unread_messages(store, actor) == {}
    assert [(each.text, each.author) for each in conversations.own_messages(store, key)] == [
        ("hello", ""), ("welcome", "Carla"),
    ]  # fmt: skip
    assert reason(patients.add_own_message, store, key, "  ") == "empty"
    assert reason(patients.add_own_message, store, key, "x" * 4001) == "too_long"


def test_a_reference_names_no_one_and_is_new_each_time(sqlite_store):
    keys = [send(sqlite_store) for _ in range(20)]
    assert len({key.reference for key in keys}) == len({key.code for key in keys}) == 20


def test_the_days_of_a_consent():
    text = newest_consent()
    assert text.erase_on(date(2026, 1, 1)) == date(2027, 1, 1)
    assert text.erase_on(date(2026, 1, 1), ended=date(2026, 2, 1)) == date(2026, 5, 2)
    assert text.erase_on(date(2026, 1, 1), ended=date(2026, 12, 31)) == date(2027, 1, 1)
    assert text.erase_on(date(2026, 1, 1), withdrawn=date(2026, 2, 1)) == date(2026, 2, 8)


def test_what_the_consent_says_of_days_is_what_is_done():
    for text in consent_texts().values():
        words = " ".join(point for purpose in text.purposes for point in purpose.points)
        assert f"{text.days_after_end} days after your case is closed" in words
        assert f"more than {text.days_kept} days" in words and f"within {text.days_after_withdrawal} days" in words


def test_a_lost_key_file_stops_the_start(sqlite_store, monkeypatch, tmp_path):
    send(sqlite_store)
    shared_store.cache_clear()
    with monkeypatch.context() as patch, pytest.raises(StorageError, match="Restore the key file"):
        patch.setenv(KEY_FILE, str(tmp_path / "another.key"))
        shared_store()
