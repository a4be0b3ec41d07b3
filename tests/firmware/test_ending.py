"""How a session ends, and when what stays of it goes to the flash."""

import pytest
from plain_board import PlainBoard

from firmware import blackbox, faults, logbook, products, store
from firmware import treatment as t
from firmware.calibration import Calibration
from firmware.ending import Ending
from firmware.guard import RQ_ARM, RQ_BRIDGE
from firmware.output import Output
from firmware.rest import Rest


class Bench:
    """A session under current through 20 kΩ."""

    def __init__(self):
        self.board = PlainBoard()
        self.board.rail = True
        self.board.load_ohm = 20_000
        self.faults = faults.Faults()
        self.output = Output(self.board, Calibration())
        self.treatment = t.Treatment(self.output)
        self.logbook = logbook.Logbook(self.board)
        self.rest = Rest()
        self.blackbox = blackbox.BlackBox()
        self.ending = Ending(
            self.board, self.treatment, self.output, self.faults, self.logbook, self.rest,
            self.blackbox,
        )  # fmt: skip
        self.treatment.begin(products.DEFAULT[0])
        self.ending.begin(products.DEFAULT[0], 3900)
        self.output.arm()
        self.run(3)
        assert self.output.set_bridge(1)
        self.output.start()
        self.run(50, 100_000)
        assert self.board.gate()

    def run(self, ticks, target_na=None):
        for _ in range(ticks):
            self.output.beat()
            if target_na is not None:
                self.output.drive(target_na, 5)
            self.board.step()

    def kept(self):
        """Sessions in the journal, as a wand that starts now finds them."""
        ring = logbook.Logbook(self.board).ring
        return [ring.session(number) for number in range(1, ring.last + 1)]


@pytest.mark.req("S-12", "F-11")
def test_an_end_is_off_and_says_why():
    bench = Bench()
    bench.board.set_dummy(True)
    bench.ending.end(t.STOPPED, 3700)
    assert not bench.output.on and bench.output.request[RQ_ARM] == 0
    assert not bench.board.armed and not bench.board.dummy
    assert t.ENDS[bench.treatment.end] == "stopped" and bench.logbook.pending


@pytest.mark.req("S-13", "F-11")
def test_nothing_is_kept_before_the_output_is_off_and_quiet():
    bench = Bench()
    bench.faults.latch(faults.DAC)
    files = dict(bench.board.files)
    assert not bench.ending.settle(60_000)
    bench.ending.end(t.FAULT, 3700)
    assert not bench.ending.settle(0)
    bench.run(1)
    assert not bench.ending.settle(0)  # quiet is no current for 5 ms, and these aren't over
    assert bench.board.files == files and bench.output.request[RQ_BRIDGE] == 1
    bench.run(2)
    assert bench.ending.settle(0)
    assert bench.output.request[RQ_BRIDGE] == 0 and bench.board.bridge == 0
    assert store.load_faults(bench.board) == (faults.DAC, faults.DAC)
    (session,) = bench.kept()
    assert (session["end"], session["faults"], session["battery_end_mv"]) == (
        "fault", faults.DAC, 3700,
    )  # fmt: skip
    assert not bench.ending.settle(60_000) and len(bench.kept()) == 1


@pytest.mark.req("F-11", "S-20")
@pytest.mark.parametrize("idle_ms, written", [(1999, False), (2000, True)])
def test_a_noise_that_never_ends_does_not_cost_the_journal(idle_ms, written):
    bench = Bench()
    bench.board.leak_na = 30_000
    bench.ending.end(t.FAULT, 3700)
    bench.run(100)
    assert not bench.output.quiet
    assert bench.ending.settle(idle_ms) is written
    assert len(bench.kept()) == written
    assert bench.output.request[RQ_BRIDGE] == 1, "the bridge moves without current only"


@pytest.mark.req("S-20")
@pytest.mark.parametrize("bits, kept", [
    (faults.I2C, 0), (faults.DAC, faults.DAC), (faults.I2C | faults.DAC, faults.I2C | faults.DAC),
])  # fmt: skip
def test_what_only_service_clears_is_kept(bits, kept):
    bench = Bench()
    bench.faults.latch(bits)
    bench.ending.end(t.FAULT, 3700)
    bench.run(3)
    bench.ending.settle(0)
    assert store.load_faults(bench.board)[0] == kept


@pytest.mark.req("S-13")
def test_a_gate_that_does_not_fall_keeps_the_flash_untouched():
    bench = Bench()
    bench.ending.end(t.STOPPED, 3700)
    bench.run(3)
    bench.board.gate = lambda: True
    assert not bench.ending.settle(60_000) and bench.kept() == []
    del bench.board.gate
    bench.output.on = True
    assert not bench.ending.settle(60_000) and bench.kept() == []
    bench.output.on = False
    assert bench.ending.settle(0) and len(bench.kept()) == 1


@pytest.mark.req("S-20", "F-11")
def test_a_journal_that_cannot_be_written_is_a_fault_and_is_tried_once():
    bench = Bench()
    bench.ending.end(t.STOPPED, 3700)
    bench.run(3)
    bench.board.writes_fail = True
    assert bench.ending.settle(0)
    assert faults.names(bench.faults.bits) == ["files"]
    bench.board.writes_fail = False
    assert not bench.ending.settle(0) and bench.kept() == []


@pytest.mark.req("S-20")
def test_a_fault_that_cannot_be_kept_is_one_more_and_the_first_stays():
    bench = Bench()
    bench.ending.end(t.STOPPED, 3700)
    bench.run(3)
    assert bench.ending.settle(0)
    bench.faults.latch(faults.DAC)
    bench.board.writes_fail = True
    assert not bench.ending.settle(0)
    assert faults.names(bench.faults.bits) == ["dac", "files"] and bench.faults.first == faults.DAC
