"""The registry on SQLite: what it keeps, twice and at once; and one line for what it refuses."""

import dataclasses
import json
import multiprocessing
import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from ionwand import registry
from ionwand.calibration import certificate_sample
from ionwand.calibration.result import from_json
from ionwand.cli import main
from ionwand.errors import BadInput, RunFailed
from ionwand.registry import address, models, upgrade

BOARD = "e660583883724a2f"
OTHER = "e660583883725555"
AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def a_session(number, **other):
    return {
        "number": number, "product": "vitamin-c", "end": "complete", "dose_uc": 150_000,
        "output_ms": 600_000, "session_ms": 610_000, "mean_ua": 249, "setpoint_ua": 250,
        "firmware": 0x000100, "series": [[250, 249, 50_000]],
    } | other  # fmt: skip


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'fleet.sqlite'}"


@pytest.fixture
def fleet(url):
    with registry.open(url) as opened:
        yield opened


def test_a_wand_is_seen_with_its_versions(fleet):
    fleet.saw(BOARD.upper(), "0.1.0", AT)
    fleet.saw(BOARD, "0.2.0", AT + timedelta(days=2))
    fleet.saw(BOARD, "0.1.0", AT + timedelta(days=1))
    (wand,) = fleet.wands()
    assert (wand.board_id, wand.first_seen, wand.last_seen) == (BOARD, AT, AT + timedelta(days=2))
    assert [(one.firmware, one.first_seen, one.last_seen) for one in wand.versions] == [
        ("0.1.0", AT, AT + timedelta(days=1)),
        ("0.2.0", AT + timedelta(days=2), AT + timedelta(days=2)),
    ]


def test_calibrations_are_history_and_come_back_whole(fleet):
    first = certificate_sample.result(when="2025-05-04T10:00:00+02:00", seed=1)
    second = certificate_sample.result(when="2026-05-04T10:00:00+02:00", seed=2)
    assert fleet.keep_calibration(second) and fleet.keep_calibration(first)
    assert not fleet.keep_calibration(first)
    kept = fleet.wand(BOARD).calibrations
    assert [from_json(one.result) for one in kept] == [first, second]
    assert [one.due_on for one in kept] == [date(2026, 5, 4), date(2027, 5, 4)]
    assert (kept[0].found_ok, kept[0].left_ok) == (False, True)
    assert kept[0].left_worst_na == first.left.worst_error_na
    assert fleet.wand(BOARD).versions[0].firmware == first.firmware


def test_due_is_said_or_at_once_where_the_wand_was_left_outside(fleet):
    result = certificate_sample.result()
    fleet.keep_calibration(result, due_on=date(2026, 8, 1))
    bad = dataclasses.replace(result, left=dataclasses.replace(result.left, ok=False))
    fleet.keep_calibration(bad)
    assert [one.due_on for one in fleet.wand(BOARD).calibrations] == [
        date(2026, 8, 1), date(2026, 5, 4),
    ]  # fmt: skip


def test_selftests_by_name(fleet):
    assert fleet.keep_selftest(BOARD, "", {"rail": "passed"}, "0.1.0", AT)
    assert not fleet.keep_selftest(BOARD, "", {"rail": "passed"}, "0.1.0", AT)
    assert fleet.keep_selftest(BOARD, "rail", {"rail": "FAILED"}, "0.1.0", AT)
    assert [(one.fault, one.results) for one in fleet.wand(BOARD).selftests] == [
        ("", {"rail": "passed"}), ("rail", {"rail": "FAILED"}),
    ]  # fmt: skip


def test_pulling_twice_adds_nothing(fleet):
    assert fleet.keep_sessions(BOARD, [a_session(1), a_session(2)]) == 2
    assert fleet.keep_sessions(BOARD, [a_session(1), a_session(2), a_session(3)]) == 1
    # What a later program reads besides makes no other session of it.
    assert fleet.keep_sessions(BOARD, [a_session(1, new_field=1)]) == 0
    assert [one.number for one in fleet.wand(BOARD).sessions] == [1, 2, 3]
    assert fleet.wand(BOARD).sessions[0].data == a_session(1)


