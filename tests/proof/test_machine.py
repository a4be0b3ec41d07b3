"""The session's table explored to the end: every state, every event, every way [R-02].

Nothing here runs the wand. The table is compiled into a graph and asked; the random walk at the
end throws events at the machine that ships and holds the same claims at every step.
"""

import random

import pytest

from firmware import session as s

STATES = range(len(s.STATES))
EVENTS = range(len(s.EVENTS))
OFF = (s.READY, s.ASLEEP, s.DONE, s.REFUSED, s.FAULT)  # no output, none wanted
WITH_OUTPUT = (s.PROVING, s.CONTACT, s.RAMPING, s.TREATING, s.LIFTED, s.STOPPING)
# After these the output is off: gate, DAC and dummy, whatever was before.
CUTS = (s.CUT, s.FINISH, s.STOP_NOW)


def step(state, event):
    machine = s.Session()
    machine.state = state
    action = machine.step(event)
    return machine.state, action


GRAPH = {(state, event): step(state, event) for state in STATES for event in EVENTS}


def reachable(start, allowed=lambda state, event: True):
    seen, todo = {start}, [start]
    while todo:
        state = todo.pop()
        for event in EVENTS:
            if allowed(state, event):
                after = GRAPH[state, event][0]
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
    return seen


@pytest.mark.req("R-02")
def test_the_machine_is_total():
    listed = {(row[0], row[1]): (row[3], row[2]) for row in s.TABLE}
    for state, events in s.IGNORED:
        for event in events:
            listed[state, event] = (state, s.NOTHING)
    for state in STATES:
        for event in EVENTS:
            assert GRAPH[state, event] == listed.get((state, event), (s.FAULT, s.CUT))


@pytest.mark.req("R-02")
@pytest.mark.parametrize("event", [-1, len(s.EVENTS), 1 << 30])
@pytest.mark.parametrize("state", STATES)
def test_what_is_no_event_is_a_fault(state, event):
    assert step(state, event) == (s.FAULT, s.CUT)


@pytest.mark.req("R-02")
def test_every_state_is_reached_from_power_on():
    assert reachable(s.SELFTEST) == set(STATES)


@pytest.mark.req("R-02", "S-12")
@pytest.mark.parametrize("state", STATES)
def test_from_every_state_one_event_leads_to_fault_and_off(state):
    after, action = GRAPH[state, s.TRIPPED]
    assert after == s.FAULT
    assert action == s.CUT or state == s.FAULT


@pytest.mark.req("R-02", "S-18")
@pytest.mark.parametrize("state", WITH_OUTPUT)
def test_a_press_ends_every_output(state):
    after, action = GRAPH[state, s.PRESSED]
    if state == s.STOPPING:  # it is ramping down already
        assert (after, action) == (s.STOPPING, s.NOTHING)
    else:
        assert after in (s.STOPPING, s.DONE)
        assert action in (s.STOP, s.STOP_NOW)


@pytest.mark.req("R-02", "S-20")
def test_no_way_from_a_fault_but_through_the_self_test():
    ways = {GRAPH[s.FAULT, event][0] for event in EVENTS} - {s.FAULT}
    assert ways == {s.SELFTEST}
    assert GRAPH[s.FAULT, s.ACKNOWLEDGED] == (s.SELFTEST, s.BEGIN_TEST)


@pytest.mark.req("R-02", "S-15")
def test_no_output_but_through_a_proof_that_passed():
    # Without PROVING's PASSED, nothing with current for a person is ever reached ...
    unproven = reachable(s.SELFTEST, lambda state, event: (state, event) != (s.PROVING, s.PASSED))
    assert not unproven & {s.CONTACT, s.RAMPING, s.TREATING, s.BOUNCED, s.LIFTED, s.STOPPING}
    # ... and without the self-test's, not even that.
    untested = reachable(s.SELFTEST, lambda state, event: (state, event) != (s.SELFTEST, s.PASSED))
    assert s.PROVING not in untested
    # After a proof, leaving the session and coming back needs another one.
    for state in OFF:
        again = reachable(state, lambda state, event: state != s.PROVING)
        assert not again & {s.CONTACT, s.RAMPING, s.TREATING, s.LIFTED, s.STOPPING}


