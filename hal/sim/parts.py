"""Every component value of the reference circuit, nominal or drawn within its limits.

One object feeds the plant, the converters' twins and the SPICE netlist, so the three cannot
drift apart. `Parts.random(seed)` is one wand of a batch: the same on every interpreter.
"""

# Limits by part, as a fraction unless a unit is named. From the parts' datasheets as remembered
# by the design, to be checked before a layout [E]; where a grade exists the common one is taken.
_RESISTOR = 0.001  # R_SET, R_B, sense B's gain, setpoint divider, electrode dividers, dummy: 0.1 %
_LEAD = 0.01  # lead and bleed resistors: 1 %
_CAPACITOR = 0.05  # C0G filters
_C_OUT = 0.2  # output capacitance: mostly of switches and cable
_IP = 0.1  # 1N5294 pinch-off current ±10 % [E]
_RAIL = 0.02  # boost converter: 1 % reference, two 1 % resistors, typical corner
_B_GAIN = 0.002  # LTC6102: two resistors of 0.1 % make its gain
_B_OFFSET_V = 35e-6  # LTC6102: at its input, over temperature [E]
_OP_OFFSET_V = 0.5e-3  # rail-to-rail op-amp of the regulator
_COMPARATOR = 0.01  # threshold: 0.5 % reference and the comparator's offset
_CMP_LOW = 0.02  # the two resistors that pull it down, 1 % each
_CMP_OFFSET_V = 6.4e-3  # TLV3201: ±5 mV at the tap, which has 0.786 of sense B
_DAC_VDD = 0.03  # the Pico's 3.3 V [E]
# 74HC4060's session timer: C0G 5 %, 1 %, and a factor of its R·C between an ideal one's 2.17
# and the datasheet's typical 2.5.
_TIMER = 0.135
_DAC_REF = 0.002  # AD5693R, internal reference
_DAC_GAIN = 0.0016  # AD5693R, gain error in % of full scale
_DAC_OFFSET_V = 1.5e-3  # AD5693R, zero-code error: never negative
_FAST_GAIN = 0.01  # RP2040: its reference is the filtered 3.3 V supply
_FAST_OFFSET_V = 8.0e-3  # RP2040: 10 LSB
_PRECISE_GAIN = 0.0015  # ADS1115
_PRECISE_OFFSET_V = 375e-6  # ADS1115: 3 LSB
_SCHOTTKY = 0.3  # BAT54: 0.16 V at 20 µA ± 50 mV, over parts and temperature
_PHOTO_S = 2.5e-3  # LH1532: the longest that any takes, on or off
_PRECISE_CLOCK = 0.1  # ADS1115: data rate ±10 %


class Lcg:
    """A generator of our own: MicroPython's `random` gives another sequence than CPython's.

    Numerical Recipes' 32-bit constants; the low 16 bits, which repeat soon, are thrown away.
    """

    def __init__(self, seed):
        self.state = (int(seed) * 2654435761 + 12345) & 0xFFFFFFFF
        self.bits16()

    def bits16(self):
        """The next 0..65535."""
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return self.state >> 16

    def spread(self):
        """The next number in -1..+1, flat."""
        return (self.bits16() - 32767.5) / 32767.5


