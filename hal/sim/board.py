"""The simulated wand: a board like any other, with a plant behind register-level twins.

The real drivers talk to twins of the I2C parts over a simulated bus; converter codes come from
the plant's volts; the guard runs every 500 µs of a clock that is stepped, as an interrupt would,
also while the main loop waits for the bus. Nothing here decides anything.
"""

import micropython
from micropython import const

from hal.drivers.ad5693r import AD5693R
from hal.drivers.asked import AskedADS1115
from hal.drivers.scan import Scan
from hal.sim.interrupts import Interrupts, WatchdogReset
from hal.sim.noise import RIPPLE_STEPS, STEP_US, STEPS, ZERO
from hal.sim.world import installed

__all__ = ("SimBoard", "WatchdogReset")

_WRAP = const(0x3FFFFFFF)
_FULL_CODE = const(4095)
# From a conversion's begin to the next one's: by the part's own clock, and what interrupt and bus
# of the chip add (174 frames a second, tests/device/emulated.toml).
_CONVERTS_US = const(1163)
_TURN_US = const(274)


class SimBoard(Interrupts):
    """What the firmware sees of hal.sim.world."""

    def __init__(self, world=None):
        world = world or installed()
        super().__init__(world)
        self._dac = AD5693R(world.bus)
        self.dac_codes = 65535
        self._adc = AskedADS1115(world.bus)
        self._scan = Scan(self._adc, self.precise)
        self._scan_errors = 0
        self._turn_us = int(_CONVERTS_US / world.parts.precise_clock) + _TURN_US
        self.watchdog_reset = world.watchdog_reset
        gains = world.parts.fast_gain
        offsets = world.parts.fast_offset_v
        self._scale = tuple([gain * 4096 / 3.3 for gain in gains])
        self._factor = 1.0
        self._shift = tuple([offset * 4096 / 3.3 + 0.5 for offset in offsets])
        self._noise = noise = world.noise
        self._fast_noise = noise.fast if noise is not None else None
        self._e11 = noise.e11_codes if noise is not None else 0.0
        if world.observer is not None:
            world.observer.attach(self)
        self.set_bleed(False)
        self.output_off()
        try:
            self._dac.setup()
            self._adc.setup()
        except OSError:
            self.bus_failed = True

    # --- converters ---
    @micropython.native
    def _sample(self):
        """The fast converter: four samples a channel of what stands at its pins.

        What the comparator cuts has gone before the next pass here. The chip's guard comes 40
        times as often and meets it: so does the first pass after a latch.
        """
        plant = self._plant
        a_v = self._seen_a_v = plant.sense_a_v
        b_v = plant.sense_b_v
        e2_v = self._seen_e2_v = plant.div_e2_v
        world = self.world
        if world.adc_stuck:
            return
        if plant.held is not None:
            a_v, b_v, e2_v = plant.held
            plant.held = None
            self._seen_a_v = -1.0  # the next pass samples anew
        scale = self._scale
        if world.fast_factor != self._factor:
            factor = world.fast_factor / self._factor
            self._scale = scale = tuple([one * factor for one in scale])
            self._factor = world.fast_factor
        shift = self._shift
        self._convert(0, a_v * scale[0] + shift[0])
        self._convert(1, b_v * scale[1] + shift[1])
        self._convert(2, e2_v * scale[2] + shift[2])
        self._convert(3, world.supply_mv() * 0.001 / 3 * scale[3] + shift[3])

    @micropython.native
    def _convert(self, channel, code):
        # Erratum E11: steps at 512, 1536, 2560 and 3584, and a slope between them.
        if self._e11:
            code += self._e11 * (((code + 512.0) % 1024.0) * 0.0009765625 - 0.5)
        code = int(code)
        if code > _FULL_CODE:
            code = _FULL_CODE
        elif code < 0:
            code = 0
        samples = self.samples
        samples[channel] = code
        samples[channel + 4] = code
        samples[channel + 8] = code
        samples[channel + 12] = code

    @micropython.native
    def _stir(self, now_us):
        """Noise of this moment on the first of each four: only their sums are looked at."""
        if self.world.adc_stuck:
            return
        noise = self._fast_noise
        samples = self.samples
        at = now_us // STEP_US % STEPS * 4
        for channel in range(4):
            # The other three are as the pin has it, but for what the sum cannot hold below zero.
            code = samples[channel + 12] + noise[at + channel] - ZERO
            if code > _FULL_CODE:
                code = _FULL_CODE
            elif code < 0:
                code = 0
            samples[channel] = code

    @micropython.native
    def _read_precise(self, now_us):
        plant = self._plant
        volts = self.world.adc_volts
        volts[0] = plant.sense_a_v
        volts[1] = plant.div_e1_v
        volts[2] = plant.div_e2_v
        volts[3] = plant.div_rail_v
        noise = self._noise
        if noise is not None:
            at = now_us // STEP_US % STEPS
            ripple_v = noise.ripple_v[now_us // STEP_US % RIPPLE_STEPS]
            volts[0] += noise.a_v[at]
            volts[1] += noise.e1_v[at] + ripple_v
            volts[2] += noise.e2_v[at] + ripple_v
            volts[3] += ripple_v
        try:
            if self._scan.poll(now_us * self.world.crystal & _WRAP):
                self._scan_errors = 0
        except OSError:
            # The next poll is the retry; a second failure before a whole frame is the end.
            self._scan_errors += 1
            if self._scan_errors >= 2:
                self.bus_failed = True
        self._scan_us = self.world.now_us + self._turn_us // self.world.crystal

    def check_adc(self):
        self.bus_failed = False
        return self._adc.check_config()

    # --- output ---
    def output_off(self):
        self._catch_up()
        self._dead_man.kill()
        self._gate(self.world.now_us)
        try:
            self._dac.write(0)
        except OSError:
            pass  # the gate is what counts; whoever starts again reads the DAC back
        self._plant.dac_v = self.world.dac.volts()

    def gate(self):
        return self._enabled

    def write_dac(self, code):
        self._catch_up()
        try:
            self._dac.write(code)
        except OSError:
            self._dac.write(code)
        self._plant.dac_v = self.world.dac.volts()

    def read_dac(self):
        try:
            return self._dac.read()
        except OSError:
            return self._dac.read()

    # --- levels ---
    def set_rail(self, on):
        self._rail = on
        self.world.power_rail(on)
        self._gate(self.world.now_us)

    def set_bridge(self, position):
        self._catch_up()
        self._plant.bridge = position

    def set_dummy(self, on):
        self._catch_up()
        self._plant.dummy = on

    def set_switches(self, k1, m2):
        self._k1 = k1
        self._m2 = m2
        self._gate(self.world.now_us)

    def set_bleed(self, opens):
        self._catch_up()
        self._plant.bleed_opens = opens

    def set_feeds(self, dead_man, monostable):
        self._feed_dead_man = dead_man
        self._feed_monostable = monostable
        self._gate(self.world.now_us)

    def set_comparator(self, seen):
        self._sees = seen
        self._gate(self.world.now_us)

    def set_threshold(self, low):
        self._catch_up()
        self._plant.threshold_low = low

    def reset_latch(self):
        self._catch_up()
        self._plant.reset_latch()

    def timer_ticks(self):
        return self.world.timer.ticks(self.world.now_us)

    def check_files(self):
        return None

    def vbus(self):
        return self.world.vbus and not self.world.vbus_dead

    def pressed(self):
        return self.world.panel.pressed

    def panel(self, red, green, blue, hz):
        panel = self.world.panel
        panel.red = red
        panel.green = green
        panel.blue = blue
        panel.hz = hz

    # --- memory ---
    def identity(self):
        return b"SIMULATE"

    def read(self, name):
        return self.world.files.get(name)

    def write(self, name, content):
        if self._enabled:
            raise OSError("no flash write while output is on")
        self.world.files[name] = bytes(content)

    def publish(self, status):
        observer = self.world.observer
        if observer is not None:
            observer.tick(status)
