"""MCP4725, the 12-bit alternative to the AD5693R, with a trap: it powers up from its EEPROM.

A new part's EEPROM holds mid-scale. The bench burns zero once; every self-test reads it back and
the wand refuses to run otherwise. [DS] is Microchip DS22039. Not verified on a part. Its full
scale is its supply: at 3.3 V the setpoint divider of electronics.md would give 793 µA instead of
601 µA, so this DAC needs a divider of its own.
"""

from micropython import const

from hal.drivers.acknowledged import send

ADDRESS = const(0x60)  # pin A0 low, order code A0 [DS] 7.2

_WRITE_BOTH = const(0x60)  # [DS] figure 6-2: DAC register and EEPROM, power-down bits 0

# First byte of the five of a read [DS] figure 6-3.
_READY = const(0x80)  # 0 while the EEPROM is being written
_POWER_ON_RESET = const(0x40)  # 1: supply good
_POWER_DOWN = const(0x06)  # not 0: output off, pulled down


class MCP4725:
    """Codes in, codes out; `full_scale` is the highest."""

    full_scale = const(4095)

    def __init__(self, i2c, address=ADDRESS):
        self._i2c = i2c
        self._address = address
        self._code = bytearray(2)
        self._reading = bytearray(5)

    def setup(self):
        """Output 0 and awake. No reset: that would put the EEPROM's value on the pin."""
        self.write(0)

    def write(self, code):
        """Set the output at once, EEPROM untouched: fast mode [DS] 6.1.1, figure 6-1.

        A code out of range is an error, and nothing is sent.
        """
        if not 0 <= code <= 4095:
            raise ValueError(f"DAC code {code}: must be 0..4095; clamp it before the driver")
        buffer = self._code
        buffer[0] = code >> 8  # both command bits and both power-down bits are 0
        buffer[1] = code & 0xFF
        send(self._i2c, self._address, buffer)

    def read(self):
        """The code in the DAC register. Proves bus and register, not the voltage at the pin."""
        buffer = self._fetch()
        return buffer[1] << 4 | buffer[2] >> 4

    def ready(self):
        """True when awake, with a good supply and no EEPROM write under way."""
        return self._fetch()[0] & (_READY | _POWER_ON_RESET | _POWER_DOWN) == (
            _READY | _POWER_ON_RESET
        )

    def power_on_code(self):
        """The code the next power-on will start with, from the EEPROM."""
        buffer = self._fetch()
        return (buffer[3] & 0x0F) << 8 | buffer[4]

    def check_power_on_zero(self):
        """True where the next power-on starts with zero; asked by every self-test [S-15]."""
        buffer = self._fetch()
        return buffer[0] & _READY != 0 and buffer[3] & 0x0F == 0 and buffer[4] == 0

    def burn_power_on_zero(self):
        """Bench only: write zero into DAC register and EEPROM; then wait until `ready()`.

        Takes 25 ms, 50 ms at most [DS] table "Electrical Characteristics", and wears the EEPROM:
        never called by the firmware.
        """
        send(self._i2c, self._address, bytes((_WRITE_BOTH, 0, 0)))

    def _fetch(self):
        self._i2c.readfrom_into(self._address, self._reading)
        return self._reading
