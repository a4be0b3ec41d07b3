"""The horny layer under one electrode, and the patches of skin that it is made of.

Per cm² a capacitance beside three conductances: that of untouched skin, which rises with the
voltage at once; `open`, paths that charge opens and seconds close again, so that a current holds
the voltage at what is published for its sign; and `worn`, what charge leaves behind for tens of
minutes. Fitted in tools/pages/skin_fit.py; docs/skin.md has the sources and how well it fits.
"""

from math import exp

import micropython
from micropython import const

_OPEN_TAU_S = const(2.0)  # "a few seconds"
_OPEN_RATE = const(0.5)
_V0_INV2 = const(0.015625)  # 1/v0², v0 = 8 V: untouched skin conducts twice as well [E]
_V0_INV2_3 = const(0.046875)  # 3/v0²: the slope of that


class Tissue:
    """What a horny layer is made of, per cm²; the class's own figures are the same for all.

    Ω·cm² at rest, F/cm², Ω·cm² of paths held open by much current. Fitted: pages/skin_fit.py.
    """

    hold_cathode_v = 1.58  # to this the voltage falls under an electrode of that sign
    hold_anode_v = 2.64
    worn_gain = 6.8  # conductance that charge can leave behind, beside that at rest
    worn_per_c = 20.4  # cm²/C
    worn_tau_s = 1170.0

    def __init__(self, r0, c, r_open):
        self.r0 = r0
        self.c = c
        self.r_open = r_open


class Patch:
    """A place on the skin with a memory. `scale`: its resistance beside its neighbourhood's.

    `potential_v`: what stretching makes of the skin's own potential there.
    """

    def __init__(self, scale=1.0, worn=0.0, potential_v=0.0):
        self.scale = scale
        self.potential_v = potential_v
        self.open = 0.0  # S/cm²
        self.worn = worn  # S/cm²
        self.left_us = None  # plant time when the roller left it

    def recover(self, now_us):
        """Nothing has touched it since it was left."""
        if self.left_us is not None:
            seconds = (now_us - self.left_us) * 1e-6
            self.open *= exp(-seconds / _OPEN_TAU_S)
            self.worn *= exp(-seconds / Tissue.worn_tau_s)
        self.left_us = now_us


class Layer:
    """State per cm²; `v` in the circuit's direction. `scale`: resistance of where it lies.

    `worn`: share of what charge can do that an earlier treatment has left.
    """

    def __init__(self, tissue, area_cm2, worn=0.0):
        self.tissue = tissue
        self.scale = 1.0
        self.v = 0.0
        self.open = 0.0
        self.r_open = tissue.r_open
        self.worn_max = tissue.worn_gain / tissue.r0
        self.worn = self.before = worn * self.worn_max  # `before`: where no roller has been today
        self.worn_per_c = tissue.worn_per_c
        self.worn_rate = 1.0 / tissue.worn_tau_s
        self.c_inv = 1.0 / tissue.c
        self.g0 = 1.0 / tissue.r0
        self.face(True)
        self.area_cm2 = area_cm2
        self.size(area_cm2)

    def face(self, anode):
        """The electrode on it is this one from now on."""
        tissue = self.tissue
        hold_v = tissue.hold_anode_v if anode else tissue.hold_cathode_v
        self.open_per_c = _OPEN_RATE / hold_v  # S/C

    def size(self, area_cm2):
        """The contact covers so much now; what is added is at rest and has no charge yet."""
        if area_cm2 > self.area_cm2:
            self._mix(1.0 - self.area_cm2 / area_cm2, 0.0, self.before)
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
    def conduct(self, j, h):
        """`open` (backward Euler) and `worn` after `h` s of `j` A/cm²; returns their sum."""
        if j < 0.0:
            j = -j
        more = h * j * self.open_per_c
        opened = (self.open + more) / (1.0 + more * self.r_open + h * _OPEN_RATE)
        self.open = opened
        worn = self.worn
        worn += h * (j * self.worn_per_c * (self.worn_max - worn) - worn * self.worn_rate)
        self.worn = worn
        return opened + worn

    def rested(self, h):
        """The last step was one of `h` s without current: long, and to be exact."""
        self.open = self._open * exp(-h / _OPEN_TAU_S)
        self.worn = self._worn * exp(-h * self.worn_rate)

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
    def rise(self, i, h, g, pull):
        """Carry `i` for `h` seconds; it falls by `g` per volt of ours and, steadily, by `pull`.

        Returns volts; `share` is the mean of the rise over the rise.
        """
        j = i * self.area_inv
        more = self.conduct(j, h)
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
    def glide(self, i, h):
        """`rise` without feedback, in as few operations as can be."""
        j = i * self.area_inv
        more = self.conduct(j, h)
        v = self.v
        q = v * v
        g0 = self.g0
        lam = g0 * (1.0 + q * _V0_INV2_3) + more
        rise = (j - (g0 * (1.0 + q * _V0_INV2) + more) * v) / lam
        rise *= 1.0 - exp(lam * self.c_inv * -h)
        self.v = v + rise
        return rise

