"""Twins of hal/sim behind an emulated I2C block, with the time that each bit takes on the bus.

rp2040py itself transfers in no time at all, so that a driver's timing would be fiction.
"""

from rp2040py.peripherals.i2c import I2CMode


class I2cBus:
    """An external device of rp2040py. `before` is called ahead of every part's turn."""

    def __init__(self, block, devices, before):
        self._block = block
        self._devices = devices
        self._before = before
        self._twin = self._held = None
        self._hang = False

    def attach(self, chip):
        self._i2c = i2c = chip.i2c[self._block]
        self._alarm = chip.clock.create_alarm(self._due)
        i2c.on_start = lambda repeated: self._after(1, i2c.complete_start)
        i2c.on_connect = lambda address, mode: self._after(9, lambda: self._connect(address, mode))
        i2c.on_write_byte = lambda value: self._after(9, lambda: self._write(value))
        i2c.on_read_byte = lambda ack: self._after(9, self._read)
        i2c.on_stop = lambda: self._after(1, self._stop)

    @property
    def hang(self):
        return self._hang

    @hang.setter
    def hang(self, value):
        """SCL held low for ever."""
        self._hang = value
        if not value and self._held:
            self._held, held = None, self._held
            held()

    def _after(self, bits, then):
        counts = self._i2c.scl_low_period + self._i2c.scl_high_period  # of 125 MHz
        self._then = then  # one step is under way at a time
        self._alarm.schedule(bits * counts * 8.0)

    def _due(self):
        if self._hang:
            self._held = self._then
        else:
            self._then()

    def _connect(self, address, mode):
        self._before()
        self._twin = self._devices.get(address)
        if self._twin:
            self._twin.i2c_start(mode == I2CMode.READ)
        self._i2c.complete_connect(self._twin is not None)

    def _write(self, value):
        self._i2c.complete_write(self._twin.i2c_write(value))

    def _read(self):
        self._i2c.complete_read(self._twin.i2c_read())

    def _stop(self):
        if self._twin:
            self._before()
            self._twin.i2c_stop()
            self._twin = None
            self._before()
        self._i2c.complete_stop()
