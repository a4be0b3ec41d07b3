"""Keeps the journal of the wand: gathers a session in RAM, writes it when the output is off.

Between the app, which says what happens, and journal.py with ring.py, which know how it is kept.
It also knows which products had their patch test on this wand, so that one is offered before the
first treatment with any other.
"""

import struct

from micropython import const

from firmware import journal, products, records, store
from firmware.ring import Ring

PATCHED = "patched"
FIRMWARE = const(0x000100)  # 0.1.0, one byte each
_PATCHED_MAX = const(32)  # twice the catalogue: products that come back are still known
_PATCHED_ENTRY = "<24sh"  # id, ion charge: another charge is another product
_PATCHED_BYTES = const(26)
_VERSION = const(1)
_SECOND_MS = const(1000)


def _key(product):
    return struct.pack(_PATCHED_ENTRY, product.id.encode(), product.ion_charge)


def load_patched(board):
    """Keys of the products that had a patch test; none where that is unknown: it is offered."""
    status, version, _, payload = records.load(board.read, PATCHED, records.PATCHED)
    count = len(payload) // _PATCHED_BYTES
    if status != records.OK or version != _VERSION or count * _PATCHED_BYTES != len(payload):
        return []
    return [payload[i * _PATCHED_BYTES : (i + 1) * _PATCHED_BYTES] for i in range(count)]


def save_patched(board, entries, known=()):
    """Remember that these products had their patch test, besides those `known` by key."""
    keys = list(known)
    for entry in entries:
        key = _key(entry)
        if key not in keys:
            keys.append(key)
    keys = keys[-_PATCHED_MAX:]
    records.save(
        board.read, board.write, PATCHED, records.PATCHED, _VERSION, b"".join(keys)
    )
    return keys


class Logbook:
    """`pending`: a finished session waits to be written."""

    def __init__(self, board):
        self._board = board
        self._record = journal.Record()
        self.ring = Ring(board.read, board.write)
        self._product = None
        self._armed = False
        self.pending = False
        self._elapsed_ms = 0
        self._session_ms = 0
        try:
            self._open()
        except OSError:
            pass  # once more before something is written
        self._patched = load_patched(board)
        # Which catalogue and which calibration a session ran with.
        self._catalogue = records.load(board.read, store.CATALOGUE, records.CATALOGUE)[2]
        self._calibration = records.load(board.read, store.CALIBRATION, records.CALIBRATION)[2]

    def _open(self):
        self._opened = False
        self.ring.open()
        self._opened = True

    def untested(self, product):
        """True before this product's first patch test on this wand."""
        return not product.patch_test and _key(product) not in self._patched

    def begin(self, product, battery_mv, another=False):
        """A session is armed; one that could not be written yet is lost to it."""
        self._product = product
        self._record.begin(product, battery_mv, FIRMWARE, self._catalogue, self._calibration)
        if another:  # person, who has not had what the last one had: rest.py
            self._record.flags |= journal.FLAG_ANOTHER_PERSON
        self._armed = True
        self.pending = False
        self._elapsed_ms = 0
        self._session_ms = 0

    def step(self, setpoint_na, delivered_na, z_ohm, limited, dt_ms):
        """Once a tick; nothing is allocated, and nothing happens while no session is armed."""
        if not self._armed:
            return
        self._session_ms += dt_ms
        self._elapsed_ms += dt_ms
        if limited:
            self._record.limited()
        if delivered_na // 1000 > self._record.peak_ua:
            self._record.highest(delivered_na // 1000)
        if self._elapsed_ms >= _SECOND_MS:
            self._elapsed_ms -= _SECOND_MS
            self._record.sample(
                setpoint_na // 1000 if setpoint_na > 0 else 0,
                delivered_na // 1000 if delivered_na > 0 else 0,
                z_ohm,
            )

    def lift(self):
        self._record.lift()

    def end(self, reason, dose_uc, output_ms, battery_mv, faults, first):
        """The session is over; says why once, the first time."""
        if not self._armed:
            return
        self._armed = False
        self.pending = True
        self._record.end(
            reason, dose_uc, output_ms, self._session_ms, battery_mv, faults, first
        )

    def write(self):
        """Put the session on the flash, which the board allows with the output off only [S-13].

        Tried once: a flash that fails shall not keep the wand from its next tick.
        """
        self.pending = False
        if not self._opened:
            self._open()  # OSError: numbers of what is there aren't known, nothing is overwritten
        self.ring.append(self._record)
        product = self._product
        if product.patch_test and self._record.end_reason == "complete":
            self._patched = save_patched(self._board, (product,), self._patched)


def patch_test(product):
    """The patch test that is offered in this product's place."""
    return products.for_patch_test(product)
