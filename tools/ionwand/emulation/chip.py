"""An emulated RP2040 with MicroPython, stepped synchronously: the same calls, the same result.

Times are emulated nanoseconds. Pins, console and RAM as an engineer's bench has them.
"""

from rp2040py.boards import BoardSpec, FlashLayout
from rp2040py.device.base_device import BaseDevice, ResetCause
from rp2040py.gpio_pin import GPIOPinState
from rp2040py.memory_map import FLASH_START_ADDRESS
from rp2040py.utils.logging import LogLevel

from ionwand.emulation import core_1, core_hook, disk, fixes, flash_cache, ring
from ionwand.emulation.flash_writes import FlashWrites

_LEVELS = {GPIOPinState.HIGH: 1, GPIOPinState.LOW: 0}
_RAM = 0x20000000
_CYCLE_NS = 8.0  # at 125 MHz
_STACKING = 32  # cycles to enter a handler and to leave it, for which the emulator takes none
_PIO_NS = 640.0  # one instruction of hal/rp2/gate.py: 125 MHz by 80


class Silent(Exception):
    """The guest did not do in time what was expected of it."""


class Chip:
    """`filesystem`: the bytes of a littlefs. `devices`: things with attach(rp2040).

    Flash has the time that IONWAND_FLASH_CYCLES says. `cache` counts; None where it is off.
    """

    def __init__(self, uf2, filesystem=None, devices=()):
        fixes.adc_round_robin()
        fixes.i2c_nack()
        layout = FlashLayout(
            fs_start=disk.START, fs_blockcount=disk.BLOCKS, fs_blocksize=disk.BLOCK
        )
        extras = tuple((lambda device=device: device) for device in devices)
        spec = BoardSpec(extras=extras, image=str(uf2), layout=layout)
        self.device = BaseDevice(board=spec, log_level=LogLevel.ERROR)
        self.mcu = self.device.mcu
        self.clock = self.mcu.clock
        if filesystem is not None:
            self.mcu.flash[disk.START : disk.START + len(filesystem)] = filesystem
        self.console = bytearray()  # everything the guest printed
        self._mark = 0
        self._pending = bytearray()
        self._fifo = self.device.cdc.tx_fifo
        self._pump = fixes.cdc(self.device, self._refill)
        self.device.cdc.on_serial_data = self.console.extend
        self.connected = []
        self.device.cdc.on_device_connected = lambda: self.connected.append(self.now)
        for pio in self.mcu.pio:
            pio.__class__ = fixes.PacedPio
        self._keeper = fixes.PioKeeper(self, _PIO_NS)
        self.flash_writes = FlashWrites(self.mcu)
        self.core_1 = core_1.Core1(self.mcu)
        self._hook = core_hook.Hook(self.mcu, self.core_1.core, flash_cache.chosen())
        self.core_1.hook = self._hook
        self.cache = self._hook.cache
        self.ring = ring.Ring(self.mcu)
        self._end = self.clock.create_alarm(self._stop)
        self._alarms = []
        self.resets = []  # times of resets by the watchdog
        on_watchdog = self.mcu.watchdog.on_watchdog_trigger

        def trigger():
            self.resets.append(self.now)
            on_watchdog()

        self.mcu.watchdog.on_watchdog_trigger = trigger
        self.mcu.core.pc = FLASH_START_ADDRESS

    # --- time ---
    @property
    def now(self):
        return self.clock.nanos

    def _stop(self):
        self.device.simulator.stopped = True

    def run(self, ms, until=None, every_us=50):
        """So many milliseconds; or until `until()`, then True."""
        self._hook.select()
        simulator = self.device.simulator
        end = self.now + ms * 1e6
        while True:
            left = end - self.now
            if left <= 0:
                return False
            self._end.schedule(min(left, every_us * 1e3) if until else left)
            simulator.stopped = False
            while not simulator.stopped:
                simulator._execute_batch()
            if until and until():
                return True

    def wait(self, ms, until, what):
        if not self.run(ms, until):
            said = bytes(self.console[-300:]).decode(errors="replace")
            raise Silent(f"no {what} within {ms} ms; the console's last words: {said!r}")

    def after(self, us, call):
        """Once, so many µs from now, between two instructions."""
        alarm = self.clock.create_alarm(call)
        self._alarms.append(alarm)
        alarm.schedule(us * 1e3)
        return alarm

    def every(self, us, call):
        """Again and again until the result is cancelled."""

        def tick():
            alarm.schedule(us * 1e3)
            call()

        alarm = self.clock.create_alarm(tick)
        self._alarms.append(alarm)
        alarm.schedule(us * 1e3)
        return alarm

    def handlers(self, ms):
        """Every run of an interrupt's handler within so many ms, to the cycle: [(exception's
        number, µs)]. Stepped here, for the emulator's own loop tells nobody."""
        self._hook.select()
        core, clock, pios = self.mcu.core, self.clock, self.mcu.pio
        runs = []
        end = self.now + ms * 1e6
        number = cycles = 0
        while self.now < end:
            if core.waiting:
                took = max(1, int(clock.nanos_to_next_alarm / _CYCLE_NS))
            else:
                took = core.execute_instruction()
            clock.tick(took * _CYCLE_NS)
            for pio in pios:
                if not pio.stopped:
                    pio.advance(took)
            if core.ipsr == number:
                cycles += took
                continue
            if number:
                runs.append((number, (cycles + took + _STACKING) * _CYCLE_NS / 1e3))
            number, cycles = core.ipsr, took
        return runs

    # --- pins and memory ---
    def listen(self, pin, call):
        """`call(level)` whenever the chip drives a pin otherwise; None: it doesn't drive it."""
        self.mcu.gpio[pin].add_listener(lambda new, old: call(_LEVELS.get(new)))

    def level(self, pin):
        return _LEVELS.get(self.mcu.gpio[pin].value)

    def drive(self, pin, level):
        self.mcu.gpio[pin].set_input_value(bool(level))

    def peek(self, address):
        return self.mcu.read_uint32(address)

    def poke(self, address, value):
        self.mcu.write_uint32(address, value)

    # --- console ---
    def _refill(self):
        free = self._fifo.size - self._fifo.item_count
        for byte in self._pending[:free]:
            self._fifo.push(byte)
        del self._pending[:free]

    def send(self, data):
        self._pending += data
        self._refill()
        self._pump()

    def expect(self, text, ms=5000):
        """What the guest says until `text` appears."""
        self.wait(ms, lambda: self.console.find(text, self._mark) >= 0, repr(text))
        end = self.console.index(text, self._mark)
        before = bytes(self.console[self._mark : end])
        self._mark = end + len(text)
        return before

    def forget(self):
        """Expect only what comes from now on."""
        self._mark = len(self.console)

    def execute(self, code, ms=10_000):
        """Code in the raw REPL; returns what it printed."""
        self.start(code)
        out = self.expect(b"\x04", ms)
        error = self.expect(b"\x04", ms)
        self.expect(b">")
        if error:
            raise Silent((out + error).decode(errors="replace"))
        return out.decode()

    def start(self, code):
        """Code in the raw REPL, without waiting for its end."""
        self.send(code.encode() + b"\x04")
        self.expect(b"OK")

    def raw(self):
        """Interrupt whatever runs and enter the raw REPL, without a reset."""
        self.forget()
        self.send(b"\r\x03\x03")
        self.run(2)
        self.send(b"\r\x01")
        self.expect(b"raw REPL; CTRL-B to exit\r\n>")

    def soft_reset(self):
        """Ctrl-C, Ctrl-D at the friendly prompt."""
        self.forget()
        self.send(b"\r\x03\x03\x02")
        self.run(5)
        self.forget()
        self.send(b"\x04")

    def hard_reset(self):
        self.device.hard_reset(cause=ResetCause.RUN_PIN)
