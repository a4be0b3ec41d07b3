"""The guard alone: every check at its limit, on both sides, and that nothing un-trips."""

from pathlib import Path

import pytest
from guard_bench import Bench
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware import faults, guard, limits


@pytest.mark.req("S-10")
def test_feeds_while_everything_holds():
    bench = Bench()
    assert bench.step(1000) == 1
    assert bench.trips == 0


@pytest.mark.req("S-01")
@pytest.mark.parametrize("setpoint_ua", [501, 1000, 2**31 - 1, -1, -(2**31)])
def test_setpoint_outside_its_range_trips(setpoint_ua):
    bench = Bench()
    bench.request[guard.RQ_SETPOINT_UA] = setpoint_ua
    assert bench.step() == 0
    assert bench.trips & faults.BAD_REQUEST


@pytest.mark.req("S-01")
@pytest.mark.parametrize("setpoint_ua", [0, 500])
def test_setpoint_at_its_ends_is_fine(setpoint_ua):
    bench = Bench(ua=setpoint_ua)
    assert bench.step(10) == 1


@pytest.mark.req("S-02")
@pytest.mark.parametrize("sense", ["a", "b"])
def test_over_current_in_one_pass(sense):
    for ua, answer in ((548, 1), (553, 0)):
        bench = Bench(ua=500)
        bench.set(ua if sense == "a" else 540, ua if sense == "b" else 540)
        assert bench.step() == answer
        assert bool(bench.trips & faults.OVER_CURRENT) is (answer == 0)


@pytest.mark.req("S-02")
def test_over_current_is_seen_with_the_gate_off_too():
    bench = Bench(flowing=False)
    bench.set(600, 600)
    assert bench.step() == 0
    assert bench.trips & faults.OVER_CURRENT


@pytest.mark.req("S-02")
@pytest.mark.parametrize(("setpoint_ua", "margin_ua"), [(20, 15), (100, 15), (300, 30)])
def test_over_setpoint_in_three_passes(setpoint_ua, margin_ua):
    bench = Bench(ua=setpoint_ua)
    bench.set(setpoint_ua + margin_ua - 1, setpoint_ua + margin_ua - 1)
    assert bench.step(100) == 1
    bench.set(setpoint_ua + margin_ua + 2, setpoint_ua + margin_ua + 2)
    assert bench.step(2) == 1
    assert bench.step() == 0
    assert bench.trips == faults.OVER_SETPOINT


@pytest.mark.req("S-02")
def test_two_passes_over_are_forgiven_and_forgotten():
    bench = Bench(ua=100)
    for _ in range(10):
        bench.set(130, 130)
        assert bench.step(2) == 1
        bench.set(100, 100)
        assert bench.step() == 1


@pytest.mark.req("S-03")
@pytest.mark.parametrize(("a_ua", "b_ua"), [(0, 22), (100, 79), (300, 268), (80, 101)])
def test_senses_apart_for_five_passes(a_ua, b_ua):
    bench = Bench(ua=max(a_ua, b_ua))
    bench.set(a_ua, b_ua)
    assert bench.step(4) == 1
    assert bench.step() == 0
    assert bench.trips == faults.SENSE_MISMATCH


@pytest.mark.req("S-03")
def test_senses_nearly_apart_are_fine():
    bench = Bench(ua=300)
    bench.set(300, 271)
    assert bench.step(100) == 1


@pytest.mark.req("S-03")
@pytest.mark.parametrize("precise_ua", [0, 224, 276])
def test_precise_converter_apart_for_five_frames(precise_ua):
    bench = Bench(ua=250)
    bench.precise_ua = precise_ua
    assert bench.step(4, frames=True) == 1
    assert bench.step(50) == 1, "the same frame again is no new witness"
    assert bench.step(frames=True) == 0
    assert bench.trips == faults.PRECISE_MISMATCH


@pytest.mark.req("S-05")
def test_load_below_the_leads_for_five_frames():
    bench = Bench(ua=250)
    bench.load_mv = 420  # 1.68 kΩ
    assert bench.step(4, frames=True) == 1
    assert bench.step(frames=True) == 0
    assert bench.trips == faults.LOAD_SHORT


@pytest.mark.req("S-05")
@pytest.mark.parametrize(("ua", "load_mv"), [(250, 430), (48, 0)])
def test_load_of_the_leads_and_small_currents_are_fine(ua, load_mv):
    bench = Bench(ua=ua)
    bench.load_mv = load_mv
    assert bench.step(100, frames=True) == 1


