"""Every console call on a simulated wand: what it gives, what it refuses, and always off after."""

import pytest

from firmware import app, calibration, console, faults, gestures, service, store
from hal.sim import world as sim
from hal.sim.board import SimBoard, WatchdogReset
from hal.sim.parts import Parts

NAN = float("nan")
HOSTILE = [None, NAN, float("inf"), -1, 0, 1 << 70, 2200.0, "2200", b"\x08\x98", True, [], {}]


class Bench:
    """A wand at the end of a cable, its program ended by Ctrl-C."""

    def __init__(self, parts=None):
        self.world = sim.World(parts or Parts(), events=[{"at_s": 0.1, "end": True}])
        self.world.vbus = True
        self.board = SimBoard(self.world)
        self.app = app.App(self.board)
        self.asked = 0
        self.answers = {}  # at which question to say what
        with pytest.raises(sim.TimeIsUp):
            self.app.run()

    def press(self, after_s, seconds):
        self.world.plan({"at_s": self.world.now_us / 1e6 + after_s, "press_s": seconds})

    def hold(self, seconds=1.7):
        self.press(0.2, seconds)

    def go(self):
        self.asked += 1
        return self.answers.get(self.asked, "+" if self.asked % 4 == 0 else None)

    @property
    def off(self):
        return not self.board.gate() and self.board.read_dac() == 0


@pytest.fixture
def bench():
    return Bench()


def swept(bench, capsys, load=4700, bridges=(1, 2), points=(50, 100)):
    bench.hold()
    capsys.readouterr()
    console.sweep(load, bridges, points, bench.go)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.req("F-13")
def test_status_says_what_it_knows(bench, capsys):
    console.status()
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["board"] == "'53494d554c415445'" and lines["vbus"] == "True"
    assert lines["faults"] == "['calibration']" and lines["calibrated"] == "False"
    assert lines["output"] == "False"


@pytest.mark.req("R-07")
def test_before_the_program_has_run_it_says_so(monkeypatch):
    monkeypatch.setattr(app.App, "running", None)
    with pytest.raises(ValueError, match="restart the wand"):
        console.status()


@pytest.mark.req("F-13", "S-01", "S-14")
def test_a_sweep_reaches_its_points_both_ways_round(bench, capsys):
    bench.world.touch("resistor:4700")
    lines = swept(bench, capsys)
    assert [line[:3] for line in lines[0::2]] == [
        ["ready", str(bridge), str(ua)] for bridge in (1, 2) for ua in (50, 100)
    ]
    for line in lines[1::2]:
        ua, frames, _code, nanoamps = (int(word) for word in line[2:6])
        assert abs(nanoamps / frames - ua * 1000) < 200
        assert len(line) == 12
    assert bench.off
    assert bench.world.plant.i_peak_a < 120e-6


@pytest.mark.req("S-08", "S-14")
def test_nothing_above_the_probe_before_the_button_and_never_too_steep(bench, capsys):
    seen = []
    sleep = bench.board.sleep_until

    def watched(ms):
        sleep(ms)
        seen.append((bench.world.panel.pressed, bench.world.plant.i_load_a))

    bench.board.sleep_until = watched
    bench.world.touch("resistor:4700")
    swept(bench, capsys, bridges=(1,))
    first = next(i for i, one in enumerate(seen) if one[0])
    last = max(i for i, one in enumerate(seen) if one[0])
    assert all(current < 1e-6 for _, current in seen[: last + 1]) and last - first > 300
    steps = [b[1] - a[1] for a, b in zip(seen, seen[1:])]
    assert max(steps[last + 400 :]) < 1e-6


@pytest.mark.req("S-14")
@pytest.mark.parametrize("hold", [(), (1.0,)])
def test_without_the_button_nothing_flows(bench, hold):
    bench.world.touch("resistor:4700")
    for seconds in hold:
        bench.press(0.2, seconds)
    with pytest.raises(ValueError, match="nobody held the button"):
        console.sweep(4700, (1,), (50,), bench.go)
    assert bench.off and bench.world.plant.i_peak_a < 1e-6


