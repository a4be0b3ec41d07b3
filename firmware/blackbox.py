"""What was seen before and after a fault ended a session: one row a tick, kept with the journal.

While a session is armed every tick leaves a row in RAM, 2 s of them in a ring, without allocating.
A fault lets it run on for half a second; then it is written, with the output off [S-13], and the
last eight stay. A session that ends without a fault leaves nothing.
"""

import struct
from array import array

from micropython import const

from firmware import records
from firmware.guard import (
    SN_A_UA,
    SN_B_UA,
    SN_E2_MV,
    SN_FEED,
    SN_LIFTED,
    SN_TRIP_A_UA,
    SN_TRIP_B_UA,
    SN_TRIP_E2_MV,
)

VERSION = const(1)
BEFORE = const(400)  # rows, 2 s of ticks
AFTER = const(100)
ROWS = const(500)
COLUMNS = const(7)
KEPT = const(8)
SLOTS = const(9)  # the one that is written next is not shown any more: never a third state
# session, product, first fault, all faults, ms since arming, rows, row of the fault, and what the
# guard's pass saw that tripped: A and B in µA, e2 in mV; zeros where it was not the guard
_HEADER = "<I24sIIIHHHHH"
HEADER_BYTES = const(50)

# A row, seven 16-bit numbers:
# 0  gate << 15 | lifted << 14 | new precise frame << 13 | state << 8 | light, 3-3-2 bits
# 1  setpoint, 0.01 µA      2  ms since the row before (31: or more) << 11 | fast A, µA
# 3  fast B, µA    4  e2, mV    5  precise A, 0.01 µA    6  load, mV, leads included
_MS_MAX = const(31)
_A_MAX = const(2047)


def _fit(value):
    return 0 if value < 0 else value if value < 0xFFFF else 0xFFFF


class BlackBox:
    """`begin` at arming, `step` once a tick, `mark` at a fault, `drop` at any other end."""

    def __init__(self):
        self._rows = array("H", bytes(2 * ROWS * COLUMNS))
        self._count = 0  # rows since arming
        self._left = 0  # rows still to come after a fault; 0: none has come
        self._ms = 0
        self._since_ms = 0
        self.recording = False
        self._product = ""
        self._bits = self._first = self._fault_row = 0
        self._trip = (0, 0, 0)
        self.pending = False  # it wants to be written

    def begin(self, product):
        """A session is armed. What could not be written yet is lost to it."""
        self._product = product.id
        self._count = self._left = self._ms = 0
        self.pending = False
        self.recording = True

    def drop(self):
        """It ended as sessions do."""
        if not self._left:
            self.recording = False

    def mark(self, bits, first, snapshot):
        """A fault has ended it, seen in this tick. `snapshot`: the guard's."""
        if self.recording and not self._left and not self.pending:
            self._bits = bits
            self._first = first
            self._fault_row = self._count
            self._trip = (
                snapshot[SN_TRIP_A_UA], snapshot[SN_TRIP_B_UA], snapshot[SN_TRIP_E2_MV]
            )  # fmt: skip
            self._since_ms = self._ms
            self._left = AFTER

    def step(self, state, rgb, output, dt_ms):
        """One row; nothing is allocated."""
        if not self.recording:
            return
        flags = state << 8 | (rgb >> 21 & 7) << 5 | (rgb >> 13 & 7) << 2 | rgb >> 6 & 3
        if output.fresh:
            flags |= 0x2000
        self._judged(flags, dt_ms, output.snapshot)
        self._measured(output)
        self._count += 1
        self._ms += dt_ms
        if self._left:
            self._left -= 1
            if not self._left:
                self.recording = False
                self.pending = True

    def _judged(self, flags, dt_ms, snapshot):
        """Columns of the guard."""
        rows = self._rows
        at = self._count % ROWS * COLUMNS
        a_ua = snapshot[SN_A_UA]
        if snapshot[SN_FEED]:
            flags |= 0x8000
        if snapshot[SN_LIFTED]:
            flags |= 0x4000
        rows[at] = flags
        rows[at + 2] = (dt_ms if dt_ms < _MS_MAX else _MS_MAX) << 11 | (
            a_ua if a_ua < _A_MAX else _A_MAX
        )
        rows[at + 3] = snapshot[SN_B_UA]  # of 12 bits, as e2
        rows[at + 4] = snapshot[SN_E2_MV]

    def _measured(self, output):
        """Columns of setpoint and precise converter."""
        rows = self._rows
        at = self._count % ROWS * COLUMNS
        rows[at + 1] = output.limiter.setpoint_na // 10
        rows[at + 5] = _fit(output.measurement.a_na // 10)
        rows[at + 6] = _fit(output.measurement.load_mv)

    def write(self, board, number):
        """Put it on the flash as that session's; OSError where that fails. Tried once."""
        self.pending = False
        newest = 0
        for one in sequences(board.read):
            newest = one if one > newest else newest
        sequence = newest + 1
        framed = records.pack(records.BLACKBOX, VERSION, sequence, self._pack(number))
        board.write(name(sequence), framed)

    def _pack(self, number):
        """The rows of the ring, oldest first, and what they are about."""
        first = self._fault_row - BEFORE
        kept = self._count - ROWS
        first = first if first > kept else kept
        first = first if first > 0 else 0
        count = self._count - first
        width = 2 * COLUMNS
        data = bytearray(HEADER_BYTES + count * width)
        struct.pack_into(
            _HEADER, data, 0, number, self._product.encode(), self._first, self._bits,
            self._since_ms, count, self._fault_row - first, *self._trip
        )  # fmt: skip
        rows = memoryview(self._rows)
        at = HEADER_BYTES
        for row in range(first, self._count):
            place = row % ROWS * COLUMNS
            data[at : at + width] = bytes(rows[place : place + COLUMNS])
            at += width
        return data


def name(sequence):
    """The file of the box of that number."""
    return "blackbox.%d" % (sequence % SLOTS)


def sequences(read):
    """Numbers of the boxes that are kept and whole, oldest first, the eight newest."""
    found = []
    for slot in range(SLOTS):
        whole = records.unpack(read("blackbox.%d" % slot), records.BLACKBOX)
        if whole is not None and whole[1] % SLOTS == slot:
            found.append(whole[1])
    found.sort()
    return [one for one in found if found[-1] - one < KEPT]


def load(read, sequence):
    """The payload of that box, None where it is not kept."""
    whole = records.unpack(read(name(sequence)), records.BLACKBOX)
    if whole is None or whole[0] != VERSION or whole[1] != sequence:
        return None
    return whole[2]


def unpack(payload):
    """A box as a dict, rows as tuples of seven numbers; None where it is none."""
    if len(payload) < HEADER_BYTES:
        return None
    number, product, first, bits, ms, count, fault_row, a_ua, b_ua, e2_mv = struct.unpack_from(
        _HEADER, payload, 0
    )
    if len(payload) != HEADER_BYTES + 2 * COLUMNS * count or fault_row > count:
        return None
    rows = []
    for row in range(count):
        rows.append(struct.unpack_from("<7H", payload, HEADER_BYTES + 2 * COLUMNS * row))
    return {
        "session": number,
        "product": "".join([chr(byte) for byte in product.rstrip(b"\x00")]),
        "first_fault": first,
        "faults": bits,
        "since_arming_ms": ms,
        "fault_row": fault_row,
        "trip": (a_ua, b_ua, e2_mv),
        "rows": rows,
    }
