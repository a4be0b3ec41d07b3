"""The guard: one short integer pass, over and over, that alone permits output.

It knows neither session nor product. It sees the fast converter's samples and a small array of
requests, and answers 1 (feed the dead-man for 3 ms more) or 0 (drop the gate now). Checks are
written as acceptance, and what has tripped stays tripped until the next arming [S-02 to S-10].

On the chip it is viper code in an endless loop on a core of its own (hal/rp2/guardloop.py has
its body), on a PC and in a browser plain Python. So: no allocation, no call, no exception, nothing
above 2**30, and no negative number in an array (viper zero-extends 32-bit loads on 64-bit
machines). The main loop writes and reads while it runs: it reads each word of the request once,
and writes what others read once a pass. All its counts are times. It uses nominal scale factors
and no calibration: no record on flash can move a limit.
"""

import micropython
from micropython import const

from firmware import faults, limits

# --- request: written by the main loop, read here ---
RQ_HEARTBEAT = const(0)  # any change is a sign of life
RQ_ARM = const(1)  # session token: 0 disarmed; a new one clears trips and counters
RQ_OUTPUT = const(2)  # 1 asks for output
RQ_SETPOINT_UA = const(3)
RQ_BRIDGE = const(4)  # 1 return electrode +, 2 return electrode -
RQ_FRAME = const(5)  # number of the precise converter's latest frame
RQ_PRECISE_A_UA = const(6)  # its sense A
RQ_LOAD_MV = const(7)  # its load voltage, leads included
RQ_SIZE = const(8)

# --- snapshot: the first two written by the board just before a pass, the rest here ---
SN_DT_US = const(0)  # time since the last pass
SN_LATCH = const(1)  # comparator latch pin
SN_PASSES = const(2)  # counts passes, wraps at 2**29
SN_FEED = const(3)  # what the last pass answered
SN_A_UA = const(4)
SN_B_UA = const(5)
SN_E2_MV = const(6)  # low rail of the bridge
SN_BATTERY_SUM = const(7)  # four codes of battery / 3
SN_QUIET_US = const(8)  # gate off and no current for so long, up to 1 s
_ARMED = const(9)
# From here on cleared by arming.
SN_TRIPS = const(10)  # fault bits
SN_FIRST = const(11)  # those that came first
SN_LIFTED = const(12)  # 1: an open circuit ended the output; RQ_OUTPUT = 0 clears it
NO_BLEED = const(2)  # what SN_LIFTED is then where the bleed was closed: no lift looks like that
SN_OUTPUT_MS = const(13)
SN_SESSION_MS = const(14)
SN_CHARGE_UC = const(15)
_LOCKED_BRIDGE = const(16)
_HEARTBEAT = const(17)
_HEARTBEAT_US = const(18)
_OVER_US = const(19)
_APART_US = const(20)
_LEAK_US = const(21)
_ON_US = const(22)
_FRAME = const(23)
_FRAMES_APART = const(24)
_FRAMES_SHORT = const(25)
_OUTPUT_REST_US = const(26)
_SESSION_REST_US = const(27)
_CHARGE_REST_PC = const(28)
_MARK_E2_MV = const(29)
_MARK_US = const(30)  # age of that mark
_AWAY_US = const(31)  # since current last flowed through skin, up to a lift
_STEEP = const(32)  # 2 after a bounce, 1 after a hop, 0: as slowly as ever
_FLOWED_UA = const(33)  # what flowed before
SN_CEILING_PA = const(34)  # what the setpoint may be now
# What the pass saw that tripped first: for the black box, nothing is judged by it.
SN_TRIP_A_UA = const(35)
SN_TRIP_B_UA = const(36)
SN_TRIP_E2_MV = const(37)
SN_SIZE = const(38)

