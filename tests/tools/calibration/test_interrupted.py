"""Ctrl-C, a lost cable and lost power in every step of the bench, in one process.

Calls that a procedure makes are ended one by one: the wand is off, and has the calibration it had
or the new one. Through mpremote and a PTY:
test_bench_commands.py; at every byte of a record: tests/proof/test_power_cut.py.
"""

import os

import pytest
from test_procedure import Direct

from firmware import app, calibration, faults, store
from hal.sim.board import SimBoard
from ionwand.calibration import procedure
from ionwand.errors import RunFailed

# A person, a cable, a meter, at the first call of each kind; half a calibration takes seconds, so
# that those after it are slow tests. Three loads of three points make 5 connections, 48 readings.
STOPS = [
    ("status", 1, RunFailed), ("connect", 1, KeyboardInterrupt), ("hold", 1, KeyboardInterrupt),
    ("read_na", 1, KeyboardInterrupt), ("read_na", 5, RunFailed), ("released", 1, RunFailed),
]  # fmt: skip
LATE = [
    ("status", 2, RunFailed), ("hold", 4, KeyboardInterrupt), ("read_na", 25, KeyboardInterrupt),
    ("connect", 4, KeyboardInterrupt), ("read_na", 48, RunFailed), ("open", 1, KeyboardInterrupt),
    ("clear_faults", 1, RunFailed),
]  # fmt: skip
if os.environ.get("IONWAND_SLOW"):
    STOPS += [
        ("connect", 3, RunFailed), ("agree", 1, KeyboardInterrupt),
        ("set_calibration", 1, RunFailed), *LATE,
    ]  # fmt: skip
CLEAR = ("open", "hold", "clear_faults")


class Stopped(Direct):
    """`what`, called for the `turn`-th time, ends with `why`; it is counted all the same."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.written = None
        self.what = self.turn = self.why = None
        for name in ("status", "connect", "hold", "read_na", "released", "agree", "open"):
            setattr(self, name, self._watched(name, getattr(self, name)))
        self._plain = super().call

    def call(self, function, *arguments):
        done = self._watched(function, lambda *given: self._plain(function, *given))(*arguments)
        if function == "set_calibration":
            self.written = tuple(arguments[0])
        return done

    def stop(self, what, turn=None, why=KeyboardInterrupt):
        self.count, self.what, self.turn, self.why = 0, what, turn, why

    def _watched(self, name, work):
        def go(*arguments):
            if name == self.what:
                self.count += 1
                if self.count == self.turn:
                    raise self.why("stopped here")
            return work(*arguments)

        return go


def clear(wand):
    wand.call("set_calibration", calibration.NOMINAL)
    store.save_faults(wand.board, faults.DAC, faults.DAC)
    procedure.clear(wand, wand, lambda line: None)


@pytest.mark.req("S-12", "R-06")
@pytest.mark.parametrize("what, turn, why", STOPS)
def test_a_calibration_stopped_anywhere_is_the_old_or_the_new_one(what, turn, why):
    wand = Stopped()
    wand.stop(what, turn, why)
    with pytest.raises(why):
        wand.calibrate()
    assert wand.count == turn and wand.off
    assert wand.stored == (wand.written or calibration.NOMINAL)
    assert bool(wand.written) == ((what, turn, why) in LATE)


@pytest.mark.req("S-12", "S-20", "R-06")
@pytest.mark.parametrize("what", CLEAR)
def test_service_stopped_anywhere_leaves_the_faults(what):
    wand = Stopped()
    wand.stop(what, 1)
    with pytest.raises(KeyboardInterrupt):
        clear(wand)
    assert wand.off and wand.stored == calibration.NOMINAL
    assert store.load_faults(wand.board)[0] & faults.DAC
    wand.stop(None)
    clear(wand)
    assert not store.load_faults(wand.board)[0]


class PowerLost(BaseException):
    pass


@pytest.mark.req("R-06")
@pytest.mark.parametrize("what", ["set_calibration", "undo_calibration"])
def test_power_lost_at_each_write_leaves_the_old_or_the_new(what):
    """Before, within and after each file that writing and undoing touch."""
    old, changed = calibration.NOMINAL, (13_898, *calibration.NOMINAL[1:])
    given = (changed,) if what == "set_calibration" else ()
    cuts = 0
    for write in range(20):
        for part in (0, 0.5, 1):
            wand = Direct()
            wand.call("set_calibration", changed)
            wand.call("set_calibration", old)
            plain = wand.board.write
            left = [write]

            def cut(name, content, plain=plain, left=left, part=part):
                if left[0] == 0:
                    if part:
                        plain(name, content[: int(len(content) * part)])
                    raise PowerLost
                left[0] -= 1
                plain(name, content)

            wand.board.write = cut
            try:
                wand.call(what, *given)
            except PowerLost:
                cuts += 1
            again = app.App(SimBoard(wand.world)).board
            kept, damaged = store.load_calibration(again)
            assert not damaged and kept.values in (old, changed), (write, part)
        if left[0]:
            break
    else:
        raise AssertionError("it writes for ever")
    assert cuts >= 6 and kept.values == changed
