"""Healthy sessions of drawn people, wands and hands, with noise: no false fault [R-01].

Each on the MicroPython Unix port: anybody's skin, parts within their tolerances, one of the ways a
hand moves, hum of 50 or 60 Hz. `python tools/proof/people_moving.py [SESSIONS [FIRST_SEED]]`
prints each session and, at the end, the worst; exit 1 where one ended as a fault.
"""

import sys

import paths  # noqa: F401

from ionwand.simulation import runner, script

MOTIONS = ("still", "rolling", "hasty", "bumpy")


def session(seed, interpreter="micropython"):
    """The summary of one."""
    skin = "drawn:%d" % seed
    events = (script.Event(2.0, "press_s", 2.0), script.Event(6.0, "touch", skin))
    job = script.Script(
        duration_s=900.0, expect_end="complete", skin=skin, motion=MOTIONS[seed % 4], events=events
    ).job()
    job.update(seed=seed, parts=seed, trace=False)
    run = runner.Run(job, interpreter)
    run.finish()
    return run.summary


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults, worst_percent, worst_v, worst_nc = 0, 0.0, 0.0, 0.0
    for seed in range(first, first + count):
        end = session(seed)
        percent = 0.0
        if end["true_charge_uc"] > 1000:
            percent = 100.0 * (end["dose_uc"] / end["true_charge_uc"] - 1.0)
        faults += bool(end["fault"])
        worst_percent = max(worst_percent, abs(percent))
        worst_v, worst_nc = max(worst_v, end["touch_v"]), max(worst_nc, end["touch_nc"])
        print("%4d %-8s %s after %.0f s, %d bounces, %d pauses, dose %+.2f %%, %d Ω, touch %.3f V"
              % (seed, MOTIONS[seed % 4], end["end"], end["treated_s"], end["bounces"],
                 end["lifts"], percent, end["z_ohm"], end["touch_v"]), flush=True)  # fmt: skip
    print("%d sessions, %d false faults; dose within %.2f %%, touch %.3f V, %.3f nC"
          % (count, faults, worst_percent, worst_v, worst_nc))  # fmt: skip
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
