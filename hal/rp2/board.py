"""The real wand: the contract of hal/board.py on an RP2040.

Puts the parts of this folder together. What stops by itself is in gate.py and guardloop.py;
here is the main loop's side of it, and no decision about current.
"""

import time
from array import array

import machine
import uctypes
from machine import I2C, WDT, Pin, mem32
from micropython import const

from firmware.limits import WATCHDOG_MS
from hal.drivers.ad5693r import AD5693R
from hal.drivers.ads1115 import ADS1115, LOW
from hal.rp2 import adc, chip, gate, pins, storage
from hal.rp2.guardcore import GuardCore
from hal.rp2.panel import Panel
from hal.rp2.precise import Precise

_I2C_HZ = const(400_000)
_I2C_TIMEOUT_US = const(2000)  # twice, and recovery between: within 5 ms [S-19]
_LATCH_RESET_US = const(10)
_NAP_US = const(200)  # short beside a tick
_HALF = const(0x20000000)

_WATCHDOG_ENABLE = const(1 << 30)
_WATCHED = const(0x6AB73121)

_ticked = bytearray(1)


def _tick(pin):
    """In an interrupt, as the pins' own memory of edges is wiped with each of the ready line's."""
    _ticked[0] = 1


class Rp2Board:
    """Everything off until somebody asks for more. A test holds it against the contract."""

    def __init__(self):
        self.precise = array("i", [0] * 5)
        self.bus_failed = False
        self._out = [Pin(number, Pin.OUT, value=0) for number in pins.OUTPUTS_OFF]
        (
            _,
            self._k1,
            self._m2,
            self._bleed,
            self._rail,
            self._bridge_1,
            self._bridge_2,
            self._dummy,
            _,
            self._latch_reset,
            self._threshold,
        ) = self._out
        Pin(pins.POWER_SAVE, Pin.OUT, value=1)
        Pin(pins.COMPARATOR, Pin.IN, Pin.PULL_DOWN)
        # Where nothing has to be added, MicroPython's own function is the board's [P-06].
        self.ticks_ms = time.ticks_ms
        self.gate = Pin(pins.ENABLED, Pin.IN, Pin.PULL_DOWN).value
        self._vbus = Pin(pins.VBUS, Pin.IN)
        timer = Pin(pins.TIMER, Pin.IN, Pin.PULL_DOWN)
        timer.irq(_tick, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)
        self._gate = gate.Gate()
        self._wanted = False
        self._sealed = False
        self._fast = adc.FastADC()
        self._guard = GuardCore(
            self._gate,
            (gate.FEED_ADDRESS, gate.KILL_ADDRESS, gate.KILL),
            self._fast,
            adc.STATUS_ADDRESS,
            pins.COMPARATOR,
            pins.FEED,
        )
        self.samples = self._fast.samples
        self._panel = Panel()
        self.pressed = self._panel.pressed
        self.panel = self._panel.show
        self.vbus = self._vbus.value
        self._open_bus()
        self._dac = AD5693R(self._bus)
        self.dac_codes = AD5693R.full_scale
        self._adc = ADS1115(self._bus)
        self._scan = Precise(self._adc, self.precise, LOW)
        self._scan_errors = 0
        self._dog = None
        self._files = ""
        self._woke_us = time.ticks_us()
        self._tick_us = 0
        # The reason of a reset outlives a soft reset: the mark is taken away once it is read.
        self.watchdog_reset = (
            machine.reset_cause() == machine.WDT_RESET and mem32[chip.SCRATCH_4] == _WATCHED
        )
        mem32[chip.SCRATCH_4] = 0
        mem32[chip.STATUS_AT] = 0
        if machine.reset_cause() == machine.PWRON_RESET:
            self.reset_latch()  # powered up it is set: the reference was the last to come
        self.set_switches(True, True)
        self.output_off()
        storage.look()
        try:
            self._dac.setup()
            self._scan.begin(time.ticks_ms())
        except OSError:
            self.bus_failed = True

    # --- time ---
    def sleep_until(self, ms):
        """Naps; `machine.idle` may sleep for 1 ms. Then the latest frame is shown."""
        if self._wanted:
            took_us = time.ticks_diff(time.ticks_us(), self._woke_us)
            if took_us > self._tick_us:
                self._tick_us = took_us
        sleep_us = time.sleep_us
        while (time.ticks_ms() - ms) & 0x3FFFFFFF >= _HALF:
            sleep_us(_NAP_US)
        self._watch()
        self._woke_us = time.ticks_us()

    def _watch(self):
        scan = self._scan
        if scan.renew():
            self._scan_errors = 0
        if not scan.alive(time.ticks_ms()):
            self._begin_anew()

    def _begin_anew(self):
        """The retry; a second failure before a whole frame is the end [S-19]."""
        self._scan_errors += 1
        try:
            self._recover()
            self._scan.begin(time.ticks_ms())
        except OSError:
            self._scan_errors += 1
        if self._scan_errors >= 2:
            self.bus_failed = True

    def start_watchdog(self):
        storage.forget()  # the start is over
        # At a console boot.py has run once more, and has put all of these low.
        self._gate.take()
        self.set_switches(True, True)
        self._sealed = False
        self._dog = WDT(timeout=WATCHDOG_MS)

    def feed_watchdog(self):
        if self._dog is not None:
            self._dog.feed()

    def stop_watchdog(self):
        """Output impossible from here on, then no reset: a technician's console stays alive."""
        self._sealed = True
        self.output_off()
        self._guard.stop()
        self._rail.value(0)
        mem32[chip.WATCHDOG + chip.CLEAR] = _WATCHDOG_ENABLE
        self._dog = None

    # --- the current's path ---
    def start_guard(self, guard_pass, request, snapshot):
        mem32[chip.SNAPSHOT_AT] = uctypes.addressof(snapshot)  # for a debugger's eyes
        # guard_pass itself is in hal/rp2/guardloop.py: core 1 can't call it.
        self._guard.start(self.samples, request, snapshot)

    def output_on(self):
        if self._sealed:
            raise OSError("output is locked: start_watchdog() first")
        self._fast.renew()
        self._wanted = True
        self._guard.settle()  # a pass that still knew of no request would kill what is armed now
        self._gate.arm()

    def output_off(self):
        self._gate.kill()
        self._wanted = False
        try:
            self.write_dac(0)
        except OSError:
            pass  # the gate is what counts; whoever starts again reads the DAC back

    def set_rail(self, on):
        self._rail.value(on)

    def set_bridge(self, position):
        """Break before make, and never with current [S-09]."""
        if self.gate():
            raise OSError("bridge: the output is on")
        self._bridge_1.value(0)
        self._bridge_2.value(0)
        if position == 1:
            self._bridge_1.value(1)
        elif position == 2:
            self._bridge_2.value(1)

    def set_dummy(self, on):
        self._dummy.value(on)

    def set_switches(self, k1, m2):
        self._k1.value(k1)
        self._m2.value(m2)

    def set_bleed(self, opens):
        self._bleed.value(opens)

    def set_feeds(self, dead_man, monostable):
        self._guard.set_feeds(dead_man, monostable)

    def set_comparator(self, seen):
        pin = pins.COMPARATOR
        if not seen:
            self._threshold.value(0)
            pin = pins.THRESHOLD  # a pin that is low
        self._guard.set_comparator(pin)
        self._gate.watch(pin)

    def set_threshold(self, low):
        self._threshold.value(low)

    def reset_latch(self):
        self._latch_reset.value(1)
        time.sleep_us(_LATCH_RESET_US)
        self._latch_reset.value(0)

    def timer_ticks(self):
        seen = _ticked[0] != 0
        _ticked[0] = 0
        return seen

    # --- bus ---
    def _open_bus(self):
        self._bus = I2C(
            pins.I2C_BLOCK,
            sda=Pin(pins.SDA),
            scl=Pin(pins.SCL),
            freq=_I2C_HZ,
            timeout=_I2C_TIMEOUT_US,
        )

    def _recover(self):
        """Nine clocks free a part that was interrupted within a byte; then start anew."""
        self._scan.lose()
        scl = Pin(pins.SCL, Pin.OPEN_DRAIN, value=1)
        for _ in range(9):
            scl.value(0)
            time.sleep_us(5)
            scl.value(1)
            time.sleep_us(5)
        self._open_bus()  # the same object: MicroPython has one for each block

    def write_dac(self, code):
        self._scan.take()
        try:
            self._dac.write(code)
        except OSError:
            self._recover()
            self._dac.write(code)
        self._scan.give()

    def read_dac(self):
        return self._asked(self._dac.read)

    def check_adc(self):
        self.bus_failed = False
        return self._asked(self._adc.check_config)

    def _asked(self, question):
        scan = self._scan
        scan.take()
        try:
            answer = question()
        except OSError:
            self._recover()
            answer = question()
        scan.give()
        return answer

    def worst_us(self):
        """Longest pass of the guard, longest tick under output, in µs.

        Since power-on, for docs/hardware.md: `make device-test` prints them.
        """
        return self._guard.worst_us(), self._tick_us

    # --- memory ---
    def check_files(self):
        """Read once: nothing changes flash behind the program's back."""
        if self._files == "":
            self._files = storage.check_files()
        return self._files

    def identity(self):
        return machine.unique_id()

    def read(self, name):
        return storage.read(name)

    def write(self, name, content):
        if self._wanted or self.gate():
            raise OSError("no flash write while output is on")
        storage.write(name, content)

    def publish(self, status):
        """Where the status lies, and that it is new: for a debugger's eyes, who costs nothing."""
        mem32[chip.STATUS_AT] = uctypes.addressof(status)
