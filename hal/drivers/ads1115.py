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
# Lower byte: data rate 0xE0, comparator 0x1F: all 0, with the thresholds below, turns its pin into
# ALERT/RDY, which is low while no conversion is under way [DS] 9.3.8.
LOW = const(0xE0)  # 860 SPS
_LOW_THRESHOLD = b"\x02\x00\x00"
_HIGH_THRESHOLD = b"\x03\x80\x00"

# A conversion takes 1057 to 1292 µs, for its clock is ±10 % [DS] 7.5, and 25 µs of wake-up by
# [DS] 9.4.2.1 but 110 µs by TI's engineers (e2e thread 477911). So time says only when to ask for
# the first time, and when to wait no longer: a tick of the main loop may stand between a clock
# that was read and the bus. Whether a result is there, the part itself says.
ASK_US = const(1150)
BOUND_US = const(10_000)

_TICKS_MASK = const(0x3FFFFFFF)  # ticks_us() wraps at 2**30
_FRAME_MASK = const(0x3FFFFFFF)
_EIO = const(5)
_ETIMEDOUT = const(110)

# States of a scan.
_LOST = const(0)  # nobody knows what the part does
_ENDING = const(1)  # a conversion that somebody else began comes to its end
_CONVERTING = const(2)


class ADS1115:
    """One conversion at a time."""

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

    def start(self, channel):
        """Start converting AIN0..AIN3 against GND."""
        if not 0 <= channel <= 3:
            raise ValueError(f"ADC channel {channel}: must be 0..3")
        self._config[1] = _START | _AIN0_TO_GND | channel << 4 | _RANGE_4V096 | _SINGLE_SHOT
        send(self._i2c, self._address, self._config)

    def busy(self):
        """True while a conversion is under way, whoever began it."""
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        return buffer[0] & _START == 0

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

    def check_config(self):
        """True where the part still has the configuration last written [S-15].

        A part that was reset by a dip of its supply is back at ±2.048 V and 128 SPS.
        """
        buffer = self._reading
        self._i2c.readfrom_mem_into(self._address, _CONFIG, buffer)
        config = self._config
        return buffer[0] & 0x7F == config[1] & 0x7F and buffer[1] == config[2]


class Scan:
    """AIN0..AIN3 in turn, as fast as the part converts and `poll` is called.

    `frame` is an array("i"): [number of complete frames, AIN0, AIN1, AIN2, AIN3]. The four are
    always the latest four results: between two frames some are younger than the number says.
    """

    def __init__(self, adc, frame=None):
        self._adc = adc
        self.frame = array("i", [0] * 5) if frame is None else frame
        self._channel = 0
        self._since_us = 0
        self._state = _LOST

    def poll(self, now_us):
        """Fetch a result that is there and start the next; True when that completed a frame.

        `now_us`: a time not later than this call. OSError leaves the scan stopped; a later poll
        starts the same input again once the part is idle, because after an error nobody knows
        which input a result would belong to [S-19]. A part that converts for longer than any may
        is an error, too.
        """
        state = self._state
        adc = self._adc
        if state == _LOST:
            self._since_us = now_us
            state = _ENDING
        waited_us = (now_us - self._since_us) & _TICKS_MASK
        if state == _CONVERTING and waited_us < ASK_US:
            return False
        self._state = _LOST
        if not (adc.ready() if state == _CONVERTING else not adc.busy()):
            if waited_us >= BOUND_US:
                raise OSError(_ETIMEDOUT)
            self._state = state
            return False
        channel = self._channel
        whole = False
        if state == _CONVERTING:
            frame = self.frame
            channel += 1
            frame[channel] = adc.read()
            if channel == 4:
                channel = 0
                frame[0] = (frame[0] + 1) & _FRAME_MASK
                whole = True
            self._channel = channel
        adc.start(channel)
        self._since_us = now_us
        self._state = _CONVERTING
        return whole
