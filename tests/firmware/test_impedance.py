"""Impedance, window by window: leads taken off, and nothing where too little flows [F-09]."""

import pytest

from firmware.impedance import Impedance, load_ohm, skin_ohm
from firmware.limits import LEADS_OHM


class Reading:
    def __init__(self, load_mv, load_na):
        self.load_mv, self.load_na = load_mv, load_na


def second(impedance, reading, fresh=True):
    for _ in range(199):
        assert not impedance.step(reading, fresh, 5)
    return impedance.step(reading, fresh, 5)


@pytest.mark.req("F-09")
def test_ohm_is_voltage_over_current():
    assert load_ohm(2500, 250_000) == 10_000
    assert load_ohm(2500, 1999) == skin_ohm(2500, 1999) == -1
    assert load_ohm(20, 2000) == 10_000
    assert skin_ohm(2500, 250_000) == 10_000 - LEADS_OHM
    assert skin_ohm(500, 250_000) == skin_ohm(100, 250_000) == 0


@pytest.mark.req("F-09")
def test_once_a_second_and_only_of_what_was_read():
    impedance = Impedance()
    assert not second(impedance, Reading(2500, 250_000), fresh=False)
    assert not second(impedance, Reading(2500, 1000))
    assert impedance.z_ohm == impedance.lowest_ohm == 0
    assert second(impedance, Reading(2500, 250_000))
    assert impedance.z_ohm == impedance.lowest_ohm == 8000


@pytest.mark.req("F-09")
def test_patches_under_a_moving_roller_are_no_rise():
    """A third, three times, each for a second or two: the lowest of a session is soon low."""
    impedance = Impedance()
    for ohm in (20_000, 9000, 60_000, 40_000, 8000, 26_000, 60_000, 9000, 13_000, 44_000) * 10:
        assert second(impedance, Reading((ohm + LEADS_OHM) // 4, 250_000))
        assert not impedance.rising


@pytest.mark.req("F-09")
@pytest.mark.parametrize(
    "lowest_ohm, ohm, rises",
    [(10_000, 15_000, False), (10_000, 15_040, True), (10_000, 9996, False), (5000, 9996, False)],
)
def test_half_as_much_again_is_rising_above_10_kilohm(lowest_ohm, ohm, rises):
    impedance = Impedance()
    for skin_ohm_now in [lowest_ohm] * 16 + [ohm] * 100:  # means of 16 s get there
        assert second(impedance, Reading((skin_ohm_now + LEADS_OHM) // 4, 250_000))
        assert impedance.z_ohm == skin_ohm_now
    assert impedance.rising is rises
    assert impedance.lowest_ohm == min(lowest_ohm, ohm)
    impedance.resume()
    assert not impedance.rising
