"""ADS1115, the precise converter: dose, impedance and a second opinion on the current.

Single-shot conversions at 860 SPS, ±4.096 V full scale (125 µV a code). [DS] is TI SBAS444
(section numbers of revision D). Not verified on a part.
"""

from micropython import const

from hal.drivers.acknowledged import send

ADDRESS = const(0x48)  # pin ADDR at GND [DS] 9.5.1.1

_CONFIG = const(1)  # register [DS] 9.6.1

# Configuration [DS] 9.6.3, upper byte: start 0x80, input 0x70, range 0x0E, single-shot 0x01.
_START = const(0x80)  # written 1: start; read 1: idle
_AIN0_TO_GND = const(0x40)  # then AIN1 0x50, AIN2 0x60, AIN3 0x70
_RANGE_4V096 = const(0x02)
_SINGLE_SHOT = const(0x01)
# Lower byte: data rate 0xE0, comparator 0x1F: all 0, with the thresholds below, turns its pin into
# ALERT/RDY, which is low while no conversion is under way [DS] 9.3.8.
LOW = const(0xE0)  # 860 SPS
_LOW_THRESHOLD = b"\x02\x00\x00"
_HIGH_THRESHOLD = b"\x03\x80\x00"


class ADS1115:
    """What the main loop wants of it; who converts is hal/rp2/conversions.py, or asked.py."""

    def __init__(self, i2c, address=ADDRESS):
        self._i2c = i2c
        self._address = address
        self._config = bytearray((_CONFIG, 0, LOW))
        self._reading = bytearray(2)

    def setup(self):
        """Write the configuration without starting, for `check_config` to find."""
        send(self._i2c, self._address, _LOW_THRESHOLD)
        send(self._i2c, self._address, _HIGH_THRESHOLD)
        self.began(0)
        send(self._i2c, self._address, self._config)

    def began(self, channel):
        """Somebody else has started this input, with the same range and rate."""
        self._config[1] = _AIN0_TO_GND | channel << 4 | _RANGE_4V096 | _SINGLE_SHOT

    def busy(self):
        """True while a conversion is under way, whoever began it."""
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        return buffer[0] & _START == 0

    def check_config(self):
        """True where the part still has the configuration last written [S-15].

        A part that was reset by a dip of its supply is back at ±2.048 V and 128 SPS.
        """
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        config = self._config
        return buffer[0] & 0x7F == config[1] & 0x7F and buffer[1] == config[2]
