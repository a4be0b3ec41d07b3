"""Faults by name: which part of the simulated wand each breaks, and how it is mended.

The circuit's faults live in the plant; the converters', the bus' and the processor's in their
twins: what a fault does to the circuit stands in circuit.py.
"""

from hal.sim import breaking
from hal.sim.circuit import FAULTS as CIRCUIT

NAMES = CIRCUIT + ("dac_full_scale", "adc_stuck", "i2c_hang", "mcu_hang", "monostable_stuck")
# What a script may name: those, and every part:kind.
ALL = NAMES + breaking.names()


def apply(world, name, present):
    """Break (`present` True) or mend one thing. ValueError names what is allowed."""
    if name in CIRCUIT:
        if present:
            world.plant.faults.add(name)
        else:
            world.plant.faults.discard(name)
    elif name == "dac_full_scale":
        world.dac.stuck_full_scale = present
    elif name == "adc_stuck":
        world.adc_stuck = present
    elif name == "i2c_hang":
        world.bus.hang = present
    elif name == "mcu_hang":
        world.mcu_hang = present
    elif name == "monostable_stuck":
        world.monostable.stuck = present
    elif name in breaking.SAME:
        apply(world, breaking.SAME[name], present)
    elif ":" in name:
        breaking.apply(world, name, present)
    else:
        raise ValueError("fault %s is unknown: allowed are %s" % (name, ", ".join(ALL)))
