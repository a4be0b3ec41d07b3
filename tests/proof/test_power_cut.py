"""Power goes at every byte of every record that the wand writes [R-06].

After it the old or the new record is there, never a third; the wand starts with what is there,
and the same write succeeds. On two simple media byte by byte, and on littlefs itself, where the
chip's flash stops at each of its own operations and in the midst of them.
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "firmware")]

import flash  # noqa: E402
import power  # noqa: E402
from flash import Wand  # noqa: E402
from plain_board import BOARD_ID  # noqa: E402

from firmware import (  # noqa: E402
    app,
    calibration,
    console,
    faults,
    journal,
    logbook,
    products,
    records,
    ring,
    store,
)

OTHER = (13_800, 10, 62_000, -10, 1250, 1000, 500, 1270)
SHORT = products.DEFAULT[:2]
# What is read is judged at every byte of what is short. In the middle of a session's record, all
# under one checksum, one byte is like its neighbour: every 5th there, a start and a second write
# (which cost most) every 61st, both primes that fall on no field's border twice.
SLOW = os.environ.get("IONWAND_SLOW") == "1"
EDGE_BYTES = 40
STEP, START_STEP = (1, 16) if SLOW else (5, 61)


def catalogue_of(board):
    found, damaged = store.load_catalogue(board)
    return [entry.id for entry in found], damaged


def calibration_of(board):
    found, damaged = store.load_calibration(board)
    return found.values, damaged


def journal_of(board):
    """The newest sessions by number, and what they hold."""
    kept = ring.Ring(board.read, board.write)
    kept.open()
    numbers = list(kept.numbers())[-4:]
    return [(number, (kept.session(number) or {}).get("dose_uc")) for number in numbers]


def ended(dose_uc):
    record = journal.Record()
    record.begin(products.DEFAULT[0], 3900)
    for _ in range(30):
        record.sample(250, 249, 20_000)
    record.end("complete", dose_uc, 3000, 4000, 3800)
    return record


def append(board):
    kept = ring.Ring(board.read, board.write)
    kept.open()
    kept.append(ended(1000 + kept.last))


def undo(board):
    """The console's way to another calibration: the old one is kept beside it first."""
    loaded, _ = store.load_calibration(board)
    console._keep(board, console._UNDO, loaded)
    store.save_calibration(board, OTHER)


def undo_of(board):
    """Both records: the present calibration, and the one before."""
    status, _, _, payload = records.load(board.read, console._UNDO, records.CALIBRATION)
    before = calibration.unpack(payload, BOARD_ID)[0] if status == records.OK else None
    return calibration_of(board), before.values if before else status


# What is there before, the write, and how what is there then is read. More than one state in
# between is listed: two records are written one after the other.
WRITES = {
    "calibration": (
        lambda board: None,
        lambda board: store.save_calibration(board, OTHER), calibration_of, 0),
    "calibration, kept before": (
        lambda board: None, undo, undo_of, 1),
    "catalogue": (
        lambda board: console.set_catalogue(board, products.pack(products.DEFAULT[2:6])),
        lambda board: console.set_catalogue(board, products.pack(SHORT)), catalogue_of, 0),
    "first catalogue": (
        lambda board: None,
        lambda board: console.set_catalogue(board, products.pack(SHORT)), catalogue_of, 0),
    "choice": (
        lambda board: store.save_choice(board, products.DEFAULT[2]),
        lambda board: store.save_choice(board, products.DEFAULT[1]),
        lambda board: store.load_choice(board, products.DEFAULT), 0),
    "faults": (
        lambda board: None,
        lambda board: store.save_faults(board, faults.RAIL | faults.DAC, faults.DAC),
        store.load_faults, 0),
    "service": (
        lambda board: store.save_faults(board, faults.RAIL | faults.DAC, faults.DAC),
        lambda board: store.save_faults(board, 0, 0), store.load_faults, 0),
    "patch tests": (
        lambda board: logbook.save_patched(board, SHORT),
        lambda board: logbook.save_patched(board, products.DEFAULT[2:4],
                                           logbook.load_patched(board)),
        logbook.load_patched, 0),
    "first session": (lambda board: None, append, journal_of, 0),
    "fourth session, a new segment": (
        lambda board: [append(board) for _ in range(3)], append, journal_of, 0),
    "where the ring is full": (lambda board: full(board, ring.SLOTS - 1), append, journal_of, 0),
    "where the ring goes round": (lambda board: full(board, ring.SLOTS), append, journal_of, 0),
    "behind that": (lambda board: full(board, ring.SLOTS + 2), append, journal_of, 0),
}  # fmt: skip


