"""What the wand shows, once a tick: light and sound to the person, numbers to whoever looks on.

Reads session, treatment, output and faults, and changes none of them. The numbers are one array
for good: consoles, traces and the browser's page read `status` by the names below.
"""

from array import array

from micropython import const

from firmware import patterns, progress
from firmware import session as s
from firmware import treatment as t
from firmware.indicator import Indicator
from firmware.limits import BATTERY_START_MV

_DIM_AFTER_MS = const(10_000)
# The light follows that often, and at once where the state is another: eye and ear need no more,
# and it is a fifth of a tick [P-06].
_LIGHT_MS = const(20)

ST_STATE = const(0)
ST_END = const(1)
ST_FAULTS = const(2)
ST_FIRST = const(3)
ST_SETPOINT_NA = const(4)
ST_CODE = const(5)
ST_Z_OHM = const(6)
ST_DOSE_UC = const(7)
ST_SESSION = const(8)
ST_LIFTS = const(9)
ST_PRODUCT = const(10)
ST_QUALITY = const(11)
ST_RGB = const(12)
ST_HZ = const(13)
ST_BATTERY_MV = const(14)
ST_SIZE = const(15)


class Display:
    """`choose` what is shown of the product, then `show` once a tick."""

    def __init__(self, session, treatment, output, faults, rest):
        self._session = session
        self._treatment = treatment
        self._output = output
        self._faults = faults
        self._rest = rest
        self.indicator = Indicator()
        self._progress = progress.Progress()
        self.status = array("i", [0] * ST_SIZE)
        self.ion_sign = 0  # of the product: 1, -1, 0 for one that is unusable
        self.patch = False  # a patch test is offered
        self._light_ms = _LIGHT_MS  # since the light was last looked at

    def choose(self, index, ion_sign, patch):
        """From now on this product of the catalogue is the one."""
        self.status[ST_PRODUCT] = index
        self.ion_sign = ion_sign
        self.patch = patch

    def show(self, board, battery_mv, idle_ms, dt_ms):
        """Panel and status of this tick. `idle_ms`: since anything was done, by whomever."""
        self._light_ms += dt_ms
        if self._light_ms >= _LIGHT_MS or self._session.state != self.status[ST_STATE]:
            self._light(board, battery_mv, idle_ms)
            self._light_ms = 0
        self._numbers(battery_mv)
        board.publish(self.status)

    def _numbers(self, battery_mv):
        status = self.status
        treatment = self._treatment
        output = self._output
        faults = self._faults
        status[ST_STATE] = self._session.state
        status[ST_END] = treatment.end
        status[ST_FAULTS] = faults.bits
        status[ST_FIRST] = faults.first
        status[ST_SETPOINT_NA] = output.regulator.setpoint_na
        status[ST_CODE] = output.code
        status[ST_Z_OHM] = treatment.impedance.z_ohm
        status[ST_DOSE_UC] = treatment.dose.dose_uc
        status[ST_SESSION] = treatment.number
        status[ST_LIFTS] = treatment.lifts
        status[ST_BATTERY_MV] = battery_mv

    def _light(self, board, battery_mv, idle_ms):
        """Light and sound, for the time since they were last looked at."""
        state = self._session.state
        treatment = self._treatment
        light = self.indicator
        quality = treatment.quality
        light.show(
            s.STATES[s.TREATING if state == s.BOUNCED else state],
            self.ion_sign,
            quality,
            self._variant(state, battery_mv),
            self._faults.first,
            t.ENDS[treatment.end],
            state == s.READY and idle_ms >= _DIM_AFTER_MS,
        )
        if state == s.TREATING:
            dose_uc = treatment.dose.dose_uc
            beeps = self._progress.step(treatment.product, dose_uc, treatment.flow_ms)
            if beeps > 0:
                light.chirp(progress.QUARTER_HZ, progress.QUARTER_MS, beeps)
            elif beeps:
                light.chirp(progress.ZONE_HZ, progress.ZONE_MS)
        light.step(self._light_ms)
        board.panel(light.r, light.g, light.b, light.hz)
        status = self.status
        status[ST_QUALITY] = quality
        status[ST_RGB] = light.r << 16 | light.g << 8 | light.b
        status[ST_HZ] = light.hz

    def _variant(self, state, battery_mv):
        if state == s.READY:
            if battery_mv < BATTERY_START_MV:
                return patterns.LOW_BATTERY
            if self._rest.reverses(self.ion_sign):
                return patterns.REVERSAL
            if self.patch:
                return patterns.PATCH
        elif self._output.touching_ohm:
            return patterns.TOUCHING
        elif state == s.DONE and self._treatment.end != t.COMPLETE:
            return patterns.EARLY
        return patterns.PLAIN
