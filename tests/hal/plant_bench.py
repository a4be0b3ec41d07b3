"""A plant with the gate on and current flowing, for the tests of the simulated circuit.

`settled` returns one in a steady state; `spend` lets time pass in steps of a chosen length and
can stop at a condition.
"""

from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin

DAC_V_PER_UA = 2000 * 27.45 / 10 * 1e-6


def set_ua(plant, ua):
    plant.dac_v = ua * DAC_V_PER_UA


def settled(skin="resistor:2000", ua=250, ms=50, parts=None, bridge=1):
    plant = Plant(parts or Parts())
    plant.k1 = plant.m2 = True
    plant.bridge = bridge
    plant.set_load(make_skin(skin) if isinstance(skin, str) else skin)
    plant.advance(1000)
    set_ua(plant, ua)
    for _ in range(ms):
        plant.advance(1000)
    plant.i_peak_a = 0.0
    plant.skin_charge_c = 0.0
    return plant


def spend(plant, us, step_us=1, until=None):
    """Let `us` pass; the µs after which `until(plant)` became true, or None."""
    for done in range(0, us, step_us):
        plant.advance(step_us)
        if until is not None and until(plant):
            return done + step_us
    return None


def parts_with(**values):
    parts = Parts()
    for name, value in values.items():
        setattr(parts, name, value)
    return parts
