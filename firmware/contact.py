"""Looking for skin: nothing driven until something is there, then 20 µA to see what it is.

search.py finds it without a charge on the roller [S-21]; only then does current rise, from zero
and as slowly as everything else. Open circuit ends that within milliseconds (the guard sees to
it), and the output rests before the next try, unless the roller has left, which may be back at
once. Contact is what stays below 300 kΩ for 300 ms; skin
without its barrier is refused [F-03, F-07, S-06]. The current falls before it rises: that tells
how much of a barrier there is (barrier.py).
"""

from micropython import const

from firmware.barrier import Barrier
from firmware.impedance import load_ohm
from firmware.limits import (
    BARRIER_LOW_OHM,
    BARRIER_MIN_OHM,
    CONTACT_MAX_OHM,
    CONTACT_STABLE_MS,
    LEADS_OHM,
    SKIN_MIN_OHM,
)
from firmware.parted import FINDING_MS, NOTHING, Parted
from firmware.search import Search

# Verdicts of a step.
OFF = const(0)  # output should be off: resting before the next try
LOOK = const(5)  # output should be on, with nothing driven
ON = const(1)  # output should be on, with PROBE_NA as its target
FALL = const(6)  # output should be on, with PROBE_LOW_NA as its target
NO_SKIN = const(7)  # the wand's own dummy has closed since the proof [S-22]
STABLE = const(2)  # contact found
NO_BARRIER = const(3)  # less than any skin, or than skin with its barrier: refuse
SHORT = const(4)  # less than the leads alone: that is no skin [S-05]

REST_MS = const(100)  # after a contact that did not last: long for the bleed, short for a person
_PROBE_MAX_MS = const(2000)  # too dry all that time: rest and try again
_SETTLED_NA = const(18_000)  # nine tenths of the probe current flow
_SETTLE_MS = const(60)  # skin voltage settles within 30 ms at this current [E]
_MORE_OHM = const(9000)  # and the leads: a tenth more than the dummy
_SHORT_OHM = const(850)  # half of SHORT_LOAD_OHM: offsets make less of 34 mV, or more of none
_AVERAGE_SHIFT = const(4)  # of 40 mV, the leads alone, 1 mV of ripple and 2 of hum are left


