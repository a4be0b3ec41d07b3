"""The simulated plant: circuit and skin, the analog comparator and its latch.

The board sets dac_v, k1, m2, bleed_opens, bridge, dummy, faults and calls set_load and advance.
While nothing moves, time is owed and paid with one long step; a smooth step is cheap; the rest is
stepper.py.
"""

import micropython

from hal.sim.stepper import JUMP_A, STEP_S, Stepper

_NEAR_V = 3.0  # the low rail nearer than this to compliance: no smooth step
_SMOOTH_US = 500  # shorter steps would have to follow the filters
_SMOOTH_S = 400e-6
_GLIDE_US = 30000  # longer ones would miss how the skin's paths open
_OWE_US = 5000  # longest time owed while the output moves by less than 20 mV in it
_OWE_MAX_US = 20000  # and while by less than 2 mV
_V_PER_US = 4e-6
_V_PER_A = 1e4  # outside smooth steps: 2 µA, 0.3 % of full scale, counts as 20 mV
_STILL_A = 2e-8
_NEVER = 1 << 60
TOUCH_US = 8000  # [S-21] 3 ms for the gate to fall after a lift [S-04], and 5 ms


class Plant(Stepper):
    """Time in µs. Outputs are those at the end of the last step that was really taken."""

    def __init__(self, parts, seed=0):
        super().__init__(parts)
        self.seed = seed  # the plant draws nothing at random; kept for whoever prints it
        self.now_us = 0
        # Inputs.
        self.dac_v = 0.0
        self.k1 = False
        self.m2 = False
        self.bleed_opens = True  # with k1 or m2; False: it stays closed
        self.bleed_stuck = False  # closed, whatever it is told
        self.bridge = 0
        self.dummy = False
        self.threshold_low = False  # the comparator's, as the proof pulls it down
        self.threshold_stuck = None  # so, whatever it is told
        self.latch_stuck = False  # nothing resets it
        self.latch_open = False  # it does not hold
        self.skin = None
        self.faults = set()
        # The worst that a touch has met behind the roller [S-21], V and C.
        self.touch_v = 0.0
        self.touch_c = 0.0
        self.touches = 0
        self._parted_us = -TOUCH_US  # when contact was last lost
        # Photo-MOS follow late, in a wand (world.py): K1, bleed, bridge, K2 as they are, as they
        # will be, and when.
        self.photo_on_us = self.photo_off_us = 0
        self._relays = [False, True, 0, False]
        self._wanted = [False, True, 0, False]
        self._late_us = [_NEVER] * 4
        self._due_us = _NEVER
        # The inputs as last seen; a difference is an edge.
        self._seen_dac_v = 0.0
        self._move = 0.0
        self._seen_faults = set()
        self._owed_us = 0
        self._high_i = -1.0  # load current for which the high side was worked out
        self._owe_us = 0  # how much may be owed: 0 where something moves
        self._edge()

    def rebuild(self):
        """The parts' values have changed: the circuit is set up anew."""
        self._pay()
        self.div_rail_v = self.parts.rail_v * self.parts.div_rail
        self._edge()

    def set_load(self, skin):
        """Touch with `skin`, or lift with None."""
        self.skin = skin

    def shift(self, area_cm2=None, grip_cm2=None, grip=None, patch=None, share=1.0):
        """The contact of the skin that is touched changes, as often as a roller's does.

        cm² of roller and of grip; a `share` of the way to another of people.GRIPS, or of the
        roller that comes to lie on another layer.Patch; None stays as it is. Contact never breaks,
        so the output follows and no spark is made; unlike an edge it costs no short steps.
        """
        self._pay()
        skin = self.skin
        if skin is None:
            return
        i = self.net.g_skin * (self._v - skin.emf())
        if area_cm2 is not None:
            skin.set_area(area_cm2)
        if grip_cm2 is not None:
            skin.set_grip(grip_cm2)
        if grip is not None:
            skin.hold(grip, share)
        if patch is not None:
            skin.roll(patch, share, self.now_us)
        if skin is self._on_skin:
            self.net.seat(skin)
            self._v = skin.emf() + i * self.net.r_skin
            self._solved = False
            self._high_i = -1.0
            self._owe_us = 0

    def reset_latch(self):
        """A pulse on LATCH_RESET: clears the latch unless the comparator still trips."""
        self.held = None
        if self.latch_stuck:
            return
        if self._cmp_v < self._cmp_at_v or self._cmp_dead:
            self.latched = False
            self._open_us = 0.0
            if self._cut:
                self._pay()
                self._cut = False
                self._edge()

    def _edge(self):
        """An input has changed: set the circuit up anew, go on with short steps."""
        net = self.net
        self._seen_k1 = self.k1
        self._seen_m2 = self.m2
        self._seen_bleed = self.bleed_opens
        self._seen_bridge = self.bridge
        self._seen_dummy = self.dummy
        self._seen_low = self.threshold_low
        self._seen_skin = self.skin
        self._seen_faults = set(self.faults)
        self._seen_cut = self._cut
        on = not self._cut
        k1 = self.k1 and on
        m2 = self.m2 and on
        bled = not ((k1 or m2) and self.bleed_opens)
        k1, bled, bridge, dummy = self._follow(k1, bled, self.bridge, self.dummy)
        if bridge and "bridge_stuck_1" in self.faults:
            bridge = 1  # whatever it is told
        elif bridge and "bridge_stuck_2" in self.faults:
            bridge = 2
        net.configure(k1, m2, bled or self.bleed_stuck, bridge, dummy, self.skin, self.faults)
        old = self._on_skin
        new = self.skin if net.contact else None
        if old is not new:
            if old is not None:
                old.left_us = self._parted_us = self.now_us
            elif self.now_us - self._parted_us >= TOUCH_US:
                self._touched()
            if new is not None and new.left_us is not None:
                new.rest((self.now_us - new.left_us) * 1e-6)
        self._on_skin = new
        if new is not None:
            new.turn(bridge == 1)
        self._sign = -1.0 if bridge == 1 else 1.0  # bridge 1: the roller is the cathode
        self._cmp_dead = "comparator_dead" in self.faults
        low = self.threshold_low if self.threshold_stuck is None else self.threshold_stuck
        parts = self.parts
        self._cmp_at_v = parts.cmp_v * parts.cmp_low + parts.cmp_offset_v if low else parts.cmp_v
        self._moved()
        self._h = STEP_S
        self._smooth = False
        # What jumps at once, for those who look before time has passed.
        net.solve(self._v, self._ref_a)
        self._solved = True
        emf = new.emf() if new is not None else 0.0
        i = net.g_skin * (self._v - emf)
        self._outputs(0.0, i, i, i, net.e1, self._v)

    def _follow(self, *wanted):
        """Where K1, bleed, bridge and K2 are, of what they are told: each takes its time."""
        now_us = self.now_us
        self._due_us = _NEVER
        for i, want in enumerate(wanted):
            if want != self._wanted[i]:
                self._wanted[i] = want
                lit = not want if i == 1 else want  # the bleed opens by its LED
                self._late_us[i] = now_us + (self.photo_on_us if lit else self.photo_off_us)
            if self._late_us[i] <= now_us:
                self._relays[i] = want
                self._late_us[i] = _NEVER
            self._due_us = min(self._due_us, self._late_us[i])
        return self._relays

    def _touched(self):
        """What the output holds at this instant meets skin."""
        v = abs(self._v)
        self.touches += 1
        self.touch_v = max(self.touch_v, v)
        self.touch_c = max(self.touch_c, v * self.net.c_out)

    def _moved(self):
        """The DAC or more has moved."""
        self._seen_dac_v = self.dac_v
        target = self.dac_v * self.net.a_per_v + self.net.offset_a
        self._target_a = target if target > 0.0 else 0.0  # M1 only sinks
        self._owe_us = 0

    @micropython.native
    def advance(self, dt_us):
        """Let `dt_us` pass. 0 applies changed inputs and shows what jumps."""
        if (
            self.k1 is not self._seen_k1
            or self.m2 is not self._seen_m2
            or self.bleed_opens is not self._seen_bleed
            or self.bridge != self._seen_bridge
            or self.skin is not self._seen_skin
            or self.dummy is not self._seen_dummy
            or self.threshold_low is not self._seen_low
            or self.faults != self._seen_faults
        ):
            self._pay()
            self._edge()
        elif self.dac_v != self._seen_dac_v:
            if self._owed_us:
                jump = (self.dac_v - self._seen_dac_v) * self.net.a_per_v
                if not (self._smooth and -JUMP_A < jump < JUMP_A):
                    self._pay()
            self._moved()
        while self.now_us + dt_us >= self._due_us:  # one of them gets there
            left_us = self._due_us - self.now_us
            dt_us -= left_us
            self.now_us += left_us
            if self._owed_us + left_us:
                self._spend(self._owed_us + left_us)
            self._edge()
        self.now_us += dt_us
        owed = self._owed_us + dt_us
        if owed < self._owe_us:
            self._owed_us = owed
            i = self.i_load_a
            if i > self.i_peak_a:
                self.i_peak_a = i
            self.skin_charge_c += i * (dt_us * 1e-6)
        else:
            self._spend(owed)

    def calm_us(self):
        """For so long from now the outputs stay as they are, unless an input changes."""
        return min(self._owe_us - self._owed_us, self._due_us - self.now_us) - 1

    def _pay(self):
        if self._owed_us:
            self._spend(self._owed_us)

    @micropython.native
    def _spend(self, dt_us):
        """Really step `dt_us`, then say how long the next step may be put off."""
        i = self.i_load_a
        owed_us = self._owed_us
        if owed_us:
            self.skin_charge_c -= i * (owed_us * 1e-6)  # the step counts it properly
            self._owed_us = 0
        if self._smooth and _SMOOTH_US <= dt_us <= _GLIDE_US and self._glide(dt_us, owed_us):
            move = self._move
        else:
            v = self._v
            left = self._run(dt_us * 1e-6)
            if self._cut is not self._seen_cut:
                self._edge()
                self._run(left)
            if self.latch_open and self.latched:
                self.reset_latch()
            net = self.net
            move = self._v - v
            i = (self.i_load_a - i) * _V_PER_A
            gap = self._target_a - self._ref_a
            quiet = -_STILL_A < gap < _STILL_A and self._open_us == 0.0
            self._high_i = -1.0
            self._smooth = (
                net.plain
                and quiet
                and not net.saturated
                and self._on_skin.live
                and self._h >= _SMOOTH_S
                and net.e2 > _NEAR_V
            )
            if not quiet:
                move = 1e9
            else:
                move = max(abs(move), abs(i))
        if dt_us < _SMOOTH_US:
            self._owe_us = 0
        else:
            most = _V_PER_US * dt_us
            if not -most < move < most:
                self._owe_us = 0
            else:
                most *= 0.025
                self._owe_us = _OWE_MAX_US if -most < move < most else _OWE_US

    @micropython.native
    def _glide(self, dt_us, owed_us):
        """A smooth step: regulated current, far from compliance, into skin. False: can't.

        A small move of the DAC counts from the end of `owed_us` on.
        """
        ref = self._target_a  # where the setpoint's filter has settled after 500 µs
        net = self.net
        h = dt_us * 1e-6
        i = i_mean = ref + self.e2_v * net.gd
        gap = self._ref_a - ref
        if gap != 0.0:
            if not -JUMP_A < gap < JUMP_A:
                return False
            i_mean = i + gap * (net.set_tau + owed_us * 1e-6) / h
        skin = self._on_skin
        move = skin.glide(i_mean, h)
        if move is None:
            return False
        self._move = move
        self._ref_a = ref
        v = skin.emf() + i * net.r_skin
        self._v = v
        self._solved = False
        self.i_load_a = i
        self.i_active_a = self._sign * i
        if i > self.i_peak_a:
            self.i_peak_a = i
        self.skin_charge_c += i_mean * h
        # The high side sees the current only: along its tangent where it was last solved.
        move = i - self._high_i
        if not -_STILL_A < move < _STILL_A:
            self._high_i = i
            move = i - net.at_i
            if not -JUMP_A < move < JUMP_A:
                net.anchor(v, ref)
                move = i - net.at_i
            e1 = net.at_e1 - move * net.at_r
            self.e1_v = e1
            self.div_e1_v = e1 * net.div_e1
            self.sense_a_v = ref * net.r_set
            b = (i + e1 * net.gd) * net.gain_b + net.b_offset_v
            self.sense_b_v = b
            self._cmp_v = b
        e2 = self.e1_v - v
        self.e2_v = e2
        self.div_e2_v = e2 * net.div_e2
        if e2 < _NEAR_V:
            self._smooth = False
        return True
