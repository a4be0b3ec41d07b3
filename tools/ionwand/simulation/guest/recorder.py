"""Trace of a simulated session: one row a tick, one more where gate, fault or contact changes.

Runs beside the firmware, on whatever interpreter that runs on (CPython, MicroPython, browser):
plant truth from hal.sim, the firmware's view from what it publishes. No host libraries here.
"""

from firmware import display, faults, treatment
from firmware.guard import SN_A_UA, SN_B_UA, SN_FIRST
from firmware.session import PROVING, STATES

HEADER = (
    "t_us,state,setpoint_ua,dac_code,gate,i_load_ua,i_peak_ua,sense_a_ua,sense_b_ua,"
    "v_load_mv,z_ohm,dose_uc,true_charge_uc,contact,led,fault"
)
_OUTPUT = ("ramping", "treating", "stopping")
_OVER = ("done", "refused", "fault")


class Recorder:
    """An observer of hal.sim.world.World. `write(line)` takes the rows; None: no trace."""

    def __init__(self, world, write=None):
        self._world = world
        self._write = write
        self._status = [0] * display.ST_SIZE
        self._board = None
        self._charge_zero_c = 0.0
        self._session = 0
        self._edges = None
        self._ticks = 0
        self.peak_ua = 0.0
        self._sum_ua = 0.0
        self._flow_ticks = 0
        self.failed = ""  # the fault that ended it
        self._state_was = -1
        self._hz_was = 0
        self.bounces = 0
        self.beeps = 0  # between the first treating and the end
        self._began_us = 0
        self._ended_us = 0
        if write:
            write(HEADER)

    def attach(self, board):
        """The board whose senses are recorded: a new one after every reset."""
        self._board = board

    def tick(self, status):
        """The firmware has published its status."""
        self._status = status
        if status[display.ST_SESSION] != self._session:
            self._session = status[display.ST_SESSION]
            self._charge_zero_c = self._world.plant.skin_charge_c
        if status[display.ST_FIRST]:
            self.failed = faults.name(status[display.ST_FIRST])
        self._person(STATES[status[display.ST_STATE]], status[display.ST_HZ])
        if STATES[status[display.ST_STATE]] in _OUTPUT:
            self._sum_ua += self._world.plant.i_load_a * 1e6
            self._flow_ticks += 1
        self._row()

    def _person(self, state, hz):
        """What the person sees of it: how long, how many beeps, and bounces that nobody sees."""
        if state != self._state_was:
            self._state_was = state
            self.bounces += state == "bounced"
            if state == "ramping" and not self._began_us:
                self._began_us = self._world.now_us
            if state in _OVER and self._began_us and not self._ended_us:
                self._ended_us = self._world.now_us
        if hz and not self._hz_was and self._began_us and not self._ended_us:
            self.beeps += 1
        self._hz_was = hz

    def edge(self):
        """Gate or a script's event: a row where something that is traced has changed."""
        if self._edges != self._state():
            self._row()

    def _fault(self):
        first = self._status[display.ST_FIRST]
        snapshot = self._board._snapshot if self._board else None
        if not first and snapshot is not None:
            first = snapshot[SN_FIRST]
            if self._status[display.ST_STATE] == PROVING:
                first &= ~faults.COMPARATOR  # it is being tried
        return faults.name(first)

    def _state(self):
        return (
            1 if self._board and self._board.gate() else 0,
            1 if self._world.plant.skin is not None else 0,
            self._fault(),
        )

    def _row(self):
        plant = self._world.plant
        peak_ua = plant.i_peak_a * 1e6
        plant.i_peak_a = 0.0
        if peak_ua > self.peak_ua:
            self.peak_ua = peak_ua
        write = self._write
        if write is None:
            return
        status = self._status
        self._edges = self._state()
        gate, touching, fault = self._edges
        snapshot = self._board._snapshot if self._board else None
        write(
            "%d,%s,%.3f,%d,%d,%.3f,%.3f,%d,%d,%.1f,%d,%d,%.3f,%d,#%06x,%s"
            % (
                self._world.now_us,
                STATES[status[display.ST_STATE]],
                status[display.ST_SETPOINT_NA] / 1000,
                status[display.ST_CODE],
                gate,
                plant.i_load_a * 1e6,
                peak_ua,
                snapshot[SN_A_UA] if snapshot else 0,
                snapshot[SN_B_UA] if snapshot else 0,
                (plant.e1_v - plant.e2_v) * 1e3,
                status[display.ST_Z_OHM],
                status[display.ST_DOSE_UC],
                (plant.skin_charge_c - self._charge_zero_c) * 1e6,
                touching,
                status[display.ST_RGB],
                fault,
            )
        )

    def summary(self):
        """How it ended, in plain numbers."""
        status = self._status
        end = treatment.ENDS[status[display.ST_END]] or "none"
        if end == "fault" or (end == "none" and self.failed):
            end = self.failed
        return {
            "end": end,
            "state": STATES[status[display.ST_STATE]],
            "time_s": self._world.now_us / 1e6,
            "output_s": self._flow_ticks * 0.005,
            "dose_uc": status[display.ST_DOSE_UC],
            "true_charge_uc": round(
                (self._world.plant.skin_charge_c - self._charge_zero_c) * 1e6, 3
            ),
            "lifts": status[display.ST_LIFTS],
            "peak_ua": round(self.peak_ua, 3),
            "mean_ua": round(self._sum_ua / self._flow_ticks, 3) if self._flow_ticks else 0.0,
            "treated_s": (self._ended_us - self._began_us) / 1e6 if self._ended_us else 0.0,
            "bounces": self.bounces - status[display.ST_LIFTS],
            "beeps": self.beeps,
            "touches": self._world.plant.touches,
            "touch_v": round(self._world.plant.touch_v, 4),
            "touch_nc": round(self._world.plant.touch_c * 1e9, 4),
            "z_ohm": status[display.ST_Z_OHM],
            "fault": self.failed,
        }
