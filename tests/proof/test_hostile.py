"""Hostile input to the wand itself: records, converters, button, clock [R-07].

Whatever comes in, no exception escapes a step of the tick, no current is asked for that no person
may have, what is wrong has a name, and what is refused changes nothing. Values and files that
have a reader of their own are fuzzed beside it; here they meet the whole wand.
"""

import copy
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "firmware")]

from test_ticks import PlainWand  # noqa: E402

from firmware import (  # noqa: E402
    app,
    calibration,
    gestures,
    limits,
    products,
    records,
    ring,
    store,
)

FEW = settings(max_examples=60)
KINDS = (records.CALIBRATION, records.CATALOGUE, records.SESSION, records.CHOICE, records.FAULTS,
         records.PATCHED, records.SEGMENT)  # fmt: skip
NAMES = [name + copy for name in ("calibration", "catalogue", "choice", "faults", "patched")
         for copy in (".a", ".b")] + [ring.SPARE, "journal.00", "journal.67"]  # fmt: skip
DAMAGED = (("calibration", records.CALIBRATION, "calibration"),
           ("catalogue", records.CATALOGUE, "catalogue"),
           ("faults", records.FAULTS, "files"))  # fmt: skip
STATES = ("ready", "contact", "ramping", "treating", "lifted", "stopping")
HIGHEST_CODE = 500_000_000 // (calibration.NOMINAL[0] - 1)  # S-01, rounded up


@pytest.fixture(scope="module")
def wands():
    """A wand in each state in which it looks at what comes in."""
    found = {"ready": PlainWand().until("ready"), "contact": PlainWand().search()}
    treating = found["treating"] = PlainWand().treat()
    found["ramping"] = copy.deepcopy(found["contact"])
    found["ramping"].board.load_ohm = 12_000
    found["ramping"].until("ramping")
    for state in ("lifted", "stopping"):
        found[state] = copy.deepcopy(treating)
    found["lifted"].board.load_ohm = None
    found["lifted"].until("lifted")
    found["stopping"].board.is_pressed = True
    found["stopping"].until("stopping")
    for state, wand in found.items():
        assert wand.state == state and wand.named == []
    return found


def watched(wand):
    """Exceptions that a step of this wand raises go to the list that this gives."""
    escaped = []
    step = wand.app._step

    def watching(dt_ms):
        try:
            step(dt_ms)
        except Exception as error:
            escaped.append(error)
            raise

    wand.app._step = watching
    return escaped


def judge(wand, escaped):
    assert escaped == []
    assert wand.board.code <= HIGHEST_CODE
    assert wand.app.output.regulator.setpoint_na <= 1000 * limits.SETPOINT_MAX_UA
    if wand.app.faults.bits:
        assert wand.named and not wand.board.gate() and wand.board.code == 0
    assert (wand.state == "fault") == bool(wand.named)


# --- what lies on the flash ---
PAYLOADS = st.one_of(
    st.binary(max_size=60),
    st.binary(min_size=8, max_size=8),  # as long as faults
    st.binary(min_size=188, max_size=188),  # as long as a product
    st.just(products.pack(products.DEFAULT)),
    st.just(calibration.Calibration(b"RESISTOR", calibration.NOMINAL).pack()),
)
FRAMED = st.builds(
    records.pack, st.sampled_from(KINDS), st.integers(0, 255),
    st.sampled_from((0, 1, 2, records.SEQUENCE_MAX)), PAYLOADS,
)  # fmt: skip


