"""A wand on a simulated bench: the Unix port behind a PTY, loads, a finger and a multimeter.

The wand's board tells the current that really leaves its roller to a file, the simulated DMM of
pyvisa-sim reads it there; a fixture command writes what hands would do to another file. The
wand's time stands still while hand, meter or host have their turn.
"""

import sys
import time
from contextlib import contextmanager

from click.testing import CliRunner
from sim_meters import looked_at

from ionwand.cli import main
from ionwand.device import simulated
from ionwand.device.pty_board import PtyBoard

METER = "GPIB0::22::INSTR"

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


class BenchWand:
    """`options` are those of the command line for this wand, its fixture and its meter."""

    def __init__(self, folder, seed=None, swapped=False):
        self.folder = folder
        self.seed = seed
        self.records = folder / "records"
        self.true_ohm = simulated.tolerance(seed or 0)
        simulated.prepare(folder, parts=seed, swapped=swapped, identity=f"WAND{seed or 0:04}")
        (folder / "hands.sh").write_text(_FIXTURE % folder)
        (folder / "dmm.yaml").write_text(_DMM)
        self.fixture = f"sh {folder / 'hands.sh'}"
        self.wrong = lambda amperes: amperes  # what the meter makes of the current

    @property
    def meter_options(self):
        return ["--meter", METER, "--visa", f"{self.folder / 'dmm.yaml'}@sim"]

    def amperes(self):
        """As the simulated DMM shows it."""
        return self.wrong(simulated.amperes(self.folder))

    @contextmanager
    def running(self):
        """Its program runs, and pyvisa-sim's DMM looks at it."""
        with looked_at(self.amperes), PtyBoard(self.folder, str(simulated.MAIN)) as board:
            self.board = board
            board.wait_until_still()
            yield self

    def order(self, *words):
        """Something that hands are to do when the wand's time stands still next."""
        simulated.order(self.folder, *words)

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
