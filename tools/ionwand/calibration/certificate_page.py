"""What a certificate says: words and figures of one calibration, the same for HTML and PDF."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ionwand import clock
from ionwand.calibration.certificate_read import digest
from ionwand.calibration.result import Coefficient, Point, Result, Verdict

ROLLER = {1: "−", 2: "+"}
NOT_CLAIMED = (
    "Not a certificate of an accredited laboratory: nobody has accredited whoever did this "
    "calibration, and no body has certified the wand.",
    "The figures hold for the wand as it was then, at those points, into those resistors. They "
    "are as good as the meter and the loads, whose own calibration is not part of this record.",
    "Passed and failed compare the error alone with what is allowed; the uncertainty is stated "
    "beside it and not taken off.",
    "Nothing is said about safety, about compliance with a standard, or about an effect on skin.",
)


_NAMES = {
    "dac_pa_per_code": "DAC, current per code",
    "dac_offset_na": "DAC, offset",
    "a_pa_per_code": "sense A, current per code",
    "a_offset_na": "sense A, offset",
    "e_uv_per_code": "electrodes, voltage per code",
    "e2_mismatch_ppm": "electrodes, mismatch",
    "load_offset_uv": "load voltage, offset",
    "rail_uv_per_code": "rail, voltage per code",
    "fast_a_gain_ppm": "fast A, gain beside nominal",
    "fast_a_offset_na": "fast A, offset",
    "fast_b_gain_ppm": "fast B, gain beside nominal",
    "fast_b_offset_na": "fast B, offset",
    "leads_ohm": "resistors in the leads",
}


@dataclass(frozen=True)
class Table:
    """Rows of text; the first column is set left, `left` names others."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""
    left: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Outcome:
    """As found or as left, in one line and one colour."""

    title: str
    ok: bool
    worst: str
    relative: str


@dataclass(frozen=True)
class Page:
    number: str
    board_id: str
    date: str
    facts: list[tuple[str, str]]
    outcomes: list[Outcome]
    allowed: str
    uncertainty: str
    budget: Table
    coefficients: Table
    readings: Table
    notes: str
    checksum: str
    not_claimed: tuple[str, ...] = field(default=NOT_CLAIMED)


def limits(allowed: str) -> tuple[float, float] | None:
    """(share of the setpoint, nA) of "±0.5 % ±1 µA ..."; None where that can't be read."""
    match = re.search(r"±\s*([0-9.]{1,8})\s*%\s*±\s*([0-9.]{1,8})\s*µA", allowed)
    try:
        return (float(match[1]) / 100, float(match[2]) * 1000) if match else None
    except ValueError:
        return None


def stem(result: Result) -> str:
    """Of the files' names: the board, and when."""
    when = datetime.fromisoformat(result.when)
    return f"certificate-{result.board_id.lower()}-{when:%Y%m%d-%H%M%S}"


def number(result: Result) -> str:
    """Of the certificate: two of one day differ by what they say."""
    when = datetime.fromisoformat(result.when)
    return f"{result.board_id[-6:].upper()}-{when:%Y%m%d}-{digest(result.as_json())[:8].upper()}"


def page(result: Result) -> Page:
    when = datetime.fromisoformat(result.when)
    checksum = digest(result.as_json())
    return Page(
        number=number(result),
        board_id=result.board_id.lower(),
        date=f"{when:%Y-%m-%d}",
        facts=[
            ("Wand, board id", result.board_id.lower()),
            ("Firmware", result.firmware or "not stated"),
            ("Calibrated", f"{when:%Y-%m-%d %H:%M %Z}"),
            ("By", result.who or "not stated"),
            ("Ambient", result.ambient or "not stated"),
            ("Meter", result.meter or "not stated"),
            ("Loads", ", ".join(kohm(one) for one in result.loads_ohm) or "not stated"),
            ("Points", _points(result.as_left)),
            ("Due again", _due(result)),
        ],
        outcomes=[
            _outcome("As found", result.found, bool(result.as_found)),
            _outcome("As left", result.left, True),
        ],
        allowed=result.left.allowed,
        uncertainty=f"±{result.expanded_u_na / 1000:.2f} µA",
        budget=_budget(result),
        coefficients=_coefficients(result.coefficients),
        readings=_readings(result),
        notes=result.notes,
        checksum=checksum,
    )


