"""`ionwand journal`: the sessions that a wand has kept, as CSV and as a page for a client's file.

Pulled sessions are a JSON file of what the wand said; the CSV is one row a point, the report one
HTML file with everything in it. A session is a number: no person's data comes from the wand.
"""

import csv
import datetime
import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ionwand import answers, registry
from ionwand.console import TEXT, console
from ionwand.device import memory, simulated, source
from ionwand.errors import BadInput, RunFailed
from ionwand.treatments import (
    blackbox,
    blackbox_read,
    clinic,
    kept,
    products,
    report,
    session_words,
    texts,
)

_OUT = click.Path(path_type=Path)
SERIES = ("set_ua", "delivered_ua", "z_ohm")


@click.group("journal")
def command() -> None:
    """Journal of a wand: what ran, delivered current, impedance, dose, why it ended."""
    simulated.choice().treats = True  # a simulated one has nothing to tell without


command.add_command(blackbox.command)


def fetch(
    port: str | None, folder: Path | None, newest: int | None = None
) -> list[dict[str, Any]]:
    """The kept sessions, oldest first; those that are damaged on the wand are left out."""
    with memory.opened(port, folder) as wand:
        return read(wand, newest)


def read(wand: Any, newest: int | None = None) -> list[dict[str, Any]]:
    """The same from a memory that is open."""
    first, last = wand.call("sessions")
    if last < first and isinstance(wand, memory.Files) and not Path(wand.where).exists():
        raise BadInput(f"{wand.where}: no such folder; `ionwand play --records` makes one")
    if newest is not None:
        first = max(first, last - newest + 1)
    found = [wand.call("session", number) for number in range(first, last + 1)]
    kept = [one for one in found if one is not None]
    damaged = len(found) - len(kept)
    if damaged:
        count = "1 session is" if damaged == 1 else f"{damaged} sessions are"
        click.echo(f"ionwand: {count} damaged, left out", err=True)
        if not kept:
            raise BadInput("no session of the journal can be read")
    return kept


def one(wand: Any, number: int | None) -> tuple[dict[str, Any], Any]:
    """(that session, the newest without a number; its product as the wand has it, or None)."""
    first, last = wand.call("sessions")
    if last < first:
        raise BadInput("the journal is empty: no session has come to its end yet")
    if number is not None and not first <= number <= last:
        raise BadInput(f"no session {number}: kept are {first} to {last}")
    session = wand.call("session", number or last)
    if session is None:
        raise BadInput(f"session {number or last} is damaged on the wand; kept are {first} to "
                       f"{last}: name another one with --session")  # fmt: skip
    try:
        sequence, payload = wand.call("catalogue")
        entries = kept.unpacked(payload) if sequence == session["catalogue"] else ()
    except (BadInput, RunFailed):  # its catalogue is damaged, which is no reason for no report
        entries = ()
    return session, next((entry for entry in entries if entry.id == session["product"]), None)


@command.command("show")
@products.where
@click.option("--last", type=click.IntRange(1, 1000), default=20, show_default=True,
              help="So many of the newest sessions.")  # fmt: skip
@answers.option
def show(port: str | None, folder: Path | None, last: int, as_json: bool) -> None:
    """The newest sessions as a table."""
    kept = fetch(port, folder, last)
    if as_json:
        return answers.say(answer(kept))
    if not kept:
        click.echo("the journal is empty: no session has come to its end yet")
        return
    table = Table("no.", "product", "kind", "set", "mean", "dose", "lifts", "Z", "ended", box=None)
    for one in kept:
        table.add_row(str(one["number"]), one["product"],
                      "patch test" if one["flags"] & session_words.PATCH_TEST else "treatment",
                      f"{one['setpoint_ua']} µA", f"{one['mean_ua']} µA",
                      f"{one['dose_uc'] / 60_000:.2f} mA·min", str(one["lifts"]),
                      f"{one['z_last_ohm'] / 1000:.0f} kΩ" if one["z_last_ohm"] else "–",
                      session_words.why(one))  # fmt: skip
    console(110).print(table)


