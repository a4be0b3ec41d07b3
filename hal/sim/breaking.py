"""What can break in the wand, part by part: `part:kind`, by name, in scripts and campaigns.

`r_set:-10%` drifts, `monostable:slow` and `dac:reset` are a part's own ways, and the names of the
old table (faults.py) are here as well (`k1:short` is k1_stuck_on). Values are those of
design/electronics.md; a fault adds no part: it changes what is there.
"""

DRIFTS = ("-20%", "-10%", "-5%", "+5%", "+10%", "+20%")
# part: the value of Parts that drifts.
VALUES = {
    "r_set": "r_set",
    "r_b": "r_b",
    "sense_b": "gain_b",
    "diode": "ip",
    "rail": "rail_v",
    "setpoint_divider": "set_ratio",
    "lead": "r_lead",
    "dummy": "r_dummy",
    "bleed": "r_bleed",
    "output_capacitance": "c_out",
    "divider_e1": "div_e1",
    "divider_e2": "div_e2",
    "divider_rail": "div_rail",
    "comparator": "cmp_v",
}
# part:kind: the name that the circuit or a twin has for it.
SAME = {
    "setpoint_divider:open": "divider_open",
    "r_set:short": "rset_short",
    "r_set:open": "rset_open",
    "r_b:short": "rb_short",
    "m1:short": "m1_short",
    "m2:short": "m2_short",
    "k1:short": "k1_stuck_on",
    "bridge:closed": "bridge_stuck_closed",
    "bridge:open": "bridge_stuck_open",
    "bridge:stuck_1": "bridge_stuck_1",
    "bridge:stuck_2": "bridge_stuck_2",
    "dummy:welded": "dummy_welded",
    "diode:short": "diode_short",
    "comparator:dead": "comparator_dead",
    "dac:full_scale": "dac_full_scale",
    "fast_converter:frozen": "adc_stuck",
    "bus:hang": "i2c_hang",
    "mcu:hang": "mcu_hang",
    "monostable:stuck": "monostable_stuck",
}
# Across the roller and the grip: ohms. A person's ring, a wet bridge, gel from one to the other.
ACROSS = {"electrodes:shorted": 5.0, "electrodes:leak_20k": 20e3, "electrodes:gel_250k": 250e3,
          "electrodes:leak_700k": 700e3}
# Values that a part takes when it breaks: (value of Parts, factor).
BROKEN = {
    "rail:40V": ("rail_v", 40.0 / 27.0),
    "rail:12V": ("rail_v", 12.0 / 27.0),
    "bleed:open": ("r_bleed", 1e6),
    "bleed:short": ("r_bleed", 1e-2),
}
_GAIN_BIT = 0x0800  # of the DAC's control register: without it its range is a half


def _dac_reset(world, present):
    if present:  # a spike on its supply: it powers up at zero, and nobody is told
        world.dac.power_on()


def _dac_gain(world, present):
    control = world.dac.control
    world.dac.control = control & ~_GAIN_BIT if present else control | _GAIN_BIT


def _monostable_slow(world, present):
    world.monostable.timeout_us = 9500 if present else 3000


def _vbus_dead(world, present):
    world.vbus_dead = present


def _bleed_closed(world, present):
    world.plant.bleed_stuck = present
    world.plant.rebuild()


def _threshold_low(world, present):
    world.plant.threshold_stuck = True if present else None
    world.plant.rebuild()


def _threshold_high(world, present):
    world.plant.threshold_stuck = False if present else None
    world.plant.rebuild()


def _bridge_half(world, present):
    world.parts.half_ohm = 100.0 if present else 0.0
    world.plant.rebuild()


def _timer_dead(world, present):
    world.timer.dead = present


def _timer_mute(world, present):
    world.timer.mute = present


def _timer_over(world, present):
    world.timer.break_over(present)


def _latch_stuck(world, present):
    world.plant.latch_stuck = present