@pytest.mark.req("S-04", "P-04")
def test_open_circuit_drops_the_gate_in_one_pass_and_is_no_fault():
    bench = Bench(ua=250)
    bench.set(0, 2, 300)
    assert bench.step() == 0
    assert bench.snapshot[guard.SN_LIFTED] == 1
    assert bench.trips == 0
    bench.set(0, 0, 0)
    assert bench.step(100) == 0, "stays off until the main loop asks anew"
    bench.request[guard.RQ_OUTPUT] = 0
    bench.step()
    bench.request[guard.RQ_OUTPUT] = 1
    bench.request[guard.RQ_SETPOINT_UA] = 0
    assert bench.step() == 1


@pytest.mark.req("S-04")
def test_voltage_faster_than_skin_is_a_lift():
    bench = Bench(ua=250)
    bench.set(250, 250, 20_000 - 3000)  # 6 V/ms
    assert bench.step() == 0
    assert bench.snapshot[guard.SN_LIFTED] == 1


@pytest.mark.req("S-04")
def test_voltage_as_fast_as_skin_is_none():
    bench = Bench(ua=250)
    for e2_mv in range(20_000, 5_000, -2_000):  # 4 V/ms, more than twice what skin does
        bench.set(250, 250, e2_mv)
        assert bench.step() == 1


@pytest.mark.req("S-04")
def test_contact_bounce_is_no_over_current():
    bench = Bench(ua=250)
    for bounce in (1, 2, 4):
        for _ in range(20):
            bench.set(0, 2, 15_000)
            bench.step(bounce)
            bench.set(250, 252, 20_000)
            bench.step(5)
    assert bench.trips == 0


@pytest.mark.req("S-07")
@pytest.mark.parametrize(
    ("slot", "cap", "fault"),
    [
        (guard.SN_OUTPUT_MS, limits.OUTPUT_MAX_MS, faults.TIME_CAP),
        (guard.SN_SESSION_MS, limits.SESSION_MAX_MS, faults.TIME_CAP),
        (guard.SN_CHARGE_UC, limits.CHARGE_MAX_UC, faults.CHARGE_CAP),
    ],
)
def test_caps_are_reached_and_not_passed(slot, cap, fault):
    bench = Bench(ua=400)
    bench.snapshot[slot] = cap - 2
    for _ in range(50):
        answer = bench.step()
        assert bench.snapshot[slot] <= cap
        if not answer:
            break
    assert bench.trips == fault
    assert bench.snapshot[slot] == cap


@pytest.mark.req("S-07")
def test_guard_counts_time_and_charge_by_itself():
    bench = Bench(ua=250)
    before_uc = bench.snapshot[guard.SN_CHARGE_UC]
    before_ms = bench.snapshot[guard.SN_OUTPUT_MS]
    bench.step(20_000)  # 10 s
    assert bench.snapshot[guard.SN_OUTPUT_MS] - before_ms == 10_000
    assert bench.snapshot[guard.SN_CHARGE_UC] - before_uc == pytest.approx(2500, rel=0.01)


@pytest.mark.req("S-09")
def test_bridge_is_locked_from_arming_to_the_end():
    bench = Bench()
    bench.request[guard.RQ_BRIDGE] = 2
    assert bench.step() == 0
    assert bench.trips == faults.BAD_REQUEST
    for bridge in (0, 3, -1):
        bench = Bench(flowing=False)
        bench.request[guard.RQ_BRIDGE] = bridge
        bench.request[guard.RQ_OUTPUT] = 1
        assert bench.step() == 0
        assert bench.trips == faults.BAD_REQUEST


@pytest.mark.req("S-09")
def test_quiet_needs_both_senses_below_5_ua():
    bench = Bench(flowing=False)
    bench.step(20)
    assert bench.snapshot[guard.SN_QUIET_US] >= limits.QUIET_US
    for a_ua, b_ua in ((6, 0), (0, 6)):
        bench.set(a_ua, b_ua)
        bench.step()
        assert bench.snapshot[guard.SN_QUIET_US] == 0
        bench.set(0, 0)
        bench.step(5)
        assert bench.snapshot[guard.SN_QUIET_US] == 2500
    bench.step(5000)
    assert bench.snapshot[guard.SN_QUIET_US] <= 1_003_000


@pytest.mark.req("S-10")
def test_hung_main_loop():
    bench = Bench()
    bench.beating = False
    assert bench.step(200) == 1  # 100 ms
    assert bench.step(2) == 0
    assert bench.trips == faults.HEARTBEAT


@pytest.mark.req("S-10")
@pytest.mark.parametrize("dt_us", [0, 3001, 2**31 - 1, -5])
def test_late_pass(dt_us):
    bench = Bench()
    assert bench.step(dt_us=3000) == 1
    assert bench.step(dt_us=dt_us) == 0
    assert bench.trips == faults.GUARD_LATE


