"""ADS1115, the precise converter: dose, impedance and a second opinion on the current.

Single-shot conversions at 860 SPS, ±4.096 V full scale (125 µV a code), and a round-robin `Scan`
of its four inputs that never waits and never allocates. [DS] is TI SBAS444 (section numbers of
revision D). Not verified on a part.
"""

from array import array

from micropython import const

from hal.drivers.acknowledged import send

ADDRESS = const(0x48)  # pin ADDR at GND [DS] 9.5.1.1

_CONVERSION = const(0)  # registers [DS] 9.6.1
_CONFIG = const(1)

# Configuration [DS] 9.6.3, upper byte: start 0x80, input 0x70, range 0x0E, single-shot 0x01.
_START = const(0x80)  # written 1: start; read 1: idle
_AIN0_TO_GND = const(0x40)  # then AIN1 0x50, AIN2 0x60, AIN3 0x70
_RANGE_4V096 = const(0x02)
_SINGLE_SHOT = const(0x01)
# Lower byte: data rate 0xE0, comparator 0x1F.
_RATE_860 = const(0xE0)
_NO_COMPARATOR = const(0x03)

# From the call of `start` to a result that is surely the new one: 92 µs for the command on the
# bus at 400 kHz, wake-up 25 µs by [DS] 9.4.2.1 but 110 µs by TI's engineers (e2e thread 477911),
# 1292 µs for a part whose clock is 10 % slow [DS] 7.5. Too early would be another input's result.
WAIT_US = const(1500)

_TICKS_MASK = const(0x3FFFFFFF)  # ticks_us() wraps at 2**30
_FRAME_MASK = const(0x3FFFFFFF)


class ADS1115:
    """One conversion at a time."""

    def __init__(self, i2c, address=ADDRESS):
        self._i2c = i2c
        self._address = address
        self._config = bytearray((_CONFIG, 0, _RATE_860 | _NO_COMPARATOR))
        self._reading = bytearray(2)

    def setup(self):
        """Write the configuration without starting, for `check_config` to find."""
        self._config[1] = _AIN0_TO_GND | _RANGE_4V096 | _SINGLE_SHOT
        send(self._i2c, self._address, self._config)

    def start(self, channel):
        """Start converting AIN0..AIN3 against GND."""
        if not 0 <= channel <= 3:
            raise ValueError(f"ADC channel {channel}: must be 0..3")
        self._config[1] = _START | _AIN0_TO_GND | channel << 4 | _RANGE_4V096 | _SINGLE_SHOT
        send(self._i2c, self._address, self._config)

    def ready(self):
        """True when no conversion is under way."""
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        return buffer[0] & _START != 0

    def read(self):
        """The latest result, -32768..32767 in steps of 125 µV [DS] 9.5.4."""
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONVERSION, buffer)
        high = buffer[0]
        if high >= 0x80:
            high -= 0x100  # two's complement without struct, which would allocate
        return high << 8 | buffer[1]

    def check_config(self):
        """True where the part still has the configuration last written [S-15].

        A part that was reset by a dip of its supply is back at ±2.048 V and 128 SPS.
        """
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        config = self._config
        return buffer[0] & 0x7F == config[1] & 0x7F and buffer[1] == config[2]


class Scan:
    """AIN0..AIN3 in turn, driven by the time that `poll` is told.

    `frame` is an array("i"): [number of complete frames, AIN0, AIN1, AIN2, AIN3]. The four are
    always the latest four results: between two frames some are younger than the number says.
    """

    def __init__(self, adc, frame=None, wait_us=WAIT_US):
        self._adc = adc
        self.frame = array("i", [0] * 5) if frame is None else frame
        self._wait_us = wait_us
        self._channel = 0
        self._since_us = 0
        self._running = False

    def start(self, now_us):
        """Begin with AIN0, at the beginning or after an error."""
        self._running = False
        self._channel = 0
        self.poll(now_us)

    def poll(self, now_us):
        """Fetch a result that is due and start the next; True when that completed a frame.

        OSError leaves the scan stopped; the next poll starts the same input again, because
        after an error nobody knows which input a result would belong to [S-19].
        """
        channel = self._channel
        whole = False
        if self._running:
            if (now_us - self._since_us) & _TICKS_MASK < self._wait_us:
                return False
            self._running = False
            frame = self.frame
            channel += 1
            frame[channel] = self._adc.read()
            if channel == 4:
                channel = 0
                frame[0] = (frame[0] + 1) & _FRAME_MASK
                whole = True
            self._channel = channel
        self._adc.start(channel)
        self._since_us = now_us
        self._running = True
        return whole
