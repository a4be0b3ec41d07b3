"""`--db` of every command, and what a command that isn't about the registry does with it.

A wand is worked on whether or not the registry can be written: that costs one line of warning.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ionwand.device import simulated

if TYPE_CHECKING:
    from ionwand.registry.store import Registry

NONE = "none"

db_option: Callable[[Any], Any] = click.option(
    "--db", envvar="IONWAND_DB", metavar="URL",
    help="Registry of wands: an SQLAlchemy URL, IONWAND_DB without it, or else a file of the "
    f"user's; {NONE!r} keeps nothing.",
)  # fmt: skip


def default_url() -> str:
    """The user's own file. SQLAlchemy comes along: nobody who keeps nothing waits for it."""
    from ionwand.registry import address

    return f"sqlite:///{address.default_file()}"


def resolve(db: str | None) -> str | None:
    """The URL that is meant, None for `none`."""
    if db is not None and db.strip().lower() == NONE:
        return None
    return db or default_url()


def note(db: str | None, write: Callable[["Registry"], object]) -> bool:
    """Let `write` keep something; whatever prevents it is one line on stderr, and False."""
    url = resolve(db)
    if url is None or db is None and simulated.is_meant():
        return False  # a simulated wand is kept where that was asked for
    try:
        from ionwand.registry import store

        with store.open(url) as registry:
            write(registry)
        return True
    except Exception as error:  # of any kind: a database has more of them than can be named
        words = (str(error).splitlines() or [""])[0] or type(error).__name__
        click.echo(f"ionwand: not kept in the registry: {words}", err=True)
        return False
