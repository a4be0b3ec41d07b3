"""Where the registry is: from a URL to an engine, and one line for whatever is wrong with it.

SQLite takes one writer at a time: each begins by asking for that place and waits for it, instead
of finding out halfway that another has taken it.
"""

import sqlite3
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from ionwand.errors import BadInput

PATIENCE_S = 30  # for another bench's writing
_CONNECT_S = 10
EXAMPLES = "sqlite:///fleet.sqlite, postgresql://user@host/fleet"


def default_file() -> Path:
    """In the user's data folder."""
    return platformdirs.user_data_path("ionwand", appauthor=False) / "registry.sqlite"


def parse(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadInput(f"--db: {_hidden(text)!r} is no database URL: write e.g. {EXAMPLES}")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadInput(f"--db: {text!r} would keep nothing: name a file, sqlite:///fleet.sqlite")
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")  # the driver of the extra `postgres`
    return url


def _hidden(text: str) -> str:
    """A mistyped URL may have a password in it all the same."""
    scheme, at, host = text.partition(":")[0], *text.rpartition("@")[1:]
    return f"{scheme}:...@{host}" if at else text


def name(url: URL) -> str:
    """The URL as it may be shown."""
    return str(url.database) if is_sqlite(url) else url.render_as_string(hide_password=True)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for a server, and where SQLite's own URI names it."""
    database = str(url.database)
    return Path(database) if is_sqlite(url) and not database.startswith("file:") else None


def connect(url: URL) -> Engine:
    """An engine that has not connected yet."""
    arguments: dict[str, Any] = {}
    if is_sqlite(url):
        arguments["timeout"] = PATIENCE_S
    elif url.get_backend_name() == "postgresql":
        own = str(url.query.get("options", ""))  # what the URL says comes last and holds
        arguments["options"] = f"-c lock_timeout={PATIENCE_S}s {own}".strip()
        arguments["connect_timeout"] = url.query.get("connect_timeout", _CONNECT_S)
    try:
        engine = create_engine(url, connect_args=arguments)
    except NoSuchModuleError:
        raise BadInput(f"--db: there is no database {url.drivername!r}: write e.g. {EXAMPLES}")
    except ImportError as error:
        extra = ": pip install 'ionwand[postgres]'" if "psycopg" in str(error) else ""
        raise BadInput(f"--db: the driver of {url.drivername} is not installed{extra}")
    except SQLAlchemyError as error:
        raise BadInput(f"--db: {name(url)}: {reason(error)}")
    if is_sqlite(url):
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin says
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # what was kept survives a power cut


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def reason(error: BaseException) -> str:
    """The first line of what a database said, in words that say what to do."""
    said = getattr(error, "orig", None) if isinstance(error, DBAPIError) else error
    lines = [line.strip() for line in str(said).splitlines() if line.strip()] or [repr(said)]
    words = lines[0]
    if "readonly database" in words:
        return "it is read-only here: nothing can be kept in it"
    if "unable to open database file" in words:
        return "it cannot be opened: is the folder there, and yours?"
    if "file is not a database" in words:
        return "it is no SQLite database"
    if "database is locked" in words:
        return f"another program has kept it locked for {PATIENCE_S} s"
    return words
