"""Plays the panel's table: turns what is into light and sound, one tick at a time.

Nothing it ever does, in whatever order things change, makes the light flash or change colour
faster than 2.9 Hz [F-10]: a change waits until the last flash is 334 ms old.
"""

from array import array

from micropython import const

from firmware import faults, patterns
from firmware.patterns import CYCLE_MS, FLASH_MIN_MS, FOREVER, GOOD, LONG_FROM_MS, PLAIN

_STEPS_MAX = const(16)
_DIM_SHIFT = const(3)  # idle: an eighth of the brightness [F-12]
_ANNOUNCE_TONE_HZ = const(2000)
_LEVEL_TONE_HZ = const(500)


class Indicator:
    """Call `show` with what is, then `step`, once a tick; take `r`, `g`, `b`, `hz` from here."""

    def __init__(self):
        self.r = 0
        self.g = 0
        self.b = 0
        self.hz = 0
        # What is.
        self._state = None  # dark until somebody says what is
        self._sign = 0
        self._quality = GOOD
        self._variant = PLAIN
        self._fault = 0
        self._refusal = ""
        self._dim = False
        self._number = 0  # product number that waits to be announced, or -quarters of the battery
        self._announcing = False
        self._pending = False  # what is has changed, the light has not followed yet
        # The rhythm that is being played.
        self._playing = ""  # its key or code
        self._steps = array("H", [CYCLE_MS] * _STEPS_MAX)
        self._count = 2
        self._at = 1  # index into _steps: even is light, odd is dark
        self._left_ms = 0
        self._since_flash_ms = CYCLE_MS  # since the light last went up or changed colour
        self._long = 0
        self._short = 0
        self._tone_hz = 0
        self._beep_ms = 0
        self._cycles = 0
        self._chirp_hz = 0
        self._chirp_ms = 0
        self._chirp_each_ms = 1

    def show(self, state, sign=0, quality=GOOD, variant=PLAIN, fault=0, refusal="", dim=False):
        """Say what is. `sign`: of the product's ions, 0 = unusable. `fault`: Faults.first.

        A few comparisons where nothing has changed.
        """
        self._dim = dim
        if (
            state == self._state
            and sign == self._sign
            and quality == self._quality
            and variant == self._variant
            and fault == self._fault
            and refusal == self._refusal
        ):
            return
        self._state = state
        self._sign = sign
        self._quality = quality
        self._variant = variant
        self._fault = fault
        self._refusal = refusal
        self._pending = True

    def announce(self, number):
        """Blink and beep a product's number (from 1) once, then go on with what is."""
        self._number = number
        self._pending = True

    def level(self, quarters):
        """Blink and beep, low and long, so many quarters of the battery; then what is."""
        self._number = -quarters
        self._pending = True

    def chirp(self, hz, ms, count=1):
        """So many beeps now, whatever the light shows: progress.py."""
        self._chirp_hz = hz
        self._chirp_each_ms = ms
        self._chirp_ms = (2 * count - 1) * ms

    def step(self, dt_ms):
        """Let `dt_ms` pass. Allocates only when a new rhythm begins."""
        if not 0 <= dt_ms <= CYCLE_MS:
            dt_ms = CYCLE_MS
        if self._since_flash_ms < CYCLE_MS:
            self._since_flash_ms += dt_ms
        started = self._pending and self._since_flash_ms >= FLASH_MIN_MS and self._start()
        if not started:
            self._advance(dt_ms)
        self._light(dt_ms)

    def _advance(self, dt_ms):
        """Move along the rhythm, by one step at most: no darkness is skipped by a late tick."""
        self._left_ms -= dt_ms
        if self._left_ms > 0:
            return
        following = self._at + 1
        if following >= self._count:
            following = 0
        if not following & 1:
            if self._since_flash_ms < FLASH_MIN_MS:
                self._left_ms = FLASH_MIN_MS - self._since_flash_ms
                return
            self._since_flash_ms = 0
        if following == 0:
            if self._announcing:
                self._start()
                return
            if self._cycles and self._cycles != FOREVER:
                self._cycles -= 1
        self._at = following
        left_ms = self._left_ms + self._steps[following]  # what was late is taken off
        self._left_ms = left_ms if left_ms > 0 else 1

    def _light(self, dt_ms):
        colour = 0
        hz = 0
        if not self._at & 1:
            on_ms = self._steps[self._at]
            colour = self._long if on_ms >= LONG_FROM_MS else self._short
            if self._cycles and on_ms - self._left_ms < self._beep_ms:
                hz = self._tone_hz
        if self._chirp_ms > 0:
            hz = 0 if (self._chirp_ms - 1) // self._chirp_each_ms & 1 else self._chirp_hz
            self._chirp_ms -= dt_ms
        shift = _DIM_SHIFT if self._dim else 0
        self.r = (colour >> 16) >> shift
        self.g = ((colour >> 8) & 0xFF) >> shift
        self.b = (colour & 0xFF) >> shift
        self.hz = hz

    def _start(self):
        """Begin what is to be shown now with its first flash; False where it is shown already."""
        self._pending = False
        number = self._number if self._state == "ready" else 0
        self._number = 0
        if number > 0:
            self._playing = ""
            self._announcing = True
            steps = patterns.code_steps(patterns.number_code(number), 0)
            self._play(steps, patterns.WHITE, patterns.WHITE, _ANNOUNCE_TONE_HZ, 100, 1)
            return True
        if number < 0:
            self._playing = ""
            self._announcing = True
            steps = patterns.code_steps("-" * -number, 0)
            self._play(steps, patterns.BATTERY, patterns.BATTERY, _LEVEL_TONE_HZ, 400, 1)
            return True
        if self._state == "refused":
            code = patterns.code(patterns.REFUSALS, self._refusal, patterns.UNKNOWN_REFUSAL)
            return self._play_code(code, patterns.YELLOW, patterns.WHITE)
        key = patterns.row_key(self._state, self._sign, self._quality, self._variant)
        row = patterns.row(key)
        if row is not None:
            if self._is_playing(key):
                return False
            self._play(row[3], row[2], row[2], row[4], row[5], row[6])
            return True
        # "fault", and whatever state nobody has heard of.
        code = patterns.code(patterns.FAULTS, faults.name(self._fault), patterns.UNKNOWN_FAULT)
        return self._play_code(code, patterns.RED, patterns.YELLOW)

    def _is_playing(self, key):
        """True where this rhythm is running: a change that changes nothing must not restart it."""
        self._announcing = False
        same = self._playing == key
        self._playing = key
        return same

    def _play_code(self, code, long, short):
        # Codes of refusals and of faults are all different: a code is a key.
        if self._is_playing(code):
            return False
        steps = patterns.code_steps(code)
        tone_hz = patterns.CODE_TONE_HZ
        self._play(steps, long, short, tone_hz, patterns.LONG_MS, patterns.CODE_CYCLES)
        return True

    def _play(self, steps, long, short, tone_hz, beep_ms, cycles):
        count = len(steps)
        for index in range(count):
            self._steps[index] = steps[index]
        self._count = count
        self._at = 0
        self._left_ms = steps[0]
        self._since_flash_ms = 0
        self._long = long
        self._short = short
        self._tone_hz = tone_hz
        self._beep_ms = beep_ms
        self._cycles = cycles
