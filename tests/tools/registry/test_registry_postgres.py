"""The registry on a PostgreSQL of our own, in a folder of its own; skipped where there is none."""

import getpass
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import test_registry
from sqlalchemy import create_engine, text

from ionwand import registry
from ionwand.errors import BadInput, RunFailed
from ionwand.registry import upgrade

pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")


def program(name):
    """Debian keeps them off the PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(kept[-1]) if kept else None)


@pytest.fixture(scope="module")
def server():
    """A server on a socket in a folder; it refuses to run as root and gets its own user then."""
    if not (program("initdb") and program("pg_ctl") and program("postgres")):
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    user, before = getpass.getuser(), []
    # A socket's path has at most 107 characters, pytest's own folders may have more.
    folder = Path(tempfile.mkdtemp(prefix="ionwand-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        user, before = "postgres", ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, user)
    data, socket = folder / "data", f"-c listen_addresses= -c unix_socket_directories={folder}"

    def run(*command):
        done = subprocess.run([*before, *command], cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.stderr

    try:
        run(program("initdb"), "-D", str(data), "-A", "trust", "-U", "bench", "--no-sync",
            "-E", "UTF8", "--no-locale")  # fmt: skip
        # Into a file: a server that inherits a pipe would keep this waiting for its end.
        control = [*before, program("pg_ctl"), "-D", str(data), "-w"]
        with open(os.devnull, "w") as nowhere:
            subprocess.run(
                [*control, "-o", socket, "-l", str(folder / "log"), "start"],
                check=True, cwd=folder, stdout=nowhere, stderr=nowhere,
            )  # fmt: skip
            try:
                yield folder
            finally:
                subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, stdout=nowhere,
                               stderr=nowhere)  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server, request):
    """An empty database."""
    name = f"fleet{abs(hash(request.node.name)) % 10**9}"
    admin = create_engine(
        f"postgresql+psycopg://bench@/postgres?host={server}", isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return f"postgresql://bench@/{name}?host={server}"


def test_nothing_is_lost_when_benches_write_at_once(url):
    test_registry.at_once(url)
    test_registry.nothing_is_lost(url)


# The very tests of SQLite, with a server behind the same fixtures.
fleet = test_registry.fleet
for _name in (
    "test_a_wand_is_seen_with_its_versions",
    "test_calibrations_are_history_and_come_back_whole",
    "test_selftests_by_name",
    "test_pulling_twice_adds_nothing",
    "test_a_wiped_wand_counts_from_one_again_and_loses_nothing",
    "test_half_of_it_is_none_of_it",
    "test_a_wand_by_its_first_digits",
    "test_migrations_make_the_models_tables",
    "test_export_is_what_was_kept",
):
    globals()[_name] = getattr(test_registry, _name)


def test_a_newer_registry_is_refused(fleet, url):
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {upgrade.REVISION_TABLE} SET version_num = '0999'"))
    engine.dispose()
    with pytest.raises(BadInput, match="its revision is 0999"):
        registry.open(url)


def test_who_may_only_read_is_told_so(fleet, url):
    fleet.saw(test_registry.BOARD)
    with registry.open(url + "&options=-c%20default_transaction_read_only%3Don") as frozen:
        assert frozen.wand(test_registry.BOARD)
        with pytest.raises(RunFailed, match="read-only"):
            frozen.saw(test_registry.OTHER)


@pytest.mark.parametrize(
    "where", ["bench:secret@127.0.0.1:1/fleet", "bench:secret@/fleet?host=/nowhere"]
)
def test_a_server_that_is_not_there_is_one_line(where):
    with pytest.raises(BadInput) as caught:
        registry.open(f"postgresql://{where}")
    line = str(caught.value)
    assert line.startswith("--db: postgresql+psycopg://bench:***@")
    assert "\n" not in line and "secret" not in line and "failed" in line


def test_a_database_that_is_not_there_is_one_line(server):
    with pytest.raises(BadInput, match='database "none" does not exist'):
        registry.open(f"postgresql://bench@/none?host={server}")
