"""The main loop's hand on the output: it requests, the guard permits.

Owns the two arrays shared with the guard and the only path to the DAC: regulator, limiter,
calibration, code. Starting is always from zero, stopping is always a cut.
"""

from array import array

from micropython import const

from firmware import guard
from firmware.drift import Drift
from firmware.faults import BAD_REQUEST, DAC, DEAD_MAN, I2C, OVER_SETPOINT, PRECISE_MISMATCH
from firmware.guard import (
    RQ_ARM,
    RQ_BRIDGE,
    RQ_FRAME,
    RQ_HEARTBEAT,
    RQ_LOAD_MV,
    RQ_OUTPUT,
    RQ_PRECISE_A_UA,
    RQ_SETPOINT_UA,
    SN_A_UA,
    SN_E2_MV,
    SN_FEED,
    SN_LIFTED,
    SN_QUIET_US,
    SN_TRIPS,
)
from firmware.limiter import Limiter
from firmware.limits import (
    BLEED_NA,
    BLEED_OHM,
    GONE_NA,
    GONE_SHIFT,
    LOSS_MS,
    LOSSES_MS,
    LOST_E2_MV,
    LOST_MS,
    LOST_NA,
    LOST_SHIFT,
    PRECISE_OVER_NA,
    PRECISE_OVER_SHIFT,
    QUIET_US,
)
from firmware.measure import Measurement
from firmware.parted import BLEED, DUMMY, NOTHING
from firmware.regulator import Regulator
from firmware.search import differs

_WRAP = const(0x3FFFFFFF)
_HALF = const(0x1FFFFFFF)  # one more than this is still a small integer
_TICK_MAX_MS = const(100)  # a tick later than this has met the heartbeat limit anyway
# Times since it was first seen to be so, for a late tick shall not be taken for a fault.
_FRAME_MS = const(50)  # a frame takes 6 ms: none in 50 ms is none at all [S-19]
_GATE_MS = const(15)  # guard and gate start within one
_MISSING_MS = const(100)  # longer than any settling
_MISSING_FROM_NA = const(20_000)
_STALE_MS = const(20)  # a frame may be of before that: its own 6 ms, the next, and two ticks
_OFFSET_NA = const(5_000)  # the fast converter's
_E2 = const(3)  # place in a frame
_AHEAD_NA = const(16_000)  # less than the guard's margin, and than what it takes for a mismatch
_STALE_NA = const(35_000)  # by that much at most, at 1500 µA/s


