"""Alembic's entry: runs the migrations in the transaction that the journal has opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
