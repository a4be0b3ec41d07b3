"""The one gate before the DAC: nothing else writes it.

Absolute limit, slew limit, finite non-negative integers only. What is not accepted is no
setpoint at all: None means output disabled, and 0 is a setpoint [S-01, S-08].
"""

from firmware.limits import RAMP_NA_PER_MS, RAMP_TICK_MAX_MS, SETPOINT_MAX_NA


class Limiter:
    """Turns a wished current into one that may flow. Currents in nA."""

    def __init__(self):
        self.setpoint_na = 0

    def cut(self):
        """Back to zero at once; only a cut may be a step."""
        self.setpoint_na = 0

    def step(self, wish_na, dt_ms):
        """The current to set now, 0..500,000 nA, or None where `wish_na` is not acceptable.

        `dt_ms`: since the last call. Rises by at most 68 nA/ms; falls as fast as it is told to.
        """
        if not (type(wish_na) is int and type(dt_ms) is int):
            self.setpoint_na = 0
            return None
        if not (0 <= wish_na <= SETPOINT_MAX_NA and 0 <= dt_ms):
            self.setpoint_na = 0
            return None
        if dt_ms > RAMP_TICK_MAX_MS:
            dt_ms = RAMP_TICK_MAX_MS
        highest_na = self.setpoint_na + RAMP_NA_PER_MS * dt_ms
        self.setpoint_na = wish_na if wish_na < highest_na else highest_na
        return self.setpoint_na
