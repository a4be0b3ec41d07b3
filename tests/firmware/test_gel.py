"""Gel from roller to grip is no skin: 250 kΩ beside the bleed, for ever [S-21, F-03]."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import limits, search


@pytest.mark.req("S-21", "S-15")
@pytest.mark.parametrize("at_s", [0.0, 2.0])
def test_gel_that_is_there_before_a_session_is_named(at_s):
    wand = Wand({"at_s": at_s, "fault": "electrodes:gel_250k"}, HOLD)
    wand.until("refused", within_s=16)
    assert wand.end == "touched"
    assert wand.world.plant.skin_charge_c < 3e-4  # in gel, of searches


@pytest.mark.req("S-21", "F-07")
def test_gel_that_comes_in_a_treatment_is_not_treated_when_the_roller_leaves():
    gel = {"at_s": 8.0, "fault": "electrodes:gel_250k"}
    again = {"at_s": 16.0, "touch": "hydrated"}
    wand = Wand(HOLD, TOUCH, gel, {"at_s": 10.0, "lift": True}, again)
    wand.until("lifted")
    before = wand.app.treatment.dose.dose_uc
    while wand.now_s < 15.9:
        wand.tick()
        assert wand.state == "lifted"
    assert wand.app.treatment.dose.dose_uc == before
    wand.until("ramping", within_s=2)  # skin again beside it
    assert wand.world.plant.touch_v < 0.5
    assert wand.world.plant.touch_c < 0.5e-9


class Reading:
    load_na = 2_400

    def __init__(self, load_mv):
        self.load_mv = load_mv


@pytest.mark.req("S-21", "F-03")
def test_very_dry_skin_is_found_once_the_air_has_been_seen():
    looking = search.Search()
    looking.air = False
    gel, air = Reading(95), Reading(113)

    def look(reading):
        found = False
        for _ in range(5 * limits.SEARCH_FRAMES):
            found = looking.step(reading, 47_000) or found
        return found

    assert not look(gel)
    assert not look(air)
    assert look(gel)
