"""The ADS1115 told and asked by the main loop, one conversion at a time.

For boards without its ready line and for what is simulated: not on the wand [P-08]. [DS] as in
ads1115.py.
"""

from micropython import const

from hal.drivers.acknowledged import send
from hal.drivers.ads1115 import ADS1115

_CONVERSION = const(0)  # the result's register [DS] 9.6.1
_START = const(0x80)  # written 1: start; read 1: idle [DS] 9.6.3
_EIO = const(5)


class AskedADS1115(ADS1115):
    """`start` an input, ask until it is `ready`, `read`."""

    def start(self, channel):
        """Start converting AIN0..AIN3 against GND."""
        if not 0 <= channel <= 3:
            raise ValueError(f"ADC channel {channel}: must be 0..3")
        self.began(channel)
        self._config[1] |= _START
        send(self._i2c, self._address, self._config)

    def ready(self):
        """True when the conversion that was begun last is done, False while it is under way.

        OSError where the part has another configuration than it was given: it was reset, and what
        it has converted is another input in another range.
        """
        if self.busy():
            return False
        buffer = self._reading
        config = self._config
        if (buffer[0] ^ config[1]) & 0x7F or buffer[1] != config[2]:
            raise OSError(_EIO)
        return True

    def read(self):
        """The latest result, -32768..32767 in steps of 125 µV [DS] 9.5.4."""
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONVERSION, buffer)
        high = buffer[0]
        if high >= 0x80:
            high -= 0x100  # two's complement without struct, which would allocate
        return high << 8 | buffer[1]