@pytest.mark.req("S-14")
def test_a_button_that_stays_pressed_is_no_permission(bench):
    bench.world.touch("resistor:4700")
    bench.press(0.2, 100)
    with pytest.raises(ValueError, match="stays pressed"):
        console.sweep(4700, (1,), (50,), bench.go)
    assert bench.off and bench.world.plant.i_peak_a < 1e-6


@pytest.mark.req("S-14")
@pytest.mark.parametrize("there, declared", [
    (4700, 5600), (4700, 4000), (22_000, 2200), (2200, 22_000), (50, 2000),
])  # fmt: skip
def test_a_load_other_than_declared_gets_no_more_than_the_probe(bench, there, declared):
    bench.world.touch("resistor:%d" % there)
    bench.hold()
    with pytest.raises(ValueError, match="load measures"):
        console.sweep(declared, (1,), (500,), bench.go)
    assert bench.off and bench.world.plant.i_peak_a < 25e-6


@pytest.mark.req("S-14")
@pytest.mark.parametrize("seed", range(12))
def test_the_right_load_is_taken_on_any_wand(seed, capsys):
    bench = Bench(Parts.random(seed))
    load = (2000, 2200, 10_000, 22_000)[seed % 4]
    bench.world.touch("resistor:%d" % load)
    lines = swept(bench, capsys, load, (1 + seed % 2,), (50,))
    assert [line[0] for line in lines] == ["ready", "point"]


@pytest.mark.req("S-04", "S-14")
def test_skin_for_a_load_is_refused(bench):
    bench.world.touch("dry")
    bench.hold()
    with pytest.raises(ValueError, match="load measures|open circuit"):
        console.sweep(22_000, (1,), (500,), bench.go)
    assert bench.off and bench.world.plant.i_peak_a < 25e-6


@pytest.mark.req("S-04")
@pytest.mark.parametrize("lift_s", [0.0, 6.0])
def test_an_open_load_ends_it(bench, lift_s):
    if lift_s:
        bench.world.touch("resistor:4700")
        bench.world.plan({"at_s": bench.world.now_us / 1e6 + lift_s, "lift": True})
    bench.hold()
    with pytest.raises(ValueError, match="open circuit"):
        console.sweep(4700, (1,), (100, 200, 300, 400), bench.go)
    assert bench.off


@pytest.mark.req("S-18")
def test_any_press_stops_it(bench):
    bench.world.touch("resistor:4700")
    bench.hold()
    bench.press(7.0, 0.1)
    with pytest.raises(ValueError, match="stopped by the wand's button"):
        console.sweep(4700, (1,), (100, 200, 300, 400), bench.go)
    assert bench.off


@pytest.mark.req("S-12", "S-14")
def test_pulling_the_cable_ends_it(bench):
    bench.world.touch("resistor:4700")
    bench.hold()
    bench.world.plan({"at_s": bench.world.now_us / 1e6 + 7.0, "vbus": False})
    with pytest.raises(ValueError, match="unplugged"):
        console.sweep(4700, (1,), (100, 200, 300, 400), bench.go)
    assert bench.off and bench.world.now_us < 8_000_000
    bench.hold()
    with pytest.raises(ValueError, match="unplugged"):
        console.selftest()


@pytest.mark.req("S-12")
def test_the_host_may_stop_it_or_fall_silent(bench):
    bench.world.touch("resistor:4700")
    bench.hold()
    bench.answers = {3: "x"}
    with pytest.raises(ValueError, match="stopped by the host"):
        console.sweep(4700, (1,), (50,), bench.go)
    assert bench.off
    bench.hold()
    with pytest.raises(ValueError, match="no word from the host"):
        console.sweep(4700, (1,), (50,), lambda: None)
    assert bench.off


