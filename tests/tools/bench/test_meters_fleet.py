"""Random wands over --port simulated, with a meter of each kind that meters.toml knows.

    IONWAND_WANDS=50 IONWAND_TABLE=rows.md pytest tests/tools/bench/test_meters_fleet.py

appends a row a wand, as docs/bench.md has them. What counts is the current that truly leaves the
roller: within the limits, or the meter was refused; and the stated uncertainty covers what the
meter says of it.
"""

import json
import os
from pathlib import Path

import pytest
import sim_meters
from click.testing import CliRunner

from ionwand.calibration import resolution
from ionwand.cli import main
from ionwand.device import simulated
from ionwand.device.pty_board import MICROPYTHON

pytestmark = pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")
WANDS = int(os.environ.get("IONWAND_WANDS", "1"))
TABLE = os.environ.get("IONWAND_TABLE")
FIRST = int(os.environ.get("IONWAND_FIRST", "1"))
COVERED, ALL = [], []


def row(line):
    if TABLE:
        with open(TABLE, "a") as file:
            file.write(line + "\n")


@pytest.mark.pty
@pytest.mark.req("F-05", "F-13")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + WANDS))
def test_as_left_by_the_true_current(seed, tmp_path, monkeypatch):
    monkeypatch.setenv("IONWAND_SIMULATED", str(tmp_path))
    name = sim_meters.NAMES[seed % len(sim_meters.NAMES)]
    shown = sim_meters.Instrument(sim_meters.profile(name), seed)
    true_na = []

    def amperes():
        true_na.append(abs(simulated.amperes(simulated.home(seed))) * 1e9)
        return shown(simulated.amperes(simulated.home(seed)))

    words = ["calibrate", "--port", "simulated", "--parts", seed, "--yes", "--out", tmp_path,
             "--db", "none", *sim_meters.options(name)]  # fmt: skip
    if WANDS == 1:
        words += ["--points", "50,200,500"]
    with sim_meters.looked_at(amperes):
        done = CliRunner().invoke(main, [str(one) for one in words])
    if done.exit_code:
        assert done.exit_code == 1 and done.stderr.startswith("ionwand: the meter is too coarse")
        row(f"| {seed} | {name} | refused | | | |")
        return
    result = json.loads(next(Path(tmp_path).glob("calibration-*.json")).read_text())
    assert result["notes"] == simulated.NOTE
    points = result["as_left"]
    # Two readings a point, of which the second counts; each bridge's first point once more.
    side = len({one["setpoint_na"] for one in points})
    last = true_na[-2 * len(points) * (side + 1) // side :][1::2]
    last = [na for index, na in enumerate(last) if index % (side + 1) < side]
    worst = 0.0
    for point, na in zip(points, last):
        error = na - point["setpoint_na"]
        allowed = resolution.allowed_na(point["setpoint_na"] / 1000)
        assert abs(error) <= allowed, (name, point["setpoint_na"], error)
        worst = max(worst, error / allowed, key=abs)
        ALL.append(abs(point["meter_na"] - na))
        COVERED.append(ALL[-1] <= result["expanded_u_na"])
    row(f"| {seed} | {name} | {worst:+.2f} | {result['expanded_u_na'] / 1e3:.2f} | "
        f"{max(ALL[-len(points):]) / 1e3:.2f} | {sum(COVERED)} of {len(COVERED)} |")  # fmt: skip
    assert sum(COVERED) >= 0.95 * len(COVERED)
