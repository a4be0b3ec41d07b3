"""Self-test at power-on, and the proof of the cut path before every session [S-15].

Both are generators: each `yield` waits for the next tick, and the return value is 0 or the
fault bit of the first thing that was wrong. The test current goes through the internal 10.0 kΩ
dummy; a person touching the roller meets a quarter of a volt of it [S-21]. What is judged closely
is a mean over periods of the mains.
Whatever happens, app.py cuts the output when the generator ends. How long anything takes is
told by waiting.py, never by ticks: these are as long as the chip needs.
"""

from micropython import const

from firmware import faults
from firmware.guard import SN_A_UA, SN_B_UA, SN_LATCH
from firmware.limits import (
    BLEED_OHM,
    HOP_NA_PER_MS,
    LEARN_FRAMES,
    MEAN_FRAMES,
    RAIL_MAX_MV,
    RAIL_MIN_MV,
    SEARCH_QUICK_FRAMES,
)
from firmware.waiting import passed, readings, wait

_WRAP = const(0x3FFFFFFF)
_TEST_NA = const(22_000)  # enough to see the limiting diode
_PROOF_NA = const(10_000)  # enough to see it go
# K2's diode lies beside the dummy: forward where the roller is +, and the dummy seems smaller. At
# 22 µA 4.2 to 7.8 kΩ over parts and temperature, and less yet by what 12 µA more make.
_ANODE_LOW_OHM = const(2_000)
_ANODE_HIGH_OHM = const(8_200)
_TOLERANCE_NA = const(1_500)  # DAC and precise converter, not calibrated
_FAST_TOLERANCE_NA = const(2_000)  # fast converter: 2 % of 12 µA, and its steps of 0.4 µA
_DUMMY_LOW_OHM = const(8_800)  # 10.0 kΩ, 12 %: hum on 0.12 V, as a slow loop reads it
_DUMMY_HIGH_OHM = const(11_200)
# What R_SET drifts by is seen in the dummy where its diode does not conduct: a mean of 17 frames
# is right within 1.2 % rms, ripple and what is left of the dividers' offset together.
_PROOF_OHM = const(10_000)
_PROOF_OFF_OHM = const(250)  # within this at once, ...
_PROOF_MOST_OHM = const(320)  # ... or the mean of so many within that
_PROOF_TRIES = const(6)
_OPEN_READ_NA = const(2_450)  # what the bleed was read at
# Sense A on the precise converter against what the DAC was told, by the currents of a test: the
# DAC's reference 0.36 %, the converter's gain 0.15, R_SET and divider 0.3, steps 0.3.
_GAIN_PERCENT = const(2)
_GONE_PERCENT = const(20)  # the bleed alone, on three frames; with 150 kΩ beside it 24 less
_NO_CURRENT_NA = const(2_000)
# Between rail and e1 12 µA more are 12 mV over R_B and 19 mV ± 10 % over the limiting diode [E]:
# with the diode shorted only R_B is left. In codes of 1.261 mV.
_DIODE_CODES = const(19)
# From an open output's 2.4 µA to the proof's 22 it is 40 codes, 15 of them over R_B: three frames
# may be off by five, seventeen by two.
_DIODE_PROOF_CODES = const(28)
# An ADS1015 answers as an ADS1115 does, with twelve bits: these four are 0 in whatever it reads.
# Of six different codes that happens to a sound part once in 16 million.
FINE_BITS = const(15)
_SETTLE_MS = const(5)  # analog filters take 0.1 ms, the source 0.5 ms [E]
_FED_MS = const(2)  # one at least: monostable and dead-man are up
_FED_TRIES = const(8)
_PASSES_MS = const(3)  # the guard has seen a request: six passes
# With its threshold pulled down to 20.0 µA in R_B, of which the high divider takes 2.4, the
# comparator trips at 17.6 µA: 2.6 less or 2.3 more with all parts at the end of their tolerances,
# and up to a tick's 0.4 later [E]. One that is 20 % off is 4 away.
_TRIP_LOW_NA = const(14_900)
_TRIP_HIGH_NA = const(20_400)
_TRIAL_NA = const(14_000)  # steeply up to here, and slowly past where it should trip
_APART_UA = const(10)  # of 20: offsets make 4, both dividers 5
_BACK_NA = const(16_500)  # steeply up to here: the guard allows 17 after a new arming
_RELAY_MS = const(20)  # K2 moves and has bounced
_QUIET_MS = const(300)
_RAMP_MS = const(1500)  # the longest ramp here takes 0.3 s
_BOOST_MS = const(200)
_OPEN_NA = const(1_200)  # beside what the dividers take: 0.17 V on the bleed
_OPEN_PERCENT = const(25)  # the bleed alone, its 1 %, and hum on a short mean or an offset
# A dummy that never lets go and the bleed are 8.2 kΩ, 1 %, hum and ripple. Skin beside the bleed
# is more, but for a moment: its electrodes charge, to 0.1 V within seconds.
WELDED_OHM = const(11_000)
_SKIN_OHM = const(35_000)  # more is the bleed alone, that has grown perhaps
# The bleed alone, at a power-on or in a session against what was learned: 250 kΩ of gel beside it
# make 16 % less, and so they do in the first proof, of the 0.20 V that 4.3 µA make.
_BLEED_PERCENT = const(8)
_LEARN_PERCENT = const(12)  # of what 1.9 µA more make: 3 % of ripple, 2 of the converter's steps
_LEARN_NA = const(1_900)  # 0.20 V, and the bleed still closed
_LEARN_MORE_FRAMES = const(25)  # 1 % of ripple is left
_UNMOVED_TRIES = const(8)  # 1.5 s from the first on: the voltage of skin goes past the bleed's
_UNMOVED_SLOW = const(3)  # 2 s, where each takes 0.7
_UNMOVED_SHIFT = const(2)  # a quarter of what the bleed makes of a current: noise makes a sixth
_PROOFS = const(3)  # a hand may let go in two of them, as the bleed is learned and after that
_MOVED_OHM = const(500)  # a tenth of what turning the dummy's diode makes
_REACHED_MS = const(15)  # 4 µA at 600 µA/s, and filters: what is the bleed's alone may be steep
_TAPER = const(9)  # frames until one counts in full: a period of the mains
_SOME_FRAMES = const(10)  # 60 ms, periods of 50 Hz: what is judged by it is wide enough
_OPEN_MS = const(30)  # an open output is seen within 20 ms of 2 µA
_OPEN_FOR_MS = const(10_000)  # to take the roller off the skin
_GATE_MS = const(10)  # guard and gate start within one
_FRAME_MAX_MS = const(50)  # a frame takes 6 ms; output.py sees one that is missing [S-19]
# Dead-man and monostable fall in 3 ms, 10 % and a millisecond's rounding included. A tick comes up
# to 5 ms later: whatever takes three times too long is still up then.
_FALL_MS = const(4)
# K1 opens within 2.5 ms, and the dividers empty an output of 2 nF in 11: 27 V are 5 by then [E].
_DRAINED_MS = const(20)
_DRAINED_MV = const(10_000)

