"""The guard's interrupt: GUARD_HZ times a second, hard, in machine code.

Gathers what a pass needs, asks the guard, feeds both dead-men or drops the gate. It allocates
nothing and nothing leaves it as an exception: that would end the timer for good, and then the
dead-man, the last to know, would end the output.
"""

from array import array

import micropython
import uctypes
from machine import Timer
from micropython import const

from hal.rp2 import chip

# Words of `_io`; addresses and masks come as numbers because machine code can't import them.
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
_SNAPSHOT = const(12)  # address
_io = array("I", [0] * 13)

_guard = None
_samples = None
_request = None
_snapshot = None


@micropython.viper
def _pass(timer):
    io = ptr32(_io)
    try:
        snapshot = ptr32(io[_SNAPSHOT])
        now_us = ptr32(0x40054028)[0]  # TIMER_RAW_LOW
        dt_us = (now_us - io[_LAST_US]) & 0x3FFFFFFF
        io[_LAST_US] = now_us
        # Samples lost or standing still: a pass without a time, which the guard takes as late.
        count = ptr32(io[_COUNT])[0]
        if count == io[_LAST_COUNT] or ptr32(io[_FIFO_STATUS])[0] & 0x800:
            dt_us = 0
        io[_LAST_COUNT] = count
        snapshot[0] = dt_us
        snapshot[1] = (ptr32(0xD0000004)[0] >> io[_COMPARATOR]) & 1  # GPIO_IN
        if int(_guard(_samples, _request, _snapshot)) == 1:
            feeds = io[_FEEDS]
            if feeds & 1:
                ptr32(io[_FEED_ADDRESS])[0] = io[_FEED_WORD]
            if feeds & 2:
                ptr32(0xD000001C)[0] = io[_FEED_MASK]  # GPIO_OUT_XOR
            return
    except:  # noqa: E722 an exception of any kind is a reason to drop the gate
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
        self._timer = Timer(-1)

    def start(self, guard_pass, samples, request, snapshot, hz):
        global _guard, _samples, _request, _snapshot
        self.stop()
        _guard = guard_pass
        _samples = samples
        _request = request
        _snapshot = snapshot
        _io[_SNAPSHOT] = uctypes.addressof(snapshot)
        self._timer.init(mode=Timer.PERIODIC, freq=hz, callback=_pass, hard=True)

    def stop(self):
        self._timer.deinit()

    def set_feeds(self, dead_man, monostable):
        _io[_FEEDS] = (1 if dead_man else 0) | (2 if monostable else 0)

    def raised(self):
        """Passes that ended in an exception since power-on."""
        return _io[_RAISED]
