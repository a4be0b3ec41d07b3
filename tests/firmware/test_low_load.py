"""Less than any skin between the electrodes in mid-treatment: a ring, a wound, a bridge of gel."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import limits


def met(ohm, at_s=12.0):
    """A wand that treats skin, and meets this resistor at that time."""
    wand = Wand(HOLD, TOUCH, {"at_s": at_s, "touch": "resistor:%s" % ohm})
    wand.run(at_s)
    assert wand.state in ("ramping", "treating")
    return wand, wand.app.treatment.dose.dose_uc


# 1: tests/cases/scenarios/ring1.toml, 600: lesion600.toml; their siblings.
@pytest.mark.req("S-06", "S-22", "F-09")
@pytest.mark.parametrize("ohm", [1, 5, 100, 600, 850])
def test_a_treatment_ends_by_name_within_a_second(ohm):
    wand, dose_uc = met(ohm)
    wand.run(1.0)
    assert (wand.state, wand.end) == ("refused", "too_conductive")
    assert wand.current_ua < 1 and not wand.app.output.on
    assert abs(wand.app.treatment.impedance.z_ohm - ohm) < 150
    # A frame may be counted before it is read, 6 ms of 250 µA; near the limit some more.
    most_uc = 3 if ohm < 850 else 25
    assert 0 <= wand.app.treatment.dose.dose_uc - dose_uc <= most_uc
    assert wand.app.faults.bits == 0
    wand.run(3.0)
    assert wand.app.treatment.dose.dose_uc - dose_uc <= most_uc


@pytest.mark.req("S-06", "S-22")
def test_on_the_ramp_as_well():
    wand, _ = met(1, at_s=8.0)
    wand.run(1.0)
    assert wand.end == "too_conductive"


@pytest.mark.req("F-03", "S-22")
@pytest.mark.parametrize("ohm", [1200, 3000])
def test_skin_that_has_little_is_treated(ohm):
    """The roller comes to it within a quarter of a second: faster is no skin's doing."""
    wand = Wand(HOLD, TOUCH)
    wand.run(12.0)
    from_ohm = wand.app.treatment.impedance.z_ohm
    start_s = wand.now_s
    for step in range(240):  # each ms: in longer ones two frames may see the same, and then a fall
        now_ohm = round(from_ohm * (ohm / from_ohm) ** ((step + 1) / 240))
        at_s = start_s + 0.001 * (step + 1)
        wand.world.plan({"at_s": at_s, "touch": "resistor:%s" % now_ohm})
    wand.run(0.24)
    dose_uc = wand.app.treatment.dose.dose_uc
    wand.run(2.0)
    assert wand.state == "treating"
    assert wand.app.treatment.dose.dose_uc - dose_uc == pytest.approx(500, rel=0.02)


@pytest.mark.req("S-22", "F-08")
def test_a_touch_shorter_than_that_costs_its_dose_alone():
    """Metal brushed for 100 ms: the treatment goes on, and nothing of it was counted."""
    wand, dose_uc = met(1)
    wand.world.plan({"at_s": wand.now_s + limits.CONTACT_STABLE_MS / 3000, "touch": "hydrated"})
    wand.run(1.0)
    assert wand.state == "treating" and wand.app.treatment._low_ms == 0
    # Another load is at most a bounce as well: 0.9 s of 250 µA, or a little less.
    assert 150 < wand.app.treatment.dose.dose_uc - dose_uc < 228


@pytest.mark.req("S-04", "S-22")
def test_metal_that_leaves_is_a_lift():
    wand, _ = met(1)
    wand.run(0.1)
    wand.world.plan({"at_s": wand.now_s + 0.01, "lift": True})
    wand.run(1.0)
    assert wand.state == "lifted" and wand.app.treatment._low_ms == 0
