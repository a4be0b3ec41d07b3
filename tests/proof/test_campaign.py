"""A short slice of `make proof`: every fault at drawn instants of one session [R-01].

And the judge is judged: rows that break a bound must be called broken.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "proof"))

import campaign  # noqa: E402
import forking  # noqa: E402
import latent  # noqa: E402
import verdict  # noqa: E402

from hal.sim import faults  # noqa: E402


@pytest.mark.req("R-01", "S-02", "S-03", "S-10", "S-12")
@pytest.mark.parametrize("product,skin", [("vitamin-c", "resistor:20000"), ("magnesium", "dry")])
def test_no_fault_breaks_a_bound(product, skin):
    spans = campaign.spans_of((product, skin, None))
    marks = [campaign.instants(spans, state, 1, skin) for state in campaign.STATES]
    assert all(marks), "a state without output: the script doesn't reach it any more"
    marks = sorted(at for some in marks for at in some)
    rows = campaign.run((product, skin, None, marks, campaign.FAULTS))
    assert len(rows) == len(marks) * len(campaign.FAULTS)
    assert [why for row in rows for why in verdict.broken(row)] == []


def test_a_trial_without_name_ends(monkeypatch):
    """A world without events left asks nobody whether it is over, and goes on for ever."""
    trials = []
    monkeypatch.setattr(forking.os, "fork", lambda: 0)  # on as the child
    monkeypatch.setattr(forking.Trial, "over", lambda trial: True)
    monkeypatch.setattr(forking.Trial, "finish", lambda trial, error: trials.append(trial))
    forking.session("vitamin-c", "dry", marks=(6_000_000,), breaks=(("comparator_dead",),))
    (trial,) = trials
    last_us = max(event[0] for event in trial.world._events)
    assert last_us - trial.begin_us >= forking.WATCH_US


@pytest.mark.parametrize("change", [
    {"peak_ua": 661.0}, {"excess_uc": 2.01}, {"error": "internal"}, {"peak_ua": float("nan")},
    {"name": "over_current"}, {"name": ""}, {"off_us": -1},
])  # fmt: skip
def test_a_planted_violation_is_called_broken(change):
    row = {"peak_ua": 250.0, "excess_uc": 0.1, "error": "", "faults": ["i2c_hang"],
           "off_us": 5000, "state": "treating", "name": "i2c"}  # fmt: skip
    assert verdict.broken(row) == []
    assert len(verdict.broken(dict(row, **change))) == 1


@pytest.mark.req("R-01", "S-15", "S-20")
@pytest.mark.parametrize("fault", faults.NAMES)
def test_what_stays_silent_is_named_at_the_next_start(fault):
    until_s = {"bridge_stuck_closed": 12.0, "dummy_welded": 12.0, "bridge_stuck_1": 10.0,
               "comparator_dead": 5.0}  # fmt: skip
    name, states = latent.find(fault, 0.0, until_s.get(fault, 4.5))
    assert name in verdict.NAMES[fault]
    # The self-test moves the bridge to 1 only, and has no second current to trip with.
    assert fault in ("bridge_stuck_1", "comparator_dead") or "proving" not in states
