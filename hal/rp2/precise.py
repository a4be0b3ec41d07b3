"""The precise converter of the wand: whole frames, whatever the main loop does.

conversions.py goes from one conversion to the next in the interrupt of the ready line. Here is the
main loop's side of it: what it takes to begin, and what to do when no conversion ends any more.
"""

from array import array

import micropython
import uctypes
from machine import Pin
from micropython import const

from hal.rp2 import chip, conversions, pins

_SILENT_MS = const(5)  # a conversion takes 1.4 ms, and a transfer to the DAC delays the next
_BUSY_LOOKS = const(30)  # of 0.1 ms and more: whatever converted when we came has ended

_io = array("I", [0] * conversions.SIZE)
_advance = conversions.advance
_io_at = uctypes.addressof(_io)


@micropython.viper
def _ended(pin):
    _advance(_io_at)  # type: ignore[arg-type]


class Precise:
    """`frame` is the board's array, renewed by `renew()` alone."""

    def __init__(self, adc, frame, low):
        self._adc = adc
        self._frame = frame
        self._frame_at = uctypes.addressof(frame)
        self._next = array("i", [0] * 5)
        self._ended = 0
        self._alive_ms = 0
        _io[conversions.BLOCK] = chip.I2C0
        _io[conversions.FRAME] = uctypes.addressof(self._next)
        _io[conversions.LOW] = low
        _io[conversions.LINE] = chip.SIO + 4  # GPIO_IN
        _io[conversions.MASK] = 1 << pins.READY
        _io[conversions.STATE] = conversions.LOST
        pin = Pin(pins.READY, Pin.IN, Pin.PULL_UP)
        pin.irq(_ended, Pin.IRQ_FALLING, hard=True)

    def begin(self, now_ms):
        """Begin anew with AIN0. OSError where the part does not answer, or converts for ever."""
        self._alive_ms = now_ms
        adc = self._adc
        conversions.take(_io_at)  # type: ignore[arg-type]
        looks = 0
        while adc.busy():
            looks += 1
            if looks > _BUSY_LOOKS:
                raise OSError("precise converter: always busy")
        adc.setup()
        conversions.begin(_io_at)  # type: ignore[arg-type]

    def renew(self):
        """The latest whole frame, for the tick that begins; True where it is a new one."""
        number = self._frame[0]
        conversions.latest(_io_at, self._frame_at)  # type: ignore[arg-type]
        return self._frame[0] != number

    def alive(self, now_ms):
        """False where no conversion has ended for 5 ms, or one was not what was asked for."""
        ended = _io[conversions.ENDED]
        if ended != self._ended:
            self._ended = ended
            self._alive_ms = now_ms
        silent_ms = (now_ms - self._alive_ms) & 0x3FFFFFFF
        return silent_ms <= _SILENT_MS and _io[conversions.STATE] == conversions.RUNS

    def take(self):
        """The bus is the caller's until `give`. Waits for what is under way, 0.33 ms."""
        conversions.take(_io_at)  # type: ignore[arg-type]
        self._adc.began(_io[conversions.CHANNEL])

    def give(self):
        conversions.give(_io_at)  # type: ignore[arg-type]

    def lose(self):
        """The block was set up anew: what was under way is gone."""
        _io[conversions.STATE] = conversions.LOST
