"""The wand that `ionwand play` holds, and what each key does to it.

The same guest/wand_on_page.py as in the browser's page, on this Python. A terminal tells no key's
release, so presses come in the lengths that mean something to the wand.
"""

import importlib
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from ionwand import simulation, virtual
from ionwand.device import memory, source
from ionwand.errors import BadInput
from ionwand.simulation import script

TICK_S = 0.005
FRAME_S = 0.1
SPEEDS = (1, 2, 5, 10, 20)
POINTS = 128  # of current and impedance, one every half second: as a wide terminal shows them
LINES = 40  # of what happened, as a high one does
_BEHIND_S = 0.5  # a machine that lags more gets a slower clock instead
HELP = (
    ("space", "press: next product; stop"),
    ("h", "hold 1.8 s: arm"),
    ("H", "hold 3.2 s: acknowledge a fault"),
    ("t", "touch the skin, lift"),
    ("1-4", "hydrated, dry, very dry, peeled"),
    ("p", "new wand, next product"),
    ("a-z after f", "break and mend one thing"),
    ("v, b", "charger; battery full or low"),
    ("+ -", "speed"),
    ("n", "new wand; kept: off, on"),
    ("q", "quit"),
)


def modules() -> tuple[Any, Any]:
    """The guest's wand_on_page and scriptfile, with the wand's own sources on the path."""
    source.products()  # puts the shim and the sources there
    for folder in (simulation.GUEST, virtual.GUEST):
        if str(folder) not in sys.path:
            sys.path.insert(1, str(folder))
    return importlib.import_module("wand_on_page"), importlib.import_module("scriptfile")


class Game:
    """The wand and what keys do to it; screen.py draws it."""

    def __init__(
        self, product: str | None, skin: str, folder: memory.Folder | None = None
    ) -> None:
        self._folder = folder
        self._wand, self._scripts = modules()
        self.skins: tuple[str, ...] = self._wand.SKINS
        script.Script(1.0, "complete").with_skin(skin)  # says what is allowed
        self.over = False
        self.speed = 1
        self.choosing = False  # a fault's letter comes next
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
        self.current: deque[float] = deque(maxlen=POINTS)
        self.impedance: deque[float] = deque(maxlen=POINTS)
        self.log: deque[tuple[float, str, str]] = deque(maxlen=LINES)
        self._owed_s = 0.0
        self.look()

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

    def look(self) -> None:
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
        if self.choosing:
            self.choosing = False
            number = ord(key) - ord("a")
            if 0 <= number < len(self.fault_names):
                name = self.fault_names[number]
                present = name in self._wand.injected(wand.world)
                wand.act("clear" if present else "fault", name)
        elif key == "q":
            self.over = True
        elif key in "fF":
            self.choosing = True
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
