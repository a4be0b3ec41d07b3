"""Faults: one bit each, latched, with the first cause kept.

A fault never shows as anything else, and clears only as its kind allows [S-20]: a recoverable one
when its cause is gone and the person acknowledges it, a permanent one only in service mode.
"""

from micropython import const

# Guard trips. The guard sets these bits itself and knows no other module.
OVER_CURRENT = const(1 << 0)  # a sense at or above 550 µA [S-02]
OVER_SETPOINT = const(1 << 1)  # clearly more than asked for [S-02]
SENSE_MISMATCH = const(1 << 2)  # senses A and B disagree [S-03]
PRECISE_MISMATCH = const(1 << 3)  # the two converters disagree [S-03]
LOAD_SHORT = const(1 << 4)  # less resistance than the leads alone [S-05]
GATE_LEAK = const(1 << 5)  # current although the gate is off
HEARTBEAT = const(1 << 6)  # main loop hung [S-10]
GUARD_LATE = const(1 << 7)  # a pass came too late, or samples stood still [S-10]
COMPARATOR = const(1 << 8)  # the hardware latch has tripped
BAD_REQUEST = const(1 << 9)  # what the main loop asked for is not allowed [S-01, S-09]
TIME_CAP = const(1 << 10)  # 15 min of output or 20 min since arming [S-07]
CHARGE_CAP = const(1 << 11)  # 5 mA·min [S-07]
# Found by the main loop.
I2C = const(1 << 12)  # bus error or hang [S-19]
BRIDGE_SIGN = const(1 << 13)  # current leaves the other electrode than it should [S-23]
VBUS = const(1 << 14)  # a charger or a PC is connected [S-14]
INTERNAL = const(1 << 15)  # an exception in the main loop [S-12]
# Found by the self-test [S-15].
DAC = const(1 << 16)
ADC_CONFIG = const(1 << 17)  # the converter's set-up, or more frames than a second has
ZERO_READING = const(1 << 18)
DUMMY_READING = const(1 << 19)
GATE_M2 = const(1 << 20)
GATE_K1 = const(1 << 21)
DEAD_MAN = const(1 << 22)
MONOSTABLE = const(1 << 23)
RAIL = const(1 << 24)
BUTTON_STUCK = const(1 << 25)
CALIBRATION = const(1 << 26)  # [S-17]
CATALOGUE = const(1 << 27)
FILES = const(1 << 28)
LIMITING_DIODE = const(1 << 29)

NAMES = (
    "over_current",
    "over_setpoint",
    "sense_mismatch",
    "precise_mismatch",
    "load_short",
    "gate_leak",
    "heartbeat",
    "guard_late",
    "comparator",
    "bad_request",
    "time_cap",
    "charge_cap",
    "i2c",
    "bridge_sign",
    "vbus",
    "internal",
    "dac",
    "adc_config",
    "zero_reading",
    "dummy_reading",
    "gate_m2",
    "gate_k1",
    "dead_man",
    "monostable",
    "rail",
    "button_stuck",
    "calibration",
    "catalogue",
    "files",
    "limiting_diode",
)

# Acknowledged by holding the button once their cause is gone; all others want a technician.
# A hung loop, a late pass or a bus error may come from outside; a wrong current may not.
RECOVERABLE = (
    HEARTBEAT
    | GUARD_LATE
    | TIME_CAP
    | CHARGE_CAP
    | I2C
    | VBUS
    | INTERNAL
    | DUMMY_READING
    | BUTTON_STUCK
)


def name(bits):
    """Name of the lowest fault in `bits`, or "" for none."""
    for index in range(len(NAMES)):
        if bits & (1 << index):
            return NAMES[index]
    return ""


def names(bits):
    """Names of all faults in `bits`, lowest bit first."""
    return [NAMES[index] for index in range(len(NAMES)) if bits & (1 << index)]


class Faults:
    """The latch: `bits` is everything that happened, `first` the bit that came first."""

    def __init__(self):
        self.bits = 0
        self.first = 0

    def latch(self, bits, first=0):
        """Add `bits`. `first` says which of them came first where the finder knows."""
        if bits and not self.first:
            first = first & bits
            self.first = first if first else bits & -bits
        self.bits |= bits

    @property
    def permanent(self):
        """True where only service mode clears what is latched."""
        return bool(self.bits & ~RECOVERABLE)

    def acknowledge(self, causes_present):
        """Clear recoverable faults whose cause is gone. `causes_present`: bits still seen now.

        Returns True where nothing is latched any more.
        """
        if self.bits & (causes_present | ~RECOVERABLE):
            return False
        self.clear()
        return True

    def clear(self):
        """Service mode only: forget everything."""
        self.bits = 0
        self.first = 0