# --- what it judges by ---
# limits.py and faults.py decide these numbers, see the end. They stand here again because viper
# makes machine code of the numbers of its own file alone, and of those above it.
_TRIP_OVER_CURRENT = const(1 << 0)
_TRIP_OVER_SETPOINT = const(1 << 1)
_TRIP_SENSE_MISMATCH = const(1 << 2)
_TRIP_PRECISE_MISMATCH = const(1 << 3)
_TRIP_LOAD_SHORT = const(1 << 4)
_TRIP_GATE_LEAK = const(1 << 5)
_TRIP_HEARTBEAT = const(1 << 6)
_TRIP_GUARD_LATE = const(1 << 7)
_TRIP_COMPARATOR = const(1 << 8)
_TRIP_BAD_REQUEST = const(1 << 9)
_TRIP_TIME_CAP = const(1 << 10)
_TRIP_CHARGE_CAP = const(1 << 11)
_SETPOINT_MAX_UA = const(500)
_OVER_CURRENT_UA = const(550)
_OVER_SETPOINT_UA = const(15)
_OVER_SETPOINT_PERCENT = const(10)
_OVER_SETPOINT_US = const(1400)
_MISMATCH_UA = const(20)
_MISMATCH_PERCENT = const(10)
_MISMATCH_US = const(2400)
_MISMATCH_FRAMES = const(5)
_SHORT_LOAD_OHM = const(1700)
_SHORT_LOAD_MIN_UA = const(50)
_SHORT_LOAD_FRAMES = const(5)
_OPEN_UA = const(6)
_OPEN_E2_MV = const(600)
_BLED_UA = const(3)
_OPEN_SLEW_MV_PER_MS = const(5000)
_OPEN_SLEW_SMALL_MV_PER_MS = const(1000)
_OPEN_SLEW_FROM_UA = const(5)
_OPEN_SLEW_BELOW_UA = const(50)
_OPEN_SLEW_SMALL_US = const(1500)
_OPEN_SLEW_US = const(500)
_SETTLE_US = const(3000)
_OUTPUT_MAX_MS = const(900_000)
_SESSION_MAX_MS = const(1_200_000)
_CHARGE_MAX_UC = const(300_000)
_HEARTBEAT_MAX_US = const(100_000)
_PASS_MAX_US = const(3000)
_GATE_LEAK_UA = const(15)
_GATE_LEAK_US = const(5000)
_QUIET_UA = const(5)
_RAMP_PA_PER_US = const(70)  # nA/ms: 68 and the readings' own 2 %
_HOP_PA_PER_US = const(612)
_BOUNCE_PA_PER_US = const(1530)
_BOUNCE_US = const(90_000)  # absence and search
_HOP_US = const(2_060_000)
_RISE_MARGIN_UA = const(17)
_FLOWS_UA = const(15)
_MILLION = const(1_000_000)  # pA
_PERCENT = const(41944)  # n * this >> 22 is n // 100 up to 16 500, and ten times faster [P-03]


