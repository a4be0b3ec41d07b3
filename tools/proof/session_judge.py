"""Judges a random session: the trace by every rule, and what only the wand knows about itself.

The trace's rules are tools/ionwand/trace/rules.py; here are guard arrays, journal, and whether
what happened can have ended the session as it says.
"""

import functools

from ionwand.trace import judging, rules

LIMIT = 1 << 30
PEAK_UA = 660.0  # the comparator's: no current of a healthy wand gets there
# What each end needs to have happened. Faults that a healthy wand may show name their cause.
_TIMEOUT_US = 897_000_000
_NO_CONTACT_US = 59_900_000
_STUCK_S = 9.8
_HELD_US = 500_000
_BOUNCE_S = 0.025  # let go for less than that, it was not let go
_SENSE_B_UA = 5.0  # an offset of 10 codes and 3 % of 40 µA
# How soon the main loop follows guard and charge is what slow.py makes slower.
_SLOWER = (
    "setpoint 15 ms after a lift, until the next touch",
    "the same on the way, less two ticks of current",
)
_TESTED, _TESTED_UA = "current driven in a state in which none may be", 22.0
_METAL_KOHM = 3.1  # leads and SKIN_MIN_OHM, and what a frame may be off by
_METAL_ROWS = 5
_OUTPUT = ("ramping", "treating", "stopping")
_ROUNDING_UC = 0.002  # of the trace
_BATTERY_LOW_MV = 3400  # 3.3 V, and 3 % for the fast converter
_WITH_OUTPUT = ("proving", "contact", "ramping", "treating", "stopping")


def judge(job, rows, seen):
    """(lines that say what is wrong, [] where nothing is; findings of the trace's rules)."""
    rows = list(_driven(rows))
    findings = rules.judge(rows)
    # What flows through less than any skin has is no dose, and the session ends for it, or with
    # whatever comes before it has lasted long enough [S-22].
    metal = sum(row.gate and row.state in _OUTPUT and _metal(row) for row in rows) >= _METAL_ROWS
    if metal or any(session["end"] == "too_conductive" for session in seen["ends"]):
        findings = [one for one in findings if one.id != "F-08"]
    wrong = [
        "%s %s: %.3f %s, allowed %.3f, at %.3f s" % (
            one.id, one.what, one.worst, one.unit, one.limit, one.at_us / 1e6)
        for one in findings if not (one.ok or job.get("slow") and _slower(one, rows))
    ]  # fmt: skip
    wrong += list(_peaks(rows)) + list(_integers(seen)) + list(_journal(seen))
    for session in seen["ends"]:
        wrong += _plausible(job, rows, session)
    if seen["fault"] and not any(end["fault"] == seen["fault"] for end in seen["ends"]):
        at_us = max((row.t_us for before, row in zip(rows, rows[1:])
                     if row.state == "fault" != before.state), default=rows[-1].t_us)  # fmt: skip
        last = {"end": "fault", "fault": seen["fault"], "at_us": at_us}
        wrong += _plausible(job, rows, dict(last, number=0, dose_uc=0, target_uc=1))
    if seen["reset"]:
        wrong.append("the watchdog has bitten")
    if rows[-1].gate and rows[-1].state not in ("selftest", *_WITH_OUTPUT):
        wrong.append("the gate is on at the end, in " + rows[-1].state)
    return wrong, findings


def _slower(one, rows):
    """Later than on any wand; who touches, or moves to a fresh patch, in the middle of a self-test
    that takes three times as long has a share of its 22 µA."""
    if one.what in _SLOWER:
        return True
    tests = (row.state == "selftest" and row.contact for row in rows if row.t_us == one.at_us)
    return one.what == _TESTED and one.worst < _TESTED_UA and any(tests)


def _metal(row):
    return row.i_load_ua > 20.0 and 0.0 < row.v_load_mv < _METAL_KOHM * row.i_load_ua


def _driven(rows):
    """The rows without what skin gives back of its own charge through the self-test's dummy.

    The trace's currents have no sign. Sense B sees all that this wand drives, by healthy parts;
    and what flows against the voltage is the skin's.
    """
    back_uc = 0.0
    before, back_ua = rows[0], 0.0
    for row in rows:
        flowed_uc = row.true_charge_uc - before.true_charge_uc
        if flowed_uc < -_ROUNDING_UC:  # a new session
            back_uc = flowed_uc = 0.0
        back_uc += min(flowed_uc, back_ua * (row.t_us - before.t_us) / 1e6)
        before, back_ua = row, 0.0
        if row.contact and row.state in ("selftest", "proving"):
            drives = row.gate and row.v_load_mv >= 0.0
            driven_ua = row.sense_b_ua + _SENSE_B_UA if drives else 0.0
            back_ua = max(0.0, row.i_load_ua - driven_ua)
            row = row._replace(
                i_load_ua=row.i_load_ua - back_ua, i_peak_ua=row.i_peak_ua - back_ua
            )
        yield row._replace(true_charge_uc=row.true_charge_uc - back_uc)


