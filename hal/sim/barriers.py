"""Twins of the barriers that fall by themselves: dead-man in the PIO, monostable, session timer.

Both are asked with the time and answer with their level; `left_us` tells a stepped clock when the
next fall is due. Neither revives without what revives the real one. [E] docs/hardware.md.
"""

from micropython import const

_TIMEOUT_US = const(3000)  # [E]; on purpose not taken from firmware/limits.py, which it checks
_TICKS_MASK = const(0x3FFFFFFF)  # times may wrap at 2**30 or not
_HALF = const(0x20000000)
_NEVER = 1 << 60


class _Timed:
    """High until `deadline_us`."""

    def __init__(self, timeout_us):
        self.timeout_us = timeout_us
        self.deadline_us = 0
        self.up = False
        self.stuck = False  # fault: high for ever

    def output(self, now_us):
        """Level of the pin at `now_us`, a clock that never goes back."""
        if self.stuck:
            return True
        if self.up and (now_us - self.deadline_us) & _TICKS_MASK < _HALF:
            self.up = False
        return self.up

    def left_us(self, now_us):
        """µs until the output falls by itself, or -1 where no fall is due."""
        if self.stuck or not self.output(now_us):
            return -1
        return (self.deadline_us - now_us) & _TICKS_MASK


class DeadMan(_Timed):
    """The PIO program: counts down, is reloaded by feeds, ends low and stays there.

    `comparator` is the level of its jump pin. `stuck` also stands for a state machine that a
    soft reset has stopped with the pin high.
    """

    def __init__(self, timeout_us=_TIMEOUT_US):
        super().__init__(timeout_us)
        self.comparator = False

    def arm(self, now_us):
        """Restart the program with a first count: high at once, unless the comparator says no."""
        self.up = not self.comparator
        self.deadline_us = now_us + self.timeout_us

    def feed(self, now_us, last_us=None):
        """Reload the count; too late is too late. `last_us`: again and again until then."""
        if self.output(now_us):
            self.deadline_us = (now_us if last_us is None else last_us) + self.timeout_us

    def kill(self):
        """What an interrupt does by writing the jump into the state machine."""
        self.up = False

    def set_comparator(self, level):
        """The jump pin: high ends the program within a microsecond."""
        self.comparator = level
        if level:
            self.up = False


class Monostable(_Timed):
    """74LVC1G123, retriggerable: high from an edge until 3 ms after the last one.

    `cleared` is its clear pin, low: nothing raises it.
    """

    def __init__(self, timeout_us=_TIMEOUT_US):
        super().__init__(timeout_us)
        self.cleared = False

    def output(self, now_us):
        return self.stuck or (not self.cleared and super().output(now_us))

    def edge(self, now_us):
        self.up = True
        self.deadline_us = now_us + self.timeout_us


class SessionTimer:
    """74HC4060 on the supply that turns the rail on: clears the monostable when its time is up.

    Counts from the rail's switching on; off, and only off, starts it anew.
    """

    def __init__(self, timeout_us, monostable):
        self.timeout_us = timeout_us
        self.next_us = _NEVER  # when its time is up
        self.dead = False  # fault: its oscillator stands
        self.mute = False  # fault: it counts, and clears nothing
        self.over = False  # fault: it always is
        self._on = False
        self._since_us = 0
        self._shown = 0  # changes of its fourth stage that were asked for
        self._fell = False
        self._monostable = monostable

    def power(self, on, now_us):
        """The level of the rail's pin."""
        if on == self._on:
            return
        if self.level(now_us):
            self._fell = True  # and so it does without a supply
        self._on = on
        self._since_us = now_us
        self._shown = 0
        self.next_us = now_us + self.timeout_us if on else _NEVER
        self._clear(False)

    def _changes(self, now_us):
        """Of the fourth of 14 stages, since it has its supply; `dead`: its oscillator stands."""
        if self.dead or not self._on:
            return 0
        return (now_us - self._since_us) * 1024 // self.timeout_us

    def level(self, now_us):
        """Of that stage."""
        return self._changes(now_us) & 1

    def ticks(self, now_us):
        """Has it changed since this was last asked?"""
        changes = self._changes(now_us)
        ticked = changes != self._shown or self._fell
        self._shown = changes
        self._fell = False
        return ticked

    def step(self, now_us):
        """Its time may be up."""
        if now_us >= self.next_us:
            self.next_us = _NEVER
            self._clear(not (self.dead or self.mute))

    def break_over(self, present):
        """Its output sticks at what clears the monostable, or is mended."""
        self.over = present
        self._clear(False)

    def _clear(self, up):
        self._monostable.cleared = up or self.over
