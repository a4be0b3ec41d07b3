"""The time that the flash takes to erase and to program, for which rp2040py takes none.

The bootrom asks the flash whether it is busy until it no longer is, and MicroPython keeps
interrupts off meanwhile: whoever must run in time then doesn't. Typical times of the Pico's
W25Q16JV, from its datasheet, 9.6; the longest are 3, 400 and 2000 ms.
"""

from rp2040py.peripherals import ssi as _ssi

_BUSY = 0x01  # status register 1
_TAKES_NS = {
    _ssi.CMD_PAGE_PROGRAM: 0.4e6,
    _ssi.CMD_SECTOR_ERASE: 45e6,
    _ssi.CMD_BLOCK_ERASE: 150e6,
}


class FlashWrites:
    """Hooks itself into the emulated SSI. `erased` and `programmed` count."""

    def __init__(self, mcu):
        self.erased = self.programmed = 0
        self._clock = mcu.clock
        self._ssi = mcu.ssi
        self._until_ns = 0.0
        self._plain_apply = mcu.ssi._apply_command
        self._plain_shift = mcu.ssi._shift_byte
        mcu.ssi._apply_command = self._apply
        mcu.ssi._shift_byte = self._shift

    def _apply(self):
        command = self._ssi._tx_buffer[0] if self._ssi._tx_buffer else None
        if command in _TAKES_NS and self._ssi._write_enabled:
            self._until_ns = self._clock.nanos + _TAKES_NS[command]
            if command == _ssi.CMD_PAGE_PROGRAM:
                self.programmed += 1
            else:
                self.erased += 1
        self._plain_apply()

    def _shift(self, byte):
        answer = self._plain_shift(byte)
        sent = self._ssi._tx_buffer
        if len(sent) > 1 and sent[0] == _ssi.CMD_READ_STATUS_1:
            if self._clock.nanos < self._until_ns:
                answer |= _BUSY
        return answer
