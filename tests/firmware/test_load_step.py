"""What comes to lie beside the skin takes its current: named, not counted [S-05]."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import impedance


@pytest.mark.req("S-05", "F-08", "S-20")
@pytest.mark.parametrize("name", ["dummy:welded", "electrodes:leak_20k", "bleed:closed"])
@pytest.mark.parametrize("at_s", [8.3, 12.003])  # what begins in mid-frame may take two of them
def test_a_load_that_steps_down_ends_the_session_with_a_name(name, at_s):
    wand = Wand(HOLD, TOUCH, {"at_s": at_s, "fault": name})
    wand.until("fault", within_s=at_s + 0.1)
    assert wand.fault == "dummy_reading"
    plant = wand.world.plant
    plant._pay()
    counted_uc = wand.app.treatment.dose.dose_uc
    assert abs(counted_uc - plant.skin_charge_c * 1e6) <= 8 + 0.02 * counted_uc


@pytest.mark.req("S-05")
@pytest.mark.parametrize("name", ["dummy:welded", "bleed:closed"])
def test_what_lies_there_before_a_session_is_named_by_the_proof(name):
    wand = Wand({"at_s": 2.0, "fault": name}, HOLD, {"at_s": 9.0, "touch": "hydrated"})
    wand.until("fault", "refused", within_s=16)
    # With skin beside it a leak reads about what tells a part from a person.
    assert wand.fault == "dummy_reading" or (name[0] == "e" and wand.end == "touched")
    assert wand.world.plant.skin_charge_c < 50e-6


@pytest.mark.req("S-05", "F-03")
@pytest.mark.parametrize("seed", [1, 2, 5])
@pytest.mark.parametrize(
    "name, told",
    [("dummy:welded", "dummy_reading"), ("leak_20k", "touched"), ("gel_250k", "touched")],
)
def test_a_welded_dummy_is_a_fault_and_what_skin_could_be_asks_to_let_go(name, told, seed):
    """Ten seconds of tries, whose last one alone would say now this and now that."""
    fault = name if ":" in name else "electrodes:" + name
    wand = Wand({"at_s": 2.0, "fault": fault}, HOLD, seed=seed, parts=seed if seed % 2 else None)
    wand.until("refused", "fault", within_s=16)
    assert told == (wand.end if wand.state == "refused" else wand.fault)


@pytest.mark.req("S-05", "F-03", "S-08")
@pytest.mark.parametrize("seed", [1, 3, 6])
def test_a_hand_that_closes_and_opens_on_the_grip_is_none(seed):
    """Drawn people, a roller that stands: it takes a tenth of a second, and is no step."""
    grips = [
        {"at_s": 12.0 + 2.1 * i, "grip": grip}
        for i, grip in enumerate(("loose", "firm", "dry", "firm"))
    ]
    wand = Wand(HOLD, {"at_s": 5.0, "touch": "drawn:%d" % seed}, *grips)
    wand.run(20.4)
    assert wand.fault == "" and wand.state in ("ramping", "treating")


class Reading:
    def __init__(self, load_mv, load_na=250_000, saturated=False):
        self.load_mv = load_mv
        self.load_na = load_na
        self.load_ohm = impedance.load_ohm(load_mv, load_na)
        self.saturated = saturated


@pytest.mark.req("S-05")
@pytest.mark.parametrize(
    "mv, found",
    [
        ((5000,) * 5 + (4500, 4300, 4300), True),
        ((5000,) * 5 + (4600, 4500, 4500), False),  # less than a ninth
        ((5000, 5000, 4500, 4000, 3500, 3000, 2500, 2000), False),  # a hand that presses
        ((5000,) * 5 + (9000, 5000, 5000), False),  # a spark, and all is as it was
        ((5000,) * 2 + (3900,) * 3, False),  # nothing is known of before
    ],
)
def test_a_step_is_level_before_and_after(mv, found):
    step = impedance.Step()
    assert [one for one in mv if step.step(Reading(one))] == [mv[-1]] * found


@pytest.mark.req("S-05", "F-06")
@pytest.mark.parametrize("between", [Reading(100, 30_000), Reading(26_000, 100_000, True)])
def test_small_currents_and_an_exhausted_supply_are_no_measure(between):
    step = impedance.Step()
    for one in [Reading(5000)] * 8 + [between] + [Reading(2000)] * 5:
        assert not step.step(one)
