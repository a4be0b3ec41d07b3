"""The whole wand around the emulated chip: hal.sim's world on real pins, buses and inputs.

The plant is advanced synchronously from emulated time: every 50 µs while current may flow, and
at each edge of a pin, before and after each byte that the bus moves. The trace is that of the
simulated wand, by the same recorder.
"""

from firmware import display, guard
from hal.rp2 import chip as chip_words
from hal.rp2 import pins
from ionwand.emulation import disk
from ionwand.emulation.bus import I2cBus
from ionwand.emulation.chip import Chip

_STEP_US = 50
_IDLE_US = 500
_WORD = 4
_HANG = 0x20040000  # where pico-sdk would have core 1's stack, and MicroPython has nothing
_BRANCH_TO_ITSELF = 0xE7FE
_STATUS_AT = chip_words.STATUS_AT & 0xFFF


class View:
    """The board as the recorder sees it: what the guard wrote, read out of the chip's memory."""

    def __init__(self, wand):
        self._wand = wand

    @property
    def _snapshot(self):
        at = self._wand.chip.mcu.sio.interp1.base0
        return self._wand.words(at, guard.SN_SIZE) if at else None

    def gate(self):
        return self._wand.enabled


class Wand:
    """`world` as hal.sim makes it; `files` what is flashed, records included.

    None: the image brings its own, as one of `ionwand image` does.
    """

    def __init__(self, uf2, world, files):
        self.world = world
        self.enabled = False  # the output enable, as the hardware has it
        self.rows_at = ()
        self.edges = []  # (µs, level) of the output enable
        self.feeds = []  # µs of the last feeds of the dead-man
        bus = I2cBus(pins.I2C_BLOCK, world.bus.devices, self.sync)
        self._bus = bus
        flash = None if files is None else disk.littlefs(files)
        self.chip = chip = Chip(uf2, flash, [bus])
        self._gains = [gain * 4096 / 3.3 for gain in world.parts.fast_gain]
        self._offsets = [offset * 4096 / 3.3 + 0.5 for offset in world.parts.fast_offset_v]
        self._gate_us = self._feed_us = -1.0
        self._busy = False
        for pin in (
            pins.GATE, pins.K1_ENABLE, pins.M2_ENABLE, pins.RAIL, pins.BRIDGE_1,
            pins.BRIDGE_2, pins.DUMMY, pins.BLEED, pins.THRESHOLD,
        ):  # fmt: skip
            chip.listen(pin, self._moved)
        chip.listen(pins.FEED, self._fed)
        chip.listen(pins.LATCH_RESET, self._reset_latch)
        chip.drive(pins.COMPARATOR, 0)
        chip.drive(pins.ENABLED, 0)
        self._ticks = 0
        chip.drive(pins.TIMER, 0)
        chip.drive(pins.BUTTON, 1)
        chip.drive(pins.VBUS, 0)
        self._ready = -1
        self._converted = chip.clock.create_alarm(self.sync)
        self._tick = chip.clock.create_alarm(self._step)
        self._tick.schedule(_IDLE_US * 1e3)
        self._watch_status()
        self.view = View(self)
        if world.observer is not None:
            world.observer.attach(self.view)
        self.sync()

    # --- time ---
    @property
    def now_us(self):
        return self.chip.now / 1e3

    def run(self, ms, until=None):
        return self.chip.run(ms, until)

    def _step(self):
        self.sync()
        live = self.enabled or self.world.plant.i_load_a > 1e-7
        self._tick.schedule((_STEP_US if live else _IDLE_US) * 1e3)

    def _moved(self, level):
        self.sync()

    def sync(self):
        """Bring the world up to the chip's present, then show the chip the world."""
        if self._busy:
            return
        self._busy = True
        try:
            self._sync()
        finally:
            self._busy = False

    def _sync(self):
        world = self.world
        plant = world.plant
        now_us = int(self.chip.now) // 1000
        passed_us = now_us - world.now_us
        if passed_us > 0:
            world.now_us = now_us
            plant.advance(passed_us)
        if now_us >= world.next_us:
            world.run_events()
            self._outside()
        plant.dac_v = world.dac.volts()
        self._drive(now_us)
        plant.advance(0)
        self._show()
        self._convert()

    def _convert(self):
        """The precise converter: what ends now is sampled now, and its ready line says so."""
        adc = self.world.adc
        adc.update()
        level = adc.alert()
        if level != self._ready:  # the emulator takes each drive for an edge
            self._ready = level
            self.chip.drive(pins.READY, level)
        left_us = adc.busy_us()
        if left_us:
            self._converted.schedule(left_us * 1e3)

    def _drive(self, now_us):
        """Pins to plant: output enable = GATE AND monostable AND NOT latch."""
        chip = self.chip
        world = self.world
        plant = world.plant
        rail = chip.level(pins.RAIL) == 1
        world.timer.power(rail, now_us)
        world.timer.step(now_us)
        ticks = world.timer.level(now_us)
        if ticks != self._ticks:
            self._ticks = ticks
            chip.drive(pins.TIMER, ticks)
        enabled = bool(
            not plant.latched and chip.level(pins.GATE) == 1 and world.monostable.output(now_us)
        )
        plant.k1 = bool(enabled and chip.level(pins.K1_ENABLE) == 1 and rail)
        plant.m2 = bool(enabled and chip.level(pins.M2_ENABLE) == 1)
        plant.bleed_opens = chip.level(pins.BLEED) == 1
        plant.threshold_low = chip.level(pins.THRESHOLD) == 1
        one = chip.level(pins.BRIDGE_1) == 1
        two = chip.level(pins.BRIDGE_2) == 1
        plant.bridge = 1 if one and not two else 2 if two and not one else 0
        plant.dummy = chip.level(pins.DUMMY) == 1
        chip.drive(pins.COMPARATOR, plant.latched)
        if enabled != self.enabled:
            self.enabled = enabled
            self.edges.append((self.now_us, int(enabled)))
            chip.drive(pins.ENABLED, enabled)
            if world.observer is not None:
                world.observer.edge()
            self._tick.schedule(_STEP_US * 1e3)

    def _show(self):
        """Plant to converters."""
        world = self.world
        plant = world.plant
        volts = world.adc_volts
        volts[0] = plant.sense_a_v
        volts[1] = plant.div_e1_v
        volts[2] = plant.div_e2_v
        volts[3] = plant.div_rail_v
        if world.adc_stuck:
            return
        pins_v = (plant.sense_a_v, plant.sense_b_v, plant.div_e2_v, world.battery_mv * 1e-3 / 3)
        gains = self._gains
        offsets = self._offsets
        self.chip.ring.set(
            tuple([max(0, min(4095, int(pins_v[i] * gains[i] + offsets[i]))) for i in range(4)])
        )

    def _outside(self):
        """What a script's event has changed beside the plant."""
        world = self.world
        chip = self.chip
        chip.drive(pins.BUTTON, not world.panel.pressed)
        chip.drive(pins.VBUS, world.vbus)
        self._bus.hang = world.bus.hang
        if world.mcu_hang:
            self.hang()
        if world.observer is not None:
            world.observer.edge()

    def inject(self, name):
        """Break something now."""
        self.sync()
        self.world.inject(name)
        self._outside()
        self.sync()

    def press(self, seconds):
        self.world.press(seconds)
        self._outside()

    # --- barriers ---
    def _fed(self, level):
        if level == 1:
            self.sync()
            self.world.monostable.edge(int(self.chip.now) // 1000)
            self.sync()

    def _reset_latch(self, level):
        if level == 1:
            self.sync()
            self.world.plant.reset_latch()
            self.sync()

    # --- memory ---
    def words(self, at, count):
        """So many of the guest's array("i")."""
        sram = self.chip.mcu.sram
        at -= 0x20000000
        return [
            int.from_bytes(sram[at + _WORD * i : at + _WORD * i + _WORD], "little", signed=True)
            for i in range(count)
        ]

    def put(self, index, value):
        """Into the guard's snapshot, behind its back."""
        at = self.chip.mcu.sio.interp1.base0
        self.chip.poke(at + _WORD * index, value)

    @property
    def snapshot(self):
        return self.view._snapshot

    @property
    def status(self):
        at = self.chip.mcu.sio.interp1.base1
        return self.words(at, display.ST_SIZE) if at else None

    def _watch_status(self):
        """The firmware names its status array once a tick: then a row of the trace is due."""
        sio = self.chip.mcu.sio
        plain = sio.write_uint32

        def write(offset, value):
            plain(offset, value)
            if offset == _STATUS_AT and value and self.world.observer is not None:
                self.sync()
                self.world.observer.tick(self.words(value, display.ST_SIZE))

        sio.write_uint32 = write

    def hang(self):
        """Both cores stop where they are, interrupts too, as in a lock-up."""
        self._hang(self.chip.mcu.core)
        self.hang_guard()
        self.world.mcu_hang = False

    def hang_guard(self):
        """Core 1 alone stops where it is."""
        self._hang(self.chip.core_1.core)

    def _hang(self, core):
        self.chip.mcu.write_uint16(_HANG, _BRANCH_TO_ITSELF)
        core.pm = True
        core.pc = _HANG