def answer(sessions: list[dict[str, Any]]) -> answers.Journal:
    return {"sessions": [{
        "number": one["number"],
        "product": one["product"],
        "patch_test": bool(one["flags"] & session_words.PATCH_TEST),
        "end": one["end"],
        "first_fault": session_words.faults(one["first_fault"]),
        "setpoint_ua": one["setpoint_ua"],
        "mean_ua": one["mean_ua"],
        "peak_ua": one["peak_ua"],
        "dose_uc": one["dose_uc"],
        "target_uc": one["target_uc"],
        "output_ms": one["output_ms"],
        "session_ms": one["session_ms"],
        "lifts": one["lifts"],
        "z_first_ohm": one["z_first_ohm"],
        "z_min_ohm": one["z_min_ohm"],
        "z_max_ohm": one["z_max_ohm"],
        "z_last_ohm": one["z_last_ohm"],
    } for one in sessions]}  # fmt: skip


@command.command("pull")
@click.argument("path", type=_OUT, metavar="FILE.csv|FILE.json")
@products.where
@registry.db_option
def pull(path: Path, port: str | None, folder: Path | None, db: str | None) -> None:
    """All kept sessions into a file: one row a point, or everything as JSON."""
    with memory.opened(port, folder) as wand:
        sessions = read(wand)
        board_id = wand.board_id()
    if board_id:
        registry.note(db, lambda fleet: fleet.keep_sessions(board_id, sessions))
    try:
        if path.suffix == ".json":
            path.write_text(json.dumps(sessions, indent=1), encoding="utf-8")
        elif path.suffix == ".csv":
            with open(path, "w", newline="", encoding="utf-8") as file:
                write_csv(sessions, file)
        else:
            raise BadInput(f"{path}: a pulled journal is .csv or .json")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: {len(sessions)} sessions")


def write_csv(sessions: list[dict[str, Any]], file: Any) -> None:
    """Fields repeat in each row of a session, units in the names; a table like any other."""
    source.products()
    from firmware.journal import FIELDS

    fields = [name for name, _letter, _unit in FIELDS]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*fields, "fault", "t_s", *SERIES])
    for one in sessions:
        fixed = [one[name] for name in fields] + [session_words.faults(one["first_fault"])]
        points = one["series"] or [("", "", "")]
        for index, point in enumerate(points):
            writer.writerow([*fixed, (index + 1) * one["interval_s"], *point])


@command.command("report")
@click.argument("path", type=_OUT, metavar="FILE.html")
@products.where
@click.option("--session", "number", type=click.IntRange(1), metavar="N",
              help="Which one; the newest otherwise.")  # fmt: skip
@click.option("--reference", type=TEXT, default="", metavar="TEXT",
              help="The clinic's own reference, printed on top. No name of a person.")  # fmt: skip
@click.option("--clinic", "clinic_file", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.toml", help="The clinic's name, address, logo, lines.")  # fmt: skip
@click.option("--language", type=click.Choice(texts.LANGUAGES), default="en", show_default=True,
              help="Of the page's words.")  # fmt: skip
def report_(
    path: Path,
    port: str | None,
    folder: Path | None,
    number: int | None,
    reference: str,
    clinic_file: Path | None,
    language: str,
) -> None:
    """One session as a page for a client's file: curves, dose, why it ended."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"{path}: a report is .html; a browser prints it into a PDF")
    printed = clinic.load(clinic_file) if clinic_file is not None else {}
    with memory.opened(port, folder) as wand:
        session, product = one(wand, number)
        board = wand.board_id()
        box = None
        if session["end"] == "fault":
            box = blackbox_read.of_session(blackbox.kept(wand), session["number"])
    made = datetime.date.today().isoformat()
    text = report.render(
        session, product, box=box, clinic=printed, language=language, board=board,
        reference=reference, made=made,
    )  # fmt: skip
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: session {session['number']}")