# What `_mean` gives.
_LOAD_NA = const(1)
_LOAD_MV = const(2)
_CODES = const(3)
_APART_NA = const(6)  # sense A on the precise converter, above what the DAC was told


def self_test(output, board):
    """All of it, about 0.7 s. Generator; returns a fault bit or 0."""
    board.set_rail(True)
    board.set_switches(True, True)
    yield
    board.timer_ticks()  # from here on it counts
    if not board.check_adc():
        return faults.ADC_CONFIG
    if board.check_files() is not None:
        return faults.FILES
    first = output.measurement.frame
    since_ms = board.ticks_ms()
    while not passed(output, since_ms, _BOOST_MS):
        frames = (output.measurement.frame - first) & _WRAP
        if output.quiet and frames >= 2 and _rail_good(output):
            break
        yield
    if not _rail_good(output):
        return faults.RAIL
    if not (output.quiet and output.measurement.a_na < _NO_CURRENT_NA):
        return faults.ZERO_READING
    bits = _bits(board)
    # What one reading is wrong in, hum may have made; what the dummy is, who let go of it.
    for frames in (_SOME_FRAMES, MEAN_FRAMES, 2 * MEAN_FRAMES, 4 * MEAN_FRAMES):
        fault = yield from _with_dummy(output, board, 1, True)
        if not (bits | _bits(board)) & FINE_BITS:
            return faults.ADC_CONFIG
        if fault:
            return fault
        fault = yield from _flow(output, board, _PROOF_NA)
        if fault:
            return fault
        low = yield from _mean(output, board, _PROOF_NA, frames)
        fault = yield from _flow(output, board, _TEST_NA)
        if fault:
            return fault
        test = yield from _mean(output, board, _TEST_NA, frames)
        fault = _readings(low, test, output.regulator.trim_na)
        if not fault:
            fault = yield from _cut_path(output, board)
            if fault != faults.DUMMY_READING:
                return fault
        if output.trips:
            return output.trips
        output.stop()
        board.set_dummy(False)
    return fault


