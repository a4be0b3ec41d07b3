"""The skin between the electrodes: one deep resistance, the horny layer, the electrodes.

Two nonlinear RC pairs in series [E]: v_sc over the horny layer, whose conductance grows with
the voltage at once and, by way of p, within seconds; v_dl over the electrodes' double layers.
"""

from math import exp

import micropython
from micropython import const

_V0_INV2 = const(0.015625)  # 1/v0², v0 = 8 V: the horny layer conducts twice as well [E]
_V0_INV2_3 = const(0.046875)  # 3/v0²: the slope of that
_V1_2 = const(25.0)  # v1², v1 = 5 V: p halfway to its end value [E]
_P_MAX = const(4.0)  # [E]
_P_TAU_S = const(3.0)  # [E]
_DL_V_INV = const(6.666666666666667)  # 1/V, slope of the electrode reaction [E]

STEP_MAX_V = 0.5  # largest move of the horny layer in one step [E]

# name: R_sc0, C_sc for 3 cm² [E]
_KINDS = {
    "hydrated": (20e3, 90e-9),
    "dry": (200e3, 30e-9),
    "very_dry": (500e3, 30e-9),
    "peeled": (2e3, 90e-9),
}


class Skin:
    """Voltages are in the circuit's direction; `turned` says which electrode is +."""

    def __init__(self, name, r_deep, r_sc=0.0, c_sc=0.0, i_dl=0.0, c_dl=0.0):
        self.name = name
        self.r_deep = r_deep
        self.live = r_sc > 0.0  # False: a plain resistor on the bench
        self.v_sc = 0.0
        self.v_dl = 0.0
        self.p = 0.0
        self.turned = False
        self.left_us = None  # plant time when it was last let go
        if self.live:
            # Divided once, as the step below runs up to 200 times a second of a session.
            self.sc_inv = 1.0 / c_sc
            self.sc_rate = 1.0 / (r_sc * c_sc)  # 1/s
            self.dl_inv = 1.0 / c_dl
            self.dl_leak = 0.5 * i_dl / c_dl  # V/s
            self.dl_rate = self.dl_leak * _DL_V_INV  # 1/s
        self._h = 0.0
        self._p_keep = 1.0

    def turn(self, turned):
        """The bridge has been reversed: the same charge now stands the other way round."""
        if turned != self.turned:
            self.turned = turned
            self.v_sc = -self.v_sc
            self.v_dl = -self.v_dl

    @micropython.native
    def step(self, i, h, g, any_move):
        """Carry current `i` for `h` seconds; `g`: by how much `i` falls per volt of our rise.

        Exponential Rosenbrock for the two voltages, exact for p. Returns the mean current, or
        None with nothing changed where v_sc would move too far, unless `any_move`.
        """
        if h != self._h:
            self._h = h
            self._p_keep = exp(-h / _P_TAU_S)
        # Double layer: slow.
        w = self.v_dl
        e = exp(w * _DL_V_INV)
        d = 1.0 / e
        inv = self.dl_inv
        z = h * ((e + d) * self.dl_rate + g * inv)
        w_move = (i * inv - (e - d) * self.dl_leak) * h * (1.0 - exp(-z)) / z
        # Horny layer: fast. What is slow beside it, p and the double layer's pull on the
        # current, counts with its value at the end; for a short step that is all the same.
        v = self.v_sc
        q = v * v
        p = _P_MAX * q / (q + _V1_2)
        p += (self.p - p) * self._p_keep
        rate = (1.0 + p) * self.sc_rate
        inv = self.sc_inv
        z = h * (rate * (1.0 + q * _V0_INV2_3) + g * inv)
        x = 1.0 - exp(-z)
        drag = g * w_move * (1.0 - x / z)
        move = ((i - drag) * inv - rate * v * (1.0 + q * _V0_INV2)) * h * x / z
        if not (any_move or -STEP_MAX_V < move < STEP_MAX_V):
            return None
        self.p = p
        self.v_sc = v + move
        self.v_dl = w + w_move
        if g < 1e-7:
            return i
        share = 1.0 / x - 1.0 / z if z > 1e-3 else 0.5  # mean of the rise over the rise
        return i - g * (move * share + 0.5 * w_move)

    @micropython.native
    def glide(self, i, h):
        """`step` with g = 0 in as few operations as can be: each costs 0.2 µs on the Unix port.

        Returns the rise of both voltages together, or None where v_sc would move too far.
        """
        if h != self._h:
            self._h = h
            self._p_keep = exp(-h / _P_TAU_S)
        v = self.v_sc
        q = v * v
        p = _P_MAX * q / (q + _V1_2)
        p += (self.p - p) * self._p_keep
        rate = (1.0 + p) * self.sc_rate
        lam = rate * (1.0 + q * _V0_INV2_3)
        rise = (i * self.sc_inv - rate * v * (1.0 + q * _V0_INV2)) / lam * (1.0 - exp(lam * -h))
        if not -STEP_MAX_V < rise < STEP_MAX_V:
            return None
        self.p = p
        self.v_sc = v + rise
        v = self.v_dl
        e = exp(v * _DL_V_INV)
        d = 1.0 / e
        lam = (e + d) * self.dl_rate
        d = (i * self.dl_inv - (e - d) * self.dl_leak) / lam * (1.0 - exp(lam * -h))
        self.v_dl = v + d
        return rise + d

    def rest(self, seconds):
        """Nobody touches it: the voltages leak away through the skin itself."""
        self.left_us = None
        h = 1e-3
        while seconds > 0.0 and self.live:
            h = min(h, seconds)
            self.step(0.0, h, 0.0, True)
            seconds -= h
            if h < 0.1:
                h *= 1.5


def make_skin(name, area_cm2=3.0):
    """A skin by name, or `resistor:OHMS`. The roller touches `area_cm2`."""
    if name.startswith("resistor:"):
        try:
            ohms = float(name[9:])
        except ValueError:
            ohms = 0.0
        if not 0.0 < ohms < 1e9:
            raise ValueError(f"skin {name!r}: resistor:OHMS wants a number above 0, as 2000")
        return Skin(name, ohms)
    if name not in _KINDS:
        known = ", ".join(sorted(_KINDS))
        raise ValueError(f"skin {name!r} is unknown: choose {known} or resistor:OHMS")
    if not 0.1 <= area_cm2 <= 100.0:
        raise ValueError(f"skin area {area_cm2} cm2: expected 0.1 to 100")
    r_sc, c_sc = _KINDS[name]
    k = area_cm2 / 3.0
    return Skin(name, 500.0 / k, r_sc / k, c_sc * k, 3.2e-9 * k, 30e-6 * k)
