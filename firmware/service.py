"""Output on the bench: self-test and sweeps into a known load, with a cable connected [S-14].

One runner drives a generator tick by tick as app.py drives a session: same output, same guard,
same watchdog. It begins when somebody holds the wand's button, and every exit is off; pulling the
cable is one of them.
"""

from micropython import const

from firmware import calibration, faults, gestures, shutdown, store
from firmware.guard import SN_A_UA, SN_B_UA, SN_PASSES
from firmware.limits import (
    LEADS_OHM,
    PASSES_MISSING_MS,
    PROBE_NA,
    RAIL_MAX_MV,
    RAIL_MIN_MV,
    SETPOINT_MAX_UA,
    TICK_MS,
)
from firmware.output import Output
from firmware.selftest import FINE_BITS
from firmware.waiting import passed, wait

GO = "+"  # the host's word for "meter read"

_WRAP = const(0x3FFFFFFF)
_HOLD_MS = const(30_000)  # to come to the button, and to let go of it
_ANSWER_MS = const(60_000)  # to read a meter and type it
_RAIL_MS = const(1000)
_RAMP_MS = const(10_000)  # 0 to 500 µA takes 7.4 s
_SETTLE_MS = const(800)  # the regulator's trim has come within a thousandth
_PASSES_MS = const(3)  # the guard takes a token only while no output is asked for
_FRAMES = const(40)
_LOW_NA = const(2000)
LOAD_MIN_OHM = const(2000)  # below, the probe's voltage is too few codes of the converter
LOAD_MAX_OHM = const(22_000)  # 500 µA reach it, and skin begins
_LOAD_PERCENT = const(10)
POINTS_MAX = const(16)


def run(board, hold, steps):
    """Drive the generator that `steps(output)` gives, once the button was held.

    `hold`: gestures.HOLD (1.5 s) or gestures.ACK (3 s). Returns (fault bits, the generator's
    value); bits that are not 0 have ended it. ValueError where a person has.
    """
    output = Output(board, store.load_calibration(board)[0])
    button = gestures.Gestures()
    passes = silent_ms = 0
    try:
        board.start_watchdog()
        work = _after(board, output, button, hold, steps(output))
        last_ms = board.ticks_ms()
        while True:
            # Never two ticks at once: a late one must not make the ramp steeper [S-08].
            board.sleep_until((last_ms + TICK_MS) & _WRAP)
            now_ms = board.ticks_ms()
            output.beat()
            if output.snapshot[SN_PASSES] != passes:
                silent_ms = 0
            else:
                silent_ms += (now_ms - last_ms) & _WRAP
            passes = output.snapshot[SN_PASSES]
            last_ms = now_ms
            if silent_ms <= PASSES_MISSING_MS:
                board.feed_watchdog()
            bits = output.trips or output.found
            if bits:
                return bits, None
            if not board.vbus():
                raise ValueError("the cable is unplugged")
            next(work)
    except StopIteration as stop:
        return 0, stop.value
    except OSError:
        return faults.I2C, None
    finally:
        shutdown.dead(output, board)
        board.stop_watchdog()


def _after(board, output, button, hold, work):
    """The button first, held and let go; then `work`, until any press [S-18]."""
    board.panel(255, 255, 255, 0)
    since_ms = board.ticks_ms()
    while True:
        yield
        if button.step(board.pressed(), output.dt_ms) == hold:
            break
        if passed(output, since_ms, _HOLD_MS):
            raise ValueError("nobody held the button: hold it until the wand beeps")
    board.panel(0, 0, 255, 2000)
    since_ms = board.ticks_ms()
    while True:
        yield
        button.step(board.pressed(), output.dt_ms)
        if not button.pressed:
            break
        if passed(output, since_ms, _HOLD_MS):
            raise ValueError("the button stays pressed: let go of it, or mend it")
    board.panel(255, 80, 0, 0)
    try:
        while True:
            next(work)
            yield
            if button.step(board.pressed(), output.dt_ms) == gestures.PRESS_EDGE:
                raise ValueError("stopped by the wand's button")
    except StopIteration as stop:
        return stop.value


