"""Dead-man and monostable fall by themselves, on the microsecond, and revive only as told to.

And the panel's twin.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.limits import DEAD_MAN_US
from hal.sim.barriers import DeadMan, Monostable
from hal.sim.panel import Panel

WRAP_US = 1 << 30
STARTS_US = (0, WRAP_US - 1000, WRAP_US - 3000, WRAP_US + 5)


@pytest.mark.req("S-10")
def test_both_time_out_as_the_limits_say():
    assert DeadMan().timeout_us == Monostable().timeout_us == DEAD_MAN_US


@pytest.mark.req("S-10")
def test_both_start_low():
    dead_man = DeadMan()
    dead_man.feed(0)
    assert not dead_man.output(0)
    assert dead_man.left_us(0) == -1
    assert not Monostable().output(0)


@pytest.mark.req("S-10")
@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("start_us", STARTS_US)
def test_dead_man(start_us, wrapped):
    def at(us):
        return (start_us + us) % WRAP_US if wrapped else start_us + us

    dead_man = DeadMan()
    dead_man.arm(at(0))
    assert dead_man.output(at(2999))
    dead_man.feed(at(2999))
    assert dead_man.left_us(at(3000)) == 2999
    assert dead_man.output(at(5998))
    assert not dead_man.output(at(5999))
    for us in (6000, 6001, 20_000):  # late feeds don't revive it
        dead_man.feed(at(us))
        assert not dead_man.output(at(us))
    dead_man.arm(at(30_000))
    assert dead_man.output(at(30_000))


@pytest.mark.req("S-10")
def test_late_feed_without_a_look_in_between():
    dead_man = DeadMan()
    dead_man.arm(0)
    dead_man.feed(3000)
    assert not dead_man.output(3000)


@pytest.mark.req("S-10")
def test_killed_is_dead_until_armed():
    dead_man = DeadMan()
    dead_man.arm(0)
    dead_man.kill()
    assert not dead_man.output(0)
    dead_man.feed(1)
    assert not dead_man.output(1)
    dead_man.arm(2)
    assert dead_man.output(2)


@pytest.mark.req("S-02", "S-10")
def test_comparator_kills_at_once_and_forbids_arming():
    dead_man = DeadMan()
    dead_man.arm(0)
    dead_man.set_comparator(True)
    assert not dead_man.output(0)
    dead_man.arm(1)
    assert not dead_man.output(1)
    dead_man.set_comparator(False)
    dead_man.feed(2)
    assert not dead_man.output(2)
    dead_man.arm(3)
    assert dead_man.output(3)


@pytest.mark.req("S-10")
@pytest.mark.parametrize("start_us", STARTS_US)
def test_monostable(start_us):
    monostable = Monostable()
    monostable.edge(start_us)
    assert monostable.output(start_us + 2999)
    monostable.edge(start_us + 2999)
    assert monostable.output(start_us + 5998)
    assert monostable.left_us(start_us + 5998) == 1
    assert not monostable.output(start_us + 5999)
    monostable.edge(start_us + 9000)  # unlike the dead-man it comes back
    assert monostable.output(start_us + 9000)


@pytest.mark.req("S-10")
@given(st.lists(st.integers(1, 6000), min_size=1, max_size=30))
def test_up_only_within_3_ms_of_a_feed(gaps_us):
    dead_man, monostable = DeadMan(), Monostable()
    dead_man.arm(0)
    monostable.edge(0)
    now_us, alive = 0, True
    for gap_us in gaps_us:
        alive = alive and gap_us < 3000
        now_us += gap_us
        assert dead_man.output(now_us) == alive
        assert monostable.output(now_us) == (gap_us < 3000)
        dead_man.feed(now_us)
        monostable.edge(now_us)


@pytest.mark.parametrize("barrier", [DeadMan(), Monostable()])
def test_stuck_is_high_for_ever(barrier):
    barrier.stuck = True
    assert barrier.output(0) and barrier.output(1 << 40)
    assert barrier.left_us(0) == -1
    barrier.stuck = False
    assert not barrier.output(1 << 40)


def test_panel():
    panel = Panel()
    assert (panel.pressed, panel.led_hex(), panel.hz) == (False, "#000000", 0)
    panel.led(255, 10, 0)
    panel.beep(880)
    assert (panel.led_hex(), panel.hz) == ("#ff0a00", 880)
