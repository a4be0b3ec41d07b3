"""What ran: one record a session, gathered in RAM while output is on, written after it [S-13].

What is stored is declared once, in FIELDS, and read back by the host's tools with the same code.
No person's data: a session is a number [F-11]. ring.py keeps the records.
"""

import struct
from array import array

from micropython import const

from firmware import records

# Why a session ended, or did not begin. The index is what is stored: only ever append.
ENDS = (
    "",
    "complete",  # dose or time delivered
    "stopped",  # by the person
    "timeout",  # 15 min of output, 20 min since arming, or 5 mA·min
    "no_contact",
    "battery_low",
    "vbus",
    "product",  # its ion charge gives no polarity
    "too_conductive",
    "fault",  # which one stands in first_fault
    "rest",  # the skin has had enough for now
    "touched",  # the roller was on something in the proof
)

VERSION = const(1)
POINTS_MAX = const(200)  # 6 min 40 s at one point every 2 s, 20 min at one every 8 s
FLAG_PATCH_TEST = const(1)
FLAG_AFTER_PEEL = const(2)
FLAG_ELECTROOSMOSIS = const(4)
FLAG_RESISTANCE_LIMIT = const(8)
FLAG_ANOTHER_PERSON = const(16)  # somebody said so, and the rest was not waited for
CHARGE_UNKNOWN = const(-32768)

# name, struct letter, unit. The stored layout, the CSV header and the report come from here.
FIELDS = (
    ("number", "I", ""),
    ("product", "24s", ""),
    ("ion_charge", "h", "0.01 e"),
    ("bridge", "B", ""),
    ("flags", "B", ""),
    ("end", "B", ""),
    ("points", "B", ""),
    ("interval_s", "H", "s"),
    ("setpoint_ua", "H", "uA"),
    ("mean_ua", "H", "uA"),
    ("peak_ua", "H", "uA"),
    ("lifts", "H", ""),
    ("z_first_ohm", "I", "ohm"),
    ("z_min_ohm", "I", "ohm"),
    ("z_max_ohm", "I", "ohm"),
    ("z_last_ohm", "I", "ohm"),
    ("target_uc", "I", "uC"),
    ("dose_uc", "I", "uC"),
    ("output_ms", "I", "ms"),
    ("session_ms", "I", "ms"),
    ("faults", "I", ""),
    ("first_fault", "I", ""),
    ("battery_start_mv", "H", "mV"),
    ("battery_end_mv", "H", "mV"),
    ("firmware", "I", ""),
    ("catalogue", "I", ""),
    ("calibration", "I", ""),
)
_LAYOUT = "<" + "".join([field[1] for field in FIELDS])
_FIXED_BYTES = struct.calcsize(_LAYOUT)
_HIGHEST = {"B": 0xFF, "H": 0xFFFF, "I": 0xFFFFFFFF}
_POINT_BYTES = const(6)  # set µA, delivered µA, impedance in 10 ohm: 16 bit each
_Z_UNIT_OHM = const(10)
SLOT_BYTES = _FIXED_BYTES + POINTS_MAX * _POINT_BYTES + records.OVERHEAD_BYTES


def _cap(value, highest):
    """The nearest value that fits its field: a record is kept even if a number in it is absurd."""
    return 0 if value < 0 else highest if value > highest else int(value)


