"""`ionwand play`: the wand in a terminal, in real time, with keys for button, skin and faults.

The same guest/wand_on_page.py as in the browser's page, on this Python. A terminal tells no key's
release, so presses come in the lengths that mean something to the wand.
"""

import contextlib
import importlib
import os
import select
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ionwand import simulation, virtual
from ionwand.device import light, memory, source
from ionwand.errors import BadInput
from ionwand.simulation import script
from ionwand.simulation.live import STATE_STYLES, clock

TICK_S = 0.005
FRAME_S = 0.1
SPEEDS = (1, 2, 5, 10, 20)
WIDTH = 78
SPARKS = "▁▂▃▄▅▆▇█"
SPARK_POINTS = WIDTH - 32
_BEHIND_S = 0.5  # a machine that lags more gets a slower clock instead
HELP = (
    ("space", "short press: next product, or stop"),
    ("h", "hold 1.8 s: arm"),
    ("H", "hold 3.2 s: acknowledge a fault"),
    ("t", "touch the skin, lift"),
    ("1-4", "hydrated, dry, very dry, peeled"),
    ("p", "a new wand with the next product"),
    ("a-z after f", "break and mend one thing"),
    ("v, b", "charger; battery full or low"),
    ("+ -", "speed"),
    ("n", "a new wand; a kept one: off and on"),
    ("q", "quit"),
)


@click.command("play")
@click.option("--product", metavar="ID",
              help="Chosen at power-on. Default: vitamin-c, or the kept wand's last.")  # fmt: skip
