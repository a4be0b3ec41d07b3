"""A slice of `make sessions`: random sessions on the Unix port, and every invariant judges.

And the judge is judged: whatever is planted in what a session left must be reported.
"""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tools" / "proof"), str(HERE.parent / "firmware")]

import random_sessions  # noqa: E402
import session_judge  # noqa: E402
import session_plan  # noqa: E402

SAFETY = ("S-01", "S-02", "S-04", "S-07", "S-08", "S-09", "S-12", "S-18", "F-05", "F-08", "F-11")
# 200: skin that still holds the charge of the session before. 265: touched in the
# self-test. 425: bounces while the output is still charged.
SEEDS = (2, 8, 11, 16, 25, 31, 200, 265, 425)


@pytest.fixture(scope="module")
def played():
    """(job, rows, what was seen from inside) of each seed."""
    return {seed: (job, *random_sessions.play(job)) for seed in SEEDS
            for job in [session_plan.make(seed)]}  # fmt: skip


@pytest.mark.req(*SAFETY, "R-08")
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_wrong(played, seed):
    assert session_judge.judge(*played[seed])[0] == []


# What stretched ticks and frames have shown: a trim that ran ahead of the limiter (9, 16), a guard
# that was told of a lower setpoint long before the DAC was (48), a latch whose trial took longer
# than the guard feeds an open output (5).
@pytest.mark.req(*SAFETY, "S-15")
@pytest.mark.parametrize("seed", (5, 9, 12, 16, 48, 58))
def test_nothing_is_wrong_on_a_slow_wand(seed):
    job = random_sessions.plan(seed, slow=True)
    assert session_judge.judge(job, *random_sessions.play(job))[0] == []


def test_the_slice_shows_something(played):
    """Every counter has wrapped, skin was treated and lifted, a journal was read."""
    wraps = set()
    for job, _, seen in played.values():
        wraps.update(random_sessions._wraps(job, seen))
    assert wraps == {"ticks_ms", "ticks_us", "passes", "frames", "heartbeat"}
    states = {row.state for _, rows, _ in played.values() for row in rows}
    assert states >= {"contact", "ramping", "treating", "lifted", "stopping", "done"}
    assert sum(len(seen["journal"]) for _, _, seen in played.values()) >= len(SEEDS)
    assert len({end["end"] for _, _, seen in played.values() for end in seen["ends"]}) >= 3


def test_a_seed_is_a_session():
    assert session_plan.make(7) == session_plan.make(7)
    assert session_plan.make(7) != session_plan.make(8)


def _rows(**cells):
    """Spoil one row in the middle of a treatment."""

    def spoil(job, rows, seen):
        steady = [index for index, row in enumerate(rows) if row.state == "treating"]
        index = steady[len(steady) // 2]
        rows[index] = rows[index]._replace(**cells)

    return spoil


def _ready_with_output(job, rows, seen):
    for index, row in enumerate(rows):
        if row.state in ("treating", "ramping"):
            rows[index] = row._replace(state="ready")


def _seen(**values):
    return lambda job, rows, seen: seen.update(values)


def _end(**values):
    return lambda job, rows, seen: seen["ends"][0].update(values)


def _journal(**values):
    return lambda job, rows, seen: seen["journal"][0].update(values)


def _lost(job, rows, seen):
    seen["journal"][0] = None


def _none_written(job, rows, seen):
    seen["journal"], seen["pending"] = [], False


PLANTS = {
    "700 µA": (_rows(i_load_ua=700.0, i_peak_ua=700.0), "peak of 700"),
    "a peak between two rows": (_rows(i_peak_ua=700.0), "peak of 700"),
    "current that isn't a number": (_rows(i_peak_ua=float("nan")), "peak of nan"),
    "setpoint": (_rows(setpoint_ua=501.0), "S-01"),
    "output without a state": (_ready_with_output, "S-12"),
    "an array at 2**30": (_seen(highest=1 << 30), "not below"),
    "a negative in the guard": (_seen(lowest=-1), "held -1"),
    "watchdog": (_seen(reset=True), "watchdog"),
    "an end that nobody caused": (_end(end="timeout"), "ended as timeout"),
    "a fault that a healthy wand hasn't": (_end(end="fault", fault="over_current"), "over_curr"),
    "an end that isn't known": (_end(end=""), "ended as "),
    "journal of another dose": (_journal(dose_uc=1), "dose_uc is 1"),
    "journal damaged": (_lost, "not readable"),
    "journal lost": (_none_written, "journal: 0 sessions"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_violation_is_reported(played, plant):
    import copy

    job, rows, seen = played[200]
    rows, seen = list(rows), copy.deepcopy(seen)
    spoil, said = PLANTS[plant]
    spoil(job, rows, seen)
    assert said in "\n".join(session_judge.judge(job, rows, seen)[0])


@pytest.mark.req("F-08")
def test_a_charge_2_percent_beside_what_was_counted_is_reported(played):
    job, rows, seen = played[200]
    rows = [row._replace(true_charge_uc=row.true_charge_uc * 1.02) for row in rows]
    wrong, _ = session_judge.judge(job, rows, seen)
    assert any(line.startswith("F-08") for line in wrong)


@pytest.mark.req("S-03", "F-08")
def test_a_wand_that_measures_2_percent_too_much_is_reported():
    """A whole session with a wrong calibration: it is named by itself, as what a healthy wand
    never says, and a replay is offered."""
    job = dict(session_plan.make(200), wrong_by_permille=20, parts=None)
    wrong, _ = session_judge.judge(job, *random_sessions.play(job))
    assert any(line.startswith("session 1 ended as precise_mismatch") for line in wrong)
    shown = random_sessions.report({"seed": 11, "wrong": wrong})
    assert ".venv/bin/python tools/proof/random_sessions.py --seed 11 --count 1" in shown


def test_a_session_that_breaks_off_is_reported(monkeypatch):
    monkeypatch.setattr(random_sessions, "INSIDE", Path(__file__).with_name("no_such_file.py"))
    result = random_sessions.attempt(11)
    assert result["wrong"] and result["seed"] == 11


@pytest.mark.req("S-15")
@pytest.mark.parametrize("sense_b", [1, -1])
@pytest.mark.parametrize("converter", [1, -1])
def test_a_wand_with_every_part_at_its_limit_passes_its_self_test(converter, sense_b):
    """What the sessions found: both dividers' 5 µA in sense B ate a good wand's tolerance."""
    from whole_wand import Wand

    from hal.sim import parts

    def worst(world):
        p = world.parts
        p.gain_b *= (1 + sense_b * parts._B_GAIN) * (1 + sense_b * parts._RESISTOR)
        p.b_offset_v = sense_b * parts._B_OFFSET_V * 4.99
        p.fast_gain = (1 + converter * parts._FAST_GAIN,) * 4
        p.fast_offset_v = (converter * parts._FAST_OFFSET_V,) * 4
        world.plant.net.configure(False, False, True, 0, False, None, frozenset())

    wand = Wand(prepare=worst)
    wand.until("ready", "fault")
    assert wand.fault == ""
