"""One whole calibration of an emulated RP2040, as docs/bench.md tells it:

    IONWAND_UF2=RPI_PICO.uf2 python tests/emulated/bench_on_chip.py

Emulated chip, real MicroPython, the wand's own build, a new wand without calibration; mpremote's
transport, `ionwand calibrate` with a fixture and a simulated DMM. Takes the best part of an hour.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
for _place in ("tools/shim", "tools", ".", "tests/tools"):
    sys.path.insert(0, str(ROOT / _place))
os.environ.setdefault("IONWAND_PATIENCE_S", "3000")

import bench_wand  # noqa: E402
from click.testing import CliRunner  # noqa: E402
from emulated import image, pty_port  # noqa: E402
from emulated.wand import Wand  # noqa: E402

from hal.rp2 import pins  # noqa: E402
from hal.sim import world as sim  # noqa: E402
from hal.sim.parts import Parts  # noqa: E402
from ionwand.cli import main  # noqa: E402

SEED = 51


class Chip:
    """The emulated chip; between its slices hands move and the meter is read."""

    def __init__(self, wand, folder):
        self._chip = wand.chip
        self._wand = wand
        self._folder = folder

    def __getattr__(self, name):
        return getattr(self._chip, name)

    def run(self, ms):
        self._chip.run(ms)
        plant = self._wand.world.plant
        (self._folder / "meter.new").write_text("%+.9e\n" % plant.i_active_a)
        os.replace(self._folder / "meter.new", self._folder / "meter")
        hands = self._folder / "hands"
        if hands.exists():
            words = hands.read_text().split()
            hands.unlink()
            world = self._wand.world
            if words[0] == "connect":
                world.touch("resistor:" + words[1])
            elif words[0] == "open":
                world.lift()
            else:
                world.plan({"at_s": world.now_us / 1e6 + 0.5, "press_s": float(words[1])})


class OnBench:
    def __init__(self, wand, folder):
        self.chip = Chip(wand, folder)


def run(folder):
    uf2 = image.find()
    world = sim.World(Parts.random(SEED))
    world.vbus = True
    wand = Wand(uf2, world, image.compiled())
    wand.chip.drive(pins.VBUS, 1)
    wand.chip.run(3000)
    tools = bench_wand.BenchWand(folder, SEED)
    link = folder / "port"
    stop = threading.Event()
    serving = threading.Thread(
        target=pty_port.serve, args=(OnBench(wand, folder), str(link), False, stop), daemon=True
    )
    serving.start()
    while not link.is_symlink():
        time.sleep(0.1)
    began = time.monotonic()
    with bench_wand.looked_at(tools.amperes):
        for words in (
            ["status"],
            ["calibrate", "--points", "50,200,500", "--out", str(folder / "out"),
             "--fixture", tools.fixture, *tools.meter_options],
            ["status"],
        ):  # fmt: skip
            runner = CliRunner(env={"IONWAND_DB": "none"})
            done = runner.invoke(main, [words[0], "--port", str(link), *words[1:]])
            print(f"--- ionwand {words[0]}: exit {done.exit_code}, "
                  f"{world.now_us / 1e6:.0f} s emulated in {time.monotonic() - began:.0f} s")
            print(done.output, flush=True)
            wand_runs_again(world)
    stop.set()
    serving.join()


def wand_runs_again(world):
    """The command has restarted it: 4 s of its time."""
    until_us = world.now_us + 4_000_000
    while world.now_us < until_us:
        time.sleep(0.5)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ionwand-chip-") as place:
        run(Path(place))