def check_sweep(load_ohm, bridges, points_ua):
    """ValueError with one line where `sweep` may not run with these."""
    if not (type(load_ohm) is int and LOAD_MIN_OHM <= load_ohm <= LOAD_MAX_OHM):
        got = (load_ohm, LOAD_MIN_OHM, LOAD_MAX_OHM)
        raise ValueError("load %r ohm, allowed is a whole number from %d to %d" % got)
    if bridges not in ((1,), (2,), (1, 2)):
        raise ValueError("bridges %r, allowed are (1,), (2,) and (1, 2)" % (bridges,))
    if not (type(points_ua) is tuple and 1 <= len(points_ua) <= POINTS_MAX):
        raise ValueError("points: a tuple of 1 to %d is allowed" % POINTS_MAX)
    for ua in points_ua:
        if not (type(ua) is int and PROBE_NA // 1000 <= ua <= SETPOINT_MAX_UA):
            got = (ua, PROBE_NA // 1000, SETPOINT_MAX_UA)
            raise ValueError("point %r uA, allowed is a whole number from %d to %d" % got)


def sweep(board, output, load_ohm, bridges, points_ua, go, say):
    """Generator: each point of each bridge, held until `go()` says that the meter is read.

    Before more than 20 µA flow the load must be within 10 % of what was declared. `say` gets
    ("ready", bridge, µA), then ("point", bridge, µA, frames, sums of DAC code, nA, the precise
    converter's four codes and the guard's two currents in µA), taken while the meter was read.
    """
    for _ in _points(board, output, load_ohm, bridges, points_ua, go, say):
        yield
        if output.lifted:
            raise ValueError("open circuit: connect the load of %d ohm" % load_ohm)


def _points(board, output, load_ohm, bridges, points_ua, go, say):
    board.set_rail(True)
    board.set_switches(True, True)
    if not board.check_adc():
        raise OSError("precise converter")
    for bridge in bridges:
        output.arm()
        since_ms = board.ticks_ms()
        while True:
            yield from wait(output, board, _PASSES_MS)
            rail_mv = output.measurement.rail_mv
            if RAIL_MIN_MV <= rail_mv <= RAIL_MAX_MV and output.set_bridge(bridge):
                break
            if passed(output, since_ms, _RAIL_MS):
                raise ValueError("no rail, or current without output: run the self-test")
        output.start()
        low = yield from _steady(board, output, _LOW_NA)
        _check_load(load_ohm, low, (yield from _steady(board, output, PROBE_NA)))
        for ua in points_ua:
            _check_load(load_ohm, low, (yield from _steady(board, output, ua * 1000)))
            say("ready", bridge, ua)
            sums = yield from _frames(board, output, ua * 1000, go)
            say("point", bridge, ua, *sums[:9])
        output.stop()


def _steady(board, output, target_na):
    """Go to `target_na`, settle, and take a few frames."""
    since_ms = board.ticks_ms()
    while output.regulator.setpoint_na != target_na:
        if passed(output, since_ms, _RAMP_MS):
            raise ValueError("the load takes less than %d uA: another one" % (target_na // 1000))
        output.drive(target_na, output.dt_ms)
        yield
    for _ in wait(output, board, _SETTLE_MS):
        output.drive(target_na, output.dt_ms)
        yield
    return (yield from _frames(board, output, target_na, _at_once))


def _at_once():
    return GO


def _frames(board, output, target_na, go):
    """Stay there and add up frames until `go()` has answered."""
    sums = [0] * 10  # the last: bits that were set in any code
    answer = None
    since_ms = board.ticks_ms()
    while not passed(output, since_ms, _ANSWER_MS):
        output.drive(target_na, output.dt_ms)
        yield
        if output.fresh:
            sums[0] += 1
            sums[1] += output.code
            sums[2] += output.measurement.load_na
            for i in range(1, 5):
                sums[2 + i] += board.precise[i]
                sums[9] |= board.precise[i]
            sums[7] += output.snapshot[SN_A_UA]
            sums[8] += output.snapshot[SN_B_UA]
        answer = answer or go()
        if answer and answer != GO:
            raise ValueError("stopped by the host")
        if answer and sums[0] >= _FRAMES:
            return sums
    raise ValueError("no word from the host for 60 s")


def _check_load(load_ohm, low, sums):
    """The load by what voltage and current rise by: offsets and unequal dividers drop out."""
    if not (low[9] | sums[9]) & FINE_BITS:
        raise ValueError("the precise converter has 12 bits: an ADS1015 in the ADS1115's place")
    codes = (sums[4] - sums[5]) * 100 // sums[0] - (low[4] - low[5]) * 100 // low[0]
    na = sums[2] // sums[0] - low[2] // low[0]
    ohm = codes * calibration.NOMINAL[4] * 10 // na - LEADS_OHM if na > 0 else 0
    if not abs(ohm - load_ohm) * 100 <= load_ohm * _LOAD_PERCENT:
        raise ValueError("the load measures %d ohm, declared are %d" % (ohm, load_ohm))