def _bits(board):
    """Bits that are set in any of the precise converter's four codes."""
    codes = board.precise
    return codes[1] | codes[2] | codes[3] | codes[4]


def proof(output, board, bridge):
    """Sign and cut path, with the session's own bridge position [S-23].

    0.7 s; the first after power-on takes 1.0, for it learns the bleed.

    Skin beside the dummy looks like its diode: what it may have turned is done once more.
    """
    # The session timer has counted since the rail was switched on, 2 s ago at least, and begins
    # anew with this session [S-07].
    if not board.timer_ticks():
        return faults.MONOSTABLE
    board.set_rail(False)
    yield from wait(output, board, _PASSES_MS)
    board.timer_ticks()  # it may fall with its supply
    board.set_rail(True)
    for tries in range(_PROOFS):
        fault = yield from _with_dummy(output, board, bridge)
        if fault:
            return fault
        ohms = [0]
        fault = yield from _proof(output, board, bridge, ohms)
        if fault not in (faults.BRIDGE_SIGN, faults.DUMMY_READING, faults.LIMITING_DIODE):
            return fault
        output.stop()
        board.set_dummy(False)
        output.open_learned = False  # skin may have been learned that let go since
        if fault == faults.BRIDGE_SIGN and tries:
            fault = yield from _turned(output, board, 3 - bridge, ohms[0])
            if fault and fault != faults.DUMMY_READING:
                return fault
            fault = faults.DUMMY_READING  # or skin, which has come twice by now
    return fault


def _turned(output, board, bridge, other_ohm):
    """Where the reading goes with the bridge, that moves: what is wrong is the dummy."""
    fault = yield from _with_dummy(output, board, bridge)
    if not fault:
        fault = yield from _flow(output, board, _TEST_NA)
    if fault:
        return fault
    test = yield from _mean(output, board, _TEST_NA, MEAN_FRAMES)
    output.stop()
    board.set_dummy(False)
    moved_ohm = abs(_ohm(test[_LOAD_MV], test[_LOAD_NA]) - other_ohm)
    return 0 if moved_ohm > _MOVED_OHM else faults.BRIDGE_SIGN


def _proof(output, board, bridge, ohms):
    fault = yield from _comparator(output, board)
    if fault:
        return fault
    fault = yield from _flow(output, board, _TEST_NA)
    if fault:
        return fault
    # The low rail's divider against the high one's: what that made of the bleed.
    offset_mv = (output.open_ohm - BLEED_OHM) * _OPEN_READ_NA // 1_000_000
    off_ohm = 0
    for tries in range(1, _PROOF_TRIES + 1):
        test = yield from _mean(output, board, _TEST_NA, MEAN_FRAMES)
        if not _rail_good(output):
            return faults.RAIL
        ohms[0] = _ohm(test[_LOAD_MV], test[_LOAD_NA])
        fault = _sign(ohms[0], bridge)
        if not fault and not test[_CODES] - output.open_codes >= _DIODE_PROOF_CODES:
            fault = faults.LIMITING_DIODE
        apart_na = test[_APART_NA] - output.open_apart_na
        if not fault and not abs(apart_na) * 100 <= _TEST_NA * _GAIN_PERCENT:
            fault = faults.DAC
        if fault or bridge != 1:
            break
        off_ohm += _ohm(test[_LOAD_MV] - offset_mv, test[_LOAD_NA]) - _PROOF_OHM
        if abs(off_ohm) <= _PROOF_OFF_OHM * tries:
            break
    else:
        if not abs(off_ohm) <= _PROOF_MOST_OHM * _PROOF_TRIES:
            fault = faults.DUMMY_READING
    if fault:
        return fault
    fault = yield from _cut_path(output, board)
    return fault


