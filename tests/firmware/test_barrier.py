"""Skin without its barrier, seen at the first contact: skin, and no resistor [S-06]."""

import sys
from math import exp
from pathlib import Path

import pytest
from whole_wand import HOLD, Wand

from firmware import contact, limits, products, treatment
from firmware.barrier import Barrier
from firmware.calibration import Calibration
from firmware.limits import AFTER_PEEL_MAX_UA, BARRIER_LOW_OHM, BARRIER_MIN_OHM
from firmware.output import Output
from hal.sim import people
from hal.sim.layer import Tissue
from hal.sim.skin import Skin

sys.path[:0] = [str(Path(__file__).parents[2] / "tools/proof"), str(Path(__file__).parent)]

import barrier as proof  # noqa: E402
from plain_board import PlainBoard  # noqa: E402

WET_HAND = Tissue(1 / 40e-6, 20e-9, people.R_OPEN_OHM)  # the most that a palm conducts
DRY_HAND = people.hand("dry")  # 56 kΩ on the grip
OHM = {"none": proof.NO_LAYER, "peeled": (6e3, 20e-9, 2.3e3), "hydrated": (60e3, 20e-9, 2.3e3)}


def skin(face, area_cm2, hand=None):
    person = people.Person(Tissue(*OHM[face]), hand or people.hand("damp"))
    return Skin("met", person, area_cm2)


CASES = (
    ("none", 1, None, (0, 125)),  # ripple decides: the hand alone is close to the least
    ("none", 4, None, (0, 125)),
    ("none", 10, None, (0, 125)),
    ("none", 1, WET_HAND, (0, 125)),
    ("none", 4, WET_HAND, (0, 125)),
    ("peeled", 1, None, (125,)),
    ("peeled", 4, None, (125,)),
    ("none", 4, DRY_HAND, (125, 250)),  # it hides what is not there, but is slow
    ("peeled", 4, DRY_HAND, (125, 250)),  # hum decides, by when the roller comes
    ("peeled", 4, WET_HAND, (0, 125)),
    ("hydrated", 1, None, (250, 125)),  # 3 of 25: ripple makes a hand of it
    ("hydrated", 3, None, (250, 125)),
    ("hydrated", 10, WET_HAND, (125,)),  # as much as a tenth of it on 1 cm²: not refused
)


@pytest.mark.req("S-06", "F-03")
@pytest.mark.parametrize("product", ["vitamin-c", "magnesium"])
@pytest.mark.parametrize("face, area_cm2, hand, levels_ua", CASES)
def test_skin_gets_what_its_barrier_bears(face, area_cm2, hand, levels_ua, product):
    met = skin(face, area_cm2, hand)
    there_ohm = proof.there_ohm(met)
    read_ohm, ua = proof.meet(met, product, seed=area_cm2 + 1, parts=area_cm2)
    assert ua in levels_ua
    # Less than there is: 20 µA open its paths. Either way: hum and ripple, 0.45 kΩ rms.
    assert 0.8 * there_ohm - 1800 < read_ohm < 1.05 * there_ohm + 1800


@pytest.mark.req("S-06", "F-03")
@pytest.mark.parametrize("face, area_cm2, hand, levels_ua", CASES)
def test_so_does_a_wand_three_times_too_slow(face, area_cm2, hand, levels_ua):
    """A frame in 16 ms takes hum for what it is not, and may not see how slow a hand is.

    24 wands and phases of their hum on skin of 4.6 kΩ: -4.2 to +3.9 kΩ.
    """
    met = skin(face, area_cm2, hand)
    there_ohm = proof.there_ohm(met)
    read_ohm, ua = proof.meet(met, seed=area_cm2, parts=area_cm2, times=3)
    assert ua in levels_ua or (face == "none" and ua == 0) or hand is DRY_HAND
    assert 0.8 * there_ohm - 4500 < read_ohm < 1.05 * there_ohm + 4500


@pytest.mark.req("S-06", "F-07")
@pytest.mark.parametrize("motion", ["rolling", "hasty", "bumpy"])
@pytest.mark.parametrize("seed", range(1, 7))
def test_nobody_healthy_is_refused_and_nobody_without_a_barrier_gets_more_than_after_a_peel(
    seed, motion
):
    """Drawn people, wands and areas, rolling. A hand of 20 to 40 kΩ hides what there is not."""
    person = people.drawn(seed)
    healthy = Skin("met", proof.kind_of(person, "healthy"), 1.0 + seed / 2)
    assert proof.meet(healthy, seed=seed, parts=seed, motion=motion)[1] >= AFTER_PEEL_MAX_UA
    peeled = Skin("met", proof.kind_of(person, "none"), 1.0 + seed / 2)
    shows = proof.there_ohm(peeled) < 0.8 * BARRIER_LOW_OHM
    assert proof.meet(peeled, seed=seed, parts=seed, motion=motion)[1] <= 250 - 125 * shows


def on(met, product="vitamin-c", *events):
    """A wand that has this skin under its roller from 5 s on."""
    wand = Wand(HOLD, {"at_s": 5.06, "touch": "met"}, *events, product=product)
    wand.world._skins["met"] = met
    return wand


