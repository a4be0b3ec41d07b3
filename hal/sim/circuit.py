"""The circuit at one instant: what flows for a given output voltage.

Statics only (the plant integrates): rail, R_B, regulating diode, K1, bridge, M2, M1, R_SET and
the two electrode dividers, with every circuit fault of the fault table [E].
"""

from math import tanh

import micropython

FAULTS = (
    "divider_open",
    "rset_short",
    "rset_open",
    "rb_short",
    "m1_short",
    "m2_short",
    "k1_stuck_on",
    "bridge_stuck_closed",
    "bridge_stuck_open",
    "bridge_stuck_1",
    "bridge_stuck_2",
    "dummy_welded",
    "diode_short",
    "comparator_dead",
)

_ALWAYS_FULL_ON_A = 1.0  # regulator that never gets what it asks for: M1 fully on


class Circuit:
    """Configured at an edge by `configure`, then solved for (output voltage, setpoint)."""

    def __init__(self, parts):
        self.parts = parts
        self.u = 0.4  # voltage over the regulating diode: where the next search starts
        self.configure(False, False, True, 0, False, None, frozenset())

    def configure(self, k1, m2, bleed, bridge, dummy, skin, faults):
        """Switches as they really stand, what is connected, and what is broken."""
        for name in faults:
            if name not in FAULTS:
                raise ValueError(f"circuit fault {name!r} is unknown: choose {', '.join(FAULTS)}")
        p = self.parts
        self.div_e1 = p.div_e1
        self.div_e2 = p.div_e2
        self.bleed = bleed
        self.k1 = k1 or "k1_stuck_on" in faults
        m2 = m2 or "m2_short" in faults
        self.rset_open = m2 and "rset_open" in faults
        self.m2 = m2 and not self.rset_open
        self.rset_short = "rset_short" in faults
        self.full_on = self.rset_short or "m1_short" in faults
        self.rs = p.r_on if self.rset_short else p.r_set + p.r_on
        self.r_set = 0.0 if self.rset_short else p.r_set
        self.gd = 1.0 / p.r_div
        self.rail = p.rail_v
        rb_short = "rb_short" in faults
        self.r_b = 0.0 if rb_short else p.r_b
        self.gain_b = 0.0 if rb_short else p.gain_b
        self.b_offset_v = 0.0 if rb_short else p.b_offset_v
        diode_short = "diode_short" in faults
        self.ip = 1.0 if diode_short else p.ip  # 1.2 Ω instead
        self.crd_v = p.crd_v
        self.crd_g = 1.0 / p.crd_r
        # Setpoint: current asked for per volt of DAC, and from the op-amp's offset.
        divider_open = "divider_open" in faults
        self.a_per_v = (1.0 if divider_open else p.set_ratio) / p.r_set
        self.offset_a = p.op_offset_v / p.r_set
        self.set_tau = p.set_open_tau_s if divider_open else p.set_tau_s
        # Everything across the output: skin with leads, dummy, short, bleed.
        through = bridge != 0 and "bridge_stuck_open" not in faults
        self.contact = skin is not None and through
        g = 0.0
        if (dummy or "dummy_welded" in faults) and through:
            g += 1.0 / (p.r_dummy if bridge == 1 else p.r_dummy_anode)
        if bridge != 0 and "bridge_stuck_closed" in faults:
            g += 1.0 / p.r_short
        if p.r_across and through:
            g += 1.0 / p.r_across
        if self.bleed:
            g += 1.0 / p.r_bleed
        self._beside = g
        # Half a switch shorted: the other half's diode lies beside the skin from 0.55 V on.
        self.half_g = 1.0 / p.half_ohm if p.half_ohm and bridge != 0 else 0.0
        self.seat(skin)
        self.c_out = p.c_out + p.c_switch
        self.regulating = self.k1 and self.m2 and not self.full_on
        self.at_i = -1.0  # no tangent yet
        self.plain = self.contact and self.regulating and g == 0.0 and self.half_g == 0.0

    def seat(self, skin):
        """How the skin touches: its resistance with the leads, in or out of contact."""
        self.r_skin = 2.0 * self.parts.r_lead + skin.r_deep if self.contact else 0.0
        self.g_skin = 1.0 / self.r_skin if self.contact else 0.0
        self.g_out = self.g_skin + self._beside

    @micropython.native
    def solve(self, v, i_ref):
        """Set i_x (into the output), slope di_x/dv, i_a, i_b, e1, e2, saturated."""
        gd = self.gd
        self.saturated = False
        if not self.k1:
            self.i_b = 0.0
            if self.m2:
                e2 = -v * gd / (1.0 / self.rs + 2.0 * gd)
                self.i_a = e2 / self.rs
                self.slope = -gd
            else:
                e2 = -0.5 * v
                self.i_a = 0.0
                self.slope = -0.5 * gd
            self.e2 = e2
            self.e1 = v + e2
            self.i_x = -self.e1 * gd
            return
        if not self.m2 or i_ref < 0.0:
            i_ref = 0.0
        elif self.full_on:
            i_ref = _ALWAYS_FULL_ON_A
        # More than the regulating diode gives in its steep part: M1 fully on is likelier.
        if i_ref > 0.95 * self.ip:
            self._full(v)
            if self.i_a > i_ref:
                self._regulated(v, i_ref)
        else:
            self._regulated(v, i_ref)
            if self.m2 and self.e2 < self.rs * i_ref:
                self._full(v)

    def anchor(self, v, i_ref):
        """Take the high side's tangent here: e1 = at_e1 - at_r·(i_x - at_i)."""
        self.solve(v, i_ref)
        r = self.r_b + 1.0 / self.di_b
        self.at_r = r / (1.0 + self.gd * r)
        self.at_i = self.i_x
        self.at_e1 = self.e1

    @micropython.native
    def _regulated(self, v, i_ref):
        gd = self.gd
        slope = self._diode(
            1.0 + 2.0 * gd * self.r_b, 2.0 * gd, v * gd - i_ref - 2.0 * gd * self.rail
        )
        e1 = self.rail - self.r_b * self.i_b - self.u
        self.e1 = e1
        self.e2 = e1 - v
        self.i_a = i_ref
        self.i_x = i_ref + self.e2 * gd
        self.slope = -gd * (1.0 - gd / slope * (1.0 + self.r_b * self.di_b))

    @micropython.native
    def _full(self, v):
        gd = self.gd
        k = self.rs / (1.0 + self.rs * gd)
        b = 1.0 + k * gd
        slope = self._diode(self.r_b * b + k, b, v - self.rail * b)
        e1 = self.rail - self.r_b * self.i_b - self.u
        self.e1 = e1
        self.e2 = e1 - v
        self.i_x = self.i_b - e1 * gd
        self.i_a = self.i_x - self.e2 * gd
        self.slope = -(self.di_b * (1.0 + gd * self.r_b) + gd) / slope
        self.saturated = True

    @micropython.native
    def _diode(self, a, b, c):
        """Newton on u: a·I(u) + b·u + c = 0. Sets u, i_b, di_b; returns the slope at u.

        The curve is rising and concave for u > 0, so from 0 upward Newton never overshoots;
        a step from the flat end that falls below 0 is taken back to 0.
        """
        u = self.u
        ip = self.ip
        v0 = self.crd_v
        g = self.crd_g
        for _ in range(60):
            t = tanh(u / v0)
            di = ip / v0 * (1.0 - t * t) + g
            i = ip * t + g * u
            slope = a * di + b
            step = (a * i + b * u + c) / slope
            if u > 0.0 and step > u:
                step = u
            u -= step
            if -1e-6 < step < 1e-6:
                break
        # Carried along the tangent, so that the last correction counts for the current too.
        self.i_b = i - step * di
        self.di_b = di
        self.u = u
        return slope
