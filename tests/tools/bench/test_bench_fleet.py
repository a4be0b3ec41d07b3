"""Random wands, calibrated unattended: real mpremote, the Unix port, a simulated multimeter.

    IONWAND_WANDS=50 pytest tests/tools/bench/test_bench_fleet.py -s

prints a row a wand, as docs/bench.md has them. Then each treats with its calibration and its
true parts, and is held to what a treatment promises.
"""

import json
import os
from pathlib import Path

import pytest
from bench_wand import BenchWand

from firmware import app, console, session
from hal.sim import world as sim
from hal.sim.board import SimBoard
from hal.sim.parts import Parts
from ionwand.device.pty_board import MICROPYTHON

WANDS = int(os.environ.get("IONWAND_WANDS", "1"))
BETWEEN_UA = (75, 150, 300, 450)  # points that no fit has seen
SKIN_OHM = 10_000


class Board(SimBoard):
    """As on the bench, without the cable."""

    serial = b""

    def identity(self):
        return self.serial


class Used:
    """The wand after the bench: its records, its parts, in this process."""

    def __init__(self, wand):
        self.world = sim.World(Parts.random(wand.seed))
        for path in wand.records.iterdir():
            self.world.files[path.name] = path.read_bytes()
        self.board = Board(self.world)
        self.board.serial = b"WAND%04d" % wand.seed
        self.app = app.App(self.board)

    def between(self):
        """Worst error in nA at points between those of the calibration, on another load."""
        worst = [0.0]
        todo = [ua for _ in (1, 2) for ua in BETWEEN_UA]

        def go():
            error = self.world.plant.i_load_a * 1e9 - todo.pop(0) * 1e3
            worst[0] = max(worst[0], abs(error), key=abs)
            return "+"

        app.App.running = self.app
        self.app.output.disarm()
        self.world.vbus = True
        self.world.touch("resistor:6800")
        self.world.plan({"at_s": self.world.now_us / 1e6 + 0.2, "press_s": 1.8})
        console.sweep(6800, (1, 2), BETWEEN_UA, go)
        assert not todo
        return worst[0]

    def tick(self):
        self.board.sleep_until(self.board.ticks_ms() + 5)
        self.app.tick(self.board.ticks_ms())

    def until(self, *states, within_s=30):
        end_us = self.world.now_us + within_s * 1_000_000
        while session.STATES[self.app.session.state] not in states:
            assert self.world.now_us < end_us, session.STATES[self.app.session.state]
            self.tick()

    def treat(self, seconds=15):
        """(current error in %, dose error in %, impedance error in %) of a short treatment."""
        plant = self.world.plant
        self.until("ready")
        self.world.press(1.7)
        self.until("contact")
        self.world.touch("resistor:%d" % SKIN_OHM)
        self.until("treating")
        charge_c = plant.skin_charge_c
        dose_uc = self.app.treatment.dose.dose_uc
        for _ in range(seconds * 200):
            self.tick()
        assert session.STATES[self.app.session.state] == "treating"
        setpoint_na = self.app.output.regulator.setpoint_na
        dose_uc = self.app.treatment.dose.dose_uc - dose_uc
        return (
            (plant.i_load_a * 1e9 / setpoint_na - 1) * 100,
            (dose_uc / ((plant.skin_charge_c - charge_c) * 1e6) - 1) * 100,
            (self.app.treatment.impedance.z_ohm / SKIN_OHM - 1) * 100,
        )


@pytest.mark.pty
@pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")
@pytest.mark.req("F-05", "F-08", "F-09", "F-13", "S-14")
@pytest.mark.parametrize("seed", range(1, WANDS + 1))
def test_a_random_wand_is_calibrated_and_keeps_its_promises(seed, tmp_path):
    wand = BenchWand(tmp_path, seed)
    with wand.running():
        done = wand.calibrate(tmp_path / "out")
    assert done.exit_code == 0, done.output
    result = json.loads(next((tmp_path / "out").iterdir()).read_text())
    found, left = result["found"], result["left"]
    for one in result["as_left"]:
        assert abs(one["meter_na"] - one["setpoint_na"]) <= one["setpoint_na"] * 0.005 + 1000
    used = Used(wand)
    between_na = used.between()
    assert between_na <= 75e3 * 0.005 + 1000
    current, dose, impedance = Used(wand).treat()
    assert abs(current) <= 2 and abs(dose) <= 1 and abs(impedance) <= 1
    row = (
        f"| {seed} | {found['worst_error_na'] / 1e3:+.2f} | {found['worst_error_ppm'] / 1e4:+.2f} "
        f"| {left['worst_error_na'] / 1e3:+.3f} | {left['worst_error_ppm'] / 1e4:+.3f} "
        f"| {between_na / 1e3:.3f} | {current:+.3f} | {dose:+.3f} | {impedance:+.2f} |"
    )
    print(row)
    table = os.environ.get("IONWAND_TABLE")
    if table:
        with Path(table).open("a") as file:
            file.write(row + "\n")
