"""Proof of the guard by one inductive step, for all states and all readings [R-08, S-02, S-07].

INVARIANT is what holds between two passes; `properties` says what one pass does from any such
state, with any 12-bit readings and any 32-bit requests. Each is handed to z3 as "find a
counterexample"; none found is the proof. `python tools/proof/guard_smt.py` prints them all.
"""

import sys
import time

import paths
import symbolic
import z3

from firmware import faults, guard  # isort: skip

SOURCE = paths.ROOT / "firmware" / "guard.py"
SMALL = 1 << 30  # MicroPython's small integers on the RP2040 end here
FLAGS = (guard.SN_TRIPS, guard.SN_FIRST)
# Written down again on purpose: a proof that asked limits.py would follow its mistakes.
SETPOINT_MAX_UA, OVER_UA = 500, 550
OUTPUT_MAX_MS, SESSION_MAX_MS, CHARGE_MAX_UC = 900_000, 1_200_000, 300_000
HEARTBEAT_US, PASS_US = 100_000, 3000
HOP_US, BOUNCE_US, MARGIN_UA = 2_060_000, 90_000, 17
A_MOST, B_MOST, E2_MOST = 1649, 661, 33_288  # what 12 bits can show


class Step:
    """One pass from an arbitrary state. `before`, `after`: snapshot slots; `result`: 1 or 0."""

    def __init__(self, source):
        run = symbolic.Executor(source, "guard_pass", vars(guard))
        self.samples = [z3.Int("sample%d" % i) for i in range(16)]
        self.request = [z3.Int("request%d" % i) for i in range(guard.RQ_SIZE)]
        self.before = [
            z3.BitVec("before%d" % i, symbolic.BITS) if i in FLAGS else z3.Int("before%d" % i)
            for i in range(guard.SN_SIZE)
        ]
        end = run.run(samples=self.samples, request=self.request, snapshot=self.before)
        if end.returned is not True and not z3.is_expr(end.returned):
            raise symbolic.Unsupported("a path without return")
        # What is read, as numbers of their own: any value that 12 bits can show. That the guard's
        # terms stand for these means of four is a property of its own below.
        self.measured = z3.Ints("a_ua b_ua e2_mv")
        self.terms = [end.names[name] for name in ("a_ua", "b_ua", "e2_mv")]
        swaps = list(zip(self.terms, self.measured))

        def swap(value):
            return z3.substitute(value, *swaps) if z3.is_expr(value) else value

        self.returned = swap(end.returned)
        self.result = swap(end.value)
        self.after = [
            z3.BitVecVal(slot, symbolic.BITS) if i in FLAGS and isinstance(slot, int)
            else swap(slot)
            for i, slot in enumerate(end.slots["snapshot"])
        ]  # fmt: skip
        self.numbers = run.numbers
        self.products = [tuple(swap(part) for part in product) for product in run.products]
        self.swap = swap
        self.ends = [swap(claim) for claim in run.ends]
        self.given = [
            *(z3.And(0 <= code, code <= 4095) for code in self.samples),
            *(z3.And(-(1 << 31) <= slot, slot < 1 << 31) for slot in self.request),
            # Tokens and counters of the main loop stay below 2**30 (output.py masks them).
            *(
                z3.And(0 <= self.request[i], self.request[i] < SMALL)
                for i in (guard.RQ_HEARTBEAT, guard.RQ_ARM, guard.RQ_FRAME)
            ),
            0 <= self.before[guard.SN_DT_US],
            self.before[guard.SN_DT_US] < SMALL,
            *invariant(self.before, external=True),
        ]
        self.given += [
            z3.And(0 <= value, value <= most)
            for value, most in zip(self.measured, (A_MOST, B_MOST, E2_MOST))
        ]
        for product in self.products:
            self.given += symbolic.envelope(product, A_MOST, PASS_US)

    def counterexample(self, claim, timeout_ms=120_000):
        """None where `claim` always holds; otherwise a model that breaks it."""
        solver = z3.Solver()
        solver.set("timeout", timeout_ms)
        solver.add(*self.given)
        solver.add(z3.Not(claim))
        answer = solver.check()
        if answer == z3.unsat:
            return None
        if answer == z3.sat:
            return solver.model()
        raise TimeoutError("z3 can't decide: %s" % solver.reason_unknown())


