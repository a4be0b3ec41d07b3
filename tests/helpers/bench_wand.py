"""A wand on a simulated bench: the Unix port behind a PTY, loads, a finger and a multimeter.

The wand's board tells the current that really leaves its roller to a file, the simulated DMM of
pyvisa-sim reads it there; a fixture command writes what hands would do to another file. The
wand's time stands still while hand, meter or host have their turn.
"""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pyvisa_sim.component
from click.testing import CliRunner
from pty_board import GUEST, PtyBoard

from hal.sim.parts import Lcg
from ionwand.cli import main

ROOT = Path(__file__).parents[2]
METER = "GPIB0::22::INSTR"

_MAIN = """
import os, sys
ROOT, GUEST, SEED, SWAP, TOLERANCE = %r
sys.path[:0] = [ROOT, GUEST]
import wand_side
from firmware import service
from hal.sim import world as sim
from hal.sim.parts import Parts

class BenchBoard(wand_side.PatientBoard):
    def __init__(self):
        self._meter = open("meter", "w")
        super().__init__()

    def identity(self):
        return b"WAND%%04d" %% (SEED or 0)

    def tell_meter(self):
        self._meter.seek(0)
        self._meter.write("%%+.9e\\n" %% self._plant.i_active_a)
        self._meter.flush()

    def look(self):
        # What hands are to do, while time stands still; the first word of it.
        self.tell_meter()
        try:
            with open("hands") as file:
                words = file.read().split()
            os.remove("hands")
        except OSError:
            return None
        world = self.world
        if words[0] == "connect":
            world.touch("resistor:%%r" %% (float(words[1]) * TOLERANCE.get(words[1], 1.0)))
        elif words[0] == "open":
            world.lift()
        elif words[0] == "hold":
            world.plan({"at_s": world.now_us / 1e6 + 0.2, "press_s": float(words[1])})
        elif words[0] == "fault":
            world.inject(words[1])
        with open("done", "w") as file:
            file.write(" ".join(words))
        return words[0]

    def set_bridge(self, position):
        super().set_bridge(position if not SWAP else (0, 2, 1)[position])

    def write(self, name, content):
        super().write(name, content)
        with open("records/" + name, "wb") as file:
            file.write(content)

run, sweep = service.run, service.sweep

def held(board, hold, steps):
    # Time runs on when a hand is on its way to the button, however late it comes.
    while board.look() != "hold":
        wand_side.line.heed(5)
    return run(board, hold, steps)

def patient(board, output, load_ohm, bridges, points_ua, go, say):
    # Time stands still after "ready" until the host has read its meter, however long it takes.
    def tell(*what):
        board.tell_meter()
        say(*what)

    def word():
        wand_side.line.word()
        return go()

    return sweep(board, output, load_ohm, bridges, points_ua, word, tell)

service.run, service.sweep = held, patient
world = sim.World(Parts() if SEED is None else Parts.random(SEED))
world.vbus = True
for name in os.listdir("records"):
    with open("records/" + name, "rb") as file:
        world.files[name] = file.read()
sim.install(world)
wand_side.install(BenchBoard)
with open(ROOT + "/main.py") as file:
    exec(file.read())
"""

# One file at a time, as hands do one thing at a time; `hold` may wait for the wand to look. The
# count ends it only where nobody looks any more.
_FIXTURE = """#!/bin/sh
cd %s || exit 1
left=30000
while [ -e hands ]; do
    left=$((left - 1))
    [ $left -gt 0 ] || exit 1
    sleep 0.02
done
echo "$@" > hands.new && mv hands.new hands
"""

_DMM = """
spec: "1.1"
devices:
  dmm:
    eom:
      GPIB INSTR:
        q: "\\n"
        r: "\\n"
    error: ERROR
    dialogues:
      - q: "*IDN?"
        r: "Simulated,DMM,22,1.0"
      - q: "CONF:CURR:DC"
    properties:
      current:
        default: 0.0
        getter:
          q: "READ?"
          r: "{:+.9E}"
        specs:
          type: float
resources:
  GPIB0::22::INSTR:
    device: dmm
"""


@contextmanager
def looked_at(amperes):
    """pyvisa-sim's DMM reads what this function gives."""
    reader = pyvisa_sim.component.Property.get_value
    pyvisa_sim.component.Property.get_value = lambda _: amperes()
    try:
        yield
    finally:
        pyvisa_sim.component.Property.get_value = reader


class BenchWand:
    """`options` are those of the command line for this wand, its fixture and its meter."""

    def __init__(self, folder, seed=None, swapped=False):
        self.folder = folder
        self.seed = seed
        self.records = folder / "records"
        self.records.mkdir(parents=True, exist_ok=True)
        # Loads are good to 0.01 %: each wand meets others.
        draw = Lcg(9000 + (seed or 0)).spread
        names = ("2200", "3300", "4700", "10000", "22000")
        self.true_ohm = {name: 1 + 1e-4 * draw() for name in names}
        config = (str(ROOT), str(GUEST), seed, swapped, self.true_ohm)
        (folder / "main.py").write_text(_MAIN % (config,))
        (folder / "hands.sh").write_text(_FIXTURE % folder)
        (folder / "dmm.yaml").write_text(_DMM)
        self.fixture = f"sh {folder / 'hands.sh'}"
        self.wrong = lambda amperes: amperes  # what the meter makes of the current

    @property
    def meter_options(self):
        return ["--meter", METER, "--visa", f"{self.folder / 'dmm.yaml'}@sim"]

    def amperes(self):
        """As the simulated DMM shows it."""
        return self.wrong(float((self.folder / "meter").read_text()))

    @contextmanager
    def running(self):
        """Its program runs, and pyvisa-sim's DMM looks at it."""
        with looked_at(self.amperes), PtyBoard(self.folder) as board:
            self.board = board
            board.wait_until_still()
            yield self

    def order(self, *words):
        """Something that hands are to do when the wand's time stands still next."""
        (self.folder / "hands.new").write_text(" ".join(map(str, words)))
        (self.folder / "hands.new").rename(self.folder / "hands")

    def hands(self, *words):
        """Do something with the hands, and wait until the wand has felt it."""
        wanted, done = " ".join(map(str, words)), self.folder / "done"
        done.unlink(missing_ok=True)
        self.order(*words)
        end = time.monotonic() + 600
        while not done.exists() or done.read_text() != wanted:
            assert time.monotonic() < end, "nobody looks at the hands"
            time.sleep(0.02)

    def call(self, command, *options, meter=False, fixture=True, text=None):
        """`ionwand COMMAND` on this wand."""
        boots, losses = self.board.boots, self.board.losses
        words = [command, "--port", self.board.port, *map(str, options)]
        if fixture:
            words += ["--fixture", self.fixture]
        if meter:
            words += self.meter_options
        done = CliRunner(env={"IONWAND_DB": "none"}).invoke(main, words, input=text)
        # Every command leaves by a restart, one more is by each loss of power.
        self.board.wait_until_still(boots + 1 + self.board.losses - losses)
        return done

    def calibrate(self, out, *options):
        return self.call("calibrate", "--out", out, "--who", "a test", *options, meter=True)


if __name__ == "__main__":
    sys.exit("a helper of the tests")
