"""The emulated converter, free running into a DMA ring, in batches instead of half a million
events a second.

Only the latest 16 samples of a ring can be seen, so they are made when somebody looks: the guard
reads the DMA's count at the beginning of each pass. Every sample is what stood at the pin when
its conversion ended.
"""

from rp2040py.peripherals import adc as _adc

_RAM = 0x20000000
_REQUEST = 36  # the ADC's, at the DMA
_KEPT_NS = 100_000.0


class Ring:
    """`set(codes)` from outside; hooks itself into converter and DMA."""

    def __init__(self, mcu):
        self._mcu = mcu
        self._adc = converter = mcu.adc
        self._channel = None
        self._began_ns = 0.0
        self._done = 0
        self._codes = (0, 0, 0, 0)
        self._history = [(-1e18, self._codes)]  # (from when, four codes), oldest first
        self.looked = lambda: None  # called when the guest has looked: once a pass of the guard
        self._plain_read = converter.start_adc_read
        self._plain_write = converter.write_uint32
        self._plain_reset = converter.reset
        converter.start_adc_read = self._start
        converter.write_uint32 = self._write
        converter.reset = self._reset
        for channel in mcu.dma.channels:
            self._hook(channel)

    def set(self, codes):
        """What stands at ADC0..3 from now on, 12 bits."""
        if codes == self._codes:
            return
        self._codes = codes
        now = self._mcu.clock.nanos
        history = self._history
        history.append((now, codes))
        while len(history) > 2 and history[1][0] < now - _KEPT_NS:
            del history[0]
        self._adc.channel_values[:4] = codes

    def _hook(self, channel):
        plain = channel.read_uint32

        def read(offset):
            if channel is self._channel:
                self._fill()
                self.looked()
            return plain(offset)

        channel.read_uint32 = read

    def _start(self):
        if self._adc.cs & _adc.CS_START_MANY:
            for channel in self._mcu.dma.channels:
                if channel.active and channel.treq == _REQUEST:
                    self._channel = channel
                    self._began_ns = self._mcu.clock.nanos
                    self._done = 0
                    self._first = self._adc._active_channel
                    return
        self._plain_read()

    def _write(self, offset, value):
        if offset == _adc.CS and self._channel is not None:
            self._fill()
            self._channel = None
            self._adc.busy = False
        self._plain_write(offset, value)

    def _reset(self):
        self._channel = None
        self._plain_reset()

    def _fill(self):
        channel = self._channel
        if not channel.active:  # a soft reset has ended the DMA; the converter goes on for nobody
            return
        period_ns = max(96.0, self._adc.divider) * 1000 / 48
        count = int((self._mcu.clock.nanos - self._began_ns) / period_ns)
        fresh = count - self._done
        if fresh <= 0:
            return
        channel._trans_count -= fresh
        self._done = count
        mask = channel._ring_mask
        sram = self._mcu.sram
        base = channel._write_addr & ~mask
        place = channel._write_addr & mask
        skipped = max(0, fresh - 16)
        place = (place + 2 * skipped) & mask
        history = self._history
        at = len(history) - 1
        oldest = count - fresh + skipped + 1
        while at > 0 and history[at][0] > self._began_ns + oldest * period_ns:
            at -= 1
        for number in range(oldest, count + 1):
            ended = self._began_ns + number * period_ns
            while at + 1 < len(history) and history[at + 1][0] <= ended:
                at += 1
            code = history[at][1][(self._first + number - 1) & 3]
            address = base + place - _RAM
            sram[address] = code & 0xFF
            sram[address + 1] = code >> 8
            place = (place + 2) & mask
        channel._write_addr = base + place
