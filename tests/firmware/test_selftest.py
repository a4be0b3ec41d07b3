"""Self-test and proof, step by step: each thing that can be wrong is named [S-15]."""

import pytest
from plain_board import PlainBoard

from firmware import faults, guard, selftest
from firmware.calibration import Calibration
from firmware.output import Output


class Bench:
    """An output on a plain board, and the test that runs on it."""

    def __init__(self, **broken):
        self.board = PlainBoard()
        for name in broken:
            assert hasattr(self.board, name), name
            setattr(self.board, name, broken[name])
        self.output = Output(self.board, Calibration())
        self.output.arm()
        self.at_tick = {}

    def tick(self):
        self.board.step()
        self.output.beat()

    def run(self, test, most=4000):
        """The fault bit at which the test ends. `at_tick`: what to do to the board when."""
        for count in range(most):
            if count in self.at_tick:
                self.at_tick[count](self.board)
            try:
                next(test)
            except StopIteration as stop:
                return stop.value
            self.tick()
            assert self.board.code * 13.897 <= 41_000, "more than a test needs"
        raise AssertionError("the test does not end")

    def self_test(self):
        return faults.name(self.run(selftest.self_test(self.output, self.board)))

    def proof(self, bridge=2):
        self.board.rail = True
        for _ in range(5):
            self.tick()
        return faults.name(self.run(selftest.proof(self.output, self.board, bridge)))


@pytest.mark.req("S-15")
def test_a_healthy_wand_passes_and_is_off_after_it():
    bench = Bench()
    assert bench.self_test() == ""
    assert not bench.board.gate() and bench.board.code == 0
    selftest.restore(bench.output, bench.board)
    assert not bench.board.dummy
    assert bench.board.switches == bench.board.feeds == (True, True)
    assert bench.output.request[guard.RQ_ARM] == 0


@pytest.mark.req("S-15", "S-09")
@pytest.mark.parametrize("bridge", [1, 2])
def test_the_proof_keeps_the_sessions_bridge(bridge):
    bench = Bench()
    assert bench.proof(bridge) == ""
    assert bench.board.bridge == bridge and not bench.board.gate()


@pytest.mark.req("S-15")
@pytest.mark.parametrize(
    "broken, name",
    [
        ({"adc_good": False}, "adc_config"),
        ({"adc_bits": 12}, "adc_config"),
        ({"bad_file": "firmware/guard.mpy is not as built"}, "files"),
        ({"rail_mv": 25_000}, "rail"),
        ({"rail_mv": 29_000}, "rail"),
        ({"frames_stand": True}, "rail"),
        ({"leak_na": 4000}, "zero_reading"),
        ({"dac_gain": 1.1}, "dac"),
        ({"dac_gain": 0.5}, "dac"),
        ({"echo": 1}, "dac"),
        ({"a_fast_gain": 1.3}, "precise_mismatch"),
        ({"b_gain": 1.3}, "sense_mismatch"),
        ({"dummy_ohm": 8_600}, "dummy_reading"),
        ({"dummy_ohm": 11_400}, "dummy_reading"),
        ({"dummy_ohm": None}, "dummy_reading"),
        ({"dummy_ohm": 1_000_000}, "dummy_reading"),
        ({"diode_mv": 0}, "limiting_diode"),
        ({"load_ohm": 20_000}, "dummy_reading"),
        ({"gate_shut": True}, "zero_reading"),
        ({"bleed_ohm": None}, "zero_reading"),
        ({"bleed_ohm": 65_000}, "dummy_reading"),
        ({"rset_open": True}, "sense_mismatch"),
        ({"m2_stuck": True}, "gate_m2"),
        ({"k1_stuck": True}, "gate_k1"),
        ({"dead_man_stuck": True}, "dead_man"),
        ({"monostable_stuck": True}, "monostable"),
    ],
)
def test_what_is_wrong_is_named(broken, name):
    bench = Bench(**broken)
    assert bench.self_test() == name


@pytest.mark.req("S-15")
@pytest.mark.parametrize(
    "broken, name",
    [
        ({"leak_na": 6000}, "zero_reading"),
        ({"echo": -1}, "dac"),
        ({"dummy_ohm": None}, "dummy_reading"),
        ({"dummy_ohm": 14_000}, "dummy_reading"),
        ({"dead_man_stuck": True}, "dead_man"),
        ({"rail_mv": 29_000}, "rail"),
        ({"rail_mv": 25_000}, "rail"),
        ({"diode_mv": 0}, "limiting_diode"),
        ({"rset_open": True}, "sense_mismatch"),
    ],
)
def test_what_is_wrong_is_named_by_the_proof(broken, name):
    bench = Bench()
    for key in broken:
        setattr(bench.board, key, broken[key])
    assert bench.proof() == name


