"""`make sessions`: random sessions on the Unix port, each judged by every invariant there is.

session_plan.py draws them, long_session.py runs them and looks at what no trace shows, `judge`
says what is wrong. The exit code is 1 where anything is; each failing seed comes with the
command that plays it again.
"""

import argparse
import collections
import csv
import functools
import itertools
import multiprocessing
import os
import sys
import time
from pathlib import Path

import paths
import session_plan

from ionwand import judging, rules, runner
from ionwand.errors import RunFailed

LIMIT = 1 << 30
PEAK_UA = 660.0  # the comparator's: no current of a healthy wand gets there
FIRST_SEED = 1
INSIDE = Path(__file__).with_name("long_session.py")
# What each end needs to have happened. Faults that a healthy wand may show name their cause.
_TIMEOUT_US = 897_000_000
_NO_CONTACT_US = 59_900_000
_STUCK_S = 9.8
_SENSE_B_UA = 5.0  # an offset of 10 codes and 3 % of 40 µA
_BATTERY_LOW_MV = 3400  # 3.3 V, and 3 % for the fast converter
COMMAND = ".venv/bin/python tools/proof/sessions.py --seed %d --count 1 --trace out/%d.csv"


def play(job):
    """(rows, what was seen from inside) of a job. RunFailed where the interpreter broke off."""
    run = runner.Run(job, "micropython", INSIDE)
    rows = list(run.rows())
    return rows, run.summary


def judge(job, rows, seen):
    """(lines that say what is wrong, [] where nothing is; findings of the trace's rules)."""
    rows = list(_driven(rows))
    findings = rules.judge(rows)
    wrong = [
        "%s %s: %.3f %s, allowed %.3f, at %.3f s" % (
            one.id, one.what, one.worst, one.unit, one.limit, one.at_us / 1e6)
        for one in findings if not one.ok
    ]  # fmt: skip
    wrong += list(_peaks(rows)) + list(_integers(seen)) + list(_journal(seen))
    for session in seen["ends"]:
        wrong += _plausible(job, rows, session)
    if seen["fault"] and not any(end["fault"] == seen["fault"] for end in seen["ends"]):
        last = {"end": "fault", "fault": seen["fault"], "at_us": rows[-1].t_us}
        wrong += _plausible(job, rows, dict(last, number=0, dose_uc=0, target_uc=1))
    if seen["reset"]:
        wrong.append("the watchdog has bitten")
    if rows[-1].gate and rows[-1].state not in ("selftest", *_WITH_OUTPUT):
        wrong.append("the gate is on at the end, in " + rows[-1].state)
    return wrong, findings


_WITH_OUTPUT = ("proving", "contact", "ramping", "treating", "stopping")


def _driven(rows):
    """The rows without what skin gives back of its own charge through the self-test's dummy.

    The trace has no sign. Sense B sees all that this wand drives: its parts are healthy.
    """
    back_uc = 0.0
    before, back_ua = rows[0], 0.0
    for row in rows:
        flowed_uc = row.true_charge_uc - before.true_charge_uc
        if flowed_uc < 0.0:  # a new session
            back_uc = flowed_uc = 0.0
        back_uc += min(flowed_uc, back_ua * (row.t_us - before.t_us) / 1e6)
        before, back_ua = row, 0.0
        if row.contact and row.state in ("selftest", "proving"):
            back_ua = max(0.0, row.i_load_ua - row.sense_b_ua - _SENSE_B_UA)
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
        "button_stuck": happened(kind="press_s", good=lambda seconds: seconds >= _STUCK_S),
        "dummy_reading": touched,
    }
    if not likely.get(why, False):
        yield "session %d ended as %s at %.3f s" % (end["number"], why, at_us / 1e6)


def _conducts_well(name):
    """Below 1 kΩ, 1.5 kΩ with the leads' and converters' tolerance."""
    return name.startswith("resistor:") and float(name[9:]) < 1500.0


def attempt(seed):
    """One seed: a row for the table, and what is wrong with it."""
    job = session_plan.make(seed)
    begin_s = time.monotonic()
    try:
        rows, seen = play(job)
        wrong, findings = judge(job, rows, seen)
    except RunFailed as error:
        return {"seed": seed, "wrong": str(error).strip().splitlines(), "findings": []}
    return {
        "seed": seed,
        "wrong": wrong,
        "findings": [(one.id, one.what, one.worst, one.limit, one.unit) for one in findings],
        "time_s": round(seen["time_s"] - job["start_us"] / 1e6, 1),
        "took_s": round(time.monotonic() - begin_s, 2),
        "ends": [end["fault"] if end["end"] == "fault" else end["end"] for end in seen["ends"]],
        "fault": seen["fault"],
        "dose_uc": sum(end["dose_uc"] for end in seen["ends"]),
        "lifts": sum(end["lifts"] for end in seen["ends"]),
        "highest": seen["highest"],
        "wraps": _wraps(job, seen),
        "states": sorted({row.state for row in rows}),
    }