# --- the guard itself ---
@micropython.viper
def guard_pass(samples: ptr16, request: ptr32, snapshot: ptr32) -> int:
    """Judge one moment. Returns 1 to feed the dead-man, 0 to drop the gate.

    samples: 16 codes of 12 bits, [sense A, sense B, e2, battery] x 4, nominal 3.3 V full scale.
    request, snapshot: arrays of 32-bit integers, laid out as above.
    """
    # What is measured: means of four through 2.00 V/mA, 4.99 V/mA and 1.1/11.1 [E].
    a_ua = ((samples[0] + samples[4] + samples[8] + samples[12]) & 0x3FFF) * 6600 >> 16
    b_ua = ((samples[1] + samples[5] + samples[9] + samples[13]) & 0x3FFF) * 2645 >> 16
    e2_mv = ((samples[2] + samples[6] + samples[10] + samples[14]) & 0x3FFF) * 2081 >> 10
    most_ua = a_ua
    apart_ua = a_ua - b_ua
    if apart_ua < 0:
        apart_ua = b_ua - a_ua
        most_ua = b_ua
    snapshot[SN_A_UA] = a_ua
    snapshot[SN_B_UA] = b_ua
    snapshot[SN_E2_MV] = e2_mv
    snapshot[SN_BATTERY_SUM] = samples[3] + samples[7] + samples[11] + samples[15]
    snapshot[SN_PASSES] = (snapshot[SN_PASSES] + 1) & 0x1FFFFFFF
    was_on = snapshot[SN_FEED]
    trips = 0

    # What is asked for, each word read once: the main loop may write while this runs. It must
    # itself be allowed [S-01].
    output = request[RQ_OUTPUT]
    arm = request[RQ_ARM]
    heartbeat = request[RQ_HEARTBEAT]
    frame = request[RQ_FRAME]  # before its values, which are written before it
    setpoint_ua = request[RQ_SETPOINT_UA]
    if not 0 <= setpoint_ua <= _SETPOINT_MAX_UA:
        setpoint_ua = 0
        trips |= _TRIP_BAD_REQUEST

    # Arming: a new token clears trips and counters, but never under output. Disarming (0) leaves
    # them to be read.
    if arm != snapshot[_ARMED] and output == 0 and was_on == 0:
        snapshot[_ARMED] = arm
        if arm != 0:
            # One after the other: a loop over them takes 7 µs of this pass [P-03].
            snapshot[SN_TRIPS] = 0
            snapshot[SN_FIRST] = 0
            snapshot[SN_LIFTED] = 0
            snapshot[SN_OUTPUT_MS] = 0
            snapshot[SN_SESSION_MS] = 0
            snapshot[SN_CHARGE_UC] = 0
            snapshot[_LOCKED_BRIDGE] = 0
            snapshot[_HEARTBEAT] = 0
            snapshot[_HEARTBEAT_US] = 0
            snapshot[_OVER_US] = 0
            snapshot[_APART_US] = 0
            snapshot[_LEAK_US] = 0
            snapshot[_ON_US] = 0
            snapshot[_FRAME] = 0
            snapshot[_FRAMES_APART] = 0
            snapshot[_FRAMES_SHORT] = 0
            snapshot[_OUTPUT_REST_US] = 0
            snapshot[_SESSION_REST_US] = 0
            snapshot[_CHARGE_REST_PC] = 0
            snapshot[_MARK_E2_MV] = 0
            snapshot[_MARK_US] = 0
            snapshot[_AWAY_US] = 0
            snapshot[_STEEP] = 0
            snapshot[_FLOWED_UA] = 0
            snapshot[SN_CEILING_PA] = 0
            snapshot[SN_TRIP_A_UA] = 0
            snapshot[SN_TRIP_B_UA] = 0
            snapshot[SN_TRIP_E2_MV] = 0

    # Time: of the session, of the main loop's last sign of life, and of this pass itself.
    dt_us = snapshot[SN_DT_US]
    if not 1 <= dt_us <= _PASS_MAX_US:
        dt_us = _PASS_MAX_US
        if was_on != 0:
            trips |= _TRIP_GUARD_LATE
    if snapshot[_ARMED] != 0 and snapshot[SN_SESSION_MS] < _SESSION_MAX_MS:
        # Rests by subtraction: few turns, and division is slow in machine code, as is += on an
        # array's word [P-03].
        rest = snapshot[_SESSION_REST_US] + dt_us
        while rest >= 1000:
            rest -= 1000
            snapshot[SN_SESSION_MS] = snapshot[SN_SESSION_MS] + 1
        snapshot[_SESSION_REST_US] = rest
    quiet_loop_us = 0
    if heartbeat == snapshot[_HEARTBEAT]:
        quiet_loop_us = snapshot[_HEARTBEAT_US]
        if quiet_loop_us <= _HEARTBEAT_MAX_US:
            quiet_loop_us += dt_us
    snapshot[_HEARTBEAT] = heartbeat
    snapshot[_HEARTBEAT_US] = quiet_loop_us

    # Current: too much at all, hardware latch, or two senses that disagree [S-02, S-03].
    if not most_ua < _OVER_CURRENT_UA:
        trips |= _TRIP_OVER_CURRENT
    if snapshot[SN_LATCH] != 0:
        trips |= _TRIP_COMPARATOR
    margin_ua = most_ua * (_MISMATCH_PERCENT * _PERCENT) >> 22
    if margin_ua < _MISMATCH_UA:
        margin_ua = _MISMATCH_UA
    apart_us = 0
    if not apart_ua <= margin_ua:
        apart_us = snapshot[_APART_US] + dt_us
        if not apart_us < _MISMATCH_US:
            trips |= _TRIP_SENSE_MISMATCH
            apart_us = _MISMATCH_US
    snapshot[_APART_US] = apart_us

    # How far the low rail has fallen since a mark of a while ago, and how far it may have, which
    # goes with the current: from one pass to the next a step of the converter would be a fall.
    mark_us = snapshot[_MARK_US] + dt_us
    fallen_mv = snapshot[_MARK_E2_MV] - e2_mv
    over_us = _OPEN_SLEW_US
    small = 0
    if _OPEN_SLEW_FROM_UA <= setpoint_ua < _OPEN_SLEW_BELOW_UA:
        over_us = _OPEN_SLEW_SMALL_US
        small = 1
    if not mark_us < over_us:
        over_us = mark_us
        snapshot[_MARK_E2_MV] = e2_mv
        mark_us = 0
    may_fall_uv = over_us * _OPEN_SLEW_MV_PER_MS
    if small != 0:
        may_fall_uv = over_us * _OPEN_SLEW_SMALL_MV_PER_MS
    snapshot[_MARK_US] = mark_us

    lifted = snapshot[SN_LIFTED]
    over_us = 0
    leak_us = 0
    still_us = 0
    on_us = 0
    if was_on == 0:
        # Off means no current; the bridge may move only after a while of that [S-09].
        if not most_ua < _GATE_LEAK_UA:
            leak_us = snapshot[_LEAK_US] + dt_us
            if not leak_us < _GATE_LEAK_US:
                trips |= _TRIP_GATE_LEAK
                leak_us = _GATE_LEAK_US
        if most_ua < _QUIET_UA:
            still_us = snapshot[SN_QUIET_US]
            if still_us < 1_000_000:
                still_us += dt_us
    else:
        on_us = snapshot[_ON_US]
        if on_us <= _SETTLE_US:
            on_us += dt_us
        # More than asked for [S-02].
        margin_ua = setpoint_ua * (_OVER_SETPOINT_PERCENT * _PERCENT) >> 22
        if margin_ua < _OVER_SETPOINT_UA:
            margin_ua = _OVER_SETPOINT_UA
        if not most_ua <= setpoint_ua + margin_ua:
            over_us = snapshot[_OVER_US] + dt_us
            if not over_us < _OVER_SETPOINT_US:
                trips |= _TRIP_OVER_SETPOINT
        # Open circuit: a pause and no fault [S-04].
        elif on_us > _SETTLE_US:
            # Open, or half open: far less flows than asked for, though M1 is fully on.
            if a_ua < _OPEN_UA and e2_mv < _OPEN_E2_MV:
                lifted = 1
            if a_ua * 2 < setpoint_ua - _OPEN_UA and e2_mv < a_ua * 2 + _OPEN_E2_MV:
                lifted = 1
            if not fallen_mv * 1000 <= may_fall_uv:
                lifted = 1
            # So little is asked for that the bleed is closed, and holds an open output [S-21].
            if setpoint_ua <= _BLED_UA and a_ua < _OPEN_UA and e2_mv < _OPEN_E2_MV:
                lifted = NO_BLEED
        # Caps on time and charge, counted here and nowhere else believed [S-07].
        # A search that drives nothing is no output.
        if setpoint_ua > _OPEN_UA:
            rest = snapshot[_OUTPUT_REST_US] + dt_us
            while rest >= 1000:
                rest -= 1000
                snapshot[SN_OUTPUT_MS] = snapshot[SN_OUTPUT_MS] + 1
            snapshot[_OUTPUT_REST_US] = rest
        rest = snapshot[_CHARGE_REST_PC] + most_ua * dt_us
        while rest >= 1_000_000:
            rest -= 1_000_000
            snapshot[SN_CHARGE_UC] = snapshot[SN_CHARGE_UC] + 1
        snapshot[_CHARGE_REST_PC] = rest
        # The precise converter against the fast one, and against the leads [S-03, S-05].
        if frame != snapshot[_FRAME] and on_us > _SETTLE_US:
            precise_ua = request[RQ_PRECISE_A_UA] & 0xFFFF
            apart_ua = precise_ua - a_ua
            if apart_ua < 0:
                apart_ua = a_ua - precise_ua
            margin_ua = a_ua * (_MISMATCH_PERCENT * _PERCENT) >> 22
            if margin_ua < _MISMATCH_UA:
                margin_ua = _MISMATCH_UA
            frames = 0
            if not apart_ua <= margin_ua:
                frames = snapshot[_FRAMES_APART] + 1
                if not frames < _MISMATCH_FRAMES:
                    trips |= _TRIP_PRECISE_MISMATCH
            snapshot[_FRAMES_APART] = frames
            frames = 0
            if a_ua > _SHORT_LOAD_MIN_UA:
                if not (request[RQ_LOAD_MV] & 0xFFFF) * 1000 >= a_ua * _SHORT_LOAD_OHM:
                    frames = snapshot[_FRAMES_SHORT] + 1
                    if not frames < _SHORT_LOAD_FRAMES:
                        trips |= _TRIP_LOAD_SHORT
            snapshot[_FRAMES_SHORT] = frames
    snapshot[_FRAME] = frame
    snapshot[_OVER_US] = over_us
    snapshot[_LEAK_US] = leak_us
    snapshot[SN_QUIET_US] = still_us
    snapshot[_ON_US] = on_us

    # The setpoint rises slowly; faster only back to what flowed a moment ago [S-08].
    away_us = snapshot[_AWAY_US]
    steep = snapshot[_STEEP]
    flowed_ua = snapshot[_FLOWED_UA]
    ceiling_pa = snapshot[SN_CEILING_PA]
    if was_on != 0 and a_ua >= _FLOWS_UA:
        away_us = 0
    elif away_us < _HOP_US:
        away_us += dt_us
    if setpoint_ua <= _OPEN_UA:
        # Nothing is driven: what comes next depends on how long that lasts.
        steep = 1
        if away_us < _BOUNCE_US:
            steep = 2
        if not away_us < _HOP_US:
            flowed_ua = 0
        ceiling_pa = _RISE_MARGIN_UA * _MILLION
    if ceiling_pa > (flowed_ua + _RISE_MARGIN_UA) * _MILLION:
        steep = 0
    if steep == 2:
        ceiling_pa += dt_us * _BOUNCE_PA_PER_US
    elif steep == 1:
        ceiling_pa += dt_us * _HOP_PA_PER_US
    else:
        ceiling_pa += dt_us * _RAMP_PA_PER_US
        flowed_ua = setpoint_ua
    most_pa = (setpoint_ua + _RISE_MARGIN_UA) * _MILLION
    if ceiling_pa > most_pa:
        ceiling_pa = most_pa
    if not setpoint_ua * _MILLION <= ceiling_pa:
        trips |= _TRIP_BAD_REQUEST
    snapshot[_AWAY_US] = away_us
    snapshot[_STEEP] = steep
    snapshot[_FLOWED_UA] = flowed_ua
    snapshot[SN_CEILING_PA] = ceiling_pa

    # Output needs an armed session with time, charge and a living main loop, and one bridge
    # position from arming to the end [S-07, S-09, S-10].
    if output == 0:
        lifted = 0
    else:
        if not snapshot[SN_SESSION_MS] < _SESSION_MAX_MS:
            trips |= _TRIP_TIME_CAP
        if not snapshot[SN_OUTPUT_MS] < _OUTPUT_MAX_MS:
            trips |= _TRIP_TIME_CAP
        if not snapshot[SN_CHARGE_UC] < _CHARGE_MAX_UC:
            trips |= _TRIP_CHARGE_CAP
        if not quiet_loop_us <= _HEARTBEAT_MAX_US:
            trips |= _TRIP_HEARTBEAT
        bridge = request[RQ_BRIDGE]
        locked = snapshot[_LOCKED_BRIDGE]
        if locked == 0 and 1 <= bridge <= 2:
            locked = bridge
            snapshot[_LOCKED_BRIDGE] = bridge
        if not (snapshot[_ARMED] != 0 and bridge != 0 and bridge == locked):
            trips |= _TRIP_BAD_REQUEST

    if trips != 0 and snapshot[SN_TRIPS] == 0:
        snapshot[SN_FIRST] = trips
        snapshot[SN_TRIP_A_UA] = a_ua
        snapshot[SN_TRIP_B_UA] = b_ua
        snapshot[SN_TRIP_E2_MV] = e2_mv
    trips |= snapshot[SN_TRIPS]
    snapshot[SN_TRIPS] = trips
    snapshot[SN_LIFTED] = lifted
    feed = 0
    if output == 1 and trips == 0 and lifted == 0:
        feed = 1
    snapshot[SN_FEED] = feed  # once, and last: the main loop may read while this runs
    return feed


