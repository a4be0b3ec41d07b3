"""The simulated plant: circuit and skin in time, the analog comparator and its latch.

The board sets inputs (dac_v, k1, m2, bridge, dummy, faults, set_load) and calls `advance`.
A smooth stretch is one step of up to 5 ms; around edges the step shrinks by itself.
"""

from math import exp

from hal.sim.circuit import Circuit

_STEP_S = 50e-6  # first step after an edge, and while the setpoint still moves [E]
_STEP_MIN_S = 0.5e-6
_JUMP_A = 4e-6  # the setpoint filter may be this far from its end in a smooth step
_MISS_A = 2e-6  # the source may differ this much from its tangent at the end of a step
_SKIN_STEP_V = 0.5  # largest move of the horny layer in one step [E]
_NEAR_V = 3.0  # the low rail nearer than this to compliance: no smooth step
_SETTLED_V = 5e-3
_SMOOTH_US = 1000
_IDLE_A = 1e-8


class Plant:
    """SI units inside; time in µs outside."""

    def __init__(self, parts, seed=0):
        self.parts = parts
        self.seed = seed  # the plant itself draws nothing
        self.net = Circuit(parts)
        self.now_us = 0
        # Inputs.
        self.dac_v = 0.0
        self.k1 = False
        self.m2 = False
        self.bridge = 0
        self.dummy = False
        self.skin = None
        self.faults = set()
        # Outputs.
        self.latched = False
        self.i_load_a = 0.0
        self.i_active_a = 0.0
        self.i_peak_a = 0.0
        self.skin_charge_c = 0.0
        self.sense_a_v = 0.0
        self.sense_b_v = 0.0
        self.e1_v = 0.0
        self.e2_v = 0.0
        self.div_e1_v = 0.0
        self.div_e2_v = 0.0
        self.div_rail_v = parts.rail_v * parts.div_rail
        # State: filtered setpoint, output voltage, comparator input, delays after the latch.
        self._i_ref = 0.0
        self._v = 0.0
        self._cmp_v = 0.0
        self._open_us = -1  # µs until the latch has opened the switches; -1: not under way
        self._cut = False
        self._h = _STEP_S
        self._smooth = False
        self._coefs = {}
        # The inputs as last seen, to find edges.
        self._seen = None
        self._seen_faults = frozenset()
        self._target = 0.0
        self._seen_dac_v = None
        self._configure()

    # --- inputs ----------------------------------------------------------------------------

    def set_load(self, skin):
        """Touch with `skin`, or lift with None."""
        old = self.skin
        if old is not None:
            old.left_us = self.now_us
        if skin is not None and skin.left_us is not None:
            skin.rest((self.now_us - skin.left_us) * 1e-6)
            skin.left_us = None
        self.skin = skin

    def reset_latch(self):
        """Pulse on LATCH_RESET: clears the latch where the comparator sees no over-current."""
        if self._cmp_v < self.parts.cmp_v or "comparator_dead" in self.faults:
            self.latched = False
            self._cut = False
            self._open_us = -1

    def _inputs(self):
        return (self.k1, self.m2, self.bridge, self.dummy, self.skin, self._cut)

    def _configure(self):
        """An input has changed: set up the circuit anew and start with short steps."""
        self._seen = self._inputs()
        self._seen_faults = frozenset(self.faults)
        k1, m2, bridge, dummy, skin, cut = self._seen
        self.net.configure(k1 and not cut, m2 and not cut, bridge, dummy, skin, self._seen_faults)
        if skin is not None and bridge != 0:
            skin.turn(bridge == 1)
        self._target = self.dac_v * self.net.a_per_v + self.net.offset_a
        self._seen_dac_v = self.dac_v
        self._sign = -1.0 if bridge == 1 else 1.0  # bridge 1: the roller is the cathode
        self._dead = "comparator_dead" in self.faults
        self._h = _STEP_S
        self._smooth = False

    # --- time ------------------------------------------------------------------------------

    def advance(self, dt_us):
        """Let `dt_us` pass."""
        if self._inputs() != self._seen or self.faults != self._seen_faults:
            self._configure()
        if self.dac_v != self._seen_dac_v:
            self._seen_dac_v = self.dac_v
            self._target = self.dac_v * self.net.a_per_v + self.net.offset_a
        self._run(dt_us)

    def _run(self, dt_us):
        """Steps of automatic size until `dt_us` is over."""
        left = dt_us * 1e-6
        self.now_us += dt_us
        while left > 1e-9:
            h = self._h
            if h > left:
                h = left
            if self._open_us >= 0 and h > self._open_us * 1e-6:
                h = self._open_us * 1e-6
            jump = self._target - self._i_ref
            if not -_JUMP_A < jump < _JUMP_A and h > _STEP_S:
                h = _STEP_S
            while not self._step(h):
                h *= 0.5
                self._h = h
            left -= h
            if h >= self._h:
                self._h = 2.0 * h
            if self._open_us >= 0:
                self._open_us -= h * 1e6
                if self._open_us < 0.01:
                    self._open_us = -1
                    self._cut = True
                    self._configure()

    def _step(self, h):
        """One step of `h` seconds; False, with nothing changed, where it is too long."""
        net = self.net
        skin = self.skin if net.contact else None
        emf = skin.v_sc + skin.v_dl if skin is not None else 0.0
        # Setpoint: exact; its mean over the step drives the source.
        target = self._target
        z = h / net.set_tau
        fade = exp(-z)
        gap = self._i_ref - target
        i_ref = target + gap * fade
        gap_mean = gap * (1.0 - fade) / z
        i_mean = target + gap_mean
        # Output capacitance into everything across it, along the source's tangent.
        v = self._v
        net.solve(v, i_mean)
        g_s = net.g_skin
        g = net.g_out - net.slope
        i_x = net.i_x
        slope = net.slope
        b_mid = net.i_b
        full = net.saturated
        excess = i_x + g_s * emf - net.g_out * v
        k = g * h / net.c_out
        phi = (1.0 - exp(-k)) / k if k > 1e-6 else 1.0
        v_step = excess * h / net.c_out * phi
        v_mean = v + (excess / g * (1.0 - phi) if k > 1e-6 else 0.5 * v_step)
        v_end = v + v_step
        i_start = g_s * (v - emf)
        i_skin = g_s * (v_mean - emf)
        # Where the source bends within the step the tangent is no good.
        net.solve(v_end, i_ref)
        guess = i_x + slope * v_step
        if not full:
            guess += i_ref - i_mean if net.m2 and net.k1 else 0.0
        miss = net.i_x - guess
        if not -_MISS_A < miss < _MISS_A and h > _STEP_MIN_S:
            return False
        # Comparator: sense B through its filter.
        fade = exp(-h / self.parts.cmp_tau_s)
        b = 0.5 * (b_mid + net.i_b) * net.gain_b + net.b_offset_v
        cmp_v = b + (self._cmp_v - b) * fade
        trip = cmp_v >= self.parts.cmp_v and not self.latched and not self._dead
        if trip and h > _STEP_MIN_S:
            return False
        # Skin, and the output voltage that follows it.
        if skin is not None:
            lag = g_s / g * (1.0 - phi)
            v_sc = skin.v_sc
            kept = (v_sc, skin.v_dl, skin.p)
            i_skin = skin.step(i_skin, h, g_s * (1.0 - lag))
            v_sc = skin.v_sc - v_sc
            if not -_SKIN_STEP_V < v_sc < _SKIN_STEP_V and h > _STEP_S:
                skin.v_sc, skin.v_dl, skin.p = kept
                return False
            rise = skin.v_sc + skin.v_dl - emf
            emf += rise
            v_end += rise * lag
            net.solve(v_end, i_ref)
        self._commit(h, v_end, i_ref, cmp_v, i_start, i_skin, g_s * (v_end - emf))
        if trip:
            self.latched = True
            self._open_us = self.parts.cmp_delay_us + self.parts.open_delay_us
        return True

    def _commit(self, h, v, i_ref, cmp_v, i_start, i_mean, i_end):
        net = self.net
        self._v = v
        self._i_ref = i_ref
        self._cmp_v = cmp_v
        i_start = abs(i_start)
        self.i_load_a = abs(i_end)
        peak = self.i_load_a if self.i_load_a > i_start else i_start
        if peak > self.i_peak_a:
            self.i_peak_a = peak
        self.i_active_a = self._sign * i_end
        self.skin_charge_c += abs(i_mean) * h
        e1 = net.e1
        e2 = net.e2
        if net.rset_open:  # the op-amp lifts sense A as far as M1's drain allows
            a = i_ref * self.parts.r_set
            self.sense_a_v = a if a < e2 else (e2 if e2 > 0.0 else 0.0)
        else:
            self.sense_a_v = net.i_a * net.r_set
        self.sense_b_v = net.i_b * net.gain_b + net.b_offset_v
        self.e1_v = e1
        self.e2_v = e2
        fade = exp(-h / self.parts.div_tau_s)
        e1 *= self.parts.div_e1
        e2 *= self.parts.div_e2
        self.div_e1_v = e1 + (self.div_e1_v - e1) * fade
        self.div_e2_v = e2 + (self.div_e2_v - e2) * fade