def _wraps(job, seen):
    """Which counters went round in this session."""
    end_us = seen["time_s"] * 1e6
    took_s = (end_us - job["start_us"]) / 1e6
    return [
        name
        for name, wrapped in (
            ("ticks_ms", end_us >= LIMIT * 1000 > job["start_us"]),
            ("ticks_us", (int(end_us) ^ job["start_us"]) >> 30 != 0),
            ("passes", job["passes"] + took_s * 1900 > LIMIT // 2),
            ("frames", job["frame"] + took_s * 120 > LIMIT),
            ("heartbeat", job["beat"] + took_s * 190 > LIMIT),
        )
        if wrapped
    ]


def many(seeds, jobs, until_s=None):
    """Results as they come, with a bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    text = TextColumn("{task.description}")
    results = []
    total = len(seeds) if until_s is None else None
    with Progress(text, BarColumn(), MofNCompleteColumn(), Elapsed()) as bar, \
            multiprocessing.get_context("fork").Pool(jobs) as pool:  # fmt: skip
        shown = bar.add_task("sessions", total=total)
        for result in pool.imap_unordered(attempt, _while(seeds, jobs, results, until_s)):
            results.append(result)
            if result["wrong"]:
                bar.console.print(report(result), markup=False, highlight=False)
            bar.advance(shown)
    return sorted(results, key=lambda result: result["seed"])


def _while(seeds, jobs, results, until_s):
    """Hands out seeds no faster than they are used, until the time is over."""
    for number, seed in enumerate(seeds):
        while until_s is not None and number > len(results) + 2 * jobs:
            time.sleep(0.02)
        if until_s is not None and time.monotonic() >= until_s:
            return
        yield seed


def report(result):
    """What is wrong with a session, and how to see it again."""
    lines = ["seed %d:" % result["seed"]]
    lines += ["  " + line for line in result["wrong"][:8]]
    return "\n".join([*lines, "  again: " + COMMAND % ((result["seed"],) * 2)])


def summarise(results):
    """What was played, and the worst that each rule saw."""
    from rich.console import Console
    from rich.table import Table

    good = [result for result in results if result["findings"]]
    worst = {}
    for result in good:
        for id, what, value, limit, unit in result["findings"]:
            seen = worst.setdefault((id, what), [0, None, limit, unit])
            if value is not None:
                seen[0] += 1
                seen[1] = value if seen[1] is None else max(seen[1], value)
    table = Table("rule", "what", "sessions", "worst", "limit", "unit", box=None)
    for (id, what), (count, value, limit, unit) in worst.items():
        shown = "" if value is None else "%.3f" % value
        table.add_row(id, what, str(count), shown, "%.3f" % limit, unit)
    Console(width=150).print(table, markup=False)
    count = collections.Counter
    ends = count(end for result in good for end in result["ends"])
    print("ends: " + ", ".join("%s %d" % pair for pair in ends.most_common()))
    wraps = count(name for result in good for name in result["wraps"])
    print("wraps: " + ", ".join("%s %d" % pair for pair in sorted(wraps.items())))
    print("largest integer in an array: %d" % max((r["highest"] for r in good), default=0))
    print("%d sessions, %.1f h of wand time, %d lifts, %.1f C delivered: %d with something wrong"
          % (len(results), sum(r["time_s"] for r in good) / 3600, sum(r["lifts"] for r in good),
             sum(r["dose_uc"] for r in good) / 1e6,
             sum(1 for r in results if r["wrong"])))  # fmt: skip


def write(results, path):
    """A row a session."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = ("seed", "time_s", "took_s", "ends", "fault", "lifts", "dose_uc", "wraps", "wrong")
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(keys)
        for result in results:
            cells = [result.get(key, "") for key in keys]
            table.writerow(["; ".join(c) if isinstance(c, list) else c for c in cells])


def keep_trace(seed, path):
    """Write the trace of a seed, for `ionwand check` and `ionwand plot`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        run = runner.Run(session_plan.make(seed), "micropython", INSIDE)
        run.lines = file
        collections.deque(run.rows(), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="sessions (default 1000)")
    parser.add_argument("--minutes", type=float, help="for so long instead, a night's worth: 480")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first session")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--trace", type=Path, help="keep the trace of --seed in this file")
    options = parser.parse_args()
    if options.trace:
        keep_trace(options.seed, options.trace)
    seeds = range(options.seed, options.seed + options.count)
    until_s = None
    if options.minutes:
        seeds, until_s = itertools.count(options.seed), time.monotonic() + 60 * options.minutes
    results = many(seeds, options.jobs, until_s)
    write(results, paths.OUT / "sessions.csv")
    summarise(results)
    return 1 if any(result["wrong"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