@pytest.mark.req("S-15", "S-20")
@pytest.mark.parametrize("test, at_tick", [("self_test", 54), ("self_test", 71), ("proof", 5)])
def test_a_trip_of_the_guard_is_the_answer(test, at_tick):
    """In both ramps and in the look for a person: not "the dummy is missing"."""
    bench = Bench()

    def leak(board):
        assert (board.code > 0) == (test == "self_test")
        board.leak_na = 600_000

    bench.at_tick[at_tick] = leak
    assert getattr(bench, test)() == "over_current"


@pytest.mark.req("S-15")
@pytest.mark.parametrize("at_tick", [95, 125])
def test_a_dummy_that_falls_off_in_the_ramp(at_tick):
    """Below what trips the comparator when it is tried, and after that."""
    bench = Bench()

    def fall(board):
        assert board.code > 0
        board.dummy_ohm = None

    bench.at_tick[at_tick] = fall
    assert bench.proof() == "dummy_reading"


@pytest.mark.req("S-15", "S-01")
def test_what_the_limiter_refuses_ends_the_test():
    bench = Bench()
    bench.output.limiter.step = lambda *_: None
    ramp = selftest._flow(bench.output, bench.board, 10_000)
    assert faults.name(bench.run(ramp)) == "bad_request"
    assert not bench.board.gate()


@pytest.mark.req("S-15", "S-01")
def test_what_the_limiter_refuses_ends_the_trial_of_the_comparator():
    bench = Bench()
    limit = bench.output.limiter.step
    bench.output.limiter.step = lambda *args: None if bench.board.threshold_low else limit(*args)
    assert bench.proof() == "bad_request"


@pytest.mark.req("S-15")
@pytest.mark.parametrize(
    "after, broken, name",
    [
        ((True, False), {"echo": 1}, "dac"),
        ((False, True), {"gate_shut": True}, "zero_reading"),
    ],
)
def test_what_breaks_between_two_switches_is_named(after, broken, name):
    """Breaks as soon as the switches come back from the one tested alone."""
    bench = Bench()
    board = bench.board
    real = board.set_switches

    def watched(k1, m2):
        if board.switches == after:
            for key in broken:
                setattr(board, key, broken[key])
        real(k1, m2)

    board.set_switches = watched
    assert bench.self_test() == name


@pytest.mark.req("S-15")
def test_a_gate_that_shuts_with_the_dummy_in_is_named():
    bench = Bench()
    board = bench.board
    set_dummy = board.set_dummy

    def shuts(on):
        set_dummy(on)
        board.gate_shut = on

    board.set_dummy = shuts
    assert bench.self_test() == "dummy_reading"


@pytest.mark.req("S-15")
def test_a_code_that_is_lost_on_the_way_up_is_named():
    bench = Bench()
    board = bench.board
    read_dac = board.read_dac
    board.read_dac = lambda: read_dac() + (board.code * 13.897 > 15_000)
    assert bench.self_test() == "dac"


@pytest.mark.req("S-15")
def test_a_ramp_that_does_not_end_is_named():
    bench = Bench()
    drive = bench.output.drive  # comes to no more than 5 µA
    bench.output.drive = lambda target_na, dt_ms: drive(min(target_na, 5_000), dt_ms)
    assert bench.self_test() == "dummy_reading"


@pytest.mark.req("S-15")
def test_a_dac_that_gives_nothing_is_named():
    assert Bench(dac_gain=0.0).self_test() == "dummy_reading"


@pytest.mark.req("S-15")
def test_two_points_that_are_one_are_no_reading():
    low = [21_000, 21_000, 210, 1000, 21_000, 21_000, 0]
    test = [22_000, 22_000, 220, 1017, 22_000, 22_000, 0]
    assert selftest._readings(low, test, 0) == faults.DAC


@pytest.mark.req("S-15", "S-20")
@pytest.mark.parametrize("dead_man", [True, False])
def test_a_gate_that_is_shut_before_it_should_fall_is_no_proof_that_it_falls(dead_man):
    bench = Bench()
    falls = selftest._falls(bench.output, bench.board, dead_man)
    assert faults.name(bench.run(falls)) == "dummy_reading"


@pytest.mark.req("S-15", "S-23")
@pytest.mark.parametrize("stuck, ohm, name", [
    (0, 8_000, "dummy_reading"), (1, 8_000, "bridge_sign"), (2, 8_000, "bridge_sign"),
    (2, 10_000, "bridge_sign"),
])  # fmt: skip
def test_a_dummy_that_reads_like_its_diode_is_no_bridge_that_stands(stuck, ohm, name):
    bench = Bench()
    bench.board.bridge_stuck = stuck
    bench.board.dummy_ohm = ohm
    assert bench.proof(1) == name


