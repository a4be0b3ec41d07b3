"""One treatment from arming to its end: contact, ramp, dose, impedance, lifts, why it ended.

Tells app.py which event happened; knows neither button nor LED. Dose and time count only what
flows: during a lift everything stands still [S-04, F-07, F-08].
"""

from micropython import const

from firmware import contact
from firmware import session as s
from firmware.dose import Dose
from firmware.faults import LOAD_SHORT
from firmware.guard import SN_CHARGE_UC, SN_LIFTED, SN_OUTPUT_MS, SN_SESSION_MS
from firmware.impedance import Impedance
from firmware.limits import (
    BATTERY_END_MV,
    CHARGE_MAX_UC,
    NO_CONTACT_MS,
    OUTPUT_MAX_MS,
    PROBE_NA,
    SESSION_MAX_MS,
)
from firmware.patterns import GOOD, LIMIT, POOR, RISING

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

_SOFT_MS = const(3000)  # ramp down so long before the guard's caps would cut
_SOFT_UC = const(2000)
_COUNT_MAX_MS = const(100)  # longer than any tick: the guard's counter has started anew
_POOR_OHM = const(100_000)  # above this the contact is shown as poor


class Treatment:
    """State of the current or last session."""

    def __init__(self, output):
        self._output = output
        self.dose = Dose()
        self.impedance = Impedance()
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
        self._load_na = 0
        self.end = 0
        self.why = 0  # what `end` becomes with the next event that ends the session
        self._target_na = 0
        self.search()
        if product is not None:
            self.number += 1
            self._target_na = product.setpoint_ua * 1000

    def search(self):
        """Look for contact, from now on."""
        self.probe.start()
        self.impedance.resume()
        self._searching_ms = 0

    def lifted(self):
        """The circuit opened: a pause."""
        self.lifts += 1
        self.search()

    @property
    def quality(self):
        """How good the contact is, as the indicator shows it."""
        if self._output.regulator.limited:
            return LIMIT
        if self.impedance.rising:
            return RISING
        return POOR if self.impedance.z_ohm > _POOR_OHM else GOOD

    def searching(self, dt_ms):
        """One tick of CONTACT or LIFTED: the event that happened, -1 for none."""
        output = self._output
        self._searching_ms += dt_ms
        if self._searching_ms >= NO_CONTACT_MS:
            return self._because(NO_CONTACT, s.EXPIRED)
        if self._spent():
            return s.EXPIRED
        lifted = output.snapshot[SN_LIFTED]
        verdict = self.probe.step(output.measurement, output.fresh, lifted, output.quiet, dt_ms)
        if verdict == contact.OFF:
            if output.on:
                output.stop()
            return -1
        if verdict == contact.STABLE:
            return s.TOUCHED
        if verdict == contact.NO_BARRIER:
            return self._because(TOO_CONDUCTIVE, s.REFUSE)
        if verdict == contact.SHORT:
            output.found |= LOAD_SHORT
            return -1
        if not output.on:
            output.start()
        # In the air only capacitance and dividers are charged: that is no dose.
        self._count(output.measurement.load_na >= PROBE_NA // 2)
        output.drive(PROBE_NA, dt_ms)
        return -1

    def treating(self, state, dt_ms):
        """One tick of RAMPING or TREATING: the event that happened, -1 for none."""
        output = self._output
        self._count(True)
        if output.snapshot[SN_LIFTED]:
            return s.LIFT
        output.drive(self._target_na, dt_ms)
        product = self.product
        if product.dose_uc:
            if self.dose.dose_uc >= product.dose_uc:
                return self._because(COMPLETE, s.COMPLETE)
        elif self.flow_ms >= product.time_s * 1000:
            return self._because(COMPLETE, s.COMPLETE)
        if self._spent():
            return s.EXPIRED
        self.impedance.step(output.measurement, output.fresh, dt_ms)
        if state == s.RAMPING:
            regulator = output.regulator
            if regulator.limited or regulator.setpoint_na >= self._target_na:
                return s.REACHED
        return -1

    def stopping(self, dt_ms):
        """One tick of STOPPING."""
        output = self._output
        self._count(True)
        if output.snapshot[SN_LIFTED]:
            return s.LIFT
        output.drive(0, dt_ms)
        return s.ZERO if output.regulator.setpoint_na <= 0 else -1

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
            self._load_na = output.measurement.load_na
        if counts and 0 < ms <= _COUNT_MAX_MS:
            self.flow_ms += ms
            self.dose.step(self._load_na, ms)

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
