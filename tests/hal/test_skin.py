"""The skin model's own equations, and the values that a wand is built from.

The plant's two ways through a step of skin, the careful and the quick one, must agree.
"""

import math

import pytest

from hal.sim.parts import Lcg, Parts
from hal.sim.skin import make_skin

SKINS = ("hydrated", "dry", "very_dry", "peeled")


def fine(skin, i, seconds, h=2e-6):
    """Plain Euler in tiny steps: the equations of [E] as they are written there."""
    r_sc, c_sc = {
        "hydrated": (20e3, 90e-9),
        "dry": (200e3, 30e-9),
        "very_dry": (500e3, 30e-9),
        "peeled": (2e3, 90e-9),
    }[skin]
    v = w = p = 0.0
    for _ in range(round(seconds / h)):
        g = (1 + p) * (1 + (v / 8) ** 2) / r_sc
        p += h * (4 * v * v / (v * v + 25) - p) / 3
        v += h * (i - g * v) / c_sc
        w += h * (i - 3.2e-9 * math.sinh(w / 0.15)) / 30e-6
    return v, w, p


@pytest.mark.parametrize("name", SKINS)
@pytest.mark.parametrize("h", [20e-6, 100e-6])
def test_step_solves_the_equations(name, h):
    skin = make_skin(name)
    for _ in range(round(0.1 / h)):
        assert skin.step(100e-6, h, 0.0, True) == 100e-6
    v, w, p = fine(name, 100e-6, 0.1)
    assert skin.v_sc == pytest.approx(v, rel=2e-3)
    assert skin.v_dl == pytest.approx(w, rel=2e-3)
    assert skin.p == pytest.approx(p, rel=1e-2)


@pytest.mark.parametrize("name", SKINS)
def test_glide_is_step_without_feedback(name):
    quick, careful = make_skin(name), make_skin(name)
    for tick in range(2000):
        i = min(tick, 500) * 0.34e-6
        before = quick.v_sc + quick.v_dl
        assert before + quick.glide(i, 5e-3) == pytest.approx(quick.v_sc + quick.v_dl)
        careful.step(i, 5e-3, 0.0, True)
    for name in ("v_sc", "v_dl", "p"):
        assert getattr(quick, name) == pytest.approx(getattr(careful, name), rel=1e-9)


def test_a_step_that_moves_too_far_changes_nothing():
    skin = make_skin("dry")
    assert skin.step(500e-6, 5e-3, 0.0, False) is None
    assert skin.glide(500e-6, 5e-3) is None
    assert skin.v_sc == skin.v_dl == skin.p == 0.0


def test_skin_recovers_at_rest_and_remembers_for_seconds():
    skin = make_skin("hydrated")
    for _ in range(10_000):
        skin.step(250e-6, 1e-3, 0.0, True)
    p = skin.p
    assert p > 0.5
    skin.rest(3.0)
    assert skin.v_sc == pytest.approx(0, abs=1e-6)
    assert skin.p == pytest.approx(p / math.e, rel=0.02)
    skin.rest(60.0)
    assert skin.p < 1e-6


def test_turning_keeps_the_charge_where_it_is():
    skin = make_skin("hydrated")
    skin.glide(100e-6, 1e-4)
    v = skin.v_sc
    skin.turn(True)
    skin.turn(True)
    assert skin.v_sc == -v
    skin.turn(False)
    assert skin.v_sc == v


def test_area_scales_everything():
    small, large = make_skin("dry", 1.0), make_skin("dry", 3.0)
    for _ in range(1000):
        small.glide(20e-6, 5e-3)
        large.glide(60e-6, 5e-3)
    assert small.v_sc == pytest.approx(large.v_sc)
    assert small.v_dl == pytest.approx(large.v_dl)
    assert small.r_deep == pytest.approx(3 * large.r_deep)


def test_a_resistor_is_one():
    skin = make_skin("resistor:4700")
    assert skin.r_deep == 4700
    assert not skin.live
    skin.rest(10.0)


@pytest.mark.parametrize(
    "name, says",
    [
        ("wet", "unknown: choose dry, hydrated, peeled, very_dry or resistor:OHMS"),
        ("resistor:", "a number above 0"),
        ("resistor:-5", "a number above 0"),
        ("resistor:nan", "a number above 0"),
        ("resistor:two", "a number above 0"),
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
        "gain_b": 0.0225,
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
