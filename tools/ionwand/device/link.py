"""A cable to a wand: mpremote's own transport, and the output off before anything else.

Ctrl-C ends the program; what ends it has already opened the gate [S-12]. Then the board's own
`stop_watchdog` locks the output, and boot.py runs once more for a wand whose program hung or has
none. Only after that does anybody write to the flash [S-13].
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ionwand.device import orders, source
from ionwand.errors import BadInput, RunFailed

_PATIENCE_S = 60  # between two characters: an emulated wand computes slowly


class Link:
    """One open connection, the wand in the raw REPL and its output off."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.where = str(getattr(transport, "device_name", "the wand"))

    def quiet(self, root: Path = source.ROOT) -> None:
        """End whatever runs and turn the output off."""
        self._interrupt()
        self.run(orders.quiet((root / "boot.py").read_text()))

    def _interrupt(self) -> None:
        """Into the raw REPL. A wand that was just starting did not hear it: once more."""
        from mpremote.transport import TransportError  # type: ignore[import-untyped]

        for tries_left in (1, 0):
            self.transport.serial.write(b"\r\x03\x03")
            try:
                self.transport.enter_raw_repl(soft_reset=False)
                return
            except TransportError:
                if not tries_left:
                    raise

    def run(self, code: str) -> str:
        """Code on the wand; what it printed."""
        from mpremote.transport import TransportError

        try:
            out, error = self.transport.exec_raw(code, timeout=_PATIENCE_S)
        except TransportError as lost:
            # A console that did not answer the offer of code has run none of it: once more.
            if "raw paste" not in str(lost):
                raise
            self._interrupt()
            out, error = self.transport.exec_raw(code, timeout=_PATIENCE_S)
        if error:
            raise RunFailed(f"{self.where}: {error.decode(errors='replace').strip()}")
        return bytes(out).decode()

    def ask(self, expression: str) -> Any:
        import ast

        return ast.literal_eval(self.run(f"print(repr({expression}))").strip())

    def board_id(self) -> str:
        """Of the chip, in hexadecimal digits; "" where there is none to ask."""
        self.run(orders.IDENTITY)
        return bytes(self.ask("_identity")).hex()

    def put(self, name: str, data: bytes) -> None:
        """A file, in pieces that fit through the console."""
        for code in orders.pieces(name, data):
            self.run(code)

    def follow(
        self, procedure: Generator[tuple[Any, ...], Any, Any], say: Callable[[str], None] = print
    ) -> Any:
        """Go through a procedure of orders. What it returns."""
        answer: Any = None
        try:
            while True:
                kind, *values = procedure.send(answer)
                answer = None
                if kind == "say":
                    say(*values)
                elif kind != "plan":
                    answer = getattr(self, kind)(*values)
        except StopIteration as done:
            return done.value

    def restart(self) -> None:
        """Let it start as after power-on. The answer is its disappearance."""
        if self.ask("sys.platform") == "rp2":
            self.transport.exec_raw_no_follow("machine.reset()")
        else:
            self.transport.exit_raw_repl()
            self.transport.serial.write(b"\x04")


def find(port: str) -> str:
    """`port` itself; for "auto" the first serial port with a USB device, as mpremote takes it."""
    if port != "auto":
        return port
    from serial.tools import list_ports  # type: ignore[import-untyped]

    for found in sorted(list_ports.comports()):
        if found.vid is not None and found.pid is not None:
            return str(found.device)
    raise BadInput("no USB serial port is there: plug the wand in, or say --port PORT")


@contextmanager
def connect(port: str) -> Iterator[Link]:
    """Open a port; one line for every way in which that can go wrong."""
    import serial  # type: ignore[import-untyped]
    from mpremote.transport import TransportError
    from mpremote.transport_serial import SerialTransport  # type: ignore[import-untyped]

    try:
        # A read without a time-out blocks for ever on a PTY.
        transport = SerialTransport(port, timeout=3)
    except (TransportError, OSError, serial.SerialException) as error:
        raise BadInput(f"{port}: {error}; is the wand plugged in, and no other program on it?")
    try:
        link = Link(transport)
        link.quiet()
        yield link
    except (TransportError, OSError, serial.SerialException) as error:
        raise RunFailed(f"{port}: {error}; what was in use is whole, try again")
    finally:
        try:
            transport.close()
        except (OSError, serial.SerialException):
            pass  # it went away, as it does when it restarts
