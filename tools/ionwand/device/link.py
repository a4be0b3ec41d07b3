"""A cable to a wand: mpremote's own transport, and the output off before anything else.

Ctrl-C ends the program; what ends it has already opened the gate [S-12]. Then the board's own
`stop_watchdog` locks the output, and boot.py runs once more for a wand whose program hung or has
none. Only after that does anybody write to the flash [S-13].
"""

import contextlib
import io
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ionwand.device import intruder, orders, simulated, source
from ionwand.errors import BadInput, RunFailed

_PATIENCE_S = 60  # between two characters: an emulated wand computes slowly


class Link:
    """One open connection, the wand in the raw REPL and its output off."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.where = str(getattr(transport, "device_name", "the wand"))
        self.restarted = self._told = False

    def quiet(self, root: Path = source.ROOT) -> None:
        """End whatever runs and turn the output off."""
        self._interrupt()
        self.run(orders.quiet((root / "boot.py").read_text(encoding="utf-8")))

    def _interrupt(self) -> None:
        """Into the raw REPL. A wand that was just starting did not hear it: once more."""
        from mpremote.transport import TransportError  # type: ignore[import-untyped]

        for tries_left in (1, 0):
            self.transport.serial.write(b"\r\x03\x03")
            try:
                with contextlib.redirect_stdout(io.StringIO()):  # it prints what came instead
                    self.transport.enter_raw_repl(soft_reset=False)
                return
            except TransportError:
                if not tries_left:
                    raise

    def run(self, code: str) -> str:
        """Code on the wand; what it printed. Garbled code has not run, and is sent once more."""
        from mpremote.transport import TransportError

        for tries_left in (1, 0):
            try:
                out, error = self.transport.exec_raw(code, timeout=_PATIENCE_S)
            except TransportError as lost:
                if not intruder.confused(lost):
                    raise
                if not tries_left:
                    raise
                self._interrupt()
                continue
            said = error.decode(errors="replace").strip()
            if not said:
                return bytes(out).decode(errors="replace")
            if not intruder.typed(said, code):
                raise RunFailed(f"{self.where}: {said}")
            if tries_left:
                self._intruded()
                self._interrupt()
        raise RunFailed(intruder.words(self.where))

    def _intruded(self) -> None:
        """Told once; the wand is taken back."""
        if not self._told:
            click.echo(f"ionwand: {intruder.words(self.where)}", err=True)
        self._told = True

    def ask(self, expression: str) -> Any:
        import ast

        said = self.run(f"print(repr({expression}))").strip()
        try:
            return ast.literal_eval(said)
        except (ValueError, SyntaxError):
            raise RunFailed(intruder.words(self.where))

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
        from mpremote.transport import TransportError

        for tries_left in (2, 1, 0):
            try:
                chip = self.ask("sys.platform") == "rp2"
                break
            except (RunFailed, TransportError):
                if not tries_left:
                    raise
                self._interrupt()
        if chip:
            self.transport.exec_raw_no_follow("machine.reset()")
        else:
            self.transport.exit_raw_repl()
            self.transport.serial.write(b"\x04")
        self.restarted = True


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
    if simulated.is_meant(port):
        with simulated.running() as port, _opened(port) as link:
            yield link
        return
    if simulated.choice().said:
        raise BadInput(f"{simulated.choice().said[0]} is for --port {simulated.PORT}")
    with _opened(port) as link:
        yield link


@contextmanager
def _opened(port: str) -> Iterator[Link]:
    import serial  # type: ignore[import-untyped]
    from mpremote.transport import TransportError
    from mpremote.transport_serial import SerialTransport  # type: ignore[import-untyped]

    try:
        # A read without a time-out blocks for ever on a PTY.
        transport = SerialTransport(port, timeout=3)
    except (TransportError, OSError, serial.SerialException) as error:
        held = ", ".join(sorted(set(intruder.holders(port))))
        who = f"{held} holds it" if held else "is the wand plugged in, and no other program on it?"
        raise BadInput(f"{port}: {error}; {who}")
    link = Link(transport)
    try:
        link.quiet()
        yield link
    except (TransportError, OSError, serial.SerialException) as error:
        raise RunFailed(f"{port}: {error}; what was in use is whole, try again")
    finally:
        if not link.restarted and sys.exc_info()[0] is not None:
            with contextlib.suppress(Exception):  # whatever ended it, the wand is not left stopped
                link.restart()
        try:
            transport.close()
        except (OSError, serial.SerialException):
            pass  # it went away, as it does when it restarts
