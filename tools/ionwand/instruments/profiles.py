"""What is known of a meter by its name: how it is asked, and its figures (meters.toml)."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Profile:
    """One kind of meter. Errors are limits on the range that holds 0.5 mA."""

    name: str
    setup: tuple[str, ...] = ("CONF:CURR:DC",)
    read: str = "READ?"
    ppm: float = 200.0
    na: float = 50.0
    resolution_na: float = 0.0
    burden_ohm: float = 0.0
    idn: str = ""
    quirk: str = ""


UNKNOWN = Profile("a meter that meters.toml does not know")


@functools.cache
def known() -> tuple[Profile, ...]:
    text = Path(__file__).with_name("meters.toml").read_text(encoding="utf-8")
    return tuple(
        Profile(**{**row, "setup": tuple(row["setup"])}) for row in tomllib.loads(text)["meter"]
    )


def of(identity: str) -> Profile:
    """By what it answers to *IDN?."""
    for one in known():
        if one.idn in identity.upper():
            return one
    return UNKNOWN