@click.option("--skin", default="hydrated", metavar="NAME", show_default=True)
@click.option("--script", "script_path", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.toml", help="Keep what was done as a script.")  # fmt: skip
@click.option("--records", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="The wand's flash, kept from time to time; new at first.")  # fmt: skip
def command(
    product: str | None, skin: str, script_path: Path | None, records: Path | None
) -> int:
    """Play with the wand in this terminal, in real time."""
    if records is None:
        game = Game(script.product_id(product or "vitamin-c", "--product"), skin)
    else:
        game = Game(product, skin, memory.Folder(records))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("play wants a terminal: `ionwand simulate` runs without one")
    console = Console()
    try:
        with _keys() as keys, Live(console=console, auto_refresh=False, screen=True) as live:
            play(game, keys, live)
    finally:
        game.keep()
    if script_path is not None:
        try:
            script_path.write_text(game.script_text(), encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{script_path}: cannot be written: {error.strerror}") from None
        console.print(f"script: {script_path}", highlight=False)
    return 0


def play(game: "Game", keys: Any, live: Live) -> None:
    """Until somebody quits. Time runs as the wall's does."""
    before = time.monotonic()
    drawn = 0.0
    while not game.over:
        now = time.monotonic()
        game.elapse(now - before)
        before = now
        for key in keys(max(0.001, TICK_S - (time.monotonic() - now))):
            game.key(key)
        if now - drawn >= FRAME_S:
            drawn = now
            live.update(game.render(), refresh=True)


@contextlib.contextmanager
def _keys() -> Iterator[Any]:
    """keys(seconds) -> what was typed meanwhile; the terminal is itself again afterwards."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def keys(seconds: float) -> str:
        if not select.select([descriptor], [], [], seconds)[0]:
            return ""
        return os.read(descriptor, 64).decode("utf-8", "ignore")

    try:
        tty.setcbreak(descriptor)
        yield keys
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def modules() -> tuple[Any, Any]:
    """The guest's wand_on_page and scriptfile, with the wand's own sources on the path."""
    source.products()  # puts the shim and the sources there
    for folder in (simulation.GUEST, virtual.GUEST):
        if str(folder) not in sys.path:
            sys.path.insert(1, str(folder))
    return importlib.import_module("wand_on_page"), importlib.import_module("scriptfile")


class Game:
    """The wand, what keys do to it, and its picture."""

    def __init__(
        self, product: str | None, skin: str, folder: memory.Folder | None = None
    ) -> None:
        self._folder = folder
        self._wand, self._scripts = modules()
        self.skins: tuple[str, ...] = self._wand.SKINS
        script.Script(1.0, "complete").with_skin(skin)  # says what is allowed
        self.over = False
        self.speed = 1
        self._choosing = False  # a fault's letter comes next
        self.new(product, skin)

    def new(self, product: str | None, skin: str) -> None:
        """A wand fresh from the factory; with a folder, the one that is kept there, powered on."""
        self.skin = skin
        job = self._wand.live(product, skin)
        if self._folder is not None:
            job.update(new=True, files=self._kept())
        self.wand = self._wand.Wand(job)
        if product is not None and self.wand.product != product:
            known = ", ".join(one["id"] for one in self.wand.catalogue())
            raise BadInput(f"--product {product!r} is not on this wand: choose {known}")
        self.fault_names: tuple[str, ...] = self._wand.sim_faults.NAMES
        self.catalogue: list[dict[str, Any]] = self.wand.catalogue()
        self.current: deque[float] = deque(maxlen=SPARK_POINTS)
        self.impedance: deque[float] = deque(maxlen=SPARK_POINTS)
        self.log: deque[tuple[float, str, str]] = deque(maxlen=5)
        self._owed_s = 0.0
        self._look()

    def _kept(self) -> dict[str, bytes]:
        """The folder's records. Calibration is made anew, for the simulated parts."""
        place = self._folder.path if self._folder is not None else Path()
        try:
            names = [one.name for one in place.iterdir()] if place.exists() else []
            return {name: (place / name).read_bytes() for name in names
                    if not name.startswith("calibration")}  # fmt: skip
        except OSError as error:
            raise BadInput(f"{place}: {error.strerror}")

    def keep(self) -> None:
        """Write the wand's flash to its folder, if it has one."""
        if self._folder is not None:
            for name, data in self.wand.world.files.items():
                self._folder.write(name, data)

    def _look(self) -> None:
        self.frame: dict[str, Any] = self.wand.frame()
        samples = self.frame["samples"]
        # One point in ten of the page's charts: one every half second.
        for at in range(0, len(samples), 7):
            if round(samples[at] / 0.05) % 10 == 0:
                self.current.append(samples[at + 2])
                self.impedance.append(samples[at + 4] / 1000)
        self.log.extend(self.frame["log"])

    def elapse(self, wall_s: float) -> None:
        """Let the wand live for so long, as fast as is set."""
        self._owed_s = min(self._owed_s + wall_s, _BEHIND_S)
        ticks = int(self._owed_s * self.speed / TICK_S)
        begun = time.monotonic()
        while ticks > 0 and time.monotonic() - begun < FRAME_S:
            step = min(ticks, 20)
            self.wand.advance(step)
            self._owed_s -= step * TICK_S / self.speed
            ticks -= step

    def key(self, key: str) -> None:
        """What a key does. Unknown ones do nothing."""
        wand = self.wand
        if self._choosing:
            self._choosing = False
            number = ord(key) - ord("a")
            if 0 <= number < len(self.fault_names):
                name = self.fault_names[number]
                present = name in self._wand.injected(wand.world)
                wand.act("clear" if present else "fault", name)
        elif key == "q":
            self.over = True
        elif key in "fF":
            self._choosing = True
        elif key in (" ", "h", "H"):
            wand.act("press_s", {" ": 0.2, "h": 1.8, "H": 3.2}[key])
        elif key == "t":
            if wand.world.plant.skin is None:
                wand.act("touch", self.skin)
            else:
                wand.act("lift", True)
        elif key in "1234":
            self.skin = self.skins[int(key) - 1]
            if wand.world.plant.skin is not None:
                wand.act("touch", self.skin)
        elif key == "v":
            wand.act("vbus", not wand.world.vbus)
        elif key == "b":
            wand.act("battery_mv", 3400 if wand.world.battery_mv > 3500 else 3900)
        elif key in "+=-":
            at = SPEEDS.index(self.speed) + (-1 if key == "-" else 1)
            self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, at))]
        elif key in "np":
            self.keep()
            number = self.wand.app.index + (key == "p")
            self.new(self.catalogue[number % len(self.catalogue)]["id"], self.skin)

    def script_text(self) -> str:
        return str(self._scripts.write(self.wand.script()))

    def render(self) -> RenderableType:
        self._look()
        frame = self.frame
        key, meaning, _, _ = frame["light"]
        state = frame["state"]
        if key == "fault":
            meaning = light.FAULTS.get(meaning.replace(" ", "_"), (meaning, ""))[0]
        product = self.catalogue[frame["product"]]
        colour = f"#{frame['rgb']:06x}"
        lit = frame["rgb"] != 0
        head = Text.assemble(
            ("● ", colour if lit else "grey23"),
            (state.upper(), STATE_STYLES.get(state, "bold")),
            f"   {meaning or 'product number'}",
        )
        table = Table.grid(padding=(0, 2))
        for width in (10, 24, 10, 24):
            table.add_column(style="dim" if width == 10 else "", min_width=width)
        roller = {1: "+", -1: "−"}.get(product["sign"], "open")
        why = frame["first"] or frame["end"]
        impedance = f"{frame['z'] / 1000:.1f} kΩ" if frame["z"] else "–"
        dose = f"{frame['dose'] / 60000:.3f} of {frame['full_uc'] / 60000:.3f} mA·min"
        contact = frame["contact"] or f"lifted (next: {self.skin})"
        battery = f"{frame['battery'] / 1000:.2f} V" + (" +charger" if frame["vbus"] else "")
        gate = Text("on", style="bold green") if frame["gate"] else Text("off")
        for cells in (
            ("product", product["id"], "roller", roller),
            ("set", f"{frame['set']:.1f} µA", "delivered", f"{frame['i']:.1f} µA"),
            ("impedance", impedance, "voltage", f"{frame['mv'] / 1000:.2f} V"),
            ("dose", dose, "lifts", str(frame["lifts"])),
            ("skin", contact, "output", gate),
            ("battery", battery, "ended", Text(why.replace("_", " "), style="bold")),
        ):
            table.add_row(*cells)
        sparks = Table.grid(padding=(0, 2))
        sparks.add_row("current", Text(spark(self.current), style="green"), "0 to 500 µA")
        top = max(50.0, max(self.impedance, default=0.0))
        drawn = Text(spark(self.impedance, top), style="magenta")
        sparks.add_row("impedance", drawn, f"0 to {top:.0f} kΩ")
        log = [
            Text(f"{clock(int(t * 1e6))}  {to}  {note}", style="dim") for t, to, note in self.log
        ]
        parts: list[RenderableType] = [head, Text(), table, Text(), sparks, Text(), *log]
        title = "Virtual wand: a simulation, not a medical device"
        time_now = f"{clock(int(frame['t'] * 1e6))}   {self.speed}×"
        return Group(
            Panel(Group(*parts), title=title, subtitle=time_now, width=WIDTH),
            self._faults() if self._choosing else self._help(),
        )

    def _help(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        for at in range(0, len(HELP), 2):
            cells: list[Text] = []
            for keys, does in HELP[at : at + 2]:
                cells += [Text(keys, style="bold"), Text(does, style="dim")]
            table.add_row(*cells)
        broken = ", ".join(self.frame["injected"])
        return Group(table, Text(f"broken: {broken}" if broken else "", style="bold red"))

    def _faults(self) -> RenderableType:
        present = self.frame["injected"]
        return Columns(
            [
                Text(
                    f"{chr(ord('a') + number)} {name}",
                    style="bold red" if name in present else "",
                )
                for number, name in enumerate(self.fault_names)
            ],
            width=24,
        )


def spark(values: "deque[float]", top: float = 500.0) -> str:
    """A line of blocks, the latest on the right; 0 is a blank."""
    text = ""
    for value in values:
        level = round(min(value, top) / top * len(SPARKS))
        text += SPARKS[max(0, level - 1)] if value > 0 else " "
    return text.rjust(SPARK_POINTS)
