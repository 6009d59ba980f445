"""The pages Accounts and Sign in, and the guard of every page that is not for everybody."""

import pytest
from opening import open_page
from sqlalchemy import select

from opinion.agency import accounts, sign_ins
from opinion.agency.stores import shared_store
from opinion.agency.tables import audit
from opinion.ui import sign_in

GUARDED = {"accounts": "administrator", "match": "coordinator", "requests": "coordinator", "request": "coordinator",
           "import_centres": "curator", "fact_queue": "curator", "doubles": "curator"}  # fmt: skip


def said(app):
    parts = (app.markdown, app.info, app.warning, app.error, app.success, app.title, app.code)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def links(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def actions():
    with shared_store().reading() as connection:
        return list(connection.execute(select(audit.c.action)).scalars())


@pytest.fixture
def anna(work_as):
    return work_as("administrator").account


@pytest.fixture
def ben(anna):
    return accounts.create_account(shared_store(), "tests", "ben", "Ben *Lee*", ["curator"])


@pytest.fixture
def page(anna, ben):
    app = open_page("accounts")
    app.selectbox(key="account_chosen").set_value(ben.id).run()
    return app


def now(name="ben"):
    return accounts.find_account(shared_store(), name)


# ---- guards


@pytest.mark.parametrize("page", GUARDED)
def test_who_is_signed_out_is_shown_the_way_in(sqlite_store, page):
    app = open_page(page)
    assert [title.value for title in app.title] == ["Sign in"]
    address = page.replace("_", "-")
    assert f'href="/account/sign-in?next=/{address}"' in links(app)
    assert not app.button and not app.dataframe and not app.text_input


@pytest.mark.parametrize("page", GUARDED)
@pytest.mark.parametrize("role", accounts.ROLES)
def test_each_role_opens_its_own_pages_only(work_as, page, role):
    work_as(role)
    app = open_page(page)
    is_refused = [title.value for title in app.title][:1] == ["This page is not for your account"]
    assert is_refused == (role != GUARDED[page])
    if is_refused:
        assert len(app.title) == 1 and not app.button and not app.dataframe and not app.text_input
    assert "Sign out" in links(app)


def test_signing_out_and_losing_a_role_hold_at_the_next_step(work_as, sqlite_store):
    accounts.create_account(sqlite_store, "tests", "other", "Other", ["administrator"])
    worker = work_as("administrator")
    app = open_page("accounts")
    changed = accounts.change_roles(sqlite_store, "tests", worker.account, ["curator"])
    app.button(key="account_add_yes").click().run()
    assert app.title[0].value == "This page is not for your account"
    accounts.change_roles(sqlite_store, "tests", changed, ["administrator"])
    assert app.run().title[0].value == "Accounts"
    sign_ins.sign_out(sqlite_store, worker.token)
    before = actions()
    app.text_input(key="account_name_0").set_value("evil")
    app.text_input(key="account_person_0").set_value("Evil")
    app.button(key="account_add_yes").click().run()
    assert app.title[0].value == "Sign in" and accounts.find_account(sqlite_store, "evil") is None
    assert actions() == before


def test_the_way_back_keeps_the_filters_of_the_page(sqlite_store):
    app = open_page("requests")
    app.query_params["status"] = "new"
    app.run()
    assert "/account/sign-in?next=/requests%3Fstatus%3Dnew" in links(app)


def test_a_visitor_without_a_cookie_costs_the_database_nothing(monkeypatch):
    monkeypatch.setattr(sign_in, "shared_store", lambda: pytest.fail("the database was asked"))
    open_page("privacy")


def test_ones_own_account_is_shown(work_as):
    app = open_page("sign_in")
    assert "Patients need no account" in said(app)
    work_as("coordinator", "curator")
    app = open_page("sign_in")
    assert "Roles: Coordinator, Curator" in said(app)
    assert "/account/password?next=/sign-in" in links(app) and "/account/sign-out?next=/sign-in" in links(app)


# ---- accounts


def test_the_list_says_who_may_what(page, ben):
    accounts.make_password_code(shared_store(), "tests", ben)
    table = page.dataframe[0].value
    assert list(table["Sign-in name"]) == ["ben", accounts.all_accounts(shared_store())[1].name]
    assert table["Roles"][0] == "Curator" and table["State"][0] == "On, has no password yet"


def test_an_account_is_added_with_a_code_to_hand_over(page):
    page.text_input(key="account_person_0").set_value("Cleo <b>")
    page.text_input(key="account_name_0").set_value("Cleo")
    page.button(key="account_add_yes").click().run()
    assert "Choose at least one role" in said(page) and now("cleo") is None
    page.pills(key="account_new_roles_0").set_value(["coordinator"])
    page.button(key="account_add_yes").click().run()
    assert not page.exception and now("cleo").roles == ("coordinator",)
    code = page.code[0].value
    assert accounts.use_password_code(shared_store(), "cleo", code, "a long password 17", "here")
    assert page.text_input(key="account_name_1").value == "", "the form is empty again"
    page.button(key="account_code_done").click().run()
    assert not page.code and code not in said(page)


def test_roles_are_saved_and_undone(page):
    page.pills(key=f"account_roles_{now().id}_1").set_value(["curator", "coordinator"]).run()
    page.button(key="account_save_roles").click().run()
    assert now().roles == ("coordinator", "curator") and "Ben *Lee* has other roles" in said(page)
    page.button(key="account_undo").click().run()
    assert now().roles == ("curator",) and "is as before" in said(page) and not page.exception


def test_off_takes_a_second_press_and_can_be_undone(page):
    page.button(key="account_off_yes").click().run()
    assert not now().is_active
    page.button(key="account_on").click().run()
    assert now().is_active
    page.button(key="account_off_yes").click().run()
    page.button(key="account_undo").click().run()
    assert now().is_active and not page.exception


def test_a_new_password_is_a_code(page, ben):
    page.button(key="account_make_code").click().run()
    assert accounts.use_password_code(shared_store(), "ben", page.code[0].value, "a long password 17", "here")
    assert actions().count("password_code_made") == 1


def test_somebody_is_signed_out_everywhere(page, ben):
    token = sign_ins.start_sign_in(shared_store(), ben)
    page.button(key="account_sign_out_yes").click().run()
    assert sign_ins.account_of(shared_store(), token) is None and not page.exception


def test_an_account_is_unlocked(page, anna):
    for turn in range(5):
        with pytest.raises(Exception, match="not right"):
            sign_ins.sign_in(shared_store(), "ben", "wrong password", f"from {turn}")
    page.run()
    assert page.dataframe[0].value["State"][0] == "Locked after wrong passwords"
    page.button(key="account_unlock").click().run()
    assert now().locked_until is None and not page.exception


def test_the_last_administrator_stays(page, anna):
    page.selectbox(key="account_chosen").set_value(anna.id).run()
    assert "This is your own account" in said(page)
    page.button(key="account_off_yes").click().run()
    assert "This is the last administrator" in said(page) and now(anna.name).is_active


def test_another_ones_change_is_not_overwritten_unseen(page, ben):
    page.pills(key=f"account_roles_{ben.id}_1").set_value(["coordinator"]).run()
    accounts.switch(shared_store(), "another", accounts.switch(shared_store(), "another", ben, False), True)
    page.button(key="account_off_yes").click().run()
    assert "Somebody else has changed this account meanwhile" in said(page)
    assert now().is_active and now().version == 3
    page.button(key="account_off_yes").click().run()
    assert not now().is_active, "who has seen the last version may"
