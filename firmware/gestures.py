"""One button becomes gestures: press edge, short press, hold, long hold; and while a product is
being chosen, a second short press right after a first, and one that is held.

The press edge comes first and at once, since any press while there is output stops it [S-18];
what the press turns out to be comes later. Pure integers, no allocation, no clock of its own.
"""

from micropython import const

NONE = const(0)
PRESS_EDGE = const(1)  # pressed, bounce over: 20 ms and one tick after the finger
SHORT = const(2)  # released before 0.8 s: next product
HOLD = const(3)  # held for 1.5 s: arm; once a press, while still held
ACK = const(4)  # held for 3 s: acknowledge a fault; once a press, while still held
RELEASE = const(5)  # released otherwise: neither short nor anything else
AGAIN = const(6)  # short, right after a short one: back
COUNT = const(7)  # held right after a short one, at 0.8 s and every 0.6 s: never arms

NAMES = ("", "press", "short", "hold", "ack", "release", "again", "count")

DEBOUNCE_MS = const(20)  # buttons bounce for 1-10 ms; well inside the 50 ms of [S-18]
SHORT_MAX_MS = const(800)  # [F-10]
HOLD_MS = const(1500)  # [F-10]
ACK_MS = const(3000)  # [F-10]
AGAIN_MS = const(300)  # from a release to the next press; who goes on one by one takes longer
COUNT_MS = const(600)  # a beep, and time to let go: 16 before the button counts as stuck
STUCK_MS = const(10_000)  # nobody holds a button that long: BUTTON_STUCK [S-15]
_HELD_CAP_MS = const(60_000)  # stop counting: a stuck button must not count for ever


class Gestures:
    """Feed `step` once a tick with the raw level; it returns one event, or NONE."""

    def __init__(self):
        self.held_ms = 0  # how long the button has been down, from its first raw contact; 0 = up
        self.pressed = False  # debounced level
        self._pending_ms = -1  # age of a raw level that differs from `pressed`; -1 = none
        self._next = ACK  # hold event still to come: HOLD, ACK, or NONE
        self._swallow = True  # held while power came on: no gesture before a release
        self._again_ms = 0  # so long a press still follows the short one before it
        self._follows = False  # this press does
        self._count_ms = 0  # held so long, the next COUNT comes

    def consume(self):
        """Make nothing more of this press: one that stopped a session must not arm the next."""
        self._swallow = True

    def step(self, raw, dt_ms, choosing=False):
        """`raw`: level now. `dt_ms`: since the last step. At most one event a step.

        `choosing`: a product is being chosen. Elsewhere no press follows another: who answers a
        fault with a short one and then holds has held.
        """
        if not 0 <= dt_ms <= _HELD_CAP_MS:
            dt_ms = 0  # a clock that jumps is no reason to see a long press
        if self.pressed:
            return self._down(raw, dt_ms, choosing)
        return self._up(raw, dt_ms, choosing)

    def _up(self, raw, dt_ms, choosing):
        if not raw:
            self._pending_ms = -1
            self._swallow = False
            self._again_ms = self._again_ms - dt_ms if self._again_ms > dt_ms else 0
            return NONE
        if self._pending_ms < 0:
            self._pending_ms = 0  # first sight: needs a second one, however long the tick
            return NONE
        self._pending_ms += dt_ms
        if self._pending_ms < DEBOUNCE_MS:
            return NONE
        self.pressed = True
        self.held_ms = self._pending_ms
        self._pending_ms = -1
        self._next = HOLD
        self._follows = choosing and self._again_ms > 0
        self._again_ms = 0
        self._count_ms = SHORT_MAX_MS
        return NONE if self._swallow else PRESS_EDGE

    def _down(self, raw, dt_ms, choosing):
        if not raw:
            # Until the release is certain `held_ms` stands still: a finger lifted after 1.49 s
            # did not hold for 1.5 s.
            if self._pending_ms < 0:
                self._pending_ms = 0
                return NONE
            self._pending_ms += dt_ms
            if self._pending_ms < DEBOUNCE_MS:
                return NONE
            return self._released(choosing)
        if self._pending_ms >= 0:  # it was bounce, the button stayed down
            dt_ms += self._pending_ms
            self._pending_ms = -1
        self.held_ms += dt_ms
        if self.held_ms > _HELD_CAP_MS:
            self.held_ms = _HELD_CAP_MS
        if self._swallow:
            return NONE
        if self._follows:
            if self.held_ms < self._count_ms:
                return NONE
            self._count_ms = self.held_ms + COUNT_MS
            return COUNT
        if self._next == HOLD and self.held_ms >= HOLD_MS:
            self._next = ACK
            return HOLD
        if self._next == ACK and self.held_ms >= ACK_MS:
            self._next = NONE
            return ACK
        return NONE

    def _released(self, choosing):
        event = RELEASE
        if self._swallow:
            event = NONE
        elif self.held_ms < SHORT_MAX_MS:
            event = AGAIN if self._follows else SHORT
            self._again_ms = AGAIN_MS if choosing else 0
        self.pressed = False
        self.held_ms = 0
        self._pending_ms = -1
        self._swallow = False
        return event
