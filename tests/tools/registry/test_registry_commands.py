"""`ionwand fleet`, and the commands that meet a wand: what they keep, what never stops them."""

import contextlib
import csv
import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from treated_wand import MAIN

from ionwand import registry
from ionwand.calibration import certificate_read, procedure
from ionwand.calibration.certificate_sample import result as sample
from ionwand.cli import main
from ionwand.device.pty_board import MICROPYTHON, PtyBoard
from ionwand.instruments import meter, wand_on_bench

BOARD = "e660583883724a2f"
LATE, NEVER = "aaaa583883724a2f", "bbbb583883724a2f"


@pytest.fixture
def url(tmp_path, monkeypatch):
    place = f"sqlite:///{tmp_path / 'fleet.sqlite'}"
    monkeypatch.setenv("IONWAND_DB", place)
    return place


def days_ago(days):
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


@pytest.fixture
def fleet(url):
    """One wand in order, one nearly due, one never calibrated."""
    with registry.open(url) as opened:
        opened.keep_calibration(sample(BOARD, days_ago(400), seed=1))
        opened.keep_calibration(sample(BOARD, days_ago(10), seed=2))
        opened.keep_calibration(sample(LATE, days_ago(350), seed=3))
        opened.keep_selftest(NEVER, "rail", {"rail": "FAILED"}, "0.0.9")
    return url


def call(*args, code=0):
    done = CliRunner().invoke(main, [str(one) for one in args])
    assert done.exit_code == code, done.output
    return done


def refused(*args):
    done = call(*args, code=2)
    assert done.stdout == "" and done.stderr.count("\n") == 1
    return done.stderr.removeprefix("ionwand: ").strip()


def test_list_shows_each_wand(fleet):
    said = call("fleet", "list").stdout
    lines = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert "pass" in lines[BOARD] and "0.1.0" in lines[BOARD]
    assert "never calibrated" in lines[NEVER] and "rail" in lines[NEVER]
    assert "3 wands in" in said


def test_due_begins_with_the_most_urgent(fleet):
    def boards(*args):
        said = call("fleet", "due", *args).stdout.splitlines()
        return [line.split()[0] for line in said if line.strip()[:4] in ("e660", "aaaa", "bbbb")]

    assert boards() == [NEVER, LATE]
    assert boards("--within", "3d") == [NEVER]
    assert boards("--within", "1y") == [NEVER, LATE, BOARD]


@pytest.mark.parametrize("within", ["", "x", "-3d", "3.5d", "99999999d", "30 d", "99999y"])
def test_due_within_what(fleet, within):
    assert "write 30d, 8w, 3m or 1y" in refused("fleet", "due", "--within", within)


def test_show_has_the_history_and_writes_certificates(fleet, tmp_path):
    said = call("fleet", "show", BOARD[:4]).stdout
    assert "A. Technician" in said and said.count("pass") == 2
    newest, first = tmp_path / "newest", tmp_path / "first"
    call("fleet", "show", BOARD, "--certificate", newest)
    call("fleet", "show", BOARD, "--certificate", first, "--calibration", 1)
    records = [certificate_read.load(next(folder.glob("*.json"))) for folder in (first, newest)]
    assert records[0].when < records[1].when
    assert {path.suffix for path in newest.iterdir()} == {".html", ".pdf", ".json"}


def test_show_refuses(fleet, tmp_path):
    assert refused("fleet", "show", "ffff") == (
        "board 'ffff' has not been seen: `ionwand fleet list` shows who was"
    )
    out = tmp_path / "out"
    assert "has not been calibrated" in refused("fleet", "show", "bbbb", "--certificate", out)
    assert "no calibration 9, there are 2" in refused(
        "fleet", "show", BOARD, "--certificate", out, "--calibration", 9
    )
    assert "give --certificate" in refused("fleet", "show", BOARD, "--calibration", 1)
    assert not out.exists()


def test_what_was_typed_orders_no_terminal_and_no_spreadsheet(url, tmp_path):
    typed = "[red]\x1b[2J=cmd()"
    with registry.open(url) as fleet:
        fleet.keep_calibration(dataclasses.replace(sample(), who=typed, firmware="=1+1"))
    said = call("fleet", "show", BOARD).stdout
    assert "\x1b" not in said and "[red]\ufffd[2J" in said
    call("fleet", "export", tmp_path / "c.csv", "--table", "calibrations")
    (row,) = csv.DictReader((tmp_path / "c.csv").open())
    assert row["firmware"] == "'=1+1" and row["who"] == typed


