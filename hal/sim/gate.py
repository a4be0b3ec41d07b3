"""The simulated board's gate: barriers, latch and self-test switches, seen by K1 and M2.

Asked only when something may have changed: `_settled` says that time alone cannot. Plant time
is kept here too, because the plant must be in the present before its inputs change.
"""

from hal.board import Board
from hal.sim.barriers import DeadMan
from hal.sim.world import NEVER


class Gate(Board):
    """Base of the simulated board."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        self._plant = world.plant
        self._monostable = world.monostable
        self._dead_man = DeadMan()
        self._k1 = True
        self._m2 = True
        self._rail = False
        world.power_rail(False)  # a reset lets its pin go
        self._feed_dead_man = True
        self._feed_monostable = True
        self._enabled = False
        self._sees = True  # the chip sees the latch
        self._latched = False  # the comparator's latch, as last seen here
        self._fed = False  # enabled, and fed through both
        self._settled = False  # fed, or off and nothing that time alone could change
        self._fall_us = NEVER  # when the output falls if nobody feeds it
        self._plant_us = world.now_us  # how far the plant has been taken
        self._calm_us = 0  # its outputs stay as they are for so long from there

    def _catch_up(self):
        """Take the plant to the present: before its inputs change, and for who looks at it."""
        now_us = self.world.now_us
        self._plant.advance(now_us - self._plant_us)
        self._plant_us = now_us
        self._calm_us = 0

    def _answer(self, first_us, last_us, feed):
        """Of passes from the first to the last."""
        if not feed:
            self._dead_man.kill()
            self._fed = self._settled = False
            return
        if self._feed_dead_man:
            self._dead_man.feed(first_us, last_us)
        if self._feed_monostable:
            self._monostable.edge(last_us)
        if self._fed:
            self._fall_us = last_us + self._dead_man.timeout_us

    def _gate(self, now_us):
        """Output enable = dead-man AND monostable AND NOT latch, seen by K1 and M2."""
        self._catch_up()
        plant = self._plant
        dead_man = self._dead_man
        monostable = self._monostable
        self._latched = latched = plant.latched
        dead_man.set_comparator(latched and self._sees)
        trips = latched and not plant.latch_alone
        enabled = not trips and dead_man.output(now_us) and monostable.output(now_us)
        enabled = enabled or self.world.enable_stuck
        # Their ANDs may have lost this word: then each has its own line's alone.
        plant.k1 = (enabled or self.world.k1_line_alone) and self._k1 and self._rail
        plant.m2 = (enabled or self.world.m2_line_alone) and self._m2
        # While both are fed, and only then, the next fall is known without asking them.
        self._fed = enabled and self._feed_dead_man and self._feed_monostable
        stays = enabled and not self.world.enable_stuck
        self._settled = self._fed or not (stays or dead_man.up or dead_man.stuck)
        self._fall_us = NEVER
        if enabled:
            left_us = dead_man.left_us(now_us)
            other_us = monostable.left_us(now_us)
            if other_us < 0 or 0 <= left_us < other_us:
                other_us = left_us
            if other_us >= 0:  # none is due where the output gate itself is stuck
                self._fall_us = now_us + other_us
        if enabled != self._enabled:
            self._enabled = enabled
            plant.advance(0)
            self._edge()

    def _edge(self):
        observer = self.world.observer
        if observer is not None:
            observer.edge()

    def output_on(self):
        self._dead_man.arm(self.world.now_us)
        self._settled = False
