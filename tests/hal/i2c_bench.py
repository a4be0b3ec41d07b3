"""Bus, stepped clock, the three twins and their drivers, wired as on the wand."""

from hal.drivers.ad5693r import AD5693R
from hal.drivers.asked import AskedADS1115
from hal.drivers.mcp4725 import MCP4725
from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin
from hal.sim.bus import SimI2C
from hal.sim.mcp4725_twin import Mcp4725Twin

WRAP_US = 1 << 30


class Clock:
    def __init__(self, us=0):
        self.us = us

    def __call__(self):
        return self.us & (WRAP_US - 1)

    @property
    def now_us(self):
        return self()


class Bench:
    """Bus, clock, the three twins and their drivers."""

    def __init__(self, us=0):
        self.clock = Clock(us)
        self.bus = SimI2C()
        self.volts = [0.1, 0.2, 0.3, 0.4]
        self.dac_twin = self.bus.attach(0x4C, Ad5693rTwin())
        self.mcp_twin = self.bus.attach(0x60, Mcp4725Twin(now_us=self.clock))
        self.adc_twin = self.bus.attach(0x48, Ads1115Twin(self.clock, self.volts))
        self.dac = AD5693R(self.bus)
        self.mcp = MCP4725(self.bus)
        self.adc = AskedADS1115(self.bus)
