"""Every shipped scenario, played on real MicroPython: it ends as it says and breaks no rule.

This is the whole chain at once: button, firmware, drivers, simulated chips, circuit and skin.
"""

import pytest

from ionwand.device import source
from ionwand.simulation import runner, script
from ionwand.simulation.simulate import make_job
from ionwand.trace import rules

NORMAL = source.SCENARIOS / "normal.toml"
SCENARIOS = [
    pytest.param(path, id=path.stem)
    for path in sorted(source.SCENARIOS.glob("*.toml"))
    if path != NORMAL
]
SAFETY = ("S-01", "S-02", "S-04", "S-07", "S-08", "S-09", "S-18", "F-05", "F-08", "R-01")


def play(session, interpreter="micropython", **how):
    run = runner.Run(make_job(session, **how), interpreter)
    rows = list(run.rows())
    return rows, run.summary


def broken(rows):
    return [finding for finding in rules.judge(rows) if not finding.ok]


@pytest.mark.req(*SAFETY)
@pytest.mark.parametrize("path", SCENARIOS)
def test_scenario(path):
    session = script.load(path)
    rows, summary = play(session)
    assert summary["end"] == session.expect_end
    assert broken(rows) == []
    assert not rows[-1].gate


@pytest.mark.req(*SAFETY)
def test_normal_treatment_shows_what_the_rules_judge():
    """A rule that saw nothing proves nothing: the normal treatment gives each of them its case."""
    rows, summary = play(script.load(NORMAL))
    assert summary["end"] == "complete"
    assert broken(rows) == []
    assert all(finding.worst is not None for finding in rules.judge(rows))
    assert summary["lifts"] == 2
    assert summary["dose_uc"] == pytest.approx(summary["true_charge_uc"], rel=0.01)
    assert summary["true_charge_uc"] == pytest.approx(75_000, rel=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_another_wand_of_the_batch(seed):
    """Parts drawn within their tolerances: still no rule broken."""
    session = script.load(source.SCENARIOS / "patch_test.toml")
    rows, summary = play(session, seed=seed)
    assert summary["end"] == "complete"
    assert broken(rows) == []


@pytest.mark.parametrize("name", ["stop_button", "rset_short", "i2c_hang", "mcu_hang"])
def test_both_interpreters_leave_the_same_trace(name):
    session = script.load(source.SCENARIOS / f"{name}.toml")
    there, there_summary = play(session, "micropython")
    here, here_summary = play(session, "cpython")
    for left, right in zip(there, here):
        assert left == right
    assert len(there) == len(here)
    assert there_summary == here_summary
