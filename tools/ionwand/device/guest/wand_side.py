"""The wand's side of PtyBoard: its time stands still where it is the host's turn.

For a main.py on MicroPython's Unix port. Simulated time runs as fast as the processor allows, so
that nothing a host does is in time by itself. And the port's own Ctrl-C is a signal that may hit
its allocator and hang it, as no chip's does: here it comes over a line beside the console. The
main loop heeds it where it stands still, what the console runs wherever it sleeps.
"""

import os
import select
import sys

from firmware import display
from firmware.session import STATES
from hal.sim import board as simboard
from hal.sim.world import NEVER

_LOOK_MS = 5


class Line:
    """To the PtyBoard that has started this."""

    def __init__(self):
        self._end = open(int(os.getenv("IONWAND_LINE")), "r+b")
        self._poll = select.poll()
        self._poll.register(self._end, select.POLLIN)
        self._either = select.poll()
        self._either.register(self._end, select.POLLIN)
        self._either.register(sys.stdin, select.POLLIN)

    def heed(self, ms=0):
        """KeyboardInterrupt, if the host has sent Ctrl-C or does so within `ms`."""
        for _ in self._poll.ipoll(ms):
            self._end.read(1)
            raise KeyboardInterrupt

    def word(self):
        """Until the host says something on the console."""
        self._either.poll(-1)
        self.heed()

    def stand(self, look):
        """Until Ctrl-C, and `look` now and then."""
        look()  # first: who hears of the standstill finds everything told
        self._end.write(b".")
        while True:
            self.heed(_LOOK_MS)
            look()


line = Line()


class PatientBoard(simboard.SimBoard):
    """The main loop stands still in these states, once all events of the script are over."""

    stand_in = tuple([state for state in STATES if state != "selftest"])
    state = None  # as published last
    _stood = False  # from then on the console drives the board

    def publish(self, status):
        super().publish(status)
        self.state = STATES[status[display.ST_STATE]]

    def sleep_until(self, ms):
        super().sleep_until(ms)
        if self._stood:
            line.heed()
        elif self.state in self.stand_in and self._over():
            self._stood = True
            line.stand(self.look)

    def look(self):
        """What the host may do while time stands still."""

    def _over(self):
        world = self.world
        return world._release_us == NEVER and all("end" in one[2] for one in world._events)


def install(board=PatientBoard):
    """hal.open_board() gives one of these from now on."""
    simboard.SimBoard = board
