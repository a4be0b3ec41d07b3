"""Button to gestures: times, bounce, and no gesture more than the finger made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unix_port import run

from firmware import gestures
from firmware.gestures import ACK, AGAIN, COUNT, HOLD, NONE, PRESS_EDGE, RELEASE, SHORT, Gestures

TICK_MS = 5


def play(spans, tick_ms=TICK_MS, button=None, choosing=False):
    """[(level, ms), ...] -> [(time_ms, event), ...]. Starts with a button that was seen up."""
    if button is None:
        button = Gestures()
        button.step(False, tick_ms)
    events = []
    now_ms = 0
    for level, span_ms in spans:
        for _ in range(span_ms // tick_ms):
            event = button.step(level, tick_ms, choosing)
            if event != NONE:
                events.append((now_ms, event))
            now_ms += tick_ms
    return events


def kinds(spans, **more):
    return [event for _, event in play(spans, **more)]


@pytest.mark.req("S-18")
@pytest.mark.parametrize("tick_ms", [1, 5, 10, 20])
def test_press_edge_within_50_ms(tick_ms):
    assert play([(True, 100)], tick_ms)[0][1] == PRESS_EDGE
    assert play([(True, 100)], tick_ms)[0][0] < 50


@pytest.mark.req("F-10")
@pytest.mark.parametrize(
    ("held_ms", "expected"),
    [
        (20, []),
        (100, [PRESS_EDGE, SHORT]),
        (795, [PRESS_EDGE, SHORT]),
        (805, [PRESS_EDGE, RELEASE]),
        (1495, [PRESS_EDGE, RELEASE]),
        (1510, [PRESS_EDGE, HOLD, RELEASE]),
        (2995, [PRESS_EDGE, HOLD, RELEASE]),
        (3010, [PRESS_EDGE, HOLD, ACK, RELEASE]),
        (9000, [PRESS_EDGE, HOLD, ACK, RELEASE]),
    ],
)
def test_length_of_a_press_decides(held_ms, expected):
    assert kinds([(True, held_ms), (False, 200)]) == expected


@pytest.mark.req("F-10")
def test_hold_and_ack_fire_while_held_and_on_time():
    events = {event: at_ms for at_ms, event in play([(True, 4000)])}
    assert 1500 <= events[HOLD] <= 1510
    assert 3000 <= events[ACK] <= 3010


@pytest.mark.req("F-10", "S-18")
def test_exact_times_at_ticks_of_1_ms():
    """The first raw contact is at 0; an event belongs to the tick that completes its time."""
    assert play([(True, 4000)], 1) == [(20, PRESS_EDGE), (1500, HOLD), (3000, ACK)]
    assert kinds([(True, 20), (False, 50)], tick_ms=1) == []
    # Raw contact for 21 ms, seen up to its last tick; the release counts from its first tick.
    assert play([(True, 21), (False, 50)], 1) == [(20, PRESS_EDGE), (41, SHORT)]
    assert kinds([(True, 800), (False, 50)], tick_ms=1) == [PRESS_EDGE, SHORT]
    assert kinds([(True, 801), (False, 50)], tick_ms=1) == [PRESS_EDGE, RELEASE]


@pytest.mark.req("F-10")
def test_held_ms_is_the_age_of_the_press():
    button = Gestures()
    assert button.held_ms == 0
    button.step(False, 1)
    play([(True, 20)], 1, button)
    assert (button.held_ms, button.pressed) == (0, False)
    play([(True, 1)], 1, button)
    assert (button.held_ms, button.pressed) == (20, True)
    play([(True, 80), (False, 10)], 1, button)
    assert button.held_ms == 100  # stands still while the release is uncertain
    play([(True, 1)], 1, button)
    assert button.held_ms == 110
    play([(False, 20)], 1, button)
    assert (button.held_ms, button.pressed) == (110, True)
    play([(False, 1)], 1, button)
    assert (button.held_ms, button.pressed) == (0, False)
    play([(True, 10_000)], 1, button)
    assert button.held_ms < gestures.STUCK_MS
    play([(True, 1)], 1, button)
    assert button.held_ms >= gestures.STUCK_MS


@pytest.mark.req("F-10")
def test_a_late_tick_loses_no_event():
    button = Gestures()
    button.step(False, 5)
    seen = [button.step(True, 5), button.step(True, 4000), button.step(True, 5)]
    seen.append(button.step(True, 5))
    assert seen == [NONE, PRESS_EDGE, HOLD, ACK]


@pytest.mark.req("F-10")
def test_bounce_makes_one_press():
    bounce = [(True, 5), (False, 5)] * 3
    release = [(False, 5), (True, 5)] * 3
    spans = bounce + [(True, 200)] + release + [(False, 200)]
    assert kinds(spans) == [PRESS_EDGE, SHORT]


@pytest.mark.req("F-10")
def test_bounce_within_a_hold_does_not_shorten_it():
    spans = [(True, 700), (False, 10), (True, 820)]
    assert play(spans)[-1][1] == HOLD
    assert 1500 <= play(spans)[-1][0] <= 1510


@pytest.mark.req("F-10")
@pytest.mark.parametrize("dt_ms", [5, 100])
def test_one_sample_is_never_a_press(dt_ms):
    button = Gestures()
    button.step(False, dt_ms)
    assert [button.step(level, dt_ms) for level in (True, False, True, False)] == [NONE] * 4


@pytest.mark.req("F-10", "S-15")
def test_held_at_power_on_does_nothing_but_counts():
    button = Gestures()
    assert kinds([(True, 10_100)], button=button) == []
    assert button.held_ms >= gestures.STUCK_MS
    assert kinds([(False, 100)], button=button) == []
    assert button.held_ms < gestures.STUCK_MS
    assert kinds([(True, 100), (False, 100)], button=button) == [PRESS_EDGE, SHORT]


@pytest.mark.req("S-15", "R-08")
def test_stuck_button_is_seen_and_its_count_ends():
    button = Gestures()
    button.step(False, 5)
    play([(True, gestures.STUCK_MS - 100)], button=button)
    assert button.held_ms < gestures.STUCK_MS
    play([(True, 200)], button=button)
    assert button.held_ms >= gestures.STUCK_MS
    play([(True, 200_000)], button=button, tick_ms=1000)
    assert button.held_ms == 60_000


@pytest.mark.req("S-18", "F-10")
def test_consumed_press_makes_no_second_gesture():
    button = Gestures()
    button.step(False, 5)
    assert kinds([(True, 50)], button=button) == [PRESS_EDGE]
    button.consume()
    assert kinds([(True, 5000), (False, 100)], button=button) == []
    assert kinds([(True, 100), (False, 100)], button=button) == [PRESS_EDGE, SHORT]


@pytest.mark.req("R-07")
@pytest.mark.parametrize("dt_ms", [-1, -5, -(10**9), 60_001, 10**9])
def test_a_clock_that_jumps_makes_no_hold(dt_ms):
    button = Gestures()
    button.step(False, 5)
    play([(True, 105)], button=button)
    assert button.step(True, dt_ms) == NONE
    assert button.held_ms == 100


@pytest.mark.req("S-18", "F-10")
def test_a_press_right_after_a_release_counts():
    assert kinds([(True, 50), (False, 25), (True, 50)]) == [PRESS_EDGE, SHORT, PRESS_EDGE]


@pytest.mark.req("F-10")
@pytest.mark.parametrize(("gap_ms", "second"), [(100, AGAIN), (300, AGAIN), (345, SHORT)])
def test_a_second_short_press_soon_after_the_first(gap_ms, second):
    spans = [(True, 150), (False, gap_ms), (True, 150), (False, 400)]
    assert kinds(spans, choosing=True) == [PRESS_EDGE, SHORT, PRESS_EDGE, second]
    assert kinds(spans) == [PRESS_EDGE, SHORT, PRESS_EDGE, SHORT]


@pytest.mark.req("F-10")
def test_a_third_goes_back_once_more():
    spans = [(True, 150), (False, 100)] * 3 + [(False, 400), (True, 150), (False, 100)]
    assert kinds(spans, choosing=True) == [
        PRESS_EDGE, SHORT, PRESS_EDGE, AGAIN, PRESS_EDGE, AGAIN, PRESS_EDGE, SHORT,
    ]  # fmt: skip


@pytest.mark.req("F-10")
def test_held_after_a_short_one_it_counts_and_never_arms():
    spans = [(True, 100), (False, 100), (True, 9900), (False, 100)]
    seen = play(spans, choosing=True)
    told = [PRESS_EDGE, SHORT, PRESS_EDGE] + [COUNT] * 16 + [RELEASE]
    assert [event for _, event in seen] == told
    times = [at_ms - 200 for at_ms, event in seen if event == COUNT]
    assert times == list(range(800, 9900, 600))
    assert HOLD in kinds(spans) and ACK in kinds(spans)


@pytest.mark.req("F-10")
def test_a_press_that_answered_something_else_is_followed_by_none():
    """The short press at "done" shows the product: a hold right after it arms."""
    button = Gestures()
    button.step(False, 5)
    assert kinds([(True, 100), (False, 50)], button=button) == [PRESS_EDGE, SHORT]
    assert kinds([(True, 1600)], button=button, choosing=True) == [PRESS_EDGE, HOLD]


@pytest.mark.req("F-10")
def test_longest_step_that_counts():
    button = Gestures()
    button.step(False, 5)
    play([(True, 105)], button=button)
    assert button.step(True, 60_000) == HOLD
    assert button.held_ms == 60_000


@pytest.mark.req("F-10", "S-18")
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 800)), max_size=40))
def test_every_press_is_told_once_and_in_order(spans):
    spans = [(level, ticks * TICK_MS) for level, ticks in spans]
    for choosing in (False, True):
        events = kinds(spans + [(False, 100)], choosing=choosing)
        text = "".join("?PSHARGC"[event] for event in events)
        first, *presses = text.split("P")
        assert first == ""
        before = ""
        for press in presses:
            if press == "G" or "C" in press:
                assert choosing and before in ("S", "G"), text
                assert press == "G" or press == "C" * (len(press) - 1) + "R", text
            else:
                assert press in ("HAR", "HR", "S", "R"), text
            before = press


@pytest.mark.req("F-10", "P-06")
def test_unix_port_without_allocation():
    source = (
        "import micropython\n"
        "from firmware.gestures import Gestures\n"
        "button = Gestures()\n"
        "seen = bytearray(8)\n"
        "def go():\n"
        "    for tick in range(2000):\n"
        "        down = 20 < tick < 40 or 100 < tick < 800 or 900 < tick < 920\n"
        "        down = down or 940 < tick < 960 or 970 < tick < 1300\n"
        "        seen[button.step(down, 5, tick > 850)] += 1 if tick else 0\n"
        "        if seen[0] > 200: seen[0] = 0\n"
        "micropython.heap_lock()\n"
        "go()\n"
        "micropython.heap_unlock()\n"
        "print(list(seen[1:]))\n"
    )
    assert run(source) == "[5, 2, 1, 1, 2, 1, 2]\n"
