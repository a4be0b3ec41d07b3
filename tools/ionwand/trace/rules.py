"""The rules that `ionwand check` holds a trace against, each by its id in requirements.toml.

Written from the requirements and from the plant's truth in the trace; judging.py has the limits'
units and how a trace is read, charge_rules.py the rules that sum up. What a rule cannot see at the
trace's resolution, its text says.
"""

from collections.abc import Callable, Iterator, Sequence

from ionwand.trace.charge_rules import caps, charge_counted, dose, excess
from ionwand.trace.judging import (
    BOUNCE_UA_PER_S,
    BOUNCE_US,
    FAULT_US,
    FULL_SCALE_CODES_PER_UA,
    HEADROOM_V,
    HOP_UA_PER_S,
    HOP_US,
    NO_CURRENT,
    OFF,
    PASS_US,
    PASSES_3_US,
    PROBE_FLOOR_UA,
    PROBE_UA,
    RAIL_V,
    RAMP_UA_PER_S,
    SESSION,
    TEST_UA,
    TICK_US,
    Finding,
    Worst,
    bled,
    cut_soon,
    driven,
    near_edge,
    other_load,
)
from ionwand.trace.rows import Row

_FALL_US = 3000  # [S-04]


def setpoint(rows: Sequence[Row]) -> Iterator[Finding]:
    worst = Worst("S-01", "setpoint", 500.0, "µA")
    code = Worst("S-01", "DAC code, as nominal current (2 % for calibration)", 510.0, "µA")
    sign = Worst("S-01", "negative setpoint or code", 0.0, "")
    for row in rows:
        worst.see(row.setpoint_ua, row.t_us)
        code.see(row.dac_code / FULL_SCALE_CODES_PER_UA, row.t_us)
        sign.see(-min(row.setpoint_ua, row.dac_code, 0.0), row.t_us)
    yield from (worst.found(), code.found(), sign.found())

_FALL_US = 3000  # [S-04]
_STEADY_UA, _STEADY_US = 0.5, 2 * TICK_US  # slower than that is no ramp; current follows in a tick
_OPENED_UA = 10.0  # of a setpoint: from here on the bleed's relay has opened


def _time_above(rows: Sequence[Row], worst: Worst, over: Callable[[Row], bool]) -> None:
    """How long, as far as the trace proves it, `over` held with the gate on."""
    since_us: int | None = None
    for row in rows:
        if row.gate and over(row):
            if since_us is None:
                since_us = row.t_us
            worst.see(row.t_us - since_us, row.t_us)
        else:
            if since_us is not None and not row.gate:
                worst.see(row.t_us - since_us, row.t_us)
            since_us = None
        worst.see(0.0, row.t_us)


def over_current(rows: Sequence[Row]) -> Iterator[Finding]:
    hard = Worst("S-02", "gate still on after 550 µA was reached", PASS_US, "µs")
    _time_above(rows, hard, lambda row: not row.i_load_ua < 550.0)
    yield hard.found()
    soft = Worst("S-02", "gate still on above setpoint + max(10 %, 15 µA)", PASSES_3_US, "µs")
    edges = [one or other for one, other in zip(near_edge(rows), other_load(rows))]
    # The tick that opens the bleed still shows what the skin has given back through it.
    opens = [False] + [bled(one) and not bled(other) for one, other in zip(rows, rows[1:])]
    settled = [
        row for row, edge, opening in zip(rows, edges, opens)
        if not ((edge or opening) and row.gate)
    ]  # fmt: skip
    _time_above(
        settled,
        soft,
        lambda row: not (driven(row) if bled(row) else row.i_load_ua)
        <= row.setpoint_ua + max(15.0, 0.1 * row.setpoint_ua),
    )
    yield soft.found()
    peak = Worst("S-02", "peak with the gate left on, away from touch and lift", 550.0, "µA")
    for index in range(1, len(rows)):
        row = rows[index]
        if edges[index] or not (row.gate and rows[index - 1].gate):
            continue
        following = rows[index + 1] if index + 1 < len(rows) else None
        cut = following is not None and not following.gate
        if not (cut and following.t_us - row.t_us <= PASS_US):  # type: ignore[union-attr]
            # A shorted skin empties itself in a spike that no gate can stop.
            peak.see(0.0 if driven(row) < row.i_load_ua else row.i_peak_ua, row.t_us)
    yield peak.found()


