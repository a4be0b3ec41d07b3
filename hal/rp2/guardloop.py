"""The guard's endless loop on core 1: machine code in RAM that calls nothing and waits for nobody.

Gathers what a pass needs, judges, feeds both dead-men or drops the gate, and begins again. What
stands between the marks is firmware/guard.py's, put in here by `python -m ionwand.release.inline`
(a test compares): a call would go through the interpreter, which lies in flash. It allocates
nothing and can raise nothing, for only calls can.
"""

import micropython
from micropython import const

# Words of `io`; addresses come as numbers because machine code can't import them, and a number
# above 2**30 in machine code is an object in flash.
IO_TURN = const(0)  # 0: stand still; another number: run, with the arrays as they then are
IO_STANDS = const(1)  # 1: it stands still
IO_SAMPLES = const(2)  # addresses of the guard's arguments
IO_REQUEST = const(3)
IO_SNAPSHOT = const(4)
IO_CLOCK = const(5)  # µs since reset
IO_COUNT = const(6)  # the DMA's transfer count, which moves with every sample
IO_FIFO_STATUS = const(7)
IO_INPUTS = const(8)
IO_COMPARATOR = const(9)  # number of its pin
IO_FEEDS = const(10)  # 1 dead-man, 2 monostable
IO_FEED_WORD = const(11)
IO_FEED_ADDRESS = const(12)
IO_KILL_WORD = const(13)
IO_KILL_ADDRESS = const(14)
IO_EDGE_MASK = const(15)
IO_EDGE_SET = const(16)
IO_EDGE_CLEAR = const(17)
IO_WORST_US = const(18)  # the longest time from one pass to the next
IO_SIZE = const(19)

_EDGE = const(0x100)  # this bit of the clock is the monostable's feed: an edge every 512 µs
_OVERFLOW = const(0x800)  # a sample was lost: the ring's order is no longer known
_WRAP = const(0x3FFFFFFF)
# --- from firmware/guard.py ---
_RQ_HEARTBEAT = const(0)
_RQ_ARM = const(1)
_RQ_OUTPUT = const(2)
_RQ_SETPOINT_UA = const(3)
_RQ_BRIDGE = const(4)
_RQ_FRAME = const(5)
_RQ_PRECISE_A_UA = const(6)
_RQ_LOAD_MV = const(7)
_RQ_SIZE = const(8)
_SN_DT_US = const(0)
_SN_LATCH = const(1)
_SN_PASSES = const(2)
_SN_FEED = const(3)
_SN_A_UA = const(4)
_SN_B_UA = const(5)
_SN_E2_MV = const(6)
_SN_BATTERY_SUM = const(7)
_SN_QUIET_US = const(8)
_ARMED = const(9)
_SN_TRIPS = const(10)
_SN_FIRST = const(11)
_SN_LIFTED = const(12)
NO_BLEED = const(2)
_SN_OUTPUT_MS = const(13)
_SN_SESSION_MS = const(14)
_SN_CHARGE_UC = const(15)
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
_MARK_US = const(30)
_AWAY_US = const(31)
_STEEP = const(32)
_FLOWED_UA = const(33)
_SN_CEILING_PA = const(34)
_SN_TRIP_A_UA = const(35)
_SN_TRIP_B_UA = const(36)
_SN_TRIP_E2_MV = const(37)
_SN_SIZE = const(38)
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
_RAMP_PA_PER_US = const(70)
_HOP_PA_PER_US = const(612)
_BOUNCE_PA_PER_US = const(1530)
_BOUNCE_US = const(90_000)
_HOP_US = const(2_060_000)
_RISE_MARGIN_UA = const(17)
_FLOWS_UA = const(15)
_MILLION = const(1_000_000)
_PERCENT = const(41944)
# --- end ---


