"""`ionwand status`: what a wand says of itself: versions, state, faults, calibration, memory."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand import answers, registry
from ionwand.console import console as printer
from ionwand.device import source, told
from ionwand.instruments import options, wand_on_bench


@click.command("status")
@options.port
@registry.db_option
@answers.option
def command(port: str, db: str | None, as_json: bool) -> int:
    """Versions, state, faults, battery, calibration. Exit 1 where a fault is latched."""
    with wand_on_bench.opened(port) as wand:
        found = wand.status()
    if as_json:
        answers.say(answer(found))
    else:
        show(found, printer(100))
    registry.note(db, lambda fleet: fleet.saw(found["board"], found["firmware"]))
    return 1 if found["faults"] else 0


def answer(found: dict[str, Any]) -> answers.Status:
    return {
        "board": found["board"],
        "firmware": found["firmware"],
        "micropython": found["micropython"],
        "files": found["files"] or "",
        "state": found["state"],
        "output": bool(found["output"]),
        "faults": list(found["faults"]),
        "first_fault": found["first_fault"],
        "battery_mv": found["battery_mv"],
        "vbus": bool(found["vbus"]),
        "calibrated": bool(found["calibrated"]),
        "calibration": list(found["calibration"]),
        "products": found["products"],
        "sessions": list(found["sessions"]),
        "rest_s": found["rest_s"],
        "charge_in_an_hour_uc": found["charge_in_an_hour_uc"],
        "many_people": bool(found["many_people"]),
        "free_heap_bytes": found["free_heap"],
    }


def show(found: dict[str, Any], console: Console) -> None:
    source.products()
    table = Table(show_header=False, box=None)
    for name, value in told.rows(found):
        table.add_row(name, value)
    console.print(table)
