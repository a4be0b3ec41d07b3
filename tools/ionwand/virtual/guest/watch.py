"""What the charts and the log of a played wand are drawn from.

The trace's recorder sees each tick anyway: this one keeps a point every 50 ms and what changed.
"""

from recorder import Recorder

from firmware import display, faults, treatment
from firmware.session import STATES

SAMPLE_TICKS = 10  # a point of the charts every 50 ms


class Watch(Recorder):
    """The trace's recorder, which also keeps points for charts and a log of what changed."""

    def __init__(self, world, write=None):
        super().__init__(world, write)
        self.samples = []  # seconds, set µA, delivered µA, peak µA, Ω, mV, µC; flat
        self.log = []  # (seconds, state, why or fault)
        self._left = 1
        self._peak_a = 0.0
        self._was = None

    def _row(self):
        peak_a = self._world.plant.i_peak_a
        if peak_a > self._peak_a:
            self._peak_a = peak_a  # each row starts it anew, a point has several rows
        super()._row()

    def tick(self, status):
        plant = self._world.plant
        super().tick(status)
        now = (status[display.ST_STATE], status[display.ST_FIRST])
        if now != self._was:
            self._was = now
            self._note(status)
        self._left -= 1
        if self._left <= 0:
            self._left = SAMPLE_TICKS
            self._sample(status, plant)

    def _note(self, status):
        state = STATES[status[display.ST_STATE]]
        why = faults.name(status[display.ST_FIRST])
        if state in ("done", "refused"):
            why = treatment.ENDS[status[display.ST_END]]
        self.log.append((self._world.now_us / 1e6, state, why))

    def _sample(self, status, plant):
        self.samples.extend(
            (
                self._world.now_us / 1e6,
                status[display.ST_SETPOINT_NA] / 1000,
                plant.i_load_a * 1e6,
                self._peak_a * 1e6,
                status[display.ST_Z_OHM] if status[display.ST_SETPOINT_NA] else 0,
                (plant.e1_v - plant.e2_v) * 1e3,
                status[display.ST_DOSE_UC],
            )
        )
        self._peak_a = 0.0
