"""A whole wand on the simulated board, driven tick by tick; times in seconds."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tools/ionwand/simulation/guest"))

import job  # noqa: E402

from firmware import app, faults, session, treatment  # noqa: E402
from hal.sim.board import SimBoard  # noqa: E402

HOLD = {"at_s": 2.0, "press_s": 1.7}
TOUCH = {"at_s": 5.0, "touch": "hydrated"}


class Wand:
    """`events` as in a script, `others` as in a job. Without them: powered on, nobody there."""

    def __init__(self, *events, product="vitamin-c", prepare=None, noise=1.0, **others):
        order = {"product": product, "duration_s": 3600, "events": list(events),
                 "noise": noise}  # fmt: skip
        order.update(others)
        self.world = job.prepare(order)
        if prepare:
            prepare(self.world)
        self.start()

    def start(self):
        """Power on, or on again: flash and circuit stay."""
        self.board = SimBoard(self.world)
        self.app = app.App(self.board)

    @property
    def state(self):
        return session.STATES[self.app.session.state]

    @property
    def end(self):
        return treatment.ENDS[self.app.treatment.end]

    @property
    def fault(self):
        return faults.name(self.app.faults.first)

    @property
    def now_s(self):
        return self.world.now_us / 1e6

    @property
    def current_ua(self):
        return self.world.plant.i_load_a * 1e6

    def tick(self):
        self.board.sleep_until(self.board.ticks_ms() + 5)
        self.app.tick(self.board.ticks_ms())

    def run(self, seconds):
        until_us = self.world.now_us + round(seconds * 1e6)
        while self.world.now_us < until_us:
            self.tick()

    def until(self, *states, within_s=30):
        """Run until one of these states; fails where none comes."""
        until_us = self.world.now_us + round(within_s * 1e6)
        while self.state not in states:
            assert self.world.now_us < until_us, f"still {self.state} at {self.now_s:.1f} s"
            self.tick()

    def press(self, seconds):
        self.world.press(seconds)
        self.run(seconds + 0.1)
