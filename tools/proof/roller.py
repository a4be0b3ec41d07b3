"""Rollers that move: how much longer a treatment takes than a still one, and what is counted.

Issue 18's three rollers, then skin and contact that wander as well, each on the MicroPython Unix
port with several seeds. `python tools/proof/roller.py [SEEDS]`; exit 1 where a bound is missed.
"""

import sys

import paths  # noqa: F401

from ionwand.simulation import runner, script

# name: motion as in hal/sim/motion.py, times the still treatment, dose error in %.
ROLLERS = {
    "0.2 to 3 ms every 3 s": ((0.0, 0.0, 3.0, 3.0, 3.0, 0.2, 3.0), 1.10, 1.0),
    "3 to 30 ms every 5 s": ((0.0, 0.0, 3.0, 3.0, 5.0, 3.0, 30.0), 1.15, 1.0),
    "30 to 300 ms every 10 s": ((0.0, 0.0, 3.0, 3.0, 10.0, 30.0, 300.0), 1.20, 1.0),
    "wandering, 0.2 a second": ((0.3, 2.0, 1.0, 4.0, 5.0, 0.1, 30.0), 1.15, 1.0),
    "wandering, 0.5 a second": ((0.3, 2.0, 1.0, 4.0, 2.0, 0.1, 30.0), 1.15, 1.0),
    "wandering, 1 a second": ((0.3, 2.0, 1.0, 4.0, 1.0, 0.1, 30.0), 1.30, 1.0),
    "wandering, 2 a second": ((0.3, 2.0, 1.0, 4.0, 0.5, 0.1, 30.0), 2.00, 1.0),
    "wandering, 5 a second": ((0.3, 2.0, 1.0, 4.0, 0.2, 0.1, 30.0), None, 2.0),
}
STILL = (0.0, 0.0, 3.0, 3.0, 0.0, 0.0, 0.0)
EVENTS = (script.Event(2.0, "press_s", 2.0), script.Event(6.0, "touch", "hydrated"))


def treated(motion, seed, duration_s=930.0, interpreter="micropython"):
    """The summary of one treatment: vitamin C, 75 mC on hydrated skin."""
    session = script.Script(duration_s=duration_s, expect_end="complete", events=EVENTS)
    job = session.job()
    job.update(seed=seed, parts=None, trace=False, motion=list(motion))
    run = runner.Run(job, interpreter)
    run.finish()
    return run.summary


def main():
    seeds = range(1, 1 + (int(sys.argv[1]) if len(sys.argv) > 1 else 1))
    still_s = treated(STILL, 1, 340.0)["treated_s"]
    print("still: %.1f s" % still_s)
    missed = 0
    for name, (motion, times, percent) in ROLLERS.items():
        for seed in seeds:
            end = treated(motion, seed)
            took = end["treated_s"] / still_s
            error = 100.0 * (end["dose_uc"] / end["true_charge_uc"] - 1.0)
            bad = end["end"] != "complete" and times is not None or abs(error) > percent
            bad = bad or (times is not None and took > times)
            missed += bad
            print("%-26s seed %d: %s after %.1f s, %.3f times, dose %+.2f %%, %d bounces,"
                  " %d pauses, %d beeps, touch %.3f V %.3f nC%s"
                  % (name, seed, end["end"], end["treated_s"], took, error, end["bounces"],
                     end["lifts"], end["beeps"], end["touch_v"], end["touch_nc"],
                     "  MISSED" if bad else ""), flush=True)  # fmt: skip
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
