"""`ionwand status`: what a wand says of itself: versions, state, faults, calibration, memory."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand import registry
from ionwand.device import source
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
    from firmware.calibration import NAMES

    table = Table(show_header=False, box=None)
    sessions = found["sessions"]
    for name, value in (
        ("board", found["board"]),
        ("firmware", f"{found['firmware']}, MicroPython {found['micropython']}"),
        ("files", found["files"] or "as built"),
        ("it was", found["state"]),
        ("output", "on" if found["output"] else "off"),
        ("faults", faults(found)),
        ("battery", f"{found['battery_mv'] / 1000:.2f} V"),
        ("charger or PC", "connected" if found["vbus"] else "no"),
        ("calibration", "valid" if found["calibrated"] else "none: no output before `calibrate`"),
        *((f"  {name}", str(value)) for name, value in zip(NAMES, found["calibration"])),
        ("products", str(found["products"])),
        ("sessions kept", str(max(0, sessions[1] - sessions[0] + 1))),
        ("free heap", f"{found['free_heap'] / 1024:.0f} KB"),
    ):  # fmt: skip
        table.add_row(name, value)
    console.print(table)


def faults(found: dict[str, Any]) -> str:
    if not found["faults"]:
        return "none"
    return f"{', '.join(found['faults'])}; first: {found['first_fault']}"
