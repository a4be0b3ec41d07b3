"""`latent.py --pairs`: one fault that a session does not notice, then another in the same session.

What is dead before a session its proof finds; so a pair needs both after it. The first comes as
nobody touches yet, or in the middle of treating; the second while it is still unseen and current
may flow, at instants of every state that is left. First faults are all of the list but its drifts
of 5 and 10 %, second ones all but its drifts. With one instant a state: 6 minutes of processor
time, longer by as much for each more.
"""

import argparse
import multiprocessing
import os
from collections import defaultdict

import campaign
import forking
import paths
import verdict

from hal.sim import breaking  # isort: skip

STATES = ("contact", "ramping", "treating", "lifted", "stopping")
# What the limiting diode allows, driven and after 0.1 ms; what skin gives back itself is not.
MOST_UA = 800.0
# Product, skin, when the first comes: before anybody touches, and while treating.
CASES = (("vitamin-c", "hydrated", 4.9), ("magnesium", "resistor:20000", 10.0))


def names():
    """First faults of the list."""
    return [name for name in breaking.names() if not name.endswith(("-5%", "+5%", "10%"))]


def seconds(first):
    """What may follow it."""
    drifts = [part + ":" + drift for part in breaking.VALUES for drift in breaking.DRIFTS]
    return [(name,) for name in breaking.names() if name != first and name not in drifts]


def sessions():
    """(product, skin, when, first fault) of every session that is run."""
    return [(*CASES[i % len(CASES)], name) for i, name in enumerate(names())]


def _script(name, at_s):
    return (*forking.SCRIPT, {"at_s": at_s, "fault": name})


def run(task):
    """(session, how many instants it left, rows of its trials, pairs by name)."""
    (product, skin, at_s, first), phases = task
    script = _script(first, at_s)
    begin_us = round(at_s * 1e6)
    spans = [
        (state, gate, max(since_us, begin_us), until_us)
        for state, gate, since_us, until_us in forking.session(product, skin, script=script)
        if until_us > begin_us
    ]
    seed = "%s %s %s %s" % task[0]
    marks = [campaign.instants(spans, state, phases, seed) for state in STATES]
    marks = sorted(at for some in marks for at in some)
    rows = []
    if marks:
        forking.session(product, skin, 0, None, marks, seconds(first), rows.append, script)
    for row in rows:
        row.update(product=product, skin=skin, faults=(first, *row["faults"]))
    return task[0], len(marks), rows


def above(rows):
    """Rows by pair, of those that break a bound of charge or current."""
    pairs = defaultdict(list)
    for row in rows:
        if not (row["excess_uc"] <= verdict.EXCESS_UC and row["source_ua"] <= MOST_UA):
            pairs[row["faults"]].append(row)
    return pairs


def main(words):
    parser = argparse.ArgumentParser(prog="latent.py --pairs", description=__doc__.splitlines()[0])
    parser.add_argument("--phases", type=int, default=1, help="instants a state (default 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--first", help="only first faults whose name holds this")
    options = parser.parse_args(words)
    work = [(one, options.phases) for one in sessions() if (options.first or "") in one[3]]
    rows, silent = [], set()
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        for one, marks, some in pool.imap_unordered(run, work):
            rows.extend(some)
            if marks:
                silent.add(one[3])
    paths.OUT.mkdir(parents=True, exist_ok=True)
    campaign.write(rows, "latent_pairs.csv")
    firsts = {one[3] for one, _ in work}
    print("%d trials of %d pairs; %d first faults, %d of them end every session at once" % (
        len(rows), len({row["faults"] for row in rows}), len(firsts), len(firsts - silent)))
    bad = above(rows)
    for pair, some in sorted(bad.items(), key=lambda item: -max(r["excess_uc"] for r in item[1])):
        said = ", ".join(sorted({row["name"] or "no name" for row in some}))
        print("%-24s then %-24s %2d of %2d trials: %6.2f µC, %5.0f µA, off after %4.0f ms, %s" % (
            *pair, len(some), sum(1 for row in rows if row["faults"] == pair),
            max(row["excess_uc"] for row in some), max(row["source_ua"] for row in some),
            max(row["off_us"] for row in some) / 1000, said))  # fmt: skip
    errors = [row for row in rows if row["error"]]
    for row in errors[:10]:
        print("%s in %s at %d us: %s" % (row["faults"], row["state"], row["at_us"], row["error"]))
    print("%d pairs above %g µC or %g µA; table in %s" % (
        len(bad), verdict.EXCESS_UC, MOST_UA, paths.OUT))  # fmt: skip
    return 1 if errors else 0
