"""`ionwand fleet`: the wands that benches have met, which are due, and all of it as a file.

Texts in a registry were typed by people: they are shown as they are, never obeyed.
"""

import csv
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ionwand import registry
from ionwand.calibration import certificate
from ionwand.calibration.result import from_json
from ionwand.errors import BadInput

if TYPE_CHECKING:
    from ionwand.registry.models import Calibration, Wand

_PATH = click.Path(path_type=Path)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_MOST_DAYS = 36_500  # the calendar ends somewhere
Cell = str | int | float | bool


@click.group("fleet")
def command() -> None:
    """Registry of wands: who was seen, what was found, which calibration is due."""


def opened(db: str | None) -> registry.Registry:
    """To read from: none is begun."""
    url = registry.resolve(db)
    if url is None:
        raise BadInput("--db: 'none' keeps nothing, so there is nothing to show")
    return registry.open(url, create=False)


def _shown(value: Cell) -> Text:
    """As it is, less what a terminal would take for an order."""
    text = str(value)
    return Text("".join(one if one.isprintable() else "\ufffd" for one in text))


def _print(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    if not rows:
        return
    table = Table(*headings, title=title or None, title_justify="left", box=None)
    for row in rows:
        table.add_row(*(_shown(one) for one in row))
    Console(width=120, highlight=False).print(table)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def _last(wand: "Wand") -> "Calibration | None":
    return wand.calibrations[-1] if wand.calibrations else None


def _due_on(wand: "Wand") -> date:
    """One that was never calibrated has been due for ever."""
    last = _last(wand)
    return last.due_on if last else date.min


def _due(wand: "Wand", today: date) -> str:
    last = _last(wand)
    if last is None:
        return "never calibrated"
    return f"{last.due_on}{', overdue' if last.due_on <= today else ''}"


def _worst(ok: bool, worst_na: float) -> str:
    return f"{'pass' if ok else 'FAIL'} {worst_na / 1000:+.2f} µA"


def _today() -> date:
    return datetime.now(UTC).date()


def _rows(wands: Sequence["Wand"]) -> list[list[Cell]]:
    today = _today()
    rows: list[list[Cell]] = []
    for wand in wands:
        last = _last(wand)
        tests = wand.selftests
        rows.append([
            wand.board_id,
            wand.versions[-1].firmware if wand.versions else "–",
            _day(wand.last_seen),
            _day(last.at) if last else "–",
            _worst(last.left_ok, last.left_worst_na) if last else "–",
            _due(wand, today),
            (tests[-1].fault or "pass") if tests else "–",
            len(wand.sessions),
        ])  # fmt: skip
    return rows


_HEADINGS = ("board", "firmware", "seen", "calibrated", "as left", "due", "self-test", "sessions")


@command.command("list")
@registry.db_option
def list_(db: str | None) -> None:
    """All wands, the one seen last first."""
    with opened(db) as fleet:
        wands = fleet.wands()
        _print("", _HEADINGS, _rows(wands))
        click.echo(f"{len(wands)} wands in {fleet.where}")


def _within(_context: Any, _option: Any, text: str) -> int:
    """Days from "30d", "8w", "3m", "1y"."""
    match = re.fullmatch(r"([0-9]{1,5})([dwmy]?)", text.strip())
    if match is None:
        raise click.BadParameter(f"{text!r}: write 30d, 8w, 3m or 1y")
    days = int(match[1]) * _UNITS[match[2] or "d"]
    if days > _MOST_DAYS:
        raise click.BadParameter(f"{text!r}: write 30d, 8w, 3m or 1y, at most 100y")
    return days


@command.command("due")
@click.option("--within", "days", default="30d", show_default=True, callback=_within,
              metavar="TIME", help="From today: 30d, 8w, 3m, 1y.")  # fmt: skip
@registry.db_option
def due(days: int, db: str | None) -> None:
    """Wands whose calibration is due, or that have none; the most urgent first."""
    with opened(db) as fleet:
        limit = _today() + timedelta(days=days)
        found = [wand for wand in fleet.wands() if _due_on(wand) <= limit]
    found.sort(key=_due_on)
    _print("", _HEADINGS, _rows(found))
    click.echo(f"{len(found)} wands due until {limit}")


@command.command("show")
@click.argument("board", metavar="BOARD")
@click.option("--certificate", "folder", type=_PATH, metavar="DIR",
              help="Write the certificate of its newest calibration there.")  # fmt: skip
@click.option("--calibration", "number", type=click.IntRange(1), metavar="N",
              help="Certificate of that one instead, as numbered here.")  # fmt: skip
@registry.db_option
def show(board: str, folder: Path | None, number: int | None, db: str | None) -> None:
    """One wand with its history. BOARD: its id or the first digits of it."""
    if number and folder is None:
        raise BadInput("--calibration says which certificate: give --certificate DIR too")
    with opened(db) as fleet:
        wand = fleet.wand(board)
    if folder is not None:
        for path in certificate.write(from_json(_calibration(wand, number).result), folder):
            click.echo(path)
        return
    click.echo(f"board {wand.board_id}: seen {_day(wand.first_seen)} to {_day(wand.last_seen)}, "
               f"due {_due(wand, _today())}")  # fmt: skip
    _print("firmware", ("version", "first seen", "last seen"),
           [(one.firmware, _day(one.first_seen), _day(one.last_seen))
            for one in wand.versions])  # fmt: skip
    _print("calibrations", ("no.", "date", "who", "as found", "as left", "U (k=2)", "due"),
           [(index, _day(one.at), one.who, _worst(one.found_ok, one.found_worst_na),
             _worst(one.left_ok, one.left_worst_na), f"{one.expanded_u_na / 1000:.2f} µA",
             str(one.due_on)) for index, one in enumerate(wand.calibrations, 1)])  # fmt: skip
    _print("self-tests", ("date", "firmware", "result", "parts"),
           [(_day(one.at), one.firmware, one.fault or "pass",
             ", ".join(f"{name} {value}" for name, value in one.results.items()))
            for one in wand.selftests[-10:]])  # fmt: skip
    _print("sessions, the last ten", ("no.", "pulled", "product", "ended", "dose"),
           [(one.number, _day(one.pulled_at), one.product, one.ended,
             f"{one.dose_uc / 60_000:.2f} mA·min") for one in wand.sessions[-10:]])  # fmt: skip


def _calibration(wand: "Wand", number: int | None) -> "Calibration":
    kept = wand.calibrations
    if not kept:
        raise BadInput(f"board {wand.board_id}: it has not been calibrated")
    if number is not None and number > len(kept):
        raise BadInput(f"board {wand.board_id}: no calibration {number}, there are {len(kept)}")
    return kept[number - 1 if number else -1]


@command.command("export")
@click.argument("path", type=_PATH, metavar="FILE.json|FILE.csv")
@click.option("--table", "part", default="wands", show_default=True,
              type=click.Choice(["wands", "versions", "calibrations", "selftests", "sessions"]),
              help="Which of them a CSV holds; JSON holds all.")  # fmt: skip
@registry.db_option
def export(path: Path, part: str, db: str | None) -> None:
    """Everything as JSON, or one table as CSV."""
    from ionwand.registry import export as plain

    whole = path.suffix == ".json"
    if not whole and path.suffix != ".csv":
        raise BadInput(f"{path}: an export is .json or .csv")
    with opened(db) as fleet:
        wands = fleet.wands(whole=whole)
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            if whole:
                json.dump({"wands": [plain.everything(wand) for wand in wands]}, file, indent=1)
                file.write("\n")
            else:
                csv.writer(file, lineterminator="\n").writerows(plain.table(part, wands))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: {len(wands)} wands")
