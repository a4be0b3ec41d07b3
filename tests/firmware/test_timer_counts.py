"""The timer without software: proven to count, and begun anew, before every session [S-07]."""

import pytest
from test_selftest import Bench
from whole_wand import HOLD, TOUCH, Wand

from firmware.limits import SESSION_MAX_MS
from hal.sim.parts import Parts


@pytest.mark.req("S-07", "S-15")
@pytest.mark.parametrize("at_s", [0.0, 1.0])
def test_one_that_stands_is_named_before_anybody_is_treated(at_s):
    wand = Wand({"at_s": at_s, "fault": "timer:dead"}, HOLD, TOUCH)
    wand.until("fault", within_s=5)
    assert wand.fault == "monostable" and wand.world.plant.skin_charge_c == 0.0


@pytest.mark.req("S-07", "S-15", "S-20")
def test_one_that_stops_after_a_session_is_named_before_the_next():
    again = {"at_s": 14.0, "press_s": 1.7}
    wand = Wand(HOLD, TOUCH, {"at_s": 10.0, "press_s": 0.1}, {"at_s": 11.0, "lift": True}, again)
    wand.until("done", within_s=12)
    wand.run(1.0)
    wand.world.inject("timer:dead")
    wand.world.timer.ticks(wand.world.now_us)
    wand.until("fault", within_s=5)
    assert wand.fault == "monostable"


@pytest.mark.req("S-07", "S-15")
def test_the_rail_goes_off_and_on_as_a_session_begins_and_no_other_time():
    bench = Bench()
    told = []
    set_rail = bench.board.set_rail

    def watched(on):
        told.append(on)
        set_rail(on)

    bench.board.set_rail = watched
    assert bench.self_test() == "" and told == [True]
    assert bench.proof() == "" and told == [True, False, True]
    bench.board.counts = False
    assert bench.proof() == "monostable" and told == [True, False, True]


@pytest.mark.req("S-07", "S-20")
@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_sessions_in_a_row_are_not_ended_by_it(seed):
    """It counted from power-on: the second session was ended in its middle, as zero_reading.

    A timer of 15 s here, and two sessions of less on a wand that sleeps at no time.
    """

    def short(world):
        world.timer.timeout_us = 15_000_000

    events = [HOLD, TOUCH, {"at_s": 12.0, "press_s": 0.1}, {"at_s": 13.0, "lift": True},
              {"at_s": 15.0, "press_s": 1.7}, {"at_s": 18.0, "touch": "hydrated"}]  # fmt: skip
    wand = Wand(*events, prepare=short)
    wand.until("done", within_s=14)
    wand.until("treating", "fault", within_s=12)
    wand.run(29.0 - wand.now_s)
    assert wand.fault == "" and wand.state == "treating"
    timer_s = Parts().timer_s if seed is None else Parts.random(seed).timer_s
    assert timer_s > SESSION_MAX_MS / 1000
