"""Comparator and latch trip in the proof, where they should, before anybody is treated [S-15]."""

import pytest
from test_selftest import Bench
from whole_wand import HOLD, TOUCH, Wand

from firmware import faults, selftest
from hal.sim.parts import Parts


@pytest.mark.req("S-02", "S-15")
@pytest.mark.parametrize("broken", [
    {"comparator_dead": True}, {"comparator_gain": 1.2}, {"comparator_gain": 0.8},
    {"latch_stuck": True}, {"latch_open": True}, {"latch_alone": True},
])  # fmt: skip
@pytest.mark.parametrize("bridge", [1, 2])
def test_what_does_not_trip_hold_or_let_go_is_named(broken, bridge):
    assert Bench(**broken).proof(bridge) == "comparator"


@pytest.mark.req("S-03", "S-15", "S-20")
@pytest.mark.parametrize("broken", [{"b_gain": 0.0}, {"rset_open": True}])
def test_a_sense_that_reads_nothing_is_no_comparator(broken):
    bench = Bench(comparator_dead=True)
    bench.board.rail = True
    bench.board.set_dummy(True)
    for key in broken:
        setattr(bench.board, key, broken[key])
    for _ in range(5):
        bench.tick()
    bench.output.set_bridge(1)
    bench.output.start()
    bench.tick()
    trial = selftest._until_trip(bench.output, bench.board)
    assert faults.name(bench.run(trial)) == "sense_mismatch"


@pytest.mark.req("S-02", "S-15", "S-20")
def test_a_healthy_one_leaves_nothing_behind():
    bench = Bench()
    assert bench.proof() == ""
    assert not (bench.board.threshold_low or bench.board.latched or bench.output.expected)
    assert bench.board.sees
    assert bench.output.trips == 0


@pytest.mark.req("S-01", "S-15")
def test_what_the_limiter_refuses_ends_the_trial():
    bench = Bench()
    bench.tick()
    bench.output.limiter.step = lambda *_: None
    bench.output.start()
    bench.tick()
    trial = selftest._until_trip(bench.output, bench.board)
    assert faults.name(bench.run(trial)) == "bad_request"


@pytest.mark.req("S-15", "S-20")
def test_a_current_that_breaks_off_below_is_no_comparator():
    bench = Bench()
    board = bench.board
    set_threshold = board.set_threshold

    def falls_off(low):
        set_threshold(low)
        board.dummy_ohm = None

    board.set_threshold = falls_off
    assert bench.proof() == "dummy_reading"


@pytest.mark.req("S-15", "S-20")
def test_another_trip_at_the_same_time_is_the_answer():
    bench = Bench()
    board = bench.board
    board.comparator_gain = 0.9
    set_threshold = board.set_threshold

    def leaks(low):
        set_threshold(low)
        board.leak_na = 600_000

    board.set_threshold = leaks
    assert bench.proof() == "over_current"


@pytest.mark.req("S-02", "S-15", "S-20")
@pytest.mark.parametrize("fault", [
    "comparator:dead", "comparator:+20%", "comparator:-20%", "threshold:high", "threshold:low",
    "latch:stuck", "latch:open", "latch:to_gates",
])  # fmt: skip
def test_the_simulated_wand_names_it_and_gives_nothing(fault):
    wand = Wand({"at_s": 1.9, "fault": fault}, HOLD, TOUCH)
    wand.until("fault", within_s=6)
    assert wand.fault == "comparator"
    assert wand.world.plant.skin_charge_c == 0.0


@pytest.mark.req("S-02", "S-15", "S-20")
@pytest.mark.parametrize("seed", range(1, 9))
def test_no_drawn_wand_is_blamed(seed):
    parts = Parts.random(seed)

    def draw(world):
        values = world.parts
        for name in ("r_b", "gain_b", "b_offset_v", "cmp_v", "cmp_low", "cmp_offset_v"):
            setattr(values, name, getattr(parts, name))
        world.plant.rebuild()

    wand = Wand(HOLD, prepare=draw)
    wand.until("contact", "fault", within_s=8)
    assert (wand.state, wand.fault) == ("contact", "")
    assert not (wand.world.plant.latched or wand.world.plant.threshold_low)


@pytest.mark.req("S-14", "S-15", "S-20")
def test_what_ends_the_proof_at_the_trip_leaves_no_latch_for_the_next_start():
    """A charger comes in the very tick: the fault is the charger's, and gone with it."""
    wand = Wand(HOLD)
    wand.until("proving")
    while not wand.world.plant.latched:
        wand.tick()
    wand.world.vbus = True
    wand.until("fault", within_s=0.1)
    assert wand.fault == "vbus" and not wand.world.plant.threshold_low
    wand.world.vbus = False
    wand.run(0.5)
    wand.press(3.2)
    wand.until("ready", "fault")
    assert wand.state == "ready" and not wand.world.plant.latched


@pytest.mark.req("S-02", "S-15")
def test_the_chip_is_blind_to_the_latch_in_the_trial_alone_and_nothing_is_driven_then():
    bench = Bench()
    board = bench.board
    told = []

    def told_so(seen):
        told.append((seen, board.code, board.latched))
        board.sees = seen

    board.set_comparator = told_so
    assert bench.proof() == ""
    assert told == [(False, 0, True), (True, 0, False)]
    told.clear()
    selftest.restore(bench.output, board)
    assert [row[0] for row in told] == [True]
