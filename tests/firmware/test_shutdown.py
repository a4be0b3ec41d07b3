"""What is off in a state that needs nothing, and what a program leaves that dies [S-12]."""

import pytest
from plain_board import PlainBoard
from test_ticks import PlainWand

from firmware import faults, session, shutdown
from firmware.app import App
from firmware.guard import RQ_ARM, RQ_OUTPUT

MAY_FLOW = (
    "selftest", "proving", "contact", "ramping", "treating", "bounced", "lifted", "stopping",
)  # fmt: skip


def all_off(wand):
    board = wand.board
    return not (board.gate() or board.rail or board.dummy or any(board.switches) or board.bridge)


def refuse(wand):
    wand.until("ready")
    wand.board.is_vbus = True
    wand.press(1.7)
    wand.board.is_vbus = False


def fault(wand):
    wand.treat()
    wand.board.is_vbus = True
    wand.run(0.1)
    wand.board.is_vbus = False


def sleep(wand):
    wand.until("ready")
    wand.app._idle_ms = 180_000
    wand.run(0.1)


@pytest.mark.req("S-12", "F-12")
@pytest.mark.parametrize("state, happen, wake_s", [
    ("refused", refuse, 0.2), ("fault", fault, 3.3), ("asleep", sleep, 0.2),
])  # fmt: skip
def test_a_state_that_needs_nothing_has_all_of_it_off_and_leads_back_through_a_test(
    state, happen, wake_s
):
    wand = PlainWand()
    happen(wand)
    wand.board.load_ohm = None
    wand.run(0.2)
    assert wand.state == state and all_off(wand)
    wand.press(wake_s)
    wand.until("ready")
    assert wand.board.rail and wand.board.switches == (True, True)


@pytest.mark.req("S-12", "R-01")
@pytest.mark.parametrize("gate", ["output enable stuck high", "whole"])
def test_a_fault_ends_the_current_though_the_gate_stays(gate):
    """K1 and M2 have pins of their own, and the rail too: what is stuck passes nothing on."""
    wand = PlainWand().treat()
    if gate != "whole":
        wand.board.gate = lambda: True
    wand.board.is_vbus = True
    wand.run(0.05)
    wand.board._circuit()
    assert wand.state == "fault" and wand.board.precise[1] == 0 and not wand.board.rail


@pytest.mark.req("S-12", "R-02")
@pytest.mark.parametrize("state", ["contact", "ramping", "treating", "lifted", "stopping"])
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_state_has_no_output_it_may_not_have(state, bit):
    wand = PlainWand().search()
    if state != "contact":
        wand.board.load_ohm = 12_000
        wand.until("treating" if state in ("lifted", "stopping") else state)
    if state == "lifted":
        wand.board.load_ohm = None
        wand.until(state)
    if state == "stopping":
        wand.board.is_pressed = True
        wand.until(state)
        wand.board.is_pressed = False
    wand.app.session.state ^= 1 << bit
    for _ in range(20):
        wand.app.turn()
        asked = wand.app.output.on or wand.app.output.request[RQ_OUTPUT] or wand.board.gate()
        assert not asked or wand.state in MAY_FLOW
    assert [session.STATES[i] for i in session.MAY_FLOW] == list(MAY_FLOW)


@pytest.mark.req("S-12")
@pytest.mark.parametrize("where", ["on", "request"])
def test_output_in_a_state_that_may_not_have_it_is_a_fault(where):
    wand = PlainWand().until("ready")
    if where == "on":
        wand.app.output.on = True
    else:
        wand.app.output.request[RQ_OUTPUT] = 1
    wand.app.turn()
    assert wand.named == ["bad_request"] and wand.state == "fault" and not wand.app.output.on
    assert wand.app.output.request[RQ_OUTPUT] == 0 == wand.app.output.request[RQ_ARM]


def failing(board, name, times=1, error=RuntimeError):
    """From now on this method of the board fails so often."""
    whole = getattr(board, name)
    left = [times]

    def broken(*arguments):
        if left[0]:
            left[0] -= 1
            raise error(name)
        return whole(*arguments)

    setattr(board, name, broken)


@pytest.mark.req("S-12", "R-05")
@pytest.mark.parametrize("name", ["panel", "publish"])
@pytest.mark.parametrize("error", [RuntimeError, OSError, MemoryError])
def test_a_display_that_fails_once_is_a_fault_that_is_shown(name, error):
    wand = PlainWand().treat()
    failing(wand.board, name, 1, error)
    wand.run(0.03)  # the light follows every 20 ms
    assert not wand.board.gate() and wand.state == "fault" and wand.named == ["internal"]
    wand.run(0.5)
    assert wand.board.seen[0] and all_off(wand)


@pytest.mark.req("S-11", "S-12")
@pytest.mark.parametrize("name", ["panel", "publish"])
def test_a_display_that_fails_for_ever_is_the_watchdogs(name):
    wand = PlainWand().treat()
    failing(wand.board, name, -1)
    wand.run(0.03)  # the light follows every 20 ms
    fed = wand.board.fed_dogs
    wand.run(1.0)
    assert wand.board.fed_dogs == fed and all_off(wand)


@pytest.mark.req("S-11", "S-12")
@pytest.mark.parametrize("name, others", [
    ("feed_watchdog", ()), ("sleep_until", ()), ("ticks_ms", ()),
    ("sleep_until", ("panel",)), ("sleep_until", ("output_off", "set_rail")),
])  # fmt: skip
def test_a_program_that_dies_leaves_a_dead_wand_and_the_watchdog_on(name, others):
    wand = PlainWand().treat()
    stopped = []
    wand.board.stop_watchdog = lambda: stopped.append(True)
    failing(wand.board, name, -1)
    for other in others:
        failing(wand.board, other, -1)
    with pytest.raises(RuntimeError):
        wand.app.run()
    board = wand.board
    assert stopped == [] and not board.dummy and board.switches == (False, False)
    if "output_off" not in others:
        assert not board.armed and not board.rail
    if "panel" not in others:
        assert board.seen == (0, 0, 0, 0)


@pytest.mark.req("S-12")
def test_ctrl_c_leaves_a_dead_wand_and_nobody_is_reset_at_the_console():
    wand = PlainWand().treat()
    stopped = []
    wand.board.stop_watchdog = lambda: stopped.append(True)
    failing(wand.board, "sleep_until", 1, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        wand.app.run()
    board = wand.board
    assert stopped == [True] and board.seen == (0, 0, 0, 0)
    assert not (board.armed or board.rail or any(board.switches))


@pytest.mark.req("S-12")
def test_dead_is_off_before_anything_else():
    board = PlainBoard()
    app = App(board)
    order = []
    for name in ("output_off", "set_rail", "set_switches", "set_dummy", "panel"):
        setattr(board, name, lambda *_, name=name: order.append(name))
    shutdown.dead(app.output, board)
    assert order[0] == "output_off" and len(order) == 5
    assert faults.names(app.faults.bits) == ["calibration"]
