"""The dummy or the bleed across the output since the proof: found, or told at the end."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import parted


class Reading:
    def __init__(self, load_mv):
        self.load_mv = load_mv


def kept(dummy, bleed=0.8, window_ms=parted.ENDING_MS, every_ms=5, mv=500, drift=0.0):
    """(Parted, ms that it took) for a load that keeps these shares of its voltage."""
    one = parted.Parted()
    one.start(window_ms)
    shares = (1.0, dummy, bleed)
    laid, ms = parted.NOTHING, 0
    while not one.done:
        laid = one.step(Reading(int(mv * shares[laid] + drift * ms)), True, every_ms)
        ms += every_ms
        assert ms < 2000
    assert laid == parted.NOTHING
    return one, ms


@pytest.mark.req("S-05", "S-22")
@pytest.mark.parametrize("window_ms", [parted.FINDING_MS, parted.ENDING_MS])
@pytest.mark.parametrize("share, across", [(1.0, True), (0.91, True), (0.89, False), (0.5, False)])
def test_what_the_dummy_changes_nothing_of_is_the_dummy(window_ms, share, across):
    one, ms = kept(share, window_ms=window_ms)
    assert one.found == across
    windows = 6 if across else 3 if window_ms == parted.FINDING_MS else 6
    assert ms == windows * (window_ms + 20)


@pytest.mark.req("S-05", "S-22")
@pytest.mark.parametrize("share, across", [(1.0, True), (0.95, True), (0.93, False), (0.8, False)])
def test_what_the_bleed_changes_nothing_of_is_the_bleed(share, across):
    assert kept(0.5, share)[0].found == across
    assert not kept(0.5, share, parted.FINDING_MS)[0].found


@pytest.mark.req("S-21", "S-22")
def test_of_more_voltage_than_the_dummy_holds_it_is_not_asked():
    assert not kept(1.0, mv=700)[0].found
    assert kept(1.0, mv=699)[0].found
    one, ms = kept(1.0, 1.0, mv=6000)
    assert one.found and ms == 6 * 60


@pytest.mark.req("S-22")
@pytest.mark.parametrize("drift", [-0.5, 0.5])
def test_drift_is_neither(drift):
    assert not kept(0.85, 0.85, drift=drift)[0].found
    assert kept(1.0, drift=drift)[0].found
    assert kept(0.5, 1.0, drift=drift)[0].found


@pytest.mark.req("S-22")
def test_noise_of_no_voltage_says_nothing():
    assert not kept(1.0, mv=20)[0].found
    assert kept(1.0, mv=21)[0].found


@pytest.mark.req("S-22")
def test_once_is_a_hand_that_let_go():
    one = parted.Parted()
    one.start(parted.FINDING_MS)
    laid, ms = parted.NOTHING, 0
    while not one.done:
        laid = one.step(Reading(100 if ms < 360 or not laid else 50), True, 5)
        ms += 5
    assert not one.found and ms == 6 * 120


@pytest.mark.req("S-22", "R-01")
@pytest.mark.parametrize("every_ms", [1, 15, 45, 100])
def test_slow_and_fast_ticks_say_the_same(every_ms):
    assert kept(1.0, every_ms=every_ms)[0].found
    assert not kept(0.5, every_ms=every_ms)[0].found


@pytest.mark.req("S-05", "S-22", "F-11")
@pytest.mark.parametrize("at_s", [5.5, 6.5, 7.2])
@pytest.mark.parametrize("parts", [None, 1, 2])
def test_a_dummy_that_closes_while_skin_is_looked_for_is_not_treated(at_s, parts):
    wand = Wand(HOLD, parts=parts, seed=1)
    wand.run(at_s)
    wand.world.inject("dummy:welded")
    wand.until("fault", within_s=4.0)
    assert wand.fault == "dummy_reading" and wand.app.treatment.dose.dose_uc < 50


@pytest.mark.req("S-22", "F-08", "F-11")
@pytest.mark.parametrize("fault", ["dummy:welded", "bleed:closed"])
@pytest.mark.parametrize("seed", range(1, 5))
def test_what_closes_as_the_current_begins_to_rise_is_told_at_the_end(fault, seed):
    """Below 40 µA no step is seen: the session ends as a fault, not as complete."""
    wand = Wand(HOLD, TOUCH, seed=seed, parts=seed)
    wand.until("ramping")
    wand.run(0.2)
    wand.world.inject(fault)
    wand.run(8.0)
    assert wand.state == "treating"
    wand.world.press(0.1)
    wand.until("fault", within_s=2.0)
    assert wand.fault == "dummy_reading"


@pytest.mark.req("S-18", "S-22")
@pytest.mark.parametrize("product", ["vitamin-c", "zinc-pca"])
@pytest.mark.parametrize("skin", ["hydrated", "dry", "peeled", "resistor:9000", "resistor:4000"])
@pytest.mark.parametrize("seed", range(1, 5))
def test_a_healthy_session_ends_as_ever(product, skin, seed):
    wand = Wand(HOLD, dict(TOUCH, touch=skin), product=product, seed=seed, parts=seed)
    wand.until("treating", "refused")
    wand.run(5.0)
    if wand.state == "treating":
        wand.world.press(0.1)
        wand.until("stopping")
        begun_s = wand.now_s
        wand.until("done", within_s=1.2)
        assert wand.end == "stopped" and wand.now_s - begun_s < 1.1


@pytest.mark.req("S-21", "S-22")
def test_who_lets_go_while_the_dummy_lies_there_leaves_nothing_behind():
    wand = Wand(HOLD, dict(TOUCH, touch="resistor:6000"))
    while wand.app.output.laid != parted.DUMMY:
        wand.tick()
        assert wand.now_s < 9.0
    wand.world.lift()
    wand.run(1.0)
    assert wand.app.output.laid == parted.NOTHING and not wand.world.plant.dummy
    assert wand.state == "contact"
