"""A made-up calibration as a picture: `python -m ionwand.calibration.certificate_sample FILE.png`.

Plausible parts and a seeded noise; no wand has been measured, and the certificate says so.
"""

import math
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ionwand.calibration import certificate
from ionwand.calibration.result import Coefficient, Contribution, Point, Result, Verdict

_LOADS_OHM = (2200.0, 4700.0, 10_000.0)
_POINTS_UA = (50, 100, 200, 350, 500)
_ALLOWED = "±0.5 % ±1 µA from 50 to 500 µA"
_WINDOW_PX = (900, 1090)


def result(board_id: str = "e660583883724a2f", when: str = "2026-05-04T10:32:00+02:00",
           seed: int = 7) -> Result:  # fmt: skip
    """As found a little outside its limits, as left well inside."""
    noise = random.Random(seed)
    found = _points(noise, gain=1.0062, offset_na=700)
    left = _points(noise, gain=1.0001, offset_na=-40)
    budget = [
        Contribution("meter, gain", 57.7, "±200 ppm, flat"),
        Contribution("meter, offset", 28.9, "±50 nA, flat"),
        Contribution("sense A, fitted line", 12.4, "covariance of the fit"),
        Contribution("sense A, misfit", 41.0, "standard deviation of its residuals"),
        Contribution("low divider's current", 2.8, "2.4 µA, resistors ±0.2 %"),
        Contribution("converter and DAC, rounding", 18.2, "62.5 nA and 9.2 nA a code"),
        Contribution("repeatability", 64.0, "standard deviation of the errors as left"),
    ]
    return Result(
        board_id=board_id, firmware="0.1.0", when=when, who="A. Technician",
        meter="EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12", loads_ohm=list(_LOADS_OHM),
        ambient="23 °C, 45 %", as_found=found, as_left=left, coefficients=_coefficients(),
        residuals_na=[noise.gauss(0, 90) for _ in found], budget=budget,
        expanded_u_na=2 * math.hypot(*(one.u_na for one in budget)), found=_verdict(found),
        left=_verdict(left), notes="Made-up example: no wand was measured.",
    )  # fmt: skip


def _points(noise: random.Random, gain: float, offset_na: float) -> list[Point]:
    points = []
    for load in _LOADS_OHM:
        for bridge in (1, 2):
            for ua in _POINTS_UA:
                set_na = ua * 1000
                meter_na = set_na * gain + offset_na + noise.gauss(0, 60)
                volts = meter_na * 1e-9 * (load + 2000)
                points.append(Point(
                    load_ohm=load, bridge=bridge, setpoint_na=set_na,
                    code=round(set_na * 1000 / 13_897), meter_na=meter_na,
                    meter_u_na=math.hypot(meter_na * 2e-4, 50) / math.sqrt(3),
                    delivered_na=set_na + noise.gauss(0, 30), sense_a_raw=set_na / 62.5,
                    e1_raw=(27 / 1261e-6), e2_raw=(27 - volts) / 1261e-6, rail_raw=27.2 / 1261e-6,
                    fast_a_raw=set_na / 402.8, fast_b_raw=set_na / 161.4,
                ))  # fmt: skip
    return points


def _verdict(points: list[Point]) -> Verdict:
    worst = max(points, key=lambda one: abs(one.error_na))
    relative = max(points, key=lambda one: abs(one.error_na) / one.setpoint_na)
    return Verdict(
        worst.error_na, relative.error_na / relative.setpoint_na * 1e6, _ALLOWED,
        all(abs(one.error_na) <= 1000 + one.setpoint_na * 0.005 for one in points),
    )  # fmt: skip


def _coefficients() -> list[Coefficient]:
    return [
        Coefficient("dac_pa_per_code", "pA", 13_897, 13_983, 1.7, 13_619, 14_175, True),
        Coefficient("dac_offset_na", "nA", 0, 702, 38.0, -3000, 3000, True),
        Coefficient("a_pa_per_code", "pA", 62_500, 62_889, 7.6, 61_250, 63_750, True),
        Coefficient("a_offset_na", "nA", 0, 688, 35.0, -3000, 3000, True),
        Coefficient("e_uv_per_code", "µV", 1261, 1254, 0.3, 1200, 1322, True),
        Coefficient("e2_mismatch_ppm", "ppm", 0, -4210, 55.0, -40_000, 40_000, True),
        Coefficient("load_offset_uv", "µV", 0, 140, 410.0, -20_000, 20_000, True),
        Coefficient("rail_uv_per_code", "µV", 1261, 1266, 0.9, 1200, 1322, True),
        Coefficient("fast_a_gain_ppm", "ppm", 0, 2310, 160.0, -30_000, 30_000, False),
        Coefficient("fast_a_offset_na", "nA", 0, -820, 75.0, -10_000, 10_000, False),
    ]


def picture(path: Path) -> None:
    """The top of the HTML certificate as Chromium shows it."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser",
                                                   "google-chrome"))), None)  # fmt: skip
    if browser is None:
        raise SystemExit("certificate_sample: Chromium draws the picture and is not installed")
    with tempfile.TemporaryDirectory() as folder:
        page = certificate.write(result(), Path(folder))[0]
        size = ",".join(map(str, _WINDOW_PX))
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             f"--user-data-dir={folder}/profile", f"--window-size={size}",
             f"--screenshot={path.resolve()}", page.as_uri()],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m ionwand.calibration.certificate_sample FILE.png")
    picture(Path(sys.argv[1]))
