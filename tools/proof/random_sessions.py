"""`make sessions`: random sessions on the Unix port, each judged by every invariant there is.

session_plan.py draws them, long_session.py runs them and looks at what no trace shows,
session_judge.py says what is wrong. The exit code is 1 where anything is; each failing seed
comes with the command that plays it again.
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
import session_judge
import session_plan

from ionwand.errors import RunFailed
from ionwand.simulation import runner

FIRST_SEED = 1
INSIDE = Path(__file__).with_name("long_session.py")
COMMAND = ".venv/bin/python tools/proof/random_sessions.py --seed %d --count 1 --trace out/%d.csv"


def play(job):
    """(rows, what was seen from inside) of a job. RunFailed where the interpreter broke off."""
    run = runner.Run({**job, "inside": str(INSIDE)})
    rows = list(run.rows())
    return rows, run.summary


def plan(seed, slow):
    """The job of a seed."""
    job = session_plan.make(seed)
    return session_plan.slow(job) if slow else job


def attempt(seed, slow=False):
    """One seed: a row for the table, and what is wrong with it."""
    job = plan(seed, slow)
    begin_s = time.monotonic()
    try:
        rows, seen = play(job)
        wrong, findings = session_judge.judge(job, rows, seen)
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
            ("ticks_ms", end_us >= session_judge.LIMIT * 1000 > job["start_us"]),
            ("ticks_us", (int(end_us) ^ job["start_us"]) >> 30 != 0),
            ("passes", job["passes"] + took_s * 1900 > session_judge.LIMIT // 2),
            ("frames", job["frame"] + took_s * 120 > session_judge.LIMIT),
            ("heartbeat", job["beat"] + took_s * 190 > session_judge.LIMIT),
        )
        if wrapped
    ]


def many(seeds, jobs, until_s=None, slow=False):
    """Results as they come, with a bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    text = TextColumn("{task.description}")
    results = []
    total = len(seeds) if until_s is None else None
    with Progress(text, BarColumn(), MofNCompleteColumn(), Elapsed()) as bar, \
            multiprocessing.get_context("fork").Pool(jobs) as pool:  # fmt: skip
        shown = bar.add_task("sessions", total=total)
        for result in pool.imap_unordered(
            functools.partial(attempt, slow=slow), _while(seeds, jobs, results, until_s)
        ):
            results.append(result)
            if result["wrong"]:
                bar.console.print(report(result, slow), markup=False, highlight=False)
            bar.advance(shown)
            if not bar.console.is_terminal and len(results) % 50 == 0:
                print("%d sessions" % len(results), flush=True)
    return sorted(results, key=lambda result: result["seed"])


def _while(seeds, jobs, results, until_s):
    """Hands out seeds no faster than they are used, until the time is over."""
    for number, seed in enumerate(seeds):
        while until_s is not None and number > len(results) + 2 * jobs:
            time.sleep(0.02)
        if until_s is not None and time.monotonic() >= until_s:
            return
        yield seed


def report(result, slow=False):
    """What is wrong with a session, and how to see it again."""
    lines = ["seed %d:" % result["seed"]]
    lines += ["  " + line for line in result["wrong"][:8]]
    again = COMMAND % ((result["seed"],) * 2) + (" --slow" if slow else "")
    return "\n".join([*lines, "  again: " + again])


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


def keep_trace(seed, path, slow):
    """Write the trace of a seed, for `ionwand check` and `ionwand plot`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        run = runner.Run({**plan(seed, slow), "inside": str(INSIDE)})
        run.lines = file
        collections.deque(run.rows(), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="sessions (default 1000)")
    parser.add_argument("--minutes", type=float, help="for so long instead, a night's worth: 480")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first session")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--trace", type=Path, help="keep the trace of --seed in this file")
    parser.add_argument("--slow", action="store_true", help="ticks and frames stretched: slow.py")
    options = parser.parse_args()
    if options.trace:
        keep_trace(options.seed, options.trace, options.slow)
    seeds = range(options.seed, options.seed + options.count)
    until_s = None
    if options.minutes:
        seeds, until_s = itertools.count(options.seed), time.monotonic() + 60 * options.minutes
    results = many(seeds, options.jobs, until_s, options.slow)
    write(results, paths.OUT / "sessions.csv")
    summarise(results)
    return 1 if any(result["wrong"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
