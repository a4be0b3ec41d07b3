"""Puts what runs inside the wand's interpreter on the path, as a page has it; the page with a wand
at the end of a cable: serial_bridge.mjs is the cable, drive_cable.mjs the person.
"""

import json
import shutil
import sys
from pathlib import Path

import page_driver
import pytest
import standin
from real_wand import main as real_main

from ionwand import simulation, virtual
from ionwand.device import pty_board
from ionwand.release import build as builder

for _folder in (simulation.GUEST, virtual.GUEST):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

DRIVE = Path(__file__).with_name("drive_cable.mjs")
TREATMENT = [
    {"at_s": 2.0, "press_s": 0.2},  # declines the patch test
    {"at_s": 3.0, "press_s": 2.0},
    {"at_s": 7.0, "touch": "hydrated"},
    {"at_s": 30.0, "press_s": 0.2},
    {"at_s": 40.0, "press_s": 0.2},  # the journal is written by then
]


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """(the page with a firmware for the Unix port as well, Chromium)."""
    browser = page_driver.chromium()
    return page_driver.built(tmp_path_factory.mktemp("page"), ("armv6m", "x64")), browser


@pytest.fixture
def drive(page):
    """drive(story, port, argument) -> what the story saw."""

    def run(story, port="", argument=""):
        return page_driver.told(DRIVE, *page, story, port, argument)

    return run


@pytest.fixture
def treatment():
    """Events of a treatment of its wand: the patch test declined, armed, touched, stopped."""
    return TREATMENT


@pytest.fixture
def treated(treating):
    """A wand that has treated once and stands still."""
    with pty_board.PtyBoard(treating(TREATMENT, "ready")) as board:
        board.wait_until_still()
        yield board


@pytest.fixture
def slotted(tmp_path, root):
    """A wand of another build in slot a: nearly every file differs."""
    old = builder.make(root, arch="x64", strip=True)
    standin.put(old, tmp_path)
    return tmp_path, old, builder.make(root, arch="x64")


@pytest.fixture
def treating(tmp_path, root):
    """treating(events, state) -> the folder of a wand that does so and stands still in `state`."""

    def make(events, state):
        place = tmp_path / "wand"
        (place / "flash").mkdir(parents=True)
        (place / "main.py").write_text(real_main(root))
        (place / "events.json").write_text(json.dumps([events, state]))
        shutil.copy(root / "boot.py", place)
        return place

    return make