@pytest.mark.req("R-02", "S-12")
def test_entering_a_state_without_output_cuts():
    for (state, _event), (after, action) in GRAPH.items():
        if state in WITH_OUTPUT and after in OFF:
            assert action in CUTS, (s.STATES[state], s.STATES[after])
        if state in (s.RAMPING, s.TREATING):
            assert after != s.LIFTED, "whatever opens may be a bounce"
            assert (action == s.PART) == (after == s.BOUNCED)
        if state == s.BOUNCED and after == s.LIFTED:
            assert action == s.COUNT_LIFT


@pytest.mark.req("R-02", "S-08")
def test_a_ramp_begins_from_a_search_only():
    ways = {state for (state, event), (_, action) in GRAPH.items() if action == s.BEGIN_RAMP}
    assert ways == {s.CONTACT, s.BOUNCED, s.LIFTED}


@pytest.mark.req("R-02", "S-09")
def test_the_product_is_chosen_outside_sessions_only():
    ways = {state for (state, event), (_, action) in GRAPH.items() if action == s.NEXT_PRODUCT}
    assert ways == {s.READY}


@pytest.mark.req("R-02")
def test_every_ignored_event_is_one_of_the_listed():
    # Each one is a decision: widening the list is a change that somebody must make here too.
    listed = {(s.STATES[state], s.EVENTS[e]) for state, events in s.IGNORED for e in events}
    buttons = {(s.STATES[state], "short") for state in STATES if state not in (
        s.READY, s.DONE, s.REFUSED)}  # fmt: skip
    assert buttons <= listed
    assert {(a, b) for a, b in listed - buttons if b not in ("pressed", "short")} <= {
        ("treating", "reached"), ("lifted", "lift"), ("stopping", "expired"),
        ("refused", "refuse"), ("fault", "tripped"), ("fault", "refuse"),
    }  # fmt: skip


@pytest.mark.req("R-02")
@pytest.mark.parametrize("row", [
    (s.READY, s.SHORT, s.NOTHING, s.READY),  # twice
    (len(s.STATES), s.SHORT, s.NOTHING, s.READY), (-1, s.SHORT, s.NOTHING, s.READY),
    (s.FAULT, len(s.EVENTS), s.NOTHING, s.READY), (s.FAULT, -1, s.NOTHING, s.READY),
    (s.FAULT, s.ZERO, s.ACTIONS, s.READY), (s.FAULT, s.ZERO, -1, s.READY),
    (s.FAULT, s.ZERO, s.NOTHING, len(s.STATES)), (s.FAULT, s.ZERO, s.NOTHING, -1),
])  # fmt: skip
def test_a_row_that_is_wrong_is_refused_when_read_in(row):
    with pytest.raises(ValueError, match="unknown name or listed twice"):
        s.compile_table((*s.TABLE, row), s.IGNORED)


@pytest.mark.req("R-02")
def test_100_000_random_events_hold_every_claim():
    draw = random.Random(1)
    machine = s.Session()
    assert machine.state == s.SELFTEST
    proven = False
    for _ in range(100_000):
        before = machine.state
        event = draw.choice((*EVENTS, *EVENTS, -1, 99))
        action = machine.step(event)
        proven = {s.PROVING: event == s.PASSED}.get(before, proven and before not in OFF)
        if machine.state in (s.CONTACT, s.RAMPING, s.TREATING, s.LIFTED, s.STOPPING):
            assert proven
        if before == s.FAULT:
            assert machine.state in (s.FAULT, s.SELFTEST)
        if event == s.TRIPPED and before != s.FAULT:
            assert (machine.state, action) == (s.FAULT, s.CUT)
