"""Where the wand's own sources are, and what can be read from them: product ids, fault names.

They are imported as they will be flashed, with the shim for `micropython`, so that no list of
names exists twice.
"""

import functools
import sys
from pathlib import Path
from typing import Any

from ionwand.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
SHIM = ROOT / "tools" / "shim"
SCENARIOS = ROOT / "tools" / "scenarios"


def _importable() -> None:
    if not (ROOT / "main.py").is_file() or not (ROOT / "firmware").is_dir():
        raise BadInput(f"no wand sources in {ROOT}: ionwand runs from a checkout, see README.md")
    for place in (str(SHIM), str(ROOT)):
        if place not in sys.path:
            sys.path.insert(0, place)


def products() -> dict[str, Any]:
    """The built-in catalogue by id."""
    _importable()
    from firmware.products import DEFAULT

    return {entry.id: entry for entry in DEFAULT}


def ends() -> tuple[str, ...]:
    """Names that a session can end with: why it ended, or the fault that ended it."""
    _importable()
    from firmware.faults import NAMES
    from firmware.treatment import ENDS

    plain = [name for name in ENDS if name not in ("", "fault")]
    return tuple(dict.fromkeys([*plain, *NAMES]))


@functools.cache
def faults() -> tuple[str, ...]:
    """Names of what a script can break in the simulated wand."""
    _importable()
    from hal.sim.faults import ALL

    return tuple(ALL)


@functools.cache
def motions() -> tuple[str, ...]:
    """Ways in which the simulated hand moves the roller."""
    _importable()
    from hal.sim.motion import KINDS

    return tuple(KINDS)


@functools.cache
def states() -> tuple[str, ...]:
    """Names of the session's states."""
    _importable()
    from firmware.session import STATES

    return tuple(STATES)


def dose_uc(product: str) -> int:
    """What a full treatment with `product` delivers. 0 where the product is unknown."""
    entry = products().get(product)
    if entry is None:
        return 0
    return int(entry.dose_uc or entry.setpoint_ua * entry.time_s)