@pytest.mark.req("S-06", "F-04")
def test_a_product_for_after_a_peel_is_given_to_skin_without_a_barrier():
    wand = on(skin("none", 3, WET_HAND), "vitamin-c-peel")
    wand.until("treating")
    assert wand.app.treatment.probe.barrier_ohm < BARRIER_MIN_OHM
    assert 120 < wand.current_ua < 130


@pytest.mark.req("S-06", "F-03")
def test_no_more_than_the_low_level_flows_to_the_end_of_the_session():
    lift, again = {"at_s": 10.0, "lift": True}, {"at_s": 13.0, "touch": "met"}
    wand = on(skin("peeled", 3), "vitamin-c", lift, again)
    wand.until("treating")
    worst_na = 0
    while wand.now_s < 20:
        wand.tick()
        worst_na = max(worst_na, wand.app.output.regulator.setpoint_na)
    assert wand.state == "treating" and wand.app.treatment.lifts == 1
    assert worst_na == 1000 * AFTER_PEEL_MAX_UA
    assert 123 < wand.current_ua < 127


@pytest.mark.req("S-06", "S-04", "F-07")
@pytest.mark.parametrize("absent_s", [0.0003, 0.01, 0.1])
@pytest.mark.parametrize("into_s", [0.005, 0.03, 0.08, 0.2])
def test_a_roller_that_bounces_in_the_step_is_looked_at_again(into_s, absent_s):
    wand = on(skin("peeled", 3))
    wand.until("contact")
    while wand.app.treatment.probe._phase != contact.FALL:
        wand.tick()
    wand.world.plan({"at_s": wand.now_s + into_s, "lift": True})
    wand.world.plan({"at_s": wand.now_s + into_s + absent_s, "touch": "met"})
    wand.until("ramping", "refused", within_s=4)
    assert wand.app.treatment._target_na <= 1000 * AFTER_PEEL_MAX_UA
    assert wand.world.plant.touch_v < 0.5


@pytest.mark.req("S-06")
def test_it_takes_less_than_anybody_notices():
    """Contact to ramp: 0.3 s for what a search and a stable contact take, 0.25 s for this."""
    wand = on(skin("hydrated", 2))  # of more area the lag is close to the limit: twice, perhaps
    wand.until("contact")
    while wand.app.treatment.probe._phase != contact.FALL:
        wand.tick()
    from_s = wand.now_s
    wand.until("ramping")
    assert wand.now_s - from_s < 0.3


@pytest.mark.req("S-06", "F-07")
@pytest.mark.parametrize("dose_uc, known", [(0, False), (limits.BARRIER_NEW_UC, True)])
def test_skin_that_has_been_treated_is_not_judged_again(dose_uc, known):
    output = Output(PlainBoard(), Calibration())
    treated = treatment.Treatment(output)
    treated.begin(products.DEFAULT[0])
    treated.probe.barrier_ohm = 5000
    treated._low_level()
    treated._away_ms = limits.HOP_MS - 5
    treated.dose.dose_uc = dose_uc
    treated.searching(0, 5)
    assert (treated.probe.barrier_ohm == 5000) is known
    assert (treated._target_na == 1000 * AFTER_PEEL_MAX_UA) is known


class Reading:
    open = False

    def __init__(self, load_mv, load_na):
        self.load_mv = load_mv
        self.load_na = load_na


def measured(low=None, frames=True):
    """20 kΩ with leads, and electrodes that rise by 0.1 mV a tick."""
    low = low or Reading(165, 8000)
    one = Barrier()
    for left_ms in range(300, 0, -5):
        one.before(Reading(400, 20_000), frames or left_ms > 200, 5, left_ms)
    one.fall()
    while not one.after(low, True, 5):
        pass
    return one.ohm


@pytest.mark.req("S-06")
def test_too_few_frames_or_too_small_a_fall_measure_nothing():
    assert measured() == 17_583
    assert measured(frames=False) == -1
    assert measured(Reading(350, 17_000)) == -1
    assert measured(Reading(400, 8000)) == 0  # nothing but leads and electrodes


@pytest.mark.req("S-06")
@pytest.mark.parametrize("late_ms, hides", [(0, False), (4, False), (18, True)])
def test_a_voltage_that_follows_late_is_a_hands(late_ms, hides):
    """60 kΩ. 4 ms are a roller's of 67 nF, 18 ms a grip's of 300."""
    one = Barrier()
    for left_ms in range(300, 0, -5):
        one.before(Reading(1240, 20_000), True, 5, left_ms)
    one.fall()
    fell_ms, over = 0, False
    while not over:
        fell_ms += 5
        left_mv = round(806 * exp(-fell_ms / late_ms)) if late_ms else 0
        over = one.after(Reading(434 + left_mv, 7000), True, 5)
    assert abs(one.ohm - 60_000) < 2500 and one.hides is hides


@pytest.mark.req("S-06", "F-03")
def test_what_measures_nothing_is_looked_at_again():
    probe = contact.Probe()
    verdicts = []
    low = False
    while not verdicts or verdicts[-1] != contact.OFF or len(verdicts) < 9:
        found = contact.FALL in verdicts
        reading = Reading(40, 2_400) if contact.ON not in verdicts else Reading(400, 20_000)
        low = low or found
        verdicts.append(probe.step(reading, True, False, True, 5, 47_000))
    assert low and probe.barrier_ohm == -1