# --- no wand starts with a guard that judges by other numbers than these ---
if (
    _SETPOINT_MAX_UA, _OVER_CURRENT_UA, _OVER_SETPOINT_UA, _OVER_SETPOINT_PERCENT,
    _OVER_SETPOINT_US, _MISMATCH_UA, _MISMATCH_PERCENT, _MISMATCH_US, _MISMATCH_FRAMES,
    _SHORT_LOAD_OHM, _SHORT_LOAD_MIN_UA, _SHORT_LOAD_FRAMES, _OPEN_UA, _OPEN_E2_MV, _BLED_UA,
    _OPEN_SLEW_MV_PER_MS, _OPEN_SLEW_SMALL_MV_PER_MS, _OPEN_SLEW_FROM_UA, _OPEN_SLEW_BELOW_UA,
    _OPEN_SLEW_SMALL_US, _OPEN_SLEW_US, _SETTLE_US, _OUTPUT_MAX_MS, _SESSION_MAX_MS,
    _CHARGE_MAX_UC, _HEARTBEAT_MAX_US, _PASS_MAX_US, _GATE_LEAK_UA, _GATE_LEAK_US, _QUIET_UA,
    _RAMP_PA_PER_US, _HOP_PA_PER_US, _BOUNCE_PA_PER_US, _BOUNCE_US, _HOP_US, _RISE_MARGIN_UA,
    _FLOWS_UA,
) != (
    limits.SETPOINT_MAX_UA, limits.OVER_CURRENT_UA, limits.OVER_SETPOINT_UA,
    limits.OVER_SETPOINT_PERCENT, limits.OVER_SETPOINT_US, limits.MISMATCH_UA,
    limits.MISMATCH_PERCENT, limits.MISMATCH_US, limits.MISMATCH_FRAMES, limits.SHORT_LOAD_OHM,
    limits.SHORT_LOAD_MIN_UA, limits.SHORT_LOAD_FRAMES, limits.OPEN_UA, limits.OPEN_E2_MV,
    limits.BLED_UA,
    limits.OPEN_SLEW_MV_PER_MS, limits.OPEN_SLEW_SMALL_MV_PER_MS, limits.OPEN_SLEW_FROM_UA,
    limits.OPEN_SLEW_BELOW_UA, limits.OPEN_SLEW_SMALL_US, limits.OPEN_SLEW_US, limits.SETTLE_US,
    limits.OUTPUT_MAX_MS, limits.SESSION_MAX_MS, limits.CHARGE_MAX_UC, limits.HEARTBEAT_MAX_US,
    limits.PASS_MAX_US, limits.GATE_LEAK_UA, limits.GATE_LEAK_US, limits.QUIET_UA,
    limits.RAMP_MOST_NA_PER_MS, limits.HOP_MOST_NA_PER_MS, limits.BOUNCE_MOST_NA_PER_MS,
    (limits.BOUNCE_MS + limits.FOUND_MS) * 1000, (limits.HOP_MS + limits.FOUND_MS) * 1000,
    limits.RISE_MARGIN_UA, limits.FLOWS_UA,
):  # fmt: skip
    raise ImportError("firmware/guard.py and firmware/limits.py disagree: make them equal")
if (
    _TRIP_OVER_CURRENT, _TRIP_OVER_SETPOINT, _TRIP_SENSE_MISMATCH, _TRIP_PRECISE_MISMATCH,
    _TRIP_LOAD_SHORT, _TRIP_GATE_LEAK, _TRIP_HEARTBEAT, _TRIP_GUARD_LATE, _TRIP_COMPARATOR,
    _TRIP_BAD_REQUEST, _TRIP_TIME_CAP, _TRIP_CHARGE_CAP,
) != (
    faults.OVER_CURRENT, faults.OVER_SETPOINT, faults.SENSE_MISMATCH, faults.PRECISE_MISMATCH,
    faults.LOAD_SHORT, faults.GATE_LEAK, faults.HEARTBEAT, faults.GUARD_LATE, faults.COMPARATOR,
    faults.BAD_REQUEST, faults.TIME_CAP, faults.CHARGE_CAP,
):  # fmt: skip
    raise ImportError("firmware/guard.py and firmware/faults.py disagree: make them equal")
