"""Trace rows: what the simulated wand did, one row a tick and one more at every edge.

Read from a file or from the running simulation by the same code; a row that isn't wholly right
is no row.
"""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ionwand import textfile
from ionwand.device import source
from ionwand.errors import BadInput


class Row(NamedTuple):
    t_us: int
    state: str
    setpoint_ua: float
    dac_code: int
    gate: int  # output enable: 1 is on
    i_load_ua: float  # true current through the skin
    i_peak_ua: float  # its largest since the row before
    sense_a_ua: float
    sense_b_ua: float
    v_load_mv: float
    z_ohm: float  # as the firmware measures it; 0 is none
    dose_uc: float  # as the firmware counts it
    true_charge_uc: float
    contact: int
    led: str  # #rrggbb
    fault: str


COLUMNS = Row._fields
HEADER = ",".join(COLUMNS)
_INTS = {"t_us", "dac_code", "gate", "contact"}
_TEXTS = {"state", "led", "fault"}


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


_CONVERT = [str if name in _TEXTS else int if name in _INTS else _finite for name in COLUMNS]


def parse_row(line: str, separator: str = ",") -> Row:
    """One row; ValueError with what is wrong with it."""
    cells = line.split(",") if separator == "," else textfile.cells(line, separator)
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} cells, expected {len(COLUMNS)}")
    try:
        row = Row._make([convert(cell) for convert, cell in zip(_CONVERT, cells)])
    except ValueError:
        pass
    else:
        if row.state not in source.states():
            allowed = ", ".join(source.states())
            raise ValueError(f"state is {row.state[:20]!r}, expected one of {allowed}")
        return row
    for name, convert, cell in zip(COLUMNS, _CONVERT, cells):
        try:
            convert(cell)
        except ValueError:
            raise ValueError(f"{name} is {cell[:20]!r}, expected a finite number") from None
    raise AssertionError


def parse(lines: Iterable[str], source: str = "trace") -> Iterator[Row]:
    """Rows of a trace with its header; BadInput with the number of the line that is wrong."""
    last_us = -1
    number = 0
    separator = ""
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        if not separator:
            if line.startswith("sep="):  # Excel's own
                continue
            separator = _separator(line)
            if not separator:
                raise BadInput(f"{source}: line {number} is not the header of a trace: {HEADER}")
            continue
        if not line.strip(" ,;\t"):
            continue  # what a spreadsheet leaves behind the last row
        try:
            row = parse_row(line, separator)
        except ValueError as error:
            raise BadInput(f"{source}: line {number}: {error}") from None
        if not row.t_us >= last_us:
            raise BadInput(f"{source}: line {number}: time runs back to {row.t_us} us")
        if row.gate not in (0, 1) or row.contact not in (0, 1):
            raise BadInput(f"{source}: line {number}: gate and contact must be 0 or 1")
        last_us = row.t_us
        yield row
    if last_us < 0:
        raise BadInput(f"{source}: no rows")


def _separator(line: str) -> str:
    """That of a header: a comma, what Excel puts where commas are decimal, or "" for none."""
    for separator in (",", ";", "\t"):
        if textfile.cells(line, separator) == [*COLUMNS]:
            return separator
    return ""


def read(path: str | Path) -> list[Row]:
    return list(parse(textfile.read(path).split("\n"), str(path)))


def lifts(rows: Iterable[Row]) -> list[tuple[float, float]]:
    """(from, to) in seconds for each time that contact was lost after it had been there."""
    found: list[tuple[float, float]] = []
    since_s: float | None = None
    touched = False
    at_s = 0.0
    for row in rows:
        at_s = row.t_us / 1e6
        if row.contact:
            if since_s is not None:
                found.append((since_s, at_s))
            since_s = None
            touched = True
        elif touched and since_s is None:
            since_s = at_s
    if since_s is not None:
        found.append((since_s, at_s))
    return found
