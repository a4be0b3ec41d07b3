"""The guard's interrupt: GUARD_HZ times a second, hard, in machine code.

Gathers what a pass needs, asks the guard, feeds both dead-men or drops the gate. It allocates
nothing and nothing leaves it as an exception: that would end the timer for good, and then the
dead-man, the last to know, would end the output.
"""

from array import array

import micropython
import uctypes
from machine import Timer, mem32
from micropython import const

from hal.rp2 import chip

# Words of `_io`; addresses and masks come as numbers because machine code can't import them. Those
# of registers too: a number above 2**30 in machine code is an object, 1.1 µs to read [P-03].
_LAST_US = const(0)
_COUNT = const(1)  # address of the DMA's transfer count
_LAST_COUNT = const(2)
_COMPARATOR = const(3)  # number of its pin
_FEEDS = const(4)  # 1 dead-man, 2 monostable
_FEED_MASK = const(5)
_FEED_WORD = const(6)
_FEED_ADDRESS = const(7)
_KILL_WORD = const(8)
_KILL_ADDRESS = const(9)
_FIFO_STATUS = const(10)
_RAISED = const(11)  # passes that ended in an exception
_SAMPLES = const(12)  # addresses of the guard's arguments
_REQUEST = const(13)
_SNAPSHOT = const(14)
_CLOCK = const(15)
_INPUTS = const(16)
_TOGGLE = const(17)
_io = array("I", [0] * 18)


_guard = None


@micropython.viper
def _callback(timer):
    # Found through a register, chip.SCRATCH_3: a global costs 1 µs each time, an array as an
    # argument 0.5 µs more than its address [P-03].
    watchdog = 0x40058
    io = ptr32(ptr32((watchdog << 12) + 0x18)[0])
    snapshot = ptr32(io[_SNAPSHOT])
    try:
        now_us = ptr32(io[_CLOCK])[0]
        dt_us = (now_us - io[_LAST_US]) & 0x3FFFFFFF
        io[_LAST_US] = now_us
        # Samples lost or standing still: a pass without a time, which the guard calls late.
        count = ptr32(io[_COUNT])[0]
        if count == io[_LAST_COUNT] or ptr32(io[_FIFO_STATUS])[0] & 0x800:
            dt_us = 0
        io[_LAST_COUNT] = count
        snapshot[0] = dt_us
        snapshot[1] = (ptr32(io[_INPUTS])[0] >> io[_COMPARATOR]) & 1
        if int(_guard(io[_SAMPLES], io[_REQUEST], io[_SNAPSHOT])) == 1:
            feeds = io[_FEEDS]
            if feeds & 1:
                ptr32(io[_FEED_ADDRESS])[0] = io[_FEED_WORD]
            if feeds & 2:
                ptr32(io[_TOGGLE])[0] = io[_FEED_MASK]
            return
    except:  # noqa: E722 of any kind
        io[_RAISED] += 1
    ptr32(io[_KILL_ADDRESS])[0] = io[_KILL_WORD]


class GuardTimer:
    """One of these at a time."""

    def __init__(self, gate, gate_addresses, adc, adc_status, comparator, feed):
        _io[_COUNT] = adc.count_address
        _io[_FIFO_STATUS] = adc_status
        _io[_COMPARATOR] = comparator
        _io[_FEEDS] = 3
        _io[_FEED_MASK] = 1 << feed
        _io[_FEED_WORD] = gate.count
        _io[_FEED_ADDRESS], _io[_KILL_ADDRESS], _io[_KILL_WORD] = gate_addresses
        _io[_CLOCK] = chip.TIMER_RAW_LOW
        _io[_INPUTS] = chip.SIO + 0x04
        _io[_TOGGLE] = chip.SIO + 0x1C
        self._timer = Timer(-1)
        self._arrays = (None, None, None)

    def start(self, guard_pass, samples, request, snapshot, hz):
        global _guard
        self.stop()
        self._arrays = (samples, request, snapshot)  # they must live as long as their addresses
        _io[_SAMPLES] = uctypes.addressof(samples)
        _io[_REQUEST] = uctypes.addressof(request)
        _io[_SNAPSHOT] = uctypes.addressof(snapshot)
        mem32[chip.SCRATCH_3] = uctypes.addressof(_io)
        _guard = guard_pass
        self._timer.init(mode=Timer.PERIODIC, freq=hz, callback=_callback, hard=True)

    def stop(self):
        self._timer.deinit()

    def set_feeds(self, dead_man, monostable):
        _io[_FEEDS] = (1 if dead_man else 0) | (2 if monostable else 0)

    def raised(self):
        """Passes that ended in an exception since power-on."""
        return _io[_RAISED]
