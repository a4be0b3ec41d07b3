"""What goes on by itself on the simulated board: time, guard, watchdog, precise converter.

Time is stepped from instant to instant: guard passes every 500 µs, scans of the precise
converter, falls of the barriers, a script's events. The main loop gets its turn in between.
"""

from array import array

import micropython
from micropython import const

from hal.sim import passes
from hal.sim.gate import Gate
from hal.sim.passes import GUARD_US
from hal.sim.world import NEVER

_WRAP = const(0x3FFFFFFF)
_HALF = const(0x20000000)
_WATCHDOG_US = const(1_000_000)


class WatchdogReset(BaseException):
    """The watchdog has bitten: whoever runs main.py starts it again in the same world."""


class Interrupts(Gate):
    """Needs from its subclass: `_sample` for the fast converter, `_read_precise`, `output_off`."""

    def __init__(self, world):
        super().__init__(world)
        self.samples = array("H", [0] * 16)  # of the fast converter
        self._bus = world.bus
        self._bus.wait = self._wait
        self._fast_noise = None
        self._guard_pass = None
        self._request = None
        self._snapshot = None
        self._guard_us = NEVER
        self._passed_us = world.now_us
        self._dog_us = NEVER
        # Samples stand for these.
        self._seen_a_v = -1.0
        self._seen_e2_v = -1.0
        self._scanning = False  # the main loop waits: the bus is its own
        self._scan_us = world.now_us

    def _sample(self):
        raise NotImplementedError

    def _stir(self, now_us):
        raise NotImplementedError

    def _read_precise(self, now_us):
        raise NotImplementedError

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
        self._rail = False
        self.world.power_rail(False)
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
                self._seen_a_v = -1.0  # another battery is to be sampled, and nothing else moves
                self._settled = False
                self._edge()
            hung = world.mcu_hang
            if now_us >= self._guard_us:
                self._guard_us = now_us + GUARD_US
                if not hung:
                    self._pass(now_us)
            if not self._settled or plant.latched is not self._latched or now_us >= self._fall_us:
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
            scan_to_us = until_us
            if world.next_us <= to_us:
                to_us = world.next_us
                scan_to_us = to_us - 1  # events come first
            if self._dog_us <= to_us:
                to_us = self._dog_us
                scan_to_us = to_us - 1
            guard_us = self._guard_us
            if self._fall_us < to_us and self._fall_us < guard_us:
                to_us = scan_to_us = self._fall_us
            scan_us = self._scan_us
            bus = self._bus
            if self._scanning:
                scan_us = NEVER
            elif bus.hang or bus.fail_in:  # a scan may let time pass
                if now_us < scan_us < to_us:
                    to_us = scan_us
                scan_us = NEVER
            if self._settled and not hung and (guard_us <= to_us or scan_us <= scan_to_us):
                now_us = self._flow(to_us, scan_us, scan_to_us)
                continue
            if now_us < scan_us < to_us:
                to_us = scan_us
            if guard_us < to_us:
                to_us = guard_us
            world.now_us = now_us = to_us
            if to_us - self._plant_us > self._calm_us:
                self._catch_up()
                self._calm_us = plant.calm_us()

    @micropython.native
    def _flow(self, limit_us, scan_us, scan_limit_us):
        """Passes and scans up to these instants, while all passes answer what they did before.

        The same as one by one, only faster: where the plant says that its outputs stand still
        it is not asked again, and the barriers are fed once for all passes. Returns the time.
        """
        plant = self._plant
        world = self.world
        expected = 1 if self._fed else 0
        answer = expected
        latched = self._latched
        latch = 1 if latched and self._sees else 0
        row = passes.row
        guard_pass = self._guard_pass
        samples = self.samples
        request = self._request
        snapshot = self._snapshot
        step_us = GUARD_US
        noisy = self._fast_noise is not None
        first_us = pass_us = self._guard_us
        passed_us = self._passed_us
        plant_us = self._plant_us
        calm_us = plant_us + self._calm_us
        now_us = world.now_us
        while answer == expected:
            scan = scan_us < pass_us
            to_us = scan_us if scan else pass_us
            if to_us > (scan_limit_us if scan else limit_us):
                break
            now_us = to_us
            if to_us > calm_us and to_us > plant_us:
                plant.advance(to_us - plant_us)
                plant_us = to_us
                calm_us = to_us + plant.calm_us()
                if plant.latched is not latched:
                    break
            if scan:
                world.now_us = scan_us
                self._read_precise(scan_us)
                scan_us = self._scan_us
                continue
            if plant.sense_a_v != self._seen_a_v or plant.div_e2_v != self._seen_e2_v:
                self._sample()
            if noisy:
                self._stir(pass_us)
            to_us = limit_us if limit_us < calm_us else calm_us
            if scan_us < to_us:
                to_us = scan_us
            count = (to_us - pass_us) // step_us + 1 if to_us > pass_us else 1
            snapshot[1] = latch
            dt_us = pass_us - passed_us
            count = row(
                guard_pass, samples, request, snapshot, dt_us, count, expected  # type: ignore
            )
            if count < 0:
                count = -count
                answer = 1 - expected
            pass_us += count * step_us
            now_us = passed_us = pass_us - step_us
        self._plant_us = plant_us
        self._calm_us = calm_us - plant_us
        world.now_us = now_us
        if pass_us != first_us:
            self._guard_us = pass_us
            self._passed_us = passed_us
            if answer or expected:
                self._answer(first_us, passed_us, answer)
        return now_us

    # --- guard ---
    def start_guard(self, guard_pass, request, snapshot):
        self._guard_pass = guard_pass
        self._request = request
        self._snapshot = snapshot
        self._guard_us = self.world.now_us + GUARD_US

    def _pass(self, now_us):
        """One pass of the guard, and what follows from it."""
        plant = self._plant
        if plant.sense_a_v != self._seen_a_v or plant.div_e2_v != self._seen_e2_v:
            self._sample()
        if self._fast_noise is not None:
            self._stir(now_us)
        snapshot = self._snapshot
        snapshot[0] = now_us - self._passed_us
        snapshot[1] = 1 if plant.latched and self._sees else 0
        self._passed_us = now_us
        self._answer(now_us, now_us, self._guard_pass(self.samples, self._request, snapshot))