def _comparator(output, board):
    """Comparator and latch trip where they should, hold, let go. Ends with the gate open [S-02].

    The threshold comes down when gate and relay have settled: what charges the output would trip
    it. That it is up again is seen by the current that follows, which is higher.
    """
    output.expected = faults.COMPARATOR
    board.set_threshold(True)
    fault = yield from _until_trip(output, board)
    tripped_na = output.regulator.setpoint_na
    output.stop()
    board.set_threshold(False)
    if fault:
        return fault
    if board.gate() or tripped_na < _TRIP_LOW_NA:
        return faults.COMPARATOR
    yield from wait(output, board, _PASSES_MS)
    if not output.snapshot[SN_LATCH]:
        return faults.COMPARATOR  # it does not hold
    fault = yield from _latch_alone(output, board)
    if fault:
        return fault
    output.arm()
    yield from wait(output, board, _PASSES_MS)
    output.start()
    output.resume(HOP_NA_PER_MS, _BACK_NA)
    yield from _started(output, board)
    return 0


def _latch_alone(output, board):
    """The latch by itself holds the gate down, with both dead-men up and a chip that is blind to
    it; and it is the latch, for the gate rises as it is reset. At a DAC of zero [S-02].
    """
    board.set_comparator(False)
    output.expected = 0  # it stays set
    output.arm()
    held = yield from _fed(output, board)
    board.reset_latch()
    rises = yield from _fed(output, board)
    board.set_comparator(True)
    return 0 if held == 0 and rises else faults.COMPARATOR


def _fed(output, board):
    """The gate's level while the guard feeds both dead-men, None where it never did.

    After 3 ms it sees an open output: a main loop that comes late looks again.
    """
    tries = 0
    flows = False
    while not flows and tries < _FED_TRIES:
        tries += 1
        yield from wait(output, board, _PASSES_MS)
        output.start()
        board.sleep_until((board.ticks_ms() + _FED_MS) & _WRAP)
        level = board.gate()
        flows = output.flowing
        output.stop()
    return level if flows else None


def _until_trip(output, board):
    """Ramp until the latch has tripped."""
    since_ms = board.ticks_ms()
    while not output.trips:
        setpoint_na = output.regulator.setpoint_na
        if not output.flowing or passed(output, since_ms, _RAMP_MS):
            # A latch that does not hold has cut all the same, and the guard may see a lift.
            return faults.COMPARATOR if setpoint_na >= _TRIP_LOW_NA else faults.DUMMY_READING
        if setpoint_na >= _TRIP_HIGH_NA:
            # What sense B does not read the comparator can't see, and what only A reads is none.
            apart_ua = abs(output.snapshot[SN_A_UA] - output.snapshot[SN_B_UA])
            return faults.SENSE_MISMATCH if apart_ua > _APART_UA else faults.COMPARATOR
        if output.drive(_TRIP_HIGH_NA, output.dt_ms):
            return faults.BAD_REQUEST
        yield
    return output.trips & ~faults.COMPARATOR


def _sign(ohm, bridge):
    """Does the current leave the electrode that it should? The bridge's rails can't tell."""
    roller_minus = _DUMMY_LOW_OHM <= ohm <= _DUMMY_HIGH_OHM
    if not (roller_minus or _ANODE_LOW_OHM <= ohm <= _ANODE_HIGH_OHM):
        return faults.DUMMY_READING
    return 0 if roller_minus == (bridge == 1) else faults.BRIDGE_SIGN


def _ohm(mv, na):
    if na < 10:  # a bridge that opened: nothing flows that could be divided by
        return 0
    return mv * 100_000 // (na // 10)


