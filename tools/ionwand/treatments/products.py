"""`ionwand products`: the catalogue, from a TOML file onto the wand and back.

Says of each product how much of it is ionised and which way it is pushed, before anything is
sent; shows the precautions whenever it is.
"""

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ionwand import answers
from ionwand.console import console
from ionwand.device import memory
from ionwand.errors import BadInput
from ionwand.instruments import options
from ionwand.treatments import catalogue, changes, kept

_WHERE = (
    options.wand_port(help="A wand: /dev/ttyACM0, or `simulated`."),
    click.option("--file", "folder", type=click.Path(path_type=Path), metavar="FOLDER",
                 help="Its records in a folder, without a wand."),
)  # fmt: skip


def where(function: Any) -> Any:
    for option in reversed(_WHERE):
        function = option(function)
    return function


@click.group("products")
def command() -> None:
    """Catalogue of products: explain, check, send to the wand, fetch from it."""


_FILE = click.argument("path", type=click.Path(path_type=Path), metavar="[FILE.toml]",
                       default=catalogue.DEFAULT, required=False)  # fmt: skip


@command.command("list")
@click.argument("path", type=click.Path(path_type=Path), metavar="[FILE.toml]", required=False)
@where
@answers.option
def list_(path: Path | None, port: str | None, folder: Path | None, as_json: bool) -> None:
    """What a catalogue holds, in the order of the wand's button: a file's, or a wand's own."""
    if port is None and folder is None:
        found = [one.product for one in catalogue.load(path or catalogue.DEFAULT)]
    elif path is not None:
        raise BadInput(f"list what: {path}, or what is on the wand? Give one of them")
    else:
        with memory.opened(port, folder) as wand:
            found = kept.unpacked(wand.call("catalogue")[1])
    if as_json:
        return answers.say(answer(found))
    table = Table("no.", "id", "name", "charge", "roller", "current", "ends at", "notes", box=None)
    for number, product in enumerate(found, 1):
        sign = "+" if product.electrodes()[1] > 0 else "−"
        dose = f"{product.dose_uc / 60_000:.2f} mA·min" if product.dose_uc else (
            f"{product.time_s} s")  # fmt: skip
        marks = [text for text, on in (("Patch test.", product.patch_test),
                 ("After a peel.", product.after_peel)) if on]  # fmt: skip
        table.add_row(str(number), product.id, product.name, f"{product.ion_charge / 100:+.2f}",
                      sign, f"{product.setpoint_ua} µA", dose,
                      " ".join([*marks, product.notes]).strip())  # fmt: skip
    console(150 if any(one.notes for one in found) else 110).print(table, markup=False)


def answer(found: Any) -> answers.Products:
    return {"products": [{
        "number": number,
        "id": one.id,
        "name": one.name,
        "ion_charge_e": one.ion_charge / 100,
        "roller": "+" if one.electrodes()[1] > 0 else "-",
        "setpoint_ua": one.setpoint_ua,
        "time_s": one.time_s,
        "dose_uc": one.dose_uc,
        "after_peel": one.after_peel,
        "electroosmosis": one.electroosmosis,
        "patch_test": one.patch_test,
        "zone_s": one.zone_s,
        "notes": one.notes,
    } for number, one in enumerate(found, 1)]}  # fmt: skip


@command.command("check")
@_FILE
def check(path: Path) -> None:
    """Explain each product; one line and exit 2 where one is refused."""
    entries = catalogue.load(path)
    for one in entries:
        click.echo(f"{'weak' if one.weak else 'good'}  {one.product.id}: {one.words}")
    click.echo(f"{len(entries)} products, all accepted")


@command.command("push")
@_FILE
@where
@click.option("--yes", is_flag=True, help="Precautions and changes are known: don't ask.")
def push(path: Path, port: str | None, folder: Path | None, yes: bool) -> None:
    """Send a catalogue. The wand checks it again and keeps the old one if it refuses."""
    entries = catalogue.load(path)
    click.echo("Before anybody is treated with these products:")
    for line in kept.PRECAUTIONS:
        click.echo(f"  [ ] {line}")
    if not yes:
        click.confirm("All of it known to whoever will use the wand?", abort=True)
    wanted = [one.product for one in entries]
    payload = catalogue.wand().pack(wanted)
    with memory.opened(port, folder) as wand:
        _confirm_changes(wanted, wand, yes)
        sequence = wand.call("set_catalogue", payload)
        back = wand.call("catalogue")
        if tuple(back) != (sequence, payload):
            raise BadInput(f"{wand.where}: it reads back another catalogue; push again")
        click.echo(f"{wand.where}: {len(entries)} products, catalogue no. {sequence}")


def _confirm_changes(wanted: list[Any], wand: Any, yes: bool) -> None:
    """Show what becomes other than it is, and ask for it; a damaged catalogue has nothing kept."""
    try:
        before = list(kept.unpacked(wand.call("catalogue")[1]))
    except BadInput as error:
        click.echo(f"{error}; whatever was on the wand is replaced", err=True)
        before = []
    changed = changes.lines(wanted, before, list(catalogue.wand().DEFAULT))
    if not changed:
        return
    click.echo("This catalogue changes:")
    for line in changed:
        click.echo(f"  ! {line}")
    if not yes:
        click.confirm("All of these changes wanted?", abort=True)


@command.command("pull")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE.toml")
@where
def pull(path: Path, port: str | None, folder: Path | None) -> None:
    """Fetch the wand's catalogue. It holds charges; pKa and pH stay in the file they came from."""
    with memory.opened(port, folder) as wand:
        sequence, payload = wand.call("catalogue")
    entries = kept.unpacked(payload)
    if path.exists():
        raise BadInput(f"{path}: is there already, and may hold pKa, pH and comments that a wand "
                       "doesn't keep: give another name")  # fmt: skip
    text = kept.file(sequence, entries)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: {len(entries)} products")