def invariant(slots, external=False):
    """What holds of the snapshot between two passes."""
    g = guard
    fed = slots[g.SN_FEED] == 1
    ranges = {
        g.SN_LATCH: 1 if external else None,
        g.SN_PASSES: SMALL // 2 - 1,
        g.SN_FEED: 1,
        g.SN_A_UA: A_MOST,
        g.SN_B_UA: B_MOST,
        g.SN_E2_MV: E2_MOST,
        g.SN_BATTERY_SUM: 4 * 4095,
        g.SN_QUIET_US: 1_000_000 + PASS_US,
        g._ARMED: SMALL - 1,
        g.SN_LIFTED: g.NO_BLEED,
        g.SN_OUTPUT_MS: OUTPUT_MAX_MS + 3,
        g.SN_SESSION_MS: SESSION_MAX_MS + 3,
        g.SN_CHARGE_UC: CHARGE_MAX_UC + 5,
        g._LOCKED_BRIDGE: 2,
        g._HEARTBEAT: SMALL - 1,
        g._HEARTBEAT_US: HEARTBEAT_US + PASS_US,
        g._OVER_US: 1400 + PASS_US,
        g._APART_US: 2400,
        g._LEAK_US: 5000,
        g._ON_US: 3000 + PASS_US,
        g._FRAME: SMALL - 1,
        g._FRAMES_APART: 5,
        g._FRAMES_SHORT: 5,
        g._OUTPUT_REST_US: 999,
        g._SESSION_REST_US: 999,
        g._CHARGE_REST_PC: 999_999,
        g._MARK_E2_MV: E2_MOST,
        g._MARK_US: 1499,
        g._AWAY_US: HOP_US + PASS_US,
        g._STEEP: 2,
        g._FLOWED_UA: SETPOINT_MAX_UA,
        g.SN_CEILING_PA: (SETPOINT_MAX_UA + MARGIN_UA) * 1_000_000,
        g.SN_TRIP_A_UA: A_MOST,
        g.SN_TRIP_B_UA: B_MOST,
        g.SN_TRIP_E2_MV: E2_MOST,
    }
    bounds = [
        z3.And(0 <= slots[i], slots[i] <= most) for i, most in ranges.items() if most is not None
    ]
    return [
        *bounds,
        z3.ULT(slots[g.SN_TRIPS], SMALL),
        z3.ULT(slots[g.SN_FIRST], SMALL),
        # The first causes are among the trips, and there are some as soon as there is a trip.
        slots[g.SN_FIRST] & ~slots[g.SN_TRIPS] == 0,
        (slots[g.SN_FIRST] == 0) == (slots[g.SN_TRIPS] == 0),
        # The fifth bad frame in a row is a trip.
        z3.Implies(
            slots[g.SN_TRIPS] == 0,
            z3.And(slots[g._FRAMES_APART] <= 4, slots[g._FRAMES_SHORT] <= 4),
        ),
        # Whoever was fed had no reason not to be.
        z3.Implies(
            fed,
            z3.And(
                slots[g.SN_TRIPS] == 0,
                slots[g.SN_LIFTED] == 0,
                slots[g._ARMED] != 0,
                slots[g.SN_OUTPUT_MS] < OUTPUT_MAX_MS,
                slots[g.SN_SESSION_MS] < SESSION_MAX_MS,
                slots[g.SN_CHARGE_UC] < CHARGE_MAX_UC,
                slots[g._HEARTBEAT_US] <= HEARTBEAT_US,
                slots[g._LOCKED_BRIDGE] >= 1,
                slots[g._LOCKED_BRIDGE] <= 2,
                slots[g._OVER_US] < 1400,
                slots[g._APART_US] < 2400,
            ),
        ),
    ]


