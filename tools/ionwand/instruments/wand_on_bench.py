"""A wand on the bench: firmware/console.py over mpremote's transport, point by point.

Whatever goes wrong on this side, a meter that fails or Ctrl-C, ends the wand's call as well, and
that is off; without a word from here the wand ends it by itself. Leaving restarts the wand.
"""

import ast
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ionwand.device import intruder, link, orders
from ionwand.errors import BadInput, RunFailed

# Longest silence of a sound wand: 30 s to hold the button, 30 s to let go, ramps. An emulated one
# computes slowly.
_PATIENCE_S = float(os.environ.get("IONWAND_PATIENCE_S", "150"))
_START_S = 3.0
_ENDS = (b"\n", b"\x04")

# The meter's word comes in through the console. On a PC simulated time runs as fast as it can, so
# each tick waits a little for it.
_GO = """
import select, sys
_poll = select.poll()
_poll.register(sys.stdin, select.POLLIN)
_poll_ms = 1 if sys.platform == "rp2" else 20
def _go():
    if _poll.poll(_poll_ms):
        return sys.stdin.read(1)
"""


class Bench:
    """One wand, its program ended, its output off."""

    def __init__(self, cable: link.Link) -> None:
        self.where = cable.where
        self._cable = cable
        self._transport = cable.transport
        self._wake()
        cable.run("from firmware import console" + _GO)

    def _wake(self) -> None:
        """A wand that was interrupted while it started is started again."""
        for _ in range(3):
            try:
                self._cable.run(orders.WORKING)
                return
            except RunFailed:
                self._cable.restart()
                time.sleep(_START_S)
                self._cable.quiet()

    def status(self) -> dict[str, Any]:
        """What console.status() prints, with versions and memory."""
        found = _parse(self._last_line(self._cable.run, "console.status()"))
        self._cable.run(orders.VERSION)
        found["firmware"], found["micropython"], found["free_heap"] = self._cable.ask(orders.ABOUT)
        return found

    def call(self, function: str, *arguments: Any) -> Any:
        """A console function without output, or one that ends with the button's hold."""
        values = ", ".join(repr(one) for one in arguments)
        lines: list[str] = []
        self._converse(f"print(repr(console.{function}({values})))", lines.append)
        return ast.literal_eval(lines[-1])

    def sweep(
        self,
        load_ohm: int,
        bridges: tuple[int, ...],
        points_ua: tuple[int, ...],
        read: Callable[[int, int], Any],
    ) -> list[tuple[list[int], Any]]:
        """[(words of a point, what `read(bridge, µA)` gave)], in the order they were done.

        `read` is called while the current stands and takes its time, up to a minute.
        """
        found: list[tuple[list[int], Any]] = []
        reading: list[Any] = []

        def heard(line: str) -> None:
            word, *rest = line.split()
            if word == "ready":
                reading.append(read(int(rest[0]), int(rest[1])))
                self._transport.serial.write(b"+")
            elif word == "point":
                found.append(([int(one) for one in rest], reading.pop()))
            else:
                raise RunFailed(f"{self.where}: {line!r} in the middle of a sweep: it restarted, "
                                "or another program types there")  # fmt: skip

        self._converse(f"console.sweep({load_ohm}, {bridges!r}, {points_ua!r}, _go)", heard)
        return found

    def _converse(self, code: str, heard: Callable[[str], None]) -> None:
        """Run `code`, handing over each line as it comes; RunFailed with the wand's last line."""
        transport = self._transport
        transport.exec_raw_no_follow(code)
        while True:
            line = transport.read_until(1, _ENDS, timeout=_PATIENCE_S)
            if line.endswith(b"\x04"):
                break
            if not line.endswith(b"\n"):
                raise RunFailed(f"{self.where}: no word from the wand for {_PATIENCE_S:g} s")
            if line.strip():
                heard(line.decode(errors="replace").strip())
        error = transport.read_until(1, b"\x04", timeout=_PATIENCE_S)[:-1]
        if error:
            said = error.decode(errors="replace")
            if intruder.typed(said, code) or "stopped by the host" in said:  # it was not us
                raise RunFailed(intruder.words(self.where))
            raise RunFailed(f"{self.where}: {orders.reason(said)}")

    def _last_line(self, function: Callable[[str], str], code: str) -> str:
        try:
            return function(code)
        except RunFailed as error:
            raise RunFailed(f"{self.where}: {orders.reason(str(error))}")


def _parse(text: str) -> dict[str, Any]:
    pairs = [line.split(": ", 1) for line in text.splitlines() if ": " in line]
    try:
        return {name: ast.literal_eval(value) for name, value in pairs}
    except (ValueError, SyntaxError):
        raise BadInput("the wand's status cannot be read: flash a firmware of this version")


@contextmanager
def opened(port: str) -> Iterator[Bench]:
    """The wand at `port`, "auto" for the first one that mpremote would take."""
    with link.connect(link.find(port)) as cable:
        try:
            yield Bench(cable)
        except BaseException:
            with suppress(Exception):
                cable.quiet()
            raise
        finally:
            with suppress(Exception):
                cable.restart()
