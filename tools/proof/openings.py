"""Lifts around the moment at which the bleed opens; simulation/guest/run.py plays it for touch.py.

A hand that waits until the wand has found skin and lets the bleed open, lifts from 20 ms before
that, as far as the last time tells it, to 200 ms after, and touches again soon.
"""

import job as simulated
from recorder import Recorder

from hal.sim.parts import Lcg

_POLL_US = 500
_NEVER = 1 << 60
_BEFORE_US = 20_000
_AFTER_US = 200_000
_ABSENT_US = ((8_000, 40_000), (8_000, 40_000), (8_000, 40_000), (40_000, 1_500_000))
_AWAY_US = (2_000_000, 2_300_000)  # a lift, and a search with nothing known


class Openings:
    """In the place of hal/sim/motion.py's Motion."""

    absences = 0

    def __init__(self, seed):
        self._draw = Lcg(seed + 7001)
        self.next_us = _NEVER
        self._skin = None
        self._touched_us = 0
        self._took_us = 0  # from touch to opening, the last time
        self._lift_us = _NEVER
        self._back_us = _NEVER
        self.worst = (0.0, 0)  # V, µs from the opening to the lift before it
        self._offset_us = 0

    def begin(self, skin, now_us):
        """The hand has come onto `skin`."""
        self._skin = skin
        self._touch(now_us)

    def end(self):
        """It has been taken off for good."""
        self._skin = None
        self.next_us = _NEVER

    def change(self, kind, now_us):
        """Never: touch.py plans none."""

    def step(self, plant, now_us):
        """Do what is due."""
        if now_us >= self._back_us:
            before_v = plant.touch_v
            plant.set_load(self._skin)
            plant.advance(0)
            if plant.touch_v > before_v:
                self.worst = (plant.touch_v, self._offset_us)
            self._touch(now_us)
        elif now_us >= self._lift_us:
            plant.set_load(None)
            self._offset_us = now_us - self._touched_us - self._took_us
            self.absences += 1
            low, high = _ABSENT_US[self._draw.bits16() % len(_ABSENT_US)]
            if not self._draw.bits16() % 16:
                low, high = _AWAY_US
            self._lift_us = _NEVER
            self._back_us = now_us + self._between(low, high)
        elif self._lift_us == _NEVER and plant.bleed_opens and (plant.k1 or plant.m2):
            self._took_us = now_us - self._touched_us
            self._lift_us = now_us + self._between(0, _AFTER_US)
        self.next_us = min(self._back_us, self._lift_us)
        if self.next_us == _NEVER:
            self.next_us = now_us + _POLL_US

    def _between(self, low, high):
        return low + (high - low) * self._draw.bits16() // 65536

    def _touch(self, now_us):
        self._touched_us = now_us
        self._back_us = self._lift_us = _NEVER
        self.next_us = now_us + _POLL_US
        if self._took_us > _BEFORE_US and self._draw.bits16() & 1:
            self._lift_us = now_us + self._took_us - self._between(0, _BEFORE_US)


class Watcher(Recorder):
    """A recorder that says how often the hand lifted, and where the worst touch came from."""

    def summary(self):
        found = super().summary()
        found["openings"] = self._world.motion.absences
        found["worst_after_ms"] = self._world.motion.worst[1] / 1000
        return found


def prepare(job, write):
    """The world of a job, with that hand."""
    world = simulated.prepare(job)
    world.motion = Openings(job["seed"])
    world.observer = Watcher(world, write)
    return world
