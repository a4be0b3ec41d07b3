"""A short slice of `make proof`: every fault at drawn instants of one session [R-01].

And the judge is judged: rows that break a bound must be called broken.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "proof"))

import campaign  # noqa: E402
import verdict  # noqa: E402


@pytest.mark.req("R-01", "S-02", "S-03", "S-10", "S-12")
@pytest.mark.parametrize("product,skin", [("vitamin-c", "resistor:2000"), ("magnesium", "dry")])
def test_no_fault_breaks_a_bound(product, skin):
    spans = campaign.spans_of((product, skin, None))
    marks = [campaign.instants(spans, state, 1, skin) for state in campaign.STATES]
    assert all(marks), "a state without output: the script doesn't reach it any more"
    marks = sorted(at for some in marks for at in some)
    rows = campaign.run((product, skin, None, marks, campaign.FAULTS))
    assert len(rows) == len(marks) * len(campaign.FAULTS)
    assert [why for row in rows for why in verdict.broken(row)] == []
    # While treating, what can be seen has a name at once.
    for row in rows:
        if row["state"] == "treating" and row["faults"][0] in verdict.NAMED_WHILE_TREATING:
            assert row["name"] in verdict.NAMED_WHILE_TREATING[row["faults"][0]], row


@pytest.mark.parametrize("change", [
    {"peak_ua": 661.0}, {"excess_uc": 2.01}, {"error": "internal"}, {"peak_ua": float("nan")},
])  # fmt: skip
def test_a_planted_violation_is_called_broken(change):
    row = {"peak_ua": 250.0, "excess_uc": 0.1, "error": ""}
    assert verdict.broken(row) == []
    assert len(verdict.broken(dict(row, **change))) == 1
