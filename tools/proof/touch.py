"""What a touch meets behind the roller, at any phase of anything: at most 0.5 V and 0.5 nC [S-21].

Sessions in which somebody touches and lifts at random: while the wand tests itself, is ready,
proves, searches, treats, pauses, is done; on every skin, with each fault of the list coming at
random, nominal parts and drawn ones, 745 pF of output and 2 nF. Touches count from 8 ms after
contact was lost: 3 for the gate to fall [S-04], and 5. `python tools/proof/touch.py [TOUCHES]`
prints the worst of each; exit 1 above the bound. Two are printed apart: what leaks from electrode
to electrode is skin to the wand until the next proof names it, and stands at what it carries; a
bleed that no longer closes discharges nothing at the first lift after that, and is named there.
`--openings [SESSIONS]` has a hand that lifts around the moment at which the bleed opens instead:
openings.py.
"""

import random
import sys
from pathlib import Path

import paths  # noqa: F401

from ionwand.device import source
from ionwand.simulation import runner, script

LENGTH_S = 90.0
INSIDE = Path(__file__).with_name("openings.py")
OUTPUT_F = (None, 2e-9 - 275e-12)  # beside the switches' own
LEAKS = ("electrodes:leak_20k", "electrodes:gel_250k")
APART = {**dict.fromkeys(LEAKS, "across a leak"), "bleed:open": "with no bleed"}
SKINS = ("hydrated", "dry", "very_dry", "peeled", "resistor:5000")


def session(seed, skin, fault=None, parts=None, c_out_f=None, interpreter="micropython"):
    """The summary of one session with some 60 touches."""
    luck = random.Random(f"{seed} {skin} {fault}")
    events = [script.Event(2.0 + 30.0 * i, "press_s", 1.8) for i in range(3)]
    if fault is not None:
        events.append(script.Event(luck.uniform(0.0, 40.0), "fault", fault))
    at_s = luck.uniform(0.0, 0.3)
    while at_s < LENGTH_S - 3.0:
        events.append(script.Event(at_s, "touch", skin))
        at_s += luck.choice((luck.uniform(0.02, 0.5), luck.uniform(0.5, 4.0)))
        events.append(script.Event(at_s, "lift", True))
        at_s += luck.choice((luck.uniform(0.009, 0.05), luck.uniform(0.05, 1.0)))
    events.sort(key=lambda event: event.at_s)
    job = script.Script(
        duration_s=LENGTH_S, expect_end="complete", skin=skin, events=tuple(events)
    ).job()
    job.update(seed=seed, parts=parts, trace=False, c_out_f=c_out_f)
    run = runner.Run(job, interpreter)
    run.finish()
    return run.summary


def opening(seed, skin, parts=None, c_out_f=None, interpreter="micropython"):
    """The summary of one session with some 100 lifts around openings of the bleed."""
    events = (script.Event(2.0, "press_s", 1.8), script.Event(6.0, "touch", skin))
    job = script.Script(duration_s=LENGTH_S, expect_end="complete", skin=skin, events=events).job()
    job.update(seed=seed, parts=parts, trace=False, c_out_f=c_out_f, inside=str(INSIDE))
    run = runner.Run(job, interpreter)
    run.finish()
    return run.summary


def openings(count):
    """Worst of so many sessions, V and nC."""
    worst_v, worst_nc = 0.0, 0.0
    for i in range(count):
        skin, c_out_f = SKINS[i % 4], OUTPUT_F[i // 4 % 2]
        end = opening(i, skin, i if i // 8 % 2 else None, c_out_f)
        worst_v, worst_nc = max(worst_v, end["touch_v"]), max(worst_nc, end["touch_nc"])
        print("%-13s %-6s %3d openings, %.3f V, %.3f nC after a lift at %+.1f ms, %s"
              % (skin, "2 nF" if c_out_f else "745 pF", end["openings"], end["touch_v"],
                 end["touch_nc"], end["worst_after_ms"], end["end"]), flush=True)  # fmt: skip
    return worst_v, worst_nc


def cases(count):
    """(fault or None, skin, seed of the parts or None, F) until there are `count` touches."""
    names = (None, None, None, *source.faults())
    for i in range(count):
        parts = None if i % 3 else 1 + i
        yield names[i % len(names)], SKINS[i % len(SKINS)], parts, OUTPUT_F[i // 2 % 2]


def main():
    if "--openings" in sys.argv:
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 16
        worst_v, worst_nc = openings(count)
        print("%d sessions, worst %.3f V, %.3f nC" % (count, worst_v, worst_nc))
        return 0 if worst_v <= 0.5 and worst_nc <= 0.5 else 1
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    touches = 0
    worst = dict.fromkeys(("elsewhere", *APART.values()), (0.0, 0.0))
    for seed, (fault, skin, parts, c_out_f) in enumerate(cases(wanted)):
        end = session(seed, skin, fault, parts, c_out_f)
        touches += end["touches"]
        where = APART.get(fault, "elsewhere")
        worst[where] = (
            max(worst[where][0], end["touch_v"]),
            max(worst[where][1], end["touch_nc"]),
        )
        print("%-20s %-13s %-6s %3d touches, %.3f V, %.3f nC, %s"
              % (fault or "-", skin, "2 nF" if c_out_f else "745 pF", end["touches"],
                 end["touch_v"], end["touch_nc"], end["end"]), flush=True)  # fmt: skip
        if touches >= wanted:
            break
    print("%d touches, worst %s" % (touches, "; ".join(
        "%s %.3f V, %.3f nC" % (where, *found) for where, found in worst.items())))  # fmt: skip
    return 0 if max(worst["elsewhere"]) <= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