def lifted(rows: Sequence[Row]) -> Iterator[Finding]:
    cut = Worst("S-04", "gate off after a lift at 20 µA or more", 3000.0, "µs")
    zero = Worst("S-04", "setpoint 15 ms after a lift, until the next touch", PROBE_UA, "µA")
    frozen = Worst("S-04", "dose counted while lifted", 1.0, "µC")
    lift_us: int | None = None  # since when there is no contact
    waiting = False  # for the gate to fall
    dose_uc: float | None = None
    contact = rows[0].contact
    gate, setpoint_ua = 0, 0.0
    for row in rows:
        if row.state == "proving":
            dose_uc = None  # a new session counts from zero, still lifted
        if contact and not row.contact:
            # The lift's own row may carry the cut already: what ran is in the row before.
            lift_us, dose_uc = row.t_us, None
            # Over K2's dummy the self-test's current goes on, so that nothing opens.
            dummy = row.state in ("selftest", "proving")
            waiting = bool(gate) and setpoint_ua >= PROBE_UA and not dummy
        if row.contact:
            lift_us, waiting = None, False
        elif lift_us is not None:
            if waiting:
                cut.see(row.t_us - lift_us, row.t_us)
                waiting = bool(row.gate)
            if row.t_us - lift_us > 3 * TICK_US and row.state in SESSION:
                if row.state != "proving":  # what that drives flows through the dummy
                    zero.see(row.setpoint_ua, row.t_us)
                if dose_uc is None:
                    dose_uc = row.dose_uc
                frozen.see(abs(row.dose_uc - dose_uc), row.t_us)
        contact, gate, setpoint_ua = row.contact, row.gate, row.setpoint_ua
    yield from (cut.found(), zero.found(), frozen.found())


class _Slope:
    """How steep current may rise: faster after an absence, up to what flowed before [S-08]."""

    def __init__(self, row: Row) -> None:
        self._contact = row.contact
        self._lift_us = row.t_us - HOP_US
        self._flowed_ua = 0.0
        self._steep = RAMP_UA_PER_S
        self._reached = False

    def of(self, row: Row) -> float:
        """µA/s, from the row before to this one.

        A row shows the setpoint that its tick has just written, and the current before that: what
        flowed before is reached by the current a row later than by the setpoint.
        """
        steep = self._steep
        if row.contact != self._contact:
            self._contact = row.contact
            if not row.contact:
                self._lift_us = row.t_us
            else:
                absent_us = row.t_us - self._lift_us
                self._steep = (
                    BOUNCE_UA_PER_S if absent_us <= BOUNCE_US
                    else HOP_UA_PER_S if absent_us <= HOP_US else RAMP_UA_PER_S
                )  # fmt: skip
                self._reached = False
                return self._steep
        if row.setpoint_ua > 0.0 and row.gate and row.contact:
            if self._steep == RAMP_UA_PER_S or self._reached:
                self._steep = RAMP_UA_PER_S
                self._flowed_ua = row.setpoint_ua
            self._reached = row.setpoint_ua >= self._flowed_ua
        elif not row.gate:
            self._reached = False  # the gate has followed a bounce that is over already
        return steep


def slew(rows: Sequence[Row]) -> Iterator[Finding]:
    """i(t2) - i(t1) within what S-08 allows for all t1 < t2, so over windows of every length.

    Below the probe's 20 µA nothing counts as a rise; neither does the tick after a touch, whose
    spike the charge rule judges: current that stays up after it does count. Nor does what is cut
    within three passes of the guard, which S-02 judges, nor what skin gives back.
    """
    what = "rise beyond 70 µA/s, 600 and 1500 after hop and bounce (1 % of range allowed)"
    worst = Worst("S-08", what, 5.0, "µA")
    lowest: float | None = None
    slope = _Slope(rows[0])
    allowed = stair_ua = 0.0
    at_us = rows[0].t_us
    for row, edge, gone, other in zip(rows, near_edge(rows), cut_soon(rows), other_load(rows)):
        per_s = slope.of(row)
        allowed += per_s * (row.t_us - at_us) / 1e6
        at_us = row.t_us
        flows_ua = driven(row) if bled(row) else row.i_load_ua
        height = max(flows_ua, PROBE_FLOOR_UA) - allowed
        # Up in stairs of a tick, two on a slow wand; there it stays when the level is reached.
        if per_s > RAMP_UA_PER_S:
            stair_ua = 2 * TICK_US * per_s / 1e6
        # A bounce of the contact that S-04 gives 3 ms to, or another load: the source hasn't
        # fallen, nor may it.
        bounce = row.gate and not row.contact or other
        if lowest is None or not (height >= lowest or bounce):
            lowest = height
            if per_s <= RAMP_UA_PER_S:
                stair_ua = 0.0
        if not (gone or other or (edge and row.contact)):
            worst.see(height - lowest - stair_ua, row.t_us)
    yield worst.found()


