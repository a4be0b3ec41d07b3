"""Self-test at power-on, and the proof of the cut path before every session [S-15].

Both are generators: each `yield` waits for the next tick, and the return value is 0 or the
fault bit of the first thing that was wrong. The test current goes through the internal 10.0 kΩ
dummy, rises as slowly as any other, and is below what a person touching the roller feels.
Whatever happens, app.py cuts the output when the generator ends. How long anything takes is
told by waiting.py, never by ticks: these are as long as the chip needs.
"""

from micropython import const

from firmware import faults
from firmware.guard import SN_A_UA, SN_B_UA
from firmware.limits import RAIL_MAX_MV, RAIL_MIN_MV
from firmware.waiting import passed, readings, wait

_WRAP = const(0x3FFFFFFF)
_TEST_NA = const(40_000)  # enough to see the limiting diode, 0.6 s of ramp
_PROOF_NA = const(10_000)  # enough to see it go, 0.15 s of ramp
# K2's diode lies beside the dummy: forward where the roller is +, and the dummy seems smaller.
_SIGN_NA = const(30_000)  # 0.30 V without it, 0.08 to 0.19 V with it, over parts and temperature
_ANODE_LOW_OHM = const(2_500)
_ANODE_HIGH_OHM = const(7_500)
_TOLERANCE_NA = const(3_000)  # precise converter: 3 µA ...
_FAST_TOLERANCE_UA = const(8)  # fast converter: 12 codes of offset and 2 %
_DUMMY_LOW_OHM = const(9_500)  # 10.0 kΩ, 5 % for uncalibrated dividers
_DUMMY_HIGH_OHM = const(10_500)
_NO_CURRENT_NA = const(2_000)
# Between rail and e1 stand R_B (40 mV at 40 µA) and the limiting diode (64 mV ± 10 %) [E]: with
# the diode shorted only R_B is left. In codes of 1.261 mV, against the reading at no current.
_DIODE_CODES = const(55)
# An ADS1015 answers as an ADS1115 does, with twelve bits: these four are 0 in whatever it reads.
# Of six different codes that happens to a sound part once in 16 million.
FINE_BITS = const(15)
_SETTLE_MS = const(5)  # analog filters take 0.1 ms, the source 0.5 ms [E]
_PASSES_MS = const(3)  # the guard has seen a request: six passes
_RELAY_MS = const(20)  # K2 moves and has bounced
_QUIET_MS = const(300)
_RAMP_MS = const(1500)  # the longest ramp here takes 0.6 s
_BOOST_MS = const(200)
_OPEN_NA = const(2_000)  # a tenth of a probe
_OPEN_MS = const(30)  # an open output is seen within 20 ms of that
_REST_MS = const(60)
_OPEN_FOR_MS = const(10_000)  # to take the roller off the skin
_GATE_MS = const(10)  # guard and gate start within one
_FALL_MS = const(8)  # dead-man and monostable fall in 3 ms, parts' tolerance included


def self_test(output, board):
    """All of it, about 1.0 s. Generator; returns a fault bit or 0."""
    board.set_rail(True)
    board.set_switches(True, True)
    yield
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
    fault = yield from _with_dummy(output, board, 1)
    if fault:
        return fault
    bits |= _bits(board)
    zero_codes = board.precise[4] - board.precise[2]
    fault = yield from _flow(output, board, _TEST_NA)
    if fault:
        return fault
    if not (bits | _bits(board)) & FINE_BITS:
        return faults.ADC_CONFIG
    fault = _readings(output, zero_codes, board)
    if fault:
        return fault
    fault = yield from _cut_path(output, board)
    return fault


def _bits(board):
    """Bits that are set in any of the precise converter's four codes."""
    codes = board.precise
    return codes[1] | codes[2] | codes[3] | codes[4]


def proof(output, board, bridge):
    """Sign and cut path, about 0.8 s, with the session's own bridge position [S-23]."""
    fault = yield from _with_dummy(output, board, bridge)
    if fault:
        return fault
    fault = yield from _flow(output, board, _SIGN_NA)
    if fault:
        return fault
    fault = _sign(output, bridge) or (yield from _cut_path(output, board))
    if fault:
        return fault
    # The dummy is gone again: what welds as it lets go would be treated for skin.
    board.set_dummy(False)
    yield from wait(output, board, _RELAY_MS)
    fault = yield from _open(output, board)
    return fault


def _sign(output, bridge):
    """Does the current leave the electrode that it should? The bridge's rails can't tell."""
    ohm = _ohm(output)
    roller_minus = _DUMMY_LOW_OHM <= ohm <= _DUMMY_HIGH_OHM
    if not (roller_minus or _ANODE_LOW_OHM <= ohm <= _ANODE_HIGH_OHM):
        return faults.DUMMY_READING
    return 0 if roller_minus == (bridge == 1) else faults.BRIDGE_SIGN


def _ohm(output):
    measurement = output.measurement
    return measurement.load_mv * 10_000 // ((measurement.load_na + 50) // 100)


