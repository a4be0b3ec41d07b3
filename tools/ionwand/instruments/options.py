"""Options that the bench's commands share."""

import math
from collections.abc import Callable
from typing import Any

import click

from ionwand.device import simulated, source

_SKINS = ("hydrated", "dry", "very_dry", "peeled")


def _kept(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """What --port simulated is to be: for device/simulated.py, which no command needs to know."""
    chosen = simulated.choice()
    name = str(option.name)
    if name == "port":
        chosen.port = value or ""
        return value
    if value is not None:
        setattr(chosen, name, value)
        chosen.said += (f"--{name}",)
    return None


def _among(names: Callable[[], Any], what: str) -> Callable[..., Any]:
    def check(context: click.Context, option: click.Parameter, value: Any) -> Any:
        allowed = names()
        resistor = what == "skin" and str(value).startswith("resistor:")
        if value is not None and value not in allowed and not resistor:
            raise click.BadParameter(f"{value!r} is unknown: allowed are {', '.join(allowed)}")
        return _kept(context, option, value)

    return check


_WHICH = (
    click.option("--parts", type=click.IntRange(1, 9999), metavar="SEED", callback=_kept,
                 expose_value=False, help="Simulated: which wand of random parts; 1."),
    click.option("--skin", metavar="NAME", expose_value=False,
                 shell_complete=lambda _context, _option, begun: [
                     one for one in _SKINS if one.startswith(begun)],
                 callback=_among(lambda: _SKINS, "skin"),
                 help="Simulated: what lies between the electrodes at the start."),
    click.option("--fault", metavar="NAME", expose_value=False,
                 callback=_among(source.faults, "fault"),
                 help="Simulated: what is broken in the wand."),
)  # fmt: skip


def simulated_wand(function: Any) -> Any:
    """--parts, --skin and --fault of a command that has a --port."""
    for option in reversed(_WHICH):
        function = option(function)
    return function


def wand_port(**extra: Any) -> Callable[[Any], Any]:
    """--port, and which wand `--port simulated` is."""

    def options(function: Any) -> Any:
        return click.option("--port", metavar="PORT", callback=_kept, is_eager=True, **extra)(
            simulated_wand(function)
        )

    return options


port: Callable[[Any], Any] = wand_port(
    default="auto", show_default=True,
    help="The wand's serial port; auto: the first USB one; simulated: a wand on this computer.",
)  # fmt: skip
fixture: Callable[[Any], Any] = click.option(
    "--fixture", metavar="COMMAND",
    help="Unattended: run COMMAND connect OHM, open, hold SECONDS instead of asking.",
)  # fmt: skip
meter: Callable[[Any], Any] = click.option(
    "--meter", "meter_name", default="manual", show_default=True, metavar="VISA|...",
    help="A PyVISA resource as USB0::0x05E6::0x6500::04400001::INSTR; manual: type the readings; "
    "simulated: of --port simulated; list: which are there.",
)  # fmt: skip
visa: Callable[[Any], Any] = click.option(
    "--visa", default="@py", show_default=True, metavar="LIBRARY",
    help="PyVISA's backend: @py, @ivi, or a library's path.",
)  # fmt: skip


class Between(click.FloatRange):
    """NaN, which is neither below nor above, is outside too."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail(f"{value!r} is no number from {self.min:g} to {self.max:g}")
        return found


class Numbers(click.ParamType):
    """Comma-separated numbers, k for a thousand: 2.2k,4700,10k."""

    name = "numbers"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        found = []
        for word in str(value).split(","):
            word = word.strip().lower()
            try:
                number = float(word.removesuffix("k")) * (1000 if word.endswith("k") else 1)
            except ValueError:
                number = float("nan")
            if not 0 < number < 1e9:
                self.fail(f"{word!r} is no number; like 2.2k,4.7k,10k")
            found.append(number)
        return tuple(found)


class WholeNumbers(Numbers):
    """The same, whole."""

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[float, ...]:
        found = super().convert(value, param, ctx)
        if any(one != int(one) for one in found):
            self.fail(f"{value!r}: whole numbers only")
        return tuple(int(one) for one in found)
