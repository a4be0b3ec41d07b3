"""The wand in a terminal: keys do what the help says, and a real terminal survives it."""

import io
import os
import pty
import re
import select
import subprocess
import sys

import pytest
from rich.console import Console

from ionwand.device import memory, source
from ionwand.errors import BadInput
from ionwand.simulation import script
from ionwand.virtual import game as played
from ionwand.virtual import screen


@pytest.fixture
def game():
    made = played.Game("vitamin-c", "hydrated")
    made.wand.advance(300)
    return made


def text(game):
    console = Console(file=io.StringIO(), width=100)
    console.print(screen.Screen(game))
    return console.file.getvalue()


def keys(game, typed, ticks=700):
    for key in typed:
        game.key(key)
    game.wand.advance(ticks)
    return text(game)


def test_all_of_it_fits_into_a_small_terminal(game):
    keys(game, "hf", 400)
    game.key("a")
    keys(game, "t", 400)
    console = Console(file=io.StringIO(), width=80)
    console.print(screen.Screen(game))
    lines = console.file.getvalue().rstrip("\n").splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert "quit" in "".join(lines)


def test_a_wide_terminal_is_used(game):
    keys(game, "h", 700)
    keys(game, "t", 2400)
    drawn = {}
    for width, height in ((80, 24), (160, 50)):
        console = Console(file=io.StringIO(), width=width, height=height)
        console.print(screen.Screen(game), height=height)
        drawn[width] = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert max(map(len, drawn[160])) == 160 and max(map(len, drawn[80])) <= 80
    for state, small in (("treating", True), ("selftest", False)):
        assert any(f"  {state}" in line for line in drawn[160])
        assert any(f"  {state}" in line for line in drawn[80]) == small, "the newest three"


def test_a_press_in_the_self_test_is_not_lost_unsaid():
    made = played.Game("vitamin-c", "hydrated")
    made.wand.advance(50)
    assert "a press counts once it is ready" in keys(made, " ", 2)
    assert "a press counts" not in keys(made, "", 400)


def test_the_next_session_begins_without_the_last_ones_readings(game):
    keys(game, "h")
    assert "0.000 of" not in keys(game, "t", 1600)
    assert re.search(r"ended +stopped", keys(game, " ", 400))
    assert "0.000 of" in keys(game, " ", 300) and "LIFT FIRST" in text(game)
    assert not re.search(r"ended +stopped", text(game)), "it is over"
    assert "LIFT FIRST" not in keys(game, "t", 2)


def test_treatment_lift_and_stop(game):
    assert "READY" in text(game)
    assert "CONTACT" in keys(game, "h")
    shown = keys(game, "t", 1600)
    assert "TREATING" in shown and "250.0 µA" in shown and "▄" in shown
    assert "LIFTED" in keys(game, "t", 20)
    assert "DONE" in keys(game, " ")
    job = script.parse(game.script_text()).job()
    assert job["expect_end"] == "stopped" and len(job["events"]) == 4


def test_faults_by_letter(game):
    game.key("f")
    assert "rset_short" in text(game)
    letter = chr(ord("a") + game.fault_names.index("adc_stuck"))
    keys(game, letter, 2)
    assert "broken: adc_stuck" in text(game)
    keys(game, "f" + letter, 2)
    assert "broken" not in text(game)
    keys(game, "f!", 2)
    assert "broken" not in text(game)


def test_other_keys(game):
    assert "magnesium" in keys(game, "pp")
    assert "READY" in keys(game, "n", 300)
    assert "very_dry" in keys(game, "3t", 2)
    assert "peeled" in keys(game, "4", 2)
    assert "+charger" in keys(game, "v", 2)
    game.key("b")
    game.wand.advance(2)
    assert game.wand.world.battery_mv == 3400
    for _ in range(9):
        game.key("+")
    assert game.speed == 20
    for _ in range(9):
        game.key("-")
    assert game.speed == 1
    game.key("?")
    game.key("q")
    assert game.over


class Wall:
    """A clock that stands still: computing takes no time."""

    def monotonic(self):
        return 0.0


def test_time_runs_as_the_walls_does(game, monkeypatch):
    monkeypatch.setattr(played, "time", Wall())
    before = game.wand.world.now_us
    game.speed = 2
    game.elapse(0.05)
    assert game.wand.world.now_us - before == 100_000


def test_unknown_names_and_no_terminal():
    with pytest.raises(BadInput):
        played.Game("vitamin-c", "wet")
    done = subprocess.run(
        [sys.executable, "-m", "ionwand", "play"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(source.ROOT / "tools")},
    )
    assert done.returncode == 2 and "terminal" in done.stderr


@pytest.mark.pty
def test_in_a_real_terminal(tmp_path):
    host, terminal = pty.openpty()
    kept = tmp_path / "played.toml"
    child = subprocess.Popen(
        [sys.executable, "-m", "ionwand", "play", "--script", str(kept)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={
            **os.environ,
            "PYTHONPATH": str(source.ROOT / "tools"),
            "TERM": "xterm",
            "COLUMNS": "100",
            "LINES": "40",
        },
    )
    os.close(terminal)
    seen = b""
    typed = False
    try:
        while child.poll() is None:
            if not select.select([host], [], [], 1.0)[0]:
                continue
            try:
                seen += os.read(host, 65536)
            except OSError:  # the other side has closed
                break
            if not typed and b"READY" in seen:
                typed = True
                os.write(host, b"tq")
        assert child.wait() == 0
    finally:
        child.kill()
        os.close(host)
    assert b"not a medical device" in seen
    assert script.parse(kept.read_text()).events[0].kind == "touch"


def test_a_kept_wand_is_new_once_and_keeps_its_journal(tmp_path):
    folder = memory.Folder(tmp_path / "wand")
    made = played.Game(None, "hydrated", folder)
    made.wand.advance(700)  # its number first
    assert "patch test (-)" in text(made)
    keys(made, "h", 700)  # and the first proof, which takes longest
    keys(made, "t", 100)
    for _ in range(30):
        made.wand.advance(500)
    assert "DONE" in text(made) and "complete" in text(made)
    keys(made, "n", 700)  # off and on
    assert "READY" in text(made) and "ready, anions" in text(made)
    made.keep()
    again = played.Game("hyaluronate", "hydrated", folder)
    again.wand.advance(700)
    assert "hyaluronate" in text(again) and "patch test (-)" in text(again)
    assert memory.Files(folder.path).call("sessions") == (1, 1)
    with pytest.raises(BadInput, match="is not on this wand: choose vitamin-c"):
        played.Game("lidocaine", "hydrated", folder)
