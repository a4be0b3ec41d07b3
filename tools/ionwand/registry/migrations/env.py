"""Alembic's way in: steps run in the transaction and under the lock that upgrade.py holds."""

from alembic import context

from ionwand.registry.upgrade import REVISION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=REVISION_TABLE,
    # SQLite can take back a table; Alembic doesn't trust it to, as its driver once couldn't.
    transactional_ddl=True,
)
context.run_migrations()