@pytest.mark.req("S-02")
def test_comparator_latch():
    bench = Bench()
    bench.snapshot[guard.SN_LATCH] = 1
    assert bench.step() == 0
    assert bench.trips == faults.COMPARATOR


@pytest.mark.req("S-10")
def test_current_with_the_gate_off():
    bench = Bench(flowing=False)
    bench.set(20, 20)
    bench.step(9)
    assert bench.trips == 0
    bench.step()
    assert bench.trips == faults.GATE_LEAK


@pytest.mark.req("S-10")
def test_no_output_unarmed():
    bench = Bench(flowing=False)
    bench.request[guard.RQ_ARM] = 0
    bench.step()
    bench.request[guard.RQ_BRIDGE] = 1
    bench.request[guard.RQ_OUTPUT] = 1
    assert bench.step() == 0
    assert bench.trips == faults.BAD_REQUEST


@pytest.mark.req("S-20")
def test_a_trip_stays_until_armed_anew_without_output():
    bench = Bench()
    bench.set(600, 600)
    bench.step()
    bench.set(0, 0)
    assert bench.step(100) == 0
    bench.request[guard.RQ_ARM] = 2
    assert bench.step(10) == 0, "arming under a request for output clears nothing"
    assert bench.trips & faults.OVER_CURRENT
    bench.request[guard.RQ_OUTPUT] = 0
    bench.request[guard.RQ_SETPOINT_UA] = 0
    bench.step()
    assert bench.trips == 0
    assert bench.snapshot[guard.SN_FIRST] == 0


@pytest.mark.req("S-20")
def test_first_cause_is_kept():
    bench = Bench(ua=100)
    bench.set(130, 130)
    bench.step(3)
    bench.set(600, 100)
    bench.step(10)
    assert bench.snapshot[guard.SN_FIRST] == faults.OVER_SETPOINT
    assert bench.trips & faults.OVER_CURRENT


@pytest.mark.req("S-01")
def test_limits_of_the_guard_are_those_of_the_limits_file():
    ast = pytest.importorskip("ast")  # MicroPython keeps no names of such constants
    tree = ast.parse(Path(guard.__file__).read_text())
    found = {
        node.targets[0].id[1:]: getattr(guard, node.targets[0].id)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id.startswith("_")
    }
    shared = {name for name in found if hasattr(limits, name)}
    assert len(shared) >= 24
    for name in shared:
        assert found[name] == getattr(limits, name), name


codes = st.integers(0, 4095)
words = st.integers(-(2**31), 2**31 - 1)


@pytest.mark.req("R-08", "S-02", "S-10")
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(codes, codes, codes, words, words, words, words, words, st.integers(-1, 9999)),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_comes_in(passes):
    """Any samples, any request: no exception, small integers, no feed above a limit."""
    bench = Bench()
    for a, b, e2, setpoint_ua, bridge, frame, precise_ua, load_mv, dt_us in passes:
        for i in range(0, 16, 4):
            bench.samples[i] = a
            bench.samples[i + 1] = b
            bench.samples[i + 2] = e2
        bench.request[guard.RQ_SETPOINT_UA] = setpoint_ua
        bench.request[guard.RQ_BRIDGE] = bridge
        bench.request[guard.RQ_FRAME] = frame
        bench.request[guard.RQ_PRECISE_A_UA] = precise_ua
        bench.request[guard.RQ_LOAD_MV] = load_mv
        tripped = bench.trips
        answer = bench.step(dt_us=dt_us)
        if answer:
            assert not tripped
            assert a * 3.3 / 4096 / 2.0e-3 < 551 and b * 3.3 / 4096 / 4.99e-3 < 551
            assert 0 <= setpoint_ua <= 500
            assert bridge == 1
        assert tripped & ~bench.trips == 0
        own = list(bench.snapshot)[guard.SN_PASSES :]
        own.remove(bench.snapshot[23])  # the frame's number is stored as it came
        assert all(0 <= value < 2**30 for value in own)


@pytest.mark.req("S-01", "R-04")
@pytest.mark.parametrize("other, name", [(limits, "OPEN_UA"), (faults, "CHARGE_CAP")])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_guard_that_disagrees_does_not_start(other, name, by):
    pytest.importorskip("ast")  # MicroPython has such constants in the bytecode already
    code = compile(Path(guard.__file__).read_text(), guard.__file__, "exec")
    decided = getattr(other, name)
    setattr(other, name, decided + by)
    try:
        with pytest.raises(ImportError, match="make them equal"):
            exec(code, {"__name__": "guard"})
    finally:
        setattr(other, name, decided)


@pytest.mark.req("P-03")
def test_the_guard_is_machine_code_on_the_chip():
    pytest.importorskip("ast")  # there is no source where it runs as such
    assert "@micropython.viper\ndef guard_pass(" in Path(guard.__file__).read_text()
