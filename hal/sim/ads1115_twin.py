"""ADS1115 at register level: multiplexer, range, data rate and a conversion that takes its time.

[DS] as in hal/drivers/ads1115.py. A result is sampled when its conversion ends, by `update()`;
a read calls that itself. A board that calls it before the drivers run keeps their paths free of
allocation (floats live on the heap) and gets the moment right. Read before its end a conversion
shows the result of the one before, whichever input that was, as the part does.
"""

import micropython
from micropython import const

from hal.sim.bus import Device
from hal.sim.parts import Lcg

_OS = const(0x8000)
_SINGLE_SHOT = const(0x0100)
_DEFAULT = const(0x8583)  # [DS] 9.6.3
_WAKE_US = const(25)  # [DS] 9.4.2.1
_TICKS_MASK = const(0x3FFFFFFF)

_RANGE_V = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
_RATE_SPS = (8, 16, 32, 64, 128, 250, 475, 860)
_PAIRS = ((0, 1), (0, 3), (1, 3), (2, 3))  # differential inputs, then AIN0..3 against GND


class Ads1115Twin(Device):
    """clock: whose `now_us` is the time; inputs: list of four voltages.

    gain, offset_v, noise_codes     errors; noise is flat, its sequence fixed by `seed`
    stuck       fault: None, or the code that every conversion gives for ever
    bits        of its results: 12 for an ADS1015, which some sell as this one
    """

    def __init__(self, clock, inputs, gain=1.0, offset_v=0.0, rate=1.0, seed=0):
        super().__init__()
        self.inputs = inputs
        self.clock = clock
        self.gain = gain
        self.offset_v = offset_v
        self.noise_codes = 0
        self.stuck = None
        self.bits = 16
        self._noise = Lcg(seed)
        self.set_rate(rate)
        self.power_on()

    def set_rate(self, rate):
        """This part's clock, 0.9..1.1 of nominal [DS] 7.5."""
        self._waits_us = [_WAKE_US + int(1e6 / (sps * rate) + 0.5) for sps in _RATE_SPS]

    def power_on(self):
        self.pointer = 0
        self.conversion = 0
        self.thresholds = [0x8000, 0x7FFF]
        self.converting = False
        self._since_us = 0
        self._config = _DEFAULT & ~_OS
        self._under_way = self._config  # what the present conversion was begun with

    def busy_us(self):
        """How long the conversion under way will still take, 0 where there is none."""
        if not self.converting:
            return 0
        since_us = (self.clock.now_us - self._since_us) & _TICKS_MASK
        return max(0, self._waits_us[self._under_way >> 5 & 7] - since_us)

    def alert(self):
        """Level of ALERT/RDY: where it is set up for that, low while nothing is converted.

        A comparator that nobody asked for is not modelled: then it stays high.
        """
        low, high = self.thresholds
        ready = high & 0x8000 and not low & 0x8000 and self._config & 3 != 3
        return 0 if ready and not self.converting else 1

    # One call each for a write and a read: there are four of both in every tick.
    @micropython.native
    def write(self, data):
        pointer = data[0] & 3
        self.pointer = pointer
        if len(data) < 3:
            return
        value = data[1] << 8 | data[2]
        if pointer == 1:
            if self.converting:
                self.update()
            self._config = value & 0x7FFF
            if not value & _SINGLE_SHOT or (value & _OS and not self.converting):
                self.converting = True
                self._under_way = value
                self._since_us = self.clock.now_us
        elif pointer:
            self.thresholds[pointer - 2] = value

    def read_into(self, buffer):
        self.read_register(self.pointer, buffer)

    @micropython.native
    def read_register(self, register, buffer):
        """Point at a register and read it; bytes beyond its two are 0xFF."""
        if self.converting:
            self.update()
        self.pointer = pointer = register & 3
        if pointer == 0:
            value = self.conversion & 0xFFFF
        elif pointer == 1:
            value = self._config | (0 if self.converting else _OS)
        else:
            value = self.thresholds[pointer - 2]
        size = len(buffer)
        buffer[0] = value >> 8
        if size > 1:
            buffer[1] = value & 0xFF
        while size > 2:
            size -= 1
            buffer[size] = 0xFF

    @micropython.native
    def update(self):
        """Finish a conversion whose time has come."""
        if not self.converting:
            return
        now_us = self.clock.now_us
        config = self._under_way
        if (now_us - self._since_us) & _TICKS_MASK < self._waits_us[config >> 5 & 7]:
            return
        if config & _SINGLE_SHOT:
            self.converting = False
        else:
            self._since_us = now_us
        if self.stuck is not None:
            self.conversion = self.stuck
            return
        channel = (config >> 12 & 7) - 4  # negative: a difference
        if channel >= 0:
            volts = self.inputs[channel]
        else:
            plus, minus = _PAIRS[channel + 4]
            volts = self.inputs[plus] - self.inputs[minus]
        volts = volts * self.gain + self.offset_v
        code = volts * 32768 / _RANGE_V[config >> 9 & 7]
        if self.noise_codes:
            code += self._noise.spread() * self.noise_codes
        code = int(code + 32768.5) - 32768
        if code > 32767:
            code = 32767
        elif code < -32768:
            code = -32768
        self.conversion = code if self.bits == 16 else code & -16
