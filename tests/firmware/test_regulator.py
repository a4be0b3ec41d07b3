"""Ramp, trim and compliance, against a load in three lines."""

import pytest

from firmware.calibration import Calibration
from firmware.dose import Dose
from firmware.limits import RAMP_NA_PER_MS, SETPOINT_MAX_NA
from firmware.measure import Measurement
from firmware.regulator import Regulator


class Load:
    """A source that gives `gain` times what it is asked for, up to `most_na`."""

    def __init__(self, gain=1.0, most_na=10**9):
        self.regulator = Regulator()
        self.measurement = Measurement(Calibration())
        self.gain = gain
        self.most_na = most_na
        self.load_na = 0

    def run(self, target_na, ticks):
        rise = []
        for _ in range(ticks):
            highest_na = self.regulator.setpoint_na + RAMP_NA_PER_MS * 5
            wish_na = self.regulator.step(target_na, self.measurement, True, 5, highest_na)
            assert 0 <= wish_na <= SETPOINT_MAX_NA
            full_na = int(wish_na * self.gain)
            before_na = self.load_na
            self.load_na = min(self.most_na, full_na)
            rise.append(self.load_na - before_na)
            self.measurement.load_na = self.load_na
            self.measurement.saturated = self.load_na < full_na
        return rise


@pytest.mark.req("S-08")
def test_ramp_is_even_and_ends_at_the_target():
    load = Load()
    assert max(load.run(250_000, 2000)) == RAMP_NA_PER_MS * 5
    assert load.load_na == 250_000


@pytest.mark.req("F-05")
@pytest.mark.parametrize("gain", [0.985, 1.015])
def test_trim_takes_what_calibration_left(gain):
    load = Load(gain)
    load.run(250_000, 4000)
    assert load.load_na == pytest.approx(250_000, rel=0.001)


@pytest.mark.req("F-05")
def test_trim_does_not_hide_a_fault():
    load = Load(1.2)
    load.run(250_000, 4000)
    assert load.load_na > 280_000


@pytest.mark.req("F-06", "S-08")
def test_compliance_stores_no_current():
    load = Load(most_na=130_000)
    load.run(250_000, 3000)
    assert load.regulator.limited
    assert load.regulator.setpoint_na <= 130_000 + 2000 + 130_000 // 128
    load.most_na = 10**9  # the skin is wetted
    assert max(load.run(250_000, 3000)[1:]) <= RAMP_NA_PER_MS * 5
    assert load.load_na == 250_000
    assert not load.regulator.limited


@pytest.mark.req("F-05")
def test_nothing_is_remembered_over_a_start():
    load = Load(0.985)
    load.run(250_000, 4000)
    load.regulator.start()
    assert load.regulator.trim_na == 0
    assert load.regulator.step(250_000, load.measurement, False, 5, 340) == 340


@pytest.mark.req("S-18")
def test_down_within_the_second():
    load = Load()
    load.run(500_000, 2000)
    load.run(0, 200)
    assert load.load_na == 0


@pytest.mark.req("F-08")
def test_dose_carries_the_rest():
    dose = Dose()
    for _ in range(60_000):  # 5 min of 250.123 µA
        dose.step(250_123, 5)
    assert dose.dose_uc == 250_123 * 300_000 // 1_000_000
