"""The files of deploy/: what they set is what the code reads, and no secret stands in them."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DOCUMENTS = [*DEPLOY.glob("*"), ROOT / "docs" / "operations.md", ROOT / "docs" / "threat-model.md"]


def test_every_setting_that_is_named_is_read_by_the_code():
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "opinion").rglob("*.py"))
    named = {name for path in DOCUMENTS for name in re.findall(r"\bOPINION_[A-Z_]+", path.read_text("utf-8"))}
    assert {"OPINION_DATABASE_URL", "OPINION_KEYS", "OPINION_TRUSTED_PROXIES", "OPINION_ALLOWED_HOSTS"} <= named
    assert {name for name in named if f'"{name}"' not in code} == {"OPINION_HOST"}, "which start.sh reads"
    assert "$OPINION_HOST" in (DEPLOY / "start.sh").read_text("utf-8")


def test_no_secret_stands_in_the_files_for_deploying():
    app, database = COMPOSE["services"]["app-1"], COMPOSE["services"]["database"]
    for service in (app, database):
        for name, value in service["environment"].items():
            is_path = str(value).startswith("/run/secrets/")
            assert is_path or not re.search(r"PASSWORD|SECRET|KEYS?$", name), name
    assert (
        "@" in app["environment"]["OPINION_DATABASE_URL"]
        and ":" not in (app["environment"]["OPINION_DATABASE_URL"].removeprefix("postgresql://").split("@")[0])
    ), "no password in the address"
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "deploy/secrets" in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8")
    assert "deploy/secrets" in (ROOT / ".gitignore").read_text("utf-8")


def test_every_secret_that_is_read_is_given():
    for name in re.findall(r"\$\(secret (\w+)", (DEPLOY / "start.sh").read_text("utf-8")):
        assert name in COMPOSE["services"]["app-1"]["secrets"]
    for service in COMPOSE["services"].values():
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])


def test_the_proxy_is_believed_by_its_own_address_and_gets_every_name():
    services = COMPOSE["services"]
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert services["app-1"]["environment"]["OPINION_TRUSTED_PROXIES"] == address
    names = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "nginx.conf.template").read_text("utf-8").split("\n", 3)[3]))
    assert names == set(services["proxy"]["environment"])
    assert COMPOSE["networks"]["inside"]["internal"] is True and "ports" not in services["app-1"]


def test_the_proxy_s_own_words_are_left_alone():
    """nginx's image fills in ${NAME} only for names that are set: its own variables have no braces here."""
    text = (DEPLOY / "nginx.conf.template").read_text("utf-8")
    assert all(name.isupper() for name in re.findall(r"\$\{(\w+)\}", text))
