"""`ionwand calibrate`: a wand on known loads with a meter, as found and as left. docs/bench.md.

The result is one JSON file; `--undo` goes back to the coefficients before.
"""

import contextlib
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ionwand import registry
from ionwand.calibration import procedure, resolution
from ionwand.calibration.fit import Accuracy
from ionwand.calibration.result import Result
from ionwand.console import TEXT
from ionwand.device import simulated
from ionwand.errors import BadInput
from ionwand.instruments import hands, options, wand_on_bench
from ionwand.instruments import meter as meters


@click.command("calibrate")
@options.port
@options.meter
@options.visa
@options.fixture
@click.option("--loads", type=options.Numbers(), default="2.2k,4.7k,10k", show_default=True,
              metavar="OHM,...", help="Three or more, 2k to 22k, each 1.5 times the last.",
)  # fmt: skip
@click.option("--points", type=options.WholeNumbers(), default="50,100,200,350,500",
              show_default=True, metavar="µA,...", help="From 50 or less to 500.")  # fmt: skip
@click.option("--meter-ppm", type=options.Between(1, 10_000),
              show_default="as meters.toml, or 200",
              help="The meter's limit of error on its range, of the reading ...")  # fmt: skip
@click.option("--meter-na", type=options.Between(0, 2000), show_default="as meters.toml, or 50",
              help="... and besides.")  # fmt: skip
@click.option("--load-ppm", type=options.Between(1, 10_000), default=100.0, show_default=True,
              help="Tolerance of the loads.")  # fmt: skip
@click.option("--burden", type=options.Between(0, 2000), show_default="as meters.toml, or 0",
              metavar="OHM", help="The meter's own resistance on that range.")  # fmt: skip
@click.option("--who", type=TEXT, default="", metavar="NAME", help="Who does it, for the record.")
@click.option("--ambient", type=TEXT, default="", metavar="TEXT", help="Like '23 °C, 45 %'.")
@click.option("--notes", type=TEXT, default="", metavar="TEXT")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"),
              show_default=True, metavar="FOLDER", help="Where the result goes.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Write without asking once more.")
@click.option("--undo", is_flag=True, help="No calibration: the one before comes back.")
@registry.db_option
def command(
    port: str, meter_name: str, visa: str, fixture: str | None, loads: tuple[float, ...],
    points: tuple[int, ...], meter_ppm: float | None, meter_na: float | None, load_ppm: float,
    burden: float | None,
    who: str, ambient: str, notes: str, out: Path, yes: bool, undo: bool,
    db: str | None,
) -> None:  # fmt: skip
    """Calibrate a wand: as found, fit, write, as left."""
    if undo:
        with wand_on_bench.opened(port) as wand:
            click.echo(f"calibration is {wand.call('undo_calibration')} again")
        return
    order = procedure.Order(who, loads, points, Accuracy(load_ppm=load_ppm), burden or 0.0,
                            ambient, notes)  # fmt: skip
    procedure.check(order)
    if meter_name == "manual" and fixture:
        raise BadInput("--fixture works unattended, so it needs a --meter other than manual")
    person = hands.choose(fixture, yes)
    if simulated.is_meant():
        order.notes = f"{simulated.NOTE} {notes}".strip()
    _writable(out)
    with contextlib.closing(meters.open_meter(meter_name, visa)) as meter:
        known = meter.profile
        order = dataclasses.replace(
            order, burden_ohm=known.burden_ohm if burden is None else burden,
            accuracy=Accuracy(
                known.ppm if meter_ppm is None else meter_ppm,
                known.na if meter_na is None else meter_na, load_ppm, known.resolution_na,
            ),
        )  # fmt: skip
        procedure.check(order)
        if isinstance(person, hands.Simulated):
            person.burden_ohm = order.burden_ohm
        with _progress(order, meter_name != "manual") as say, wand_on_bench.opened(port) as wand:
            result = procedure.calibrate(wand, meter, person, order, say)
    for line in procedure.summary(result):
        click.echo(line)
    registry.note(db, lambda fleet: fleet.keep_calibration(result))
    click.echo(f"result: {keep(result, out)}")


def keep(result: Result, out: Path) -> Path:
    """One file a calibration, named by board and time."""
    name = re.sub(r"[^0-9A-Za-z-]", "", f"{result.board_id}-{result.when}")
    path = out / f"calibration-{name}.json"
    try:
        path.write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; the wand is calibrated, the record is lost")
    return path


def _writable(out: Path) -> None:
    """Found out before, not after, an hour's work."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".ionwand"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise BadInput(f"--out {out}: {error.strerror}")


@contextlib.contextmanager
def _progress(order: procedure.Order, bar: bool) -> Any:
    """Lines above a bar; a person who types gets the lines alone."""
    total = 4 * len(order.loads_ohm) * (len(order.points_ua) + 1) + 2 * len(resolution.ODD_UA)
    if not (bar and Console().is_terminal):
        yield click.echo
        return
    columns = (TextColumn("calibrating"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns) as progress:
        task = progress.add_task("", total=total)

        def say(line: str) -> None:
            progress.console.print(line, highlight=False)
            if ", meter " in line:
                progress.advance(task)

        yield say
