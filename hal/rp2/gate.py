"""The GATE pin: a dead-man in PIO1 that falls 3 ms after the last feed, whatever the CPU does.

Driven by raw registers on a state machine that MicroPython does not know of: a soft reset stops
claimed state machines with their pin as it was, this one it leaves running, and it falls [S-10].
"""

from machine import freq, mem32
from micropython import const

from firmware.limits import DEAD_MAN_US
from hal.rp2 import chip, deadman, pins

_CTRL = const(0x00)  # [RP] 3.7
_TXF0 = const(0x10)
_MEMORY = const(0x48)
_CLKDIV = const(0xC8)
_EXECCTRL = const(0xCC)
_SHIFTCTRL = const(0xD0)
_INSTR = const(0xD8)
_PINCTRL = const(0xDC)

_DEPTH = const(4)  # words in the FIFO
_RUN = const(0x111)  # enable state machine 0, restart it and its clock
_PULL = const(0x8080)  # pull(noblock): take one word out of the FIFO
_SET_LOW = const(0xE000)
_SET_OUTPUT = const(0xE081)

PIO_HZ = const(1_562_500)  # comparator to gate: a round of 4 and a bit, 3.4 µs

FEED_ADDRESS = chip.PIO1 + _TXF0
KILL_ADDRESS = chip.PIO1 + _INSTR
KILL = deadman.DEAD  # the word of `jmp("dead").side(0)`


class Gate:
    """`count` written to FEED_ADDRESS keeps it up, KILL written to KILL_ADDRESS ends it."""

    def __init__(self):
        words = deadman.program[0]  # type: ignore[index]
        pio = chip.PIO1
        mem32[pio + _CTRL + chip.CLEAR] = 1
        for i in range(len(words)):
            mem32[pio + _MEMORY + 4 * i] = words[i]
        divider = freq() // PIO_HZ
        # Rounded down: early is safe. One round less, for what arming itself takes.
        self.count = DEAD_MAN_US * (freq() // divider // 1000) // (1000 * deadman.LOOP) - 1
        mem32[pio + _CLKDIV] = divider << 16
        self._wrap = (len(words) - 1) << 12
        self.watch(pins.COMPARATOR)
        mem32[pio + _SHIFTCTRL] = 0
        mem32[pio + _PINCTRL] = 1 << 29 | 1 << 26 | pins.GATE << 10 | pins.GATE << 5
        mem32[pio + _INSTR] = _SET_LOW
        mem32[pio + _INSTR] = _SET_OUTPUT
        self.kill()
        self.take()

    def watch(self, pin):
        """Whatever is high on this pin ends it."""
        mem32[chip.PIO1 + _EXECCTRL] = self._wrap | pin << 24

    def take(self):
        """The pin is the PIO's: also after boot.py has run once more, at a console."""
        mem32[chip.IO_BANK + 4 + 8 * pins.GATE] = chip.FUNCTION_PIO1

    def arm(self):
        """Up for 3 ms, unless the comparator's latch says no. The only way to start it."""
        pio = chip.PIO1
        mem32[pio + _CTRL + chip.CLEAR] = 1
        for _ in range(_DEPTH):  # not until it is empty: the guard feeds already
            mem32[pio + _INSTR] = _PULL
        mem32[pio + _CTRL + chip.SET] = _RUN
        mem32[pio + _INSTR] = 0  # jmp(0).side(0)
        mem32[pio + _TXF0] = self.count

    def kill(self):
        """Down within two instructions, until armed again."""
        mem32[KILL_ADDRESS] = KILL
