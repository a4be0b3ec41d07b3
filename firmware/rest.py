"""Caps that hold across sessions: what the skin has had within an hour, and its rest after that.

The guard ends one session at 5 mA·min; here sessions add up, whatever the sign and the product.
One that would take the last hour over 5 mA·min is not begun, and after a cap none is, until 30 min
have gone by without a session. Time is the wand's own: it stands still while the wand is off, and
what a session may give is written down before it begins, so that no pulled battery forgets it.
"""

import struct
from array import array

from micropython import const

from firmware import records
from firmware.limits import CHARGE_MAX_UC, REST_MS

NAME = "rest"
CLINIC = "clinic"
_VERSION = const(1)
_LAYOUT = "<IIb"  # µC, ms of rest so far, ion sign
_HOUR_PARTS = const(12)
_PART_MS = const(300_000)
# The guard counts the higher of two senses, up to 2 % above the dose that a session is asked for.
_OVERCOUNT_UC = CHARGE_MAX_UC // 50
_NOTHING_UC = const(500)  # what a proof's dummy and a search in the air have taken [E]


class Rest:
    """`step` in every tick, `begin` and `end` around a session. Charge in µC, times in ms."""

    def __init__(self, spent_uc=0, rested_ms=REST_MS, ion_sign=0):
        self._parts_uc = array("i", [0] * _HOUR_PARTS)  # of the last hour, 5 min each
        self._parts_uc[0] = spent_uc
        self._part = 0
        self._part_ms = 0
        self.rested_ms = rested_ms  # since the last session, up to REST_MS
        self.ion_sign = ion_sign  # of the last session's product; 0 once the rest is over
        self.capped = spent_uc >= CHARGE_MAX_UC
        self.running = False
        self.another = False  # somebody said that another person follows
        self.changed = False  # and not written yet

    @property
    def spent_uc(self):
        """Charge within the last hour."""
        return sum(self._parts_uc)

    @property
    def left_ms(self):
        """How much of the rest is still to come."""
        return REST_MS - self.rested_ms

    def step(self, dt_ms):
        """`dt_ms` of the wand's own time have gone by; those of a session count for no rest."""
        if self.running:
            return
        self._part_ms += dt_ms
        if self._part_ms >= _PART_MS:
            self._part_ms = 0
            self._part = (self._part + 1) % _HOUR_PARTS
            self._parts_uc[self._part] = 0
            self.changed = self.rested_ms < REST_MS
        if self.rested_ms >= REST_MS:
            return
        self.rested_ms += dt_ms
        if self.rested_ms >= REST_MS:
            self._forget()

    def due(self, planned_uc):
        """True where this much more is too much before a rest."""
        spent_uc = self.spent_uc
        if self.rested_ms >= REST_MS or not spent_uc:
            return False
        return self.capped or not spent_uc + planned_uc <= CHARGE_MAX_UC + _OVERCOUNT_UC

    def reverses(self, ion_sign):
        """True where this sign would pull out what the last session has pushed in."""
        return self.ion_sign * ion_sign < 0

    def begin(self, planned_uc, ion_sign):
        """A session is armed: until its end tells better, it has given all of it."""
        self.running = True
        self._before = (self.rested_ms, self.ion_sign)
        self.rested_ms = 0
        self.ion_sign = ion_sign
        self._planned_uc = planned_uc
        self._parts_uc[self._part] += planned_uc
        self.changed = True

    def end(self, charge_uc, capped):
        """The session is over; once, whatever is said later. `charge_uc`: by the guard's count."""
        if not self.running:
            return
        self.running = False
        self.changed = True
        self._parts_uc[self._part] += charge_uc - self._planned_uc
        if charge_uc < _NOTHING_UC:
            self.rested_ms, self.ion_sign = self._before
            if self.rested_ms >= REST_MS:
                self._forget()
            return
        self.capped = self.capped or capped or self.spent_uc >= CHARGE_MAX_UC

    def another_person(self):
        """Whoever comes next has had nothing."""
        self._forget()
        self.another = True

    def _forget(self):
        for part in range(_HOUR_PARTS):
            self._parts_uc[part] = 0
        self.rested_ms = REST_MS
        self.ion_sign = 0
        self.capped = False
        self.changed = True


def planned_uc(product):
    """What a whole session with this product gives."""
    return product.dose_uc or product.setpoint_ua * product.time_s


def load(board):
    """The rest that a wand goes on with; the whole of it where that is damaged."""
    status, version, _, payload = records.load(board.read, NAME, records.REST)
    if status == records.MISSING:
        return Rest()
    if status == records.OK and version == _VERSION and len(payload) == struct.calcsize(_LAYOUT):
        spent_uc, rested_ms, ion_sign = struct.unpack(_LAYOUT, payload)
        if spent_uc <= CHARGE_MAX_UC and rested_ms <= REST_MS and -1 <= ion_sign <= 1:
            return Rest(spent_uc, rested_ms, ion_sign)
    return Rest(CHARGE_MAX_UC, 0)


def save(board, rest):
    """Keep it. OSError as the board's."""
    rest.changed = False
    spent_uc = CHARGE_MAX_UC if rest.capped else min(rest.spent_uc, CHARGE_MAX_UC)
    payload = struct.pack(_LAYOUT, spent_uc, rest.rested_ms, rest.ion_sign)
    records.save(board.read, board.write, NAME, records.REST, _VERSION, payload)


def many_people(board):
    """True where a technician has set that this wand treats more than one person."""
    return records.load(board.read, CLINIC, records.CLINIC)[3] == b"\x01"


def set_many_people(board, many):
    """Keep that setting. ValueError for anything but True and False."""
    if type(many) is not bool:
        raise ValueError("many people: got %r, allowed are True and False" % (many,))
    payload = b"\x01" if many else b"\x00"
    records.save(board.read, board.write, CLINIC, records.CLINIC, _VERSION, payload)
