"""The skin between the electrodes: one deep resistance, the horny layer, the electrodes.

Two nonlinear RC pairs in series [E]: v_sc over the horny layer, whose conductance grows with
the voltage at once and, by way of p, within seconds; v_dl over the electrodes' double layers.
"""

from math import exp

_V0_INV2 = 1.0 / 64.0  # 1/v0², v0 = 8 V: the horny layer conducts twice as well [E]
_V1_2 = 25.0  # v1², v1 = 5 V: p halfway to its end value [E]
_P_MAX = 4.0  # [E]
_P_TAU_S = 3.0  # [E]
_DL_V_INV = 1.0 / 0.15  # 1/V, slope of the electrode reaction [E]

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
        self.g_sc = 1.0 / r_sc if r_sc else 0.0
        self.c_sc = c_sc
        self.i_dl = i_dl
        self.c_dl = c_dl
        self.v_sc = 0.0
        self.v_dl = 0.0
        self.p = 0.0
        self.turned = False
        self.left_us = None  # plant time when it was last let go

    def turn(self, turned):
        """The bridge has been reversed: the same charge now stands the other way round."""
        if turned != self.turned:
            self.turned = turned
            self.v_sc = -self.v_sc
            self.v_dl = -self.v_dl

    def step(self, i, h, g):
        """Carry current `i` for `h` seconds; `g`: by how much `i` falls per volt of our rise.

        Exponential Rosenbrock for the two voltages, exact for p. Returns the mean current.
        """
        if not self.live:
            return i
        v = self.v_sc
        q = v * v
        w = self.v_dl
        e = exp(w * _DL_V_INV)
        d = 1.0 / e
        a = 0.5 * self.i_dl
        lam = (a * _DL_V_INV * (e + d) + g) / self.c_dl
        z = lam * h
        w_step = (i - a * (e - d)) / (self.c_dl * lam) * (1.0 - exp(-z))
        s = (1.0 + self.p) * self.g_sc
        lam = (s * (1.0 + 3.0 * _V0_INV2 * q) + g) / self.c_sc
        z = lam * h
        x = 1.0 - exp(-z)
        step = (i - s * v * (1.0 + _V0_INV2 * q)) / (self.c_sc * lam) * x
        self.v_sc = v + step
        self.v_dl = w + w_step
        p_end = _P_MAX * q / (q + _V1_2)
        self.p = p_end + (self.p - p_end) * exp(-h / _P_TAU_S)
        share = 1.0 / x - 1.0 / z if z > 1e-3 else 0.5  # mean of the rise over the rise
        return i - g * (step * share + 0.5 * w_step)

    def rest(self, seconds):
        """Nobody touches it: the voltages leak away through the skin itself."""
        h = 1e-3
        while seconds > 0.0 and self.live:
            if h > seconds:
                h = seconds
            self.step(0.0, h, 0.0)
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
