"""What ends time and charge when all software is wrong: the session timer [S-07, S-10]."""

import pytest

from firmware.limits import SESSION_MAX_MS
from hal.sim.barriers import SessionTimer
from hal.sim.board import SimBoard
from hal.sim.parts import Parts
from hal.sim.world import World

FULL_CODE = 65535
NOMINAL_S = 1565.2
MOST_MA_MIN = 0.601 * 1.135 * NOMINAL_S / 60  # whatever software does


class Clear:
    cleared = False


def wrong(world):
    """A program whose guard allows everything, at the most that the DAC can."""
    board = SimBoard(world)
    board.start_guard(lambda samples, request, snapshot: 1, [0] * 32, [0] * 32)
    board.set_rail(True)
    board.set_bridge(1)
    board.set_switches(True, True)
    board.set_bleed(True)
    board.output_on()
    board.write_dac(FULL_CODE)
    return board


def wait(board, seconds):
    board.sleep_until(board.ticks_ms() + 1000 * seconds)


@pytest.mark.req("S-07", "S-10")
def test_what_no_software_ends_ends_all_the_same_and_stays_off():
    world = World()
    world.touch("resistor:20000")
    board = wrong(world)
    wait(board, 1563)
    assert board.gate() and world.plant.i_load_a > 550e-6
    wait(board, 10)
    assert not board.gate() and not world.plant.k1 and not world.plant.m2
    for _ in range(3):  # feeding and arming raise nothing
        board.output_on()
        wait(board, 60)
        assert not board.gate() and world.plant.i_load_a < 1e-6
    assert world.plant.skin_charge_c * 1e3 / 60 <= MOST_MA_MIN
    board.set_rail(False)
    board.set_rail(True)
    board.output_on()
    wait(board, 1)
    assert board.gate()


@pytest.mark.req("S-07")
def test_a_dead_one_ends_nothing_and_one_that_is_over_lets_nothing_begin():
    parts = Parts()
    parts.timer_s = 20.0
    events = ({"at_s": 25.0, "fault": "timer:over"}, {"at_s": 29.0, "clear": "timer:over"})
    world = World(parts, events=events)
    world.touch("resistor:20000")
    world.inject("timer:dead")
    board = wrong(world)
    wait(board, 24)
    assert board.gate()
    wait(board, 2)
    assert not board.gate()
    board.output_on()
    wait(board, 2)
    assert not board.gate()
    wait(board, 2)
    assert board.gate()


@pytest.mark.req("S-07")
def test_no_healthy_wand_is_ended_by_it():
    """A session, its proof, and 10 s for whatever else the rail is on for."""
    shortest_s = min(Parts.random(seed).timer_s for seed in range(300))
    assert SESSION_MAX_MS / 1000 + 10 < shortest_s < Parts().timer_s
    assert Parts().timer_s == pytest.approx(NOMINAL_S, 1e-3)


@pytest.mark.req("S-07")
def test_it_counts_from_the_rail_alone():
    clear = Clear()
    timer = SessionTimer(1000, clear)
    timer.step(10_000)
    timer.power(True, 10_000)
    timer.power(True, 10_900)  # still on
    timer.step(10_999)
    assert not clear.cleared
    timer.step(11_000)
    timer.step(12_000)
    assert clear.cleared
    timer.power(False, 13_000)
    assert not clear.cleared
    timer.step(99_000)
    assert not clear.cleared


@pytest.mark.req("S-07", "S-15")
def test_its_fourth_stage_shows_that_it_counts():
    timer = SessionTimer(1024, Clear())
    assert not timer.ticks(5_000)  # no supply
    timer.power(True, 10_000)
    assert not timer.ticks(10_000) and timer.ticks(10_001) and not timer.ticks(10_001)
    assert timer.level(10_001) == 1 and timer.level(10_002) == 0
    assert timer.ticks(10_003)
    timer.power(False, 10_003)  # as it falls it changes once more, and then never
    assert timer.ticks(10_004) and not timer.ticks(19_000)
    timer.dead = True
    timer.power(True, 20_000)
    assert not timer.ticks(30_000)
