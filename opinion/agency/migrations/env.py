"""Runs the migrations on the connection that ``opinion.storage.migrating`` gives, inside its transaction."""

from alembic import context

from opinion.agency.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, user_module_prefix="")
context.run_migrations()
