"""From whatever shape a registry has to the one that this program knows, before it is used.

Under a lock, as two benches may start at once after an update. A registry of a newer program is
refused: it may hold what this one would not keep.
"""

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from ionwand.errors import BadInput
from ionwand.registry import address

REVISION_TABLE = "ionwand_revision"
_LOCK = 0x696F6E77616E64  # "ionwand", for PostgreSQL's advisory lock


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


def newest() -> str:
    """The revision of this program."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # migrations/versions ships with the package
    return head


def _present(connection: Connection) -> str | None:
    options = {"version_table": REVISION_TABLE}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database up to date; nothing is written where it is. BadInput if it is newer."""
    head = newest()
    with engine.connect() as connection:
        present = _present(connection)
        _refuse_newer(engine, present, head)
    if present == head:
        return
    if address.is_sqlite(engine.url):
        _log_ahead(engine)
    with engine.execution_options(write=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        present = _present(connection)  # another bench may have done it while this one waited
        _refuse_newer(engine, present, head)
        if present != head:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _refuse_newer(engine: Engine, present: str | None, head: str) -> None:
    script = ScriptDirectory.from_config(_config())
    known = {one.revision for one in script.walk_revisions()}
    if present is not None and present not in known:
        raise BadInput(
            f"--db: {address.name(engine.url)}: its revision is {present}, this program knows "
            f"up to {head}: update ionwand"
        )


def _log_ahead(engine: Engine) -> None:
    """SQLite's write-ahead log, kept in the file: readers never wait for a writer.

    The change wants the file for itself and does not wait for it by itself.
    """
    patience = time.monotonic() + address.PATIENCE_S
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise OperationalError("PRAGMA journal_mode = WAL", None, error)
            time.sleep(0.05)
        finally:
            connection.close()