@st.composite
def scratched(draw):
    data = bytearray(draw(FRAMED))
    for at in draw(st.lists(st.integers(0, len(data) - 1), max_size=3)):
        data[at] ^= draw(st.integers(1, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@pytest.mark.req("R-07", "S-17", "S-20")
@FEW
@given(files=st.dictionaries(st.sampled_from(NAMES), st.one_of(FRAMED, scratched())))
def test_a_wand_starts_on_any_flash_and_names_what_is_damaged(files):
    wand = PlainWand()
    wand.board.files.update(files)
    before = dict(wand.board.files)
    expected = (store.load_calibration(wand.board)[1] | store.load_catalogue(wand.board)[1]
                | store.load_faults(wand.board)[0])  # fmt: skip
    wand.app = app.App(wand.board)
    escaped = watched(wand)
    wand.app.turn()
    wand.app.turn()
    judge(wand, escaped)
    assert wand.app.faults.bits == expected
    for name, kind, named in DAMAGED:
        copies = [before.get(name + ".a"), before.get(name + ".b")]
        if None not in copies and records.pick(*copies, kind) is None:
            assert named in wand.named
    assert not wand.board.armed or not expected
    # A start repairs the journal's segment from its spare, and touches nothing else.
    changed = {name for name, data in wand.board.files.items() if before.get(name) != data}
    assert all(name.startswith("journal.") for name in changed) or expected


# --- what the converters say ---
CODES = st.one_of(st.sampled_from((0, 1, -1, 32767, -32768, 2**30 - 1, -(2**30))),
                  st.integers(-32768, 32767))  # fmt: skip
SAMPLES = st.one_of(st.sampled_from((0, 4095, 65535)), st.integers(0, 4095))


@pytest.mark.req("R-07", "R-08", "S-01", "S-20")
@pytest.mark.parametrize("state", STATES)
@settings(max_examples=50)
@given(readings=st.lists(st.tuples(st.lists(CODES, min_size=4, max_size=4),
                                   st.none() | st.lists(SAMPLES, min_size=4, max_size=4)),
                         min_size=1, max_size=6),
       numbers=st.lists(st.integers(-(2**30), 2**30 - 1), min_size=6, max_size=6))  # fmt: skip
def test_converters_may_say_anything(wands, state, readings, numbers):
    wand = copy.deepcopy(wands[state])
    escaped = watched(wand)
    circuit = wand.board._circuit
    for (frame, samples), number in zip(readings, numbers):

        def hostile(frame=frame, samples=samples, number=number):
            circuit()
            wand.board.precise[0] = number
            wand.board.precise[1:] = type(wand.board.precise)("i", frame)
            if samples is not None:
                wand.board.samples[:] = type(wand.board.samples)("H", samples * 4)

        wand.board._circuit = hostile
        wand.run(0.01)
        judge(wand, escaped)
    assert all(-(2**30) <= value < 2**30 for value in wand.app.output.snapshot)


# --- button and clock ---
LEVELS = st.lists(
    st.tuples(st.booleans(), st.one_of(st.sampled_from((0, 5, 20, 799, 1500, 60_000, -1, 2**40)),
                                       st.integers(0, 3000))),
    min_size=20, max_size=40,
)  # fmt: skip


@pytest.mark.req("R-07", "F-10", "S-18")
@given(levels=LEVELS)
def test_any_button_makes_gestures_in_their_order(levels):
    button = gestures.Gestures()
    button.step(False, 5)
    press, down_ms = [], 0
    for raw, dt_ms in levels:
        seen = button.step(raw, dt_ms)
        down_ms += dt_ms if 0 <= dt_ms <= 60_000 else 0
        assert 0 <= button.held_ms <= min(down_ms, 60_000 + gestures.DEBOUNCE_MS)
        if seen == gestures.PRESS_EDGE:
            press = []
        if seen:
            press.append(seen)
        if not button.pressed:
            down_ms = down_ms if raw else 0
        if seen == gestures.HOLD:
            assert button.held_ms >= 1500 and press == [gestures.PRESS_EDGE, gestures.HOLD]
        elif seen == gestures.ACK:
            assert button.held_ms >= 3000 and press[-2:] == [gestures.HOLD, gestures.ACK]
        elif seen in (gestures.SHORT, gestures.RELEASE):
            assert not button.pressed and press[0] == gestures.PRESS_EDGE
            assert seen == gestures.RELEASE or len(press) == 2


@pytest.mark.req("R-07", "S-18", "S-12")
@pytest.mark.parametrize("state", ["ready", "ramping", "treating", "lifted"])
@settings(max_examples=25)
@given(levels=st.lists(st.tuples(st.booleans(), st.integers(0, 2**30 - 1)), max_size=12))
def test_any_button_and_a_clock_that_jumps(wands, state, levels):
    wand = copy.deepcopy(wands[state])
    escaped = watched(wand)
    for pressed, now_ms in levels:
        wand.board.is_pressed = pressed
        wand.board.step()
        wand.app.tick(now_ms)
        judge(wand, escaped)
    if wand.state in STATES[1:-1]:  # still armed and not ending, whatever came before
        wand.board.is_pressed = False
        wand.run(0.05)
        wand.press(0.1)
        assert wand.state in ("stopping", "done", "fault")
