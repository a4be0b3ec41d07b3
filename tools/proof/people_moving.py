"""Healthy sessions of drawn people, wands and hands, with noise: nothing wrong [R-01].

Each on the MicroPython Unix port: anybody's skin, parts within their tolerances, one of the ways a
hand moves, hum of 50 or 60 Hz. No false fault; dose within 1 % [F-08], current as it was set
[F-05], the impedance that is shown within 5 % of the patch's [F-09], no spark [S-21].
`python tools/proof/people_moving.py [SESSIONS [FIRST_SEED]]`, on two cores, prints each session
and, at the end, the worst; exit 1 where a bound is missed.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paths  # noqa: F401

from ionwand.simulation import runner, script

MOTIONS = ("still", "rolling", "hasty", "bumpy")
INSIDE = Path(__file__).with_name("true_load.py")
DOSE_PERCENT, TOUCH_V, TOUCH_NC, Z_PERCENT = 1.0, 0.5, 0.5, 5.0
LEAST_UC = 1000.0  # of a dose that says something in %


def session(seed, interpreter="micropython"):
    """The summary of one."""
    skin = "drawn:%d" % seed
    events = (script.Event(2.0, "press_s", 2.0), script.Event(6.0, "touch", skin))
    job = script.Script(
        duration_s=900.0, expect_end="complete", skin=skin, motion=MOTIONS[seed % 4], events=events
    ).job()
    job.update(seed=seed, parts=seed, trace=False, inside=str(INSIDE))
    run = runner.Run(job, interpreter)
    run.finish()
    return run.summary


def dose_percent(end):
    """What was counted beside what flowed, in %."""
    if end["true_charge_uc"] <= LEAST_UC:
        return 0.0
    return 100.0 * (end["dose_uc"] / end["true_charge_uc"] - 1.0)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults = beyond = seconds = 0
    worst_percent = worst_v = worst_nc = worst_z = worst_current = 0.0
    seeds = range(first, first + count)
    with ThreadPoolExecutor(2) as pool:
        for seed, end in zip(seeds, pool.map(session, seeds)):
            percent = dose_percent(end)
            faults += bool(end["fault"])
            seconds += end["z_seconds"]
            beyond += end["z_beyond"]
            worst_percent = max(worst_percent, abs(percent))
            worst_v, worst_nc = max(worst_v, end["touch_v"]), max(worst_nc, end["touch_nc"])
            worst_z = max(worst_z, abs(end["z_worst_percent"]))
            worst_current = max(worst_current, end["current_off"])
            print("%4d %-8s %s after %.0f s, %d bounces, %d pauses, dose %+.2f %%, %d Ω (%+.1f %%"
                  " at worst), touch %.3f V"
                  % (seed, MOTIONS[seed % 4], end["end"], end["treated_s"], end["bounces"],
                     end["lifts"], percent, end["z_ohm"], end["z_worst_percent"],
                     end["touch_v"]), flush=True)  # fmt: skip
    print("%d sessions, %d false faults; dose within %.2f %%, current within %.2f of F-05, touch"
          " %.3f V, %.3f nC; impedance: %d of %d seconds further off than 5 %%, worst %.1f %%"
          % (count, faults, worst_percent, worst_current, worst_v, worst_nc, beyond, seconds,
             worst_z))  # fmt: skip
    missed = faults or worst_percent > DOSE_PERCENT or worst_current > 1.0 or worst_z > Z_PERCENT
    return 1 if missed or worst_v > TOUCH_V or worst_nc > TOUCH_NC else 0


if __name__ == "__main__":
    sys.exit(main())
