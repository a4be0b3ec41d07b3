"""A DAC that lost its code under current, and a charger whose pin is dead [S-01, S-08, S-14]."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import limits


def treating():
    wand = Wand(HOLD, TOUCH)
    wand.until("treating")
    wand.run(1)
    return wand


@pytest.mark.req("S-01", "S-08", "S-22")
def test_a_dac_that_powers_up_at_zero_steps_nowhere():
    """250 -> 2 -> 250 µA in a tick, without a fault, was what came of it."""
    wand = treating()
    wand.world.plan({"at_s": wand.now_s + 0.001, "fault": "dac:reset"})
    wand.tick()
    wand.world.plant._pay()
    wand.world.plant.i_peak_a = 0.0
    wand.until("fault", within_s=0.05)
    assert wand.fault == "dac" and not wand.board.gate()
    assert wand.world.plant.i_peak_a < 20e-6


@pytest.mark.req("S-08")
def test_half_of_it_lost_is_no_reason_to_come_back_in_one_step():
    wand = treating()
    wand.world.dac.code //= 2  # one bit of its register
    wand.board.write_dac(wand.world.dac.code)
    wand.until("fault", within_s=0.1)
    assert wand.fault == "dac"


@pytest.mark.req("S-14")
def test_a_charger_is_seen_although_its_pin_is_dead():
    wand = treating()
    wand.world.inject("vbus_detector:dead")
    wand.world.vbus = True
    wand.until("fault", within_s=0.3)
    assert wand.fault == "vbus" and not wand.board.vbus()
    assert 4200 < limits.CHARGER_MV < 4700


@pytest.mark.req("S-04", "S-12")
def test_an_output_gate_that_stays_up_is_named_and_passes_nothing_on():
    """One part behind dead-man, monostable and latch: 27 V stood at a lifted electrode."""
    wand = treating()
    wand.world.plan({"at_s": wand.now_s + 0.01, "fault": "output_gate:stuck_high"})
    wand.run(0.1)
    assert wand.state == "treating"
    wand.world.lift()
    wand.until("fault", within_s=0.1)
    wand.run(0.1)
    plant = wand.world.plant
    assert wand.fault == "dead_man" and wand.board.gate()
    assert not plant.k1 and not plant.m2 and abs(plant.e1_v - plant.e2_v) < 0.5


@pytest.mark.req("S-03", "R-01")
def test_a_dac_at_full_scale_behind_a_converter_that_stands_still():
    """The guard is blind: one frame of the other converter ends it, and not five."""
    wand = treating()
    for name in ("fast_converter:frozen", "dac:full_scale"):
        wand.world.plan({"at_s": wand.now_s + 0.001, "fault": name})
    wand.until("fault", within_s=0.021)
    assert wand.fault == "precise_mismatch" and not wand.board.gate()


@pytest.mark.req("S-03", "S-21", "R-01")
def test_two_blind_senses_are_not_searched_with_again_and_again():
    """R_B and R_SET shorted: the guard sees a lift, and each search was 0.7 mA for 2.5 ms."""
    wand = treating()
    charge_c = wand.world.plant.skin_charge_c
    wand.world.inject("r_b:short")
    wand.world.inject("r_set:short")
    wand.until("fault", within_s=0.03)
    assert wand.fault == "zero_reading" and not wand.board.gate()
    wand.world.plant._pay()
    assert wand.world.plant.skin_charge_c - charge_c < 2.5e-6


@pytest.mark.req("S-21")
def test_a_bleed_that_is_gone_is_named_by_the_search_that_wants_it():
    wand = treating()
    wand.world.inject("bleed:open")
    wand.world.lift()
    wand.until("fault", within_s=0.5)
    assert wand.fault == "zero_reading"


@pytest.mark.req("S-01", "S-08", "S-22")
@pytest.mark.parametrize("every_ms", [30, 60, 150, 250])
def test_a_joint_that_opens_again_and_again_ends_it(every_ms):
    """Each time for less than LOST_MS: 16 full steps a second went unnamed."""
    wand = treating()
    begun_s = wand.now_s
    while wand.state == "treating" and wand.now_s < begun_s + 2.0:
        code = wand.app.output.code
        wand.board.write_dac(0)  # as if the joint had opened: the wand's own code stays
        wand.tick()
        wand.board.write_dac(code)
        for _ in range(every_ms // 5 - 1):
            wand.tick()
    assert wand.fault == "dac" and wand.now_s - begun_s < 1.3


@pytest.mark.req("S-08")
def test_one_that_opens_twice_and_no_more_does_not():
    wand = treating()
    for _ in range(2):
        code = wand.app.output.code
        wand.board.write_dac(0)
        wand.tick()
        wand.board.write_dac(code)
        wand.run(0.2)
        assert wand.app.output._losses_ms > 0
    wand.run(2.0)
    assert wand.state == "treating" and wand.app.output._losses_ms <= 0


@pytest.mark.req("S-03", "F-08", "S-22")
@pytest.mark.parametrize("gain", [0.93, 0.96, 1.04, 1.06])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_precise_converter_that_shifts_in_a_session_is_seen(gain, seed):
    """What the trim hides was unseen until the next proof: 7 % of dose."""
    wand = Wand(HOLD, TOUCH, seed=seed, parts=seed)
    wand.until("treating")
    wand.run(1)
    wand.world.adc.gain *= gain
    wand.until("fault", within_s=3.0)
    assert wand.fault in ("dac", "precise_mismatch", "over_setpoint")
