"""Signing in with an identity provider: it says who somebody is; what they may do is in our own table."""

import pytest
from conftest import free_port, settle, start_server
from identity_provider import running_provider, secrets_file
from steps import main_text

from opinion.agency import accounts, audits
from opinion.agency.stores import shared_store

EMAIL = "anna@example.org"


@pytest.fixture(scope="module")
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def own_server(provider, tmp_path_factory):
    """Return a server of our own that knows the provider; its address has to be known before it starts."""
    folder = tmp_path_factory.mktemp("oidc")
    port = free_port()
    file = secrets_file(folder, provider, f"http://127.0.0.1:{port}")
    running = start_server(folder, "--secrets.files", str(file), port=port)
    yield running
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture
def anna(own_server):
    store = shared_store()
    return accounts.find_account(store, EMAIL) or accounts.create_account(
        store, audits.COMMAND, EMAIL, "Anna Berg", ["coordinator"]
    )


def enter(open_page, own_server):
    page = open_page("/requests", address=own_server.address)
    page.get_by_role("button", name="Sign in with your organisation").click()
    page.wait_for_url(f"{own_server.address}/")  # by way of the provider
    page.goto(f"{own_server.address}/requests", wait_until="commit")
    page.locator("h1").first.wait_for()
    settle(page)
    return page


def test_who_the_provider_knows_gets_the_roles_of_our_table(open_page, own_server, provider, anna):
    provider.email, provider.is_verified, provider.age = EMAIL, True, 0
    page = enter(open_page, own_server)
    assert page.locator("h1").inner_text() == "Requests" and "Anna Berg" in main_text(page)
    assert page.context.request.get(f"{own_server.address}/agency/files/SO-000000/x").status == 404, "files too"
    store = shared_store()
    changed = accounts.change_roles(store, audits.COMMAND, accounts.find_account(store, EMAIL), ["curator"])
    page.reload()
    settle(page)
    assert "not for your account" in page.locator("h1").inner_text(), "roles are looked up on every run"
    accounts.change_roles(store, audits.COMMAND, changed, ["coordinator"])
    page.goto(f"{own_server.address}/account/sign-out")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{own_server.address}/requests", wait_until="commit")
    settle(page)
    assert "Sign in" in page.locator("h1").inner_text()


@pytest.mark.parametrize(
    ("email", "is_verified", "age"), [("stranger@example.org", True, 0), (EMAIL, False, 0), (EMAIL, True, 50_000)]
)
def test_others_get_nothing(open_page, own_server, provider, anna, email, is_verified, age):
    provider.email, provider.is_verified, provider.age = email, is_verified, age
    page = enter(open_page, own_server)
    assert page.locator("h1").inner_text() == "Sign in"
    assert "no account for you here" in main_text(page)
