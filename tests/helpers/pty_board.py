"""A wand behind a PTY: MicroPython's Unix port in a folder, as the real mpremote meets it.

The port ends where a chip resets softly, so that it is started again behind the same PTY; its
Ctrl-C is a signal. `PtyBoard(folder)` runs the folder's main.py and goes on with the REPL.
"""

import fcntl
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import tty
from pathlib import Path

from ionwand.device import link as cable
from ionwand.errors import RunFailed

_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
MICROPYTHON = shutil.which("micropython", path=_PATH)
_RAW = b"raw REPL; CTRL-B"
PROMPT = b">>> "


def _alone():
    """In the child: a terminal of its own; SIGINT not for Python, which the port sits in."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class PtyBoard:
    """`port` is for mpremote, `console` what the wand has said, `boots` how often it started."""

    def __init__(self, folder, main="main.py"):
        self._folder = folder
        self._main = main
        self._outer, self._outer_end = pty.openpty()
        tty.setraw(self._outer_end)
        self.port = os.ttyname(self._outer_end)
        self.console = b""
        self.boots = 0
        self._stop = False
        self._raw = False
        self._swallow = None  # what a start into the raw REPL says before it is there
        self._spawn()
        self._thread = threading.Thread(target=self._pump, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop = True
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for end in (self._inner, self._outer, self._outer_end):
            os.close(end)

    def wait_for(self, text, seconds=20):
        """Until the console says it; no test is timed, this only ends a hung one."""
        end = time.monotonic() + seconds
        while text not in self.console:
            assert time.monotonic() < end, f"no {text!r} from the wand: {self.console[-300:]!r}"
            time.sleep(0.02)

    def wait_for_work(self, seconds=1.0, patience=60):
        """Until the program has had so much processor time: it is in its main loop by then."""
        end = time.monotonic() + patience
        while self._worked_s() < seconds:
            assert time.monotonic() < end, f"no program runs: {self.console[-300:]!r}"
            time.sleep(0.02)

    def _worked_s(self):
        with open(f"/proc/{self._process.pid}/stat") as stat:
            return int(stat.read().rpartition(")")[2].split()[11]) / os.sysconf("SC_CLK_TCK")

    def power_cycle(self):
        boots = self.boots
        self._process.kill()
        while self.boots == boots:
            time.sleep(0.01)

    def _spawn(self):
        self._inner, end = pty.openpty()
        tty.setraw(end)
        main = [] if self._raw else [self._main]
        self._swallow = b"" if self._raw else None
        self._process = subprocess.Popen(
            [MICROPYTHON, "-X", "heapsize=64m", "-i", *main],
            stdin=end, stdout=end, stderr=end, cwd=self._folder, start_new_session=True,
            preexec_fn=_alone,
        )  # fmt: skip
        os.close(end)
        self._started = time.monotonic()
        self._awake = False
        self.boots += 1

    def _pump(self):
        while not self._stop:
            ready, _, _ = select.select([self._inner, self._outer], [], [], 0.1)
            for end in ready:
                try:
                    data = os.read(end, 4096)
                except OSError:
                    data = b""
                if end == self._outer:
                    self._to_wand(data)
                elif data:
                    self._from_wand(data)
                elif not self._stop:
                    self._reboot()
                    break

    def _from_wand(self, data):
        if self._swallow is not None:
            self._swallow += data
            if self._swallow.endswith(PROMPT):
                self._swallow = None
                os.write(self._inner, b"\x01")
            return
        self._awake = True
        self.console += data
        tail = self.console[-64:]
        if _RAW in tail or PROMPT in tail:
            self._raw = tail.rfind(_RAW) > tail.rfind(PROMPT)
        os.write(self._outer, data)

    def _to_wand(self, data):
        while b"\x03" in data and not (self._awake or self._stop):
            self._awake = self._running() or bool(select.select([self._inner], [], [], 0.02)[0])
        if b"\x03" in data and self._interrupt():
            calm = 0
            while calm < 3 and not self._stop:  # a second one would end the port
                time.sleep(0.01)
                calm = 0 if self._running() else calm + 1
            data = data[data.rindex(b"\x03") + 1 :]
        os.write(self._inner, data)

    def _interrupt(self):
        """SIGINT, if a program executes.

        The port's Ctrl-C may hit its importer or allocator and hang it, which a chip's, raised
        between two bytecodes, does not: not before a start has done its imports, and where the
        program sleeps now and then, that is the moment. It is stopped while we look, because
        outside of a program the signal would end the port.
        """
        while self._running() and self._worked_s() < 0.3 and time.monotonic() < self._started + 3:
            time.sleep(0.005)
        tries = 100
        while self._running() and tries and self._status("State").startswith("R"):
            time.sleep(0.0003)
            tries -= 1
        os.kill(self._process.pid, signal.SIGSTOP)
        while self._status("State")[:1] not in "TtZX":
            time.sleep(0.0003)
        running = self._running()
        if running:
            os.kill(self._process.pid, signal.SIGINT)
        os.kill(self._process.pid, signal.SIGCONT)
        return running

    def _running(self):
        """The port catches SIGINT only while it executes a program."""
        return bool(int(self._status("SigCgt") or "0", 16) & 1 << signal.SIGINT - 1)

    def _status(self, field):
        """Of the process, as proc(5) tells it; "" where it has gone."""
        try:
            with open(f"/proc/{self._process.pid}/status") as status:
                return next(line for line in status if line.startswith(field)).split()[1]
        except (OSError, StopIteration):
            return ""

    def _reboot(self):
        os.close(self._inner)
        if self._process.wait() == -signal.SIGKILL:  # a test took its power
            self._raw = False
        notice = b"\r\nMPY: soft reboot\r\n"
        self.console += notice
        os.write(self._outer, notice)
        self._spawn()


def connected(board, stack, tries=3):
    """A link to a wand in its main loop, open until `stack` ends.

    A program that never sleeps may be hit in the port's allocator, which hangs it, as no chip
    does: it loses its power and is tried again.
    """
    while True:
        boots = board.boots
        board.wait_for_work()
        tries -= 1
        try:
            return stack.enter_context(cable.connect(board.port))
        except RunFailed:
            if not tries:
                raise
        board.power_cycle()
        assert board.boots == boots + 1
