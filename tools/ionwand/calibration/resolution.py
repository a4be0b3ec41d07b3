"""What a meter can tell apart: from its readings, for it prints more digits than it has.

Points that people choose are round, and so is what a coarse meter says of them: two odd points
tell a meter of 10 µA from a wand that is exact.
"""

from collections.abc import Sequence

from ionwand.calibration.fit import ALLOWED_NA, ALLOWED_PPM, Accuracy
from ionwand.errors import RunFailed

ODD_UA = (61, 73)
_STEPS_NA = [
    one * 10.0**power for power in range(5, -2, -1) for one in (5, 2, 1)
]  # from the largest
_LEAST = 4  # different readings; of fewer one cannot say
_SAME_NA = 0.005  # what a float's last digits may be beside a step
# Of what is allowed so much may be the meter's: the rest is the wand's (judgement).
_SHARE = 0.8


def step_na(readings_na: Sequence[float]) -> float:
    """The largest step of 1, 2 or 5 that all of them lie on; 0 where there is none, or too few."""
    if len({round(abs(one), 1) for one in readings_na}) < _LEAST:
        return 0.0
    for step in _STEPS_NA:
        if all(abs(one - round(one / step) * step) < _SAME_NA for one in readings_na):
            return step
    return 0.0


def allowed_na(setpoint_ua: float) -> float:
    return ALLOWED_NA + setpoint_ua * 1e3 * ALLOWED_PPM * 1e-6


def check(accuracy: Accuracy, points_ua: Sequence[int], seen: bool) -> None:
    """RunFailed for a meter that cannot tell whether the wand is within its limits."""
    for ua in sorted(points_ua):
        limit_na = (
            ua * 1e3 * accuracy.meter_ppm * 1e-6 + accuracy.meter_na + accuracy.resolution_na / 2
        )
        if limit_na <= _SHARE * allowed_na(ua):
            continue
        how = f"{'its readings lie on' if seen else 'it has'} steps of " + (
            f"{accuracy.resolution_na / 1e3:g} µA")  # fmt: skip
        if accuracy.resolution_na / 2 < limit_na / 2:
            how = f"±{accuracy.meter_ppm:g} ppm ±{accuracy.meter_na:g} nA and {how}"
        raise RunFailed(
            f"the meter is too coarse: {how}, at {ua} µA ±{allowed_na(ua) / 1e3:.2f} µA are to be "
            "told; give it a lower range, or take one with more digits"
        )
