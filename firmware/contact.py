"""Looking for skin: short probes with 20 µA, before the first ramp and after every lift.

A probe starts from zero and rises as slowly as everything else. Open circuit ends it within
milliseconds (the guard sees to that), then the output rests before the next try. Contact is
what stays below 300 kΩ for 300 ms; skin without its barrier is refused [F-03, F-07, S-06].
"""

from micropython import const

from firmware.impedance import load_ohm
from firmware.limits import (
    CONTACT_MAX_OHM,
    CONTACT_STABLE_MS,
    LEADS_OHM,
    SHORT_LOAD_OHM,
    SKIN_MIN_OHM,
)

# Verdicts of a step.
OFF = const(0)  # output should be off: resting between two probes
ON = const(1)  # output should be on, with PROBE_NA as its target
STABLE = const(2)  # contact found
NO_BARRIER = const(3)  # skin below SKIN_MIN_OHM: refuse
SHORT = const(4)  # less than the leads alone: that is no skin [S-05]

REST_MS = const(100)  # long for the bleed (0.1 ms), short for a person
_PROBE_MAX_MS = const(2000)  # too dry all that time: rest and try again
_SETTLED_NA = const(18_000)  # nine tenths of the probe current flow
_SETTLE_MS = const(60)  # skin voltage settles within 30 ms at this current [E]
_AVERAGE_SHIFT = const(3)  # readings of 60 mV through a 27 V divider want averaging


class Probe:
    """One search for contact."""

    def __init__(self):
        self.start()

    def start(self):
        """Begin with the output off."""
        self.z_ohm = -1  # what the probe reads, -1 for nothing
        self._on = False
        self._elapsed_ms = 0
        self._stable_ms = 0
        self._flowing_ms = 0
        self._mean_mv = 0  # times 8
        self._mean_na = 0

    def step(self, measurement, fresh, lifted, quiet, dt_ms):
        """One tick. `lifted`: the guard saw an open circuit; `quiet`: no current for 5 ms."""
        self._elapsed_ms += dt_ms
        if not self._on:
            if self._elapsed_ms >= REST_MS and quiet:
                self.start()
                self._on = True
                return ON
            return OFF
        if lifted or self._elapsed_ms >= _PROBE_MAX_MS + self._stable_ms:
            self.start()
            return OFF
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
        self._stable_ms += dt_ms
        if self._stable_ms < CONTACT_STABLE_MS:
            return ON
        if ohm < SHORT_LOAD_OHM:
            return SHORT
        if self.z_ohm < SKIN_MIN_OHM:
            return NO_BARRIER
        return STABLE

    def _average(self, measurement):
        if not self._mean_na:
            self._mean_mv = measurement.load_mv << _AVERAGE_SHIFT
            self._mean_na = measurement.load_na << _AVERAGE_SHIFT
            return
        self._mean_mv += measurement.load_mv - (self._mean_mv >> _AVERAGE_SHIFT)
        self._mean_na += measurement.load_na - (self._mean_na >> _AVERAGE_SHIFT)
