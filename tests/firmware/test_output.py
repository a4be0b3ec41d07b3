"""The main loop's hand on the output, on a board of resistors."""

import pytest
from plain_board import PlainBoard

from firmware import faults, guard
from firmware.calibration import Calibration
from firmware.output import Output


class Bench:
    """Armed, bridge set, 20 kΩ between the electrodes."""

    def __init__(self):
        self.board = PlainBoard()
        self.board.rail = True
        self.board.load_ohm = 20_000
        self.output = Output(self.board, Calibration())
        self.output.arm()
        self.run(3)
        assert self.output.set_bridge(1)

    def run(self, ticks, target_na=None):
        for _ in range(ticks):
            self.output.beat()
            if target_na is not None:
                self.output.drive(target_na, 5)
            self.board.step()

    @property
    def found(self):
        return faults.names(self.output.found)


@pytest.mark.req("F-05", "S-08")
def test_current_as_asked_for():
    bench = Bench()
    bench.output.start()
    bench.run(1000, 250_000)
    assert abs(bench.output.measurement.load_na - 250_000) < 2000
    assert bench.output.flowing and not bench.output.trips and not bench.found
    bench.output.stop()
    assert not bench.board.gate() and bench.board.code == 0


@pytest.mark.req("S-19")
def test_a_converter_that_stands_still_is_found():
    bench = Bench()
    bench.board.frames_stand = True
    bench.run(10)
    assert bench.found == []
    bench.run(2)
    assert bench.found == ["i2c"]


@pytest.mark.req("S-20")
def test_a_gate_that_stays_shut_is_found():
    bench = Bench()
    bench.board.feeds = (True, True)
    bench.board.start_guard(lambda *_: 0, None, [0, 0])  # a guard that says nothing
    bench.output.start()
    bench.run(3)
    assert bench.found == []
    bench.run(1)
    assert bench.found == ["dead_man"]


@pytest.mark.req("S-20", "S-12")
def test_a_gate_that_stays_up_is_found():
    bench = Bench()
    shut = bench.board.gate
    bench.board.gate = lambda: True
    bench.run(3)
    bench.board.gate = shut  # for a moment: counted anew
    bench.run(1)
    bench.board.gate = lambda: True
    bench.run(3)
    assert bench.found == []
    bench.run(1)
    assert bench.found == ["dead_man"]
    bench.output.found = 0
    bench.output.start()
    assert bench.found == ["dead_man"]


@pytest.mark.req("S-20", "F-05")
def test_current_that_does_not_come_is_found():
    bench = Bench()
    bench.output.start()
    bench.run(400, 100_000)
    bench.board.dac_gain = 0.72
    bench.run(18, 100_000)
    assert bench.found == []
    bench.run(6, 100_000)
    assert bench.found == ["dac"]


@pytest.mark.req("S-01", "S-08", "S-20")
def test_a_dac_that_is_not_where_it_was_put_is_written_no_more():
    bench = Bench()
    bench.output.start()
    bench.run(400, 100_000)
    written = []
    bench.board.write_dac = written.append
    bench.board.dac_gain = 0.5
    bench.run(3, 100_000)
    assert bench.found == ["dac"] and not bench.output.on and written == []


@pytest.mark.req("S-09")
def test_the_bridge_stays_while_output_is_asked_for_flows_or_flowed():
    bench = Bench()
    bench.output.start()
    assert not bench.output.set_bridge(2)
    bench.run(200, 50_000)
    bench.output.stop()
    assert bench.output.flowing and not bench.output.set_bridge(2)
    bench.board.leak_na = 6000
    bench.run(3)
    assert not bench.output.flowing and not bench.output.set_bridge(2)
    assert bench.board.bridge == 1
    bench.board.leak_na = 0
    bench.run(3)
    assert bench.output.set_bridge(0)
    assert bench.board.bridge == bench.output.request[guard.RQ_BRIDGE] == 0


@pytest.mark.req("S-15", "S-08")
def test_a_dac_that_is_not_at_zero_opens_no_gate():
    bench = Bench()
    bench.board.zero_echo = 1
    with pytest.raises(OSError, match="zero"):
        bench.output.start()
    assert not bench.output.on and not bench.output.request[guard.RQ_OUTPUT]


@pytest.mark.req("S-01")
def test_what_the_limiter_refuses_is_a_cut():
    bench = Bench()
    bench.output.start()
    bench.run(100, 50_000)
    assert bench.board.gate()
    bench.output.limiter.step = lambda *_: None
    assert bench.output.drive(50_000, 5) == faults.BAD_REQUEST
    assert bench.found == ["bad_request"]
    assert not bench.board.gate() and bench.board.code == 0
    assert not bench.output.on


@pytest.mark.req("S-08")
def test_after_a_probe_the_ramp_begins_at_zero_with_the_gate_open():
    bench = Bench()
    bench.output.start()
    bench.run(200, 50_000)
    bench.output.restart()
    assert bench.board.code == bench.output.code == bench.output.limiter.setpoint_na == 0
    assert bench.output.on and bench.board.gate()
    bench.output.drive(50_000, 5)
    assert bench.output.limiter.setpoint_na <= 5 * 68


@pytest.mark.req("F-08")
def test_what_flows_is_measured_where_the_setpoint_is_far_from_it():
    output = Output(PlainBoard(), Calibration())
    output._moved_ms = 0
    output.regulator.setpoint_na = 250_000
    output.measurement.load_na = 100_000
    assert output.flow_na == 100_000


@pytest.mark.req("S-03")
@pytest.mark.parametrize("more_na, found", [(71_000, []), (75_000, ["precise_mismatch"])])
def test_one_frame_far_above_what_was_asked_for_is_enough(more_na, found):
    """The guard's own converter sees nothing of it: it stands still."""
    bench = Bench()
    bench.output.start()
    bench.run(1000, 250_000)
    bench.board.a_precise_na = more_na
    bench.run(1)
    bench.output.beat()
    assert bench.found == found
    assert bench.output.on is not bool(found)


@pytest.mark.req("S-03")
def test_a_frame_of_before_a_fall_is_no_more_than_was_asked_for():
    bench = Bench()
    bench.output.start()
    bench.run(1000, 100_000)
    bench.run(40, 0)
    assert bench.output.flowing and not bench.found
    bench.board.a_precise_na = 20_000  # but what stays up is
    bench.run(2)
    assert bench.found == ["precise_mismatch"]