@pytest.mark.req("S-15", "S-23")
@pytest.mark.parametrize("broken, name", [
    ({"echo": 1}, "dac"), ({"bleed_ohm": None}, "zero_reading"),
])  # fmt: skip
def test_what_breaks_while_the_bridge_is_tried_has_its_own_name(broken, name):
    bench = Bench()
    board = bench.board
    board.dummy_ohm = 8_000
    set_bridge = board.set_bridge

    def turned(position):
        set_bridge(position)
        if position == 2:
            for key in broken:
                setattr(board, key, broken[key])

    board.set_bridge = turned
    assert bench.proof(1) == name


def test_nothing_that_flows_makes_no_reading():
    assert selftest._ohm(5, 9) == selftest._ohm(5, -100) == 0 and selftest._ohm(5, 10) > 0


@pytest.mark.req("S-15", "S-21", "P-07")
def test_the_bleed_is_learned_by_the_first_proof_and_no_other():
    """Roughly seen at power-on, which has little time; closely before the first session."""
    bench = Bench(bleed_ohm=49_000)
    output = bench.output
    took_ms = []
    for count in range(3):
        since_ms = bench.board.ticks_ms()
        if count == 0:
            test = selftest.self_test(output, bench.board)
        else:
            test = selftest.proof(output, bench.board, 1)
        assert bench.run(test) == 0
        took_ms.append(bench.board.ticks_ms() - since_ms)
        selftest.restore(output, bench.board)
        assert output.open_learned is (count > 0)
        assert output.open_ohm == pytest.approx(49_000, rel=0.02)
        for _ in range(5):
            bench.tick()
    assert took_ms[1] - took_ms[2] > 200
    bench.run(selftest.self_test(output, bench.board))
    assert not output.open_learned


@pytest.mark.req("S-21", "S-22")
@pytest.mark.parametrize("ohm, name", [
    (45_500, ""), (43_500, "dummy_reading"), (38_500, "dummy_reading"),
])  # fmt: skip
def test_gel_that_has_come_since_power_on_is_not_learned(ohm, name):
    """Within 12 % by the current that is added, within 8 by what was read at power-on, and what
    the dummy reads beside it goes by it too: 4 %."""
    bench = Bench()
    bench.self_test()
    selftest.restore(bench.output, bench.board)
    bench.board.bleed_ohm = ohm
    assert bench.proof(1) == name


@pytest.mark.req("S-15", "S-03", "F-08")
@pytest.mark.parametrize("broken, name", [
    ({"dac_gain": 1.05}, "dac"), ({"dac_gain": 0.95}, "dac"), ({"dac_gain": 0.985}, ""),
    ({"dummy_ohm": 9_500}, "dummy_reading"), ({"dummy_ohm": 10_500}, "dummy_reading"),
    ({"dummy_ohm": 9_900}, ""), ({"dummy_ohm": 10_280}, ""),
])  # fmt: skip
def test_what_makes_a_dose_wrong_by_five_percent_is_named(broken, name):
    """Converter against DAC, and R_SET against the dummy: each says what the other should be."""
    bench = Bench()
    for key in broken:
        setattr(bench.board, key, broken[key])
    assert bench.proof(1) == name


@pytest.mark.req("S-15", "S-03")
@pytest.mark.parametrize("dac_gain", [0.95, 1.05])
def test_a_gain_that_is_off_is_named_at_power_on(dac_gain):
    assert Bench(dac_gain=dac_gain).self_test() == "dac"


@pytest.mark.req("S-23", "S-22")
@pytest.mark.parametrize("held_mv, name", [(0, "dummy_reading"), (113, "dummy_reading"),
                                           (169, "dummy_reading")])  # fmt: skip
def test_skin_that_holds_what_the_bleed_reads_is_not_taken_for_nothing(held_mv, name):
    """At one current or at the other."""
    bench = Bench(load_ohm=20_000, emf_mv=held_mv)
    bench.board.rail = True
    for _ in range(5):
        bench.tick()
    assert bench.output.set_bridge(1)
    gone = selftest._gone(bench.output, bench.board)
    assert faults.name(bench.run(gone)) == name


def lets_go(at_tick, ohm=200_000):
    """A bench at whose electrodes somebody holds `ohm`, until that tick of a test."""
    bench = Bench()
    bench.board.load_ohm = ohm
    bench.at_tick[at_tick] = lambda board: setattr(board, "load_ohm", None)
    return bench


@pytest.mark.req("S-15", "F-03")
@pytest.mark.parametrize("at_tick", range(10, 130, 3))
def test_who_lets_go_in_the_middle_of_a_test_is_no_fault(at_tick):
    """Skin of 200 kΩ is a quarter of the bleed's current: taken for the bleed, it was missed
    when it had gone, and the dummy with it."""
    assert lets_go(at_tick).self_test() == ""
    assert lets_go(at_tick).proof() == ""
