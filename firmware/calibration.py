"""Calibration of one wand: how DAC codes and converter codes become current and voltage.

Eight coefficients bound to a board's id; records.py adds version, checksum and second copy.
Every coefficient has a range: what lies outside is damage and no calibration, and means no
output [S-17]. Limits never pass through here: the guard works on nominal factors.
"""

import struct

from micropython import const

VERSION = const(2)  # 1: a DAC of 2.5 V, whose setpoint divider was another
_FORMAT = "<B8s8i"
SIZE = const(41)

NAMES = (
    "dac_pa_per_code",  # of a 16-bit DAC; a 12-bit code counts sixteen times
    "dac_offset_na",
    "a_pa_per_code",  # sense A at the precise converter
    "a_offset_na",
    "e_uv_per_code",  # both electrode dividers
    "e2_mismatch_ppm",  # the low divider against the high one: 27 V times this is an error
    "load_offset_uv",
    "rail_uv_per_code",
)
# AD5693R: 5 V x 10.0/27.45 / 2.00 kΩ / 65536 = 13,897 pA. ADS1115 at 125 µV a code: over 2.00 kΩ
# 62,500 pA, through 1.1/11.1 dividers 1261 µV. [E]
NOMINAL = (13_897, 0, 62_500, 0, 1261, 0, 0, 1261)
# The parts may be off by 0.1 % (R_SET), 0.4 % (reference), 0.15 % (ADC gain) and 1 % (each
# resistor of a divider); what is beyond twice their sum is damage.
LOWEST = (13_619, -3000, 61_250, -3000, 1200, -40_000, -20_000, 1200)
HIGHEST = (14_175, 3000, 63_750, 3000, 1322, 40_000, 20_000, 1322)

_BACKWARDS_MV = const(60)  # twice what dividers 0.1 % apart make of 27 V
_RAW_A_MAX = const(16_000)  # 1 mA: more cannot flow, and the product stays below 2**30


class Calibration:
    """Coefficients of one wand and the conversions they give: integers, zero for what is below."""

    def __init__(self, board_id=b"\0" * 8, values=NOMINAL):
        self.board_id = board_id
        self.values = tuple(values)
        (
            self._dac_pa,
            self._dac_offset_na,
            self._a_pa,
            self._a_offset_na,
            self._e_uv,
            self._mismatch_ppm,
            self._load_offset_uv,
            self._rail_uv,
        ) = self.values

    def code(self, setpoint_na, full_scale):
        """DAC code for a setpoint of 0..500,000 nA; `full_scale` is the part's highest code."""
        na = setpoint_na - self._dac_offset_na
        if setpoint_na <= 0 or na <= 0:
            return 0
        pa = self._dac_pa * (65536 // (full_scale + 1))
        code = (na * 1000 + pa // 2) // pa
        return code if code < full_scale else full_scale

    def sense_a_na(self, raw):
        """Current through R_SET in nA, from the code of AIN0."""
        if not -_RAW_A_MAX < raw < _RAW_A_MAX:  # below zero by that much is broken as well
            raw = _RAW_A_MAX
        na = raw * self._a_pa // 1000 + self._a_offset_na
        return na if na > 0 else 0

    def e2_mv(self, raw_e2):
        """Low rail of the bridge in mV, from the code of AIN2."""
        mv = raw_e2 * self._e_uv // 1000
        return mv if mv > 0 else 0

    def load_mv(self, raw_e1, raw_e2):
        """Voltage between the bridge's rails in mV, leads included, from AIN1 and AIN2.

        Differences first: both stand at up to 27 V and may be millivolts apart. -1 where the load
        drives backwards: skin that still holds a charge of the other sign, and no short circuit.
        """
        matched = raw_e1 - raw_e2 - (raw_e2 >> 1) * self._mismatch_ppm // 500_000
        mv = (matched * self._e_uv + self._load_offset_uv) // 1000
        return mv if mv > 0 else -(mv < -_BACKWARDS_MV)

    def rail_mv(self, raw):
        """Boosted supply in mV, from the code of AIN3."""
        mv = raw * self._rail_uv // 1000
        return mv if mv > 0 else 0

    def pack(self):
        """The record's payload."""
        return struct.pack(_FORMAT, VERSION, self.board_id, *self.values)


def check(values):
    """None where these coefficients are plausible, else one line that says why not."""
    if len(values) != len(NAMES):
        return "calibration has %d values, needs %d" % (len(values), len(NAMES))
    for i in range(len(NAMES)):
        if not (type(values[i]) is int and LOWEST[i] <= values[i] <= HIGHEST[i]):
            got = (NAMES[i], values[i], LOWEST[i], HIGHEST[i])
            return "%s is %s, allowed %d to %d: calibrate again" % got
    return None


def unpack(payload, board_id):
    """(Calibration, None), or (None, one line that says what is wrong)."""
    if payload is None:
        return None, "no calibration: calibrate this wand"
    if len(payload) != SIZE:
        return None, "calibration is %d bytes, needs %d: calibrate again" % (len(payload), SIZE)
    fields = struct.unpack(_FORMAT, payload)
    if fields[0] != VERSION:
        return None, "calibration version %d, this firmware reads %d" % (fields[0], VERSION)
    if fields[1] != board_id:
        return None, "calibration belongs to another board: calibrate this one"
    why = check(fields[2:])
    if why:
        return None, why
    return Calibration(board_id, fields[2:]), None
