"""A wand whose main loop and precise converter are slower than any: nothing may depend on that.

A tick's work takes time here (in hal/sim it takes none), spread over the places where a tick
touches its board; each conversion takes its own. Drawn from a seed, the same on every interpreter.
"""

from hal.sim.parts import Lcg

_TICK_US = 5000
_PLACES = 3
_ROW_US = 2500  # what judges a trace expects something to be seen every tick


class Slow:
    """`plan`, a dict: seed; ticks, how many times 5 ms a tick works for; frames, how many times
    its nominal time a conversion takes; jitter, 0 for exactly that, 1 for 0 to twice that."""

    def __init__(self, world, plan):
        self._world = world
        self._plan = plan
        self._draw = Lcg(plan["seed"])
        adc = world.adc
        self._nominal = adc._waits_us
        self._begin = adc.write
        adc.write = self._write

    def attach(self, board):
        """Each board after a reset has its own main loop."""
        self._board = board
        board.pressed = self._before(board.pressed)
        board.write_dac = self._before(board.write_dac)
        board.publish = self._before(board.publish)

    def _drawn(self, mean):
        jitter = self._plan["jitter"]
        return mean * (1.0 + jitter * self._draw.spread())

    def _before(self, call):
        def late(*args):
            self.work()
            return call(*args)

        return late

    def work(self):
        """Time passes, the guard's and the converter's too; the trace keeps its density."""
        until_us = self._world.now_us + int(self._drawn(_TICK_US * self._plan["ticks"] / _PLACES))
        while self._world.now_us < until_us:
            self._board._run(min(until_us, self._world.now_us + _ROW_US))
            self._world.observer._row()

    def _write(self, data):
        times = self._drawn(self._plan["frames"])
        self._world.adc._waits_us = [int(us * times) for us in self._nominal]
        self._begin(data)
