"""A wand behind a PTY: MicroPython's Unix port in a folder, as the real mpremote meets it.

The port ends where a chip resets softly, so that it is started again behind the same PTY.
`PtyBoard(folder)` runs the folder's main.py and goes on with the REPL. Nothing here counts on
time: the host's bytes wait until the wand can take them, and the wand's time stands still where
it is the host's turn (guest/wand_side.py).
"""

import fcntl
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
MICROPYTHON = shutil.which("micropython", path=_PATH)
GUEST = Path(__file__).parent / "guest"  # what runs in the wand's interpreter
PATIENT = str(GUEST / "patient_main.py")  # as `main`, for a whole wand
PROMPT = b">>> "
_RAW_PROMPT = b"\x04>"
_PATIENCE_S = 300  # no test is timed, this only ends a hung one
_SLICE_S = 0.005

# What the host's bytes wait for.
_STARTED = "a Ctrl-C for the program that runs, or the prompt where it has ended"
_PROMPTED = "the prompt is there"
_RESTARTED = "the port is started again"


def _alone() -> None:
    """In the child: a terminal of its own; SIGINT not for Python, which the port sits in."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class PtyBoard:
    """`port` is for mpremote, `console` what the wand has said since its last start.

    `boots` counts its starts, `losses` those of power. For tests of what tests assume: a wand that
    computes `slower` times slower, and a host that is late with each word by `late_s`.
    """

    slower = 1
    late_s = 0.0

    def __init__(self, folder: Path, main: str = "main.py") -> None:
        self._folder = folder
        self._main = main
        self._outer, self._outer_end = pty.openpty()
        tty.setraw(self._outer_end)
        self.port = os.ttyname(self._outer_end)
        self.boots = self.losses = 0
        self._stop = False
        self._host = b""  # what it has said and the wand has not been given yet
        self._spawn()
        self._threads = [threading.Thread(target=self._pump, daemon=True)]
        if self.slower > 1:
            self._threads.append(threading.Thread(target=self._brake, daemon=True))
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "PtyBoard":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = True
        for thread in self._threads:
            thread.join()
        self._process.kill()
        self._process.wait()
        self._close()
        for end in (self._outer, self._outer_end):
            os.close(end)

    # --- for tests ---
    def wait_for(self, text: bytes) -> None:
        """Until the console says it."""
        self._wait(lambda: text in self.console, text)

    def wait_until_still(self, boots: int = 1) -> None:
        """Until the main loop stands still, after so many starts."""

        def still() -> bool:
            if self.boots < boots:
                return False
            assert self._still or not self.console.endswith(PROMPT), f"it ended: {self.console!r}"
            return self._still

        self._wait(still, f"standstill of start {boots}")

    def lose_power(self) -> None:
        self.losses += 1
        self._process.kill()

    def _wait(self, done: Callable[[], bool], what: object) -> None:
        end = time.monotonic() + _PATIENCE_S
        while not done():
            assert time.monotonic() < end, f"no {what!r} from the wand: {self.console[-300:]!r}"
            time.sleep(0.01)

    # --- the port ---
    def _spawn(self) -> None:
        self._inner, end = pty.openpty()
        tty.setraw(end)
        self._line, self._line_end = socket.socketpair()
        self.console = b""
        self._since = 0  # where in the console a prompt counts
        self._still = self._raw = False
        self._awaited: str | None = _STARTED
        line = self._line_end.fileno()
        self._process = subprocess.Popen(
            [MICROPYTHON or "micropython", "-X", "heapsize=64m", "-i", self._main],
            stdin=end, stdout=end, stderr=end, cwd=self._folder, start_new_session=True,
            preexec_fn=_alone, pass_fds=(line,), env={**os.environ, "IONWAND_LINE": str(line)},
        )  # fmt: skip
        os.close(end)
        self.boots += 1

    def _close(self) -> None:
        os.close(self._inner)
        self._line.close()
        self._line_end.close()

    def _pump(self) -> None:
        while not self._stop:
            self._to_wand()
            ends: list[Any] = [self._inner, self._line, self._outer]
            ready, _, _ = select.select(ends, [], [], 0.01 if self._host else 0.1)
            if self._outer in ready:
                self._host += os.read(self._outer, 4096)
            if self._line in ready:
                self._still = self._line.recv(1) == b"."
            if self._inner in ready:
                self._from_wand()

    def _from_wand(self) -> None:
        try:
            data = os.read(self._inner, 4096)
        except OSError:
            data = b""
        if data:
            self.console += data
        else:
            self._process.wait()
            self._close()
            data = b"\r\nMPY: soft reboot\r\n"
            self._spawn()
        os.write(self._outer, data)

    def _to_wand(self) -> None:
        """The host's bytes, as far as the wand can take them now."""
        while self._host and self._ready():
            time.sleep(self.late_s)
            if b"\x03" in self._host and self._running():
                self._host = self._host[self._host.rindex(b"\x03") + 1 :]
                self._line.send(b"\x03")
                self._wait_for_prompt()
                continue
            count = self._bytes_to_switch()
            data, self._host = self._host[:count], self._host[count:]
            os.write(self._inner, data)

    def _ready(self) -> bool:
        interrupts = self._awaited == _STARTED and b"\x03" in self._host and self._running()
        if interrupts or self._prompted():
            self._awaited = None
            # A program that ended by itself has left a Ctrl-C, which the next one must not find.
            while select.select([self._line_end], [], [], 0)[0]:
                self._line_end.recv(1)
        return self._awaited is None

    def _prompted(self) -> bool:
        said = self.console[self._since :]
        awaited = self._awaited in (_STARTED, _PROMPTED)
        return awaited and (PROMPT in said or _RAW_PROMPT in said) and not self._running()

    def _wait_for_prompt(self) -> None:
        """What comes earlier the port would throw away, as it sets its terminal up."""
        self._since = len(self.console)
        self._awaited = _PROMPTED

    def _bytes_to_switch(self) -> int:
        """How many may go on at once: up to the end of raw mode, or to Ctrl-D after it."""
        for count, byte in enumerate(self._host, 1):
            if byte == 1:
                self._raw = True
            elif byte == 2 and self._raw:
                self._raw = False
                self._wait_for_prompt()
                return count
            elif byte == 4 and not self._raw:
                self._awaited = _RESTARTED
                return count
        return len(self._host)

    def _running(self) -> bool:
        """The port catches SIGINT only while it executes a program."""
        try:
            with open(f"/proc/{self._process.pid}/status") as status:
                caught = next(line for line in status if line.startswith("SigCgt")).split()[1]
        except (OSError, StopIteration):
            return False  # it has gone
        return bool(int(caught, 16) & 1 << signal.SIGINT - 1)

    def _brake(self) -> None:
        """The whole port, from its start on, gets a slice of time in so many."""
        while not self._stop:
            for signum, seconds in (
                (signal.SIGSTOP, _SLICE_S * (self.slower - 1)), (signal.SIGCONT, _SLICE_S)
            ):  # fmt: skip
                self._process.send_signal(signum)
                time.sleep(seconds)
