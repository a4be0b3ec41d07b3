"""The RP2040's I2C block at its registers, with what hangs on the bus behind it; time is stepped.

Nothing blocks here: what is put into the FIFO goes out bit by bit while the clock is moved on.
"""

US_PER_BIT = 2.5  # 400 kHz
_TARGET, _DATA, _RAW, _CLEAR_ABORT, _CLEAR_STOP = 1, 4, 13, 21, 24
_ENABLE, _STATUS, _RECEIVED = 27, 28, 30
_READ, _STOP, _RESTART = 0x100, 0x200, 0x400
_ABORTED, _STOPPED = 1 << 6, 1 << 9
FIFO = 16


class Block:
    """`block[word]` as machine code sees it. `devices`: twins by address."""

    def __init__(self, clock, devices):
        self.clock = clock
        self.devices = devices
        self.target = 0x55
        self.enabled = 1
        self.raw = 0
        self.sent = []
        self.received = []
        self.hang = False
        self.deaf = False  # the next address is not acknowledged
        self._open = None  # (twin, reads) between start and stop
        self._due_us = None  # end of what is on the bus now

    # --- what the bus does by itself ---
    def run(self, until_us):
        """Bytes go out and come in until then. Moves no clock beyond it."""
        while self.sent and not self.hang:
            if self._due_us is None:
                self._due_us = self.clock.us + self._takes()
            if self._due_us > until_us:
                return
            self.clock.us = max(self.clock.us, int(self._due_us))
            self._due_us = None
            self._byte(self.sent.pop(0))

    def _takes(self):
        word = self.sent[0]
        bits = 9
        if self._open is None or word & _RESTART or self._open[1] != bool(word & _READ):
            bits += 10
        return (bits + bool(word & _STOP)) * US_PER_BIT

    def _byte(self, word):
        reads = bool(word & _READ)
        if self._open is None or word & _RESTART or self._open[1] != reads:
            twin = self.devices.get(self.target)
            if twin is None or self.deaf:
                self.deaf = False
                return self._abort()
            self._open = (twin, reads)
            twin.i2c_start(reads)
        twin = self._open[0]
        if reads:
            assert len(self.received) < FIFO, "the FIFO runs over"
            self.received.append(twin.i2c_read())
        else:
            twin.i2c_write(word & 0xFF)
        if word & _STOP:
            twin.i2c_stop()
            self._open = None
            self.raw |= _STOPPED

    def _abort(self):
        self.sent.clear()
        self._open = None
        self.raw |= _ABORTED | _STOPPED

    # --- registers ---
    def __getitem__(self, word):
        if word == _DATA:
            return self.received.pop(0) if self.received else 0
        if word == _RAW:
            return self.raw
        if word == _CLEAR_ABORT:
            self.raw &= ~_ABORTED
        elif word == _CLEAR_STOP:
            self.raw &= ~_STOPPED
        elif word == _STATUS:
            self.clock.us += 1  # whoever looks has waited
            self.run(self.clock.us)
            return (1 << 2) * (not self.sent) | (1 << 5) * (self._open is not None)
        elif word == _RECEIVED:
            return len(self.received)
        return 0

    def __setitem__(self, word, value):
        if word == _DATA:
            assert self.enabled and len(self.sent) < FIFO
            self.sent.append(value)
        elif word == _TARGET:
            assert not self.enabled, "the target changes only while the block is off"
            self.target = value
        elif word == _ENABLE:
            self.enabled = value
            if not value:
                self.sent.clear()
                self.received.clear()
                self._open = None
                self._due_us = None
