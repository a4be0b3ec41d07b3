"""mpremote's transport on an emulated chip, stepped in this very process: no port, no thread.

What the transport waits for, it waits for in emulated time.
"""

from mpremote.transport_serial import SerialTransport

from ionwand.device import link as cable

_LOOK_MS = 20
_SILENCE_MS = 5000


class _Serial:
    """As much of pyserial as the transport uses."""

    def __init__(self, chip):
        self._chip = chip
        self._at = len(chip.console)
        self._silent = 0

    def write(self, data):
        self._chip.send(data)

    def inWaiting(self):  # noqa: N802
        if self._at == len(self._chip.console):
            heard = self._chip.run(_LOOK_MS, lambda: len(self._chip.console) > self._at)
            self._silent = 0 if heard else self._silent + _LOOK_MS
            assert self._silent < _SILENCE_MS, bytes(self._chip.console[-300:])
        return len(self._chip.console) - self._at

    def read(self, size=1):
        self._chip.run(_SILENCE_MS, lambda: len(self._chip.console) >= self._at + size)
        data = bytes(self._chip.console[self._at : self._at + size])
        self._at += len(data)
        return data


class _Transport(SerialTransport):
    def __init__(self, chip):
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = "the emulated wand"
        self.mounted = False
        self.is_pty = False
        self.serial = _Serial(chip)

    def read_until(
        self, min_num_bytes, ending, timeout=10, data_consumer=None, timeout_overall=None
    ):
        """Without the time-outs: they look at this machine's clock, _Serial at the chip's."""
        return super().read_until(min_num_bytes, ending, None, data_consumer)


def connect(chip):
    """An ionwand.link.Link with the output off, as `ionwand.link.connect` gives one."""
    link = cable.Link(_Transport(chip))
    link.quiet()
    return link
