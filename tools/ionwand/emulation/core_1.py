"""The RP2040's second core, which rp2040py leaves out: what it shares, and what not.

Its own: registers, NVIC and SysTick, divider and interpolators, its side of the FIFO. Everything
else is one and the same; a peripheral's interrupts reach core 0 only, as nobody here wants them at
core 1. core_hook.py steps it. [RP] is the RP2040 datasheet.
"""

from collections import deque

from rp2040py.cortex_m0_core import CortexM0Core
from rp2040py.irq import IRQ
from rp2040py.peripherals.ppb import RPPPB
from rp2040py.sio import RPSIO

# [RP] 2.3.1.7
_CPUID = 0x000
_FIFO_STATUS, _FIFO_WRITE, _FIFO_READ = 0x050, 0x054, 0x058
_OWN_FIRST, _OWN_LAST = 0x060, 0x0FC  # divider and interpolators
_DEPTH = 8
_VALID, _READY, _OVERFLOW, _UNDERFLOW = 1, 2, 4, 8

_FORCE_OFF = 0x4  # [RP] 2.13.5
_PROC1 = 1 << 16


class Core1:
    """`core`, and `hook` once it is known: a core_hook.Hook."""

    def __init__(self, mcu):
        self._mcu = mcu
        self.core = CortexM0Core(mcu)
        self.hook = None
        self.launches = 0
        self._queues = (deque(), deque())  # words for core 0, for core 1
        self._errors = [0, 0]
        self._sio = RPSIO(mcu)
        self._ppb = RPPPB(mcu, "PPB of core 1")
        sio, ppb, psm = mcu.sio, mcu.ppb, mcu.psm
        self._plain = (sio.read_uint32, sio.write_uint32, ppb.read_uint32, ppb.write_uint32)
        self._plain_psm = psm.write_uint32
        self._plain_reset = sio.reset
        sio.read_uint32, sio.write_uint32 = self._read_sio, self._write_sio
        ppb.read_uint32, ppb.write_uint32 = self._read_ppb, self._write_ppb
        psm.write_uint32 = self._write_psm
        sio.reset = self._reset

    def _reset(self):
        """With the chip. It would wait in the bootrom: it stands still until somebody wants it."""
        self._plain_reset()
        self._stop()

    def _stop(self):
        self.hook.runs = False
        for queue in self._queues:
            queue.clear()
        self._errors[:] = (0, 0)
        self._interrupts()

    def _launch(self):
        """Out of reset, through the bootrom, which waits for the other core's words."""
        self.core.reset()
        self.launches += 1
        self.hook.runs = True

    def _interrupts(self):
        for number, core, irq in (
            (0, self._mcu.core, IRQ.SIO_PROC0),
            (1, self.core, IRQ.SIO_PROC1),
        ):
            core.set_interrupt(irq, bool(self._queues[number] or self._errors[number]))

    def _read_sio(self, offset):
        turn = self.hook.turn
        if offset == _CPUID:
            return turn
        if _FIFO_STATUS <= offset <= _FIFO_READ:
            return self._read_fifo(turn, offset)
        if turn and _OWN_FIRST <= offset <= _OWN_LAST:
            return self._sio.read_uint32(offset)
        return self._plain[0](offset)

    def _read_fifo(self, turn, offset):
        mine, theirs = self._queues[turn], self._queues[1 - turn]
        if offset == _FIFO_STATUS:
            valid = _VALID if mine else 0
            ready = _READY if len(theirs) < _DEPTH else 0
            return valid | ready | self._errors[turn]
        if offset == _FIFO_READ and mine:
            word = mine.popleft()
            self._interrupts()
            return word
        self._errors[turn] |= _UNDERFLOW
        return 0

    def _write_sio(self, offset, value):
        turn = self.hook.turn
        if offset == _FIFO_STATUS:
            self._errors[turn] = 0
            self._interrupts()
        elif offset == _FIFO_WRITE:
            if len(self._queues[1 - turn]) < _DEPTH:
                self._queues[1 - turn].append(value & 0xFFFFFFFF)
            else:
                self._errors[turn] |= _OVERFLOW
            self._interrupts()
        elif turn and _OWN_FIRST <= offset <= _OWN_LAST:
            self._sio.write_uint32(offset, value)
        else:
            self._plain[1](offset, value)

    def _at_core_1(self, call, *arguments):
        """rp2040py's NVIC writes into whatever `mcu.core` is."""
        core_0 = self._mcu.core
        self._mcu.core = self.core
        try:
            return call(*arguments)
        finally:
            self._mcu.core = core_0

    def _read_ppb(self, offset):
        if self.hook.turn:
            return self._at_core_1(self._ppb.read_uint32, offset)
        return self._plain[2](offset)

    def _write_ppb(self, offset, value):
        if self.hook.turn:
            self._at_core_1(self._ppb.write_uint32, offset, value)
        else:
            self._plain[3](offset, value)

    def _write_psm(self, offset, value):
        was_off = self._mcu.psm.read_uint32(_FORCE_OFF) & _PROC1
        self._plain_psm(offset, value)
        if offset == _FORCE_OFF:
            if value & _PROC1:
                self._stop()
            elif was_off:
                self._launch()