def _peaks(rows):
    """No more than 660 µA, whatever the gate. A touch meets charged capacitances: nanocoulombs in
    microseconds, which no gate can stop and R-01's rule adds up; so does skin that empties itself.
    """
    for row, edge in zip(rows, judging.near_edge(rows)):
        driven = judging.driven(row) == row.i_load_ua
        small = row.i_load_ua <= PEAK_UA and row.i_peak_ua <= PEAK_UA
        if driven and not edge and not small:
            yield "peak of %.0f µA before %.3f s" % (row.i_peak_ua, row.t_us / 1e6)


def _integers(seen):
    """Arrays of guard and app [R-08]."""
    if not seen["lowest"] >= 0:
        yield "an array of the guard held %d" % seen["lowest"]
    if not seen["highest"] < LIMIT:
        yield "an array held %d, not below 2**30" % seen["highest"]


def _journal(seen):
    """What the journal holds is what ended, in order; the last may wait to be written [F-11]."""
    kept, ends = seen["journal"], seen["ends"]
    if None in kept:
        yield "journal: session %d is not readable" % (kept.index(None) + 1)
        return
    if not len(ends) - bool(seen["pending"]) <= len(kept) <= len(ends):
        yield "journal: %d sessions of %d" % (len(kept), len(ends))
    for record, end in zip(kept, ends):
        for key in ("number", "end", "dose_uc", "lifts", "product", "target_uc"):
            if record[key] != end[key]:
                yield "journal %d: %s is %s, was %s" % (
                    end["number"], key, record[key], end[key])  # fmt: skip
        if not record["output_ms"] == end["flow_ms"] <= record["session_ms"]:
            yield "journal %d: %d ms of output" % (end["number"], record["output_ms"])


def _happened(job, kind, until_us, good=lambda value: True):
    return any(
        kind in event and good(event[kind]) and event["at_s"] * 1e6 <= until_us
        for event in job["events"]
    )


def _plausible(job, rows, end):
    """Why this session cannot have ended as it says it did."""
    at_us = end["at_us"]
    happened = functools.partial(_happened, job, until_us=at_us)
    mine = [row for row in rows if row.t_us <= at_us]
    since = max((row.t_us for before, row in zip(mine, mine[1:])
                 if row.state == "proving" != before.state), default=0)  # fmt: skip
    took_us = at_us - since
    why = end["fault"] if end["end"] == "fault" else end["end"]
    touched = any(row.contact for row in mine if row.state in ("proving", "selftest"))
    # For ten seconds on end, and by what may be a dummy that has welded.
    held = any(row.contact for row in mine if row.t_us > at_us - _HELD_US)
    low = functools.partial(happened, kind="battery_mv", good=lambda mv: mv < _BATTERY_LOW_MV)
    dose, target = end["dose_uc"], end["target_uc"]
    reached = dose >= target if target else end["flow_ms"] >= 1000 * end["target_s"]
    likely = {
        "complete": reached,
        "stopped": happened(kind="press_s"),
        "timeout": took_us >= _TIMEOUT_US,
        "no_contact": took_us >= _NO_CONTACT_US,
        "battery_low": low(),
        "vbus": happened(kind="vbus"),
        "too_conductive": happened(kind="touch", good=_conducts_well),
        "button_stuck": _longest_press_s(job) >= _STUCK_S,
        "dummy_reading": touched and held and happened(kind="touch", good=_conducts),
        "touched": touched,
    }
    if not likely.get(why, False):
        yield "session %d ended as %s at %.3f s" % (end["number"], why, at_us / 1e6)


def _longest_press_s(job):
    begin_s = end_s = longest_s = 0.0
    for event in job["events"]:
        if "press_s" in event:
            if event["at_s"] - end_s > _BOUNCE_S:
                begin_s = event["at_s"]
            end_s = event["at_s"] + event["press_s"]
            longest_s = max(longest_s, end_s - begin_s)
    return longest_s


def _conducts(name):
    """What may read as the dummy, 10 kΩ, or less."""
    if name.startswith("resistor:"):
        return float(name[9:]) < 12_000.0
    return name != "dry"


def _conducts_well(name):
    """A resistor below 3.5 kΩ, with what hum and converters add; skin that may have no barrier."""
    if name.startswith("resistor:"):
        return float(name[9:]) < 5000.0
    return name == "peeled" or name.startswith("drawn:")