def test_export_of_each_table(fleet, tmp_path):
    found = {}
    for part in ("wands", "versions", "calibrations", "selftests", "sessions"):
        path = tmp_path / f"{part}.csv"
        call("fleet", "export", path, "--table", part)
        found[part] = list(csv.DictReader(path.open()))
    assert [len(found[part]) for part in found] == [3, 3, 3, 1, 0]
    by_board = {row["board_id"]: row for row in found["wands"]}
    assert by_board[BOARD]["left_ok"] == "True" and by_board[NEVER]["due_on"] == ""
    assert found["selftests"][0]["fault"] == "rail"
    call("fleet", "export", tmp_path / "all.json")
    assert len(json.loads((tmp_path / "all.json").read_text())["wands"]) == 3


def test_export_refuses(fleet, tmp_path):
    assert refused("fleet", "export", "x.txt") == "x.txt: an export is .json or .csv"
    assert "No such file" in refused("fleet", "export", tmp_path / "no" / "x.csv")


def test_nothing_to_show_yet(url, tmp_path):
    assert "there is no registry; the first" in refused("fleet", "list")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def wand(tmp_path, root):
    if MICROPYTHON is None:
        pytest.skip("MicroPython's Unix port is not installed")
    folder = tmp_path / "wand"
    folder.mkdir()
    who = f"    def identity(self): return bytes.fromhex({BOARD!r})\n    files = {{}}"
    (folder / "main.py").write_text((MAIN % str(root)).replace("    files = {}", who))
    with PtyBoard(folder) as board:
        board.wait_for(b"waiting")
        yield board


@pytest.mark.pty
def test_a_pulled_journal_is_kept(wand, url, tmp_path):
    said = call("journal", "pull", tmp_path / "j.csv", "--port", wand.port)
    assert "1 sessions" in said.stdout and said.stderr == ""
    with registry.open(url) as fleet:
        (kept,) = fleet.wand(BOARD).sessions
    assert (kept.number, kept.ended, kept.dose_uc) == (1, "complete", 5000)


@pytest.mark.pty
def test_a_registry_that_fails_stops_no_pull(wand, tmp_path):
    path = tmp_path / "j.csv"
    said = call("journal", "pull", path, "--port", wand.port, "--db", "sqlite:////no/where.sqlite")
    assert said.stderr.startswith("ionwand: not kept in the registry: ")
    assert said.stderr.count("\n") == 1
    assert len(path.read_text().splitlines()) > 1


@pytest.mark.pty
def test_a_wand_that_is_flashed_was_seen(wand, url, root):
    call("flash", "--show", "--port", wand.port)
    with registry.open(url) as fleet:
        assert fleet.wand(BOARD).last_seen


class OnTheBench:
    """Of calibration/bench.py's Bench what status and selftest use."""

    def __init__(self, fault):
        self.fault = fault

    def status(self):
        return {
            "board": BOARD, "firmware": "0.3.0", "micropython": "1.29.0", "files": "",
            "state": "idle", "output": False, "faults": [], "first_fault": "",
            "battery_mv": 3900, "vbus": False, "calibrated": True, "calibration": (0,) * 8,
            "products": 3, "sessions": (1, 0), "free_heap": 90_000,
        }  # fmt: skip

    def call(self, function):
        assert function == "selftest"
        return self.fault


def on_the_bench(monkeypatch, fault=""):
    @contextlib.contextmanager
    def opened(port):
        yield OnTheBench(fault)

    monkeypatch.setattr(wand_on_bench, "opened", opened)


def test_status_was_seeing_it(url, monkeypatch):
    on_the_bench(monkeypatch)
    call("status")
    with registry.open(url) as fleet:
        assert [one.firmware for one in fleet.wand(BOARD).versions] == ["0.3.0"]


@pytest.mark.parametrize("fault", ["", "rail"])
def test_a_selftest_is_kept_by_its_parts(url, monkeypatch, fault):
    on_the_bench(monkeypatch, fault)
    call("selftest", "--fixture", "true", code=1 if fault else 0)
    with registry.open(url) as fleet:
        (kept,) = fleet.wand(BOARD).selftests
    assert (kept.fault, kept.firmware) == (fault, "0.3.0")
    assert kept.results["rail"] == ("FAILED" if fault else "passed")


def test_a_calibration_is_kept_even_where_its_file_is_not(url, monkeypatch, tmp_path):
    on_the_bench(monkeypatch)
    monkeypatch.setattr(procedure, "calibrate", lambda *_: sample())
    monkeypatch.setattr(meter, "open_meter", lambda *_: meter.Manual())
    common = ("calibrate", "--fixture", "true", "--meter", "M", "--out", tmp_path / "out")
    assert "result: " in call(*common).stdout
    (path,) = (tmp_path / "out").iterdir()
    assert certificate_read.load(path) == sample()
    path.unlink()
    path.mkdir()
    call(*common, code=2)
    with registry.open(url) as fleet:
        assert len(fleet.wand(BOARD).calibrations) == 1


def test_a_folder_of_records_names_no_wand(url, tmp_path):
    (tmp_path / "records").mkdir()
    call("journal", "pull", tmp_path / "j.csv", "--file", tmp_path / "records")
    assert not (tmp_path / "fleet.sqlite").exists()
