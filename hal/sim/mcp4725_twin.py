"""MCP4725 at register level, with the EEPROM that a new part has: mid-scale.

[DS] as in hal/drivers/mcp4725.py. An EEPROM write takes its time on `now_us()`, and commands
that come meanwhile are ignored.
"""

from micropython import const

from hal.sim.bus import Device

_MID_SCALE = const(0x800)  # factory content [DS] 4.4
_BURN_US = const(25_000)  # typical [DS]
_TICKS_MASK = const(0x3FFFFFFF)


class Mcp4725Twin(Device):
    """vdd_v is supply and reference; gain, offset_v: this part's own errors.

    stuck_full_scale    fault: the output is at full scale whatever the registers say
    burns               number of EEPROM writes so far
    """

    full_scale = 4095

    def __init__(self, vdd_v=3.3, gain=1.0, offset_v=0.0, now_us=None, stored=_MID_SCALE):
        super().__init__()
        self.vdd_v = vdd_v
        self.gain = gain
        self.offset_v = offset_v
        self.now_us = now_us
        self.stored = stored  # EEPROM: code and power-down bits
        self.stored_down = 0
        self.stuck_full_scale = False
        self.burns = 0
        self.power_on()

    def power_on(self):
        self.code = self.stored
        self.down = self.stored_down
        self._burning = False
        self._since_us = 0

    def write(self, data):
        if self.busy():
            return
        command = data[0] >> 5
        if command < 2 and len(data) >= 2:  # fast mode; pairs may follow each other
            pair = len(data) & ~1
            self.down = data[pair - 2] >> 4 & 3
            self.code = (data[pair - 2] & 0x0F) << 8 | data[pair - 1]
        elif command in (2, 3) and len(data) >= 3:
            self.down = data[0] >> 1 & 3
            self.code = data[1] << 4 | data[2] >> 4
            if command == 3:
                self.stored = self.code
                self.stored_down = self.down
                self.burns += 1
                self._burning = self.now_us is not None
                if self._burning:
                    self._since_us = self.now_us()

    def read_into(self, buffer):
        status = self.down << 1 | (0x40 if self.busy() else 0xC0)
        for i in range(len(buffer)):
            position = i % 5
            if position == 0:
                buffer[i] = status
            elif position == 1:
                buffer[i] = self.code >> 4
            elif position == 2:
                buffer[i] = (self.code & 0x0F) << 4
            elif position == 3:
                buffer[i] = self.stored_down << 5 | self.stored >> 8
            else:
                buffer[i] = self.stored & 0xFF

    def busy(self):
        """True while the EEPROM is being written."""
        if self._burning:
            self._burning = (self.now_us() - self._since_us) & _TICKS_MASK < _BURN_US
        return self._burning

    def volts(self):
        """At the output pin."""
        code = self.code
        if self.stuck_full_scale:
            code = 4095
        elif self.down:
            return 0.0
        volts = code * self.vdd_v * self.gain / 4096 + self.offset_v
        return min(max(volts, 0.0), self.vdd_v)