class Output:
    """Current through the load, in nA; None of it unless the guard agrees."""

    def __init__(self, board, calibration):
        self._board = board
        self.request = array("i", [0] * guard.RQ_SIZE)
        self.snapshot = array("i", [0] * guard.SN_SIZE)
        self.measurement = Measurement(calibration)
        self.regulator = Regulator()
        self.limiter = Limiter()
        self.fresh = False  # this tick brought a new frame of the precise converter
        self.on = False  # requested; whether it flows is the guard's business
        self.code = 0
        self.found = 0  # fault bits that others found while they used the output
        self.touching_ohm = 0  # what a test waits for to be lifted, 0 for nothing: selftest.py
        self.expected = 0  # trips that a test provokes: they are no fault, until the next arm()
        self._token = 0
        self.bleed_opens = False
        self.open_ohm = BLEED_OHM  # what the output reads where nobody touches: selftest.py
        self.open_codes = 0  # and the high side meanwhile
        self.open_apart_na = 0  # and sense A above what the DAC was told
        self.open_learned = False  # closely, since power-on
        self._moved_ms = 0  # since the setpoint last moved
        self._risen_ms = 0  # when it last rose steeply
        self.now_ms = board.ticks_ms()  # when this tick began
        self.dt_ms = 0  # since the last one, 0..100
        self._frame_ms = 0
        self._gate_ms = 0
        self._missing_ms = 0
        self._drive_na = 0  # what the DAC was last told
        self._most_na = 0  # the most that it was told in these _STALE_MS, ...
        self._most_ms = 0
        self._were_na = 0  # ... and in those before
        self._lost_ms = 0
        self._losses_ms = 0  # so much for each, and they wear off
        self.laid = NOTHING  # across the output, beside the load
        self._stuck_ms = 0
        self._drift = Drift()
        board.start_guard(guard.guard_pass, self.request, self.snapshot)

    def beat(self):
        """Sign of life for the guard, and the latest frame; once a tick."""
        board = self._board
        now_ms = board.ticks_ms()
        dt_ms = (now_ms - self.now_ms) & _WRAP
        self.dt_ms = dt_ms = dt_ms if dt_ms < _TICK_MAX_MS else _TICK_MAX_MS
        self.now_ms = now_ms
        request = self.request
        request[RQ_HEARTBEAT] = (request[RQ_HEARTBEAT] + 1) & _HALF
        self.fresh = fresh = self.measurement.update(board.precise)
        if fresh:
            self._tell(self.measurement)
        self._watch(fresh, self.measurement, dt_ms)
        if fresh:
            self._compare(self.measurement)

    def _tell(self, measurement):
        """The guard what the precise converter reads."""
        # No min() and max() in a tick: each is looked up among all that MicroPython knows.
        a_ua = measurement.a_na // 1000
        load_mv = measurement.load_mv
        request = self.request
        request[RQ_PRECISE_A_UA] = a_ua if a_ua < 0xFFFF else 0xFFFF
        # To the guard a load that drives backwards is a short.
        request[RQ_LOAD_MV] = 0 if load_mv < 0 else load_mv if load_mv < 0xFFFF else 0xFFFF
        request[RQ_FRAME] = measurement.frame & _WRAP

    def _compare(self, measurement):
        """What a frame says of the DAC and of the guard's own converter."""
        snapshot = self.snapshot
        flowing = snapshot[SN_FEED] != 0
        if flowing:
            self._over(measurement.a_na)
        code = self._board.precise[_E2]
        self._drift.look(snapshot, code, flowing)
        found = self._drift.second(measurement.frame, code, self.now_ms)
        if flowing and self._moved_ms >= _STALE_MS and not measurement.saturated:
            self._drift.setpoint_na = self._drive_na
            found |= self._drift.apart(measurement, snapshot)
        else:
            self._drift.unsteady()
        if found:
            self.found |= found

    def _over(self, a_na):
        """More flows than the DAC was told of late."""
        most_na = self._most_na if self._most_na > self._were_na else self._were_na
        most_na += (most_na >> PRECISE_OVER_SHIFT) + PRECISE_OVER_NA
        if not a_na <= most_na:
            self.stop()
            # Does the guard's own converter stand still, or was this frame before its time?
            blind = self.snapshot[SN_A_UA] * 1000 < most_na - _OFFSET_NA
            self.found |= PRECISE_MISMATCH if blind else OVER_SETPOINT

    def _watch(self, fresh, measurement, dt_ms):
        """What only the main loop can see: no readings, a gate that stays shut, no current."""
        # Counters are written only where they change: attributes are slow here.
        if not fresh:
            self._frame_ms += dt_ms if self._frame_ms else 1
            if self._frame_ms > _FRAME_MS:
                self._frame_ms = 0
                self.found |= I2C
        elif self._frame_ms:
            self._frame_ms = 0
        snapshot = self.snapshot
        flowing = snapshot[SN_FEED]
        if self.on and not (flowing or snapshot[SN_LIFTED] or snapshot[SN_TRIPS]):
            self._gate_ms += dt_ms if self._gate_ms else 1
            if self._gate_ms > _GATE_MS:
                self.found |= DEAD_MAN
        elif self._gate_ms:
            self._gate_ms = 0
        # A gate that stays up though nobody feeds it: the one part behind all three barriers.
        if not flowing and self._board.gate():
            self._stuck_ms += dt_ms if self._stuck_ms else 1
            if self._stuck_ms > _GATE_MS:
                self.found |= DEAD_MAN
        elif self._stuck_ms:
            self._stuck_ms = 0
        setpoint_na = self.regulator.setpoint_na
        if (
            flowing
            and setpoint_na > _MISSING_FROM_NA
            and not measurement.saturated
            and measurement.load_na * 5 < setpoint_na * 4
        ):
            self._missing_ms += dt_ms if self._missing_ms else 1
            if self._missing_ms > _MISSING_MS:
                self.found |= DAC
        elif self._missing_ms:
            self._missing_ms = 0

    @property
    def lifted(self):
        """The guard saw the circuit open and dropped the gate."""
        return self.snapshot[SN_LIFTED] != 0

    @property
    def flowing(self):
        """The guard fed the gate in its last pass."""
        return self.snapshot[SN_FEED] != 0

    @property
    def trips(self):
        """Fault bits of the guard since arming."""
        return self.snapshot[SN_TRIPS]

    @property
    def quiet(self):
        """Gate off and no current for long enough to move the bridge [S-09]."""
        return self.snapshot[SN_QUIET_US] >= QUIET_US

    @property
    def flow_na(self):
        """What has flowed through the load since the last tick.

        The latest frame says it, but where the setpoint moves that is of some ms ago: there the
        setpoint says it, which has been trimmed by frames, as long as they bear it out [F-08].
        """
        measurement = self.measurement
        load_na = measurement.load_na
        if self._moved_ms < _STALE_MS and not measurement.saturated:
            setpoint_na = self.regulator.setpoint_na
            if -_STALE_NA < setpoint_na - load_na < _STALE_NA:
                return setpoint_na if setpoint_na > measurement.divider_na else load_na
        return load_na

    @property
    def gone(self):
        """A new frame reads as if nobody touched, at more than a search drives [S-21].

        Only while the bleed is closed, where the guard sees no lift.
        """
        measurement = self.measurement
        return (
            self.fresh
            and not self.bleed_opens
            and self.regulator.setpoint_na - measurement.divider_na > GONE_NA
            and not differs(
                measurement.load_mv, measurement.load_na, 1, GONE_SHIFT, self.open_ohm
            )
        )

    def arm(self):
        """A new session for the guard: its counters and trips start anew. Output must be off."""
        if self.expected:
            self.expected = 0
            self._board.reset_latch()
        self._token = self._token % _WRAP + 1
        self.request[RQ_ARM] = self._token

    def disarm(self):
        """No output until the next `arm()`. Trips stay to be read."""
        self.stop()
        self.request[RQ_ARM] = 0

    def set_bridge(self, position):
        """Move the bridge, only while nothing flows: True where it was done [S-09]."""
        if self.on or self.flowing or not self.quiet:
            return False
        self._board.set_bridge(position)
        self.request[RQ_BRIDGE] = position
        return True

    def start(self):
        """Open the gate at a DAC of zero; the current then comes by `drive`."""
        self.limiter.cut()
        self.regulator.start()
        self.request[RQ_SETPOINT_UA] = 0
        self.code = self._drive_na = 0
        self._let_open(0)
        self._board.write_dac(0)
        if self._board.read_dac() != 0:
            raise OSError("DAC does not go to zero")
        if not self.on and self._board.gate():  # it is up before anybody asks
            self.found |= DEAD_MAN
        self._drift.open_apart_na = self.open_apart_na
        self.request[RQ_OUTPUT] = 1
        self.on = True
        self._board.output_on()

    def restart(self):
        """From zero again with the gate open, as after a probe; only a cut may be a step."""
        self.limiter.cut()
        self.regulator.start()
        self.code = self._drive_na = 0
        self._board.write_dac(0)
        self._let_open(0)

    def resume(self, rise_na_per_ms, flowed_na):
        """After a `restart()`: this steep, up to what flowed before [S-08]."""
        self.limiter.resume(rise_na_per_ms, flowed_na)

    def stop(self):
        """Cut: gate off, DAC zero, nothing remembered. Never raises."""
        self.on = False
        self.request[RQ_OUTPUT] = 0
        self._board.output_off()
        self.limiter.cut()
        self.regulator.start()
        self.code = self._drive_na = self._lost_ms = 0
        self.request[RQ_SETPOINT_UA] = 0
        self._let_open(0)
        self.lay(NOTHING)

    def lay(self, what):
        """Across the output: NOTHING, DUMMY or BLEED of parted.py. `stop()` takes it away."""
        if what != self.laid:
            self.laid = what
            self._board.set_dummy(what == DUMMY)
            self._board.set_bleed(what != BLEED and self.bleed_opens)

    def _let_open(self, driven_na):
        """The bleed: closed unless enough is driven that a lift is seen at once [S-21]."""
        opens = driven_na >= BLEED_NA
        if opens is not self.bleed_opens:
            self.bleed_opens = opens
            self._board.set_bleed(opens)

    def _lost(self, dt_ms):
        """True where far less flows than the DAC was told, though the regulator has room to.

        The DAC is not where it was put: whatever is written next would be a step [S-01, S-08]. The
        fast converter says so within a pass, before the precise one has a frame of it.
        """
        drive_na = self._drive_na
        a_ua = self.snapshot[SN_A_UA]
        if (
            drive_na - a_ua * 1000 <= LOST_NA + (drive_na >> LOST_SHIFT)
            or self.snapshot[SN_E2_MV] < a_ua * 2 + LOST_E2_MV
            or not self.snapshot[SN_FEED]
        ):
            self._lost_ms = 0
            if self._losses_ms > 0:
                self._losses_ms -= dt_ms
            return False
        if not self._lost_ms:
            self._losses_ms += LOSS_MS
        self._lost_ms += dt_ms
        if self._lost_ms >= LOST_MS or self._losses_ms > LOSSES_MS:
            self.stop()
            self.found |= DAC
        return True

    def drive(self, target_na, dt_ms):
        """One tick towards `target_na`. Returns 0, or BAD_REQUEST where the limiter refused."""
        was_na = self.regulator.setpoint_na
        drive_na = self._wish(target_na, dt_ms)
        drive_na = self.limiter.step(drive_na, dt_ms)
        if drive_na is None:
            self.stop()
            self.found |= BAD_REQUEST
            return BAD_REQUEST
        setpoint_na = self.regulator.setpoint_na
        if setpoint_na != was_na:
            self._moved_ms = 0
        elif self._moved_ms < _STALE_MS:
            self._moved_ms += dt_ms
        may_flow_ua = self._may_flow_ua(drive_na, setpoint_na)
        # Up before the current rises, down after it has fallen: the bus and an interrupt may take
        # longer between the two than the guard waits.
        if may_flow_ua > self.request[RQ_SETPOINT_UA]:
            self.request[RQ_SETPOINT_UA] = may_flow_ua
        if self._lost(dt_ms):
            return 0  # nothing is written: it would be a step back up
        # The most that the DAC was told of late.
        if drive_na > self._most_na:
            self._most_na = drive_na
        self._most_ms += dt_ms
        if self._most_ms >= _STALE_MS:
            self._were_na = self._most_na
            self._most_na = drive_na
            self._most_ms = 0
        self._drive_na = drive_na
        setpoint_na -= self.measurement.divider_na
        if (setpoint_na >= BLEED_NA) is not self.bleed_opens:
            self._let_open(setpoint_na)
        self._put(drive_na)
        self.request[RQ_SETPOINT_UA] = may_flow_ua
        return 0

    def _wish(self, target_na, dt_ms):
        highest_na = self._highest(target_na, dt_ms)
        return self.regulator.step(target_na, self.measurement, self.fresh, dt_ms, highest_na)

    def _highest(self, target_na, dt_ms):
        setpoint_na = self.regulator.setpoint_na
        if setpoint_na >= target_na:
            return target_na
        if self.limiter.steep:
            return self._steeply(setpoint_na, dt_ms)
        return self.limiter.highest(setpoint_na, dt_ms)

    def _steeply(self, setpoint_na, dt_ms):
        """As the guard sees it: by the time since the last rise, less than the tick where that
        comes early after a late one, and no further than a frame has seen."""
        now_ms = self._board.ticks_ms()
        since_ms = (now_ms - self._risen_ms) & _WRAP
        self._risen_ms = now_ms
        highest_na = self.limiter.highest(setpoint_na, since_ms if since_ms < dt_ms else dt_ms)
        ahead_na = self.measurement.load_na + _AHEAD_NA
        if highest_na <= ahead_na:
            return highest_na
        return ahead_na if ahead_na > setpoint_na else setpoint_na

    def _may_flow_ua(self, drive_na, setpoint_na):
        """The guard's setpoint: what may flow through either sense, rounded up."""
        may_flow_na = drive_na + self.measurement.divider_na
        ua = ((may_flow_na if may_flow_na > setpoint_na else setpoint_na) + 999) // 1000
        return ua if ua < 500 else 500

    def _put(self, drive_na):
        code = self.measurement.calibration.code(drive_na, self._board.dac_codes)
        if code != self.code:
            self.code = code
            self._board.write_dac(code)
