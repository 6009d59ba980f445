"""Brings a database's tables up to date, once: who comes second waits, and finds nothing left to do."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from opinion.storage.stores import Store

_LOCK = 5_204_711  # any number that nothing else in the database locks by


def migrate(store: Store, scripts: Path) -> None:
    """Run the migrations in ``scripts`` that the database has not seen, all of them or none."""
    if is_current(store, scripts):
        return
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = _config(scripts)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(store: Store, scripts: Path) -> bool:
    """Say whether the database has seen every migration."""
    newest = ScriptDirectory.from_config(_config(scripts)).get_current_head()
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
