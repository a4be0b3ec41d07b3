"""One treatment from arming to its end: contact, ramp, dose, impedance, lifts, why it ended.

Tells app.py which event happened; knows neither button nor LED. Dose and time count only what
flows: during a lift everything stands still [S-04, F-07, F-08].
"""

from micropython import const

from firmware import contact
from firmware import session as s
from firmware.dose import Dose
from firmware.faults import BAD_REQUEST, DUMMY_READING, LOAD_SHORT, ZERO_READING
from firmware.guard import (
    NO_BLEED,
    SN_A_UA,
    SN_CHARGE_UC,
    SN_LIFTED,
    SN_OUTPUT_MS,
    SN_SESSION_MS,
)
from firmware.impedance import Impedance, Step, drop_mv, skin_ohm
from firmware.limits import (
    AFTER_PEEL_MAX_UA,
    BAD_BOUNCES,
    BARRIER_MIN_OHM,
    BARRIER_NEW_UC,
    BATTERY_END_MV,
    BOUNCE_MS,
    BOUNCE_NA_PER_MS,
    CHARGE_MAX_UC,
    CONTACT_STABLE_MS,
    FLOWS_UA,
    FOUND_MS,
    GONE_MOST,
    GONE_SHIFT,
    HOP_MS,
    HOP_NA_PER_MS,
    LEADS_OHM,
    NO_CONTACT_MS,
    OUTPUT_MAX_MS,
    PROBE_LOW_NA,
    PROBE_NA,
    SAME_SKIN_FACTOR,
    SAME_SKIN_MV,
    SAME_SKIN_NA,
    SEARCH_QUICK_FRAMES,
    SESSION_MAX_MS,
    SETPOINT_MIN_UA,
    SKIN_MIN_OHM,
)
from firmware.parted import ENDING_MS
from firmware.patterns import GOOD, LIMIT, POOR, RISING
from firmware.search import differs

# Why a session ended, or did not begin.
ENDS = (
    "",
    "complete",
    "stopped",
    "timeout",
    "no_contact",
    "battery_low",
    "vbus",
    "product",
    "too_conductive",
    "fault",
    "rest",
    "touched",
)
COMPLETE = const(1)
STOPPED = const(2)
TIMEOUT = const(3)
NO_CONTACT = const(4)
BATTERY_LOW = const(5)
VBUS = const(6)
PRODUCT = const(7)
TOO_CONDUCTIVE = const(8)
FAULT = const(9)
REST = const(10)
TOUCHED = const(11)  # the roller was on something while the wand tested itself

_SOFT_MS = const(3000)  # ramp down so long before the guard's caps would cut
_SOFT_UC = const(2000)
_COUNT_MAX_MS = const(100)  # longer than any tick: the guard's counter has started anew
_POOR_OHM = const(100_000)  # above this the contact is shown as poor
_FLOWS_NA = FLOWS_UA * 1000
_FALL_FRAMES = const(2)  # as the current falls, in 3 ms, and that under way then
# Below it a reading of so few mV says too little; the lowest level, and what it may be short of.
_LOW_NA = SETPOINT_MIN_UA * 900
_CLOCKS_MS = const(5)  # the guard's clock of an absence is ahead of this one, and runs until
_CLOCKS_TICKS = const(3)  # current rises: by so much, and ticks
_AGAIN_NA = const(16_000)  # the guard allows 17 at once
_OLD_MS = const(5)  # what a tick finds in a frame is of so long ago
_SECOND_MS = const(1000)
_DIODE_NA = const(100_000)
_DIODE_LOW_MV = const(450)
_DIODE_MV = const(800)
_DIODE_OHM = const(2700)  # LEADS_OHM and SKIN_MIN_OHM, a tenth less


