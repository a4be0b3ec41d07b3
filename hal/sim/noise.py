"""Noise as it is: converters, mains hum on whoever holds the wand, ripple of the supply.

Drawn from a seed and laid down in tables of 0.1 s, in which 50 and 60 Hz both come round; looked
up by time, so that a session is the same on every interpreter. Ripple has a table of its own, of
0.5 s and a prime number of steps: means one after the other are of other ripple. Amplitudes:
design/domain.md, "Hum and noise"; the converters' are their datasheets'.
"""

from array import array
from math import pi, sin

from micropython import const

from hal.sim.parts import Lcg

STEP_US = const(500)
STEPS = const(200)
RIPPLE_STEPS = const(1009)
ZERO = const(512)  # of the fast converter's table, which has no negative numbers

# RP2040: 8.9 effective bits are 2.5 codes rms; the sum of four conversions has twice that.
_FAST_SUM_CODES = 5.0
_E11_CODES = 8.0  # erratum E11: four steps of so much, and the slope between them that makes up
# ADS1115 at ±4.096 V and 860 SPS: its noise is its step, peak to peak [DS] table 1.
PRECISE_CODES = 1.0
_TAP_V = 2.0e-3  # rms at a divider's pin: 1.1 MΩ takes it from 0.03 pF to the mains
_BODY_A = 0.14e-6  # rms through a person: 2 pF at 230 V, nearly all of it in the high side's sense
_LOW_SIDE = 0.1  # the low side's loop holds its own: what is left there
_RIPPLE_V = 1.0e-3  # peak at the dividers' pins: a boost converter that skips pulses


class Noise:
    """`level`: 0 for none, 1 for what is drawn; more is more than there is."""

    def __init__(self, seed=0, level=1.0):
        draw = Lcg(seed + 104729)
        unit = draw.spread
        self.mains_hz = 50 if draw.bits16() & 1 else 60
        root2 = 1.4142 * level
        a_v = root2 * _BODY_A * _LOW_SIDE * abs(unit()) * 2e3
        b_v = root2 * _BODY_A * abs(unit()) * 4990.0
        e1_v = root2 * _TAP_V * abs(unit())
        e2_v = root2 * _TAP_V * abs(unit())
        phases = [pi * unit() for _ in range(4)]
        code = 4096 / 3.3
        self.e11_codes = _E11_CODES * (1.0 if level else 0.0)
        self.precise_codes = PRECISE_CODES * level
        # Fast converter, what is added to the sum of four codes: sense A, sense B, e2, battery.
        self.fast = array("H", [ZERO] * (4 * STEPS))
        # Precise converter, volts at its pins.
        self.a_v = array("f", [0.0] * STEPS)
        self.e1_v = array("f", [0.0] * STEPS)
        self.e2_v = array("f", [0.0] * STEPS)
        self.ripple_v = array("f", [level * _RIPPLE_V * unit() for _ in range(RIPPLE_STEPS)])
        for i in range(STEPS):
            angle = 2.0 * pi * self.mains_hz * i * STEP_US * 1e-6
            a = a_v * sin(angle + phases[0])
            b = b_v * sin(angle + phases[1])
            e1 = e1_v * sin(angle + phases[2])
            e2 = e2_v * sin(angle + phases[3])
            self.a_v[i] = a
            self.e1_v[i] = e1
            self.e2_v[i] = e2
            for channel, v in enumerate((a, b, e2 + self.ripple_v[i], 0.0)):
                white = unit() + unit() + unit()  # nearly Gauss, rms 1
                codes = 4.0 * v * code + level * _FAST_SUM_CODES * white
                self.fast[4 * i + channel] = ZERO + int(codes + ZERO + 0.5) - ZERO
