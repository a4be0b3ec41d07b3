"""A change of load under current is no breach; a current that stays up after it is one."""

import pytest
from test_rules import SESSION, changed, steady

from ionwand.trace import judging, rows, rules

LATER = 60  # rows, 0.3 s


def failed(trace):
    return {finding.id for finding in rules.judge(trace) if not finding.ok}


def fallen(trace, mv, spike_ua=1679.0, after_ua=None):
    """From a row on there is a load of `mv`: the spike's row shows the old voltage still."""
    first = steady(trace)
    found = changed(trace, first, 1, i_load_ua=spike_ua, i_peak_ua=spike_ua)
    cells = {} if after_ua is None else {"i_load_ua": after_ua}
    found = changed(found, first + 1, LATER, v_load_mv=mv, **cells)
    return changed(found, first + 1, 1, i_peak_ua=spike_ua)


@pytest.mark.req("S-02", "S-08", "F-05")
@pytest.mark.parametrize(("mv", "spike_ua"), [(650.0, 1679.0), (501.0, 2259.0), (2000.0, 300.0)])
def test_a_smaller_load_spikes_and_is_no_breach(mv, spike_ua):
    assert failed(SESSION) == set()
    assert failed(fallen(SESSION, mv, spike_ua)) == set()


@pytest.mark.req("S-02", "S-08", "F-05")
def test_a_larger_load_dips_and_is_no_breach():
    first = steady(SESSION)
    dipped = changed(SESSION, first, 1, i_load_ua=180.0, v_load_mv=lambda row: row.v_load_mv * 1.6)
    dipped = changed(dipped, first + 1, LATER, v_load_mv=lambda row: row.v_load_mv * 2)
    assert not failed(dipped) & {"S-02", "S-08", "F-05"}


@pytest.mark.req("S-02", "S-08", "F-05")
def test_a_current_that_stays_up_is_one():
    assert failed(fallen(SESSION, 650.0, 400.0, after_ua=400.0)) >= {"S-02", "S-08", "F-05"}


@pytest.mark.req("S-02", "S-08", "F-05")
@pytest.mark.parametrize("ua", [300.0, 600.0])
def test_a_source_that_drives_more_into_the_same_load_is_one(ua):
    """R_SET shorted: voltage rises with the current."""
    first = steady(SESSION)
    more = changed(SESSION, first, 40, i_load_ua=ua, i_peak_ua=ua,
                   v_load_mv=lambda row: row.v_load_mv * ua / 250)  # fmt: skip
    assert not any(judging.other_load(more)[first : first + 40])
    assert failed(more) >= {"S-02", "S-08"}


@pytest.mark.req("S-02", "S-08", "F-05")
def test_as_the_simulated_wand_meets_it():
    """Three rows of tests/cases/scenarios/lesion600.toml as they were traced."""
    first = steady(SESSION)
    at = [
        {"i_load_ua": 250.026, "i_peak_ua": 250.026, "v_load_mv": 4366.3},
        {"i_load_ua": 1679.230, "i_peak_ua": 1679.230, "v_load_mv": 4366.0},
        {"i_load_ua": 250.351, "i_peak_ua": 1679.230, "v_load_mv": 650.9},
        {"i_load_ua": 249.994, "i_peak_ua": 250.351, "v_load_mv": 650.0},
    ]
    trace = list(SESSION)
    for index, cells in enumerate(at):
        trace = changed(trace, first + index, 1, **cells)
    assert all(isinstance(row, rows.Row) for row in trace)
    assert sum(judging.other_load(trace)) == 2
    assert not failed(trace) & {"S-02", "S-08"}
