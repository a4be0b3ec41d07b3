"""`ionwand fleet name, exchange, backup, restore`: what changes a registry, a command each."""

import os
from pathlib import Path

import click

from ionwand import registry
from ionwand.console import TEXT
from ionwand.errors import BadInput

_PATH = click.Path(path_type=Path, dir_okay=False)


def opened(db: str | None, create: bool = False) -> registry.Registry:
    """BadInput where none is there, unless `create`."""
    url = registry.resolve(db)
    if url is None:
        raise BadInput("--db: 'none' keeps nothing, so there is nothing to show")
    return registry.open(url, create=create)


@click.command("name")
@click.argument("board", type=TEXT, metavar="BOARD")
@click.argument("name", type=TEXT, metavar="NAME")
@registry.db_option
def name_(board: str, name: str, db: str | None) -> None:
    """Give a wand the NAME that stands on it; "" takes it away. BOARD: id, first digits, name."""
    from ionwand.registry import changes

    with opened(db) as fleet:
        board_id = fleet.wand(board).board_id
        before = changes.rename(fleet, board, name)
    click.echo(f"board {board_id}: {name or 'no name'}" + (f", before {before}" if before else ""))


@click.command("exchange")
@click.argument("old", type=TEXT, metavar="OLD")
@click.argument("new", type=TEXT, metavar="NEW")
@registry.db_option
def exchange(old: str, new: str, db: str | None) -> None:
    """Board NEW is in the housing of OLD now: it takes the name, OLD is not due any more."""
    from ionwand.registry import changes

    with opened(db) as fleet:
        changes.exchange(fleet, old, new)
        click.echo(f"board {fleet.wand(old).board_id}: replaced by {fleet.wand(new).board_id}")


@click.command("backup")
@click.argument("path", type=_PATH, metavar="FILE.sqlite")
@registry.db_option
def backup(path: Path, db: str | None) -> None:
    """All of the registry into one SQLite file, whole also while benches write."""
    from ionwand.registry import copying

    beside = path.with_name(path.name + ".part")
    with opened(db) as fleet:
        _remove(beside)
        try:
            with registry.open(f"sqlite:///{beside}") as copy:
                wands, rows = copying.copy(fleet, copy)
                copy.settle()
            os.replace(beside, path)
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror}")
        finally:
            _remove(beside)
    click.echo(f"{path}: {wands} wands, {rows} records")


@click.command("restore")
@click.argument("path", type=_PATH, metavar="FILE.sqlite")
@registry.db_option
def restore(path: Path, db: str | None) -> None:
    """A backup into the registry. What is there stays, and nothing is kept twice."""
    from ionwand.registry import copying

    with registry.open(f"sqlite:///{path}", create=False) as copy:
        with opened(db, create=True) as fleet:
            wands, rows = copying.copy(copy, fleet)
            click.echo(f"{fleet.where}: {wands} wands, {rows} records that were not there")


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


ALL = (name_, exchange, backup, restore)
