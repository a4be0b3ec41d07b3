"""The hand that moves, and noise: drawn by seed, within what is written there."""

import pytest

from hal.sim.motion import KINDS, Motion
from hal.sim.noise import STEPS, ZERO, Noise
from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin


def moved(kind, seed=1, seconds=60):
    """(µs, contact, cm²) of a minute, and the motion."""
    plant, skin = Plant(Parts()), make_skin("hydrated")
    plant.bridge = 1
    motion = Motion(kind, seed)
    plant.set_load(skin)
    plant.advance(0)
    motion.begin(skin, 0)
    seen = []
    while motion.next_us < seconds * 1_000_000:
        plant.advance(motion.next_us - plant.now_us)
        motion.step(plant, plant.now_us)
        plant.advance(0)
        seen.append((plant.now_us, plant.skin is not None, skin.roller.area_cm2))
    return seen, motion


@pytest.mark.req("F-07")
def test_still_is_still():
    assert moved("still")[0] == []


@pytest.mark.req("F-07")
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"still"}))
def test_absences_last_as_long_as_written_and_areas_stay_within(kind):
    seen, motion = moved(kind)
    low_ms, high_ms = KINDS[kind][5:]
    lifted_us, absences = None, []
    for at_us, contact, area_cm2 in seen:
        assert 1.0 <= area_cm2 <= 4.0
        if not contact and lifted_us is None:
            lifted_us = at_us
        elif contact and lifted_us is not None:
            absences.append((at_us - lifted_us) / 1000)
            lifted_us = None
    assert absences and all(low_ms <= ms <= high_ms + 0.001 for ms in absences)
    assert len(absences) in (motion.absences, motion.absences - 1)
    assert 0.3 < 60 / len(absences) / KINDS[kind][4] < 3.0
    assert max(row[2] for row in seen) > 2.5 > min(row[2] for row in seen)


@pytest.mark.req("F-07")
def test_the_same_seed_is_the_same_hand_and_another_is_another():
    assert moved("hasty", 3)[0] == moved("hasty", 3)[0] != moved("hasty", 4)[0]


@pytest.mark.req("F-07")
def test_who_takes_the_roller_off_ends_it():
    _, motion = moved("bumpy")
    motion.end()
    assert motion.next_us == Motion("still").next_us


@pytest.mark.req("F-07")
def test_an_unknown_motion_is_refused():
    with pytest.raises(ValueError, match="choose bumpy, hasty, rolling, still"):
        Motion("dancing")


@pytest.mark.req("F-09", "R-01")
def test_noise_is_hum_ripple_and_converters_and_no_more():
    drawn = [Noise(seed) for seed in range(30)]
    assert {noise.mains_hz for noise in drawn} == {50, 60}
    for noise in drawn:
        for volts, most_v in ((noise.a_v, 5e-5), (noise.e1_v, 4e-3), (noise.e2_v, 4e-3)):
            assert max(map(abs, volts)) < most_v
            assert abs(sum(volts)) / STEPS < 3e-4
        spread = [value - ZERO for value in noise.fast]
        assert max(map(abs, spread)) < 50
        assert abs(sum(spread)) / len(spread) < 1.0
    assert max(max(noise.e2_v) for noise in drawn) > 2e-3
    silent = Noise(1, 0.0)
    assert set(silent.fast) == {ZERO} and not any(silent.e1_v) and silent.precise_codes == 0
