"""The horny layer under one electrode, and the patches of skin that it is made of.

Per cm² a capacitance beside three conductances: that of untouched skin, which rises with the
voltage at once; `open`, paths that the current holds open, within seconds and until the voltage
stands at what is published for the sign; and `worn`, what charge leaves behind for tens of
minutes. Fitted in tools/pages/skin_fit.py; docs/skin.md has the sources and how well it fits.
"""

from math import exp

import micropython
from micropython import const

# Fitted, the same for all skin: docs/skin.md. V_HOLD: per sign of the electrode on the skin.
HOLD_CATHODE_V = const(1.65)
HOLD_ANODE_V = const(2.6)
_OPEN_TAU_S = const(2.0)
_WORN_TAU_S = const(1200.0)
_WORN_RATE = const(0.0008333333333333334)  # 1/_WORN_TAU_S
_WORN_PER_C = const(182.0)  # cm²/C: 5.5 mC/cm² wear skin down to 1/e
_V0_INV2 = const(0.015625)  # 1/v0², v0 = 8 V: untouched skin conducts twice as well
_V0_INV2_3 = const(0.046875)  # 3/v0²: the slope of that


class Patch:
    """A place on the skin with a memory. `scale`: its resistance beside its neighbourhood's."""

    def __init__(self, scale=1.0):
        self.scale = scale
        self.open = 0.0  # S/cm²
        self.worn = 0.0  # S/cm²
        self.left_us = None  # plant time when the roller left it

    def recover(self, now_us):
        """Nothing has touched it since it was left."""
        if self.left_us is not None:
            seconds = (now_us - self.left_us) * 1e-6
            self.open *= exp(-seconds / _OPEN_TAU_S)
            self.worn *= exp(-seconds / _WORN_TAU_S)
        self.left_us = now_us


class Layer:
    """State per cm²; `v` in the circuit's direction. `scale`: resistance of where it lies."""

    def __init__(self, tissue, area_cm2):
        self.tissue = tissue
        self.scale = 1.0
        self.v = 0.0
        self.open = 0.0
        self.worn = 0.0
        self.hold_v = HOLD_ANODE_V
        self.r_open = tissue.r_open
        self.worn_max = tissue.worn_max
        self.c_inv = 1.0 / tissue.c
        self.g0 = 1.0 / tissue.r0
        self.area_cm2 = area_cm2
        self.size(area_cm2)

    def size(self, area_cm2):
        """The contact covers so much now; what is added is at rest and has no charge yet."""
        if area_cm2 > self.area_cm2:
            self._mix(1.0 - self.area_cm2 / area_cm2, 0.0, 0.0)
        self.area_cm2 = area_cm2
        self.area_inv = 1.0 / area_cm2
        self.c_all_inv = self.c_inv / area_cm2  # 1/F

    def _mix(self, share, opened, worn):
        self.v *= 1.0 - share
        self.open += share * (opened - self.open)
        self.worn += share * (worn - self.worn)

    def roll(self, patch, share, now_us):
        """`share` (above 0, up to 1) of the contact leaves where it was and lies on `patch`.

        Fresh skin brings no charge: a share of 1 at once makes a jump of the whole voltage.
        """
        patch.recover(now_us)
        self._mix(share, patch.open, patch.worn)
        self.scale += share * (patch.scale - self.scale)
        self.g0 = 1.0 / (self.tissue.r0 * self.scale)

    def leave(self, patch, now_us):
        """`patch` keeps what has happened under the contact."""
        patch.open = self.open
        patch.worn = self.worn
        patch.left_us = now_us

    def save(self):
        """What `undo` goes back to."""
        self._v = self.v
        self._open = self.open
        self._worn = self.worn

    def undo(self):
        self.v = self._v
        self.open = self._open
        self.worn = self._worn

    @micropython.native
    def _conduct(self, j, h, keep):
        """`open` and `worn` after `h` seconds of `j` A/cm²; returns all conductance at rest."""
        if j < 0.0:
            j = -j
        opened = j / (self.hold_v + j * self.r_open)
        opened += (self.open - opened) * keep
        self.open = opened
        worn = self.worn
        worn += h * (j * _WORN_PER_C * (self.worn_max - worn) - worn * _WORN_RATE)
        self.worn = worn
        return opened + worn

    @micropython.native
    def guess(self, i, h, g):
        """About what `rise` will be, for those who must know it first. Changes nothing."""
        v = self.v
        q = v * v
        g0 = self.g0
        more = self.open + self.worn
        c_inv = self.c_inv
        z = h * ((g0 * (1.0 + q * _V0_INV2_3) + more) * c_inv + g * self.c_all_inv)
        j = i * self.area_inv - (g0 * (1.0 + q * _V0_INV2) + more) * v
        return j * c_inv * h * (1.0 - exp(-z)) / z

    @micropython.native
    def rise(self, i, h, keep, g, pull):
        """Carry `i` for `h` seconds; it falls by `g` per volt of ours and, steadily, by `pull`.

        Returns volts; `share` is the mean of the rise over the rise. `keep`: exp(-h/2 s).
        """
        j = i * self.area_inv
        more = self._conduct(j, h, keep)
        v = self.v
        q = v * v
        g0 = self.g0
        c_inv = self.c_inv
        z = h * ((g0 * (1.0 + q * _V0_INV2_3) + more) * c_inv + g * self.c_all_inv)
        x = 1.0 - exp(-z)
        decay = x / z
        late = (1.0 - decay) / z if z > 1e-3 else 0.5  # of a pull that comes on steadily
        j -= (g0 * (1.0 + q * _V0_INV2) + more) * v
        rise = (j * decay - pull * self.area_inv * late) * c_inv * h
        self.v = v + rise
        self.share = late / decay
        return rise

    @micropython.native
    def glide(self, i, h, keep):
        """`rise` without feedback, in as few operations as can be."""
        j = i * self.area_inv
        more = self._conduct(j, h, keep)
        v = self.v
        q = v * v
        g0 = self.g0
        lam = g0 * (1.0 + q * _V0_INV2_3) + more
        rise = (j - (g0 * (1.0 + q * _V0_INV2) + more) * v) / lam
        rise *= 1.0 - exp(lam * self.c_inv * -h)
        self.v = v + rise
        return rise


def open_keep(h):
    """What is left of `open` after `h` seconds."""
    return exp(-h / _OPEN_TAU_S)
