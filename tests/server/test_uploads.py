"""A stranger's upload may be small, that of somebody who is signed in large; neither is read to find out."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from opinion.agency import accounts, audits, sign_ins
from opinion.server.uploads import LARGEST_OF_STRANGERS, LARGEST_OF_WORKERS, Uploads

PATH = "/_stcore/upload_file/session/file"


async def taken(request):
    return PlainTextResponse(f"{len(await request.body())} taken")


@pytest.fixture
def client(sqlite_store):
    return TestClient(Uploads(Starlette(routes=[Route("/{rest:path}", taken, methods=["PUT", "POST"])])))


def put(client, size, **headers):
    answer = client.put(PATH, content=b"x" * size, headers=headers)
    return answer.status_code, answer.text


def test_a_small_file_of_anybody_is_taken(client):
    assert put(client, LARGEST_OF_STRANGERS) == (200, f"{LARGEST_OF_STRANGERS} taken")


def test_a_large_file_of_a_stranger_is_refused(client):
    large = LARGEST_OF_STRANGERS + 1
    assert put(client, large) == (413, "The file is too large.")
    assert put(client, large, cookie=f"{sign_ins.COOKIE}=made-up")[0] == 413
    assert client.put(PATH.replace("/up", "//up"), content=b"x" * large).status_code == 413
    assert client.post("/elsewhere", content=b"x" * large).status_code == 200, "other addresses have their own limits"


def test_a_file_of_unknown_length_is_large(client):
    assert client.put(PATH, content=iter([b"x"])).status_code == 413


def cookie_of(store, role):
    account = accounts.create_account(store, audits.COMMAND, "cora", "Cora", [role])
    return f"{sign_ins.COOKIE}={sign_ins.start_sign_in(store, account)}"


def test_a_large_file_of_a_curator_is_taken(client, sqlite_store):
    cookie = cookie_of(sqlite_store, "curator")
    assert put(client, LARGEST_OF_WORKERS + 1, cookie=cookie)[0] == 200
    assert client.put(PATH, content=iter([b"x"]), headers={"cookie": cookie}).status_code == 200


def test_who_else_is_signed_in_sends_files_of_a_case(client, sqlite_store):
    cookie = cookie_of(sqlite_store, "coordinator")
    assert put(client, LARGEST_OF_STRANGERS + 1, cookie=cookie)[0] == 200
    assert put(client, LARGEST_OF_WORKERS + 1, cookie=cookie) == (413, "The file is too large.")
    assert client.put(PATH, content=iter([b"x"]), headers={"cookie": cookie}).status_code == 413
