"""The one gate before the DAC: nothing else writes it.

Absolute limit, slew limit, finite non-negative integers only. What is not accepted is no
setpoint at all: None means output disabled, and 0 is a setpoint [S-01, S-08].
"""

from firmware.limits import (
    BOUNCE_NA_PER_MS,
    HOP_NA_PER_MS,
    RAMP_NA_PER_MS,
    RAMP_TICK_MAX_MS,
    SETPOINT_MAX_NA,
)


class Limiter:
    """Turns a wished current into one that may flow. Currents in nA."""

    def __init__(self):
        self.cut()

    def cut(self):
        """Back to zero at once; only a cut may be a step."""
        self.setpoint_na = 0
        self._rise = RAMP_NA_PER_MS
        self._flowed_na = 0

    def resume(self, rise_na_per_ms, flowed_na):
        """Up to what flowed before it may rise at one of the limits' slopes; only from zero."""
        if self.setpoint_na == 0 and rise_na_per_ms in (HOP_NA_PER_MS, BOUNCE_NA_PER_MS):
            self._rise = rise_na_per_ms
            self._flowed_na = flowed_na

    @property
    def steep(self):
        """On the way back to what flowed before."""
        return self.setpoint_na < self._flowed_na

    def slow(self):
        """No faster than ever from here on."""
        self._flowed_na = 0

    def highest(self, from_na, dt_ms):
        """How high a current of `from_na` may be `dt_ms` later."""
        dt_ms = min(dt_ms, RAMP_TICK_MAX_MS)
        if from_na < self._flowed_na:
            return min(from_na + self._rise * dt_ms, self._flowed_na)
        return from_na + RAMP_NA_PER_MS * dt_ms

    def step(self, wish_na, dt_ms):
        """The current to set now, 0..500,000 nA, or None where `wish_na` is not acceptable.

        `dt_ms`: since the last call. Falls as fast as it is told to.
        """
        if not (type(wish_na) is int and type(dt_ms) is int):
            self.cut()
            return None
        if not (0 <= wish_na <= SETPOINT_MAX_NA and 0 <= dt_ms):
            self.cut()
            return None
        highest_na = self.highest(self.setpoint_na, dt_ms)
        self.setpoint_na = wish_na if wish_na < highest_na else highest_na
        return self.setpoint_na