def restore(output, board):
    """After a test, however it ended: everything as a session needs it, output off."""
    output.disarm()
    board.set_dummy(False)
    board.set_switches(True, True)
    board.set_feeds(True, True)


def _rail_good(output):
    return RAIL_MIN_MV <= output.measurement.rail_mv <= RAIL_MAX_MV


def _with_dummy(output, board, bridge):
    """Arm, set the bridge, put the dummy in, open the gate at zero."""
    output.arm()  # the guard takes a token only while no output is asked for
    yield from wait(output, board, _PASSES_MS)
    since_ms = board.ticks_ms()
    while not (output.quiet and output.set_bridge(bridge)):
        if passed(output, since_ms, _QUIET_MS):
            return faults.ZERO_READING
        yield
    fault = yield from _open(output, board)
    if fault:
        return fault
    board.set_dummy(True)
    yield from wait(output, board, _RELAY_MS)
    output.start()
    yield from readings(output, board, _SETTLE_MS)
    if not output.flowing:
        return _trip(output)
    return 0


def _open(output, board):
    """Wait until nobody touches: the dummy lies across the electrodes, and what is tested with
    it would flow through skin as well. Looks with 2 µA, and proves that a lift is seen."""
    begin_ms = board.ticks_ms()
    while not passed(output, begin_ms, _OPEN_FOR_MS):
        output.start()
        since_ms = board.ticks_ms()
        while not (output.lifted or output.trips or passed(output, since_ms, _OPEN_MS)):
            if output.limiter.setpoint_na + output.measurement.divider_na < _OPEN_NA:
                since_ms = board.ticks_ms()
            output.drive(_OPEN_NA, output.dt_ms)
            yield
        lifted = output.lifted
        output.stop()
        if output.trips:
            return output.trips
        if lifted:
            return 0
        yield from wait(output, board, _REST_MS)
    return faults.DUMMY_READING


def _flow(output, board, target_na):
    """Ramp to `target_na` and settle."""
    since_ms = board.ticks_ms()
    while output.limiter.setpoint_na + output.measurement.divider_na < target_na:
        # A load that isn't the dummy keeps the setpoint from its end.
        if passed(output, since_ms, _RAMP_MS):
            return faults.DUMMY_READING
        if output.drive(target_na, output.dt_ms):
            return faults.BAD_REQUEST
        yield
        if not output.flowing:
            return _trip(output)
    for _ in readings(output, board, _SETTLE_MS):
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


def _readings(output, zero_codes, board):
    """Both senses on both converters, the dummy and the limiting diode."""
    measurement = output.measurement
    if not abs(measurement.load_na - _TEST_NA) <= _TOLERANCE_NA:
        return faults.DAC
    a_ua = output.snapshot[SN_A_UA]
    b_ua = output.snapshot[SN_B_UA]
    if not abs(a_ua * 1000 - measurement.a_na) <= _FAST_TOLERANCE_UA * 1000:
        return faults.PRECISE_MISMATCH
    # Sense B also sees what both dividers take, 5 µA together.
    if not abs(a_ua + 2 * measurement.divider_na // 1000 - b_ua) <= _FAST_TOLERANCE_UA:
        return faults.SENSE_MISMATCH
    fault = _sign(output, 1)
    if fault:
        return fault
    if not (board.precise[4] - board.precise[2]) - zero_codes >= _DIODE_CODES:
        return faults.LIMITING_DIODE
    return 0


def _cut_path(output, board):
    """Each switch alone, then each dead-man alone. Starts with current, ends with the gate off."""
    # M2 alone: sense A goes to zero although the gate stays on.
    board.set_switches(True, False)
    yield from readings(output, board, _SETTLE_MS)
    if not output.measurement.a_na < _NO_CURRENT_NA:
        return faults.GATE_M2
    # Never close a switch onto a setpoint: from zero again.
    yield from _again(output, board)
    fault = yield from _flow(output, board, _PROOF_NA)
    if fault:
        return fault
    # K1 alone: the source is gone, and the guard must see an open circuit.
    board.set_switches(False, True)
    yield from wait(output, board, _OPEN_MS)
    if not output.lifted:
        return faults.GATE_K1
    # The dead-men, at a DAC of zero: whichever is not fed must fall, though the guard says yes.
    for dead_man in (True, False):
        yield from _again(output, board)
        if not board.gate():
            return _trip(output)
        board.set_feeds(not dead_man, dead_man)
        yield from wait(output, board, _FALL_MS)
        if board.gate():
            return faults.DEAD_MAN if dead_man else faults.MONOSTABLE
        board.set_feeds(True, True)
    output.stop()
    return 0


def _again(output, board):
    """Cut, both switches as they were, and the gate open at a DAC of zero."""
    output.stop()
    board.set_switches(True, True)
    yield from wait(output, board, _PASSES_MS)
    output.start()
    yield from wait(output, board, _GATE_MS)
