"""The fast converter: ADC0..3 in turn, 500 000 conversions a second, by DMA into a ring of 16.

Nobody starts a conversion and nobody waits for one: the guard finds the last 32 µs in memory.
Four samples a channel, always [sense A, sense B, e2, battery] x 4.
"""

import uctypes
from machine import ADC, mem32
from micropython import const
from rp2 import DMA

from hal.rp2 import chip, pins

_CS = chip.ADC  # [RP] 4.9.6
_FCS = chip.ADC + 0x08
_FIFO = chip.ADC + 0x0C
_DIV = chip.ADC + 0x10
_ADC_CLOCK_HZ = const(48_000_000)
_CYCLES = const(96)  # of one conversion

CONVERSIONS_HZ = const(500_000)  # as fast as it goes
_RING = const(32)  # bytes; DMA wraps at an address that is a multiple of it
_FOREVER = const(0xFFFFFFFF)  # transfers: 143 min
_HALF = const(0x80000000)  # 71 min: more than any session

STATUS_ADDRESS = _FCS
OVERFLOW = const(1 << 11)  # a sample was lost: the ring's order is no longer known


class FastADC:
    """`samples` is the ring, `count_address` a word that moves while it is being filled."""

    def __init__(self):
        for pin in (pins.SENSE_A, pins.SENSE_B, pins.LOW_RAIL, pins.BATTERY):
            ADC(pin)
        self._memory = bytearray(2 * _RING - 1)
        self._base = (uctypes.addressof(self._memory) + _RING - 1) & ~(_RING - 1)
        self.samples = uctypes.bytearray_at(self._base, _RING)
        # A DMA of MicroPython's: a soft reset stops it before the memory gets another owner.
        self._dma = DMA()
        self.count_address = (
            chip.DMA + chip.DMA_CHANNEL_SIZE * self._dma.channel + 8  # type: ignore[attr-defined]
        )
        self.start()

    def renew(self):
        """Before output: start anew where the transfers might run out during a session."""
        if mem32[self.count_address] & _FOREVER < _HALF:
            self.start()

    def start(self):
        """Anew, in step with the ring."""
        mem32[_CS] = 1  # on, converting nothing
        while not mem32[_CS] & 0x100:
            pass
        self._dma.active(0)
        while mem32[_FCS] >> 16 & 0xF:
            mem32[_FIFO]
        mem32[_FCS] = OVERFLOW | 1 << 10
        mem32[_FCS] = 1 << 24 | 1 << 3 | 1  # a request for each sample
        cycles = _ADC_CLOCK_HZ // CONVERSIONS_HZ
        mem32[_DIV] = 0 if cycles <= _CYCLES else cycles - 1 << 8
        self._dma.config(
            read=_FIFO,
            write=self._base,
            count=_FOREVER,
            ctrl=self._dma.pack_ctrl(
                size=1,
                inc_read=False,
                inc_write=True,
                ring_sel=True,
                ring_size=5,
                treq_sel=chip.DMA_REQUEST_ADC,
                irq_quiet=True,
            ),
            trigger=True,
        )
        mem32[_CS] = 0xF << 16 | 1 << 3 | 1  # ADC0..3 in turn, from ADC0, free running
