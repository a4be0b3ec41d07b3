"""The guard on a core of its own: nothing that core 0 does can delay it.

guardloop.py's loop starts once on core 1 and never ends; `start` and `stop` tell it with whose
arrays to go on, or to stand still. A soft reset resets core 1, a write to flash halts it: it feeds
nobody then, and both dead-men fall. What it does is seen by its pass counter [S-11].
"""

import _thread
import time
from array import array

import uctypes
from machine import mem32
from micropython import const

from hal.rp2 import chip, guardloop
from hal.rp2.guardloop import (
    IO_CLOCK,
    IO_COMPARATOR,
    IO_COUNT,
    IO_EDGE_CLEAR,
    IO_EDGE_MASK,
    IO_EDGE_SET,
    IO_FEED_ADDRESS,
    IO_FEED_WORD,
    IO_FEEDS,
    IO_FIFO_STATUS,
    IO_INPUTS,
    IO_KILL_ADDRESS,
    IO_KILL_WORD,
    IO_REQUEST,
    IO_SAMPLES,
    IO_SIZE,
    IO_SNAPSHOT,
    IO_STANDS,
    IO_TURN,
    IO_WORST_US,
)

_PASSES = const(2)  # firmware/guard.py's SN_PASSES
_STACK = const(2048)  # the loop needs 200 bytes of it
_PATIENCE_US = const(1000)  # a hundred passes
_WRAP = const(0x3FFFFFFF)

# Core 1 reads them until a reset, whatever becomes of the objects that asked for it.
_io = array("I", [0] * IO_SIZE)
_arrays = [None, None, None]
_started = False


class GuardCore:
    """One of these at a time."""

    def __init__(self, gate, gate_addresses, adc, adc_status, comparator, feed):
        self.stop()
        _io[IO_COUNT] = adc.count_address
        _io[IO_FIFO_STATUS] = adc_status
        _io[IO_COMPARATOR] = comparator
        _io[IO_FEEDS] = 3
        _io[IO_FEED_WORD] = gate.count
        _io[IO_FEED_ADDRESS], _io[IO_KILL_ADDRESS], _io[IO_KILL_WORD] = gate_addresses
        _io[IO_CLOCK] = chip.TIMER_RAW_LOW
        _io[IO_INPUTS] = chip.SIO + 0x04
        _io[IO_EDGE_MASK] = 1 << feed
        _io[IO_EDGE_SET] = chip.SIO + 0x14
        _io[IO_EDGE_CLEAR] = chip.SIO + 0x18
        self._turn = 0

    def start(self, samples, request, snapshot):
        """Judge these from now on, as firmware/guard.py's guard_pass does."""
        global _started
        self.stop()
        _arrays[:] = samples, request, snapshot
        _io[IO_SAMPLES] = uctypes.addressof(samples)
        _io[IO_REQUEST] = uctypes.addressof(request)
        _io[IO_SNAPSHOT] = uctypes.addressof(snapshot)
        _io[IO_WORST_US] = 0
        if not _started:
            _thread.stack_size(_STACK)
            _thread.start_new_thread(guardloop.watch, (_io,))
            _started = True
        self._turn = self._turn % _WRAP + 1
        _io[IO_TURN] = self._turn

    def stop(self):
        """No pass any more when this returns."""
        _io[IO_TURN] = 0
        if _started:
            self._wait(lambda: _io[IO_STANDS])

    def settle(self):
        """Return once a pass has begun and ended that knows what was requested before."""
        at = _io[IO_SNAPSHOT] + 4 * _PASSES
        passes = mem32[at]
        self._wait(lambda: (mem32[at] - passes) & 0x1FFFFFFF >= 2)

    def _wait(self, until):
        """A core that does not answer feeds nobody: whoever waits goes on after a while."""
        since_us = time.ticks_us()
        while not until() and time.ticks_diff(time.ticks_us(), since_us) < _PATIENCE_US:
            pass

    def set_feeds(self, dead_man, monostable):
        _io[IO_FEEDS] = (1 if dead_man else 0) | (2 if monostable else 0)

    def set_comparator(self, pin):
        """The number of the pin that is the latch to the guard."""
        _io[IO_COMPARATOR] = pin

    def worst_us(self):
        """The longest time from one pass to the next since `start`, in µs: what a pass takes."""
        return _io[IO_WORST_US]
