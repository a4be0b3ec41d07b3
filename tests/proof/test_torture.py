"""Every call to the board fails at the nth time, once and for ever: off, and a name [R-05].

Bus calls are also failed one by one on the simulated bus itself, where the drivers' retry and
the 5 ms bound come in. The nth calls are spread over the whole session, first and last included.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "proof"))

import torture  # noqa: E402

from firmware import console, faults  # noqa: E402
from hal.board import Board  # noqa: E402
from hal.sim.bus import EIO, ETIMEDOUT  # noqa: E402


@pytest.fixture(scope="module")
def calls():
    """How often a whole session calls each of them."""
    return torture.count(torture.BUS + torture.LEVELS + torture.FLASH + torture.OFF)


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


@pytest.mark.req("R-05", "S-11", "S-12")
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("victim", torture.SHOWN)
@pytest.mark.parametrize("nth", [1, 500])
def test_what_cannot_be_shown_is_a_fault_and_then_the_watchdog_s(victim, nth, for_ever):
    outcome = torture.session(victim, nth, for_ever, RuntimeError)
    assert_off(outcome)
    assert outcome.raised is None
    if for_ever:
        assert outcome.bitten and outcome.current_ua == 0.0
    else:
        assert (outcome.first, outcome.states[-1]) == ("internal", "fault")


@pytest.mark.req("R-05", "S-12")
@pytest.mark.parametrize("victim", torture.LOOP)
@pytest.mark.parametrize("nth", [1, 500])
def test_what_breaks_the_loop_leaves_the_output_off(victim, nth):
    if victim == "start_watchdog":
        nth = 1
    outcome = torture.session(victim, nth, True, RuntimeError)
    assert isinstance(outcome.raised, RuntimeError)
    assert outcome.failed
    assert not outcome.gate_at_end


@pytest.mark.req("R-05")
def test_the_sweep_is_the_whole_contract():
    """A call that somebody adds to hal/board.py has to be made to fail too."""
    contract = {name for name in vars(Board) if not name.startswith("_")}
    groups = (torture.BUS, torture.LEVELS, torture.FLASH, torture.SHOWN, torture.LOOP,
              torture.START, torture.OFF)  # fmt: skip
    swept = [name for group in groups for name in group]
    assert sorted(swept) == sorted(contract)


@pytest.mark.req("R-05", "S-12", "S-20")
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_a_flash_that_cannot_be_written_is_files_and_nothing_else(calls, for_ever):
    # The rest between sessions before and after the session, two copies each; then the journal's
    # spare and its place.
    assert calls["write"] == 6
    for nth in range(1, 7):
        outcome = torture.session("write", nth, for_ever)
        assert_off(outcome)
        assert outcome.raised is None
        assert (outcome.first, outcome.states[-1]) == ("files", "fault")
        assert faults.names(outcome.bits) == ["files"]


@pytest.mark.req("R-05", "S-20")
def test_a_fault_that_cannot_be_kept_stays_the_first():
    """The store itself fails: what tripped is shown, and the flash's fault beside it."""
    short = {"at_s": 8.0, "fault": "rset_short"}
    after_arming = 3
    outcome = torture.session("write", after_arming, True, prepare=lambda world: world.plan(short))
    assert_off(outcome)
    assert outcome.raised is None and outcome.first in ("comparator", "over_current")
    assert "files" in faults.names(outcome.bits) and "i2c" not in faults.names(outcome.bits)


@pytest.mark.req("R-05", "S-17", "R-06")
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_a_flash_that_cannot_be_read_is_no_empty_flash(calls, for_ever):
    """One copy or one try of two is enough; what can't be read at all is named, never a default.

    The last read is the journal's, before it is written: then even one failure loses a session.
    """
    for nth in (1, 3, 5, 9, calls["read"] // 2, calls["read"]):
        outcome = torture.session("read", nth, for_ever)
        assert outcome.failed and outcome.raised is None
        assert not outcome.gate_at_end and outcome.gate_after == 0
        if for_ever or nth == calls["read"]:
            assert (outcome.first, outcome.states[-1]) == ("files", "fault")
        else:
            assert (outcome.first, outcome.states[-1]) == ("", "done")


@pytest.mark.req("R-05", "S-12")
@pytest.mark.parametrize("victim", torture.START)
def test_what_breaks_the_start_leaves_a_dark_wand(victim):
    outcome = torture.session(victim, 1, True, RuntimeError)
    assert isinstance(outcome.raised, RuntimeError)
    assert outcome.states == [] and not outcome.gate_at_end and outcome.current_ua == 0.0


@pytest.mark.req("R-05", "S-12", "S-10")
@pytest.mark.parametrize("victim", torture.OFF)
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_even_off_may_fail(calls, victim, for_ever):
    """By the contract it doesn't. If it did, the guard drops the gate in its next pass."""
    for nth in spread(calls[victim]):
        outcome = torture.session(victim, nth, for_ever)
        assert outcome.failed
        assert outcome.gate_after <= 1  # the tick that has asked for it
        assert not outcome.gate_later, (victim, nth)


@pytest.mark.req("R-05", "S-20", "F-13")
def test_service_releases_the_latch_or_says_why_not():
    """The comparator's latch outlives a restart: after service it must not keep the wand shut."""
    wand = torture.serviced_wand()
    wand.world.plant.latched = True
    wand.world.plan({"at_s": wand.world.now_us / 1e6 + 0.2, "press_s": 3.4})
    assert console.clear_faults() == ""
    assert not wand.world.plant.latched

    def failing():
        raise OSError("no latch")

    wand.reset_latch = failing
    with pytest.raises(OSError):
        console.clear_faults()
    assert not wand.gate()


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
