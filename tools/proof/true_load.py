"""What the wand shows and sets beside the plant's; simulation/guest/run.py plays it [F-05, F-09].

Each second of treatment the wand shows V over I of the second before. The plant's is of the same
ticks: the means of what lies between the electrodes, leads taken off. Current that comes back
after an absence is in neither, for it meets skin that is not yet what it was. Current is compared
with the setpoint where that has stood for half a second of contact.
"""

import job as simulated
from recorder import Recorder

from firmware import display
from firmware.limits import LEADS_OHM
from firmware.session import RAMPING, TREATING

_WHOLE = 0.95  # of what flowed before: what comes back has come
_LATE_US = 600_000  # or comes back no faster than the first time
_STEADY_US = 500_000
_MAY_PERCENT, _MAY_UA = 2.0, 2.0  # [F-05]
_ENOUGH = 150  # ticks of a second that can be compared
_TICKS = 200  # in the second that the wand means


class Watcher(Recorder):
    """A recorder that says how far off the impedance was at worst, in % of the plant's."""

    def __init__(self, world, write=None):
        super().__init__(world, write)
        self._v = [0.0] * _TICKS
        self._a = [0.0] * _TICKS
        self._at = 0
        self._z_ohm = 0
        self._flowed_a = 0.0
        self._back_us = 0
        self._back = False
        self._seconds = 0
        self._worst_percent = 0.0
        self._beyond = 0  # seconds further off than 5 %
        self._setpoint_na = 0
        self._since_us = 0
        self._current = 0.0  # worst distance from the setpoint, 1.0 for what is allowed

    def tick(self, status):
        super().tick(status)
        plant = self._world.plant
        state = status[display.ST_STATE]
        touched = plant.skin is not None and self._board.gate()
        if touched and state in (RAMPING, TREATING):
            self._flow(plant.e1_v - plant.e2_v, plant.i_load_a)
        else:
            self._back = True
            self._back_us = self._world.now_us
        self._regulated(
            status[display.ST_SETPOINT_NA] if touched and state == TREATING else 0,
            plant.i_load_a,
        )
        z_ohm = status[display.ST_Z_OHM]
        if z_ohm and z_ohm != self._z_ohm and state == TREATING:
            self._compare(z_ohm)
        self._z_ohm = z_ohm

    def _flow(self, v, a):
        if self._back:
            late = self._world.now_us - self._back_us >= _LATE_US
            self._back = not (late or a >= _WHOLE * self._flowed_a)
        if not self._back:
            self._flowed_a = a
        self._v[self._at] = 0.0 if self._back else v
        self._a[self._at] = 0.0 if self._back else a
        self._at = (self._at + 1) % _TICKS

    def _regulated(self, setpoint_na, a):
        now_us = self._world.now_us
        if not setpoint_na or setpoint_na != self._setpoint_na:
            self._setpoint_na = setpoint_na
            self._since_us = now_us
        elif now_us - self._since_us >= _STEADY_US:
            may_ua = _MAY_UA + setpoint_na * 1e-5 * _MAY_PERCENT
            self._current = max(self._current, abs(a * 1e6 - setpoint_na * 1e-3) / may_ua)

    def _compare(self, z_ohm):
        if sum(1 for a in self._a if a) < _ENOUGH:
            return
        volts, amperes = sum(self._v), sum(self._a)
        percent = 100.0 * (z_ohm / (volts / amperes - LEADS_OHM) - 1.0)
        self._seconds += 1
        self._beyond += abs(percent) > 5.0
        if abs(percent) > abs(self._worst_percent):
            self._worst_percent = percent

    def summary(self):
        found = super().summary()
        found["z_seconds"] = self._seconds
        found["z_worst_percent"] = round(self._worst_percent, 2)
        found["z_beyond"] = self._beyond
        found["current_off"] = round(self._current, 3)
        return found


def prepare(job, write):
    """The world of a job, with that recorder."""
    world = simulated.prepare(job)
    world.observer = Watcher(world, write)
    return world
