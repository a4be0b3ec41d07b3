"""The skin model's own equations, and the values that a wand is built from.

The plant's two ways through a step of skin, the careful and the quick one, must agree.
"""

import math

import pytest

from hal.sim.layer import Patch
from hal.sim.parts import Lcg, Parts
from hal.sim.skin import make_skin

# As docs/skin.md has them: Ω·cm², F/cm², Ω·cm² of open paths.
TISSUES = {
    "hydrated": (60e3, 20e-9, 2.3e3),
    "dry": (840e3, 20e-9 / 1.5, 32.2e3),
    "very_dry": (3e6, 10e-9, 350e3),
    "peeled": (6e3, 20e-9, 2.3e3),
}
PALM = TISSUES["hydrated"]
VOLTS = ("v_sc", "v_hand", "v_dl")


def euler(tissue, i, area_cm2, hold_v, seconds, h=2e-6):
    """One layer in tiny steps: volts, S/cm² open, S/cm² worn."""
    r0, c, r_open = tissue
    j = i / area_cm2
    v = opened = worn = 0.0
    for _ in range(round(seconds / h)):
        g = (1 + v * v / 64) / r0 + opened + worn
        v += h * (j - g * v) / c
        opened += h * (j / hold_v * (1 - opened * r_open) - opened) / 2
        worn += h * (j * 20.4 * (6.8 / r0 - worn) - worn / 1170)
    return v, opened, worn


def fine_dl(i, seconds, h=2e-6):
    w = 0.0
    for _ in range(round(seconds / h)):
        w += h * (i - 3.2e-9 * math.sinh(w / 0.15)) / 30e-6
    return w


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", TISSUES)
@pytest.mark.parametrize("h", [20e-6, 100e-6])
def test_step_solves_the_equations(name, h, turned):
    skin = make_skin(name)
    skin.turn(turned)
    for _ in range(round(0.1 / h)):
        assert skin.step(100e-6, h, 0.0, True) == 100e-6
    signs = (1.58, 2.64) if turned else (2.64, 1.58)
    for layer, tissue, area_cm2, hold_v in (
        (skin.roller, TISSUES[name], 3.0, signs[0]),
        (skin.hand, PALM, 15.0, signs[1]),
    ):
        v, opened, worn = euler(tissue, 100e-6, area_cm2, hold_v, 0.1)
        assert layer.v == pytest.approx(v, rel=2e-3)
        assert layer.open == pytest.approx(opened, rel=1e-3)
        assert layer.worn == pytest.approx(worn, rel=1e-3)
    assert skin.v_dl == pytest.approx(fine_dl(100e-6, 0.1), rel=2e-3)
    assert skin.emf() == pytest.approx(sum(getattr(skin, volts) for volts in VOLTS))


@pytest.mark.parametrize("h", [20e-6, 50e-6])  # STEP_S: what the plant takes at an edge
def test_step_shares_a_falling_current_rightly(h):
    """The skin discharges through 2.4 kΩ: three voltages pull on one current."""
    found = []
    for step in (h, 0.5e-6):
        skin = make_skin("hydrated")
        for _ in range(40):
            skin.step(250e-6, 1e-3, 0.0, True)
        charge = 0.0
        for _ in range(round(400e-6 / step)):
            charge += skin.step(-skin.emf() / 2400, step, 1 / 2400, True) * step
        found.append([skin.v_sc, skin.v_hand, charge * 1e6])
    for careless, careful in zip(*found):
        assert careless == pytest.approx(careful, rel=1e-2, abs=0.01)  # of 1 V and 0.3 µC


@pytest.mark.parametrize("name", TISSUES)
def test_glide_is_step_without_feedback(name):
    quick, careful = make_skin(name), make_skin(name)
    for tick in range(2000):
        i = min(tick, 500) * 0.34e-6
        before = quick.emf()
        assert before + quick.glide(i, 5e-3) == pytest.approx(quick.emf())
        careful.step(i, 5e-3, 0.0, True)
    assert state(quick) == pytest.approx(state(careful), rel=1e-9)


def state(skin):
    layers = [skin.roller, skin.hand]
    return [skin.v_dl] + [x for one in layers for x in (one.v, one.open, one.worn)]


