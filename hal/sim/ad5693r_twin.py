"""AD5693R at register level: what the driver writes ends up as a voltage for the plant.

[DS] as in hal/drivers/ad5693r.py. Powered down, or without its reference, the output is 0 V:
the wand has nothing at the VREF pin.
"""

from micropython import const

from hal.sim.bus import Device

_RESET = const(0x8000)
_POWER_DOWN = const(0x6000)
_REFERENCE_OFF = const(0x1000)
_GAIN_2 = const(0x0800)


class Ad5693rTwin(Device):
    """reference_v, gain, offset_v: this part's own values (Parts.dac_...).

    stuck_full_scale    fault: the output is at full scale whatever the registers say
    ldac_low            pin LDAC: low makes the input register transparent
    """

    full_scale = 65535

    def __init__(self, reference_v=2.5, gain=1.0, offset_v=0.0, vdd_v=3.3):
        super().__init__()
        self.reference_v = reference_v
        self.gain = gain
        self.offset_v = offset_v
        self.vdd_v = vdd_v
        self.stuck_full_scale = False
        self.ldac_low = False
        self.power_on()

    def power_on(self):
        self.input = 0
        self.code = 0  # DAC register
        self.control = 0  # normal mode, internal reference on, gain 1

    def write(self, data):
        if len(data) < 3:
            return  # too short to be executed, as the part's 24-bit shift register has it
        command = data[0] >> 4
        value = data[1] << 8 | data[2]
        if command == 3:
            self.input = self.code = value
        elif command == 1:
            self.input = value
            if self.ldac_low:
                self.code = value
        elif command == 2:
            self.code = self.input
        elif command == 4:
            if value & _RESET:
                self.power_on()
            else:
                self.control = value

    def read_into(self, buffer):
        """The input register [DS], unverified; repeated when more than two bytes are asked."""
        value = self.input
        for i in range(len(buffer)):
            buffer[i] = value & 0xFF if i & 1 else value >> 8

    def volts(self):
        """At the output pin."""
        code = self.code
        control = self.control
        if self.stuck_full_scale:
            code = 65535
        elif control & (_POWER_DOWN | _REFERENCE_OFF):
            return 0.0
        span_v = self.reference_v * self.gain
        if control & _GAIN_2:
            span_v *= 2
        volts = code * span_v / 65536 + self.offset_v
        return min(max(volts, 0.0), self.vdd_v)
