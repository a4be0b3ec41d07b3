"""`ionwand polarity`: is the roller's sign what each ion's charge asks for? With a meter [F-01].

The question goes the whole way: charge, firmware/polarity.py, bridge, wires, roller.
"""

import contextlib

import click

from ionwand.calibration import procedure
from ionwand.device import source
from ionwand.errors import BadInput, RunFailed
from ionwand.instruments import hands, options, wand_on_bench
from ionwand.instruments import meter as meters

_POINT_UA = 100
_IONS = (("anions", -100), ("cations", 100))


@click.command("polarity")
@options.port
@options.meter
@options.visa
@options.fixture
@click.option("--load", type=options.Numbers(), default="4.7k", show_default=True, metavar="OHM",
              help="A known load, 2k to 22k.")  # fmt: skip
def command(
    port: str, meter_name: str, visa: str, fixture: str | None, load: tuple[float, ...]
) -> int:
    """Read the sign at the roller for both charges. Exit 1 for a wand wired the wrong way."""
    source.products()
    from firmware import polarity

    if len(load) != 1:
        raise BadInput("--load: one load is enough")
    procedure.check_load(load[0])
    person = hands.choose(fixture, True)
    with contextlib.closing(meters.open_meter(meter_name, visa)) as meter:
        with wand_on_bench.opened(port) as wand:
            person.connect(load[0])
            person.hold(procedure.HOLD_S)
            try:
                readings = wand.sweep(
                    round(load[0]), (1, 2), (_POINT_UA,), lambda _, ua: meter.read_na(ua)
                )
            finally:
                person.released()
    by_bridge = {words[0]: na for words, na in readings}
    wrong = False
    for ions, charge in _IONS:
        _, active, _, bridge, _ = polarity.derive(charge)
        good = by_bridge[bridge] * active > 0 and (
            abs(abs(by_bridge[bridge]) - _POINT_UA * 1e3) < _POINT_UA * 1e3 * 0.15
        )
        wrong |= not good
        click.echo(
            f"{ions}: roller must be {'+' if active > 0 else '−'}, meter "
            f"{by_bridge[bridge] / 1e3:+.2f} µA: {'right' if good else 'WRONG'}"
        )
    if wrong:
        raise RunFailed(
            "this wand must not be used: either its roller and return electrode are exchanged "
            "inside, or the meter's red side is not at the roller; look, then do it again"
        )
    return 0
