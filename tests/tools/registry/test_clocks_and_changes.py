"""Wrong clocks, days at both sides of midnight, wands renamed, boards exchanged, backups."""

import json
import shutil
import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ionwand import clock, registry
from ionwand.calibration import certificate_page
from ionwand.calibration.certificate_sample import result as sample
from ionwand.calibration.result import from_json
from ionwand.cli import main
from ionwand.registry import due

A, B, C = "e660583883724a2f", "aaaa583883724a2f", "bbbb583883724a2f"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path, monkeypatch):
    place = f"sqlite:///{tmp_path / 'fleet.sqlite'}"
    monkeypatch.setenv("IONWAND_DB", place)
    return place


@pytest.fixture
def at(monkeypatch):
    """What this computer's clock says."""
    said = [NOW]
    monkeypatch.setattr(clock, "now", lambda: said[0])
    return lambda moment: said.__setitem__(0, moment)


@pytest.fixture
def tokyo(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def call(*args, code=0):
    done = CliRunner().invoke(main, [str(one) for one in args])
    assert done.exit_code == code, done.output
    return done


def one_line(*args):
    done = call(*args, code=2)
    assert done.stdout == "" and done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("wrong", ["2099-03-01", "1970-01-01", "2031-05-01", "2024-02-29"])
@pytest.mark.parametrize("before", [True, False])
def test_a_clock_that_was_wrong_hides_no_wand(url, at, wrong, before):
    with registry.open(url) as fleet:
        if before:
            fleet.keep_calibration(sample(A, "2026-11-01T10:00:00+00:00", 1))
        at(datetime.fromisoformat(f"{wrong}T10:00:00+00:00"))
        fleet.keep_calibration(sample(A, f"{wrong}T10:00:00+00:00", 2))
        fleet.saw(A)
        at(NOW)
        fleet.saw(A)
        wand = fleet.wand(A)
        assert wand.last_seen == NOW and due.on(wand) <= NOW.date()
    said = call("fleet", "due")
    assert A in said.stdout and "1 wands due" in said.stdout
    # The next one, with the right date, is what counts from then on.
    at(NOW + timedelta(days=1))
    with registry.open(url) as fleet:
        fleet.keep_calibration(sample(A, "2026-11-27T10:00:00+00:00", 3))
        assert due.on(fleet.wand(A)) == date(2027, 11, 27)
    assert "0 wands due" in call("fleet", "due").stdout


@pytest.mark.parametrize("year", [1970, 2099, 2012])
def test_a_clock_that_can_not_be_right_is_told(url, at, year):
    with registry.open(url) as fleet:
        fleet.saw(A)
        at(datetime(year, 3, 1, tzinfo=UTC))
        fleet.saw(A)
        assert fleet.wand(A).last_seen == fleet.wand(A).first_seen == NOW
    assert f"clock says {year}-03-01" in one_line("fleet", "due")
    said = call("fleet", "list")
    assert f"clock says {year}-03-01" in said.stderr and A in said.stdout


@pytest.mark.parametrize(
    ("when", "day", "again"),
    [
        ("2026-03-01T08:00:00+09:00", "2026-03-01", "2027-03-01"),  # 28 February in UTC
        ("2026-02-28T23:30:00-08:00", "2026-02-28", "2027-02-28"),  # 1 March in UTC
        ("2027-02-28T12:00:00+00:00", "2027-02-28", "2028-02-28"),
        ("2028-02-29T12:00:00+00:00", "2028-02-29", "2029-02-28"),
        ("2028-02-28T00:30:00+13:00", "2028-02-28", "2029-02-28"),
    ],
)
def test_one_day_in_certificate_and_registry(url, tokyo, when, day, again):
    result = sample(A, when)
    with registry.open(url) as fleet:
        fleet.keep_calibration(result)
        (kept,) = fleet.wand(A).calibrations
    assert certificate_page.page(result).date == day == str(kept.day)
    assert str(kept.due_on) == again
    assert f" {day} " in call("fleet", "show", A).stdout


def test_two_certificates_a_day_are_told_apart(url, tmp_path):
    with registry.open(url) as fleet:
        for hour, seed in ((9, 1), (15, 2)):
            fleet.keep_calibration(sample(A, f"2026-05-04T{hour:02}:00:00+02:00", seed))
    said = call("fleet", "show", A).stdout
    numbers = [word for word in said.split() if word.startswith("724A2F-20260504-")]
    assert len(set(numbers)) == 2
    for number, which in zip(numbers, ("1", "2")):
        call("fleet", "show", A, "--certificate", tmp_path, "--calibration", which)
        assert any(number in path.read_text() for path in tmp_path.glob("*.html"))
    assert len(list(tmp_path.glob("*.pdf"))) == 2


def test_a_wand_is_named_and_renamed(url):
    with registry.open(url) as fleet:
        fleet.saw(A)
        fleet.saw(B)
    call("fleet", "name", "e66", "Room 1")
    assert "Room 3, before Room 1" in call("fleet", "name", "room 1", "Room 3").stdout
    said = call("fleet", "show", "Room 3").stdout
    assert A in said and "named 'Room 3', before 'Room 1'" in said
    assert "stands on board" in one_line("fleet", "name", B, "Room 3")
    assert "one line" in one_line("fleet", "name", B, "x" * 41)
    assert "one line" in one_line("fleet", "name", B, "a\nb")
    call("fleet", "name", A, "")
    call("fleet", "name", B, "Room 3")
    assert "has not been seen" in one_line("fleet", "name", "Room 1", "x")


def test_a_board_is_exchanged(url):
    with registry.open(url) as fleet:
        fleet.keep_calibration(sample(A, "2024-05-04T10:00:00+02:00"))
        fleet.saw(B)
        fleet.saw(C)
    call("fleet", "name", A, "Room 1")
    assert f"replaced by {B}" in call("fleet", "exchange", A, B).stdout
    call("fleet", "exchange", A, B)
    said = call("fleet", "due").stdout
    assert A not in said and B in said and "Room 1" in said
    said = call("fleet", "show", "Room 1").stdout
    assert f"replaces board {A}, named 'Room 1'" in said
    assert f"replaced by {B}" in call("fleet", "show", A).stdout
    for words in ((A, C), (A, A), (B, A)):
        assert "replace" in one_line("fleet", "exchange", *words)


# --- what was kept by an older program, and what is brought back ---
@pytest.fixture
def old(tmp_path, url):
    """A registry as revision 0001 of this project kept it."""
    with sqlite3.connect(tmp_path / "fleet.sqlite") as raw:
        raw.executescript((Path(__file__).parent / "registry_0001.sql").read_text())
    raw.close()
    return url


def rows(path, table, columns):
    with sqlite3.connect(path) as raw:
        return raw.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


COLUMNS = {
    "wand": "id, board_id, first_seen, last_seen",
    "wand_calibration": "id, wand_id, digest, at, due_on, who, firmware, meter, found_ok, "
    "found_worst_na, left_ok, left_worst_na, expanded_u_na, result",
    "wand_selftest": "*", "wand_session": "*", "wand_version": "*",
}  # fmt: skip


def test_an_older_registry_is_upgraded_and_loses_nothing(old, tmp_path):
    path = tmp_path / "fleet.sqlite"
    before = {name: rows(path, name, columns) for name, columns in COLUMNS.items()}
    assert [len(one) for one in before.values()] == [2, 3, 2, 2, 4]
    with registry.open(old) as fleet:
        kept = fleet.wand(A).calibrations
        assert [str(one.day) for one in kept] == ["2026-02-27", "2026-03-01"]
        assert all(from_json(one.result).board_id == A for one in kept)
        assert fleet.wand(A).name == "" and fleet.wand(A).events == []
    assert {name: rows(path, name, columns) for name, columns in COLUMNS.items()} == before


def test_backup_and_restore(old, tmp_path):
    call("fleet", "name", A, "Room 1")
    call("fleet", "exchange", B, A)
    copy = tmp_path / "copy.sqlite"
    assert "2 wands, 14 records" in call("fleet", "backup", copy).stdout
    assert sorted(one.name for one in tmp_path.glob("copy*")) == ["copy.sqlite"]
    moved = tmp_path / "moved.sqlite"
    shutil.move(copy, moved)
    whole = call("fleet", "export", tmp_path / "a.json").stdout and json.loads(
        (tmp_path / "a.json").read_text()
    )
    for one in tmp_path.glob("fleet.sqlite*"):
        one.unlink()
    assert "14 records that were not there" in call("fleet", "restore", moved).stdout
    assert " 0 records that were not there" in call("fleet", "restore", moved).stdout
    call("fleet", "export", tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text()) == whole


def test_backups_that_cannot_be(old, tmp_path):
    assert "--db: " in one_line("fleet", "backup", tmp_path / "none" / "x.sqlite")
    assert "there is no registry" in one_line("fleet", "restore", tmp_path / "none.sqlite")
    (tmp_path / "x.sqlite").write_text("no database, but long enough to be taken for one" * 20)
    assert "no SQLite database" in one_line("fleet", "restore", tmp_path / "x.sqlite")
    assert "nothing to show" in one_line("fleet", "backup", tmp_path / "y", "--db", "none")
