"""Lift, contact, gate and setpoint edges of the simulated circuit, by the notes' figures [E].

The output's charge is what a person may feel: it is asked for in nC.
"""

import pytest
from plant_bench import parts_with, set_ua, settled, spend

from hal.sim.layer import Patch
from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin


@pytest.mark.parametrize("ua, after_us", [(500, 27), (250, 56), (50, 284), (20, 703)])
@pytest.mark.parametrize("step_us", [1, 50])
def test_lift_off_charges_the_output_to_the_rail(ua, after_us, step_us):
    plant = settled(ua=ua)
    plant.set_load(None)
    reached = spend(plant, 2000, step_us, lambda p: p.e1_v - p.e2_v >= 20)
    assert reached == pytest.approx(after_us, rel=0.03, abs=step_us)
    spend(plant, 5000, 500)
    assert plant.e1_v - plant.e2_v == pytest.approx(27.0, abs=0.05)
    assert plant.i_load_a == 0.0


@pytest.mark.parametrize("skin", ["resistor:500", "resistor:2000", "hydrated"])
@pytest.mark.parametrize("c_out, low_nc, high_nc", [(470e-12, 16, 21), (10e-9, 205, 275)])
def test_contact_with_the_source_on_discharges_the_output(skin, c_out, low_nc, high_nc):
    plant = settled(skin, parts=parts_with(c_out=c_out))
    load = plant.skin
    plant.set_load(None)
    spend(plant, 20_000, 1000)
    emf = load.emf()
    plant.i_peak_a = plant.skin_charge_c = 0.0
    before_v = plant.e1_v - plant.e2_v
    plant.set_load(load)
    us = 30 if c_out < 1e-9 else 300
    spend(plant, us, 10)
    assert 5.0e-3 < plant.i_peak_a < 11e-3
    if not load.live:
        assert plant.i_peak_a == pytest.approx((before_v - emf) / (2000 + load.r_deep), rel=1e-3)
    assert low_nc * 0.85 < plant.skin_charge_c * 1e9 - 0.25 * us < high_nc


def test_contact_after_the_gate_has_opened_discharges_nothing():
    plant = settled()
    load = plant.skin
    plant.set_load(None)
    spend(plant, 3000, 500)
    plant.k1 = plant.m2 = False
    spend(plant, 5000, 500)
    plant.skin_charge_c = plant.i_peak_a = 0.0
    plant.set_load(load)
    spend(plant, 1000, 100)
    assert plant.skin_charge_c < 0.1e-9
    assert plant.i_peak_a < 1e-6


def test_a_step_of_the_setpoint_is_read_within_half_a_millisecond():
    plant = settled(ua=0)
    set_ua(plant, 250)
    assert spend(plant, 2000, 10, lambda p: p.sense_a_v > 0.4995) <= 480
    assert spend(plant, 2000, 10, lambda p: p.div_e2_v < p.e2_v / 11.1 * 1.1 * 1.001) <= 480


def test_advance_by_nothing_shows_what_jumps():
    plant = settled()
    plant.k1 = plant.m2 = False
    plant.advance(0)
    assert plant.sense_a_v == plant.sense_b_v == 0.0
    assert plant.i_load_a == pytest.approx(252.3e-6, rel=1e-3)  # from the output capacitance
    spend(plant, 100, 10)
    assert plant.i_load_a < 1e-9


def test_a_plant_nobody_touches_rests():
    plant = Plant(Parts())
    spend(plant, 100_000, 5000)
    assert plant.i_load_a == plant.i_peak_a == plant.skin_charge_c == 0.0
    assert plant.sense_a_v == plant.sense_b_v == 0.0
    assert plant.div_rail_v == pytest.approx(27 * 1.1 / 11.1)
    plant.set_load(make_skin("hydrated"))
    spend(plant, 10_000, 5000)
    assert plant.i_load_a == 0.0


@pytest.mark.parametrize("step_us", [100, 5000])
def test_a_contact_that_changes_takes_no_short_steps_and_makes_no_spark(step_us):
    """A roller that grows, shrinks and rolls on, 50 times a second."""
    plant = settled("hydrated", ms=2000)
    charge_c = plant.skin_charge_c
    plant.i_peak_a = 0.0
    patches = [Patch(scale) for scale in (1.0, 2.0, 0.5)]
    for k in range(150):
        plant.shift(area_cm2=3.0 + (k % 5 - 2) * 0.1, patch=patches[k // 50], share=0.05)
        spend(plant, 20_000, step_us)
    assert plant.i_peak_a < 1.01 * plant.i_load_a
    assert plant.skin_charge_c - charge_c == pytest.approx(3.0 * plant.i_load_a, rel=2e-3)
    assert plant.skin.r_deep == pytest.approx(350 + 204 / 3.2 + 204 / 15)
    volts = plant.e1_v - plant.e2_v
    plant.shift(area_cm2=0.5, grip_cm2=1.0)
    plant.advance(500)
    assert plant.e1_v - plant.e2_v > volts + 0.1


def test_nothing_shifts_while_nothing_is_touched():
    plant = settled("resistor:2000")
    plant.shift(area_cm2=1.0, patch=Patch())
    assert plant.skin.r_deep == 2000
    plant.set_load(None)
    plant.shift(area_cm2=1.0)
    plant.advance(1000)
    assert plant.i_load_a == 0.0
