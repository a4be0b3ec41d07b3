"""Every call to the board fails at the nth time, once and for ever: off, and a name [R-05].

Bus calls are also failed one by one on the simulated bus itself, where the drivers' retry and
the 5 ms bound come in. The nth calls are spread over the whole session, first and last included.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "proof"))

import torture  # noqa: E402

from hal.sim.bus import EIO, ETIMEDOUT  # noqa: E402

# Where a failure ends the main loop itself: off for good, the watchdog starts the wand again.
LOOP = ("panel", "publish", "feed_watchdog", "ticks_ms", "sleep_until", "start_watchdog")


@pytest.fixture(scope="module")
def calls():
    """How often a whole session calls each of them."""
    return torture.count(torture.BUS + torture.LEVELS)


def spread(count):
    return sorted({1, 1 + count // 2, count} & set(range(1, count + 1)))


def assert_off(outcome):
    assert outcome.failed
    assert not outcome.gate_at_end
    assert outcome.gate_after == 0, "the gate came on again"


@pytest.mark.req("R-05", "S-12", "S-19")
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("victim", torture.BUS + torture.LEVELS)
def test_a_call_that_fails_is_a_fault_with_a_name(calls, victim, for_ever):
    if victim in ("write",):
        pytest.skip("not called in a healthy session: see the journal's and the store's tests")
    assert calls[victim]
    for nth in spread(calls[victim]):
        outcome = torture.session(victim, nth, for_ever)
        assert_off(outcome)
        assert outcome.raised is None, (victim, nth)
        assert outcome.first == "i2c", (victim, nth)
        assert outcome.states[-1] == "fault", (victim, nth)


@pytest.mark.req("R-05", "S-12")
@pytest.mark.parametrize("victim", ["write_dac", "vbus", "set_switches"])
def test_any_other_exception_is_the_internal_fault(victim):
    outcome = torture.session(victim, 8, False, ZeroDivisionError)
    assert_off(outcome)
    assert (outcome.first, outcome.states[-1]) == ("internal", "fault")


@pytest.mark.req("R-05", "S-12")
@pytest.mark.parametrize("victim", LOOP)
@pytest.mark.parametrize("nth", [1, 2400])
def test_what_breaks_the_loop_leaves_the_output_off(victim, nth):
    if victim == "start_watchdog":
        nth = 1
    outcome = torture.session(victim, nth, True, RuntimeError)
    assert isinstance(outcome.raised, RuntimeError)
    assert outcome.failed
    assert not outcome.gate_at_end


@pytest.mark.req("R-05", "S-19")
@pytest.mark.parametrize("errno", [EIO, ETIMEDOUT])
@pytest.mark.parametrize("count", [1, 2, -1])
def test_each_transaction_of_the_bus(count, errno):
    for at_s in (0.7, 3.7, 5.1, 7.0, 11.8, 15.4):
        script = (*torture.SCRIPT, {"at_s": at_s, "bus": (1, count, errno)})
        world = torture.world_with_session(script, torture.BusWorld)
        board = torture.SimBoard(world)
        raised = torture._run(world, board)
        outcome = world.observer
        assert raised is None
        assert outcome.gate_after == 0
        assert not board._enabled
        # One failure is retried and nothing is seen of it; what lasts has a name.
        assert outcome.first == ("" if count == 1 else outcome.first)
        if count == -1:
            assert (outcome.first, outcome.states[-1]) == ("i2c", "fault")
