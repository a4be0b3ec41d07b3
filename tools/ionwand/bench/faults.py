"""`ionwand faults`: what is latched on a wand, and service mode, which forgets it [S-20]."""

import click

from ionwand.calibration import procedure
from ionwand.device import source, told
from ionwand.instruments import hands, options, wand_on_bench


@click.command("faults")
@options.port
@options.fixture
@click.option(
    "--clear", is_flag=True,
    help="Service mode: hold the button for 3 s, pass the self-test, forget all.",
)  # fmt: skip
def command(port: str, fixture: str | None, clear: bool) -> int:
    """List latched faults. Exit 1 where there is one."""
    person = hands.choose(fixture, True)
    with wand_on_bench.opened(port) as wand:
        found = wand.status()
        click.echo(f"faults: {told.faults(found)}")
        for name in found["faults"]:
            click.echo(f"  {name}: {_kind(name)}")
        if not (clear and found["faults"]):
            return 1 if found["faults"] else 0
        procedure.clear(wand, person, click.echo)
    return 0


def _kind(name: str) -> str:
    source.products()
    from firmware import faults

    if name in faults.names(faults.RECOVERABLE):
        return "hold the button for 3 s once its cause is gone"
    return "permanent: find the cause, then --clear"
