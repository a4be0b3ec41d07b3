"""The bench's commands on a wand behind a PTY: what they say, how they end, what they leave."""

import ast
import os

import pytest
from bench_wand import BenchWand
from click.testing import CliRunner

from ionwand.bench.selftest import STAGES, outcomes
from ionwand.cli import main
from ionwand.device import link
from ionwand.device.pty_board import MICROPYTHON
from ionwand.instruments import wand_on_bench

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed"),
]

HOSTILE = """
from firmware import console
nan = float("nan")
values = [None, nan, float("inf"), -1, 1 << 70, 4700.0, "4700", b"\\x12", b"", [], (), {}, True]
before = dict(board.world.files)
go = lambda: "+"
count = 0
for bad in values:
    for function, arguments in (
        (console.sweep, (bad, (1,), (50,), go)),
        (console.sweep, (4700, bad, (50,), go)),
        (console.sweep, (4700, (1,), bad, go)),
        (console.sweep, (4700, (1,), (bad,), go)),
        (console.set_calibration, (bad,)),
        (console.set_calibration, ((bad,) * 8,)),
        (console.set_catalogue, (board, bad)),
        (console.session, (board, "1" if bad is True or bad == -1 or bad == 1 << 70 else bad)),
    ):
        try:
            function(*arguments)
        except ValueError as error:
            assert str(error) and "\\n" not in str(error), error
            count += 1
        else:
            raise AssertionError((function, arguments))
        assert not board.gate() and board.world.plant.i_peak_a < 1e-6
assert board.world.files == before
print((count, len(values) * 8))
"""


# Reading 2 is as found, 30 as left: that is most of a calibration, and each of these takes long.
# Every step in one process: ../calibration/test_interrupted.py.
INTERRUPTED = [("ctrl-c", 2), ("power", 2)]
if os.environ.get("IONWAND_SLOW"):
    INTERRUPTED += [("ctrl-c", 30), ("power", 30)]


@pytest.fixture
def wand(tmp_path):
    wand = BenchWand(tmp_path, 5)
    with wand.running():
        yield wand


def kept(wand):
    return {path.name: path.read_bytes() for path in wand.records.iterdir()}


def few(wand, out):
    return wand.calibrate(out, "--points", "50,200,500")


@pytest.mark.req("F-13", "S-15", "S-20")
def test_status_faults_and_selftest(wand):
    said = wand.call("status", fixture=False)
    assert said.exit_code == 1 and "calibration; first: calibration" in said.stdout
    assert "57414e4430303035" in said.stdout and "MicroPython 1." in said.stdout
    said = wand.call("faults", "--clear")
    assert said.exit_code == 1 and "permanent: find the cause" in said.stdout
    assert "stays until the wand has one" in said.stderr
    said = wand.call("selftest")
    assert said.exit_code == 0 and said.stdout.count("passed") == sum(map(len, STAGES))


@pytest.mark.req("F-13", "R-07")
def test_hostile_arguments_change_nothing(wand):
    with link.connect(wand.board.port) as cable:
        count, wanted = ast.literal_eval(cable.run(HOSTILE))
    assert count == wanted


@pytest.mark.req("F-13")
def test_plain_mpremote_gets_the_status_too(wand):
    with link.connect(wand.board.port) as cable:
        said = cable.run("from firmware import console; console.status()")
    assert "board: '57414e4430303035'" in said


@pytest.mark.req("F-01", "F-13")
def test_polarity_with_a_typed_reading(wand, monkeypatch):
    # A person: hands where they are needed, numbers typed, a slip among them.
    wand.hands("connect", 4700)
    converse = wand_on_bench.Bench._converse

    def held(self, code, heard):
        wand.order("hold", 1.8)
        converse(self, code, heard)

    monkeypatch.setattr(wand_on_bench.Bench, "_converse", held)
    said = wand.call("polarity", fixture=False, text="\nabout a hundred\n-99,8\n99.8\n")
    assert said.exit_code == 0, said.output
    assert "is no number" in said.stdout and said.stdout.count("right") == 2