def restore(output, board):
    """After a test, however it ended: everything as a session needs it, output off."""
    output.disarm()
    output.touching_ohm = 0
    board.set_dummy(False)
    board.set_switches(True, True)
    board.set_feeds(True, True)
    board.set_threshold(False)
    board.set_comparator(True)


def _rail_good(output):
    return RAIL_MIN_MV <= output.measurement.rail_mv <= RAIL_MAX_MV


def _with_dummy(output, board, bridge, starts=False):
    """Arm, set the bridge, put the dummy in, open the gate at zero. `starts`: at power-on."""
    output.arm()  # the guard takes a token only while no output is asked for
    yield from wait(output, board, _PASSES_MS)
    since_ms = board.ticks_ms()
    while not (output.quiet and output.set_bridge(bridge)):
        if passed(output, since_ms, _QUIET_MS):
            return faults.ZERO_READING
        yield
    fault = yield from _open(output, board, starts)
    if fault:
        return fault
    # What flows without the dummy may flow through it at once. The comparator's trial wants it
    # slow from there; at power-on all of it may be steep: whoever touches the roller now meets
    # 0.22 V at once, however slowly they came there [S-21].
    flowed_na = _TEST_NA if starts else _TRIAL_NA
    board.set_dummy(True)
    yield from wait(output, board, _RELAY_MS)
    output.start()
    output.resume(HOP_NA_PER_MS, flowed_na)
    yield from _started(output, board)
    if not output.flowing:
        return _trip(output)
    return 0


def _open(output, board, starts):
    """Wait until nobody touches: the dummy lies across the electrodes, and what is tested with
    it would flow through skin as well. Nothing but the bleed may take 1.2 µA more [S-21]: gel from
    roller to grip would be treated for skin, and hold the output's charge for who touches next.
    Who or what touches meanwhile is told so: `output.touching_ohm` [F-03].
    What the bleed reads is seen roughly at power-on and learned in the first proof after it, for
    the session's searches, which go by it: that takes 0.5 s, and no session begins without it.
    Gel is told by the whole 0.20 V: what 1.9 µA more make of it has three times the ripple.
    A current that sense A reads and the bleed does not is none: R_SET is open [S-03].
    """
    begin_ms = board.ticks_ms()
    unmoved = 0
    tries = 0
    learns = not (starts or output.open_learned)
    frames = LEARN_FRAMES if learns else MEAN_FRAMES
    more_frames = _LEARN_MORE_FRAMES if learns else _SOME_FRAMES
    driven_na = _LEARN_NA if learns else _OPEN_NA
    while not passed(output, begin_ms, _OPEN_FOR_MS):
        tries += 1
        output.start()
        yield from readings(output, board, _SETTLE_MS)
        zero = yield from _mean(output, board, 0, frames)
        target_na = output.measurement.divider_na + driven_na
        output.resume(HOP_NA_PER_MS, target_na)
        for _ in readings(output, board, _REACHED_MS):
            output.drive(target_na, output.dt_ms)
            yield
        more = yield from _mean(output, board, target_na, more_frames)
        lifted = output.lifted
        output.stop()
        if output.trips:
            return output.trips
        if lifted:  # the bleed does not hold what is to be 0.2 V
            return faults.ZERO_READING
        more_na = more[_LOAD_NA] - zero[_LOAD_NA]
        more_mv = more[_LOAD_MV] - zero[_LOAD_MV]
        if more_na > _OPEN_NA // 2 and zero[_LOAD_NA] > _OPEN_NA:
            open_ohm = _ohm(zero[_LOAD_MV], zero[_LOAD_NA])
            more_ohm = _ohm(more_mv, more_na)
            bleed_read = _within(open_ohm, output.open_ohm, _BLEED_PERCENT)
            there_ohm = _ohm(more[_LOAD_MV], more[_LOAD_NA])
            percent = _OPEN_PERCENT
            alone = bleed_read
            if starts:  # electrodes that charge may make as much of 1.2 µA more as the bleed
                alone = _within(there_ohm, BLEED_OHM, _OPEN_PERCENT)
            elif learns:  # from both or from none: somebody may have let go between them
                alone = _within(there_ohm, BLEED_OHM, _BLEED_PERCENT)
                percent = _LEARN_PERCENT
            if _within(more_ohm, BLEED_OHM, percent) and alone:
                if learns or (starts and _within(open_ohm, BLEED_OHM, _OPEN_PERCENT)):
                    output.open_ohm = open_ohm
                output.open_codes = zero[_CODES]
                output.open_apart_na = more[_APART_NA]
                output.open_learned = not starts
                output.touching_ohm = 0
                return 0
            if more_ohm < _SKIN_OHM or there_ohm < BLEED_OHM:
                output.touching_ohm = max(1, there_ohm)  # until it is seen to have gone
            if bleed_read and abs(more_ohm) < BLEED_OHM >> _UNMOVED_SHIFT:
                unmoved += 1
                # Skin may hold just what the bleed reads, for a while: it was never otherwise.
                if unmoved == tries >= (_UNMOVED_SLOW if learns else _UNMOVED_TRIES):
                    return faults.SENSE_MISMATCH
        yield
    return faults.SENSE_MISMATCH if unmoved == tries else faults.DUMMY_READING


