"""What shows in a second of frames only: senses that part, a converter that stands still, time.

Each by less than the guard trips at, and at a session's current [S-03, S-22]. With each frame of
the precise converter `look`, `second`, and `apart` or `unsteady`; nothing is allocated.
"""

from micropython import const

from firmware.faults import ADC_CONFIG, DAC, GUARD_LATE, PRECISE_MISMATCH, SENSE_MISMATCH
from firmware.guard import SN_A_UA, SN_B_UA, SN_BATTERY_SUM, SN_E2_MV
from firmware.limits import (
    APART_NA,
    DRIFT_NA,
    DRIFT_PERCENT,
    FRAMES_MOST,
    TOLD_NA,
    TOLD_PERMILLE,
)

_WRAP = const(0x3FFFFFFF)
_SECOND_MS = const(1000)
_LATE_MS = const(2000)  # a second that took so long is no second
_SHIFT = const(7)  # 128 frames, 0.8 s
# Motion of the low rail that no converter can miss which converts: one and a half of its steps.
_MOVES_CODES = const(10)
# A frame tells of up to 12 ms ago: what it tells of the second before, the guard saw in that one.
_LAG_FRAMES = const(3)


class Drift:
    """Sums over the frames since something moved, and what was seen in this second."""

    def __init__(self):
        self.setpoint_na = 0  # what the DAC was told
        self.open_apart_na = 0  # sense A above what the DAC is told, where nothing is driven
        self._begun = False
        self._since_ms = self._first = 0
        self._moved = False
        self._e2_mv = self._battery = 0
        self._low = self._high = 0
        self._lag = 0
        self._frames = self._a_na = self._b_na = self._off_na = 0

    def look(self, snapshot, code, flowing):
        """Does the guard's converter move, and how far does the low rail? `code`: of e2."""
        e2_mv = snapshot[SN_E2_MV]
        battery = snapshot[SN_BATTERY_SUM]
        if not flowing or e2_mv != self._e2_mv or battery != self._battery:
            self._moved = True
            self._e2_mv = e2_mv
            self._battery = battery
        if self._lag:
            self._lag -= 1
            self._low = self._high = code
        elif code < self._low:
            self._low = code
        elif code > self._high:
            self._high = code

    def second(self, frame, code, now_ms):
        """Fault bits of the second that ends with this frame, 0 for none."""
        ms = (now_ms - self._since_ms) & _WRAP
        if self._begun and ms < _SECOND_MS:
            return 0
        bits = self._second(frame, ms)
        self._since_ms = now_ms
        self._first = frame
        self._lag = _LAG_FRAMES
        self._begun = True
        self._moved = False
        return bits

    def unsteady(self):
        """Something moves: sums over readings that do would say nothing."""
        if self._frames:
            self._frames = self._a_na = self._b_na = self._off_na = 0

    def apart(self, measurement, snapshot):
        """Fault bits of readings of one and the same that part, 0 for none.

        Current flows, regulated, and the setpoint has stood still for a while.
        """
        # The fast converter's readings are cut off at whole µA.
        self._a_na += snapshot[SN_A_UA] * 1000 + 500 - measurement.a_na
        # Sense B also sees what both dividers take; on the same converter its reference falls out.
        taken_na = (2 * measurement.e2_mv + measurement.load_mv) * 10 // 111  # 11.1 MΩ each
        self._b_na += (snapshot[SN_B_UA] - snapshot[SN_A_UA]) * 1000 - taken_na
        self._off_na += measurement.a_na - self.setpoint_na
        self._frames += 1
        if not self._frames >> _SHIFT:
            return 0
        bits = self._judge(measurement.a_na)
        self.unsteady()
        return bits

    def _judge(self, a_na):
        if not abs(self._a_na) >> _SHIFT <= DRIFT_NA + a_na // 100 * DRIFT_PERCENT:
            return PRECISE_MISMATCH
        if not abs(self._b_na) >> _SHIFT <= APART_NA + a_na // 100:
            return SENSE_MISMATCH
        off_na = (self._off_na >> _SHIFT) - self.open_apart_na
        if abs(off_na) <= TOLD_NA + a_na // 1000 * TOLD_PERMILLE:
            return 0
        # Who is alone? The fast converter bears out what the DAC was told, or it does not.
        alone = abs((self._a_na >> _SHIFT) + off_na) * 2 <= abs(off_na)
        return PRECISE_MISMATCH if alone else DAC

    def _second(self, frame, ms):
        """The second that has ended: whose clock is wrong, and did anything stand still?"""
        if not self._begun or ms >= _LATE_MS:
            return 0
        if (frame - self._first) & _WRAP > ms * FRAMES_MOST // _SECOND_MS:
            return ADC_CONFIG
        if not self._moved and self._high - self._low > _MOVES_CODES:
            return GUARD_LATE
        return 0
