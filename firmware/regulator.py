"""Ramp, slow trim and compliance: which current to ask the limiter for.

The circuit regulates by itself; this only ramps, corrects what the precise converter says is
missing, and steps back where the supply cannot give more. There it follows the delivered current
with a small lead, so that skin that suddenly conducts better meets no stored-up current [F-06].
"""

from micropython import const

from firmware.limits import RAMP_DOWN_NA_PER_MS, SETPOINT_MAX_NA

_LEAD_NA = const(2000)  # above the delivered current in compliance: 2 µA ...
_LEAD_SHIFT = const(7)  # ... and 0.8 %
_SETTLE_MS = const(50)  # after a ramp, before the trim moves
_TRIM_MS = const(96)  # the error is trimmed away in 0.1 s, slower than any filter ...
_TRIM_STEP_MS = const(32)  # ... at most a third of it by one frame, however long that took
_TRIM_MAX_NA = const(3000)  # what calibration may leave: 3 µA ...
_TRIM_SHIFT_MAX = const(5)  # ... and 3 %: more is a fault and not for the trim to hide


class Regulator:
    """Currents in nA, times in ms. `setpoint_na` is what should flow through the load now."""

    def __init__(self):
        self.start()

    def start(self):
        """From zero, with nothing remembered: no wind-up survives a lift."""
        self.setpoint_na = 0
        self.trim_na = 0
        self.limited = False  # the supply gives less than the target
        self._steady_ms = 0
        self._frame_ms = 0  # since the last frame

    def step(self, target_na, measurement, fresh, dt_ms, highest_na):
        """The current to ask the limiter for. `fresh`: the measurement is a new frame.

        `highest_na`: the limiter's word on the setpoint. Not ahead of it: what it holds back
        would be taken for an error to trim.
        """
        self._ramp(target_na, dt_ms, highest_na)
        self._frame_ms += dt_ms
        self.limited = measurement.saturated and self.setpoint_na > 0
        if self.limited:
            self._lead(measurement.load_na)
        # What the dividers take flows unasked: no error of a setpoint below it.
        elif (
            fresh
            and self._steady_ms >= _SETTLE_MS
            and self.setpoint_na > measurement.divider_na
        ):
            self._correct(self.setpoint_na - measurement.load_na)
        if fresh:
            self._frame_ms = 0
        if self.setpoint_na >= target_na:
            self.limited = False
        return self._wish(measurement.divider_na)

    def _wish(self, divider_na):
        if self.setpoint_na <= 0:
            return 0
        wish_na = self.setpoint_na - divider_na + self.trim_na
        if wish_na < 0:
            return 0
        return wish_na if wish_na < SETPOINT_MAX_NA else SETPOINT_MAX_NA

    def _ramp(self, target_na, dt_ms, highest_na):
        setpoint_na = self.setpoint_na
        if setpoint_na < target_na:
            self.setpoint_na = highest_na if highest_na < target_na else target_na
            self._steady_ms = 0
        elif setpoint_na > target_na:
            setpoint_na -= RAMP_DOWN_NA_PER_MS * dt_ms
            self.setpoint_na = setpoint_na if setpoint_na > target_na else target_na
            self._steady_ms = 0
        elif self._steady_ms < _SETTLE_MS:
            self._steady_ms += dt_ms

    def _lead(self, load_na):
        """The supply gives no more: not far above what flows."""
        most_na = load_na + _LEAD_NA + (load_na >> _LEAD_SHIFT)
        if self.setpoint_na > most_na:
            self.setpoint_na = most_na
        self._steady_ms = 0

    def _correct(self, error_na):
        most_na = _TRIM_MAX_NA + (self.setpoint_na >> _TRIM_SHIFT_MAX)
        ms = self._frame_ms
        ms = ms if ms < _TRIM_STEP_MS else _TRIM_STEP_MS
        trim_na = self.trim_na + error_na * ms // _TRIM_MS
        trim_na = trim_na if trim_na < most_na else most_na
        self.trim_na = trim_na if trim_na > -most_na else -most_na
