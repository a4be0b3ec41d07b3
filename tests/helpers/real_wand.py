"""What a folder needs as main.py for PtyBoard to start the real one on the simulated board.

Flash is the folder `flash`, which outlives a reset as a chip's does. `events.json`, if there, is
what a person does after this start, once, and the state in which the wand's time then stands
still until Ctrl-C. Prints each state.
"""

from ionwand.device.pty_board import GUEST

MAIN = '''
import json
import os
import sys

ROOT, GUEST = %r
sys.path[:0] = [ROOT, ROOT + "/tools/ionwand/simulation/guest", GUEST]
import job as simulated
import wand_side
from firmware import display
from firmware.session import STATES


class Flash:
    def get(self, name):
        try:
            with open("flash/" + name, "rb") as file:
                return file.read()
        except OSError:
            return None

    def __setitem__(self, name, data):
        with open("flash/" + name, "wb") as file:
            file.write(data)


class Watch:
    """The trace's recorder; says each state."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.attach = recorder.attach
        self.edge = recorder.edge
        self.state = None

    def tick(self, status):
        self.recorder.tick(status)
        state = STATES[status[display.ST_STATE]]
        if state != self.state:
            self.state = state
            print("state", state)


class Board(wand_side.PatientBoard):
    stand_in = ("ready",)


events = []
try:
    with open("events.json") as file:
        events, *Board.stand_in = json.load(file)
    os.remove("events.json")
except OSError:
    pass
flash = Flash()
files = {name: flash.get(name) for name in os.listdir("flash")}
world = simulated.prepare({"duration_s": 36000, "events": events, "new": True, "files": files})
for name in world.files:
    if name not in files:
        flash[name] = world.files[name]
world.files = flash
world.observer = Watch(world.observer)
wand_side.install(Board)
with open(ROOT + "/main.py") as file:
    exec(file.read(), globals())
'''


def main(root):
    return MAIN % ((str(root), str(GUEST)),)
