"""The simulated wand: a board like any other, with a plant behind register-level twins.

The real drivers talk to twins of the I2C parts over a simulated bus; converter codes come from
the plant's volts; the guard runs every 500 µs of a clock that is stepped, as an interrupt would,
also while the main loop waits for the bus. Nothing here decides anything.
"""

from array import array

import micropython
from micropython import const

from hal.board import Board
from hal.drivers.ad5693r import AD5693R
from hal.drivers.ads1115 import ADS1115, WAIT_US, Scan
from hal.sim.barriers import DeadMan
from hal.sim.world import NEVER, installed

_WRAP = const(0x3FFFFFFF)
_HALF = const(0x20000000)
_GUARD_US = const(500)
_WATCHDOG_US = const(1_000_000)
_FULL_CODE = const(4095)


class WatchdogReset(BaseException):
    """The watchdog has bitten: whoever runs main.py starts it again in the same world."""


class SimBoard(Board):
    """What the firmware sees of hal.sim.world."""

    def __init__(self, world=None):
        super().__init__()
        world = world or installed()
        self.world = world
        self._plant = world.plant
        self._dead_man = DeadMan()
        self._dac = AD5693R(world.bus)
        self.dac_codes = 65535
        self._adc = ADS1115(world.bus)
        self._scan = Scan(self._adc, self.precise)
        self.watchdog_reset = world.watchdog_reset
        self.samples = array("H", [0] * 16)
        self._guard_pass = None
        self._request = None
        self._snapshot = None
        self._guard_us = NEVER
        self._passed_us = world.now_us
        self._k1 = True
        self._m2 = True
        self._rail = False
        self._feed_dead_man = True
        self._feed_monostable = True
        self._dog_us = NEVER
        self._enabled = False
        self._seen_a_v = -1.0
        self._seen_e2_v = -1.0
        self._fed = False  # enabled, and fed through both
        self._fall_us = NEVER  # when the output falls if nobody feeds it
        self._scanning = False
        self._scan_errors = 0
        self._scan_us = world.now_us
        self._plant_us = world.now_us  # how far the plant has been taken
        self._calm_us = 0  # its outputs stay as they are for so long from there
        gains = world.parts.fast_gain
        offsets = world.parts.fast_offset_v
        self._scale = tuple([gain * 4096 / 3.3 for gain in gains])
        self._shift = tuple([offset * 4096 / 3.3 + 0.5 for offset in offsets])
        world.bus.wait = self._wait
        if world.observer is not None:
            world.observer.attach(self)
        self.output_off()
        try:
            self._dac.setup()
            self._adc.setup()
        except OSError:
            self.bus_failed = True

    # --- time ---
    def ticks_ms(self):
        return self.world.now_us // 1000 & _WRAP

    def sleep_until(self, ms):
        now_us = self.world.now_us
        delta_ms = (ms - now_us // 1000) & _WRAP
        if delta_ms < _HALF:
            self._run(now_us - now_us % 1000 + delta_ms * 1000)

    def start_watchdog(self):
        self._dog_us = self.world.now_us + _WATCHDOG_US

    def stop_watchdog(self):
        self.output_off()
        self._dog_us = NEVER

    def feed_watchdog(self):
        if self._dog_us != NEVER:
            self._dog_us = self.world.now_us + _WATCHDOG_US

    def _wait(self, us):
        """The bus keeps the main loop waiting; interrupts go on."""
        scanning = self._scanning
        self._scanning = True
        self._run(self.world.now_us + us)
        self._scanning = scanning

    def _catch_up(self):
        """Take the plant to the present: before its inputs change, and for who looks at it."""
        now_us = self.world.now_us
        self._plant.advance(now_us - self._plant_us)
        self._plant_us = now_us
        self._calm_us = 0

    @micropython.native
    def _run(self, until_us):
        """Let time pass, and do at its instant what is due."""
        world = self.world
        plant = self._plant
        now_us = world.now_us
        while True:
            if now_us >= world.next_us:
                self._catch_up()
                world.run_events()
                plant.dac_v = world.dac.volts()  # a fault may have moved it
                plant.advance(0)
                self._edge()
            hung = world.mcu_hang
            if now_us >= self._guard_us:
                self._guard_us = now_us + _GUARD_US
                if not hung:
                    self._pass(now_us)
            if plant.latched or not self._fed or now_us >= self._fall_us:
                self._gate(now_us)
            if now_us >= self._dog_us:
                world.watchdog_reset = True
                world.mcu_hang = False
                self._dog_us = NEVER  # a bus that hangs too must not bite twice
                self.output_off()
                raise WatchdogReset
            if hung:
                until_us = self._dog_us if self._dog_us != NEVER else now_us + 1000
            elif now_us >= self._scan_us and not self._scanning:
                self._read_precise(now_us)
                now_us = world.now_us  # a hanging bus has let time pass
            if now_us >= until_us:
                self._catch_up()
                return
            to_us = until_us
            if world.next_us < to_us:
                to_us = world.next_us
            if self._dog_us < to_us:
                to_us = self._dog_us
            if now_us < self._scan_us < to_us:
                to_us = self._scan_us
            if now_us < self._fall_us < to_us:
                to_us = self._fall_us
            if self._guard_us <= to_us:
                if (self._fed or not (self._enabled or self._dead_man.up)) and not hung:
                    now_us = self._passes(now_us, to_us)
                    continue
                to_us = self._guard_us
            world.now_us = to_us
            if to_us - self._plant_us > self._calm_us:
                self._catch_up()
                self._calm_us = plant.calm_us()
            now_us = to_us

    # --- guard and gate ---
    def start_guard(self, guard_pass, request, snapshot):
        self._guard_pass = guard_pass
        self._request = request
        self._snapshot = snapshot
        self._guard_us = self.world.now_us + _GUARD_US

    def _pass(self, now_us):
        """One pass of the guard, and what follows from it."""
        plant = self._plant
        if plant.sense_a_v != self._seen_a_v or plant.div_e2_v != self._seen_e2_v:
            self._sample()
        snapshot = self._snapshot
        snapshot[0] = now_us - self._passed_us
        snapshot[1] = 1 if plant.latched else 0
        self._passed_us = now_us
        self._answer(now_us, self._guard_pass(self.samples, self._request, snapshot))

    def _answer(self, now_us, feed):
        if not feed:
            self._dead_man.kill()
            self._fed = False
            return
        if self._feed_dead_man:
            self._dead_man.feed(now_us)
        if self._feed_monostable:
            self.world.monostable.edge(now_us)
        if self._fed:
            self._fall_us = now_us + self._dead_man.timeout_us

    @micropython.native
    def _passes(self, now_us, until_us):
        """Many passes at once while they all answer the same and nothing else is due.

        The same as one by one, only faster: where the plant says that its outputs stand still
        it is not asked again, and the barriers are fed once for all of them.
        """
        plant = self._plant
        guard_pass = self._guard_pass
        samples = self.samples
        request = self._request
        snapshot = self._snapshot
        expected = 1 if self._fed else 0
        if plant.sense_a_v != self._seen_a_v or plant.div_e2_v != self._seen_e2_v:
            self._sample()
        pass_us = self._guard_us
        passed_us = self._passed_us
        feed = expected
        snapshot[1] = 0
        plant_us = self._plant_us
        calm_us = plant_us + self._calm_us
        while pass_us <= until_us and feed == expected:
            if pass_us > calm_us:
                plant.advance(pass_us - plant_us)
                plant_us = pass_us
                calm_us = pass_us + plant.calm_us()
                if plant.latched:
                    now_us = pass_us
                    break
                if plant.sense_a_v != self._seen_a_v or plant.div_e2_v != self._seen_e2_v:
                    self._sample()
            snapshot[0] = pass_us - passed_us
            passed_us = now_us = pass_us
            feed = guard_pass(samples, request, snapshot)
            pass_us += _GUARD_US
        self._plant_us = plant_us
        self._calm_us = calm_us - plant_us
        self.world.now_us = now_us
        self._guard_us = pass_us
        if passed_us != self._passed_us:
            self._passed_us = passed_us
            if feed or expected:
                self._answer(passed_us, feed)
        return now_us

    def _sample(self):
        """The fast converter: four samples a channel of what stands at its pins."""
        plant = self._plant
        self._seen_a_v = plant.sense_a_v
        self._seen_e2_v = plant.div_e2_v
        if self.world.adc_stuck:
            return
        samples = self.samples
        scale = self._scale
        shift = self._shift
        a = self._code(plant.sense_a_v * scale[0] + shift[0])
        b = self._code(plant.sense_b_v * scale[1] + shift[1])
        e2 = self._code(plant.div_e2_v * scale[2] + shift[2])
        battery = self._code(self.world.battery_mv * 0.001 / 3 * scale[3] + shift[3])
        for i in range(0, 16, 4):
            samples[i] = a
            samples[i + 1] = b
            samples[i + 2] = e2
            samples[i + 3] = battery

    def _code(self, code):
        return max(0, min(_FULL_CODE, int(code)))

    def _gate(self, now_us):
        """Output enable = dead-man AND monostable AND NOT latch, seen by K1 and M2."""
        self._catch_up()
        plant = self._plant
        monostable = self.world.monostable
        latched = plant.latched
        self._dead_man.set_comparator(latched)
        enabled = not latched and self._dead_man.output(now_us) and monostable.output(now_us)
        plant.k1 = enabled and self._k1 and self._rail
        plant.m2 = enabled and self._m2
        # While both are fed, and only then, the next fall is known without asking them.
        self._fed = enabled and self._feed_dead_man and self._feed_monostable
        self._fall_us = NEVER
        if enabled:
            left_us = self._dead_man.left_us(now_us)
            other_us = monostable.left_us(now_us)
            if other_us < 0 or 0 <= left_us < other_us:
                other_us = left_us
            self._fall_us = now_us + other_us
        if enabled != self._enabled:
            self._enabled = enabled
            plant.advance(0)
            self._edge()

    def _edge(self):
        observer = self.world.observer
        if observer is not None:
            observer.edge()

    def output_on(self):
        self._dead_man.arm(self.world.now_us)

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

    # --- bus ---
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

    def _read_precise(self, now_us):
        plant = self._plant
        volts = self.world.adc_volts
        volts[0] = plant.sense_a_v
        volts[1] = plant.div_e1_v
        volts[2] = plant.div_e2_v
        volts[3] = plant.div_rail_v
        self._scanning = True
        try:
            if self._scan.poll(now_us & _WRAP):
                self._scan_errors = 0
        except OSError:
            # The next poll is the retry; a second failure before a whole frame is the end.
            self._scan_errors += 1
            if self._scan_errors >= 2:
                self.bus_failed = True
        self._scanning = False
        self._scan_us = self.world.now_us + WAIT_US

    def check_adc(self):
        self.bus_failed = False
        return self._adc.check_config()

    # --- levels ---
    def set_rail(self, on):
        self._rail = on
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

    def set_feeds(self, dead_man, monostable):
        self._feed_dead_man = dead_man
        self._feed_monostable = monostable
        self._gate(self.world.now_us)

    def reset_latch(self):
        self._catch_up()
        self._plant.reset_latch()

    def check_files(self):
        return None

    def vbus(self):
        return self.world.vbus

    def pressed(self):
        return self.world.panel.pressed

    def panel(self, red, green, blue, hz):
        panel = self.world.panel
        panel.led(red, green, blue)
        panel.beep(hz)

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
