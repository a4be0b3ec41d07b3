"""Who connects loads and holds the button: a person who is asked, or a fixture that is told.

A fixture is a command: `COMMAND connect OHM`, `COMMAND open`, `COMMAND hold SECONDS`. The first
two have done it when they end with 0; hold presses for so long from now on. What is asked and said
here goes to stderr: stdout is the command's answer.
"""

import shlex
import subprocess
import threading

import click

from ionwand.device import simulated
from ionwand.errors import BadInput, RunFailed


class Person:
    """Plain questions. `yes`: decisions are taken already; hands are still needed."""

    def __init__(self, yes: bool = False) -> None:
        self._yes = yes

    def connect(self, ohm: float) -> None:
        click.prompt(
            f"Connect {ohm:g} Ω in series with the meter: roller - meter - load - return. Enter",
            default="", show_default=False, prompt_suffix=" ", err=True,
        )  # fmt: skip

    def open(self) -> None:
        click.prompt("Disconnect everything from roller and return electrode. Enter",
                     default="", show_default=False, prompt_suffix=" ", err=True)  # fmt: skip

    def hold(self, seconds: float) -> None:
        click.echo(
            f"Now hold the wand's button for {seconds:g} s, until it beeps, and let go.", err=True
        )

    def released(self) -> None:
        pass

    def agree(self, question: str) -> bool:
        return self._yes or click.confirm(question, err=True)


class Fixture(Person):
    """Unattended."""

    def __init__(self, command: str, yes: bool = True) -> None:
        super().__init__(yes)
        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise BadInput(f"--fixture {command!r}: {error}") from None
        if not self._command:
            raise BadInput(f"--fixture {command!r}: names no command")
        self._holding: subprocess.Popen[bytes] | None = None

    def connect(self, ohm: float) -> None:
        self._wait(self._start("connect", f"{ohm:g}"))

    def open(self) -> None:
        self._wait(self._start("open"))

    def hold(self, seconds: float) -> None:
        self._holding = self._start("hold", f"{seconds + 0.3:g}")

    def released(self) -> None:
        """Let go: a press that nobody waits for any more is ended."""
        held, self._holding = self._holding, None
        if held is None:
            return
        if held.poll() is None:
            held.terminate()
            held.wait()
        else:
            self._wait(held)

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen([*self._command, *words])
        except OSError as error:
            raise BadInput(f"--fixture {self._command[0]}: {error.strerror}")

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        if process.wait() != 0:
            words = " ".join(str(one) for one in process.args)  # type: ignore[union-attr]
            raise RunFailed(f"fixture: {words}: exit {process.returncode}")


class Simulated(Person):
    """Those of the wand that --port simulated means."""

    def __init__(self, yes: bool) -> None:
        super().__init__(yes)
        self._folder = simulated.home(simulated.choice().parts)
        self.burden_ohm = 0.0  # of the meter, in series with every load
        self._holding: threading.Thread | None = None

    def connect(self, ohm: float) -> None:
        click.echo(f"(simulated hands connect {ohm:g} Ω)", err=True)
        self._do("connect", f"{ohm:g}", f"{self.burden_ohm:g}")

    def open(self) -> None:
        click.echo("(simulated hands disconnect everything)", err=True)
        self._do("open")

    def hold(self, seconds: float) -> None:
        """They come to the button once the wand looks for them."""
        click.echo(f"(simulated hands hold the button for {seconds:g} s)", err=True)
        words = ("hold", f"{seconds + 0.3:g}")
        self._holding = threading.Thread(target=self._do, args=words, daemon=True)
        self._holding.start()

    def released(self) -> None:
        held, self._holding = self._holding, None
        if held is not None:
            held.join()

    def _do(self, *words: str) -> None:
        simulated.felt(self._folder)
        simulated.order(self._folder, *words)


def choose(fixture: str | None, yes: bool) -> Person:
    if fixture:
        return Fixture(fixture)
    return Simulated(yes) if simulated.is_meant() else Person(yes)
