"""Is what carries the current all skin? The wand lays its dummy and its bleed across the output:
where that changes nothing, the one that was laid has lain there already [S-05, S-22].

However electrodes are charged, skin behind 2 kΩ of leads loses a sixth of its voltage at least to
the dummy's 10 kΩ. To the bleed's 47 kΩ it loses less. What drifts is held against the readings
before and after. Who lifts meanwhile leaves the dummy alone, which reads the same: so twice in a
row, and then something has been across. Where there is more voltage than the dummy could hold it
is not laid: that charge would go through skin at once. The bleed takes it as at every end.
"""

from micropython import const

NOTHING = const(0)
DUMMY = const(1)
BLEED = const(2)

FINDING_MS = const(100)  # of a few dozen mV ripple and steps leave 2 in that
ENDING_MS = const(40)  # of some 0.5 V; two periods of 50 Hz
_SETTLE_MS = const(20)  # K2 and K3 move within 5; skin's fast time constants
_TRIES = const(2)
_LEAST_MV = const(20)  # less is noise
_DUMMY_PERCENT = const(90)  # of the voltage beside it: what is left is the same
_BLEED_PERCENT = const(94)
_DUMMY_MOST_MV = const(700)  # at the end: with what electrodes hold beside it after a treatment


class Parted:
    """`step` in each tick of a current that stands still, until `done`."""

    def __init__(self):
        self._mv = [0, 0, 0]  # before, with it across, after
        self.start(FINDING_MS)

    def start(self, window_ms):
        """FINDING_MS: is it the dummy? ENDING_MS: is that, or the bleed, beside it?"""
        self._window_ms = window_ms
        self.found = False  # what was laid
        self.done = False
        self._ask(NOTHING)

    def _ask(self, what):
        self._what = what
        self._tries = 0
        self._begin(0)

    def _begin(self, phase):
        self._phase = phase
        self._ms = self._sum_mv = self._count = 0

    def step(self, measurement, fresh, dt_ms):
        """One tick. Returns what is to lie across from now on."""
        if not self._what:
            finds = self._window_ms != ENDING_MS
            self._ask(DUMMY if finds or measurement.load_mv < _DUMMY_MOST_MV else BLEED)
        self._ms += dt_ms
        if fresh and self._ms >= _SETTLE_MS:
            self._sum_mv += measurement.load_mv
            self._count += 1
        if self._count and self._ms >= _SETTLE_MS + self._window_ms:
            self._mv[self._phase] = self._sum_mv // self._count
            self._begin(self._phase + 1)
            if self._phase > 2:
                self._judge()
        return self._what if self._phase == 1 else NOTHING

    def _judge(self):
        before_mv, across_mv, after_mv = self._mv
        beside_mv = before_mv + after_mv
        percent = _DUMMY_PERCENT if self._what == DUMMY else _BLEED_PERCENT
        if beside_mv > 2 * _LEAST_MV and across_mv * 200 >= beside_mv * percent:
            self._tries += 1
            self.found = self.done = self._tries >= _TRIES
            self._begin(0)
        elif self._what == DUMMY and self._window_ms == ENDING_MS:
            self._ask(BLEED)
        else:
            self.done = True
