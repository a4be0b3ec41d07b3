"""`--port simulated`: the bench without hardware, command by command, as a newcomer meets it."""

import csv
import json

import pytest
from click.testing import CliRunner

from ionwand.cli import main
from ionwand.device.pty_board import MICROPYTHON
from ionwand.treatments.blackbox_read import Row

pytestmark = pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.setenv("IONWAND_SIMULATED", str(tmp_path / "wands"))
    monkeypatch.setenv("IONWAND_DB", "")

    def call(*words, code=0):
        done = CliRunner().invoke(main, [str(one) for one in words])
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done

    return call


PORT = ("--port", "simulated", "--parts")


@pytest.mark.req("F-13")
def test_a_whole_calibration_with_its_certificate(call, tmp_path):
    out = tmp_path / "out"
    assert "none: no output before" in call("status", *PORT, 7, code=1).stdout
    said = call("calibrate", *PORT, 7, "--meter", "simulated", "--yes", "--who", "A. Newcomer",
                "--points", "50,200,500", "--out", out)  # fmt: skip
    assert "as left: worst error" in said.stdout and "faults cleared" in said.stdout
    (record,) = out.glob("calibration-*.json")
    assert json.loads(record.read_text())["notes"] == "Simulated: no wand was measured."
    call("certificate", record, "-o", out)
    assert len(list(out.glob("certificate-*"))) == 3
    assert "valid" in call("status", *PORT, 7).stdout  # it stays from one command to the next
    assert "none: no output before" in call("status", *PORT, 10, code=1).stdout  # another wand


@pytest.mark.req("F-11", "F-13", "S-15")
def test_a_fault_in_the_middle_of_a_treatment_leaves_journal_and_black_box(call, tmp_path):
    said = call("journal", "show", *PORT, 7, "--fault", "rset_short").stdout
    assert "fault: over_current" in said
    said = call("journal", "blackbox", *PORT, 7).stdout
    assert "comparator" in said and "treating" in said and " +0 " in said
    assert "this is how it looks with: R_SET, shorted" in said
    for name in ("b.csv", "b.png", "b.svg"):
        assert "rows" in call("journal", "blackbox", *PORT, 7, tmp_path / name).stdout
    rows = list(csv.DictReader((tmp_path / "b.csv").open()))
    assert tuple(rows[0]) == Row._fields and len(rows) == 500
    fault = next(i for i, row in enumerate(rows) if int(row["t_ms"]) >= 0)
    assert rows[fault - 1]["gate"] == "1" and rows[fault]["gate"] == "0"
    assert all(row["state"] == "fault" for row in rows[fault:])
    assert -2100 < int(rows[0]["t_ms"]) < -1900 and 400 < int(rows[-1]["t_ms"]) < 600
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")
    call("journal", "report", *PORT, 7, tmp_path / "r.html")
    assert "Around the fault" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "no black box" in call("journal", "blackbox", *PORT, 7, "--session", 9, code=2).stderr
    assert "FAILED" in call("selftest", *PORT, 11, "--fault", "rset_open", code=1).stdout


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("status", "--port", "/dev/none", "--skin", "dry"), "--skin is for --port simulated"),
        (("status", *PORT, "0"), "--parts"),
        (("status", *PORT, "1", "--fault", "bogus"), "allowed are"),
        (("status", *PORT, "1", "--skin", "bogus"), "allowed are"),
        (("calibrate", "--meter", "simulated"), "in series with --port simulated alone"),
        (("journal", "blackbox", "x.pdf", *PORT, "1"), "written as .csv, .png or .svg"),
    ],
)
def test_what_can_not_be_is_one_line(call, words, says):
    done = call(*words, code=2)
    assert says in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.req("S-11", "F-13")
def test_a_processor_that_hangs_is_reset_and_the_wand_answers(call):
    said = call("journal", "blackbox", *PORT, 13, "--fault", "mcu_hang").stdout
    assert said.startswith("no black box: ") and said.count("\n") == 1
    # What hung wrote nothing: that is no word about whether somebody was treated.
    assert "no session has come to its end" in call(
        "journal", "show", *PORT, 15, "--fault", "mcu_hang").stdout  # fmt: skip
    assert "first: heartbeat" in call("faults", *PORT, 14, "--fault", "mcu_hang", code=1).stdout


@pytest.mark.req("F-13")
def test_one_command_a_wand(call, tmp_path):
    import fcntl

    (tmp_path / "wands" / "7").mkdir(parents=True)
    with open(tmp_path / "wands" / "7" / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another command works on wand 7" in call("status", *PORT, 7, code=2).stderr


@pytest.mark.req("F-13")
def test_elsewhere_it_says_what_it_needs(call, monkeypatch):
    from ionwand.device import simulated

    monkeypatch.setattr(simulated.sys, "platform", "win32")
    assert "needs Linux" in call("status", *PORT, 7, code=2).stderr
