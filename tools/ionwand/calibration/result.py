"""What a calibration found: the one structure that certificate, JSON and registry share.

Plain data with units in the names; `as_json` and `from_json` are exact inverses, so that a
certificate can be made again from what the registry kept.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1
TEXT_MAX = 500  # characters of whatever somebody types
SETPOINT_MAX_UA = 500  # firmware/limits.py


@dataclass(frozen=True)
class Point:
    """One steady current into one known load, as the meter and the wand saw it."""

    load_ohm: float
    bridge: int  # 1: roller -, 2: roller +, as hal/board.py counts the bridge
    setpoint_na: int
    code: int  # DAC code, 16 bits
    meter_na: float
    meter_u_na: float  # standard uncertainty of the meter's reading
    delivered_na: float  # what the wand believed to deliver, with the calibration it had
    sense_a_raw: float  # means of the precise converter's codes
    e1_raw: float
    e2_raw: float
    rail_raw: float
    fast_a_raw: float  # means of the fast converter's 12-bit codes
    fast_b_raw: float

    @property
    def error_na(self) -> float:
        """Delivered less wanted, by the meter."""
        return self.meter_na - self.setpoint_na


@dataclass(frozen=True)
class Coefficient:
    """One fitted number with its standard uncertainty and the range that is plausible."""

    name: str
    unit: str
    before: float
    after: float
    u: float
    lowest: float
    highest: float
    on_wand: bool  # False: for the record only; the guard works on nominal factors


@dataclass(frozen=True)
class Contribution:
    """One line of the uncertainty budget of the delivered current, at its largest point."""

    source: str
    u_na: float
    how: str


@dataclass(frozen=True)
class Verdict:
    """Largest errors over all points and whether they are within what the wand promises."""

    worst_error_na: float
    worst_error_ppm: float  # of the points from 50 µA up
    allowed: str
    ok: bool


@dataclass(frozen=True)
class Result:
    """One calibration of one wand, from as-found to as-left."""

    board_id: str  # 16 hexadecimal digits
    firmware: str
    when: str  # ISO 8601 with zone
    who: str
    meter: str  # *IDN? of the meter, or "manual: ..." with what was typed
    loads_ohm: list[float]
    ambient: str
    as_found: list[Point]
    as_left: list[Point]
    coefficients: list[Coefficient]
    residuals_na: list[float]  # of the DAC fit, one per as-found point
    budget: list[Contribution]
    expanded_u_na: float  # k = 2
    found: Verdict
    left: Verdict
    notes: str = ""
    version: int = field(default=VERSION)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(data: dict[str, Any]) -> Result:
    """The inverse of `as_json`. ValueError in one line for what is no calibration."""
    if not isinstance(data, dict) or data.get("version") != VERSION:
        got = data.get("version") if isinstance(data, dict) else type(data).__name__
        raise ValueError(f"calibration result of version {got}, this tool reads {VERSION}")
    try:
        plain = dict(data)
        for name in ("as_found", "as_left"):
            plain[name] = [Point(**point) for point in data[name]]
        plain["coefficients"] = [Coefficient(**item) for item in data["coefficients"]]
        plain["budget"] = [Contribution(**item) for item in data["budget"]]
        plain["found"] = Verdict(**data["found"])
        plain["left"] = Verdict(**data["left"])
        return Result(**plain)
    except (KeyError, TypeError) as error:
        raise ValueError(f"calibration result is incomplete: {error}")