@pytest.mark.req("S-12")
@pytest.mark.parametrize("what", [KeyboardInterrupt, MemoryError, ZeroDivisionError])
def test_whatever_is_raised_it_is_off(bench, what):
    bench.world.touch("resistor:4700")
    bench.hold()

    def go():
        assert bench.board.gate()
        raise what

    with pytest.raises(what):
        console.sweep(4700, (2,), (50,), go)
    assert bench.off


@pytest.mark.req("S-10", "S-11")
def test_a_host_that_hangs_is_cut_by_the_guard(bench):
    bench.world.touch("resistor:4700")
    bench.hold()

    def go():
        bench.board._run(bench.world.now_us + 200_000)
        assert not bench.board.gate()

    with pytest.raises(ValueError, match="ended by heartbeat"):
        console.sweep(4700, (1,), (50,), go)
    assert bench.off


@pytest.mark.req("S-02", "S-19")
@pytest.mark.parametrize("fault", ["rset_short", "i2c_hang", "divider_open", "dac_full_scale"])
def test_a_fault_in_the_middle_ends_it_by_name(bench, fault):
    bench.world.touch("resistor:4700")
    bench.world.plan({"at_s": bench.world.now_us / 1e6 + 6.5, "fault": fault})
    bench.hold()
    with pytest.raises(ValueError, match="ended by [a-z_, 0-9]+$"):
        console.sweep(4700, (1,), (100, 200, 300), bench.go)
    bench.world.clear(fault)
    assert not bench.board.gate()
    assert bench.world.plant.i_peak_a < 850e-6  # what the regulating diode lets through


@pytest.mark.req("S-15")
def test_no_rail_no_output(bench):
    bench.world.touch("resistor:4700")
    bench.world.plant.parts.rail_v = 20.0
    bench.world.plant.div_rail_v = 20.0 * bench.world.parts.div_rail
    bench.hold()
    with pytest.raises(ValueError, match="no rail"):
        console.sweep(4700, (1,), (50,), bench.go)
    assert bench.off


@pytest.mark.req("S-19")
def test_a_converter_that_is_set_otherwise_is_a_bus_fault(bench):
    bench.board.check_adc = lambda: False
    bench.hold()
    with pytest.raises(ValueError, match="ended by i2c"):
        console.sweep(4700, (1,), (50,), bench.go)


@pytest.mark.req("F-06")
def test_more_than_the_supply_gives_is_no_point(bench):
    bench.world.touch("resistor:22000")
    bench.world.plan({"at_s": bench.world.now_us / 1e6 + 5.0, "touch": "resistor:50000"})
    bench.hold()
    with pytest.raises(ValueError, match="takes less than 500 uA"):
        console.sweep(22_000, (1,), (500,), bench.go)
    assert bench.off


@pytest.mark.req("R-07", "S-01")
@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_arguments_of_a_sweep(bench, bad):
    for arguments in ((bad, (1,), (50,)), (4700, bad, (50,)), (4700, (1,), bad),
                      (4700, (bad,), (50,)), (4700, (1,), (bad,))):  # fmt: skip
        if arguments == (4700, (True,), (50,)):
            continue  # the number 1 to Python
        with pytest.raises(ValueError, match="allowed"):
            console.sweep(*arguments, bench.go)
    with pytest.raises(ValueError, match="allowed"):
        console.sweep(4700, (1,), (501,), bench.go)
    with pytest.raises(ValueError, match="allowed"):
        console.sweep(4700, (1,), (50,) * 17, bench.go)
    assert bench.off and bench.world.now_us < 200_000


