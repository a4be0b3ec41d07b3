"""Bounces, hops and lifts: how the roller comes back, and who is told [F-07, S-08, S-21]."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import limits


def treating(**options):
    """A wand that has given 250 µA for two seconds."""
    wand = Wand(HOLD, TOUCH, **options)
    wand.until("treating")
    wand.run(2.5)
    return wand


def absent(wand, seconds):
    """Off the skin for so long; then the lifts, beeps and steepest rise until it is back."""
    wand.world.plan({"at_s": wand.now_s + 0.001, "lift": True})
    wand.world.plan({"at_s": wand.now_s + 0.001 + seconds, "touch": "hydrated"})
    back_s = wand.now_s + 0.001 + seconds
    lifts = wand.app.treatment.lifts
    beeps, steepest, before_na, states = 0, 0, 0, set()
    while wand.now_s < back_s or wand.current_ua < 247.0 or wand.state != "treating":
        wand.tick()
        assert wand.now_s < back_s + 8.0, "it does not come back"
        setpoint_na = wand.app.output.regulator.setpoint_na
        if setpoint_na > before_na > 0:
            steepest = max(steepest, (setpoint_na - before_na) // 5)
        before_na = setpoint_na
        states.add(wand.state)
        beeps += wand.app.display.indicator.hz > 0
    return wand.now_s - back_s, wand.app.treatment.lifts - lifts, beeps, steepest, states


@pytest.mark.req("F-07", "S-08")
@pytest.mark.parametrize("seconds", [0.001, 0.008, 0.025])
def test_a_bounce_is_ridden_through_and_nobody_is_told(seconds):
    took_s, lifts, beeps, steepest, states = absent(treating(), seconds)
    assert took_s < 0.3
    assert (lifts, beeps) == (0, 0)
    assert states == {"treating", "bounced"}
    assert steepest == limits.BOUNCE_NA_PER_MS


@pytest.mark.req("S-08", "F-06")
def test_what_the_supply_takes_after_a_bounce_comes_back_as_slowly_as_ever():
    """A hand that opens and closes: the guard would take the steep slope for a bad request."""
    wand = treating()
    absent(wand, 0.008)
    for ohm in [20_000 * 1.05**step for step in range(42)]:
        wand.world.plan({"at_s": wand.now_s + 0.001, "touch": "resistor:%d" % ohm})
        wand.run(0.006)
    wand.run(0.2)
    low_ua = wand.current_ua
    assert 120 < low_ua < 200 and wand.state == "treating"
    for ohm in [155_000 / 1.05**step for step in range(20)]:
        wand.world.plan({"at_s": wand.now_s + 0.001, "touch": "resistor:%d" % ohm})
        wand.run(0.006)
    wand.run(0.2)
    assert wand.fault == "" and wand.state == "treating"
    assert 10 < wand.current_ua - low_ua < 40 < 249 - low_ua  # 0.33 s at 68 µA/s, 75 at once


@pytest.mark.req("F-07", "S-08")
@pytest.mark.parametrize("seconds", [0.06, 0.4, 1.5])
def test_a_hop_is_back_within_eight_tenths(seconds):
    took_s, lifts, beeps, steepest, states = absent(treating(), seconds)
    assert took_s < 0.8
    assert lifts == 1 and beeps > 0 and "lifted" in states
    assert steepest == limits.HOP_NA_PER_MS


@pytest.mark.req("F-07", "S-08", "S-03")
@pytest.mark.parametrize("seconds", [1.95, 2.03, 2.06, 2.1])
def test_what_the_guard_did_not_see_flow_begins_no_new_hop(seconds):
    """A sense that reads 5 µA low: 18 µA of a touch in mid-hop are 13 to the guard."""

    def low(world):
        a_v, b_v, e2_v, battery_v = world.parts.fast_offset_v
        world.parts.fast_offset_v = (a_v - 10e-3, b_v, e2_v, battery_v)

    wand = treating(prepare=low)
    lift_s = wand.now_s + 0.001
    wand.world.plan({"at_s": lift_s, "lift": True})
    wand.world.plan({"at_s": lift_s + 0.1, "touch": "hydrated"})
    while wand.state != "ramping" or wand.app.output.measurement.load_na < 15_000:
        wand.tick()
    assert wand.now_s < lift_s + 1.0
    wand.world.plan({"at_s": wand.now_s + 0.001, "lift": True})
    wand.world.plan({"at_s": lift_s + seconds, "touch": "hydrated"})
    wand.run(3.0)
    assert wand.fault == "" and wand.state in ("ramping", "treating")


@pytest.mark.req("F-07", "F-03", "S-08")
def test_a_lift_starts_as_slowly_as_ever():
    took_s, lifts, _, steepest, states = absent(treating(), 2.5)
    assert 3.5 < took_s < 5.0 and lifts == 1 and "ramping" in states
    assert steepest == limits.RAMP_NA_PER_MS


@pytest.mark.req("F-07")
def test_many_bounces_in_a_second_are_a_bad_contact():
    wand = treating()
    assert wand.app.treatment.quality == 0
    for _ in range(30):
        wand.world.plan({"at_s": wand.now_s + 0.001, "lift": True})
        wand.world.plan({"at_s": wand.now_s + 0.003, "touch": "hydrated"})
        wand.run(0.1)
    assert wand.app.treatment.bounces > 20 and wand.app.treatment.lifts == 0
    assert wand.app.treatment.quality == 1
    true_uc = wand.world.plant.skin_charge_c * 1e6
    assert abs(wand.app.treatment.dose.dose_uc - true_uc) < 0.025 * true_uc
    wand.run(2.5)
    assert wand.app.treatment.quality == 0


@pytest.mark.req("S-08")
def test_other_skin_is_met_as_slowly_as_ever():
    """Within the same bounce the roller has come onto skin of a tenth of the resistance."""
    wand = treating()
    wand.app.treatment.impedance.z_ohm *= 20
    _, lifts, _, _, _ = absent(wand, 0.005)
    assert lifts == 0
    assert wand.app.output.limiter.highest(100_000, 5) == 100_000 + 5 * limits.RAMP_NA_PER_MS


@pytest.mark.req("S-21")
def test_no_touch_meets_a_charge():
    def large(world):
        world.parts.c_out = 2e-9 - world.parts.c_switch

    wand = Wand(HOLD, prepare=large)
    for at_s in (0.2, 0.45, 2.9, 3.8, 4.1, 4.35, 4.9, 6.1):
        wand.world.plan({"at_s": at_s, "touch": "hydrated"})
        wand.world.plan({"at_s": at_s + 0.03, "lift": True})
    wand.run(7.0)
    plant = wand.world.plant
    assert plant.touches >= 7  # with the bridge open the first meets nothing at all
    assert 0.1 < plant.touch_v < 0.25
    assert plant.touch_c == pytest.approx(2e-9 * plant.touch_v) and plant.touch_c < 0.5e-9