def test_a_step_that_moves_too_far_changes_nothing():
    skin = make_skin("dry")
    assert skin.step(500e-6, 5e-3, 0.0, False) is None
    assert skin.glide(500e-6, 5e-3) is None
    assert state(skin) == [0.0] * 7


def test_a_step_can_be_taken_back():
    skin = make_skin("hydrated")
    skin.step(100e-6, 1e-3, 0.0, True)
    before = state(skin)
    skin.step(100e-6, 1e-3, 1e-4, True)
    assert state(skin) != before
    skin.undo()
    assert state(skin) == before


def test_skin_recovers_at_rest_and_remembers():
    skin = make_skin("hydrated")
    for _ in range(10_000):
        skin.step(250e-6, 1e-3, 0.0, True)
    opened, worn = skin.roller.open, skin.roller.worn
    assert opened > 1e-5 and worn > 1e-6
    skin.rest(2.0)
    assert skin.v_sc == pytest.approx(0, abs=1e-6)
    assert skin.roller.open == pytest.approx(opened / math.e)
    skin.rest(1168.0)
    assert skin.roller.open < 1e-12
    assert skin.roller.worn == pytest.approx(worn / math.e, rel=1e-3)


def test_turning_keeps_the_charge_where_it_is():
    skin = make_skin("hydrated")
    skin.glide(100e-6, 1e-4)
    v = skin.v_sc
    skin.turn(True)
    skin.turn(True)
    assert skin.v_sc == -v
    skin.turn(False)
    assert skin.v_sc == v


def test_area_scales_what_lies_under_the_roller_and_nothing_else():
    small, large = make_skin("dry", 1.0), make_skin("dry", 3.0)
    for _ in range(1000):
        small.step(20e-6, 5e-3, 0.0, True)
        large.step(60e-6, 5e-3, 0.0, True)
    assert small.v_sc == pytest.approx(large.v_sc)
    assert small.v_dl == pytest.approx(large.v_dl)
    assert small.v_hand < large.v_hand
    assert small.r_deep == pytest.approx(350 + 204 + 13.6)
    assert large.r_deep == pytest.approx(350 + 68 + 13.6)


def charged(area_cm2=3.0):
    skin = make_skin("hydrated", area_cm2)
    for _ in range(1000):
        skin.step(100e-6, 5e-3, 0.0, True)
    return skin


def test_a_contact_that_grows_takes_rested_skin_in():
    skin = charged(2.0)
    volts, opened, worn = skin.v_sc, skin.roller.open, skin.roller.worn
    skin.set_area(4.0)
    assert skin.v_sc == pytest.approx(volts / 2)  # the same charge over twice as much
    assert skin.roller.open == pytest.approx(opened / 2)
    assert skin.roller.worn == pytest.approx(worn / 2)
    skin.set_area(1.0)
    assert skin.v_sc == pytest.approx(volts / 2)
    assert skin.r_deep == pytest.approx(350 + 204 + 13.6)


def test_a_grip_that_loosens_raises_the_resistance():
    tight, loose = make_skin("hydrated"), make_skin("hydrated")
    loose.set_grip(0.5)
    for _ in range(100):
        tight.step(100e-6, 5e-3, 0.0, True)
        loose.step(100e-6, 5e-3, 0.0, True)
    assert loose.v_hand > 5 * tight.v_hand
    assert loose.r_deep > tight.r_deep + 390


def test_a_patch_remembers_and_a_fresh_one_knows_nothing():
    skin = charged()
    opened, worn = skin.roller.open, skin.roller.worn
    old, new = Patch(), Patch(2.0)
    skin.leave(old, 0)
    skin.roll(new, 1.0, 0)
    assert (skin.v_sc, skin.roller.open, skin.roller.worn) == (0.0, 0.0, 0.0)
    assert skin.roller.g0 == pytest.approx(1 / (2 * 60e3))
    skin.roll(old, 1.0, 2_000_000)
    assert skin.roller.open == pytest.approx(opened / math.e)
    assert skin.roller.worn == pytest.approx(worn * math.exp(-2 / 1170))
    assert skin.roller.g0 == pytest.approx(1 / 60e3)


def test_rolling_by_shares_comes_to_the_same_place():
    skin = charged()
    volts = skin.v_sc
    skin.roll(Patch(), 0.05, 0)
    assert skin.v_sc == pytest.approx(0.95 * volts)
    for _ in range(400):
        skin.roll(Patch(), 0.05, 0)
    assert skin.roller.open < 1e-12 and skin.roller.worn < 1e-12


