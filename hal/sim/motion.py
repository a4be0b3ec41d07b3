"""How a hand moves the roller over skin: area, fresh patches, and the moments without contact.

Everything is drawn from a seed, the same on every interpreter. A patch is skin with a memory of
its own (layer.py); the face has a dozen and the roller comes back to them.
"""

from math import log

from hal.sim.parts import Lcg
from hal.sim.people import patch_potential, patch_scale

# Assumptions: s on a patch, cm² of contact, s between absences on average, ms that one lasts, each
# from and to. No patch: the roller stands; no absence: it never leaves the skin.
KINDS = {
    "still": (0.0, 0.0, 3.0, 3.0, 0.0, 0.0, 0.0),
    "rolling": (0.5, 2.0, 1.0, 4.0, 3.0, 0.2, 3.0),
    "hasty": (0.3, 1.0, 1.0, 4.0, 5.0, 3.0, 30.0),
    "bumpy": (0.5, 2.0, 1.0, 4.0, 10.0, 30.0, 300.0),
}
_PATCHES = 12
_STEPS = 20  # a twentieth of the contact at a time makes no spark of its own
_NEVER = 1 << 60


class Motion:
    """`kind`: one of KINDS, or numbers as theirs. Moves and lifts what `begin` gives it."""

    def __init__(self, kind, seed=0):
        self.numbers = _numbers(kind)
        self.next_us = _NEVER
        self.absences = 0
        self._draw = Lcg(seed + 7919)
        self._skin = None
        self._patches = {}  # by the skin's name
        self._at = None
        self._area_cm2 = 3.0
        self._left = 0
        self._shift_us = _NEVER
        self._absence_us = _NEVER
        self._back_us = _NEVER

    def change(self, kind, now_us):
        """The hand moves otherwise from now on."""
        self.numbers = _numbers(kind)
        self._shift_us = self._absence_us = _NEVER
        if self._skin is not None:
            self.begin(self._skin, now_us)

    def begin(self, skin, now_us):
        """The roller has come onto `skin`."""
        self._skin = skin
        if self.numbers[1] > 0.0:
            if skin.name not in self._patches:
                spread = self._draw.spread
                self._patches[skin.name] = [
                    skin.patch(patch_scale(spread), patch_potential(spread))
                    for _ in range(_PATCHES)
                ]
            self._go(now_us)
        if self._back_us == _NEVER:
            self._plan(now_us)
        self._next()

    def end(self):
        """The roller has been taken off by whoever holds it."""
        self._skin = None
        self._back_us = self._shift_us = self._absence_us = _NEVER
        self._next()

    def step(self, plant, now_us):
        """Do what is due; True where contact was made or lost."""
        edge = False
        if now_us >= self._back_us:
            self._back_us = _NEVER
            self._plan(now_us)
            plant.set_load(self._skin)
            edge = True
        elif now_us >= self._absence_us:
            low, high = self.numbers[5:]
            self._absence_us = _NEVER
            self._back_us = now_us + int(1e3 * (low + (high - low) * self._unit()))
            self.absences += 1
            plant.set_load(None)
            edge = True
        if now_us >= self._shift_us:
            self._move(plant, now_us)
        self._next()
        return edge

    def _unit(self):
        return 0.5 + 0.5 * self._draw.spread()

    def _plan(self, now_us):
        """The next absence: they come at random, so waiting times are exponential."""
        mean_s = self.numbers[4]
        if mean_s > 0.0:
            wait_s = -mean_s * log(1.0 - 0.99999 * self._unit())
            self._absence_us = now_us + 1000 + int(1e6 * wait_s)

    def _go(self, now_us):
        """On to another patch."""
        numbers = self.numbers
        self._at = self._patches[self._skin.name][self._draw.bits16() % _PATCHES]
        dwell_s = numbers[0] + (numbers[1] - numbers[0]) * self._unit()
        self._step_us = int(1e6 * dwell_s / _STEPS)
        self._left = _STEPS
        self._goal_cm2 = numbers[2] * (numbers[3] / numbers[2]) ** self._unit()
        self._shift_us = now_us + self._step_us

    def _move(self, plant, now_us):
        skin = self._skin
        self._area_cm2 += (self._goal_cm2 - self._area_cm2) / self._left
        if plant.skin is skin:
            plant.shift(area_cm2=self._area_cm2, patch=self._at, share=1.0 / _STEPS)
        self._shift_us = now_us + self._step_us
        self._left -= 1
        if not self._left:
            skin.leave(self._at, plant.now_us)  # whose clock `roll` goes by
            self._go(now_us)

    def _next(self):
        self.next_us = min(self._back_us, self._absence_us, self._shift_us)


def _numbers(kind):
    if not isinstance(kind, str):
        return kind
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise ValueError("motion %r is unknown: choose %s" % (kind, known))
    return KINDS[kind]
