"""A black box from a wand's memory: rows with units, oldest first, time from the fault's tick."""

from typing import Any, NamedTuple

import click

from ionwand.device import source
from ionwand.errors import BadInput


class Row(NamedTuple):
    """One tick. Times count from the tick in which the fault was seen."""

    t_ms: int
    state: str
    gate: int  # the guard's last word: 1 is on
    lifted: int
    fresh: int  # a new frame of the precise converter
    setpoint_ua: float
    fast_a_ua: int
    fast_b_ua: int
    e2_mv: int
    precise_a_ua: float
    load_mv: int
    led: str


class Box(NamedTuple):
    number: int
    session: int
    product: str
    first: str  # fault that came first
    faults: str
    since_arming_ms: int
    rows: list[Row]
    trip: tuple[int, int, int]  # A, B in µA, e2 in mV in the guard's pass that tripped; or zeros


def names(bits: int) -> str:
    source.products()
    from firmware import faults

    return ", ".join(faults.names(bits))


def decoded(number: int, payload: bytes) -> Box:
    """BadInput where it is none."""
    source.products()
    from firmware import blackbox
    from firmware.session import STATES

    found = blackbox.unpack(payload)
    if found is None:
        raise BadInput(f"black box {number} is damaged")
    rows = []
    t_ms = -sum(row[2] >> 11 for row in found["rows"][1 : found["fault_row"] + 1])
    for index, (flags, setpoint, a, b, e2, precise, load) in enumerate(found["rows"]):
        t_ms += (a >> 11) if index else 0
        state = flags >> 8 & 31
        light = (flags >> 5 & 7) * 255 // 7, (flags >> 2 & 7) * 255 // 7, (flags & 3) * 85
        rows.append(Row(
            t_ms, STATES[state] if state < len(STATES) else "?", flags >> 15, flags >> 14 & 1,
            flags >> 13 & 1, setpoint / 100, a & 2047, b, e2, precise / 100, load,
            "#%02x%02x%02x" % light,
        ))  # fmt: skip
    return Box(number, found["session"], found["product"], names(found["first_fault"]),
               names(found["faults"]), found["since_arming_ms"], rows, found["trip"])  # fmt: skip


def kept(wand: Any) -> list[Box]:
    """All that a wand has, oldest first; damaged ones are left out with a word."""
    boxes = []
    for number in wand.call("blackboxes"):
        try:
            boxes.append(decoded(number, wand.call("blackbox_of", number) or b""))
        except BadInput as error:
            click.echo(f"ionwand: {error}, left out", err=True)
    return boxes


def of_session(boxes: list[Box], session: int) -> Box | None:
    return next((box for box in reversed(boxes) if box.session == session), None)