def arming(rows: Sequence[Row]) -> Iterator[Finding]:
    """The bridge isn't in the trace. That nothing flows while it could move, is."""
    quiet = Worst("S-09", "current driven 5 ms before and after arming and ending", 5.0, "µA")
    gate = Worst("S-09", "gate on in the 5 ms before arming (1 is on)", 0.0, "")
    states = [row.state in SESSION for row in rows]
    # A touch takes the charge of the output's capacitances, gate open: R-01 judges how much.
    touched = [edge and not row.gate for row, edge in zip(rows, near_edge(rows))]
    for index in range(1, len(rows)):
        if states[index] == states[index - 1]:
            continue
        edge_us = rows[index].t_us
        armed = states[index]
        other = index - 1
        while other >= 0 and edge_us - rows[other].t_us <= TICK_US:
            if armed:
                if not touched[other]:
                    quiet.see(driven(rows[other]), rows[other].t_us)
                gate.see(rows[other].gate, rows[other].t_us)
            other -= 1
        other = index
        while other < len(rows) and rows[other].t_us - edge_us <= TICK_US:
            if not touched[other] and (armed or rows[other].t_us - edge_us >= PASS_US):
                quiet.see(driven(rows[other]), rows[other].t_us)
            other += 1
    yield from (quiet.found(), gate.found())


def off(rows: Sequence[Row]) -> Iterator[Finding]:
    gate = Worst("S-12", "gate on in a state that is off", TICK_US, "µs")
    _time_above(rows, gate, lambda row: row.state in OFF)
    yield gate.found()
    current = Worst("S-12", "current driven in a state in which none may be", 5.0, "µA")
    moved_us = -1
    state, since_us, touched = "", 0, False
    was_on = rows[0].gate
    at_us, before_ua, now_ua = -1, 0.0, 0.0
    for row, edge in zip(rows, near_edge(rows)):
        if row.state != state:
            state, since_us, touched = row.state, row.t_us, False
        if row.t_us > at_us:
            at_us, before_ua = row.t_us, now_ua
        now_ua = driven(row)
        # A self-test looks for skin at its start: who comes later shares its 40 µA.
        touched = touched or (edge and bool(row.contact) and state in ("selftest", "proving"))
        # Neither at the gate's own edge nor at a touch: charged capacitances, which R-01 judges.
        if row.gate != was_on:
            moved_us = row.t_us  # more rows may be of this instant
        still = row.t_us != moved_us and not edge and row.t_us - since_us >= TICK_US
        if state in NO_CURRENT and still:
            # Where the proof moves a switch, capacitances are charged: a moment, no current.
            flows_ua = min(now_ua, before_ua) if state == "proving" else now_ua
            current.see(flows_ua - (TEST_UA if touched else 0.0), row.t_us)
        was_on = row.gate
    yield current.found()


def stop(rows: Sequence[Row]) -> Iterator[Finding]:
    worst = Worst("S-18", "ramp down, from the stop to gate off", 1.1, "s")
    since_us: int | None = None
    for row in rows:
        if row.state == "stopping" and row.gate and since_us is None:
            since_us = row.t_us
        if since_us is not None:
            worst.see((row.t_us - since_us) / 1e6, row.t_us)
            if not row.gate:
                since_us = None
    yield worst.found()


def regulation(rows: Sequence[Row]) -> Iterator[Finding]:
    worst = Worst("F-05", "current from setpoint while treating, beyond 2 %", 2.0, "µA")
    faults = [row.t_us for row in rows if row.fault]
    fault_us = faults[0] if faults else rows[-1].t_us + FAULT_US
    # What the guard cuts within its 3 ms is no regulation: S-02 and S-04 judge that.
    falls = [after.t_us for row, after in zip(rows, rows[1:]) if row.gate and not after.gate]
    fall = 0
    steady_ua, steady_us = -1.0, 0
    for row, edge, other in zip(rows, near_edge(rows), other_load(rows)):
        if abs(row.setpoint_ua - steady_ua) > _STEADY_UA:
            steady_us = row.t_us
        steady_ua = row.setpoint_ua
        while fall < len(falls) and falls[fall] < row.t_us:
            fall += 1
        if row.state != "treating" or not (row.gate and row.contact) or edge or other:
            continue
        if fall < len(falls) and falls[fall] - row.t_us <= _FALL_US:
            continue
        if 0 <= fault_us - row.t_us < FAULT_US:
            continue
        if row.t_us - steady_us < _STEADY_US or bled(row) or row.setpoint_ua < _OPENED_UA:
            continue
        headroom_v = RAIL_V - row.v_load_mv / 1000 - 3e-3 * row.i_load_ua
        if headroom_v >= HEADROOM_V:
            apart_ua = abs(row.i_load_ua - row.setpoint_ua)
            worst.see(apart_ua - 0.02 * row.setpoint_ua, row.t_us)
    yield worst.found()


RULES: tuple[Callable[[Sequence[Row]], Iterator[Finding]], ...] = (
    setpoint, over_current, excess, lifted, caps, slew, arming, off, stop, dose, regulation,
    charge_counted,
)  # fmt: skip


def judge(rows: Sequence[Row]) -> list[Finding]:
    """All findings, in the order of RULES."""
    return [finding for rule in RULES for finding in rule(rows)]