def _within(ohm, of_ohm, percent):
    return abs(ohm - of_ohm) * 100 <= of_ohm * percent


def _mean(output, board, target_na, frames):
    """Means over periods of the mains, at a current that has settled already.

    A converter's own clock is right within 10 %, so that the last period is never quite whole.
    Weights that rise and fall make little of that: at most 2 % of hum are left after 17 frames
    and 4 after 10, where a plain mean leaves 7 and 11.
    """
    measurement = output.measurement
    snapshot = output.snapshot
    sums = [0] * 7
    weights = 0
    for i in range(frames):
        weight = min(i + 1, frames - i, _TAPER)
        weights += weight
        frame = measurement.frame
        since_ms = board.ticks_ms()
        while measurement.frame == frame and not passed(output, since_ms, _FRAME_MAX_MS):
            output.drive(target_na, output.dt_ms)
            yield
        # One by one: a tuple of them for each frame is garbage, and a full heap is a slow one.
        sums[0] += measurement.a_na * weight
        sums[_LOAD_NA] += measurement.load_na * weight
        sums[_LOAD_MV] += measurement.load_mv * weight
        sums[_CODES] += (board.precise[4] - board.precise[2]) * weight
        sums[4] += snapshot[SN_A_UA] * 1000 * weight
        sums[5] += snapshot[SN_B_UA] * 1000 * weight
        sums[_APART_NA] += (measurement.a_na - output.limiter.setpoint_na) * weight
    return [total // weights for total in sums]


def _started(output, board):
    """Until gate and guard have started, a tick at least."""
    since_ms = board.ticks_ms()
    yield
    while not (output.flowing or passed(output, since_ms, _GATE_MS)):
        yield


def _flow(output, board, target_na, settles=True):
    """Ramp to `target_na`, and settle where it is to be measured."""
    since_ms = board.ticks_ms()
    while output.regulator.setpoint_na != target_na:
        if passed(output, since_ms, _RAMP_MS):  # a load that isn't the dummy keeps it from its end
            return faults.DUMMY_READING
        if output.drive(target_na, output.dt_ms):
            return faults.BAD_REQUEST
        yield
        if not output.flowing:
            return _trip(output)
    for _ in readings(output, board, _SETTLE_MS) if settles else ():
        output.drive(target_na, output.dt_ms)
        yield
    if board.read_dac() != output.code:
        return faults.DAC
    return 0 if output.flowing else _trip(output)


def _trip(output):
    """Why the guard dropped the gate; an open circuit means the dummy is not there."""
    if output.trips:
        return output.trips
    return faults.DUMMY_READING


def _readings(low, test, trim_na):
    """Both senses on both converters, the dummy and the limiting diode.

    By what 12 µA more make: offsets fall out, and none of the readings is cut off at zero.
    """
    if not abs(test[_LOAD_NA] - _TEST_NA) + abs(trim_na) <= _TOLERANCE_NA:
        return faults.DAC
    apart_na = test[_APART_NA] - low[_APART_NA]
    if not abs(apart_na) * 100 <= (_TEST_NA - _PROOF_NA) * _GAIN_PERCENT:
        return faults.DAC
    a_na, load_na, load_mv, codes, fast_a_na, fast_b_na = [test[i] - low[i] for i in range(6)]
    if not abs(fast_a_na - a_na) <= _FAST_TOLERANCE_NA:
        return faults.PRECISE_MISMATCH
    # Sense B also sees what the dividers take, and that hardly changes.
    if not abs(fast_a_na - fast_b_na) <= _FAST_TOLERANCE_NA:
        return faults.SENSE_MISMATCH
    if not load_na > _OPEN_NA:
        return faults.DAC
    if not _DUMMY_LOW_OHM <= _ohm(load_mv, load_na) <= _DUMMY_HIGH_OHM:
        return faults.DUMMY_READING
    if not codes >= _DIODE_CODES:
        return faults.LIMITING_DIODE
    return 0


def _cut_path(output, board):
    """Each switch alone, then each dead-man alone. Starts with current, ends with the gate off."""
    # M2 alone: sense A goes to zero although the gate stays on.
    board.set_switches(True, False)
    yield from readings(output, board, _SETTLE_MS)
    if not output.measurement.a_na < _NO_CURRENT_NA:
        return faults.GATE_M2
    # Never close a switch onto a setpoint: from zero again, as after a hop.
    output.restart()
    board.set_switches(True, True)
    output.resume(HOP_NA_PER_MS, _PROOF_NA)
    fault = yield from _flow(output, board, _PROOF_NA, False)
    if fault:
        return fault
    # K1 alone: the source is gone, and the guard must see an open circuit.
    board.set_switches(False, True)
    for _ in wait(output, board, _OPEN_MS):
        if output.lifted:
            break
        yield
    if not output.lifted:
        return faults.GATE_K1
    # The dummy goes: what welds as it lets go would be treated for skin.
    board.set_dummy(False)
    fault = yield from _gone(output, board)
    if fault:
        return fault
    # The dead-men, at a DAC of zero: whichever is not fed must fall, though the guard says yes.
    fault = yield from _falls(output, board, True)
    if fault:
        return fault
    yield from _again(output, board)
    fault = yield from _falls(output, board, False)
    if fault:
        return fault
    # K1 has the gate's word, too, beside its own line: with both off the source is gone.
    yield from readings(output, board, _DRAINED_MS)
    measurement = output.measurement
    return 0 if measurement.e2_mv + measurement.load_mv < _DRAINED_MV else faults.GATE_K1


def _gone(output, board):
    """Nothing lies across the output any more. Ends with the gate open, and 1.2 µA at most.

    Neither the dummy nor skin that would have made 10 kΩ look like less. At two currents, as
    electrodes may hold by chance what the bleed reads at one.
    """
    yield from _again(output, board)  # and K2 has moved
    for driven_na in (0, _OPEN_NA):
        target_na = output.measurement.divider_na + _OPEN_NA if driven_na else 0
        output.resume(HOP_NA_PER_MS, target_na)
        for _ in readings(output, board, _SETTLE_MS):
            output.drive(target_na, output.dt_ms)
            yield
        for frames in (SEARCH_QUICK_FRAMES, MEAN_FRAMES):
            read = yield from _mean(output, board, target_na, frames)
            na = read[_LOAD_NA]
            gone = na > _OPEN_NA and _within(
                _ohm(read[_LOAD_MV], na), output.open_ohm, _GONE_PERCENT
            )
            if gone or output.trips:
                break
        if not gone:
            return output.trips or faults.DUMMY_READING
    return 0


def _falls(output, board, dead_man):
    """The dead-man or the monostable alone is not fed. Ends with the gate off."""
    if not board.gate():
        return _trip(output)
    board.set_feeds(not dead_man, dead_man)
    yield from wait(output, board, _FALL_MS)
    stays = board.gate()
    board.set_feeds(True, True)
    output.stop()
    if not stays:
        return 0
    return faults.DEAD_MAN if dead_man else faults.MONOSTABLE


def _again(output, board):
    """Cut, both switches as they were, and the gate open at a DAC of zero."""
    output.stop()
    board.set_switches(True, True)
    yield from wait(output, board, _PASSES_MS)
    output.start()
    yield from _started(output, board)