class Record:
    """The session that is running. `sample` allocates nothing."""

    def __init__(self):
        self._set = array("H", bytes(2 * POINTS_MAX))
        self._delivered = array("H", bytes(2 * POINTS_MAX))
        self._z = array("H", bytes(2 * POINTS_MAX))
        self._clear()

    def _clear(self):
        self.product = ""
        self.ion_charge = 0
        self.bridge = 0
        self.flags = 0
        self.end_reason = ""
        self.setpoint_ua = 0
        self.target_uc = 0
        self.peak_ua = 0
        self.lifts = 0
        self.z_first_ohm = 0
        self.z_min_ohm = 0
        self.z_max_ohm = 0
        self.z_last_ohm = 0
        self.dose_uc = 0
        self.output_ms = 0
        self.session_ms = 0
        self.faults = 0
        self.first_fault = 0
        self.battery_start_mv = 0
        self.battery_end_mv = 0
        self.firmware = 0
        self.catalogue = 0
        self.calibration = 0
        self.points = 0
        self.interval_s = 1
        self._seconds = 0  # in the point that is being averaged
        self._sum_set = 0
        self._sum_delivered = 0
        self._sum_z = 0
        self._count_z = 0

    def begin(self, product, battery_mv, firmware=0, catalogue=0, calibration=0):
        """A session is armed. `product`: products.Product. The rest: versions and sequences."""
        self._clear()
        self.product = product.id
        self.ion_charge = product.ion_charge
        self.bridge = product.electrodes()[3]
        self.setpoint_ua = product.setpoint_ua
        self.target_uc = product.dose_uc
        if product.patch_test:
            self.flags |= FLAG_PATCH_TEST
        if product.after_peel:
            self.flags |= FLAG_AFTER_PEEL
        if product.electroosmosis:
            self.flags |= FLAG_ELECTROOSMOSIS
        self.battery_start_mv = battery_mv
        self.firmware = firmware
        self.catalogue = catalogue
        self.calibration = calibration

    def lift(self):
        """The roller left the skin."""
        self.lifts += 1

    def limited(self):
        """Resistance limits the current: the time was stretched."""
        self.flags |= FLAG_RESISTANCE_LIMIT

    def highest(self, delivered_ua):
        """Each reading of the delivered current."""
        if delivered_ua > self.peak_ua:
            self.peak_ua = delivered_ua

    def sample(self, setpoint_ua, delivered_ua, z_ohm):
        """Once a second from arming to the end, pauses included. `z_ohm` 0 or less: no reading."""
        if z_ohm > 0:
            if not self.z_first_ohm:
                self.z_first_ohm = z_ohm
                self.z_min_ohm = z_ohm
            if z_ohm < self.z_min_ohm:
                self.z_min_ohm = z_ohm
            if z_ohm > self.z_max_ohm:
                self.z_max_ohm = z_ohm
            self.z_last_ohm = z_ohm
            self._sum_z += z_ohm // _Z_UNIT_OHM
            self._count_z += 1
        self._sum_set += setpoint_ua
        self._sum_delivered += delivered_ua
        self._seconds += 1
        if self._seconds >= self.interval_s:
            self._point()

    def _point(self):
        if self.points == POINTS_MAX:
            self._halve()
            return  # points are twice as long now: this one is only half of one
        index = self.points
        self._set[index] = _cap(self._sum_set // self._seconds, 0xFFFF)
        self._delivered[index] = _cap(self._sum_delivered // self._seconds, 0xFFFF)
        self._z[index] = _cap(self._sum_z // self._count_z, 0xFFFF) if self._count_z else 0
        self.points = index + 1
        self._seconds = 0
        self._sum_set = 0
        self._sum_delivered = 0
        self._sum_z = 0
        self._count_z = 0

    def _halve(self):
        """Full: join neighbours, so that any length of session fits, evenly spaced."""
        for index in range(POINTS_MAX // 2):
            self._set[index] = (self._set[2 * index] + self._set[2 * index + 1]) // 2
            self._delivered[index] = (
                self._delivered[2 * index] + self._delivered[2 * index + 1]
            ) // 2
            first = self._z[2 * index]
            second = self._z[2 * index + 1]
            self._z[index] = (first + second) // 2 if first and second else first + second
        self.points = POINTS_MAX // 2
        self.interval_s *= 2

    def end(self, reason, dose_uc, output_ms, session_ms, battery_mv, faults=0, first_fault=0):
        """The session is over. `reason`: one of ENDS."""
        self.end_reason = reason
        self.dose_uc = dose_uc
        self.output_ms = output_ms
        self.session_ms = session_ms
        self.battery_end_mv = battery_mv
        self.faults = faults
        self.first_fault = first_fault

    @property
    def mean_ua(self):
        """Delivered current, mean over the time of output."""
        return self.dose_uc * 1000 // self.output_ms if self.output_ms > 0 else 0

    def pack(self, number):
        """Return the payload of this session's record."""
        data = bytearray(_FIXED_BYTES + self.points * _POINT_BYTES)
        values = [number, self.product.encode()]
        for name, letter, _unit in FIELDS[2:]:
            value = ENDS.index(self.end_reason) if name == "end" else getattr(self, name)
            if name == "ion_charge":
                values.append(value if type(value) is int else CHARGE_UNKNOWN)
            else:
                values.append(_cap(value, _HIGHEST[letter]))
        struct.pack_into(_LAYOUT, data, 0, *values)
        at = _FIXED_BYTES
        for index in range(self.points):
            struct.pack_into(
                "<HHH", data, at, self._set[index], self._delivered[index], self._z[index]
            )
            at += _POINT_BYTES
        return data


def unpack(payload, version=VERSION):
    """Return a record as a dict by the names of FIELDS, or None where it isn't one.

    "product" and "end" come as text, "series" as a list of (set µA, delivered µA, impedance Ω).
    """
    if version != VERSION or len(payload) < _FIXED_BYTES:
        return None
    values = struct.unpack_from(_LAYOUT, payload, 0)
    record = {}
    for index in range(len(FIELDS)):
        record[FIELDS[index][0]] = values[index]
    if len(payload) != _FIXED_BYTES + record["points"] * _POINT_BYTES:
        return None
    if not record["end"] < len(ENDS):
        return None
    record["end"] = ENDS[record["end"]]
    record["product"] = "".join([chr(byte) for byte in record["product"].rstrip(b"\x00")])
    series = []
    for index in range(record["points"]):
        at = _FIXED_BYTES + index * _POINT_BYTES
        set_ua, delivered_ua, z = struct.unpack_from("<HHH", payload, at)
        series.append((set_ua, delivered_ua, z * _Z_UNIT_OHM))
    record["series"] = series
    return record