@pytest.mark.req("F-01")
def test_polarity_refuses_a_wand_wired_the_wrong_way_round(tmp_path):
    wand = BenchWand(tmp_path, 6, swapped=True)
    with wand.running():
        said = wand.call("polarity", meter=True)
        assert said.exit_code == 1 and said.stdout.count("WRONG") == 2
        assert "must not be used" in said.stderr
        said = few(wand, tmp_path / "out")
        assert said.exit_code == 1 and "wrong polarity" in said.stderr
    assert "calibration.a" not in kept(wand)


@pytest.mark.req("S-12", "R-06")
@pytest.mark.parametrize("how, reading", INTERRUPTED)
def test_interrupted_it_is_off_with_the_old_or_the_new_calibration(tmp_path, how, reading):
    wand = BenchWand(tmp_path, 5)
    count = [0]

    def meter(amperes):
        count[0] += 1
        if count[0] == 2 * reading:
            if how == "ctrl-c":
                raise KeyboardInterrupt
            wand.board.lose_power()
        return amperes

    with wand.running():
        wand.wrong = meter
        said = few(wand, tmp_path / "out")
        assert said.exit_code == (130 if how == "ctrl-c" else 1), said.output
        assert count[0] >= 2 * reading and not list((tmp_path / "out").iterdir())
        wand.wrong = lambda amperes: amperes
        assert abs(wand.amperes()) < 1e-6
        said = wand.call("status", fixture=False)
        assert ("valid" in said.stdout) == (reading == 30)


@pytest.mark.req("R-07")
def test_command_lines_that_cannot_be(tmp_path):
    for words, said in (
        (["calibrate", "--loads", "2.2k,oops"], "is no number"),
        (["calibrate", "--loads", "2.2k,4.7k"], "three or more"),
        (["calibrate", "--points", "50.5,200,500"], "whole numbers"),
        (["calibrate", "--fixture", "true"], "needs a --meter"),
        (["calibrate", "--out", "/proc/none", "--port", "x"], "--out"),
        (["calibrate", "--out", str(tmp_path), "--meter", "GPIB0::9::INSTR", "--visa", "@none"],
         "--meter"),
        (["polarity", "--load", "1k,2k"], "one load"),
        (["calibrate", "--burden", "nan"], "no number from 0 to 2000"),
        (["calibrate", "--meter-ppm", "nan"], "no number from 1 to 10000"),
        (["calibrate", "--points", "50,50,500"], "three or more"),
        (["calibrate", "--who", "a\nb"], "who: one line"),
        (["calibrate", "--who", "\udcff"], "who: one line"),
        (["calibrate", "--notes", "x" * 501], "notes: one line"),
        (["polarity", "--load", "1"], "allowed are 2000 to"),
        (["selftest", "--fixture", "'"], "No closing quotation"),
        (["selftest", "--fixture", " "], "names no command"),
        (["status", "--port", str(tmp_path / "none")], "plugged in"),
    ):  # fmt: skip
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2 and said in done.stderr, (words, done.stderr)
        assert done.stderr.count("\n") == 1


@pytest.mark.req("F-13")
def test_auto_takes_the_first_usb_port(monkeypatch):
    from serial.tools import list_ports
    from serial.tools.list_ports_common import ListPortInfo

    def port(name, vid):
        found = ListPortInfo(name, skip_link_detection=True)
        found.vid = found.pid = vid
        return found

    monkeypatch.setattr(list_ports, "comports", lambda: [port("/dev/ttyS0", None)])
    assert "no USB serial port" in CliRunner().invoke(main, ["status"]).stderr
    ports = [port("/dev/ttyS0", None), port("/dev/ttyACM1", 11914), port("/dev/ttyACM0", 11914)]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)
    assert link.find("auto") == "/dev/ttyACM0" and link.find("/dev/x") == "/dev/x"


@pytest.mark.req("S-15")
def test_outcomes_claim_no_more_than_was_tried():
    assert {row[2] for row in outcomes("")} == {"passed"}
    by_name = {name: outcome for name, _, outcome in outcomes("dac")}
    assert by_name["rail"] == "passed" and by_name["dac"] == "FAILED"
    assert by_name["sense_mismatch"] == by_name["gate_m2"] == "not tried"
    assert outcomes("over_current")[-1][2] == "FAILED"
    assert {row[2] for row in outcomes("over_current")[:-1]} == {"not tried"}
