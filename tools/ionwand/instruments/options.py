"""Options that the bench's commands share."""

import math
from collections.abc import Callable
from typing import Any

import click

port: Callable[[Any], Any] = click.option(
    "--port", default="auto", show_default=True, metavar="PORT",
    help="The wand's serial port; auto: the first USB one.",
)  # fmt: skip
fixture: Callable[[Any], Any] = click.option(
    "--fixture", metavar="COMMAND",
    help="Unattended: run COMMAND connect OHM, open, hold SECONDS instead of asking.",
)  # fmt: skip
meter: Callable[[Any], Any] = click.option(
    "--meter", "meter_name", default="manual", show_default=True, metavar="VISA|manual",
    help="A PyVISA resource as USB0::0x05E6::0x6500::04400001::INSTR, or type the readings.",
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