class Treatment:
    """State of the current or last session."""

    def __init__(self, output):
        self._output = output
        self.dose = Dose()
        self.impedance = Impedance()
        self._load = Step()
        self.probe = contact.Probe()
        self.number = 0  # of the session since power-on
        self.end = 0
        self.begin(None)

    def begin(self, product):
        """A new session with this product: everything from zero."""
        self.product = product
        self.dose.start()
        self.impedance.start()
        self.lifts = 0
        self.flow_ms = 0
        self._output_ms = 0  # the guard's count, as far as it has been added here
        self._flow_na = 0
        self._probe_mv = 0  # across skin and leads at the probe's current, until it is compared
        self.bounces = 0
        self._bounced = 0  # in this second
        self._second_ms = 0
        self._bad = False
        self.end = 0
        self.why = 0  # what `end` becomes with the next event that ends the session
        self._target_na = 0
        self.search()
        if product is not None:
            self.number += 1
            self._meet()

    def _meet(self):
        """Who is touched now is a stranger: the product's level, unless the barrier is low."""
        product = self.product
        self._target_na = product.setpoint_ua * 1000
        self._told = self._sum()
        self.probe.begin(SKIN_MIN_OHM if product.after_peel else BARRIER_MIN_OHM)

    def search(self):
        """Look for contact, from now on, and know nothing of the skin."""
        self.probe.start()
        self.impedance.resume()
        self._searching_ms = 0
        self._away_ms = HOP_MS
        self._absent_ms = HOP_MS
        self._flowed_na = 0
        self._steep = False
        self._flowing = False
        self._gone_times = 0
        self._climbed_na = 0  # how far the probe had come as the roller left
        self._climbed_ms = 0  # ago
        self._doubt = 0  # frames until it is known whether somebody touches
        self._enough()

    def parted(self):
        """The circuit opened, for how long is to be seen."""
        self.probe.part()
        self._doubt = 0
        self._searching_ms = 0
        self._flowing = not self._away_ms  # else it has never closed, whatever was found
        if self._flowing:
            self._absent_ms = 0

    def lifted(self):
        """It stays open: a pause; True where it is another one."""
        if self._flowing:
            self.lifts += 1
        return self._flowing

    def resume(self):
        """There is skin: after a moment's absence faster than the first time [S-08]."""
        self._load.start()
        self.probe.parted.start(ENDING_MS)
        self._falls = False
        away_ms = self._away_ms
        absent_ms = self._absent_ms
        self._steep = self._flowed_na > 0 and self.impedance.z_ohm > 0
        if not self._steep:
            return
        guards_ms = away_ms + _CLOCKS_TICKS * self._output.dt_ms + _CLOCKS_MS
        if absent_ms < BOUNCE_MS and guards_ms < BOUNCE_MS + FOUND_MS:
            self._output.resume(BOUNCE_NA_PER_MS, self._flowed_na)
        elif away_ms < HOP_MS:
            self._output.resume(HOP_NA_PER_MS, self._flowed_na)
        else:
            self._steep = False
        if absent_ms < BOUNCE_MS:
            self.bounces += 1
            self._bounced += 1

    @property
    def quality(self):
        """How good the contact is, as the indicator shows it."""
        if self._output.regulator.limited:
            return LIMIT
        if self.impedance.rising:
            return RISING
        return POOR if self._bad or self.impedance.z_ohm > _POOR_OHM else GOOD

    def searching(self, state, dt_ms):
        """One tick of CONTACT, BOUNCED or LIFTED: the event that happened, -1 for none."""
        output = self._output
        self._searching_ms += dt_ms
        self._second_ms += dt_ms
        if self._second_ms >= _SECOND_MS:
            self._second()
        if self._away_ms < HOP_MS:
            self._away_ms += dt_ms
            if self._away_ms >= HOP_MS:
                self._flowed_na = 0  # a lift: the skin is a stranger again
                self.impedance.resume()
                # Skin that has been treated conducts as if it had no barrier.
                if self.dose.dose_uc < BARRIER_NEW_UC:
                    self._meet()
        if self._searching_ms >= NO_CONTACT_MS:
            return self._because(NO_CONTACT, s.EXPIRED)
        if self._spent():
            return s.EXPIRED
        if output.snapshot[SN_LIFTED] == NO_BLEED:
            # The bleed does not hold the output, or M1 is fully on and both senses are blind.
            output.stop()
            output.found |= ZERO_READING
            return -1
        known = self._away_ms < HOP_MS
        probe = self.probe
        lifted = output.snapshot[SN_LIFTED] or (output.fresh and probe.climbs and self._gone())
        verdict = probe.step(
            output.measurement, output.fresh, lifted, output.quiet, dt_ms, output.open_ohm, known
        )
        if probe.reads_open or output.measurement.load_na >= _FLOWS_NA:
            self._gone_times = 0
        if probe.reads_open:
            self._absent_ms = self._away_ms - _OLD_MS
        if state == s.BOUNCED and verdict != contact.STABLE:
            if self._absent_ms >= BOUNCE_MS or self._away_ms >= BOUNCE_MS + 3 * FOUND_MS:
                return s.LIFT
        if self._climbed_na:
            self._climbed_ms += dt_ms
            if self._climbed_ms >= BOUNCE_MS + FOUND_MS:
                self._climbed_na = 0
        if verdict == contact.OFF:
            self._doubt = 0  # the guard was first
            if output.on:
                # Before it has risen far a bounce is no reason to begin anew.
                setpoint_na = output.regulator.setpoint_na
                self._climbed_na = setpoint_na if setpoint_na < _AGAIN_NA else _AGAIN_NA
                self._climbed_ms = 0
                output.stop()
            return -1
        if verdict == contact.STABLE:
            if probe.z_ohm >= 0:
                self._probe_mv = (probe.z_ohm + LEADS_OHM) * (PROBE_NA // 1000) // 1000
            if probe.barrier_low:
                self._low_level()
            return s.TOUCHED
        if verdict == contact.NO_BARRIER:
            return self._because(TOO_CONDUCTIVE, s.REFUSE)
        if verdict == contact.SHORT:
            output.found |= LOAD_SHORT
            return -1
        if verdict == contact.NO_SKIN:
            output.found |= DUMMY_READING
            return -1
        if not output.on:
            output.start()
        if verdict == contact.LOOK:
            self._count(False)
            look_na = probe.look_na
            output.drive(output.measurement.divider_na + look_na if look_na else 0, dt_ms)
            return -1
        output.lay(probe.laid)
        if verdict == contact.FALL:
            self._count(not output.laid)
            output.drive(PROBE_LOW_NA, dt_ms)
            return -1
        if self._climbed_na:
            output.resume(BOUNCE_NA_PER_MS, self._climbed_na)
            self._climbed_na = 0
        # In the air only capacitance and dividers are charged: that is no dose.
        self._count(not output.laid and output.measurement.load_na >= PROBE_NA // 2)
        self._drive(PROBE_NA, dt_ms)
        return -1

    def _low_level(self):
        """Perhaps skin without its barrier: no more than such skin may have [S-06]."""
        most_na = AFTER_PEEL_MAX_UA * 1000
        if self._target_na > most_na:
            self._target_na = most_na
            self._told = self._sum()

    def _sum(self):
        """Of the numbers that a session goes by: one bit of memory makes another one [S-22]."""
        product = self.product
        return self._target_na ^ product.setpoint_ua ^ product.dose_uc ^ product.time_s

    def treating(self, state, dt_ms):
        """One tick of RAMPING or TREATING: the event that happened, -1 for none."""
        output = self._output
        self._count(not self._low)
        self._second_ms += dt_ms
        if self._second_ms >= _SECOND_MS:
            self._second()
        # Guard first; the precise converter, should the guard's stand still.
        if (
            output.snapshot[SN_LIFTED]
            or (output.fresh and (output.measurement.open or self._gone()))
        ):
            self._enough()
            return s.LIFT
        if self._no_skin(dt_ms):
            return self._because(TOO_CONDUCTIVE, s.REFUSE)
        if output.fresh and not self._low:
            if self._steep:
                self._load.start()  # skin that is found again settles as fast
            elif self._load.step(output.measurement):
                # K2, the bleed, a leak: what it takes is none of the skin's, and is not counted.
                output.stop()
                output.found |= DUMMY_READING
                return -1
        self._follow(dt_ms)
        self._drive(self._target_na, dt_ms)
        product = self.product
        if product.dose_uc:
            if self.dose.dose_uc >= product.dose_uc:
                return self._because(COMPLETE, s.COMPLETE)
        elif self.flow_ms >= product.time_s * 1000:
            return self._because(COMPLETE, s.COMPLETE)
        if self._spent():
            return s.EXPIRED
        if self.impedance.step(output.measurement, output.fresh and not self._steep, dt_ms):
            if self._diode(output.measurement.load_na):
                output.stop()
                output.found |= LOAD_SHORT
                return -1
        if state == s.RAMPING:
            regulator = output.regulator
            if regulator.limited or regulator.setpoint_na >= self._target_na:
                return s.REACHED
        return -1

    def _gone(self):
        """A fresh frame: nobody touches any more, before the guard could see it [S-21].

        A frame says so, then some with nothing driven. There an open output reads less, and
        electrodes that hold by chance what it read still do. Where it is so again and again, it
        is believed: else they would never be treated.
        """
        output = self._output
        if not self._doubt:
            if (
                not output.bleed_opens  # as in most of a treatment, where asking takes longer
                and output.gone
                and self.probe.frames_tell
                and self._gone_times < GONE_MOST
            ):
                self._doubt = SEARCH_QUICK_FRAMES + _FALL_FRAMES
                self._doubt_mv = 0
                self._doubt_na = 0
            return False
        self._doubt -= 1
        if self._doubt < SEARCH_QUICK_FRAMES:
            self._doubt_mv += output.measurement.load_mv
            self._doubt_na += output.measurement.load_na
        if self._doubt:
            return False
        touches = differs(
            self._doubt_mv, self._doubt_na, SEARCH_QUICK_FRAMES, GONE_SHIFT, output.open_ohm
        )
        self._gone_times += 1
        return not touches

    def _drive(self, target_na, dt_ms):
        """Towards that; no more than the dividers take while it is doubted who touches."""
        output = self._output
        output.drive(output.measurement.divider_na if self._doubt else target_na, dt_ms)

    def _enough(self):
        """Nothing says that less than any skin lies there."""
        self._low = False  # the latest frame read less than any skin has, for so long by now
        self._low_ms = 0

    def _no_skin(self, dt_ms):
        """True where less than any skin lies there for CONTACT_STABLE_MS: a ring, a wound.

        What flows through that is no dose, from its first frame on [S-06, S-22]. Near the limit
        frames say now this, now that: those that say skin count against the others.
        """
        output = self._output
        measurement = output.measurement
        if output.fresh:
            low = measurement.load_ohm < LEADS_OHM + SKIN_MIN_OHM
            self._low = low and measurement.load_na >= _LOW_NA
            if self._low and self._low_ms >= CONTACT_STABLE_MS:
                self.impedance.end(skin_ohm(measurement.load_mv, measurement.load_na))
                return True
        low_ms = self._low_ms + (dt_ms if self._low else -dt_ms)
        self._low_ms = low_ms if low_ms > 0 else 0
        return False

    def _diode(self, load_na):
        """True where the voltage has not risen with the current, as it does on the leads alone.

        Half a switch of the bridge beside the skin: a diode, of 0.5 V at the probe's current and
        0.6 at a treatment's [S-05, S-22].
        """
        probe_mv = self._probe_mv
        if load_na < _DIODE_NA or not probe_mv:
            return False
        self._probe_mv = 0  # once: a roller may come to other skin
        mv = drop_mv(self.impedance.z_ohm + LEADS_OHM, load_na)
        return _DIODE_LOW_MV < mv < _DIODE_MV and (mv - probe_mv) * 1000 < (
            (load_na - PROBE_NA) // 1000 * _DIODE_OHM
        )

    def _follow(self, dt_ms):
        """What flows, for the next absence; and is this the skin that carried it before?"""
        output = self._output
        measurement = output.measurement
        # As the guard sees it, whose sense may read less: it judges how steeply one may come back.
        if output.snapshot[SN_A_UA] >= FLOWS_UA:
            self._away_ms = self._gone_times = 0
        elif self._away_ms:
            self._away_ms += dt_ms
        setpoint_na = output.regulator.setpoint_na
        if self._steep:
            other = output.fresh and not self._same(measurement)
            if setpoint_na >= self._flowed_na or other:
                self._steep = False
                output.limiter.slow()  # what the supply takes later comes back as ever
        if not self._steep:
            self._flowed_na = setpoint_na

    def _same(self, measurement):
        """True where the impedance is what it was, within SAME_SKIN_FACTOR and SAME_SKIN_MV."""
        load_na = measurement.load_na
        if load_na < SAME_SKIN_NA:
            return True
        was_mv = drop_mv(self.impedance.z_ohm + LEADS_OHM, load_na)
        is_mv = measurement.load_mv
        return (
            is_mv <= was_mv * SAME_SKIN_FACTOR + SAME_SKIN_MV
            and (is_mv + SAME_SKIN_MV) * SAME_SKIN_FACTOR >= was_mv
        )

    def _second(self):
        """Many bounces in it are a bad contact [F-07]; and are its numbers what they were?"""
        self._second_ms = 0
        self._bad = self._bounced >= BAD_BOUNCES
        self._bounced = 0
        if self._sum() != self._told:
            self._output.found |= BAD_REQUEST  # cut with the next tick

    def stopping(self, dt_ms):
        """One tick of STOPPING. On the way down: was it all skin's that has been counted?"""
        output = self._output
        self._count(not output.laid)
        if output.snapshot[SN_LIFTED]:
            return s.LIFT
        setpoint_na = output.regulator.setpoint_na
        if setpoint_na > PROBE_NA:
            self._falls = True
        elif self._falls:
            parted = self.probe.parted
            output.lay(parted.step(output.measurement, output.fresh, dt_ms))
            if parted.found:
                output.stop()
                output.found |= DUMMY_READING
                return -1
            self._falls = not parted.done
        output.drive(PROBE_NA if self._falls else 0, dt_ms)
        return s.ZERO if setpoint_na <= 0 else -1

    def battery(self, battery_mv):
        """True where the battery is too empty to go on [S-16]."""
        if battery_mv >= BATTERY_END_MV:
            return False
        self.why = BATTERY_LOW
        return True

    def _count(self, counts):
        """Time and charge of the tick gone by: the guard knows to the ms how long it flowed."""
        output = self._output
        snapshot = output.snapshot
        output_ms = snapshot[SN_OUTPUT_MS]
        ms = output_ms - self._output_ms
        self._output_ms = output_ms
        # A frame that was read while the circuit opened says little: take the one before.
        if not snapshot[SN_LIFTED]:
            self._flow_na = output.flow_na
        if counts and 0 < ms <= _COUNT_MAX_MS:
            self.flow_ms += ms
            self.dose.step(self._flow_na, ms)

    def _because(self, why, event):
        self.why = why
        return event

    def _spent(self):
        """True shortly before the guard caps: ramp down, so that nothing is cut [S-07]."""
        snapshot = self._output.snapshot
        if (
            snapshot[SN_OUTPUT_MS] < OUTPUT_MAX_MS - _SOFT_MS
            and snapshot[SN_SESSION_MS] < SESSION_MAX_MS - _SOFT_MS
            and snapshot[SN_CHARGE_UC] < CHARGE_MAX_UC - _SOFT_UC
        ):
            return False
        self.why = TIMEOUT
        return True
