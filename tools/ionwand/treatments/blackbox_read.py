"""A black box from a wand's memory: rows with units, oldest first, time from the fault's tick.

Runs in the page's MicroPython too: virtual/carried.py.
"""

from typing import NamedTuple

from ionwand.device import source
from ionwand.errors import BadInput

# Functions and no classes: MicroPython keeps no annotations, which is what ruff's UP014 wants.
#
# One tick. Times count from the tick in which the fault was seen. `gate`: the guard's last word, 1
# is on; `fresh`: a new frame of the precise converter.
Row = NamedTuple("Row", [  # noqa: UP014
    ("t_ms", int), ("state", str), ("gate", int), ("lifted", int), ("fresh", int),
    ("setpoint_ua", float), ("fast_a_ua", int), ("fast_b_ua", int), ("e2_mv", int),
    ("precise_a_ua", float), ("load_mv", int), ("led", str),
])  # fmt: skip

# `first`: the fault that came first; `trip`: A and B in µA, e2 in mV in the guard's pass that
# tripped, or zeros.
Box = NamedTuple("Box", [  # noqa: UP014
    ("number", int), ("session", int), ("product", str), ("first", str), ("faults", str),
    ("since_arming_ms", int), ("rows", "list[Row]"), ("trip", "tuple[int, int, int]"),
])  # fmt: skip


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


def of_session(boxes: list[Box], session: int) -> Box | None:
    return next((box for box in reversed(boxes) if box.session == session), None)
