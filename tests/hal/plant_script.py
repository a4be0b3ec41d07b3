"""One second of everything: ramp, lift, re-contact, roll, faults, latch, reversal, switches.

Runs on CPython (imported) and on MicroPython (as a script, which prints the bits of every
number), so that the two can be held against each other.
"""

import struct
import sys

from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin

_FIELDS = (
    "i_load_a",
    "i_active_a",
    "i_peak_a",
    "skin_charge_c",
    "sense_a_v",
    "sense_b_v",
    "e1_v",
    "e2_v",
    "div_e1_v",
    "div_e2_v",
    "div_rail_v",
)


def _events(plant, skin, patch, tick):
    if tick == 60:
        plant.set_load(None)
    elif tick == 61:
        plant.k1 = plant.m2 = False
        plant.dac_v = 0.0
    elif tick == 70:
        plant.set_load(skin)
        plant.k1 = plant.m2 = True
    elif 80 <= tick < 100:
        plant.shift(area_cm2=3.0 - 0.05 * (tick - 80), patch=patch, share=0.1)
    elif tick == 100:
        plant.shift(grip="dry")
    elif tick == 105:
        plant.shift(grip_cm2=2.0)
    elif tick == 110:
        plant.faults.add("divider_open")
    elif tick == 120:
        plant.faults.clear()
        plant.faults.add("rset_short")
    elif tick == 130:
        plant.faults.clear()
        plant.reset_latch()
    elif tick == 150:
        plant.k1 = plant.m2 = False
        plant.bridge = 0
    elif tick == 160:
        plant.bridge = 1
        plant.k1 = plant.m2 = True
    elif tick == 190:
        plant.dummy = True


def run(seed=None):
    """Every output and the skin's state after every tick, as one list of numbers."""
    plant = Plant(Parts() if seed is None else Parts.random(seed))
    skin = make_skin("hydrated" if seed is None else "drawn:%d" % seed)
    patch = skin.patch(1.5)
    plant.bridge = 2
    plant.set_load(skin)
    plant.k1 = plant.m2 = True
    seen = []
    for tick in range(200):
        if not 61 <= tick < 70:
            plant.dac_v = min(tick, 150) * 0.0107
        _events(plant, skin, patch, tick)
        for us in (500, 163, 1000, 1163, 2174):
            plant.advance(us)
        seen.extend([getattr(plant, name) for name in _FIELDS])
        roller = skin.roller
        state = [roller.v, skin.hand.v, skin.v_dl, roller.open, roller.worn]
        seen.extend(state + [1.0 if plant.latched else 0.0])
    return seen


if __name__ == "__main__":
    for value in run(int(sys.argv[1]) if len(sys.argv) > 1 else None):
        bits = struct.unpack(">II", struct.pack(">d", value))
        print("%08x%08x" % bits)
