"""What curators do to the catalogue stands in the audit trail, from a page and from a command."""

from types import SimpleNamespace

from sqlalchemy import select

from opinion.agency import audits
from opinion.agency.commands import record_command
from opinion.agency.tables import audit
from opinion.ui import curating


def trail(store):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject))]


def test_a_page_and_a_command_add_a_line_each(store, monkeypatch):
    monkeypatch.setattr(curating, "shared_store", lambda: store)
    curating.record(SimpleNamespace(actor="account:cora"), "import_made", "20261123-000752-b10edde8")
    record_command("anna", "import_undone", "20261123-000752-b10edde8")
    record_command("anna", "centres_merged", "x" * 300)
    assert trail(store) == [
        ("account:cora", "import_made", "20261123-000752-b10edde8"),
        ("command:anna", "import_undone", "20261123-000752-b10edde8"),
        ("command:anna", "centres_merged", "x" * 80),
    ]
    assert audits.faults(store) == []
