"""From points to coefficients: weighted linear least squares, with uncertainties and bounds.

Three fits follow each other, each with the wand's own formulae (firmware/calibration.py): the
electrode dividers from the load's voltage, then sense A from meter and low divider, then the DAC
from sense A's true current. All uncertainties are standard ones (k = 1).
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ionwand.calibration.result import Coefficient, Contribution, Point, Verdict
from ionwand.device import source
from ionwand.errors import RunFailed

_DIVIDER_OHM = 11.1e6
_CODE_V = 125e-6 * 11.1 / 1.1  # one code of the precise converter behind a divider
_ROUNDING = 0.41  # a difference of two rounded codes: uniform, twice 1/12
_LEADS_OHM = (2000.0, 15.0)  # two resistors of 1 %: flat within ±20 Ω, and a little more
_OFFSET_V = 0.5e-3  # both electrodes go through one converter: its offset drops out
_RAIL_FIT_NA = 260_000  # up to here the limiting diode's voltage is a parabola
_FLAT = 1 / math.sqrt(3)  # standard uncertainty of a flat distribution's half width
ALLOWED_PPM = 5000
ALLOWED_NA = 1000
ALLOWED = "±0.5 % ±1 µA from 50 to 500 µA"
_FROM_NA = 50_000
_MISFIT_NA = (300.0, 1500e-6)  # of one point off its line: absolute, and of the current
_MISFIT_V = (8e-3, 4000e-6)
# name, unit, largest deviation of gain in ppm or offset in nA: the guard works on nominal factors
_FAST = (
    ("fast_a_gain_ppm", "ppm", 30_000), ("fast_a_offset_na", "nA", 10_000),
    ("fast_b_gain_ppm", "ppm", 45_000), ("fast_b_offset_na", "nA", 10_000),
)  # fmt: skip
FAST_A_NA = 6600e3 * 4 / 65536  # a code of the fast converter, as firmware/guard.py takes it
FAST_B_NA = 2645e3 * 4 / 65536


@dataclass(frozen=True)
class Accuracy:
    """What meter and loads are good for: limits of error, taken as flat distributions."""

    meter_ppm: float = 200.0
    meter_na: float = 50.0
    load_ppm: float = 100.0
    resolution_na: float = 0.0  # the least step that the meter tells apart

    def meter_u_na(self, na: float) -> float:
        flat = math.hypot(abs(na) * self.meter_ppm * 1e-6, self.meter_na) * _FLAT
        return math.hypot(flat, self.resolution_na / math.sqrt(12))


@dataclass(frozen=True)
class Fit:
    """`values` go onto the wand, everything else into the record."""

    values: tuple[int, ...]
    coefficients: list[Coefficient]
    residuals_na: list[float]
    sense_u_na: float  # of the current through R_SET as the wand will measure it, at the top
    misfit_na: float


def fit(points: list[Point], before: tuple[int, ...], accuracy: Accuracy) -> Fit:
    """RunFailed in one line where the points make no line, or a coefficient no wand."""
    source.products()
    from firmware import calibration

    meter_na = np.abs([p.meter_na for p in points])
    u_na = np.array([p.meter_u_na for p in points])
    ohm = np.array([p.load_ohm for p in points])
    a, e1, e2, rail = (np.array([getattr(p, f"{name}_raw") for p in points])
                       for name in ("sense_a", "e1", "e2", "rail"))  # fmt: skip

    # Dividers: g·(e1 - e2) - k·e2 + offset - I·leads = I·load; offset and leads as known before.
    volts = meter_na * 1e-9 * ohm
    step_na = accuracy.resolution_na
    u_v = np.hypot(_CODE_V * _ROUNDING, volts * accuracy.load_ppm * 1e-6 * _FLAT)
    u_v = np.hypot(u_v, step_na * 1e-9 * ohm / math.sqrt(12))
    rows = np.column_stack([e1 - e2, -e2, np.ones_like(a), -meter_na * 1e-9])
    prior = [([0, 0, 1, 0], 0.0, _OFFSET_V), ([0, 0, 0, 1], *_LEADS_OHM)]
    (g, k, offset_v, leads), u, _ = _solve(rows, volts, u_v, prior)
    misfit = volts - rows @ np.array([g, k, offset_v, leads])
    worst = int(np.argmax(np.abs(misfit) - volts * _MISFIT_V[1]))
    beside_na = step_na + accuracy.meter_na
    most_v = _MISFIT_V[0] + _MISFIT_V[1] * volts[worst] + beside_na * 1e-9 * ohm[worst]
    if not abs(misfit[worst]) <= most_v:
        raise RunFailed(
            f"load of {ohm[worst]:g} Ω: {misfit[worst] * 1e3:+.1f} mV beside the line of all loads"
            "; check which loads are connected, and what they are"
        )
    mismatch = k / g
    u_mismatch = math.hypot(u[1], mismatch * u[0]) / g

    # Sense A, as the wand will use it: the low divider's current is taken off what the load gets.
    divider_na = e2 * g / _DIVIDER_OHM * 1e9
    set_na = meter_na - divider_na
    line_a, u_a, cov_a = _line(a, set_na, u_na)
    misfit_na = set_na - (line_a[0] * a + line_a[1])
    worst = int(np.argmax(np.abs(misfit_na) - meter_na * _MISFIT_NA[1]))
    # A meter's offset changes sides with the bridge, so that half of the points lie beside.
    most_na = _MISFIT_NA[0] + _MISFIT_NA[1] * meter_na[worst] + step_na + accuracy.meter_na
    if not abs(misfit_na[worst]) <= most_na:
        raise RunFailed(
            f"{points[worst].setpoint_na // 1000} µA into {ohm[worst]:g} Ω: the meter is "
            f"{misfit_na[worst] / 1e3:+.2f} µA beside the line; check meter, range and contacts"
        )
    # DAC.
    code = np.array([p.code for p in points], dtype=float)
    line_dac, u_dac, _ = _line(code, set_na, u_na)
    residuals = set_na - (line_dac[0] * code + line_dac[1])

    # Rail: what stands at the high electrode when nothing flows through R_B and diode.
    low = meter_na <= _RAIL_FIT_NA
    through = meter_na[low] * 1e-9 + e1[low] * g / _DIVIDER_OHM
    bent = len({p.setpoint_na for p in points if p.setpoint_na <= _RAIL_FIT_NA}) > 2
    rail_v = np.polyfit(through, e1[low] * g, 2 if bent else 1)[-1]
    rail_code = float(np.mean(rail))
    u_rail = math.hypot(u[0] / g, 1e-3) * rail_v / rail_code

    fitted = {
        "dac_pa_per_code": (line_dac[0] * 1e3, u_dac[0] * 1e3),
        "dac_offset_na": (line_dac[1], u_dac[1]),
        "a_pa_per_code": (line_a[0] * 1e3, u_a[0] * 1e3),
        "a_offset_na": (line_a[1], u_a[1]),
        "e_uv_per_code": (g * 1e6, u[0] * 1e6),
        "e2_mismatch_ppm": (mismatch * 1e6, u_mismatch * 1e6),
        "load_offset_uv": (offset_v * 1e6, u[2] * 1e6),
        "rail_uv_per_code": (rail_v / rail_code * 1e6, u_rail * 1e6),
    }
    values = tuple(round(fitted[name][0]) for name in calibration.NAMES)
    coefficients = [
        Coefficient(name, _unit(name), was, value, float(fitted[name][1]), lowest, highest, True)
        for name, was, value, lowest, highest in zip(
            calibration.NAMES, before, values, calibration.LOWEST, calibration.HIGHEST
        )
    ]
    coefficients += _fast(points, set_na, meter_na + e1 * g / _DIVIDER_OHM * 1e9, u_na)
    coefficients.append(Coefficient("leads_ohm", "Ω", 2000.0, float(leads), float(u[3]),
                                    1900.0, 2100.0, False))  # fmt: skip
    for one in coefficients:
        if not one.lowest <= one.after <= one.highest:
            raise RunFailed(
                f"{one.name} would be {one.after:g} {one.unit}, allowed {one.lowest:g} to "
                f"{one.highest:g}: no calibration mends that; check meter and loads, then the wand"
            )
    top = float(np.max(a))
    sense_u = math.sqrt(max(0.0, top * top * cov_a[0][0] + 2 * top * cov_a[0][1] + cov_a[1][1]))
    return Fit(values, coefficients, [float(one) for one in residuals], sense_u,
               float(np.std(misfit_na)))  # fmt: skip


def budget(found: Fit, accuracy: Accuracy, as_left: list[Point]) -> list[Contribution]:
    """Of the delivered current at the largest point: what adds up to its uncertainty."""
    top_na = max(p.setpoint_na for p in as_left)
    gain = top_na * accuracy.meter_ppm * 1e-6 * _FLAT
    spread = float(np.std([p.error_na for p in as_left]))
    return [
        Contribution("meter, gain", gain, f"±{accuracy.meter_ppm:g} ppm, flat"),
        Contribution("meter, offset", accuracy.meter_na * _FLAT,
                     f"±{accuracy.meter_na:g} nA, flat"),
        Contribution("meter, resolution", accuracy.resolution_na / math.sqrt(12),
                     f"steps of {accuracy.resolution_na:g} nA"),
        Contribution("sense A, fitted line", found.sense_u_na, "covariance of the fit"),
        Contribution("sense A, misfit", found.misfit_na, "standard deviation of its residuals"),
        Contribution("low divider's current", 2432 * 0.002 * _FLAT, "2.4 µA, resistors ±0.2 %"),
        Contribution("converter and DAC, rounding", math.hypot(62.5, 9.2) / math.sqrt(12),
                     "62.5 nA and 9.2 nA a code"),
        Contribution("repeatability", spread, "standard deviation of the errors as left"),
    ]  # fmt: skip


def expanded(parts: list[Contribution]) -> float:
    """k = 2."""
    return 2 * math.sqrt(sum(one.u_na**2 for one in parts))


def verdict(points: list[Point]) -> Verdict:
    """Worst error over all points of the promised range."""
    judged = [p for p in points if p.setpoint_na >= _FROM_NA]
    worst = max(judged, key=lambda p: abs(p.error_na))
    relative = max(judged, key=lambda p: abs(p.error_na) / p.setpoint_na)
    good = all(
        abs(p.error_na) <= ALLOWED_NA + p.setpoint_na * ALLOWED_PPM * 1e-6 for p in judged
    )
    return Verdict(worst.error_na, relative.error_na / relative.setpoint_na * 1e6, ALLOWED, good)


def with_burden(points: list[Point], burden_ohm: float) -> list[Point]:
    """The meter's own resistance is part of the load."""
    return [replace(p, load_ohm=p.load_ohm + burden_ohm) for p in points]


