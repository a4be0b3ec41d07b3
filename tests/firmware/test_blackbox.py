"""The black box: 2 s before and half a second after a fault, the last eight of them."""

import pytest
from plain_board import PlainBoard
from test_ending import Bench

from firmware import blackbox, console, faults, products, records
from firmware import session as s
from firmware import treatment as t
from firmware.blackbox import AFTER, BEFORE, KEPT, BlackBox


class Seen:
    """An output with numbers to tell the rows by."""

    class limiter:
        setpoint_na = 0

    class measurement:
        a_na = 0
        load_mv = 0

    def __init__(self):
        self.snapshot = [0] * 40
        self.fresh = False

    def at(self, row):
        self.snapshot[blackbox.SN_A_UA] = row % 2000
        self.snapshot[blackbox.SN_B_UA] = row
        self.snapshot[blackbox.SN_FEED] = row & 1
        self.snapshot[blackbox.SN_LIFTED] = row >> 1 & 1
        self.fresh = bool(row & 4)
        self.limiter.setpoint_na = row * 10
        self.measurement.a_na = -5
        self.measurement.load_mv = 70_000
        return self


def recorded(before, after=AFTER, dt_ms=5):
    box, seen = BlackBox(), Seen()
    box.begin(products.DEFAULT[0])
    for row in range(before):
        box.step(s.TREATING, 0xFF8040, seen.at(row), dt_ms)
    seen.snapshot[blackbox.SN_TRIP_A_UA] = 770
    box.mark(faults.COMPARATOR | faults.OVER_CURRENT, faults.COMPARATOR, seen.snapshot)
    for row in range(before, before + after):
        box.step(s.FAULT, 0, seen.at(row), dt_ms)
    return box


@pytest.mark.req("F-11")
@pytest.mark.parametrize("before", [0, 3, 399, 400, 401, 1234, 5000])
def test_two_seconds_before_and_half_a_second_after(before):
    box, board = recorded(before), PlainBoard()
    assert box.pending
    box.write(board, 17)
    assert not box.pending and blackbox.sequences(board.read) == [1]
    found = blackbox.unpack(blackbox.load(board.read, 1))
    count = min(before, BEFORE)
    assert len(found["rows"]) == count + AFTER and found["fault_row"] == count
    assert [row[3] for row in found["rows"]] == list(range(before - count, before + AFTER))
    assert (found["session"], found["product"]) == (17, "vitamin-c")
    assert found["first_fault"] == faults.COMPARATOR and found["since_arming_ms"] == 5 * before
    assert found["trip"] == (770, 0, 0)
    for row in found["rows"][:count]:
        number = row[3]
        assert row[0] >> 8 & 31 == s.TREATING and row[0] & 0xFF == 0xF1
        assert row[0] >> 15 == number & 1 and row[0] >> 14 & 1 == number >> 1 & 1
        assert row[0] >> 13 & 1 == number >> 2 & 1
        assert row[1] == number and row[2] == 5 << 11 | number % 2000
        assert row[5] == 0 and row[6] == 0xFFFF


@pytest.mark.req("F-11")
def test_what_ends_well_leaves_nothing():
    box, seen, board = BlackBox(), Seen(), PlainBoard()
    box.step(s.READY, 0, seen.at(1), 5)
    box.mark(1, 1, seen.snapshot)
    assert not box.pending
    box.begin(products.DEFAULT[0])
    box.step(s.TREATING, 0, seen.at(1), 5)
    box.drop()
    for _ in range(2 * AFTER):
        box.step(s.DONE, 0, seen.at(1), 5)
    assert not box.pending and blackbox.sequences(board.read) == []
    # A fault's box is not dropped by what comes after it, nor marked a second time.
    box = recorded(10, 5)
    box.drop()
    box.mark(2, 2, seen.snapshot)
    for row in range(AFTER):
        box.step(s.FAULT, 0, seen.at(row), 40)
    assert box.pending
    box.write(board, 1)
    found = blackbox.unpack(blackbox.load(board.read, 1))
    assert found["first_fault"] == faults.COMPARATOR and found["rows"][-1][2] >> 11 == 31


@pytest.mark.req("F-11", "R-06")
def test_the_last_eight_stay_at_every_cut_of_a_write():
    board = PlainBoard()
    for number in range(1, 21):
        before = dict(board.files)
        recorded(3).write(board, number)
        kept = blackbox.sequences(board.read)
        assert kept == list(range(max(1, number - KEPT + 1), number + 1))
        (name,) = [one for one in board.files if board.files[one] != before.get(one)]
        whole = board.files[name]
        for cut in (0, 1, 12, 49, len(whole) // 2, len(whole) - 1):
            board.files[name] = whole[:cut]
            old = blackbox.sequences(board.read)
            # What was shown before is there still, but for the slot that nobody was shown.
            assert old[-(KEPT - 1) :] == kept[:-1][-(KEPT - 1) :]
        board.files[name] = whole


@pytest.mark.req("R-07")
def test_hostile_files_are_no_boxes():
    board = PlainBoard()
    recorded(3).write(board, 1)
    payload = blackbox.load(board.read, 1)
    for bad in (b"", payload[:20], payload[:-1], payload + b"\x00"):
        assert blackbox.unpack(bad) is None
    board.files["blackbox.1"] = records.pack(records.BLACKBOX, blackbox.VERSION + 1, 1, payload)
    assert blackbox.load(board.read, 1) is None
    board.files["blackbox.2"] = board.files["blackbox.1"]  # in a place that isn't its own
    assert blackbox.load(board.read, 2) is None and blackbox.sequences(board.read) == [1]
    with pytest.raises(ValueError, match="whole number"):
        console.blackbox_of(board, "1")
    assert console.blackboxes(board) == [1] and console.blackbox_of(board, 5) is None


@pytest.mark.req("F-11", "S-13")
def test_it_is_written_after_the_journal_with_the_output_off():
    bench = Bench()
    bench.blackbox.begin(products.DEFAULT[0])
    for _ in range(20):
        bench.blackbox.step(s.TREATING, 0, bench.output, 5)
    bench.faults.latch(faults.COMPARATOR)
    bench.ending.end(t.FAULT, 3800)
    for _ in range(60):
        bench.run(1)
        bench.blackbox.step(s.FAULT, 0, bench.output, 5)
        bench.ending.settle(0)
    assert len(bench.kept()) == 1 and console.blackboxes(bench.board) == []
    for _ in range(60):
        bench.run(1)
        bench.blackbox.step(s.FAULT, 0, bench.output, 5)
        assert bench.ending.settle(0) is False
    assert console.blackboxes(bench.board) == [1]
    assert blackbox.unpack(console.blackbox_of(bench.board, 1))["session"] == 1


@pytest.mark.req("F-11", "R-05")
@pytest.mark.parametrize("error", [OSError, MemoryError])
def test_one_that_can_not_be_written_is_lost_and_nothing_else(error):
    bench = Bench()
    bench.blackbox.begin(products.DEFAULT[0])
    bench.ending.end(t.FAULT, 3800)
    bench.run(40)
    assert bench.ending.settle(0) is True
    for _ in range(AFTER):
        bench.blackbox.step(s.FAULT, 0, bench.output, 5)

    def fails(*_):
        raise error

    bench.blackbox._pack = fails
    assert bench.ending.settle(0) is False and not bench.blackbox.pending
    assert bench.faults.bits == 0 and console.blackboxes(bench.board) == []