def test_a_wiped_wand_counts_from_one_again_and_loses_nothing(fleet):
    fleet.keep_sessions(BOARD, [a_session(1)])
    assert fleet.keep_sessions(BOARD, [a_session(1, dose_uc=90_000)]) == 1
    assert [one.dose_uc for one in fleet.wand(BOARD).sessions] == [150_000, 90_000]


def test_half_of_it_is_none_of_it(fleet):
    with pytest.raises(RunFailed):
        fleet.keep_sessions(BOARD, [a_session(1), a_session(2, dose_uc=None)])
    assert fleet.wands() == []


def test_a_wand_by_its_first_digits(fleet):
    fleet.saw(BOARD)
    fleet.saw(OTHER)
    assert fleet.wand("E66058388372 4a".replace(" ", "")).board_id == BOARD
    with pytest.raises(BadInput, match="may be e660.*: give more digits"):
        fleet.wand("e66")
    for nobody in ("ffff", "", "%", "_"):
        with pytest.raises(BadInput, match="has not been seen"):
            fleet.wand(nobody)


@pytest.mark.req("R-07")
@pytest.mark.parametrize("board_id", ["", "e66", "g" * 16, "e" * 17, "../../etc/passwd", None, 5])
def test_hostile_board_ids_change_nothing(fleet, board_id):
    with pytest.raises(BadInput, match="16 hexadecimal digits"):
        fleet.saw(board_id)
    assert fleet.wands() == []


@pytest.mark.req("R-07")
def test_a_calibration_with_nan_is_refused(fleet):
    result = dataclasses.replace(certificate_sample.result(), expanded_u_na=float("nan"))
    with pytest.raises(BadInput, match="infinite or none at all"):
        fleet.keep_calibration(result)
    assert fleet.wands() == []


# --- several benches at once ---
BENCHES, ROUNDS = 5, 8


def bench(url, number, start, failed):
    """One process: opens by itself, so that the first migration is fought over too."""
    try:
        start.wait()
        with registry.open(url) as fleet:
            for turn in range(ROUNDS):
                mine = 1000 + number * 100 + turn
                fleet.keep_sessions(BOARD, [a_session(turn), a_session(mine)])
                fleet.keep_selftest(BOARD, "", {"bench": number, "turn": turn})
                fleet.saw(f"{number:016x}", f"0.{turn}.0")
    except BaseException as error:
        failed.put(f"bench {number}: {error!r}")
        raise


def at_once(url):
    """BENCHES processes write what overlaps; every one of them succeeds."""
    context = multiprocessing.get_context("spawn")
    start, failed = context.Barrier(BENCHES), context.Queue()
    benches = [
        context.Process(target=bench, args=(url, number, start, failed))
        for number in range(BENCHES)
    ]
    for one in benches:
        one.start()
    for one in benches:
        one.join()
    assert failed.empty(), failed.get()
    assert [one.exitcode for one in benches] == [0] * BENCHES


def nothing_is_lost(url):
    with registry.open(url) as fleet:
        wands = {one.board_id: one for one in fleet.wands()}
        assert len(wands) == 1 + BENCHES
        common = wands[BOARD]
        numbers = [one.number for one in common.sessions]
        assert numbers == sorted({*numbers}) and len(numbers) == ROUNDS + BENCHES * ROUNDS
        assert len(common.selftests) == BENCHES * ROUNDS
        for number in range(BENCHES):
            assert len(wands[f"{number:016x}"].versions) == ROUNDS


def test_nothing_is_lost_when_benches_write_at_once(url):
    at_once(url)
    nothing_is_lost(url)


# --- the database itself ---
def test_migrations_make_the_models_tables(fleet, url):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with create_engine(url).connect() as connection:
        options = {"version_table": upgrade.REVISION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, models.Base.metadata) == []


def test_sqlite_writes_ahead_and_survives_a_cut(fleet, tmp_path):
    with sqlite3.connect(tmp_path / "fleet.sqlite") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def refusal(url, **how):
    with pytest.raises(BadInput) as caught:
        registry.open(url, **how)
    line = str(caught.value)
    assert "\n" not in line and line.startswith("--db: ")
    return line


