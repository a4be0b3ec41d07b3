"""What the precise converter's frame says about the load, in integers with units.

Knows the circuit's small thefts: the divider on the low rail takes current that went through
the skin but not through R_SET [E].
"""

from micropython import const

from firmware.impedance import load_ohm
from firmware.limits import OPEN_UA

_FRAME = const(0)  # layout of a frame: number, then the four codes
_A = const(1)
_E1 = const(2)
_E2 = const(3)
_RAIL = const(4)

# M1 is fully on when no more than this is left above R_SET's own 2.00 mV/µA [E].
_SATURATED_MV = const(150)


class Measurement:
    """The latest frame, converted."""

    def __init__(self, calibration):
        self.calibration = calibration
        self.frame = 0
        self.a_na = 0  # through R_SET
        self.load_na = 0  # through the load
        self.load_mv = 0  # across the load, leads included
        self.e2_mv = 0
        self.load_ohm = -1  # of the load, leads included, -1 where too little flows
        self._rail = 0
        self.divider_na = 0  # taken by the low divider
        self.saturated = False  # the supply gives no more: compliance reached, or open

    @property
    def open(self):
        """Nothing flows although the supply gives all it has; with the gate off too."""
        return self.saturated and self.a_na < OPEN_UA * 1000

    @property
    def rail_mv(self):
        """Boosted supply; converted for those who ask, and no treatment does."""
        return self.calibration.rail_mv(self._rail)

    def update(self, frame):
        """Convert a frame [number, A, e1, e2, rail]; True where it is a new one."""
        if frame[_FRAME] == self.frame:
            return False
        self.frame = frame[_FRAME]
        calibration = self.calibration
        a_na = calibration.sense_a_na(frame[_A])
        e2_mv = calibration.e2_mv(frame[_E2])
        divider_na = e2_mv * 10 // 111  # 11.1 MΩ
        self.a_na = a_na
        self.e2_mv = e2_mv
        self.divider_na = divider_na
        self.load_na = a_na + divider_na
        self.load_mv = calibration.load_mv(frame[_E1], frame[_E2])
        self.load_ohm = load_ohm(self.load_mv, self.load_na)
        self._rail = frame[_RAIL]
        self.saturated = e2_mv <= a_na // 500 + _SATURATED_MV
        return True
