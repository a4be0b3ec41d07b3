"""Is there skin? Found with the bleed closed and next to nothing driven [S-21].

The dividers' own 2.4 µA put 0.11 V on the bleed. Skin beside it, or the voltage that treated skin
keeps, is whatever differs from that. Means of three frames see most skin within 20 ms; two means
of many out of three see very dry skin, and none sees hum or ripple. Electrodes that happen to hold
just that voltage would look open, and stay so: every other look is with 1.2 µA more, 0.17 V. Two
of three, not two in a row: one of the levels alone may see such electrodes.
The proof's idea of an open output is of few frames, and their ripple is in it. What looks have
seen of the air corrects it, slowly and within the limit, so that ripple counts once.
What stays as the roller leaves is no skin: gel from roller to grip reads like very dry skin. Once
current has flowed, the slow look finds only what comes after it has seen the air.
"""

from micropython import const

from firmware.limits import (
    SEARCH_FRAMES,
    SEARCH_NA,
    SEARCH_QUICK_FRAMES,
    SEARCH_QUICK_SHIFT,
    SEARCH_SHARE,
)

_RAMP_FRAMES = const(6)  # 22 ms at 68 µA/s, and filters
_LEAST_NA = const(1500)  # less: no supply, or a path that is broken
_MOST_NA = const(20_000)  # more is no divider's current: the guard judges it
_LEARNS_SHIFT = const(2)  # a quarter of what a look in the air reads beside what it should
_AIR_SHARE = const(26)  # 1.4 mV of ripple and 1 of hum in the proof's 113: no skin is learned
_WHOLE_SHIFT = const(10)  # shares are of 1024


class Search:
    """`step` with every fresh frame that began after the gate was on."""

    def __init__(self):
        self.drive_na = 0  # to be driven beside what the dividers take
        self.open = False  # what the latest frame reads, roughly
        self.air = True  # a slow look has read nothing but the bleed since current last flowed
        self.frames_tell = False  # few frames have found it, so each may tell when it has gone
        self._air_low = 0  # what the air reads beside what it should, in 1/1024, at either level
        self._air_high = 0
        self.start()

    def start(self):
        self.drive_na = 0
        self._suspect = False
        self._suspect_before = False
        self._begin(0)

    def _begin(self, skip):
        self._skip = skip
        self._count = 0
        self._mv = 0
        self._na = 0
        self._all_mv = 0
        self._all_na = 0

    def step(self, measurement, open_ohm):
        """True where something lies between the electrodes. `open_ohm`: what nothing reads."""
        if self._skip:
            self._skip -= 1
            return False
        load_mv = measurement.load_mv
        load_na = measurement.load_na
        self.open = not differs(load_mv, load_na, 1, SEARCH_QUICK_SHIFT, open_ohm)
        self._count += 1
        self._mv += load_mv
        self._na += load_na
        self._all_mv += load_mv
        self._all_na += load_na
        found = False
        if self._count % SEARCH_QUICK_FRAMES == 0:
            # The last frame too: what has been skin must be skin now.
            found = not self.open and differs(
                self._mv, self._na, SEARCH_QUICK_FRAMES, SEARCH_QUICK_SHIFT, open_ohm
            )
            self._mv = 0
            self._na = 0
            self.frames_tell = found
        if self._count >= SEARCH_FRAMES:
            suspect = self._suspicious(open_ohm)
            found = found or (suspect and self.air and (self._suspect or self._suspect_before))
            self.air = self.air or not suspect
            self._suspect_before = self._suspect
            self._suspect = suspect
            self.drive_na = SEARCH_NA - self.drive_na
            self._begin(_RAMP_FRAMES)
        return found

    def _suspicious(self, open_ohm):
        """True where the look that ends saw something; what saw nothing is learned from."""
        all_na = self._all_na
        if not _LEAST_NA * SEARCH_FRAMES <= all_na <= _MOST_NA * SEARCH_FRAMES:
            return False
        open_mv = _open_mv(all_na, open_ohm)
        off_mv = self._all_mv - open_mv
        if not -open_mv < off_mv < open_mv:
            return True
        known = self._air_high if self.drive_na else self._air_low
        share = (off_mv << _WHOLE_SHIFT) // open_mv
        if not -SEARCH_SHARE <= share - known <= SEARCH_SHARE:
            return True
        known += (share - known) >> _LEARNS_SHIFT
        if -_AIR_SHARE <= known <= _AIR_SHARE:
            if self.drive_na:
                self._air_high = known
            else:
                self._air_low = known
        return False


def differs(sum_mv, sum_na, frames, shift, open_ohm):
    """True where `sum_mv` is not what `open_ohm` alone would make of `sum_na`."""
    if not _LEAST_NA * frames <= sum_na <= _MOST_NA * frames:
        return False
    open_mv = _open_mv(sum_na, open_ohm)
    off_mv = sum_mv - open_mv
    return not -(open_mv >> shift) <= off_mv <= open_mv >> shift


def _open_mv(sum_na, open_ohm):
    return sum_na // 10 * (open_ohm // 100) // 1000