def _fast(points: list[Point], a_na: Any, b_na: Any, u_na: Any) -> list[Coefficient]:
    found = []
    for raw, true_na, nominal in (
        ("fast_a_raw", a_na, FAST_A_NA), ("fast_b_raw", b_na, FAST_B_NA),
    ):  # fmt: skip
        codes = np.array([getattr(p, raw) for p in points])
        (gain, offset), (u_gain, u_offset), _ = _line(codes, true_na, np.hypot(u_na, nominal))
        found += [((gain / nominal - 1) * 1e6, u_gain / nominal * 1e6), (offset, u_offset)]
    return [
        Coefficient(name, unit, 0.0, float(value), float(u), -most, most, False)
        for (name, unit, most), (value, u) in zip(_FAST, found)
    ]


def _line(x: Any, y: Any, u: Any) -> tuple[Any, Any, Any]:
    """(gain, offset), their uncertainties, their covariance."""
    return _solve(np.column_stack([x, np.ones_like(x)]), y, u, [])


def _solve(rows: Any, y: Any, u: Any, prior: list[Any]) -> tuple[Any, Any, Any]:
    """Weighted least squares; `prior` rows are (coefficients, value, uncertainty)."""
    rows = np.vstack([rows / u[:, None], *[np.array([r]) / s for r, _, s in prior]])
    y = np.concatenate([y / u, [v / s for _, v, s in prior]])
    scale = np.linalg.norm(rows, axis=0)
    solution, _, rank, _ = np.linalg.lstsq(rows / scale, y, rcond=None)
    if rank < rows.shape[1]:
        raise RunFailed("the points do not tell gain from offset: more loads or more points")
    covariance = np.linalg.inv((rows / scale).T @ (rows / scale)) / np.outer(scale, scale)
    freedom = max(1, len(y) - rows.shape[1])
    left = y - rows @ (solution / scale)
    covariance = covariance * max(1.0, float(left @ left) / freedom)
    return solution / scale, np.sqrt(np.diag(covariance)), covariance


def _unit(name: str) -> str:
    for end, unit in (("_pa_per_code", "pA"), ("_uv_per_code", "µV"), ("_na", "nA"),
                      ("_ppm", "ppm"), ("_uv", "µV")):  # fmt: skip
        if name.endswith(end):
            return unit
    raise ValueError(name)