def full(board, last):
    """A ring whose newest session is `last`; older ones only where they are looked at."""
    kept = ring.Ring(board.read, board.write)
    kept.last = last - 6
    for _ in range(6):
        kept.append(ended(1000 + kept.last))


def prepared(files, name):
    board = Wand(files)
    store.save_calibration(board, calibration.NOMINAL)
    WRITES[name][0](board)
    return board


def judge(files, name, allowed):
    """The wand starts with what there is, and the same write gives the new state."""
    _, write, look, _ = WRITES[name]
    board = Wand(files)
    wand = app.App(board)
    wand.tick(5)
    assert not wand.faults.bits & (faults.FILES | faults.CALIBRATION | faults.CATALOGUE)
    assert wand.logbook._opened and not wand.faults.bits & faults.INTERNAL
    before = look(board)
    assert before in allowed
    write(board)
    after = look(board)
    if look is journal_of:  # one more, behind those that were there
        assert after[:-1] == (before + after[-1:])[-4:-1]
        assert after[-1][0] == (before[-1][0] + 1 if before else 1) and after[-1][1]
    elif look is undo_of:  # what is kept is what was there just before
        assert after == (allowed[-1][0], before[0][0])
    else:
        assert after == allowed[-1]


def states(files, name):
    """The states that there may be: before, between two records, after."""
    _, write, look, between = WRITES[name]
    old = look(Wand(files))
    after = files.copy()
    board = Wand(after)
    write(board)
    new = look(board)
    assert old != new
    if between:
        assert name == "calibration, kept before"
        return [old, (old[0], new[1]), new]
    return [old, new]


def sweep(files, name, start=judge):
    """Cut the write at every byte; how many there were."""
    _, write, look, _ = WRITES[name]
    prepared(files, name)
    allowed = states(files, name)
    whole = Wand(files.copy())
    lengths = []
    whole.write = lambda name, data: (lengths.append(len(data)), whole.medium.write(name, data))
    write(whole)
    total = sum(lengths)
    seen = []
    for cut in range(total):
        if EDGE_BYTES < cut < total - EDGE_BYTES and total > 300 and cut % STEP:
            continue
        trial = files.copy()
        trial.cut_after(cut)
        with pytest.raises(power.PowerCut):
            write(Wand(trial))
        trial.cut_after(None)
        found = look(Wand(trial))
        assert found in allowed, cut
        seen.append(allowed.index(found))
        if cut % START_STEP == 0 or cut == total - 1:
            start(trial, name, allowed)
    assert seen == sorted(seen)  # never back from the new to the old
    assert look(whole) == allowed[-1]
    return total, set(seen)


@pytest.mark.req("R-06", "S-17", "S-20", "F-11")
@pytest.mark.parametrize("in_place", [False, True], ids=["truncated", "in place"])
@pytest.mark.parametrize("name", WRITES)
def test_at_every_byte(name, in_place):
    total, seen = sweep(power.Files(in_place), name)
    assert total > records.OVERHEAD_BYTES
    assert seen >= set(range(WRITES[name][3] + 1))  # whatever is there before the last byte


@pytest.mark.req("R-06", "S-17", "S-20", "F-11")
@pytest.mark.parametrize("name", WRITES)
def test_at_every_operation_of_the_flash(name):
    """littlefs as MicroPython has it: a file is replaced when it is closed, or it isn't."""
    files = flash.Files()
    board = prepared(files, name)
    allowed = states(files, name)
    seen = set()
    for count, trial in enumerate(files.cuts(lambda: WRITES[name][1](board))):
        found = WRITES[name][2](Wand(trial))
        assert found in allowed, count
        seen.add(allowed.index(found))
        if SLOW or count % 5 == 0:
            judge(trial, name, allowed)
    assert seen == set(range(len(allowed)))


@pytest.mark.req("R-06")
@pytest.mark.parametrize("in_place", [False, True], ids=["truncated", "in place"])
def test_a_third_state_would_be_seen(monkeypatch, in_place):
    """A record without its twin, as a careless hand might write it: the sweep refuses it."""
    monkeypatch.setattr(records, "load", lambda read, name, kind: (
        records.OK, calibration.VERSION, 0, read(name + ".a") or b""))  # fmt: skip
    monkeypatch.setattr(records, "save", lambda read, write, name, kind, version, payload: (
        write(name + ".a", payload)))  # fmt: skip
    with pytest.raises(AssertionError, match=r"^\d+\nassert .* in \["):
        sweep(power.Files(in_place), "service", start=lambda *_: None)