@pytest.mark.req("R-07", "S-17")
@pytest.mark.parametrize("bad", HOSTILE + [
    (1,) * 8, calibration.NOMINAL[:7], (NAN,) + calibration.NOMINAL[1:],
    (13_897.0,) + calibration.NOMINAL[1:], (1 << 70,) + calibration.NOMINAL[1:],
])  # fmt: skip
def test_hostile_calibrations_change_nothing(bench, bad):
    console.set_calibration(calibration.NOMINAL)
    before = dict(bench.world.files)
    with pytest.raises(ValueError):
        console.set_calibration(bad)
    assert bench.world.files == before


@pytest.mark.req("S-17", "R-06")
def test_calibration_is_kept_and_undone(bench):
    with pytest.raises(ValueError, match="no calibration before"):
        console.undo_calibration()
    console.set_calibration(calibration.NOMINAL)
    with pytest.raises(ValueError, match="no calibration before"):
        console.undo_calibration()
    other = (13_900,) + calibration.NOMINAL[1:]
    console.set_calibration(list(other))
    assert store.load_calibration(bench.board)[0].values == other
    assert console.undo_calibration() == calibration.NOMINAL
    assert store.load_calibration(bench.board)[0].values == calibration.NOMINAL
    assert console.undo_calibration() == other
    foreign = calibration.Calibration(b"12345678", other)
    console._keep(bench.board, "undo", foreign)
    with pytest.raises(ValueError, match="another board"):
        console.undo_calibration()


@pytest.mark.req("R-06")
def test_power_cut_at_every_write_leaves_the_old_or_the_new_calibration(bench):
    console.set_calibration(calibration.NOMINAL)
    other = (13_900,) + calibration.NOMINAL[1:]
    before = dict(bench.world.files)
    write = bench.board.write
    for cut in range(4):
        bench.world.files.clear()
        bench.world.files.update(before)
        left = [cut]

        def torn(name, content, left=left):
            if not left[0]:
                write(name, content[:20])
                raise KeyboardInterrupt
            left[0] -= 1
            write(name, content)

        bench.board.write = torn
        with pytest.raises(KeyboardInterrupt):
            console.set_calibration(other)
        bench.board.write = write
        loaded, damaged = store.load_calibration(bench.board)
        assert not damaged and loaded.values in (calibration.NOMINAL, other)
    assert left == [0]


@pytest.mark.req("S-15", "F-13")
def test_selftest_passes_and_names_what_fails(bench):
    bench.hold()
    assert console.selftest() == ""
    bench.world.inject("rb_short")
    bench.hold()
    assert console.selftest() == "sense_mismatch"
    assert bench.off


@pytest.mark.req("S-20")
def test_permanent_faults_go_only_by_service(bench):
    store.save_faults(bench.board, faults.OVER_CURRENT | faults.I2C, faults.OVER_CURRENT)
    bench.world.touch("resistor:4700")
    with pytest.raises(ValueError, match="service these faults first: over_current"):
        console.sweep(4700, (1,), (50,), bench.go)
    bench.world.lift()
    assert console.clear_faults() == "calibration"  # its cause is still there
    console.set_calibration(calibration.NOMINAL)
    bench.hold(1.7)
    with pytest.raises(ValueError, match="nobody held"):
        console.clear_faults()
    bench.world.inject("rb_short")
    bench.hold(3.3)
    assert console.clear_faults() == "sense_mismatch"
    assert store.load_faults(bench.board)[0]
    bench.world.clear("rb_short")
    bench.hold(3.3)
    assert console.clear_faults() == ""
    assert store.load_faults(bench.board) == (0, 0) and bench.app.faults.bits == 0


@pytest.mark.req("S-11")
def test_the_watchdog_is_fed_only_while_the_guard_runs(bench):
    fed = []
    bench.board.feed_watchdog = lambda: fed.append(bench.world.now_us)
    bench.board.start_guard = lambda *_: None
    output_steps = iter([None] * 10_000)
    with pytest.raises(WatchdogReset):
        service.run(bench.board, gestures.HOLD, lambda output: output_steps)
    assert fed and fed[-1] - fed[0] <= 100_000
