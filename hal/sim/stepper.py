"""The plant in time, the careful way: steps of automatic size through every edge.

Output capacitance and setpoint filter are exact; the skin's three voltages are exponential
Rosenbrock steps [E]. A step that is too long for what happens in it is refused and halved.
"""

from math import exp

import micropython

from hal.sim.circuit import Circuit

STEP_S = 50e-6  # first step after an edge, and while the setpoint still moves [E]
_STEP_MIN_S = 0.5e-6
_STEP_MAX_S = 5e-3  # the skin's paths open by 0.3 % at most
_DEAD_STEP_MAX_S = 25e-3  # no skin: everything is exact
_DIODE_V = 0.55  # a photo-MOS' body diode, forward
JUMP_A = 4e-6  # a smooth step bears the setpoint filter this far from its end
_MISS_A = 2e-6  # the source may differ this much from its tangent at the end of a step


class Stepper:
    """State and outputs of the plant. SI units; plant.py adds the inputs."""

    def __init__(self, parts):
        self.parts = parts
        self.net = Circuit(parts)
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
        # State: setpoint as filtered, output voltage, comparator's filter, latch.
        self._target_a = 0.0
        self._ref_a = 0.0
        self._v = 0.0
        self._cmp_v = 0.0
        self._cmp_at_v = parts.cmp_v  # where it trips now
        self._open_us = 0.0  # until the latch has opened the switches; 0: nothing under way
        self._cut = False  # the latch has opened them
        self.held = None  # sense A and B, divided e2 as the comparator latched: until seen
        self._cmp_dead = False
        self.latch_alone = False  # fault: it tells the chip, and its own way to the gates is cut
        self._sign = 1.0  # +1: current leaves the roller into the skin
        self._on_skin = None  # what the bridge really connects
        self._h = STEP_S
        self._solved = False  # the circuit stands solved for this state

    @micropython.native
    def _run(self, left):
        """`left` seconds pass. Returns early, with what is left, when the latch has cut."""
        skin = self._on_skin
        most = _STEP_MAX_S if skin is not None and skin.live else _DEAD_STEP_MAX_S
        while left > 1e-9:
            h = self._h
            if h > left:
                h = left
            until_open = self._open_us * 1e-6
            if until_open > 0.0 and h > until_open:
                h = until_open
            gap = self._target_a - self._ref_a
            if h > STEP_S and not -JUMP_A < gap < JUMP_A:
                self._h = h = STEP_S
            while not self._step(h):
                h *= 0.5
                self._h = h
            left -= h
            if h >= self._h:
                self._h = min(1.5 * h, most)
            if until_open > 0.0:
                self._open_us -= h * 1e6
                if self._open_us < 1e-3:
                    self._open_us = 0.0
                    self._cut = True
                    return left
        return 0.0

    @micropython.native
    def _step(self, h):
        """One step of `h` seconds; False, with nothing changed, where it is too long."""
        net = self.net
        skin = self._on_skin
        emf = skin.emf() if skin is not None else 0.0
        # Setpoint: exact.
        target = self._target_a
        z = h / net.set_tau
        fade = exp(-z)
        gap = self._ref_a - target
        ref = target + gap * fade
        # Output capacitance into everything across it, along the source's tangent.
        v = self._v
        if not self._solved:
            net.solve(v, self._ref_a)
        self._solved = False
        e1 = net.e1
        g_s = net.g_skin
        i_x = net.i_x
        slope = net.slope
        i_b = net.i_b
        if net.saturated or not net.regulating:
            gap = 0.0  # the setpoint doesn't drive the source
        g_out = net.g_out
        beside = g_s * emf
        if net.half_g and v > _DIODE_V:
            g_out += net.half_g
            beside += net.half_g * _DIODE_V
        g = g_out - slope
        c = net.c_out
        excess = i_x + beside - g_out * v
        k = g * h / c
        decay = exp(-k)
        settle = (1.0 - decay) / k if k > 1e-6 else 1.0
        v_step = (excess - gap) * h / c * settle
        if gap != 0.0:  # the source follows the setpoint's exponential
            z -= k
            share = (decay - fade) / z if not -1e-6 < z < 1e-6 else decay
            v_step += gap * h / c * share
        # Mean output voltage: what charge is left for the conductances.
        if k > 1e-6:
            excess += gap * ((1.0 - fade) * net.set_tau / h - 1.0)
            v_mean = v + (excess - c * v_step / h) / g
        else:
            v_mean = v + 0.5 * v_step
        # Skin, and the output voltage that follows it.
        i_start = g_s * (v - emf)
        i_mean = g_s * (v_mean - emf)
        if skin is not None and skin.live:
            follow = g_s / g * (1.0 - settle)
            # How far the output lags behind a skin that rises steadily, on the mean.
            lag = follow * 2.0 / k if k > 1e-3 else g_s / g
            i_mean = skin.step(i_mean, h, g_s * (1.0 - g_s / g + lag), h <= STEP_S)
            if i_mean is None:
                return False
            move = skin.emf() - emf
            emf += move
            v_step += move * follow
        # Where the source bends within the step its tangent is no good.
        v_end = v + v_step
        net.solve(v_end, ref)
        miss = net.i_x - (i_x + slope * v_step + gap * (fade - 1.0))
        bad = not -_MISS_A < miss < _MISS_A
        # Comparator: sense B through its filter.
        b = 0.5 * (i_b + net.i_b) * net.gain_b + net.b_offset_v
        cmp_v = b + (self._cmp_v - b) * exp(-h / self.parts.cmp_tau_s)
        trip = cmp_v >= self._cmp_at_v and not self.latched and not self._cmp_dead
        if (bad or trip) and h > _STEP_MIN_S:
            if skin is not None and skin.live:
                skin.undo()
            return False
        self._solved = True
        self._v = v_end
        self._ref_a = ref
        self._cmp_v = cmp_v
        self._outputs(h, i_start, i_mean, g_s * (v_end - emf), e1, v_mean)
        if trip:
            self.latched = True
            self.held = (self.sense_a_v, self.sense_b_v, self.div_e2_v)
            if self.latch_alone:
                return True
            self._open_us = float(self.parts.cmp_delay_us + self.parts.open_delay_us)
        return True

    @micropython.native
    def _outputs(self, h, i_start, i_mean, i_end, e1_start, v_mean):
        net = self.net
        parts = self.parts
        self.i_active_a = self._sign * i_end
        i_end = abs(i_end)
        self.i_load_a = i_end
        self.i_peak_a = max(self.i_peak_a, i_end, abs(i_start))
        self.skin_charge_c += abs(i_mean) * h
        e1 = net.e1
        e2 = net.e2
        if net.rset_open:  # the op-amp lifts sense A as far as M1's drain allows
            self.sense_a_v = max(0.0, min(self._ref_a * parts.r_set, e2))
        else:
            self.sense_a_v = net.i_a * net.r_set
        self.sense_b_v = net.i_b * net.gain_b + net.b_offset_v
        self.e1_v = e1
        self.e2_v = e2
        # Electrode dividers: exact for their mean input in a short step, for a ramp in a long one.
        tau = parts.div_tau_s
        fade = exp(-h / tau)
        if h < tau:
            e1 = 0.5 * (e1 + e1_start)
            e2 = e1 - v_mean
            lag1 = lag2 = 0.0
        else:
            lag1 = (e1 - e1_start) * tau / h
            lag2 = lag1 - 2.0 * (self._v - v_mean) * tau / h
        e1 = (e1 - lag1) * parts.div_e1
        e2 = (e2 - lag2) * parts.div_e2
        self.div_e1_v = e1 + (self.div_e1_v - e1) * fade
        self.div_e2_v = e2 + (self.div_e2_v - e2) * fade