def start():
    """The snapshot before the first pass: all zero."""
    flags = [z3.BitVecVal(0, symbolic.BITS) if i in FLAGS else z3.IntVal(0)
             for i in range(guard.SN_SIZE)]  # fmt: skip
    return flags


def properties(step):
    """(name, claim) pairs: what every pass does."""
    g = guard
    before, after, rq = step.before, step.after, step.request
    fed = step.result == 1
    a_ua, b_ua, e2_mv = step.measured
    scales = ((6600, 65536), (2645, 65536), (2081, 1024))
    means = [sum(step.samples[i::4]) * gain / unit for i, (gain, unit) in enumerate(scales)]
    most_ua = z3.If(a_ua > b_ua, a_ua, b_ua)
    apart_ua = z3.If(a_ua > b_ua, a_ua - b_ua, b_ua - a_ua)
    was_on = before[g.SN_FEED] == 1
    dt = before[g.SN_DT_US]
    good_dt = z3.And(1 <= dt, dt <= PASS_US)
    counted = z3.If(good_dt, dt, PASS_US)
    arming = z3.And(rq[g.RQ_ARM] != before[g._ARMED], rq[g.RQ_OUTPUT] == 0, z3.Not(was_on))
    armed = z3.If(arming, rq[g.RQ_ARM], before[g._ARMED])
    setpoint = rq[g.RQ_SETPOINT_UA]
    good_setpoint = z3.And(0 <= setpoint, setpoint <= SETPOINT_MAX_UA)
    margin = z3.If(setpoint / 10 > 15, setpoint / 10, 15)
    gap = z3.If(most_ua / 10 > 20, most_ua / 10, 20)

    def us(slots, ms, rest):
        return slots[ms] * 1000 + slots[rest]

    def pc(slots):
        return slots[g.SN_CHARGE_UC] * 1_000_000 + slots[g._CHARGE_REST_PC]

    marked_us = before[g._MARK_US] + counted
    small = z3.And(5 <= setpoint, setpoint < 50)
    old_us = z3.If(small, 1500, 500)
    silent = rq[g.RQ_HEARTBEAT] == before[g._HEARTBEAT]
    over = z3.And(was_on, good_setpoint, most_ua > setpoint + margin)
    never = z3.Not(fed)
    kept = z3.Not(arming)
    new_frame = rq[g.RQ_FRAME] != before[g._FRAME]
    settled = before[g._ON_US] + counted > 3000
    precise_ua = rq[g.RQ_PRECISE_A_UA] % 65536
    off_ua = z3.If(precise_ua > a_ua, precise_ua - a_ua, a_ua - precise_ua)
    precise_gap = z3.If(a_ua / 10 > 20, a_ua / 10, 20)
    shorted = z3.And(a_ua > 50, (rq[g.RQ_LOAD_MV] % 65536) * 1000 < a_ua * 1700)
    session_full = before[g.SN_SESSION_MS] >= SESSION_MAX_MS
    return [
        ("every path returns 0 or 1, and SN_FEED says which",
         z3.And(step.returned, z3.Or(fed, step.result == 0), after[g.SN_FEED] == step.result)),
        ("every loop ends within %d turns" % symbolic.TURNS, z3.And(*step.ends)),
        ("readings are the means of four conversions at nominal scale, within their range",
         z3.And(*(term == mean for term, mean in zip(step.terms, means)),
                *(z3.And(0 <= mean, mean <= most)
                  for mean, most in zip(means, (A_MOST, B_MOST, E2_MOST))))),
        ("S-02 a sense at 550 µA is not fed", z3.Implies(most_ua >= OVER_UA, never)),
        ("S-02 a sense at 550 µA latches over_current",
         z3.Implies(most_ua >= OVER_UA, after[g.SN_TRIPS] & faults.OVER_CURRENT != 0)),
        ("S-02 the comparator's latch is not fed, and latches",
         z3.Implies(before[g.SN_LATCH] != 0,
                    z3.And(never, after[g.SN_TRIPS] & faults.COMPARATOR != 0))),
        ("S-02 over the setpoint for 1.4 ms is not fed",
         z3.Implies(z3.And(over, kept, before[g._OVER_US] + counted >= 1400), never)),
        ("S-02 time over the setpoint is kept",
         z3.Implies(z3.And(over, kept), after[g._OVER_US] == before[g._OVER_US] + counted)),
        ("S-03 senses apart for 2.4 ms are not fed",
         z3.Implies(z3.And(apart_ua > gap, kept, before[g._APART_US] + counted >= 2400), never)),
        ("S-03 time apart is kept",
         z3.Implies(z3.And(apart_ua > gap, kept),
                    z3.Or(after[g._APART_US] == before[g._APART_US] + counted,
                          after[g._APART_US] == 2400))),
        ("S-03 the fifth frame apart is not fed",
         z3.Implies(z3.And(was_on, new_frame, settled, off_ua > precise_gap,
                           before[g._FRAMES_APART] >= 4), never)),
        ("S-03 frames apart are counted",
         z3.Implies(z3.And(was_on, new_frame, settled, off_ua > precise_gap),
                    after[g._FRAMES_APART] == before[g._FRAMES_APART] + 1)),
        ("S-04 an open circuit is not fed",
         z3.Implies(z3.And(was_on, settled, good_setpoint, a_ua < 6, b_ua <= 15, e2_mv < 600),
                    never)),
        ("S-04 a low rail falling at 5 V/ms is not fed",
         z3.Implies(z3.And(was_on, settled, z3.Not(over), good_setpoint,
                           (before[g._MARK_E2_MV] - e2_mv) * 1000
                           > 5000 * z3.If(marked_us > 500, marked_us, 500)), never)),
        ("S-04 at 5 to 50 µA one that falls at 1 V/ms is not fed",
         z3.Implies(z3.And(was_on, settled, z3.Not(over), good_setpoint, small,
                           (before[g._MARK_E2_MV] - e2_mv) * 1000
                           > 1000 * z3.If(marked_us > 1500, marked_us, 1500)), never)),
        ("S-04 and is measured against a mark of 0.5 ms ago at most, 1.5 there, and a pass",
         z3.And(z3.Implies(z3.And(kept, marked_us >= old_us),
                           z3.And(after[g._MARK_E2_MV] == e2_mv, after[g._MARK_US] == 0)),
                z3.Implies(z3.And(kept, marked_us < old_us),
                           z3.And(after[g._MARK_E2_MV] == before[g._MARK_E2_MV],
                                  after[g._MARK_US] == marked_us)))),
        ("S-04 a lift stays until output is asked off",
         z3.Implies(z3.And(before[g.SN_LIFTED] != 0, rq[g.RQ_OUTPUT] != 0),
                    z3.And(never, after[g.SN_LIFTED] != 0))),
        ("S-05 the fifth frame below the leads' resistance is not fed",
         z3.Implies(z3.And(was_on, new_frame, settled, shorted, before[g._FRAMES_SHORT] >= 4),
                    never)),
        ("S-05 frames below it are counted",
         z3.Implies(z3.And(was_on, new_frame, settled, shorted),
                    after[g._FRAMES_SHORT] == before[g._FRAMES_SHORT] + 1)),
        ("S-07 a full count of session, output or charge is not fed",
         z3.Implies(z3.And(kept, z3.Or(session_full,
                                       before[g.SN_OUTPUT_MS] >= OUTPUT_MAX_MS,
                                       before[g.SN_CHARGE_UC] >= CHARGE_MAX_UC)), never)),
        ("S-07 fed means below all three caps",
         z3.Implies(fed, z3.And(after[g.SN_SESSION_MS] < SESSION_MAX_MS,
                                after[g.SN_OUTPUT_MS] < OUTPUT_MAX_MS,
                                after[g.SN_CHARGE_UC] < CHARGE_MAX_UC))),
        ("S-07 session time counts every µs while armed, and never falls",
         z3.Implies(z3.And(kept, armed != 0, z3.Not(session_full)),
                    us(after, g.SN_SESSION_MS, g._SESSION_REST_US)
                    == us(before, g.SN_SESSION_MS, g._SESSION_REST_US) + counted)),
        ("S-07 a full session stays full",
         z3.Implies(z3.And(kept, session_full), after[g.SN_SESSION_MS] >= SESSION_MAX_MS)),
        ("S-07 output time counts every µs that was fed with something asked for",
         z3.Implies(z3.And(was_on, good_setpoint, setpoint > 6),
                    us(after, g.SN_OUTPUT_MS, g._OUTPUT_REST_US)
                    == us(before, g.SN_OUTPUT_MS, g._OUTPUT_REST_US) + counted)),
        ("S-07 charge multiplies the larger sense and the time",
         z3.And(len(step.products) == 1,
                *(z3.Implies(was_on, z3.And(a == most_ua, b == counted))
                  for a, b, _ in step.products))),
        ("S-07 charge counts that product to the last pC",
         z3.Implies(was_on, z3.Or(*(pc(after) == pc(before) + known
                                    for _, _, known in step.products)))),
        ("S-07 output time and charge never fall without arming",
         z3.Implies(kept, z3.And(after[g.SN_OUTPUT_MS] >= before[g.SN_OUTPUT_MS],
                                 pc(after) >= pc(before)))),
        ("S-08 fed means a setpoint below its ceiling",
         z3.Implies(z3.And(fed, kept), setpoint * 1_000_000 <= after[g.SN_CEILING_PA])),
        ("S-08 the ceiling rises by 1530, 612 or 70 µA/s, or starts anew where nothing is driven",
         z3.Implies(z3.And(kept, good_setpoint),
                    after[g.SN_CEILING_PA]
                    <= z3.If(setpoint <= 6, MARGIN_UA * 1_000_000, before[g.SN_CEILING_PA])
                    + counted * z3.If(after[g._STEEP] == 2, 1530,
                                      z3.If(after[g._STEEP] == 1, 612, 70)))),
        ("S-08 it stays within the margin of the setpoint",
         z3.Implies(good_setpoint,
                    after[g.SN_CEILING_PA] <= (setpoint + MARGIN_UA) * 1_000_000)),
        ("S-08 steeper than 70 µA/s only up to what flowed",
         z3.Implies(z3.And(kept, good_setpoint, after[g._STEEP] > 0),
                    z3.If(setpoint <= 6, MARGIN_UA * 1_000_000, before[g.SN_CEILING_PA])
                    <= (after[g._FLOWED_UA] + MARGIN_UA) * 1_000_000)),
        ("S-08 the slope is chosen where nothing is driven, by how long nothing flowed",
         z3.Implies(z3.And(kept, good_setpoint),
                    z3.If(setpoint <= 6,
                          z3.And(z3.Implies(after[g._STEEP] == 2,
                                            after[g._AWAY_US] < BOUNCE_US),
                                 z3.Implies(after[g._AWAY_US] >= HOP_US,
                                            after[g._FLOWED_UA] <= 6)),
                          after[g._STEEP] <= before[g._STEEP]))),
        ("S-08 what flowed is the setpoint as long as it rises slowly, and is kept else",
         z3.Implies(z3.And(kept, good_setpoint, setpoint > 6),
                    after[g._FLOWED_UA]
                    == z3.If(after[g._STEEP] == 0, setpoint, before[g._FLOWED_UA]))),
        ("S-08 time without current is counted",
         z3.Implies(kept, after[g._AWAY_US]
                    == z3.If(z3.And(was_on, a_ua >= 15), 0,
                             z3.If(before[g._AWAY_US] < HOP_US,
                                   before[g._AWAY_US] + counted, before[g._AWAY_US])))),
        ("S-09 fed means one allowed bridge position, the same since arming",
         z3.Implies(fed, z3.And(1 <= rq[g.RQ_BRIDGE], rq[g.RQ_BRIDGE] <= 2,
                                after[g._LOCKED_BRIDGE] == rq[g.RQ_BRIDGE],
                                z3.Or(before[g._LOCKED_BRIDGE] == 0,
                                      before[g._LOCKED_BRIDGE] == rq[g.RQ_BRIDGE])))),
        ("S-09 the lock opens by arming only",
         z3.Implies(z3.And(kept, before[g._LOCKED_BRIDGE] != 0),
                    after[g._LOCKED_BRIDGE] == before[g._LOCKED_BRIDGE])),
        ("S-10 a main loop silent for 100 ms is not fed",
         z3.Implies(z3.And(silent, kept, before[g._HEARTBEAT_US] + counted > HEARTBEAT_US),
                    never)),
        ("S-10 silence is counted",
         z3.Implies(z3.And(silent, kept, before[g._HEARTBEAT_US] <= HEARTBEAT_US),
                    after[g._HEARTBEAT_US] == before[g._HEARTBEAT_US] + counted)),
        ("S-10 a late pass under output is not fed",
         z3.Implies(z3.And(was_on, z3.Not(good_dt)), never)),
        ("S-01 a setpoint beyond 0 to 500 µA is not fed",
         z3.Implies(z3.Not(good_setpoint), never)),
        ("S-01 output is fed only where it is asked for, with 1",
         z3.Implies(fed, rq[g.RQ_OUTPUT] == 1)),
        ("S-20 no trip goes without arming",
         z3.Implies(kept, before[g.SN_TRIPS] & ~after[g.SN_TRIPS] == 0)),
        ("S-20 a trip is not fed",
         z3.Implies(z3.And(kept, before[g.SN_TRIPS] != 0), never)),
        ("S-20 the first cause is kept",
         z3.Implies(z3.And(kept, before[g.SN_FIRST] != 0),
                    after[g.SN_FIRST] == before[g.SN_FIRST])),
        ("S-20 arming needs output off, and feeds nothing", z3.Implies(arming, never)),
        ("S-20 fed means armed, no trip, no lift",
         z3.Implies(fed, z3.And(armed != 0, after[g.SN_TRIPS] == 0, after[g.SN_LIFTED] == 0))),
        ("the invariant holds after the pass", z3.And(*invariant(after))),
        ("R-08 every number on the way stays below 2**30, where what is asked for does",
         z3.Implies(z3.And(*(z3.And(-SMALL < slot, slot < SMALL) for slot in rq)),
                    _small(step))),
    ]  # fmt: skip


