"""The calibration's procedure in one process: what it finds, what it refuses, what it leaves.

A wand of random parts runs on the simulated board; meter and hands are played here. The same
through mpremote: test_bench_commands.py and test_bench_fleet.py.
"""

import contextlib
import io
import json
import sys

import pytest

from firmware import app, calibration, console, faults, store
from hal.sim import world as sim
from hal.sim.board import SimBoard
from hal.sim.parts import Parts
from ionwand.calibration import procedure
from ionwand.calibration.result import from_json
from ionwand.errors import BadInput, RunFailed
from ionwand.instruments import hands
from ionwand.instruments import meter as meters
from ionwand.instruments import wand_on_bench as benches

FEW = (50, 200, 500)


class Direct:
    """ionwand.calibration.bench.Bench without a cable."""

    where = "here"

    def __init__(self, seed=3, swapped=False):
        self.world = sim.World(Parts.random(seed), events=[{"at_s": 0.1, "end": True}])
        self.world.vbus = True
        self.board = SimBoard(self.world)
        if swapped:
            move = self.board.set_bridge
            self.board.set_bridge = lambda position: move((0, 2, 1)[position])
        self.app = app.App(self.board)
        with pytest.raises(sim.TimeIsUp):
            self.app.run()
        self.ohm = {}  # what a load really is
        self.wrong = lambda amperes: amperes  # what the meter makes of a current
        self.name = "played"
        self.asked = []
        self.agrees = True

    # --- bench ---
    def status(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            console.status()
        return {**benches._parse(said.getvalue()), "firmware": "test"}

    def call(self, function, *arguments):
        try:
            return getattr(console, function)(*arguments)
        except ValueError as error:
            raise RunFailed(str(error))

    def sweep(self, load, bridges, points, read):
        said = io.StringIO()
        found = []

        def go():
            word, bridge, ua = said.getvalue().splitlines()[-1].split()
            found.append(read(int(bridge), int(ua)))
            return "+"

        try:
            with contextlib.redirect_stdout(said):
                console.sweep(load, bridges, points, go)
        except ValueError as error:
            raise RunFailed(str(error))
        rows = [line.split()[1:] for line in said.getvalue().splitlines() if line[0] == "p"]
        return [([int(one) for one in row], na) for row, na in zip(rows, found)]

    # --- meter ---
    def read_na(self, expected_ua):
        return self.wrong(self.world.plant.i_active_a) * 1e9

    # --- hands ---
    def connect(self, ohm):
        self.asked.append(ohm)
        self.world.touch("resistor:%r" % self.ohm.get(ohm, ohm))

    def open(self):
        self.world.lift()

    def hold(self, seconds):
        self.world.plan({"at_s": self.world.now_us / 1e6 + 0.2, "press_s": seconds + 0.3})

    def released(self):
        pass

    def agree(self, question):
        return self.agrees

    def calibrate(self, **order):
        order = procedure.Order("a test", **{"points_ua": FEW, **order})
        return procedure.calibrate(self, self, self, order, lambda line: None)

    @property
    def stored(self):
        return store.load_calibration(self.board)[0].values

    @property
    def off(self):
        return not self.board.gate() and self.board.read_dac() == 0


@pytest.fixture
def wand():
    return Direct()


@pytest.mark.req("F-05", "F-13", "S-20")
def test_a_new_wand_is_calibrated_and_its_fault_is_gone(wand):
    result = wand.calibrate()
    assert result.left.ok and abs(result.left.worst_error_na) < 200
    assert wand.stored == tuple(int(one.after) for one in result.coefficients[:8])
    assert wand.status()["faults"] == [] and wand.off
    assert wand.asked == [2200, 4700, 10_000, 4700, 2200]
    assert from_json(json.loads(json.dumps(result.as_json()))) == result
    assert 50 < result.expanded_u_na < 2500


@pytest.mark.req("F-05", "F-09")
@pytest.mark.parametrize("seed", [11, 12])
def test_the_coefficients_are_those_of_the_parts(seed, root):
    sys.path.append(str(root / "tools/ionwand/simulation/guest"))
    import job

    wand = Direct(seed)
    result = wand.calibrate(points_ua=procedure.POINTS_UA)
    perfect = job.calibrate(wand.world.parts)
    near = (4, 60, 25, 60, 1.5, 200, 1500, 2.5)
    for name, got, want, most in zip(calibration.NAMES, wand.stored, perfect, near):
        assert abs(got - want) <= most, name
    by_name = {one.name: one for one in result.coefficients}
    assert abs(by_name["leads_ohm"].after - 2 * wand.world.parts.r_lead) < 10
    gain = by_name["fast_a_gain_ppm"]
    parts = wand.world.parts
    assert abs(gain.after - (2000 / parts.r_set / parts.fast_gain[0] - 1) * 1e6) < 3000


@pytest.mark.req("R-06")
def test_a_second_calibration_keeps_the_first_for_undo(wand):
    wand.calibrate()
    first = wand.stored
    wand.wrong = lambda amperes: amperes * 1.002
    wand.calibrate()
    assert wand.stored != first
    assert wand.call("undo_calibration") == first == wand.stored


@pytest.mark.req("R-07")
@pytest.mark.parametrize("what, said", [
    ("wrong load", "load measures"),
    ("slightly wrong load", "check which loads"),
    ("open", "open circuit"),
    ("drift", "drifts"),
    ("polarity", "wrong polarity"),
    ("not in series", "in series"),
    ("crooked", "beside the line"),
    ("gain", "no calibration mends that"),
])  # fmt: skip
def test_it_refuses_and_the_wand_keeps_what_it_had(wand, what, said):
    wand.call("set_calibration", calibration.NOMINAL)
    if what == "wrong load":
        wand.ohm = {4700: 6000}
    elif what == "slightly wrong load":
        wand.ohm = {4700: 4940}
    elif what == "open":
        wand.connect = lambda ohm: wand.open()
    elif what == "drift":
        wand.wrong = lambda amperes: amperes * (1 + wand.world.now_us * 5e-10)
    elif what == "polarity":
        wand = Direct(swapped=True)
        wand.call("set_calibration", calibration.NOMINAL)
    elif what == "not in series":
        wand.wrong = lambda amperes: 0.0
    elif what == "crooked":
        wand.wrong = lambda amperes: amperes * (1.01 if abs(amperes) > 300e-6 else 1)
    else:
        wand.wrong = lambda amperes: amperes * 1.05
    with pytest.raises(RunFailed, match=said):
        wand.calibrate(points_ua=(50, 200, 300, 500))
    assert wand.stored == calibration.NOMINAL and wand.off


@pytest.mark.req("F-05")
def test_as_left_out_of_bounds_is_not_accepted(wand):
    wand.call("set_calibration", calibration.NOMINAL)
    keep = wand.call

    def call(function, *arguments):
        if function == "set_calibration":
            wand.wrong = lambda amperes: amperes * 1.01  # the meter goes, after it was believed
        return keep(function, *arguments)

    wand.call = call
    with pytest.raises(RunFailed, match="not accepted; the old calibration is back"):
        wand.calibrate()
    assert wand.stored == calibration.NOMINAL


@pytest.mark.req("S-20")
def test_faults_come_first_and_nobody_is_made_to_write(wand):
    store.save_faults(wand.board, faults.GATE_M2, faults.GATE_M2)
    with pytest.raises(RunFailed, match="gate_m2"):
        wand.calibrate()
    store.save_faults(wand.board, 0, 0)
    before = dict(wand.world.files)
    wand.agrees = False
    with pytest.raises(RunFailed, match="nothing was written"):
        wand.calibrate()
    assert wand.world.files == before


@pytest.mark.req("S-15")
def test_a_wand_that_reads_back_otherwise_is_an_error(wand):
    wand.call = lambda *_: None
    with pytest.raises(RunFailed, match="reads back"):
        wand.calibrate()


@pytest.mark.req("S-20")
def test_faults_that_stay_are_said(wand):
    store.save_calibration(wand.board, calibration.NOMINAL)
    wand.world.inject("rb_short")
    with pytest.raises(RunFailed, match="faults stay: sense_mismatch"):
        procedure.clear(wand, wand, lambda line: None)


@pytest.mark.req("R-07")
@pytest.mark.parametrize("order", [
    {"loads_ohm": (2200, 4700)}, {"loads_ohm": (2200, 2300, 2400)},
    {"loads_ohm": (1000, 2200, 4700)}, {"loads_ohm": (2200, 4700, 30_000)},
    {"points_ua": (50, 500)}, {"points_ua": (60, 200, 500)}, {"points_ua": (50, 200, 400)},
    {"points_ua": (10, 200, 500)}, {"points_ua": (50, 200, 501)},
])  # fmt: skip
def test_orders_that_make_no_calibration(wand, order):
    with pytest.raises(BadInput, match="loads?|points"):
        wand.calibrate(**order)
    assert wand.asked == []


@pytest.mark.req("R-07")
@pytest.mark.parametrize("na", [float("nan"), float("inf"), -float("inf"), 1.1e6, -1e9])
def test_no_current_of_a_wand(na):
    with pytest.raises(BadInput, match="check the range"):
        meters.plausible_na(na)


@pytest.mark.req("F-13")
def test_a_fixture_that_fails_is_named(tmp_path):
    with pytest.raises(BadInput, match="--fixture"):
        hands.Fixture(str(tmp_path / "none")).open()
    with pytest.raises(RunFailed, match="exit 1"):
        hands.Fixture("false").connect(4700)
    held = hands.Fixture("false")
    held.hold(1.5)
    held._holding.wait()
    with pytest.raises(RunFailed, match="hold 1.8"):
        held.released()
    held.released()
    held = hands.Fixture("sh -c 'sleep 1000'")
    held.hold(1.5)
    held.released()
