"""What drifts or stands still by less than the guard trips at ends a session by name [S-03]."""

from array import array

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import faults, guard
from firmware.calibration import Calibration
from firmware.drift import Drift
from firmware.measure import Measurement


class Bench:
    """Frames every 6 ms of 250 µA into 20 kΩ, as both converters read it."""

    def __init__(self, number=0):
        self.drift = Drift()
        self.measurement = Measurement(Calibration())
        self.codes = array("i", [number, 4000, 21_200, 17_000, 21_400])
        self.snapshot = array("i", [0] * guard.SN_SIZE)
        self.snapshot[guard.SN_A_UA] = 250
        self.snapshot[guard.SN_B_UA] = 254
        self.now_ms = 1 << 29
        self.every_ms = 6
        self.moves = self.shakes = 0  # codes by which the low rail moves from frame to frame
        self.flowing = self.steady = True

    def run(self, frames):
        """Name of the first fault of so many frames."""
        for count in range(frames):
            self.now_ms += self.every_ms
            self.codes[0] += 1
            self.codes[3] += self.moves if count & 1 else -self.moves
            self.snapshot[guard.SN_E2_MV] = 21_000 + (count & 1) * self.shakes
            self.measurement.update(self.codes)
            self.drift.look(self.snapshot, self.codes[3], self.flowing)
            bits = self.drift.second(self.codes[0], self.codes[3], self.now_ms)
            if self.steady:
                self.drift.setpoint_na = self.measurement.a_na
                bits |= self.drift.apart(self.measurement, self.snapshot)
            else:
                self.drift.unsteady()
            if bits:
                return faults.name(bits)
        return ""


@pytest.mark.req("S-03", "S-20")
@pytest.mark.parametrize("number", [0, 1 << 29])
def test_a_healthy_wand_is_never_blamed(number):
    bench = Bench(number)
    bench.shakes = 4
    bench.moves = 30
    assert bench.run(3000) == ""


@pytest.mark.req("S-03", "S-22")
@pytest.mark.parametrize("a_ua, b_ua, name", [
    (269, 273, "precise_mismatch"), (230, 234, "precise_mismatch"), (266, 270, ""),
    (233, 237, ""), (250, 262, "sense_mismatch"), (250, 246, "sense_mismatch"), (250, 260, ""),
    (250, 248, ""), (258, 254, "sense_mismatch"),
])  # fmt: skip
def test_senses_that_part_slowly_are_named_within_a_second(a_ua, b_ua, name):
    bench = Bench()
    bench.snapshot[guard.SN_A_UA] = a_ua
    bench.snapshot[guard.SN_B_UA] = b_ua
    bench.shakes = 4
    assert bench.run(128) == name


@pytest.mark.req("S-03")
def test_where_the_current_moves_nothing_is_compared():
    bench = Bench()
    bench.shakes = 4
    bench.snapshot[guard.SN_A_UA] = 290
    for _ in range(3):
        assert bench.run(127) == ""
        bench.steady = False
        assert bench.run(1) == ""
        bench.steady = True


@pytest.mark.req("S-10")
@pytest.mark.parametrize("moves, shakes, flowing, name", [
    (11, 0, True, "guard_late"), (10, 0, True, ""), (30, 0, False, ""), (30, 2, True, ""),
])  # fmt: skip
def test_a_converter_that_stands_still_while_the_other_moves(moves, shakes, flowing, name):
    bench = Bench()
    bench.moves = moves
    bench.shakes = shakes
    bench.flowing = bench.steady = flowing
    assert bench.run(400) == name


@pytest.mark.req("S-10")
@pytest.mark.parametrize("at", range(150, 180))  # around the end of a second
def test_what_the_slower_converter_tells_of_the_second_before_is_no_standstill(at):
    """The low rail moves once: the guard sees it at once, the frames two later."""
    bench = Bench()
    assert bench.run(at) == ""
    bench.snapshot[guard.SN_E2_MV] = 21_100
    for frame in range(400):
        bench.now_ms += bench.every_ms
        bench.codes[0] += 1
        bench.codes[3] = 17_000 if frame < 2 else 17_080
        bench.drift.look(bench.snapshot, bench.codes[3], True)
        assert bench.drift.second(bench.codes[0], bench.codes[3], bench.now_ms) == 0


@pytest.mark.req("S-10")
def test_the_battery_moves_as_well():
    bench = Bench()
    bench.moves = 30
    for _ in range(40):
        bench.snapshot[guard.SN_BATTERY_SUM] += 1
        assert bench.run(10) == ""


@pytest.mark.req("S-07")
@pytest.mark.parametrize("every_ms, name", [(5, ""), (4, "adc_config"), (3, "adc_config")])
def test_a_crystal_that_is_slow_is_told_by_the_converters_own_clock(every_ms, name):
    bench = Bench()
    bench.shakes = 4
    bench.every_ms = every_ms
    assert bench.run(700) == name


@pytest.mark.req("S-10")
def test_a_main_loop_that_was_away_for_long_judges_no_clock():
    bench = Bench()
    bench.shakes = 4
    assert bench.run(10) == ""
    bench.codes[0] += 1000
    bench.now_ms += 2000
    assert bench.run(10) == ""


@pytest.mark.req("S-03", "S-10", "S-22", "R-01")
@pytest.mark.parametrize("fault, name", [
    ("fast_converter:frozen", "guard_late"), ("fast_converter:+8%", "precise_mismatch"),
    ("sense_b:-10%", "sense_mismatch"), ("precise_converter:-8%", "precise_mismatch"),
    ("crystal:half", "adc_config"), ("dac:reset", "dac"), ("dac:gain_bit", "dac"),
])  # fmt: skip
def test_in_a_session_each_ends_it_by_name_before_two_percent_are_false(fault, name):
    wand = Wand(HOLD, TOUCH)
    wand.run(13.0)
    before_uc = wand.world.plant.skin_charge_c * 1e6 - wand.app.treatment.dose.dose_uc
    wand.world.inject(fault)
    wand.until("fault", within_s=2.2)
    assert wand.fault == name
    false_uc = wand.world.plant.skin_charge_c * 1e6 - wand.app.treatment.dose.dose_uc - before_uc
    assert abs(false_uc) < 30  # of 75,000


@pytest.mark.req("S-07", "S-15")
def test_a_slow_crystal_is_named_before_anybody_is_treated():
    wand = Wand({"at_s": 1.7, "fault": "crystal:half"}, HOLD)
    wand.until("fault", within_s=5)
    assert wand.fault == "adc_config"
