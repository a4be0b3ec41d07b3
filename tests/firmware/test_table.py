"""The session's table, written down a second time: a changed row is noticed.

From the requirements and the gestures' page; not to be generated from session.py.
"""

import pytest

from firmware import session as s

WRITTEN = """
selftest: passed nothing ready, refuse finish refused; pressed short
ready: short next_product ready, arm begin_proof proving, refuse finish refused,
  idle sleep asleep; pressed
asleep: pressed begin_test selftest; short
proving: passed begin_probe contact, pressed stop_now done, expired finish done,
  refuse finish refused; short
contact: touched begin_ramp ramping, refuse finish refused, pressed stop_now done,
  expired finish done; short
ramping: reached nothing treating, refuse finish refused, lift part bounced,
  pressed stop stopping, complete ramp_down stopping, expired ramp_down stopping; short
treating: refuse finish refused, lift part bounced, pressed stop stopping,
  complete ramp_down stopping,
  expired ramp_down stopping; short reached
bounced: touched begin_ramp treating, lift count_lift lifted, pressed stop_now done,
  expired finish done; short
lifted: touched begin_ramp ramping, refuse finish refused, pressed stop_now done,
  expired finish done; short lift
stopping: zero finish done, lift finish done; pressed short expired
done: short nothing ready, arm begin_proof proving, refuse finish refused,
  idle sleep asleep; pressed
refused: short begin_test selftest, acknowledged begin_test selftest, idle sleep asleep;
  pressed refuse
fault: acknowledged begin_test selftest; pressed short tripped refuse
"""
STATES = (
    "selftest ready asleep proving contact ramping treating lifted stopping done refused fault "
    "bounced"
)
EVENTS = (
    "tripped passed pressed short arm refuse acknowledged touched lift reached complete expired "
    "zero idle"
)
ACTIONS = (
    "nothing cut begin_test begin_proof begin_probe begin_ramp ramp_down finish next_product "
    "sleep stop count_lift stop_now part"
)


def written():
    """{(state, event): (action, next state)} by name."""
    found = {}
    for line in WRITTEN.replace("\n  ", " ").strip().split("\n"):
        state, rest = line.split(": ")
        rows, ignored = rest.split("; ")
        for row in rows.split(", "):
            event, action, after = row.split()
            found[state, event] = (action, after)
        for event in ignored.split():
            found[state, event] = ("nothing", state)
    return found


@pytest.mark.req("R-02", "R-03")
@pytest.mark.parametrize(
    "names, told", [(STATES, s.STATES), (EVENTS, s.EVENTS), (ACTIONS, None)]
)
def test_every_name_has_its_number(names, told):
    names = names.split()
    assert [getattr(s, name.upper()) for name in names] == list(range(len(names)))
    if told is None:
        assert s.ACTIONS == len(names)
    else:
        assert list(told) == names


@pytest.mark.req("R-02", "R-03", "S-15", "S-18", "S-20")
def test_the_table_is_the_written_one():
    states, events, actions = STATES.split(), EVENTS.split(), ACTIONS.split()
    rows = written()
    session = s.Session()
    for i, state in enumerate(states):
        for event, name in enumerate(events):
            session.state = i
            action = actions[session.step(event)]
            wanted = rows.get((state, name), ("cut", "fault"))
            assert (action, states[session.state]) == wanted, (state, name)


@pytest.mark.req("R-03", "P-08")
def test_the_compiled_table_has_a_byte_for_each_pair():
    following, actions = s.compile_table((), ())
    assert len(following) == len(actions) == len(STATES.split()) * len(EVENTS.split())


@pytest.mark.req("S-18")
def test_output_is_what_a_person_may_feel():
    assert [s.STATES[state] for state in s.OUTPUT_STATES] == ["ramping", "treating", "stopping"]


@pytest.mark.req("R-03", "S-12")
def test_where_current_may_flow_and_where_all_is_off():
    assert [s.STATES[state] for state in s.MAY_FLOW] == [
        "selftest", "proving", "contact", "ramping", "treating", "bounced", "lifted", "stopping",
    ]  # fmt: skip
    assert [s.STATES[state] for state in s.ALL_OFF] == ["fault", "refused", "asleep"]
