"""AD5693R, the 16-bit DAC that sets the current; its supply of 3.3 V makes full scale.

Its range is 5 V, twice its internal reference: whatever its registers hold, no more than the
supply comes out, and that is 601 µA [S-01]. A part that was reset has half the range.
Writing allocates nothing: the limiter's code goes out every 5 ms. [DS] is the datasheet
"AD5693R/AD5692R/AD5691R/AD5693", the names of whose sections are given instead of page numbers.
Not verified on a part: the bits below agree with [DS] as remembered and with Linux's
drivers/iio/dac/ad5686.c and ad5696-i2c.c.
"""

from micropython import const

from hal.drivers.acknowledged import send

ADDRESS = const(0x4C)  # pin A0 low [DS] "I2C Slave Address"

# Commands, upper half of the first of three bytes [DS] "Command Table".
_NOP = const(0x00)
_WRITE_AND_UPDATE = const(0x30)  # input and DAC register at once, whatever pin LDAC is at
_CONTROL = const(0x40)

# Upper byte of the control register [DS] "Write Control Register"; the lower byte is not used.
_RESET = const(0x80)
_NORMAL = const(0x00)  # bits 6-5: power-down, 0 = normal
_REFERENCE_ON = const(0x00)  # bit 4: 1 switches the internal reference off
_GAIN_2 = const(0x08)  # bit 3: 1 doubles the range


class AD5693R:
    """Codes in, codes out; `full_scale` is the highest."""

    full_scale = const(65535)

    def __init__(self, i2c, address=ADDRESS):
        self._i2c = i2c
        self._address = address
        # One buffer per command: a half-written one can never go out under another command.
        self._code = bytearray((_WRITE_AND_UPDATE, 0, 0))
        self._control = bytearray((_CONTROL, 0, 0))
        self._nop = bytes((_NOP, 0, 0))
        self._reading = bytearray(2)

    def setup(self):
        """From whatever a crash left behind to: output 0, gain 2, internal reference, awake."""
        self.reset()
        self._configure()

    def _configure(self):
        self._control[1] = _NORMAL | _REFERENCE_ON | _GAIN_2
        send(self._i2c, self._address, self._control)

    def reset(self):
        """Software reset: all registers as after power-on, output at zero scale.

        [DS] "Software Reset". Needed because a microcontroller's reset doesn't reset the DAC.
        """
        self._control[1] = _RESET
        self._i2c.writeto(self._address, self._control)

    def write(self, code):
        """Set the output at once. A code out of range is an error, and nothing is sent.

        With 0 the range goes out as well: a part that was reset while nothing flowed has lost it.
        """
        if not 0 <= code <= 65535:
            raise ValueError(f"DAC code {code}: must be 0..65535; clamp it before the driver")
        buffer = self._code
        buffer[1] = code >> 8
        buffer[2] = code & 0xFF
        send(self._i2c, self._address, buffer)
        if code == 0:
            self._configure()

    def read(self):
        """The code the part holds.

        [DS] "Read Operation": two bytes after a no-operation command. Whether it is the input or
        the DAC register that answers is unverified; `write` sets both alike. It proves bus and
        register, not the voltage at the pin: for that there is the wiggle in the self-test.
        """
        send(self._i2c, self._address, self._nop, False)
        buffer = self._reading
        self._i2c.readfrom_into(self._address, buffer)
        return buffer[0] << 8 | buffer[1]