@micropython.viper
def watch(io: ptr32):
    """For ever, on core 1."""
    while True:
        # At a standstill nobody feeds, and both dead-men fall by themselves.
        ptr32(io[IO_KILL_ADDRESS])[0] = io[IO_KILL_WORD]
        io[IO_STANDS] = 1
        while io[IO_TURN] == 0:
            pass
        io[IO_STANDS] = 0
        # The first two names have registers of their own, all others lie on the stack [P-03].
        snapshot = ptr32(io[IO_SNAPSHOT])
        samples = ptr16(io[IO_SAMPLES])
        request = ptr32(io[IO_REQUEST])
        turn = io[IO_TURN]
        last_us = ptr32(io[IO_CLOCK])[0]
        last_count = ptr32(io[IO_COUNT])[0]
        while io[IO_TURN] == turn:
            now_us = ptr32(io[IO_CLOCK])[0]
            since_us = (now_us - last_us) & _WRAP
            last_us = now_us
            # Samples lost or standing still: a pass without a time, which the guard calls late.
            count = ptr32(io[IO_COUNT])[0]
            if count == last_count or ptr32(io[IO_FIFO_STATUS])[0] & _OVERFLOW:
                since_us = 0
            last_count = count
            snapshot[0] = since_us
            snapshot[1] = (ptr32(io[IO_INPUTS])[0] >> io[IO_COMPARATOR]) & 1
            # --- from firmware/guard.py ---
            a_ua = ((samples[0] + samples[4] + samples[8] + samples[12]) & 0x3FFF) * 6600 >> 16
            b_ua = ((samples[1] + samples[5] + samples[9] + samples[13]) & 0x3FFF) * 2645 >> 16
            e2_mv = ((samples[2] + samples[6] + samples[10] + samples[14]) & 0x3FFF) * 2081 >> 10
            most_ua = a_ua
            apart_ua = a_ua - b_ua
            if apart_ua < 0:
                apart_ua = b_ua - a_ua
                most_ua = b_ua
            snapshot[_SN_A_UA] = a_ua
            snapshot[_SN_B_UA] = b_ua
            snapshot[_SN_E2_MV] = e2_mv
            snapshot[_SN_BATTERY_SUM] = samples[3] + samples[7] + samples[11] + samples[15]
            snapshot[_SN_PASSES] = (snapshot[_SN_PASSES] + 1) & 0x1FFFFFFF
            was_on = snapshot[_SN_FEED]
            trips = 0
            output = request[_RQ_OUTPUT]
            arm = request[_RQ_ARM]
            heartbeat = request[_RQ_HEARTBEAT]
            frame = request[_RQ_FRAME]
            setpoint_ua = request[_RQ_SETPOINT_UA]
            if not 0 <= setpoint_ua <= _SETPOINT_MAX_UA:
                setpoint_ua = 0
                trips |= _TRIP_BAD_REQUEST
            if arm != snapshot[_ARMED] and output == 0 and was_on == 0:
                snapshot[_ARMED] = arm
                if arm != 0:
                    snapshot[_SN_TRIPS] = 0
                    snapshot[_SN_FIRST] = 0
                    snapshot[_SN_LIFTED] = 0
                    snapshot[_SN_OUTPUT_MS] = 0
                    snapshot[_SN_SESSION_MS] = 0
                    snapshot[_SN_CHARGE_UC] = 0
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
                    snapshot[_SN_CEILING_PA] = 0
                    snapshot[_SN_TRIP_A_UA] = 0
                    snapshot[_SN_TRIP_B_UA] = 0
                    snapshot[_SN_TRIP_E2_MV] = 0
            dt_us = snapshot[_SN_DT_US]
            if not 1 <= dt_us <= _PASS_MAX_US:
                dt_us = _PASS_MAX_US
                if was_on != 0:
                    trips |= _TRIP_GUARD_LATE
            if snapshot[_ARMED] != 0 and snapshot[_SN_SESSION_MS] < _SESSION_MAX_MS:
                rest = snapshot[_SESSION_REST_US] + dt_us
                while rest >= 1000:
                    rest -= 1000
                    snapshot[_SN_SESSION_MS] = snapshot[_SN_SESSION_MS] + 1
                snapshot[_SESSION_REST_US] = rest
            quiet_loop_us = 0
            if heartbeat == snapshot[_HEARTBEAT]:
                quiet_loop_us = snapshot[_HEARTBEAT_US]
                if quiet_loop_us <= _HEARTBEAT_MAX_US:
                    quiet_loop_us += dt_us
            snapshot[_HEARTBEAT] = heartbeat
            snapshot[_HEARTBEAT_US] = quiet_loop_us
            if not most_ua < _OVER_CURRENT_UA:
                trips |= _TRIP_OVER_CURRENT
            if snapshot[_SN_LATCH] != 0:
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
            lifted = snapshot[_SN_LIFTED]
            over_us = 0
            leak_us = 0
            still_us = 0
            on_us = 0
            if was_on == 0:
                if not most_ua < _GATE_LEAK_UA:
                    leak_us = snapshot[_LEAK_US] + dt_us
                    if not leak_us < _GATE_LEAK_US:
                        trips |= _TRIP_GATE_LEAK
                        leak_us = _GATE_LEAK_US
                if most_ua < _QUIET_UA:
                    still_us = snapshot[_SN_QUIET_US]
                    if still_us < 1_000_000:
                        still_us += dt_us
            else:
                on_us = snapshot[_ON_US]
                if on_us <= _SETTLE_US:
                    on_us += dt_us
                margin_ua = setpoint_ua * (_OVER_SETPOINT_PERCENT * _PERCENT) >> 22
                if margin_ua < _OVER_SETPOINT_UA:
                    margin_ua = _OVER_SETPOINT_UA
                if not most_ua <= setpoint_ua + margin_ua:
                    over_us = snapshot[_OVER_US] + dt_us
                    if not over_us < _OVER_SETPOINT_US:
                        trips |= _TRIP_OVER_SETPOINT
                elif on_us > _SETTLE_US:
                    if a_ua < _OPEN_UA and e2_mv < _OPEN_E2_MV:
                        lifted = 1
                    if a_ua * 2 < setpoint_ua - _OPEN_UA and e2_mv < a_ua * 2 + _OPEN_E2_MV:
                        lifted = 1
                    if not fallen_mv * 1000 <= may_fall_uv:
                        lifted = 1
                    if setpoint_ua <= _BLED_UA and a_ua < _OPEN_UA and e2_mv < _OPEN_E2_MV:
                        lifted = NO_BLEED
                if setpoint_ua > _OPEN_UA:
                    rest = snapshot[_OUTPUT_REST_US] + dt_us
                    while rest >= 1000:
                        rest -= 1000
                        snapshot[_SN_OUTPUT_MS] = snapshot[_SN_OUTPUT_MS] + 1
                    snapshot[_OUTPUT_REST_US] = rest
                rest = snapshot[_CHARGE_REST_PC] + most_ua * dt_us
                while rest >= 1_000_000:
                    rest -= 1_000_000
                    snapshot[_SN_CHARGE_UC] = snapshot[_SN_CHARGE_UC] + 1
                snapshot[_CHARGE_REST_PC] = rest
                if frame != snapshot[_FRAME] and on_us > _SETTLE_US:
                    precise_ua = request[_RQ_PRECISE_A_UA] & 0xFFFF
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
                        if not (request[_RQ_LOAD_MV] & 0xFFFF) * 1000 >= a_ua * _SHORT_LOAD_OHM:
                            frames = snapshot[_FRAMES_SHORT] + 1
                            if not frames < _SHORT_LOAD_FRAMES:
                                trips |= _TRIP_LOAD_SHORT
                    snapshot[_FRAMES_SHORT] = frames
            snapshot[_FRAME] = frame
            snapshot[_OVER_US] = over_us
            snapshot[_LEAK_US] = leak_us
            snapshot[_SN_QUIET_US] = still_us
            snapshot[_ON_US] = on_us
            away_us = snapshot[_AWAY_US]
            steep = snapshot[_STEEP]
            flowed_ua = snapshot[_FLOWED_UA]
            ceiling_pa = snapshot[_SN_CEILING_PA]
            if was_on != 0 and a_ua >= _FLOWS_UA:
                away_us = 0
            elif away_us < _HOP_US:
                away_us += dt_us
            if setpoint_ua <= _OPEN_UA:
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
            snapshot[_SN_CEILING_PA] = ceiling_pa
            if output == 0:
                lifted = 0
            else:
                if not snapshot[_SN_SESSION_MS] < _SESSION_MAX_MS:
                    trips |= _TRIP_TIME_CAP
                if not snapshot[_SN_OUTPUT_MS] < _OUTPUT_MAX_MS:
                    trips |= _TRIP_TIME_CAP
                if not snapshot[_SN_CHARGE_UC] < _CHARGE_MAX_UC:
                    trips |= _TRIP_CHARGE_CAP
                if not quiet_loop_us <= _HEARTBEAT_MAX_US:
                    trips |= _TRIP_HEARTBEAT
                bridge = request[_RQ_BRIDGE]
                locked = snapshot[_LOCKED_BRIDGE]
                if locked == 0 and 1 <= bridge <= 2:
                    locked = bridge
                    snapshot[_LOCKED_BRIDGE] = bridge
                if not (snapshot[_ARMED] != 0 and bridge != 0 and bridge == locked):
                    trips |= _TRIP_BAD_REQUEST
            if trips != 0 and snapshot[_SN_TRIPS] == 0:
                snapshot[_SN_FIRST] = trips
                snapshot[_SN_TRIP_A_UA] = a_ua
                snapshot[_SN_TRIP_B_UA] = b_ua
                snapshot[_SN_TRIP_E2_MV] = e2_mv
            trips |= snapshot[_SN_TRIPS]
            snapshot[_SN_TRIPS] = trips
            snapshot[_SN_LIFTED] = lifted
            feed = 0
            if output == 1 and trips == 0 and lifted == 0:
                feed = 1
            snapshot[_SN_FEED] = feed
            # --- end ---
            if feed == 1:
                feeds = io[IO_FEEDS]
                if feeds & 1:
                    ptr32(io[IO_FEED_ADDRESS])[0] = io[IO_FEED_WORD]
                if feeds & 2:
                    if now_us & _EDGE:
                        ptr32(io[IO_EDGE_SET])[0] = io[IO_EDGE_MASK]
                    else:
                        ptr32(io[IO_EDGE_CLEAR])[0] = io[IO_EDGE_MASK]
            else:
                ptr32(io[IO_KILL_ADDRESS])[0] = io[IO_KILL_WORD]
            # For whoever wants to know: a pass follows a pass.
            if since_us > io[IO_WORST_US]:
                io[IO_WORST_US] = since_us