class Probe:
    """One search for contact."""

    def __init__(self):
        self._search = Search()
        self._barrier = Barrier()
        self.parted = Parted()
        self.begin(BARRIER_MIN_OHM)
        self.start()

    def begin(self, least_ohm):
        """Nothing is known of this skin; with less than `least_ohm` of a barrier it is refused."""
        self.barrier_ohm = -1  # horny layer and hand, -1 where they have not been measured
        self.barrier_low = False  # little of it, or the hand hides how much
        self._least_ohm = least_ohm
        self._barrier.forget()

    @property
    def look_na(self):
        """What a look drives beside the dividers' current."""
        return self._search.drive_na

    def part(self):
        """Begin after current has flowed: what lies there now may be what stays for ever."""
        self.start()
        self._search.air = False

    @property
    def climbs(self):
        """Something has been found, and current rises to see what."""
        return self._phase == ON or self._phase == FALL

    @property
    def frames_tell(self):
        """What has been found shows in each frame, as would that it has gone."""
        return self._search.frames_tell

    def start(self, rest_ms=0):
        """Begin with the output off, for `rest_ms` at least."""
        self.reads_open = False  # in this very tick: nothing between the electrodes
        self.z_ohm = -1  # what the probe reads, -1 for nothing
        self._rest_ms = rest_ms
        self._phase = OFF
        self._elapsed_ms = 0
        self._stable_ms = 0
        self._flowing_ms = 0
        self.parted.start(FINDING_MS)
        self._parts = False
        self.laid = NOTHING  # across the output
        self._mean_mv = 0  # times 16
        self._mean_na = 0

    def step(self, measurement, fresh, lifted, quiet, dt_ms, open_ohm, known=False):
        """One tick. `lifted`: the guard saw an open circuit; `quiet`: no current for 5 ms.

        `open_ohm`: what the output reads where nobody touches.
        `known`: this skin has just carried current, it needs no 20 µA to see what it is.
        """
        self._elapsed_ms += dt_ms
        self.reads_open = False
        if self._phase == OFF:
            if self._elapsed_ms >= self._rest_ms and quiet:
                self._phase = LOOK
                self._search.start()
                self._whole = False
            return self._phase
        if lifted:
            return self._fail(0 if self.climbs else REST_MS)
        if self._phase == LOOK:
            if fresh and self._whole:
                if self._search.step(measurement, open_ohm):
                    self._phase = ON
                    self._elapsed_ms = 0
                    return STABLE if known else ON
                self.reads_open = self._search.open
            # The frame under way when the gate opened is none of this search.
            self._whole = self._whole or fresh
            return LOOK
        # The guard sees that within a millisecond, unless its converter stands still.
        if fresh and measurement.open:
            return self._fail()
        if self._parts:
            return self._part(measurement, fresh, dt_ms)
        if self._phase == FALL:
            return self._falling(measurement, fresh, dt_ms)
        if self._elapsed_ms >= _PROBE_MAX_MS + self._stable_ms:
            return self._fail()
        if measurement.load_na < _SETTLED_NA:
            self._flowing_ms = 0
            self._stable_ms = 0
            return ON
        self._flowing_ms += dt_ms
        if fresh:
            self._average(measurement)
        if self._flowing_ms < _SETTLE_MS:
            return ON
        ohm = load_ohm(self._mean_mv >> _AVERAGE_SHIFT, self._mean_na >> _AVERAGE_SHIFT)
        self.z_ohm = ohm - LEADS_OHM if ohm > LEADS_OHM else 0
        if not 0 <= ohm <= CONTACT_MAX_OHM + LEADS_OHM:
            self._stable_ms = 0
            return ON
        if not self._stable_ms:
            self._barrier.start()
        self._barrier.before(measurement, fresh, dt_ms, CONTACT_STABLE_MS - self._stable_ms)
        self._stable_ms += dt_ms
        if self._stable_ms < CONTACT_STABLE_MS:
            return ON
        if ohm < _SHORT_OHM:
            return SHORT
        if self.z_ohm < SKIN_MIN_OHM:
            return NO_BARRIER
        if self.barrier_ohm >= 0:
            return self._part(measurement, fresh, dt_ms)
        self._barrier.fall()
        self._phase = FALL
        return FALL

    def _falling(self, measurement, fresh, dt_ms):
        barrier = self._barrier
        if not barrier.after(measurement, fresh, dt_ms):
            return FALL
        if barrier.unsure and barrier.ohm >= self._least_ohm:
            self._phase = ON  # up again, and down
            self._elapsed_ms = 0
            return ON
        self.barrier_ohm = ohm = barrier.ohm
        if ohm < 0:
            return self._fail()
        self.barrier_low = ohm < BARRIER_LOW_OHM or barrier.hides
        return self._part(measurement, fresh, dt_ms) if ohm >= self._least_ohm else NO_BARRIER

    def _part(self, measurement, fresh, dt_ms):
        """Skin has been found; and is it not the dummy?"""
        if self.z_ohm >= _MORE_OHM:
            return STABLE
        self._parts = True
        self.laid = self.parted.step(measurement, fresh, dt_ms)
        if not self.parted.done:
            return self._phase
        return NO_SKIN if self.parted.found else STABLE

    def _fail(self, rest_ms=REST_MS):
        self.start(rest_ms)
        return OFF

    def _average(self, measurement):
        if not self._mean_na:
            self._mean_mv = measurement.load_mv << _AVERAGE_SHIFT
            self._mean_na = measurement.load_na << _AVERAGE_SHIFT
            return
        self._mean_mv += measurement.load_mv - (self._mean_mv >> _AVERAGE_SHIFT)
        self._mean_na += measurement.load_na - (self._mean_na >> _AVERAGE_SHIFT)