def _due(result: Result) -> str:
    """As the registry counts where nobody gave another date: registry/store.py."""
    if not result.left.ok:
        return "at once: as left it is outside its limits"
    return f"{clock.a_year_after(datetime.fromisoformat(result.when).date())}, a year later"


def kohm(ohm: float) -> str:
    return f"{ohm / 1000:g} kΩ"


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _points(points: list[Point]) -> str:
    setpoints = ", ".join(f"{one / 1000:g}" for one in sorted({p.setpoint_na for p in points}))
    rollers = " and ".join(ROLLER.get(one, "?") for one in sorted({p.bridge for p in points}))
    return f"{len(points)}: {setpoints} µA, roller {rollers}"


def _outcome(title: str, verdict: Verdict, measured: bool) -> Outcome:
    if not measured:
        return Outcome(title, verdict.ok, "not measured", "")
    return Outcome(
        title, verdict.ok, f"{_signed(verdict.worst_error_na / 1000)} µA",
        f"{_signed(verdict.worst_error_ppm / 10_000)} %",
    )  # fmt: skip


def _budget(result: Result) -> Table:
    total = sum(one.u_na**2 for one in result.budget)
    rows = [
        (one.source, one.how, f"{one.u_na:.0f} nA", f"{one.u_na**2 / total:.0%}" if total else "–")
        for one in result.budget
    ]
    rows.append(("Combined", "root of the sum of squares", f"{total**0.5:.0f} nA", ""))
    rows.append(("Expanded", "k = 2, about 95 %", f"{result.expanded_u_na:.0f} nA", ""))
    return Table(
        "Uncertainty of the delivered current, at its largest point",
        ("source", "how it was had", "u (k = 1)", "share"), rows, left=(0, 1),
    )  # fmt: skip


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def _coefficients(items: list[Coefficient]) -> Table:
    rows = []
    for one in items:
        # What the wand keeps is whole; elsewhere one digit beyond the uncertainty.
        digits = 0 if one.on_wand or one.u >= 10 else 1
        rows.append((
            _NAMES.get(one.name, one.name), one.unit, _plain(one.before, digits),
            _plain(one.after, digits), f"{one.u:.0f}" if one.u >= 10 else f"{one.u:.2g}",
            f"{_plain(one.lowest, 0)} … {_plain(one.highest, 0)}",
            "wand" if one.on_wand else "record",
        ))  # fmt: skip
    return Table(
        "Coefficients", ("coefficient", "unit", "before", "after", "u (k = 1)", "allowed", "kept"),
        rows, "Kept in the record: for information, the wand works on the nominal value.",
        left=(0, 1, 6),
    )  # fmt: skip


def _key(point: Point) -> tuple[float, int, int]:
    return (point.load_ohm, point.bridge, point.setpoint_na)


def _readings(result: Result) -> Table:
    found = {_key(one): one for one in result.as_found}
    left = {_key(one): one for one in result.as_left}

    def reading(point: Point | None) -> tuple[str, str]:
        if point is None:
            return ("–", "–")
        return (f"{point.meter_na / 1000:.3f}", _signed(point.error_na / 1000, 3))

    rows = []
    for key in sorted({*found, *left}):
        load, bridge, setpoint = key
        either = left.get(key) or found[key]
        rows.append((
            kohm(load), ROLLER.get(bridge, "?"), f"{setpoint / 1000:g}",
            *reading(found.get(key)), *reading(left.get(key)), f"{either.meter_u_na / 1000:.3f}",
        ))  # fmt: skip
    return Table(
        "Readings", ("load", "roller", "set", "found", "error", "left", "error", "u of meter"),
        rows, "Currents in µA; u of meter: standard uncertainty of its reading.", left=(0, 1),
    )  # fmt: skip
