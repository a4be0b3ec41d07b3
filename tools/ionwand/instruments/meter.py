"""The ammeter between wand and load: a person who types, or an instrument through PyVISA.

Its red side is at the roller, so that current which leaves the roller reads positive. Both give
nA; what isn't a plausible current is refused.
"""

import math
from typing import Any, Protocol

import click

from ionwand.errors import BadInput, RunFailed

MOST_UA = 1000.0  # nothing in the wand gives more
_READINGS = 2  # of an instrument: the second one shows whether the first had settled


class Meter(Protocol):
    name: str

    def read_na(self, expected_ua: int) -> float: ...

    def close(self) -> None: ...


class Manual:
    """A reading is typed in µA."""

    name = "manual"

    def read_na(self, expected_ua: int) -> float:
        while True:
            typed = click.prompt(f"  meter at {expected_ua} µA, in µA with its sign", type=str)
            try:
                return plausible_na(float(typed.replace(",", ".").replace("−", "-")) * 1e3)
            except ValueError:
                click.echo(f"  {typed!r} is no number; like 249.8 or -249.8")
            except BadInput as error:
                click.echo(f"  {error}")

    def close(self) -> None:
        pass


class Visa:
    """A SCPI multimeter on its DC current range: *IDN?, CONF:CURR:DC, READ?."""

    def __init__(self, resource: str, library: str) -> None:
        import pyvisa

        try:
            self._manager = pyvisa.ResourceManager(library)
            meter: Any = self._manager.open_resource(resource)
            self._meter = meter
            self._meter.timeout = 10_000
            self._meter.read_termination = self._meter.write_termination = "\n"
            self.name = self._meter.query("*IDN?").strip()
            self._meter.write("CONF:CURR:DC")
        except (pyvisa.errors.Error, OSError, ValueError) as error:
            raise BadInput(f"--meter {resource}: {_one_line(error)}")

    def read_na(self, expected_ua: int) -> float:
        import pyvisa

        found = []
        for _ in range(_READINGS):
            try:
                said = self._meter.query("READ?")
            except (pyvisa.errors.Error, OSError) as error:
                raise RunFailed(f"{self.name}: {_one_line(error)}")
            try:
                found.append(plausible_na(float(said) * 1e9))
            except ValueError:
                raise RunFailed(f"{self.name}: read {said!r}, expected a number of amperes")
        first, last = found[0], found[-1]
        if not abs(last - first) <= 100 + abs(last) * 1e-3:
            raise RunFailed(
                f"the meter drifts: {first / 1e3:.3f} then {last / 1e3:.3f} µA at {expected_ua} µA"
            )
        return last

    def close(self) -> None:
        import pyvisa

        try:
            self._meter.close()
            self._manager.close()
        except (pyvisa.errors.Error, OSError):
            pass  # it was read; nothing depends on how it goes


def plausible_na(na: float) -> float:
    if not (math.isfinite(na) and abs(na) <= MOST_UA * 1e3):
        raise BadInput(f"{na / 1e3:g} µA: a wand gives up to ±{MOST_UA:g} µA; check the range")
    return na


def open_meter(name: str, library: str) -> Meter:
    return Manual() if name == "manual" else Visa(name, library)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