class Parts:
    """Nominal values [E]; SI units."""

    def __init__(self):
        self.seed = None
        # Supply and high side.
        self.rail_v = 27.0
        self.r_b = 1.0e3
        self.gain_b = 4990.0  # V/A: R_B, LTC6102 and its 4.99 kΩ together
        self.b_offset_v = 0.0  # at the sense B pin
        self.ip = 0.75e-3  # regulating diode: I = ip·tanh(u/crd_v) + u/crd_r
        self.crd_v = 1.2
        self.crd_r = 1.15e6
        # Low side.
        self.r_set = 2.0e3
        self.r_on = 5.0  # M1 and M2 fully on
        self.op_offset_v = 0.0
        # Setpoint divider 17.45 kΩ / 10.0 kΩ: 601 µA at the 3.3 V where the DAC ends.
        self.set_ratio = 10.0e3 / 27.45e3
        self.set_tau_s = 52e-6
        self.set_open_tau_s = 143e-6  # bottom resistor open: 17.45 kΩ · 8.2 nF
        # Electrodes.
        self.r_lead = 1.0e3
        self.r_dummy = 10.0e3
        self.r_dummy_anode = 6.1e3  # BAT54 beside it, forward where the roller is +, at 22 µA
        self.r_bleed = 47e3
        self.timer_s = 8192 * 2.33 * 820e3 * 100e-9  # 14 stages; docs/hardware.md, session timer
        self.r_across = 0.0  # a leak from roller to grip, 0 for none: breaking.py
        self.half_ohm = 0.0  # one transistor's diode of a bridge switch, forward; 0 for none
        self.r_short = 50.0  # two bridge switches in series across the supply of the bridge
        self.c_out = 470e-12
        self.c_switch = 275e-12  # bridge, K1 and M1 when off: what [E]'s lift times ask for
        # Electrode and rail dividers 10 MΩ / 1.1 MΩ, 100 pF.
        self.r_div = 11.1e6
        self.div_e1 = 1.1 / 11.1
        self.div_e2 = 1.1 / 11.1
        self.div_rail = 1.1 / 11.1
        self.div_tau_s = 99e-6
        # Comparator on sense B and what it opens.
        self.cmp_v = 0.638e-3 * 4990.0  # above full scale, below any diode: docs/hardware.md
        self.cmp_low = 392.0 / 12492.0  # of it, while the proof pulls it down: 20 µA
        self.cmp_offset_v = 0.0  # the comparator's own, at sense B: matters down there alone
        # Photo-MOS, LH1532's figures [DS]: on within 1.4 ms, off within 0.7, 2.5 ms at most.
        self.photo_on_s = 1.4e-3
        self.photo_off_s = 0.7e-3
        self.cmp_tau_s = 22e-6
        self.cmp_delay_us = 1  # comparator and latch
        self.open_delay_us = 12  # latch to current gone: M2's gate discharging
        # Converters: applied by their twins.
        self.dac_ref_v = 2.5
        self.dac_gain = 1.0
        self.dac_offset_v = 0.0
        self.dac_vdd_v = 3.3  # what no code and no bit gets past
        self.fast_gain = (1.0, 1.0, 1.0, 1.0)
        self.fast_offset_v = (0.0, 0.0, 0.0, 0.0)
        self.precise_gain = 1.0
        self.precise_offset_v = 0.0
        self.precise_clock = 1.0

    @classmethod
    def random(cls, seed):
        """One wand of a batch: every value drawn flat within its limits. Same seed, same wand."""
        p = cls()
        p.seed = seed
        draw = Lcg(seed).spread
        p.rail_v *= 1 + _RAIL * draw()
        r_b = 1 + _RESISTOR * draw()
        p.r_b *= r_b
        gain = (1 + _B_GAIN * draw()) * (1 + _RESISTOR * draw())
        p.gain_b *= r_b * gain
        p.b_offset_v = _B_OFFSET_V * draw() * 4.99 * gain
        p.ip *= 1 + _IP * draw()
        p.r_set *= 1 + _RESISTOR * draw()
        p.op_offset_v = _OP_OFFSET_V * draw()
        p.set_ratio = _ratio(17.45e3, 10.0e3, draw)
        p.set_tau_s *= 1 + _CAPACITOR * draw()
        p.r_lead *= 1 + _LEAD * draw()
        p.r_dummy *= 1 + _RESISTOR * draw()
        p.r_dummy_anode *= 1 + _SCHOTTKY * (p.r_dummy / 10.0e3 - 1) / _RESISTOR
        p.r_bleed *= 1 + _LEAD * draw()
        p.c_out *= 1 + _C_OUT * draw()
        p.c_switch *= 1 + _C_OUT * draw()
        p.div_e1 = _ratio(10e6, 1.1e6, draw)
        p.div_e2 = _ratio(10e6, 1.1e6, draw)
        p.div_rail = _ratio(10e6, 1.1e6, draw)
        p.div_tau_s *= 1 + _CAPACITOR * draw()
        p.cmp_v *= 1 + _COMPARATOR * draw()
        p.cmp_tau_s *= 1 + _CAPACITOR * draw()
        p.dac_ref_v *= 1 + _DAC_REF * draw()
        p.dac_gain *= 1 + _DAC_GAIN * draw()
        p.dac_offset_v = _DAC_OFFSET_V * (draw() + 1) / 2
        gain = 1 + _FAST_GAIN * draw()  # one reference: all four channels together
        offset = _FAST_OFFSET_V * draw()
        p.fast_gain = (gain, gain, gain, gain)
        p.fast_offset_v = (offset, offset, offset, offset)
        p.precise_gain = 1 + _PRECISE_GAIN * draw()
        p.precise_offset_v = _PRECISE_OFFSET_V * draw()
        p.precise_clock *= 1 + _PRECISE_CLOCK * draw()
        p.cmp_low *= 1 + _CMP_LOW * draw()
        p.cmp_offset_v = _CMP_OFFSET_V * draw()
        p.dac_vdd_v *= 1 + _DAC_VDD * draw()
        p.timer_s *= 1 + _TIMER * draw()
        p.photo_on_s = _PHOTO_S * (0.6 + 0.4 * draw())
        p.photo_off_s = _PHOTO_S * (0.6 + 0.4 * draw())
        return p


def _ratio(top, bottom, draw):
    top *= 1 + _RESISTOR * draw()
    bottom *= 1 + _RESISTOR * draw()
    return bottom / (top + bottom)