def test_a_newer_registry_is_refused_and_left_alone(fleet, url, tmp_path):
    with sqlite3.connect(tmp_path / "fleet.sqlite") as raw:
        raw.execute(f"UPDATE {upgrade.REVISION_TABLE} SET version_num = '0999'")
    line = refusal(url)
    assert "its revision is 0999" in line and f"knows up to {upgrade.newest()}" in line
    with sqlite3.connect(tmp_path / "fleet.sqlite") as raw:
        assert raw.execute(f"SELECT * FROM {upgrade.REVISION_TABLE}").fetchall() == [("0999",)]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("fleet.sqlite", "'fleet.sqlite' is no database URL: write e.g. sqlite:///"),
        ("", "is no database URL"),
        ("sqlite://", "would keep nothing"),
        ("sqlite:///:memory:", "would keep nothing"),
        ("oracle9://x/y", "there is no database 'oracle9'"),
        ("sqlite+nothing:///x", "there is no database 'sqlite+nothing'"),
        ("sqlite:////nowhere/at/all.sqlite", "it cannot be opened: is the folder there"),
    ],
)
def test_bad_urls_are_one_line(url, words):
    assert words in refusal(url)


def test_a_password_is_not_shown():
    assert "secret" not in refusal("postgresql:/me:secret@host/fleet")
    assert "secret" not in refusal("oracle9://me:secret@host/fleet")


def test_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "x.sqlite"
    path.write_text("no database, but long enough to be taken for one" * 20)
    assert f"{path}: it is no SQLite database" in refusal(f"sqlite:///{path}")
    assert "no database" in path.read_text()


def test_reading_begins_no_registry(tmp_path):
    path = tmp_path / "typo.sqlite"
    assert "there is no registry" in refusal(f"sqlite:///{path}", create=False)
    assert not path.exists()


def test_a_read_only_registry_tells_but_keeps_nothing(fleet, tmp_path):
    fleet.saw(BOARD)
    fleet.close()
    url = f"sqlite:///file:{tmp_path / 'fleet.sqlite'}?mode=ro&uri=true"
    with registry.open(url) as frozen:
        assert frozen.wand(BOARD).board_id == BOARD
        with pytest.raises(RunFailed, match="it is read-only here"):
            frozen.saw(OTHER)


def test_the_default_is_in_the_users_data_folder(monkeypatch, tmp_path):
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_data_path", lambda *a, **k: tmp_path / "data")
    assert registry.resolve(None) == f"sqlite:///{tmp_path}/data/registry.sqlite"
    with registry.open(registry.default_url()) as fleet:
        fleet.saw(BOARD)
    assert address.default_file().exists()


# --- as other commands use it ---
def test_a_note_is_kept(url):
    assert registry.note(url, lambda fleet: fleet.saw(BOARD))
    with registry.open(url) as fleet:
        assert fleet.wands()[0].board_id == BOARD


@pytest.mark.parametrize(
    ("db", "write"),
    [
        ("sqlite:////nowhere/at/all.sqlite", lambda fleet: fleet.saw(BOARD)),
        ("nonsense", lambda fleet: fleet.saw(BOARD)),
        (None, lambda fleet: fleet.saw("nobody")),
        (None, lambda fleet: 1 / 0),
    ],
)
def test_what_can_not_be_kept_is_one_line_of_warning(db, write, url, capsys):
    assert not registry.note(db or url, write)
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    assert said.err.startswith("ionwand: not kept in the registry: ")


def test_none_keeps_nothing_and_says_nothing(capsys):
    assert not registry.note("none", lambda fleet: 1 / 0)
    assert not registry.note("NONE ", lambda fleet: 1 / 0)
    assert capsys.readouterr() == ("", "")
    assert CliRunner().invoke(main, ["fleet", "list", "--db", "none"]).exit_code == 2


def test_export_is_what_was_kept(fleet, url, tmp_path):
    result = certificate_sample.result()
    fleet.keep_calibration(result)
    fleet.keep_sessions(BOARD, [a_session(1)])
    path = tmp_path / "all.json"
    said = CliRunner().invoke(main, ["fleet", "export", str(path), "--db", url])
    assert said.exit_code == 0, said.output
    (wand,) = json.loads(path.read_text())["wands"]
    assert from_json(wand["calibrations"][0]["result"]) == result
    assert wand["sessions"][0]["data"] == a_session(1)
