"""`ionwand journal blackbox`: what the wand saw around a fault, as table, CSV and plot.

The wand keeps the last eight: 2 s before and half a second after, one row a tick.
"""

import csv
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ionwand.console import console
from ionwand.device import memory
from ionwand.errors import BadInput
from ionwand.treatments import blackbox_plot, blackbox_words, products
from ionwand.treatments.blackbox_read import Box, Row, decoded, of_session

_PATH = click.Path(path_type=Path, dir_okay=False)
_AROUND = 12  # rows of the table before and after the fault


@click.command("blackbox")
@click.argument("path", type=_PATH, metavar="[FILE.csv|FILE.png|FILE.svg]", required=False)
@products.where
@click.option("--session", type=click.IntRange(1), metavar="N",
              help="That of this session; the newest otherwise.")  # fmt: skip
def command(path: Path | None, port: str | None, folder: Path | None, session: int | None) -> None:
    """What was seen 2 s before and half a second after a fault: table, CSV or plot."""
    if path is not None and path.suffix not in (".csv", ".png", ".svg"):
        raise BadInput(f"{path}: a black box is written as .csv, .png or .svg")
    with memory.opened(port, folder) as wand:
        boxes = kept(wand)
    if not boxes:
        click.echo("no black box: no fault has ended a session yet, or the processor hung, "
                   "which takes the box with it (`ionwand faults`: heartbeat)")  # fmt: skip
        return
    if path is None and session is None:
        console(110).print(overview(boxes))
    box = boxes[-1] if session is None else of_session(boxes, session)
    if box is None:
        some = ", ".join(str(one.session) for one in boxes)
        raise BadInput(f"session {session} has no black box; there are those of {some}")
    if path is None:
        console(120).print(table(box))
        click.echo(blackbox_words.told(box))
        return
    try:
        if path.suffix == ".csv":
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(Row._fields)
                writer.writerows(box.rows)
        else:
            path.write_bytes(blackbox_plot.drawn(box, path.suffix[1:]))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: {box.first} in session {box.session}, {len(box.rows)} rows")
    click.echo(blackbox_words.told(box))


def kept(wand: Any) -> list[Box]:
    """All that a wand has, oldest first; damaged ones are left out with a word."""
    boxes = []
    for number in wand.call("blackboxes"):
        try:
            boxes.append(decoded(number, wand.call("blackbox_of", number) or b""))
        except BadInput as error:
            click.echo(f"ionwand: {error}, left out", err=True)
    return boxes


def tripped(box: Box) -> str:
    """What the guard's pass saw."""
    a_ua, b_ua, e2_mv = box.trip
    return f"{a_ua} µA, {b_ua} µA, {e2_mv} mV" if any(box.trip) else "–"


def overview(boxes: list[Box]) -> Table:
    found = Table("no.", "session", "product", "first fault", "all", "after arming",
                  "trip: A, B, e2", box=None)  # fmt: skip
    for box in boxes:
        found.add_row(str(box.number), str(box.session), box.product, box.first, box.faults,
                      f"{box.since_arming_ms / 1000:.1f} s",
                      tripped(box))
    return found


def table(box: Box) -> Table:
    """The rows around the fault."""
    found = Table("ms", "state", "gate", "set µA", "fast A", "fast B", "precise A", "e2 mV",
                  "load mV", "light", title=f"session {box.session}: {box.first}",
                  title_justify="left", box=None)  # fmt: skip
    for row in box.rows:
        near = [abs(one.t_ms) for one in box.rows]
        if abs(row.t_ms) <= sorted(near)[min(len(near), 2 * _AROUND) - 1]:
            found.add_row(
                f"{row.t_ms:+d}", row.state, "on" if row.gate else "off",
                f"{row.setpoint_ua:.2f}", str(row.fast_a_ua), str(row.fast_b_ua),
                f"{row.precise_a_ua:.2f}", str(row.e2_mv), str(row.load_mv), row.led,
                style="bold" if row.t_ms == 0 else "",
            )  # fmt: skip
    return found