def _latch_open(world, present):
    world.plant.latch_open = present


def _latch_alone(world, present):
    world.plant.latch_alone = present


def _crystal_half(world, present):
    """All that has a clock of its own is twice as fast; what flows keeps its time here."""
    factor = 2 if present else 1
    world.adc.set_rate(world.parts.precise_clock * factor)
    world.crystal = factor
    world.monostable.timeout_us = 3000 // factor
    world.timer.timeout_us = round(world.parts.timer_s * 1e6) // factor


def _fast_reference(world, present):
    world.fast_factor = 1 / 1.08 if present else 1.0


def _enable_stuck(world, present):
    world.enable_stuck = present


def _precise_gain(factor):
    def set_gain(world, present):
        world.adc.gain = world.parts.precise_gain * (factor if present else 1.0)

    return set_gain


def _k1_line(world, present):
    world.k1_line_alone = present


def _m2_line(world, present):
    world.m2_line_alone = present


def _sign_diode(world, present):
    """The dummy is the same in both positions."""
    parts = world.parts
    _scale(world, "sign_diode", "r_dummy_anode", parts.r_dummy / parts.r_dummy_anode, present)


def _dac_reference(world, present):
    world.dac.reference_v = world.parts.dac_ref_v * (1.1 if present else 1.0)


OWN = {
    "dac:reset": _dac_reset,
    "dac:gain_bit": _dac_gain,
    "dac:reference+10%": _dac_reference,
    "monostable:slow": _monostable_slow,
    "crystal:half": _crystal_half,
    "fast_converter:+8%": _fast_reference,
    "bridge:half": _bridge_half,
    "bleed:closed": _bleed_closed,
    "threshold:low": _threshold_low,
    "threshold:high": _threshold_high,
    "timer:dead": _timer_dead,
    "timer:mute": _timer_mute,
    "timer:over": _timer_over,
    "latch:stuck": _latch_stuck,
    "latch:open": _latch_open,
    "latch:to_gates": _latch_alone,
    "vbus_detector:dead": _vbus_dead,
    "output_gate:stuck_high": _enable_stuck,
    "precise_converter:-8%": _precise_gain(0.92),
    "precise_converter:-4%": _precise_gain(0.96),
    "k1:enable_stuck": _k1_line,
    "m2:enable_stuck": _m2_line,
    "sign_diode:open": _sign_diode,
}


def names():
    """Every fault, in the order of the table."""
    drifts = [part + ":" + drift for part in VALUES for drift in DRIFTS]
    return tuple(SAME) + tuple(BROKEN) + tuple(ACROSS) + tuple(OWN) + tuple(drifts)


def apply(world, name, present):
    """Break or mend one. ValueError names what is allowed."""
    if name in OWN:
        OWN[name](world, present)
        return
    if name in ACROSS:
        world.parts.r_across = ACROSS[name] if present else 0.0
    elif name in BROKEN:
        value, factor = BROKEN[name]
        _scale(world, name, value, factor, present)
    else:
        part, _, drift = name.partition(":")
        if part not in VALUES or drift not in DRIFTS:
            raise ValueError("fault %s is unknown: allowed are %s" % (name, ", ".join(names())))
        diode = 1.0 / world.parts.r_dummy_anode - 1.0 / world.parts.r_dummy
        _scale(world, name, VALUES[part], 1 + int(drift[:-1]) / 100, present)
        if part == "dummy":  # its diode stays as it is, beside it
            world.parts.r_dummy_anode = 1.0 / (diode + 1.0 / world.parts.r_dummy)
    world.plant.rebuild()


def _scale(world, name, value, factor, present):
    """What it was is kept, so that an intermittent fault leaves no rounding behind."""
    if present and name not in world.healthy:
        world.healthy[name] = getattr(world.parts, value)
        setattr(world.parts, value, world.healthy[name] * factor)
    elif not present and name in world.healthy:
        setattr(world.parts, value, world.healthy.pop(name))
