"""Hostile arguments of every call that a host may make: one line, and nothing changed [R-07]."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "firmware")]

from test_ticks import PlainWand  # noqa: E402

from firmware import app, calibration, console, service  # noqa: E402


@pytest.fixture(scope="module")
def wand():
    return PlainWand().until("ready")


@pytest.fixture(autouse=True)
def interrupted(wand, monkeypatch):
    """As Ctrl-C leaves it."""
    monkeypatch.setattr(app.App, "running", wand.app)


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9),
              st.binary(max_size=200)),
    lambda inner: st.one_of(st.lists(inner, max_size=9), st.lists(inner, max_size=9).map(tuple),
                            st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=9,
)  # fmt: skip
GOOD = calibration.NOMINAL
NEARLY = st.builds(lambda at, odd: GOOD[:at] + (odd,) + GOOD[at + 1 :],
                   st.integers(0, 7), ANYTHING)  # fmt: skip
CALLS = st.one_of(
    st.tuples(st.just("set_calibration"), ANYTHING | NEARLY),
    st.tuples(st.just("sweep"), st.just(4700) | ANYTHING, st.just((1,)) | ANYTHING,
              st.just((50,)) | ANYTHING, st.none()),
    st.tuples(st.just("set_catalogue"), st.just("board"), ANYTHING),
    st.tuples(st.just("session"), st.just("board"), ANYTHING),
)  # fmt: skip


@pytest.mark.req("R-07", "F-13", "S-01")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=CALLS)
def test_the_console_refuses_in_one_line_and_changes_nothing(wand, call):
    name, *arguments = call
    arguments = [wand.board if one == "board" else one for one in arguments]
    before = dict(wand.board.files)
    try:
        given_back = getattr(console, name)(*arguments)
    except ValueError as error:
        assert str(error) and "\n" not in str(error)
        assert wand.board.files == before
    else:  # what the wand may use after all
        assert given_back is None and name in ("set_calibration", "session")
        assert name == "session" or calibration.check(arguments[0]) is None
    assert not wand.board.gate() and wand.board.code == 0
    wand.board.files = before


@pytest.mark.req("R-07", "F-13", "S-14")
def test_even_a_good_sweep_needs_the_cable(wand):
    """Why the calls above may be good by chance: nothing flows without cable and button."""
    service.check_sweep(4700, (1,), (50,))
    with pytest.raises(ValueError, match="unplugged"):
        console.sweep(4700, (1,), (50,), None)
    assert wand.named == [] and not wand.board.armed
