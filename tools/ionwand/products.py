"""`ionwand products`: the catalogue, from a TOML file onto the wand and back.

Says of each product how much of it is ionised and which way it is pushed, before anything is
sent; shows the precautions whenever it is.
"""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand import catalogue, memory
from ionwand.errors import BadInput

PRECAUTIONS = (
    "Test a small patch of skin before treating a larger area; the wand offers it.",
    "Not on broken or irritated skin, and not around the eyes.",
    "Not for people with a pacemaker or metal implants.",
    "Not in pregnancy.",
    "Not with an illness or treatment of skin, heart or nerves unless a doctor agreed.",
    "After microdermabrasion or a peel only products marked after_peel.",
    "Conductive gel or saline on roller and grip, never tap water alone.",
    "No drugs, no oils: only what is in the catalogue.",
)
_WHERE = (
    click.option("--port", metavar="PORT", help="A wand: /dev/ttyACM0."),
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
@_FILE
def list_(path: Path) -> None:
    """What a catalogue holds, in the order of the wand's button."""
    table = Table("no.", "id", "name", "charge", "roller", "current", "dose", box=None)
    for number, one in enumerate(catalogue.load(path), 1):
        product = one.product
        sign = "+" if product.electrodes()[1] > 0 else "−"
        dose = f"{product.dose_uc / 60_000:.2f} mA·min" if product.dose_uc else (
            f"{product.time_s} s")  # fmt: skip
        table.add_row(str(number), product.id, product.name, f"{product.ion_charge / 100:+.2f}",
                      sign, f"{product.setpoint_ua} µA", dose)  # fmt: skip
    Console(width=110).print(table)


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
@click.option("--yes", is_flag=True, help="The precautions are known: don't ask.")
def push(path: Path, port: str | None, folder: Path | None, yes: bool) -> None:
    """Send a catalogue. The wand checks it again and keeps the old one if it refuses."""
    entries = catalogue.load(path)
    click.echo("Before anybody is treated with these products:")
    for line in PRECAUTIONS:
        click.echo(f"  [ ] {line}")
    if not yes:
        click.confirm("All of it known to whoever will use the wand?", abort=True)
    payload = catalogue.wand().pack([one.product for one in entries])
    with memory.opened(port, folder) as wand:
        sequence = wand.call("set_catalogue", payload)
        back = wand.call("catalogue")
        if tuple(back) != (sequence, payload):
            raise BadInput(f"{wand.where}: it reads back another catalogue; push again")
        click.echo(f"{wand.where}: {len(entries)} products, catalogue no. {sequence}")


@command.command("pull")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE.toml")
@where
def pull(path: Path, port: str | None, folder: Path | None) -> None:
    """Fetch the wand's catalogue. It holds charges; pKa and pH stay in the file they came from."""
    with memory.opened(port, folder) as wand:
        sequence, payload = wand.call("catalogue")
    try:
        entries = catalogue.wand().unpack(payload)
    except ValueError as error:
        raise BadInput(f"the wand's catalogue: {error}")
    text = f"# Catalogue no. {sequence} of a wand.\n" + "".join(toml(one) for one in entries)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    click.echo(f"{path}: {len(entries)} products")


def toml(product: Any) -> str:
    """One entry. id and name are plain ASCII; what TOML would read otherwise is escaped."""
    name = product.name.replace("\\", "\\\\").replace('"', '\\"')
    lines = ["", "[[product]]", f'id = "{product.id}"', f'name = "{name}"',
             f"ion_charge = {product.ion_charge / 100}", f"current_ua = {product.setpoint_ua}",
             f"time_s = {product.time_s}", f"dose_uc = {product.dose_uc}"]  # fmt: skip
    lines += [f"{flag} = true" for flag in ("after_peel", "electroosmosis", "patch_test")
              if getattr(product, flag)]  # fmt: skip
    return "\n".join(lines) + "\n"