@pytest.mark.req("R-01")
def test_a_roller_brings_metal_without_charge_and_stretches_the_skin():
    skin = charged()
    metal_v, rest_v = skin.v_dl, skin.v_hand
    skin.roll(Patch(potential_v=0.012), 1.0, 0)
    assert skin.v_dl == pytest.approx(metal_v / 2)
    assert skin.v_moved == pytest.approx(0.012)
    assert skin.emf() == pytest.approx(rest_v + metal_v / 2 + 0.012)
    skin.turn(not skin.turned)
    assert skin.v_moved == pytest.approx(-0.012)  # the same skin, seen from the other side
    skin.roll(Patch(potential_v=-0.008), 0.5, 0)
    assert skin.v_moved == pytest.approx(-0.002)


def test_a_resistor_is_one():
    skin = make_skin("resistor:4700")
    assert skin.r_deep == 4700
    assert not skin.live
    skin.set_area(1.0)
    skin.set_grip(1.0)
    skin.roll(Patch(), 1.0, 0)
    skin.leave(Patch(), 0)
    skin.turn(True)
    skin.rest(10.0)
    assert skin.r_deep == 4700 and skin.emf() == 0.0


@pytest.mark.parametrize(
    "name, says",
    [
        ("wet", "unknown: choose dry, hydrated, peeled, very_dry, drawn:SEED or resistor:OHMS"),
        ("resistor:", "a number above 0"),
        ("resistor:-5", "a number above 0"),
        ("resistor:nan", "a number above 0"),
        ("resistor:two", "a number above 0"),
        ("drawn:", "drawn:SEED wants a whole number, as drawn:7"),
        ("drawn:-1", "wants a whole number"),
        ("drawn:1.5", "wants a whole number"),
        ("drawn:1234567890", "wants a whole number"),
    ],
)
def test_a_wrong_name_is_refused_in_one_line(name, says):
    with pytest.raises(ValueError) as caught:
        make_skin(name)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("area", [0.0, -1.0, 1000.0, float("nan")])
def test_an_impossible_area_is_refused(area):
    with pytest.raises(ValueError, match="area"):
        make_skin("dry", area)
    with pytest.raises(ValueError, match="area"):
        make_skin("dry").set_area(area)
    with pytest.raises(ValueError, match="area"):
        make_skin("dry").set_grip(area)


# --- parts -------------------------------------------------------------------------------------


def test_same_seed_same_wand_other_seed_another():
    one, same, other = Parts.random(1), Parts.random(1), Parts.random(2)
    assert vars(one) == vars(same)
    assert one.ip != other.ip
    assert vars(Parts()) == vars(Parts())


def test_every_wand_keeps_to_the_datasheets():
    nominal = Parts()
    limits = {
        "ip": 0.1,
        "r_set": 0.001,
        "r_b": 0.001,
        "r_dummy": 0.001,
        "r_lead": 0.01,
        "gain_b": 0.004,
        "rail_v": 0.02,
        "cmp_v": 0.01,
        "div_e1": 0.002,
        "div_e2": 0.002,
        "set_ratio": 0.002,
        "dac_ref_v": 0.002,
        "c_out": 0.2,
    }
    wide = dict.fromkeys(limits, 0.0)
    for seed in range(300):
        parts = Parts.random(seed)
        assert 0.0 <= parts.dac_offset_v <= 1.5e-3
        assert abs(parts.op_offset_v) <= 0.5e-3
        for name, limit in limits.items():
            off = abs(getattr(parts, name) / getattr(nominal, name) - 1)
            assert off <= limit * 1.001, name
            wide[name] = max(wide[name], off)
    for name, limit in limits.items():
        assert wide[name] > 0.4 * limit, f"{name} never comes near its limit"


def test_generator_is_flat_and_its_own():
    draw = Lcg(3).spread
    numbers = [draw() for _ in range(4000)]
    assert -1 <= min(numbers) < -0.99 and 0.99 < max(numbers) <= 1
    assert abs(sum(numbers) / len(numbers)) < 0.05
    assert [Lcg(1).bits16() for _ in range(2)] == [Lcg(1).bits16()] * 2
