"""The journal's ring: the last sessions in a bounded set of small files, safe at any power cut.

Three slots make a segment, a segment is one file of less than one flash block (4 KB). It is
written whole: to the spare file first, then to its place. A cut in the first leaves the old
journal, a cut in the second is repaired from the spare at the next start [R-06].
"""

from micropython import const

from firmware import journal, records

SEGMENT_SLOTS = const(3)
SEGMENTS = const(68)
SLOTS = const(204)
KEPT = const(203)  # the slot that is written next is not shown any more: never a third state
SEGMENT_BYTES = SEGMENT_SLOTS * journal.SLOT_BYTES
SPARE = "journal.new"
_NUMBER_MAX = const(10_000_000)  # a session every 5 minutes for 95 years: beyond it is damage


def segment_name(segment):
    """File of a segment."""
    return "journal.%02d" % segment


class Ring:
    """The journal on files: `read(name)` -> bytes or None, `write(name, data)`."""

    def __init__(self, read, write):
        self._read = read
        self._write = write
        self.last = 0  # number of the newest session, 0 = none yet

    def open(self):
        """Find the newest session; finish a write that a power cut has interrupted."""
        spare = records.unpack(self._read(SPARE), records.SEGMENT)
        if spare is None or not (spare[1] <= _NUMBER_MAX and len(spare[2]) == SEGMENT_BYTES):
            self.last = self._scan()
            return
        _version, number, content = spare
        name = segment_name(number % SLOTS // SEGMENT_SLOTS)
        self.last = number
        if self._read(name) != content:
            self._write(name, content)

    def _scan(self):
        """Newest number in the segments: only where the spare was never written, or torn."""
        newest = 0
        for segment in range(SEGMENTS):
            content = self._read(segment_name(segment))
            if content is None:
                continue
            for place in range(SEGMENT_SLOTS):
                found = _slot(content, place)
                slot = segment * SEGMENT_SLOTS + place
                if found is not None and found[1] % SLOTS == slot:
                    newest = max(newest, found[1])
        return newest

    def append(self, record):
        """Write a finished journal.Record as the next session; returns its number."""
        number = self.last + 1
        payload = record.pack(number)
        framed = records.pack(records.SESSION, journal.VERSION, number, payload)
        segment = number % SLOTS // SEGMENT_SLOTS
        content = bytearray(SEGMENT_BYTES)
        old = self._read(segment_name(segment))
        if old is not None and len(old) == SEGMENT_BYTES:
            content[:] = old
        at = number % SEGMENT_SLOTS * journal.SLOT_BYTES
        content[at : at + len(framed)] = framed
        self._write(SPARE, records.pack(records.SEGMENT, journal.VERSION, number, content))
        self._write(segment_name(segment), bytes(content))
        self.last = number
        return number

    def numbers(self):
        """Range of the sessions that are kept, oldest first. One of them may be unreadable."""
        return range(max(1, self.last - KEPT + 1), self.last + 1)

    def session(self, number):
        """Return a session as a dict (journal.unpack), or None where it is not kept or damaged."""
        if not (0 < number <= self.last and self.last - number < KEPT):
            return None
        content = self._read(segment_name(number % SLOTS // SEGMENT_SLOTS))
        if content is None:
            return None
        found = _slot(content, number % SEGMENT_SLOTS)
        if found is None or found[1] != number:
            return None
        return journal.unpack(found[2], found[0])


def _slot(content, place):
    at = place * journal.SLOT_BYTES
    found = records.unpack(content[at : at + journal.SLOT_BYTES], records.SESSION)
    return found if found is not None and found[1] <= _NUMBER_MAX else None
