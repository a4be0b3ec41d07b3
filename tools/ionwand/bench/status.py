"""`ionwand status`: what a wand says of itself: versions, state, faults, calibration, memory."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand import registry
from ionwand.device import source, told
from ionwand.instruments import options, wand_on_bench


@click.command("status")
@options.port
@registry.db_option
def command(port: str, db: str | None) -> int:
    """Versions, state, faults, battery, calibration. Exit 1 where a fault is latched."""
    with wand_on_bench.opened(port) as wand:
        found = wand.status()
    show(found, Console(width=100))
    registry.note(db, lambda fleet: fleet.saw(found["board"], found["firmware"]))
    return 1 if found["faults"] else 0


def show(found: dict[str, Any], console: Console) -> None:
    source.products()
    table = Table(show_header=False, box=None)
    for name, value in told.rows(found):
        table.add_row(name, value)
    console.print(table)
