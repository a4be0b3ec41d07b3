"""One whole calibration of an emulated RP2040, as docs/bench.md tells it:

    IONWAND_UF2=RPI_PICO.uf2 python tests/emulated/bench_on_chip.py

Emulated chip, real MicroPython, the wand's own build, a new wand without calibration; mpremote's
transport, `ionwand calibrate` with a fixture and a simulated DMM. 215 s of the wand's time,
which take about three hours with the emulator as it is installed.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
for _place in ("tools/shim", "tools", ".", "tests/helpers"):
    sys.path.insert(0, str(ROOT / _place))
os.environ.setdefault("IONWAND_PATIENCE_S", "3000")

import bench_wand  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from hal.rp2 import pins  # noqa: E402
from hal.sim import world as sim  # noqa: E402
from hal.sim.parts import Parts  # noqa: E402
from ionwand.cli import main  # noqa: E402
from ionwand.emulation import disk, pty_port  # noqa: E402
from ionwand.emulation.wand_on_chip import Wand  # noqa: E402

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


def emulate(folder, link, now_us, stop):
    """In a process of its own, which the host's waiting does not slow down."""
    world = sim.World(Parts.random(SEED))
    world.vbus = True
    wand = Wand(disk.find(), world, disk.compiled())
    wand.chip.drive(pins.VBUS, 1)
    wand.chip.every(10_000, lambda: setattr(now_us, "value", world.now_us))
    wand.chip.run(3000)
    pty_port.serve(OnBench(wand, folder), str(link), False, stop)


def run(folder):
    tools = bench_wand.BenchWand(folder, SEED)
    link = folder / "port"
    fork = multiprocessing.get_context("fork")
    now_us, stop = fork.Value("d", 0.0), fork.Event()
    chip = fork.Process(target=emulate, args=(folder, link, now_us, stop), daemon=True)
    chip.start()
    while not link.is_symlink():
        assert chip.is_alive(), "the emulator has ended"
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
                  f"{now_us.value / 1e6:.0f} s emulated, {time.monotonic() - began:.0f} s taken")
            print(done.output, flush=True)
            until_us = now_us.value + 4e6  # the command has restarted the wand
            while now_us.value < until_us:
                assert chip.is_alive(), "the emulator has ended"
                time.sleep(0.5)
    stop.set()
    chip.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ionwand-chip-") as place:
        run(Path(place))
