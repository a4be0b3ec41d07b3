"""The shipped firmware behind a PTY, reached as a wand on a cable is: mpremote and `ionwand`.

main.py runs on the Unix port with circuit and skin; catalogue, patch test, treatment, Ctrl-C under
current, journal and report, over the raw REPL and back.
"""

import json
import shutil

import pytest
from click.testing import CliRunner
from real_wand import main as main_py

from ionwand.cli import main
from ionwand.device import memory
from ionwand.device.pty_board import MICROPYTHON, PtyBoard

CATALOGUE = """
[[product]]
id = "quick"
name = "A quick gel"
ion_charge = 1
current_ua = 100
time_s = 12
dose_uc = 0
notes = "From the fridge ✓"
"""
PATCH_TEST_AND_TREATMENT = [
    {"at_s": 2.0, "press_s": 2.0},
    {"at_s": 6.0, "touch": "hydrated"},
    {"at_s": 72.0, "lift": True},
    {"at_s": 73.0, "press_s": 0.2},  # on from "done": the treatment
    {"at_s": 75.0, "press_s": 2.0},
    {"at_s": 79.0, "touch": "hydrated"},
    {"at_s": 105.0, "press_s": 0.2},
]
UNDER_CURRENT = [{"at_s": 2.0, "press_s": 2.0}, {"at_s": 6.0, "touch": "hydrated"}]

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed"),
]


def ionwand(*args):
    done = CliRunner().invoke(main, [str(one) for one in args])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def wand(tmp_path, root):
    place = tmp_path / "wand"
    (place / "flash").mkdir(parents=True)
    (place / "main.py").write_text(main_py(root))
    shutil.copy(root / "boot.py", place)
    with PtyBoard(place) as board:
        board.place = place
        board.wait_until_still()
        yield board


def at(wand, *command, events=(), stand_in="ready"):
    """`command` interrupts the wand and starts it anew: events, then its time stands still."""
    if events:
        (wand.place / "events.json").write_text(json.dumps([events, stand_in]))
    boots = wand.boots
    said = ionwand(*command, "--port", wand.port)
    wand.wait_until_still(boots + 1)
    return said


@pytest.mark.req("F-02", "F-04", "F-11", "F-13", "S-12")
def test_from_catalogue_to_report_over_the_cable(wand, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(CATALOGUE)
    said = at(wand, "products", "push", mine, "--yes", events=PATCH_TEST_AND_TREATMENT)
    assert "1 products, catalogue no. 1" in said and "pacemaker" in said
    session = b"proving contact ramping treating stopping done ready ".replace(b" ", b"\nstate ")
    assert b"state ready\nstate " + session + session[: -len(b"\nstate ")] in wand.console
    page = tmp_path / "session.html"
    at(wand, "journal", "report", page, "--reference", "A-1")
    text = page.read_text()
    assert "Treatment: A quick gel" in text and "From the fridge ✓" in text and "A-1" in text
    assert "delivered in full" in text and "<svg" in text
    shown = at(wand, "journal", "show")
    assert "patch test" in shown and "treatment" in shown and "complete" in shown
    sessions = tmp_path / "j.json"
    at(wand, "journal", "pull", sessions)
    first, second = json.loads(sessions.read_text())
    assert (first["number"], first["flags"], first["end"]) == (1, 1, "complete")
    assert (second["number"], second["flags"], second["end"]) == (2, 0, "complete")
    assert 900 < second["dose_uc"] < 1200  # 100 µA for 12 s, which begin with 20 µA and a ramp
    assert second["bridge"] == 2 and second["catalogue"] == 1
    back = tmp_path / "back.toml"
    at(wand, "products", "pull", back)
    assert "From the fridge ✓" in back.read_text()

    # Ctrl-C while current flows.
    at(wand, "products", "list", events=UNDER_CURRENT, stand_in="treating")
    with memory.link.connect(wand.port) as cable:
        assert cable.ask("board.gate()") is False
        assert cable.ask("world.observer.state") == "treating"  # it was, until then
        assert cable.ask("board.read_dac()") == 0
        assert memory.Wand(cable).call("sessions") == (1, 2)
