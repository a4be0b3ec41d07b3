"""What rp2040py 0.3.6 does otherwise than the chip, where our timings or channels depend on it.

Each was found with a small program on the emulated chip; none changes what the guest can do.
"""

from rp2040py.peripherals import adc as _adc
from rp2040py.peripherals import i2c as _i2c
from rp2040py.peripherals.pio import RPPIO

_CDC_LATENCY_NS = 20_000
_LOW_NS = 20_000.0
_GATE_PIN = 2  # hal/rp2/pins.py


def adc_round_robin():
    """The next channel is the lowest enabled one above the present, wrapping at 5."""

    def set_channel(self, channel):
        mask = (self.cs >> _adc.CS_RROBIN_SHIFT) & _adc.CS_RROBIN_MASK
        if mask:
            now = (self.cs >> _adc.CS_AINSEL_SHIFT) & _adc.CS_AINSEL_MASK
            channel = next(c % 5 for c in range(now + 1, now + 6) if mask >> (c % 5) & 1)
        kept = self.cs & ~(_adc.CS_AINSEL_MASK << _adc.CS_AINSEL_SHIFT)
        self.cs = kept | (channel & 7) << _adc.CS_AINSEL_SHIFT

    _adc.RPADC._active_channel = _adc.RPADC._active_channel.setter(set_channel)


def i2c_nack():
    """An abort empties the transmit FIFO: without that a missing part is a time-out."""
    original = _i2c.RPI2C._abort
    if getattr(original, "fixed", False):
        return

    def abort(self, reason):
        original(self, reason)
        self._set_interrupts(_i2c.R_TX_EMPTY)

    abort.fixed = True
    _i2c.RPI2C._abort = abort


def cdc(device, refill):
    """A host has nothing to send most of the time, and says so without interrupting the chip.

    rp2040py answers every poll with an empty packet each 10 µs instead, which makes everything
    in the guest three times slower. Returns the function to call after bytes were queued.
    """
    console, usb = device.cdc, device.cdc.usb
    deliver, push, on_reset = usb.on_endpoint_read, console.send_serial_byte, usb.on_reset
    armed = []

    def complete():
        if armed and not console.tx_fifo.empty:
            deliver(*armed.pop())

    alarm = device.mcu.clock.create_alarm(complete)

    def on_endpoint_read(endpoint, size):
        if endpoint != console._out_endpoint:
            deliver(endpoint, size)
            return
        refill()
        if console.tx_fifo.empty:
            armed[:] = [(endpoint, size)]
        else:
            deliver(endpoint, size)

    def pump():
        if armed and not console.tx_fifo.empty:
            alarm.schedule(_CDC_LATENCY_NS)

    def send_serial_byte(byte):
        push(byte)
        pump()

    def reset():
        armed.clear()
        alarm.cancel()
        on_reset()

    usb.on_endpoint_read = on_endpoint_read
    usb.on_reset = reset
    console.send_serial_byte = send_serial_byte
    return pump


class PacedPio(RPPIO):
    """A PIO whose instructions come at their time although an instruction of the CPU took long.

    rp2040py's own writes off what it owes as soon as that is more than 8 cycles: a wait for the
    flash is 45. `pio.__class__ = PacedPio` makes one of a PIO.
    """

    __slots__ = ()

    def advance(self, cycles):
        plain = RPPIO.advance
        while cycles > 0:
            first = (self.next_due_fp - self.cycle_fp + 0xFF) >> 8
            if first >= cycles:
                break
            first = max(1, first)
            plain(self, first)
            cycles -= first
        plain(self, cycles)


class PioKeeper:
    """Bounds the emulator's leaps over a sleeping CPU, or the pins would move at their ends only.

    While GATE is low its program stands still, and while core 1 runs there are no leaps.
    """

    def __init__(self, chip, period_ns):
        self._chip = chip
        self._period_ns = period_ns
        self._alarm = chip.clock.create_alarm(self._fire)
        self._fire()

    def _fire(self):
        up = self._chip.level(_GATE_PIN) == 1 and not self._chip.core_1.hook.runs
        self._alarm.schedule(self._period_ns if up else _LOW_NS)
