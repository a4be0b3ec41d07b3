"""`ionwand faults`: what is latched on a wand, and service mode, which forgets it [S-20]."""

from typing import Any

import click

from ionwand import answers
from ionwand.calibration import procedure
from ionwand.device import source, told
from ionwand.errors import BadInput
from ionwand.instruments import hands, options, wand_on_bench


@click.command("faults")
@options.port
@options.fixture
@click.option(
    "--clear", is_flag=True,
    help="Service mode: hold the button for 3 s, pass the self-test, forget all.",
)  # fmt: skip
@answers.option
def command(port: str, fixture: str | None, clear: bool, as_json: bool) -> int:
    """List latched faults. Exit 1 where there is one."""
    if clear and as_json:
        raise BadInput("--clear asks somebody to hold the button, --json only lists")
    person = hands.choose(fixture, True)
    with wand_on_bench.opened(port) as wand:
        found = wand.status()
        if as_json:
            answers.say(answer(found))
            return 1 if found["faults"] else 0
        click.echo(f"faults: {told.faults(found)}")
        for name in found["faults"]:
            click.echo(f"  {name}: {_kind(name)}")
        if not (clear and found["faults"]):
            return 1 if found["faults"] else 0
        procedure.clear(wand, person, click.echo)
    return 0


def answer(found: dict[str, Any]) -> answers.Faults:
    return {
        "faults": [{"name": name, "recoverable": _recoverable(name)} for name in found["faults"]],
        "first_fault": found["first_fault"],
    }


def _recoverable(name: str) -> bool:
    source.products()
    from firmware import faults

    return name in faults.names(faults.RECOVERABLE)


def _kind(name: str) -> str:
    if _recoverable(name):
        return "hold the button for 3 s once its cause is gone"
    return "permanent: find the cause, then --clear"
