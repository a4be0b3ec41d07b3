"""The session's table: total, every state can be reached, and every state leads to off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import session as s

EVENTS = range(len(s.EVENTS))
STATES = range(len(s.STATES))
OFF = {s.READY, s.ASLEEP, s.DONE, s.REFUSED, s.FAULT}
LISTED = {(row[0], row[1]) for row in s.TABLE} | {
    (state, event) for state, events in s.IGNORED for event in events
}


def following(state, event):
    session = s.Session()
    session.state = state
    action = session.step(event)
    return session.state, action


@pytest.mark.req("R-02", "S-20")
def test_every_pair_has_an_answer_and_unlisted_pairs_are_a_fault():
    for state in STATES:
        for event in EVENTS:
            after, action = following(state, event)
            assert after in STATES and 0 <= action < s.ACTIONS
            if (state, event) not in LISTED:
                assert (after, action) == (s.FAULT, s.CUT)


@pytest.mark.req("R-02")
def test_a_fault_cuts_from_everywhere():
    for state in STATES:
        after, action = following(state, s.TRIPPED)
        assert after == s.FAULT
        assert action == s.CUT or state == s.FAULT


@pytest.mark.req("R-02")
def test_every_state_can_be_reached():
    seen = {s.SELFTEST}
    while True:
        more = {following(state, event)[0] for state in seen for event in EVENTS} | seen
        if more == seen:
            break
        seen = more
    assert seen == set(STATES)


@pytest.mark.req("S-18")
def test_any_press_stops_every_state_with_output():
    for state in s.OUTPUT_STATES:
        after, action = following(state, s.PRESSED)
        assert after == s.STOPPING
        assert action == (s.NOTHING if state == s.STOPPING else s.STOP)
    for state in (s.PROVING, s.CONTACT, s.LIFTED):
        assert following(state, s.PRESSED) == (s.DONE, s.STOP_NOW)


@pytest.mark.req("S-15", "R-02")
def test_no_way_to_output_but_through_self_test_and_proof():
    into = {}
    for state in STATES:
        for event in EVENTS:
            into.setdefault(following(state, event)[0], set()).add((state, event))
    assert {state for state, _ in into[s.PROVING]} == {s.READY, s.DONE, s.PROVING}
    assert {state for state, _ in into[s.READY]} == {s.SELFTEST, s.READY, s.DONE}
    assert {state for state, _ in into[s.RAMPING]} == {s.CONTACT, s.LIFTED, s.RAMPING}
    assert (s.SELFTEST, s.PASSED) in into[s.READY]
    assert {pair for pair in into[s.CONTACT] if pair[0] != s.CONTACT} == {(s.PROVING, s.PASSED)}


@pytest.mark.req("S-20")
def test_a_fault_is_left_by_acknowledging_alone_and_into_the_self_test():
    for event in EVENTS:
        after, _ = following(s.FAULT, event)
        if event == s.ACKNOWLEDGED:
            assert after == s.SELFTEST
        else:
            assert after == s.FAULT


@pytest.mark.req("R-02")
@pytest.mark.parametrize("event", [-1, len(s.EVENTS), 1000])
def test_an_event_that_does_not_exist(event):
    assert following(s.TREATING, event) == (s.FAULT, s.CUT)


@pytest.mark.req("R-02")
@pytest.mark.parametrize(
    "row",
    [
        (s.READY, s.SHORT, s.NOTHING, s.DONE),  # listed twice
        (99, s.SHORT, s.NOTHING, s.DONE),
        (s.READY, 99, s.NOTHING, s.DONE),
        (s.READY, s.LIFT, 99, s.DONE),
        (s.READY, s.LIFT, s.NOTHING, 99),
    ],
)
def test_a_bad_row_is_found_when_the_table_is_read(row):
    with pytest.raises(ValueError, match="session table row"):
        s.compile_table(s.TABLE + (row,), s.IGNORED)


@pytest.mark.req("R-02")
@given(st.lists(st.sampled_from(EVENTS), max_size=200))
def test_random_events_never_skip_the_proof(events):
    session = s.Session()
    proven = False
    for event in events:
        before = session.state
        session.step(event)
        if before == s.PROVING and event == s.PASSED:
            proven = True
        if session.state in OFF:
            proven = False
        if session.state in s.OUTPUT_STATES:
            assert proven
