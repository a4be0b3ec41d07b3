"""`ionwand fleet`: the wands that benches have met, which are due, and all of it as a file.

Texts in a registry were typed by people: they are shown as they are, never obeyed.
"""

import csv
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from ionwand import answers, clock, registry
from ionwand.calibration import certificate, certificate_page
from ionwand.calibration.result import from_json
from ionwand.console import TEXT, console
from ionwand.errors import BadInput
from ionwand.registry import due, fleet_change
from ionwand.registry.fleet_change import opened

if TYPE_CHECKING:
    from ionwand.registry.models import Calibration, Wand

_PATH = click.Path(path_type=Path)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_MOST_DAYS = 36_500  # the calendar ends somewhere
Cell = str | int | float | bool


@click.group("fleet")
def command() -> None:
    """Registry of wands: who was seen, what was found, which calibration is due."""


for _one in fleet_change.ALL:
    command.add_command(_one)


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
    console(120, highlight=False).print(table)


def _day(moment: datetime) -> str:
    """Where this computer is, as whoever did it had it."""
    return moment.astimezone().strftime("%Y-%m-%d")


def _worst(ok: bool, worst_na: float) -> str:
    return f"{'pass' if ok else 'FAIL'} {worst_na / 1000:+.2f} µA"


def _rows(wands: Sequence["Wand"]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for wand in wands:
        last = due.newest(wand)
        tests = wand.selftests
        rows.append([
            wand.board_id,
            wand.name or "–",
            wand.versions[-1].firmware if wand.versions else "–",
            _day(wand.last_seen),
            str(last.day) if last else "–",
            _worst(last.left_ok, last.left_worst_na) if last else "–",
            due.words(wand),
            (tests[-1].fault or "pass") if tests else "–",
            len(wand.sessions),
        ])  # fmt: skip
    return rows


def _answer(wand: "Wand") -> answers.Wand:
    last = due.newest(wand)
    tests = wand.selftests
    return {
        "board": wand.board_id,
        "name": wand.name or "",
        "firmware": wand.versions[-1].firmware if wand.versions else None,
        "last_seen": wand.last_seen.astimezone().isoformat(timespec="seconds"),
        "calibrated_on": str(last.day) if last else None,
        "as_left_ok": last.left_ok if last else None,
        "as_left_worst_na": float(last.left_worst_na) if last else None,
        "due": due.words(wand),
        "selftest": (tests[-1].fault or "") if tests else None,
        "sessions": len(wand.sessions),
    }


_HEADINGS = ("board", "name", "firmware", "seen", "calibrated", "as left", "due",
             "self-test", "sessions")


@command.command("list")
@registry.db_option
@answers.option
def list_(db: str | None, as_json: bool) -> None:
    """All wands, the one seen last first."""
    _warn(clock.told())
    with opened(db) as fleet:
        wands = fleet.wands()
        if as_json:
            found = [_answer(one) for one in wands]
            return answers.say(answers.Fleet(registry=str(fleet.where), wands=found))
        _print("", _HEADINGS, _rows(wands))
        click.echo(f"{len(wands)} {'wand' if len(wands) == 1 else 'wands'} in {fleet.where}")


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
def due_(days: int, db: str | None) -> None:
    """Wands whose calibration is due, or that have none; the most urgent first."""
    if clock.told():
        raise BadInput(f"what is due can't be told: {clock.told()}")
    with opened(db) as fleet:
        limit = clock.today() + timedelta(days=days)
        found = [wand for wand in fleet.wands() if due.on(wand) <= limit]
    found.sort(key=due.on)
    _print("", _HEADINGS, _rows(found))
    click.echo(f"{len(found)} wands due until {limit}")


@command.command("show")
@click.argument("board", type=TEXT, metavar="BOARD")
@click.option("--certificate", "folder", type=_PATH, metavar="DIR",
              help="Write the certificate of its newest calibration there.")  # fmt: skip
@click.option("--calibration", "number", type=click.IntRange(1), metavar="N",
              help="Certificate of that one instead, as numbered here.")  # fmt: skip
@registry.db_option
def show(board: str, folder: Path | None, number: int | None, db: str | None) -> None:
    """One wand with its history. BOARD: its id, the first digits of it, or its name."""
    _warn(clock.told())
    if number and folder is None:
        raise BadInput("--calibration says which certificate: give --certificate DIR too")
    with opened(db) as fleet:
        wand = fleet.wand(board)
    if folder is not None:
        for path in certificate.write(from_json(_calibration(wand, number).result), folder):
            click.echo(path)
        return
    named = f", {wand.name}" if wand.name else ""
    click.echo(f"board {wand.board_id}{named}: seen {_day(wand.first_seen)} to "
               f"{_day(wand.last_seen)}, due {due.words(wand)}")  # fmt: skip
    for event in wand.events:
        click.echo(f"  {_day(event.at)}: {_shown(event.text)}")
    _print("firmware", ("version", "first seen", "last seen"),
           [(one.firmware, _day(one.first_seen), _day(one.last_seen))
            for one in wand.versions])  # fmt: skip
    _print("calibrations", ("no.", "date", "certificate", "who", "as found", "as left",
                            "U (k=2)", "due"),
           [(index, str(one.day), _number(one), one.who, _worst(one.found_ok, one.found_worst_na),
             _worst(one.left_ok, one.left_worst_na), f"{one.expanded_u_na / 1000:.2f} µA",
             str(one.due_on)) for index, one in enumerate(wand.calibrations, 1)])  # fmt: skip
    _print("self-tests", ("date", "firmware", "result", "parts"),
           [(_day(one.at), one.firmware, one.fault or "pass",
             ", ".join(f"{name} {value}" for name, value in one.results.items()))
            for one in wand.selftests[-10:]])  # fmt: skip
    _print("sessions, the last ten", ("no.", "pulled", "product", "ended", "dose"),
           [(one.number, _day(one.pulled_at), one.product, one.ended,
             f"{one.dose_uc / 60_000:.2f} mA·min") for one in wand.sessions[-10:]])  # fmt: skip


def _number(kept: "Calibration") -> str:
    """Of its certificate: two of one day are told apart by it."""
    return certificate_page.number(from_json(kept.result))


def _warn(line: str) -> None:
    if line:
        click.echo(f"ionwand: {line}", err=True)


def _calibration(wand: "Wand", number: int | None) -> "Calibration":
    kept = wand.calibrations
    if not kept:
        raise BadInput(f"board {wand.board_id}: it has not been calibrated")
    if number is not None and number > len(kept):
        raise BadInput(f"board {wand.board_id}: no calibration {number}, there are {len(kept)}")
    if number is None:
        return due.newest(wand) or kept[-1]
    return kept[number - 1]


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
