"""Scripts of a simulated session: TOML with what the person, the skin and the faults do when.

Everything is checked before anything runs. What isn't accepted gives one line that says what
was found, where, and what is allowed.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ionwand import textfile
from ionwand.device import source
from ionwand.errors import BadInput

SKINS = ("hydrated", "dry", "very_dry", "peeled")
GRIPS = ("firm", "dry", "loose", "off")
SHORTEST_S = 0.01  # two ticks: less has no row to judge
LONGEST_S = 3600.0  # three times the longest session
RESISTOR_OHMS = (1.0, 1e8)
BATTERY_MV = (0, 6000)

_KEYS = ("product", "skin", "motion", "new", "duration_s", "expect_end", "event")
_NEEDED = ("duration_s", "expect_end")


@dataclass(frozen=True)
class Event:
    at_s: float
    kind: str
    value: Any


@dataclass(frozen=True)
class Script:
    duration_s: float
    expect_end: str
    product: str = "vitamin-c"
    skin: str = "hydrated"
    motion: str = "still"  # how the hand moves: hal/sim/motion.py
    new: bool = False  # a wand never used: each product's patch test is offered first
    events: tuple[Event, ...] = field(default=())

    def with_product(self, product: str) -> "Script":
        return replace(self, product=product_id(product, "--product"))

    def with_skin(self, skin: str) -> "Script":
        """The same session on another skin. Touches of any third skin stay what they are."""
        skin = _skin(skin, "--skin")
        events = tuple(
            replace(event, value=skin)
            if event.kind == "touch" and event.value == self.skin
            else event
            for event in self.events
        )
        return replace(self, skin=skin, events=events)

    def with_motion(self, motion: str) -> "Script":
        return replace(self, motion=_motion(motion, "--motion"))

    def job(self) -> dict[str, Any]:
        """What guest/run.py is given."""
        new: dict[str, Any] = {"new": True} if self.new else {}
        if self.motion != "still":
            new["motion"] = self.motion
        return {
            **new,
            "product": self.product,
            "skin": self.skin,
            "duration_s": self.duration_s,
            "expect_end": self.expect_end,
            "events": [{"at_s": event.at_s, event.kind: event.value} for event in self.events],
        }


def load(path: str | Path) -> Script:
    text = textfile.read(path)
    try:
        return parse(text)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None


def parse(text: str) -> Script:
    table = textfile.toml(text)
    _known(table, _KEYS, "key")
    for key in _NEEDED:
        if key not in table:
            raise BadInput(f"{key} is missing")
    duration_s = _number(table["duration_s"], "duration_s", SHORTEST_S, LONGEST_S)
    entries = table.get("event", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadInput(f"event: got {_show(entries)}, expected [[event]] tables")
    events = [
        _event(entry, f"event {number}", duration_s) for number, entry in enumerate(entries, 1)
    ]
    events.sort(key=lambda event: event.at_s)
    return Script(
        duration_s=duration_s,
        expect_end=_choice(table["expect_end"], "expect_end", source.ends()),
        product=product_id(table.get("product", Script.product), "product"),
        skin=_skin(table.get("skin", Script.skin), "skin"),
        motion=_motion(table.get("motion", Script.motion), "motion"),
        new=_flag(table.get("new", False), "new"),
        events=tuple(events),
    )


def _event(entry: dict[str, Any], where: str, duration_s: float) -> Event:
    _known(entry, ("at_s", *_KINDS), where + ": key")
    if "at_s" not in entry:
        raise BadInput(f"{where}: at_s is missing")
    at_s = _number(entry["at_s"], f"{where}: at_s", 0.0, duration_s)
    kinds = [key for key in entry if key != "at_s"]
    if len(kinds) != 1:
        got = " and ".join(kinds) or "nothing"
        raise BadInput(f"{where}: got {got} beside at_s, expected one of {_list(_KINDS)}")
    kind = kinds[0]
    return Event(at_s, kind, _KINDS[kind](entry[kind], f"{where}: {kind}"))


def _press(value: Any, where: str) -> float:
    return _number(value, where, 0.0, LONGEST_S, above=True)


def _lift(value: Any, where: str) -> bool:
    if value is not True:
        raise BadInput(f"{where}: got {_show(value)}, expected true")
    return True


def _motion(value: Any, where: str) -> str:
    return _choice(value, where, source.motions())


def _grip(value: Any, where: str) -> str:
    return _choice(value, where, GRIPS)


def _fault(value: Any, where: str) -> str:
    return _choice(value, where, source.faults())


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(f"{where}: got {_show(value)}, expected true or false")
    return value


def _battery(value: Any, where: str) -> int:
    low, high = BATTERY_MV
    if type(value) is not int or not low <= value <= high:
        raise BadInput(f"{where}: got {_show(value)}, expected a whole number {low} to {high}")
    return value


def _skin(value: Any, where: str) -> str:
    if isinstance(value, str) and value.startswith("resistor:"):
        low, high = RESISTOR_OHMS
        text = value.partition(":")[2]
        # What both interpreters read alike: float() takes other alphabets' digits too.
        ohms = float(text) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?(e[0-9])?", text) else 0.0
        if not low <= ohms <= high:
            raise BadInput(
                f"{where}: got {_show(value)}, expected resistor:OHMS with {low:.0f} to {high:.0f}"
            )
        return value
    if isinstance(value, str) and value.startswith("drawn:"):
        if not re.fullmatch(r"drawn:[0-9]{1,9}", value):
            raise BadInput(f"{where}: got {_show(value)}, expected drawn:SEED with 0 to 999999999")
        return value
    return _choice(value, where, (*SKINS, "drawn:SEED", "resistor:OHMS"))


def product_id(value: Any, where: str) -> str:
    return _choice(value, where, source.products())


_KINDS: dict[str, Callable[[Any, str], Any]] = {
    "press_s": _press,
    "touch": _skin,
    "lift": _lift,
    "grip": _grip,
    "motion": _motion,
    "fault": _fault,
    "clear": _fault,
    "vbus": _flag,
    "battery_mv": _battery,
}


def _known(table: dict[str, Any], allowed: Iterable[str], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise BadInput(f"{where} {_show(key)} is unknown: allowed are {_list(allowed)}")


def _choice(value: Any, where: str, allowed: Iterable[str]) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{where}: got {_show(value)}, expected one of {_list(allowed)}")
    if value not in allowed:
        raise BadInput(f"{where}: {_show(value)} is unknown: allowed are {_list(allowed)}")
    return value


def _number(value: Any, where: str, low: float, high: float, above: bool = False) -> float:
    """A finite number from `low` (or above it) to `high`; True is none."""
    good = type(value) in (int, float) and low <= value <= high
    if not good or (above and value == low):
        span = f"above {low:g} up to {high:g}" if above else f"{low:g} to {high:g}"
        raise BadInput(f"{where}: got {_show(value)}, expected a number {span}")
    assert math.isfinite(value)
    return float(value)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _show(value: Any) -> str:
    """`value` as text of one short line, whatever it holds."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested too deeply, or an integer of too many digits
        text = type(value).__name__
    text = _one_line(text)
    return text if len(text) <= 60 else text[:57] + "..."


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
