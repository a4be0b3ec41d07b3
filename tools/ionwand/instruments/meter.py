"""The ammeter between wand and load: a person who types, an instrument, or a simulated one.

Its red side is at the roller, so that current which leaves the roller reads positive. All give nA;
what isn't a plausible current is refused.
"""

from typing import Protocol

import click

from ionwand.device import simulated
from ionwand.errors import BadInput
from ionwand.instruments import profiles, reading

plausible_na = reading.plausible_na


class Meter(Protocol):
    name: str
    profile: profiles.Profile

    def read_na(self, expected_ua: int) -> float: ...

    def close(self) -> None: ...


class Manual:
    """A reading is typed in µA, or with its unit."""

    name = "manual"
    profile = profiles.UNKNOWN

    def read_na(self, expected_ua: int) -> float:
        while True:
            typed = click.prompt(f"  meter at {expected_ua} µA, in µA with its sign", type=str)
            try:
                return plausible_na(reading.typed_na(typed))
            except (ValueError, BadInput) as error:
                click.echo(f"  {error}")

    def close(self) -> None:
        pass


class Simulated:
    """An ideal one, in series with the wand that --port simulated means."""

    name = "simulated"
    profile = profiles.Profile("simulated", ppm=1.0, na=1.0)

    def __init__(self) -> None:
        if not simulated.is_meant():
            raise BadInput("--meter simulated is in series with --port simulated alone")
        self._folder = simulated.home(simulated.choice().parts)

    def read_na(self, expected_ua: int) -> float:
        return plausible_na(simulated.amperes(self._folder) * 1e9)

    def close(self) -> None:
        pass


def open_meter(name: str, library: str) -> Meter:
    """By what --meter says. BadInput in one line where it can't be had."""
    if name == "manual":
        return Manual()
    if name == simulated.PORT:
        return Simulated()
    from ionwand.instruments import visa

    if name == "list":
        found = visa.listed(library)
        raise BadInput(f"--meter: one of {', '.join(found) or 'none: no meter is there'}")
    return visa.Visa(name, library)
