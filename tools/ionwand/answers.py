"""What `--json` says: one object a command, on one line, described here and nowhere else.

Names carry their units. A field is never left out: what is not known is null. Errors stay one
line on stderr, and exit codes are those without `--json`. New fields may come; none changes its
meaning without a line in CHANGELOG.md. tests/tools/test_answers.py holds each command to it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

import click

option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on one line: ionwand/answers.py."
)


def say(answer: Mapping[str, Any]) -> None:
    """On stdout, a line of its own."""
    click.echo(json.dumps(answer, ensure_ascii=False, allow_nan=False))


class Simulated(TypedDict):
    """`ionwand simulate`: how the session ended."""

    end: str  # complete, stopped, ... (firmware/journal.py), a fault's name, or none
    expected: str  # by the script
    as_expected: bool
    fault: str  # "" where there was none
    product: str
    skin: str
    time_s: float
    output_s: float
    dose_uc: float
    true_charge_uc: float
    mean_ua: float
    peak_ua: float  # a touch's included
    touch_v: float  # the worst touch, behind the roller
    touch_nc: float  # and its charge
    bounces: int
    lifts: int


class Judged(TypedDict):
    """One rule on one trace."""

    id: str  # of the requirement
    what: str
    worst: float | None  # null: the trace holds nothing that the rule speaks of
    limit: float
    unit: str
    at_us: int
    ok: bool


class Trace(TypedDict):
    path: str
    ok: bool
    findings: list[Judged]


class Checked(TypedDict):
    """`ionwand check`."""

    ok: bool
    traces: list[Trace]


class Status(TypedDict):
    """`ionwand status`."""

    board: str  # hexadecimal
    firmware: str
    micropython: str
    files: str  # "" as built, else what is wrong
    state: str
    output: bool
    faults: list[str]
    first_fault: str
    battery_mv: int
    vbus: bool
    calibrated: bool
    calibration: list[int]  # as firmware/calibration.py names them
    products: int
    sessions: list[int]  # first and last number kept
    rest_s: int
    charge_in_an_hour_uc: int
    many_people: bool
    free_heap_bytes: int


class Part(TypedDict):
    name: str
    what: str
    outcome: str  # passed, FAILED, not tried


class Selftest(TypedDict):
    """`ionwand selftest`."""

    board: str
    firmware: str
    fault: str  # "" where it passed
    parts: list[Part]


class Latched(TypedDict):
    name: str
    recoverable: bool


class Faults(TypedDict):
    """`ionwand faults`."""

    faults: list[Latched]
    first_fault: str


class Product(TypedDict):
    number: int  # as the light counts it
    id: str
    name: str
    ion_charge_e: float
    roller: str  # + or -
    setpoint_ua: int
    time_s: int
    dose_uc: int  # 0: ends by time
    after_peel: bool
    electroosmosis: bool
    patch_test: bool
    zone_s: int  # 0: no beep to move on
    notes: str


class Products(TypedDict):
    """`ionwand products list`."""

    products: list[Product]


class Session(TypedDict):
    number: int
    product: str
    patch_test: bool
    end: str
    first_fault: str
    setpoint_ua: int
    mean_ua: int
    peak_ua: int
    dose_uc: int
    target_uc: int  # 0: ended by time
    output_ms: int
    session_ms: int
    lifts: int
    z_first_ohm: int
    z_min_ohm: int
    z_max_ohm: int
    z_last_ohm: int


class Journal(TypedDict):
    """`ionwand journal show`."""

    sessions: list[Session]


class Wand(TypedDict):
    board: str
    name: str
    firmware: str | None
    last_seen: str  # ISO 8601 with its offset
    calibrated_on: str | None
    as_left_ok: bool | None
    as_left_worst_na: float | None
    due: str  # in words
    selftest: str | None  # "" passed, else the fault
    sessions: int


class Fleet(TypedDict):
    """`ionwand fleet list`."""

    registry: str
    wands: list[Wand]


ALL = {
    "simulate": Simulated,
    "check": Checked,
    "status": Status,
    "selftest": Selftest,
    "faults": Faults,
    "products list": Products,
    "journal show": Journal,
    "fleet list": Fleet,
}
