"""A wand on a simulated bench: loads, a finger and a meter around the real firmware.

Runs on MicroPython's Unix port behind pty_board.PtyBoard; `wand.json` beside it says which wand.
The current that really leaves the roller stands in the file `meter`; `hands` is what hands are to
do next, `done` what the wand has felt. Its flash is the folder `records`. Time stands still while
hand, meter or host have their turn: wand_side.py.
"""

import json
import os
import sys

with open("wand.json") as _file:
    WAND = json.load(_file)
try:
    with open("slot") as _file:  # a wand that was flashed
        sys.path.insert(0, _file.read())
except OSError:
    sys.path.insert(0, WAND["root"])
sys.path[1:1] = WAND["guest"]

import wand_side  # noqa: E402

from firmware import app, logbook, service, store  # noqa: E402
from hal.sim import world as sim  # noqa: E402
from hal.sim.interrupts import WatchdogReset  # noqa: E402
from hal.sim.parts import Parts  # noqa: E402


class BenchBoard(wand_side.PatientBoard):
    def __init__(self):
        self._meter = open("meter", "w")
        super().__init__()
        if WAND["treat"]:
            self.stand_in = ("done", "fault", "refused", "asleep")

    def identity(self):
        return WAND["identity"].encode()

    def tell_meter(self):
        self._meter.seek(0)
        self._meter.write("%+.9e\n" % self._plant.i_active_a)
        self._meter.flush()

    def look(self):
        """What hands are to do, while time stands still; the first word of it."""
        self.tell_meter()
        try:
            with open("hands") as file:
                words = file.read().split()
            os.remove("hands")
        except OSError:
            return None
        world = self.world
        if words[0] == "connect":
            tolerance = WAND["tolerance"].get(words[1], 1.0)
            burden = float(words[2]) if len(words) > 2 else 0.0  # of the meter
            world.touch("resistor:%r" % (float(words[1]) * tolerance + burden))
        elif words[0] == "open":
            world.lift()
        elif words[0] == "hold":
            world.plan({"at_s": world.now_us / 1e6 + 0.2, "press_s": float(words[1])})
        with open("done", "w") as file:
            file.write(" ".join(words))
        return words[0]

    def set_bridge(self, position):
        super().set_bridge(position if not WAND["swapped"] else (0, 2, 1)[position])

    def write(self, name, content):
        super().write(name, content)
        with open("records/" + name, "wb") as file:
            file.write(content)

    @staticmethod
    def _writes(running):
        box = getattr(running, "blackbox", None)  # an older firmware has none
        if box is not None and (box.recording or box.pending):
            return True
        return running.logbook.pending

    def _over(self):
        running = app.App.running
        if WAND["treat"] and (running is None or self._writes(running)):
            return False  # the session's record is still to be written
        return super()._over()


class Flash:
    """A new wand's, for firmware/store.py."""

    files = {}

    @staticmethod
    def read(name):
        return Flash.files.get(name)

    @staticmethod
    def write(name, content):
        Flash.files[name] = content
        with open("records/" + name, "wb") as file:
            file.write(content)

    @staticmethod
    def identity():
        return WAND["identity"].encode()


run, sweep = service.run, service.sweep


def held(board, hold, steps):
    """Time runs on when a hand is on its way to the button, however late it comes."""
    while board.look() != "hold":
        wand_side.line.heed(5)
    return run(board, hold, steps)


def patient(board, output, load_ohm, bridges, points_ua, go, say):
    """Time stands still after "ready" until the host has read its meter, however long it takes."""

    def tell(*what):
        board.tell_meter()
        say(*what)

    def word():
        wand_side.line.word()
        return go()

    return sweep(board, output, load_ohm, bridges, points_ua, word, tell)


service.run, service.sweep = held, patient
seed = WAND["parts"]
world = sim.World(Parts() if seed is None else Parts.random(seed))
world.vbus = not WAND["treat"]
for name in os.listdir("records"):
    with open("records/" + name, "rb") as file:
        world.files[name] = file.read()
if WAND["treat"]:  # off the cable it treats once, with what is broken in the middle of it
    Flash.files = world.files
    if "calibration.a" not in world.files:
        import job

        store.save_calibration(Flash, job.calibrate(world.parts))
        logbook.save_patched(Flash, store.load_catalogue(Flash)[0])
    world.plan({"at_s": 2.5, "press_s": 1.7})
    world.plan({"at_s": 6.0, "touch": WAND["skin"] or "hydrated"})
    if WAND["fault"]:
        world.plan({"at_s": 25.0, "fault": WAND["fault"]})
else:
    if WAND["skin"]:
        world.touch(WAND["skin"])
    if WAND["fault"]:
        world.inject(WAND["fault"])
sim.install(world)
wand_side.install(BenchBoard)
try:
    with open("main.py") as file:
        text = file.read()
except OSError:
    with open(WAND["root"] + "/main.py") as file:
        text = file.read()
while True:
    try:
        exec(text)
        break
    except WatchdogReset:
        pass  # a processor that hung starts anew, in the same world
