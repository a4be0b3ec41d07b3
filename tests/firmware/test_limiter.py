"""The one gate before the DAC."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.limiter import Limiter
from firmware.limits import BOUNCE_NA_PER_MS, HOP_NA_PER_MS, RAMP_NA_PER_MS, SETPOINT_MAX_NA


@pytest.mark.req("S-01", "S-08")
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.integers(-(10**9), 10**9),
                st.floats(allow_nan=True),
                st.none(),
                st.text(max_size=3),
                st.booleans(),
            ),
            st.one_of(st.integers(-100, 1000), st.none(), st.just(math.nan)),
        ),
        max_size=50,
    )
)
def test_whatever_is_wished(wishes):
    limiter = Limiter()
    before_na = 0
    for wish_na, dt_ms in wishes:
        set_na = limiter.step(wish_na, dt_ms)
        if set_na is None:
            assert limiter.setpoint_na == 0
            before_na = 0
            continue
        assert type(set_na) is int and 0 <= set_na <= SETPOINT_MAX_NA
        assert set_na <= wish_na
        assert set_na - before_na <= RAMP_NA_PER_MS * min(dt_ms, 10)
        before_na = set_na


@pytest.mark.req("S-01")
@pytest.mark.parametrize(
    "wish_na", [-1, SETPOINT_MAX_NA + 1, math.nan, math.inf, -math.inf, "1", None, True, 1.0]
)
def test_refused_is_off(wish_na):
    limiter = Limiter()
    for _ in range(100):
        limiter.step(100_000, 5)
    assert limiter.step(wish_na, 5) is None
    assert limiter.setpoint_na == 0


@pytest.mark.req("S-08")
def test_highest_current_takes_its_seven_seconds():
    limiter = Limiter()
    ticks = 0
    while limiter.setpoint_na < SETPOINT_MAX_NA:
        limiter.step(SETPOINT_MAX_NA, 5)
        ticks += 1
    assert ticks == math.ceil(SETPOINT_MAX_NA / (RAMP_NA_PER_MS * 5))
    assert SETPOINT_MAX_NA / (ticks * 5) <= 70


@pytest.mark.req("S-08")
def test_a_late_tick_is_no_step_and_a_cut_is():
    limiter = Limiter()
    assert limiter.step(SETPOINT_MAX_NA, 100_000) == 680
    limiter.cut()
    assert limiter.setpoint_na == 0
    assert limiter.step(0, 5) == 0


@pytest.mark.req("S-01", "S-08", "R-03")
def test_no_time_is_no_rise_and_time_does_not_run_backwards():
    limiter = Limiter()
    assert limiter.step(SETPOINT_MAX_NA, 1) == RAMP_NA_PER_MS
    assert limiter.step(SETPOINT_MAX_NA, 0) == RAMP_NA_PER_MS
    assert limiter.step(SETPOINT_MAX_NA, -1) is None
    assert limiter.setpoint_na == 0


@pytest.mark.req("S-08", "R-03")
def test_the_limiter_knows_three_slopes_and_an_end_of_the_steep_ones():
    limiter = Limiter()
    limiter.resume(BOUNCE_NA_PER_MS, 20_000)
    assert [limiter.step(500_000, 5) for _ in range(4)] == [7500, 15_000, 20_000, 20_340]
    limiter.resume(HOP_NA_PER_MS, 500_000)
    assert limiter.step(500_000, 5) == 20_680, "only from zero"
    limiter.cut()
    limiter.resume(HOP_NA_PER_MS, 20_000)
    assert [limiter.step(500_000, 5) for _ in range(2)] == [3000, 6000]
    limiter.slow()
    assert limiter.step(500_000, 5) == 6340
    limiter.cut()
    limiter.resume(5000, 500_000)
    assert limiter.step(500_000, 5) == 340, "no other slope"
    limiter.cut()
    limiter.resume(BOUNCE_NA_PER_MS, 100_000)
    assert limiter.step("much", 5) is None
    assert limiter.step(500_000, 5) == 340, "what is refused ends it"


@pytest.mark.req("R-03", "S-08")
def test_after_a_steep_rise_was_called_off_nothing_holds_the_slow_one_back():
    limiter = Limiter()
    limiter.resume(BOUNCE_NA_PER_MS, 250_000)
    limiter.slow()
    assert limiter.highest(0, 5) == 5 * RAMP_NA_PER_MS


@pytest.mark.req("S-08")
def test_it_is_steep_only_on_the_way_back():
    limiter = Limiter()
    assert not limiter.steep
    limiter.resume(BOUNCE_NA_PER_MS, 20_000)
    assert limiter.steep
    limiter.step(15_000, 10)
    assert limiter.steep
    limiter.step(20_000, 10)
    assert limiter.setpoint_na == 20_000 and not limiter.steep
    limiter.step(20_500, 10)
    assert limiter.setpoint_na == 20_500 and not limiter.steep
    limiter.slow()
    assert not limiter.steep