def _small(step):
    """All intermediate results, each on its own path. Fault bits are bounded by the invariant."""
    claims = []
    for path, value, _ in step.numbers:
        if z3.is_expr(value) and z3.is_int(value):
            value = step.swap(value)
            path = [step.swap(condition) for condition in path]
            claim = z3.And(-SMALL < value, value < SMALL)
            claims.append(z3.Implies(z3.And(*path), claim) if path else claim)
    return z3.And(*claims)


def prove(source=None, only=None):
    """Yield (name, counterexample or None, seconds) for each property."""
    step = Step(SOURCE.read_text() if source is None else source)
    solver = z3.Solver()
    solver.add(z3.Not(z3.And(*invariant(start()))))
    if only is None:
        yield "the invariant holds before the first pass", (
            None if solver.check() == z3.unsat else solver.model()), 0.0  # fmt: skip
    for name, claim in properties(step):
        if only is None or name in only:
            begin = time.monotonic()
            model = step.counterexample(claim)
            yield name, model, time.monotonic() - begin


def main():
    bad = 0
    for name, model, seconds in prove():
        print("%-8s %5.1f s  %s" % ("proven" if model is None else "REFUTED", seconds, name))
        if model is not None:
            bad += 1
            print("         ", sorted(((str(d), model[d]) for d in model), key=str))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
