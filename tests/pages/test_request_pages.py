"""The coordinators' pages of requests, without a browser: filters, one case, its parts, and who is too late."""

from datetime import date, timedelta

import pytest

from opinion.agency import accounts, casework, conversations, enquiries, patients
from opinion.agency.enquiries import Terms
from opinion.agency.requests import Content
from opinion.agency.stores import shared_store
from tests.pages.opening import open_app

TODAY = date.today()
ANSWERS = {"emergency_signs": [], "disease_area": "oncology", "serious_disease": "yes", "proposed": ["surgery"],
           "country": "AT"}  # fmt: skip


@pytest.fixture
def actor(work_as):
    return work_as("coordinator").account


def send(area="oncology", days=20, **more):
    last = "" if days is None else (TODAY + timedelta(days)).isoformat()
    content = Content(answers={**ANSWERS, "disease_area": area}, last_date=last, **more)
    return patients.send_request(shared_store(), content, ["request", "centres"], "en", TODAY)


def open_at(page, **query):
    app = open_app()
    app.switch_page(f"../../pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def said(app):
    parts = (app.markdown, app.info, app.warning, app.error, app.caption, app.title)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def references(app):
    return app.dataframe[0].value["Reference"].tolist() if app.dataframe else []


def test_without_requests_the_page_says_so(actor):
    assert "There are no requests yet" in said(open_at("requests"))


def test_the_most_urgent_stands_first_and_late_is_said(actor):
    far, late, unknown, near = send(days=60), send(days=-3), send(days=None), send(days=2)
    app = open_at("requests")
    assert references(app) == [key.reference for key in (late, near, far, unknown)]
    assert app.dataframe[0].value["Doctor's last date"].tolist() == [
        "3 days late", "2 days left", "60 days left", "date not known",
    ]  # fmt: skip


def test_filters_stand_in_the_address_and_a_search_does_not(actor):
    heart, cancer = send("cardiology", name="Rosa"), send("oncology")
    app = open_at("requests", area="cardiology")
    assert references(app) == [heart.reference]
    app = open_at("requests")
    app.text_input(key="requests_search").set_value("rosa").run()
    assert references(app) == [heart.reference]
    assert "rosa" not in str(dict(app.query_params)).casefold()
    app.text_input(key="requests_search").set_value("nobody of this name").run()
    assert "No request fits" in said(app)
    app.text_input(key="requests_search").set_value("").run()
    app.multiselect(key="requests_area").set_value(["oncology"]).run()
    assert references(app) == [cancer.reference] and app.query_params["area"] in ("oncology", ["oncology"])


def test_mine_and_nobodys(actor):
    mine, free = send(), send()
    casework.set_owner(shared_store(), actor, mine.reference, 1, actor.id, TODAY)
    assert references(open_at("requests", whose="mine")) == [mine.reference]
    assert references(open_at("requests", whose="nobody")) == [free.reference]


def test_ended_ones_are_shown_on_asking(actor):
    key = send()
    casework.set_status(shared_store(), actor, key.reference, 1, "closed", TODAY)
    assert references(open_at("requests")) == []
    assert references(open_at("requests", status="closed")) == [key.reference]


def test_a_case_is_saved_and_undone(actor):
    key = send(name="Rosa *B*")
    app = open_at("request", ref=key.reference)
    assert "Rosa *B*" in said(app) and "Cancer (oncology)" in said(app)
    app.selectbox(key=f"status_{key.reference}_1").set_value("matching")
    app.text_input(key=f"step_{key.reference}_1").set_value("call")
    next(button for button in app.button if button.label == "Save").click().run()
    request = casework.current_request(shared_store(), actor, key.reference)
    assert (request.status, request.next_step, request.version) == ("matching", "call", 3)
    app.button(key="request_undo").click().run()
    assert casework.current_request(shared_store(), actor, key.reference).status == "new"


def test_opening_a_case_is_in_the_trail_once(actor, sqlite_store):
    from opinion.agency.tables import audit  # beside the one test that reads it

    key = send()
    app = open_at("request", ref=key.reference)
    app.run()
    with sqlite_store.reading() as connection:
        lines = [row.action for row in connection.execute(audit.select()) if row.subject == key.reference]
    assert lines.count("request_opened") == 1


def test_what_centres_offer_stands_side_by_side(actor):
    key, store = send(days=5), shared_store()
    for id_, days in (("at:1", 3), ("at:2", 9)):
        enquiries.plan_enquiry(store, actor, key.reference, {"id": id_, "name": f"Klinik {id_}"}, TODAY)
        day = (TODAY + timedelta(days)).isoformat()
        terms = Terms(id_, f"Klinik {id_}", None, "EUR", day, "remote", "[x](http://y)")
        enquiries.add_offer(store, actor, key.reference, terms)
    app = open_at("request", ref=key.reference, part="offers")
    table = app.table[0].value
    assert [cell.replace("\\", "") for cell in table.loc["In time"]] == ["yes", "no: after the doctor's last date"]
    assert "[x](" not in str(table.values), "what a centre writes is no link"
    app.session_state["fold_proposal_message"] = True
    app.run()
    app.button(key="proposal_send").click().run()
    [message] = conversations.entries_of(store, actor, key.reference)
    assert message.kind == "message" and "Klinik at:1" in message.text and "Aftercare" in message.text


def test_of_two_offers_of_a_centre_the_one_that_is_chosen_is_changed(actor):
    key, store = send(), shared_store()
    enquiries.plan_enquiry(store, actor, key.reference, {"id": "at:1", "name": "Klinik"}, TODAY)
    for price in (100.0, 200.0):
        terms = Terms("at:1", "Klinik", price, "EUR", "", "remote", "")
        enquiries.add_offer(store, actor, key.reference, terms)
    app = open_at("request", ref=key.reference, part="offers")
    chooser = app.selectbox(key="offer_chosen")
    assert chooser.options == ["A new one", "Klinik (1)", "Klinik (2)"]
    chooser.select_index(1).run()
    (price,) = [each.value for each in app.number_input if each.label == "Price"]
    assert price == 100


def test_coordinators_of_one_name_are_told_apart(actor):
    namesake = accounts.create_account(shared_store(), "tests", "namesake", actor.shown_name, ["coordinator"])
    key = send()
    app = open_at("request", ref=key.reference)
    box = next(each for each in app.selectbox if each.label == "Owner")
    assert {f"{each.shown_name} ({each.name})" for each in (actor, namesake)} <= set(box.options)


def test_centres_without_consent_are_not_asked(actor):
    store = shared_store()
    key = patients.send_request(store, Content(answers=ANSWERS), ["request"], "en", TODAY)
    enquiries.plan_enquiry(store, actor, key.reference, {"id": "at:1", "name": "Klinik"}, TODAY)
    app = open_at("request", ref=key.reference, part="centres")
    [planned] = enquiries.enquiries_of(store, actor, casework.current_request(store, actor, key.reference))
    app.selectbox(key=f"enquiry_status_{planned.id}_1").set_value("sent")
    [button for button in app.button if button.label == "Save"][-1].click().run()
    assert "has not agreed that centres are asked" in said(app)


def test_a_withdrawn_request_cannot_be_opened(actor):
    key = send(name="Rosa")
    patients.withdraw_consent(shared_store(), key, TODAY)
    app = open_at("request", ref=key.reference)
    assert "taken consent back" in said(app) and "Rosa" not in said(app)
    assert references(open_at("requests", status="withdrawn")) == []


def test_a_case_is_matched_and_centres_are_attached(actor):
    key = send()
    app = open_at("request", ref=key.reference)
    app.button(key="request_match").click().run()
    app.switch_page("../../pages/match.py").run()
    assert f"For request **{key.reference}**" in said(app)
    app.session_state["match_list"] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app.run()
    app.button(key="match_list_attach").click().run()
    assert not app.exception
    request = casework.current_request(shared_store(), actor, key.reference)
    attached = enquiries.enquiries_of(shared_store(), actor, request)
    assert len(attached) == 2 and all(each.status == "planned" and each.centre_name for each in attached)
    app.button(key="match_without_request").click().run()
    assert "match_list_attach" not in [button.key for button in app.button]
