"""One wand, several targets: the Unix port behind a PTY always, another one by --device PORT.

`make device-test PORT=/dev/ttyACM0`; for an emulated one `ionwand emulate --pty` names its port.
The cases run on the wand, by the real mpremote: on_wand.py. What it counts is printed at the end,
beside what the emulated chip says.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import standin
import wand_unittest

from ionwand.device import pty_board
from ionwand.release import build as builder

HERE = Path(__file__).parent
_CASE = re.compile(r"^(test_\w+) \(.*\) \.\.\. (.*)$", re.MULTILINE)
_FIGURE = re.compile(r"^figure (\w+) (\S+)$", re.MULTILINE)
# Asked before the cases come: their text and code are 10 KB of heap [P-08].
ROOM = "import gc\ngc.collect()\nprint('figure heap_free_b', gc.mem_free())"
_told: dict[str, str] = {}


def pytest_addoption(parser):
    parser.addoption("--device", metavar="PORT", help="a wand's serial port")


class Answers:
    """What a wand's cases have said: `cases` {name: "ok" or another end}, `text` all of it."""

    def __init__(self, port):
        self.text = run(port, "exec", ROOM) + run(port, "run", str(HERE / "on_wand.py"))
        self.cases = dict(_CASE.findall(self.text))
        self.figures = dict(_FIGURE.findall(self.text))


def run(port, *words):
    """The real mpremote, without the soft reset that would lose the program."""
    done = subprocess.run(
        [sys.executable, "-m", "mpremote", "connect", port, "resume", *words],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(
    scope="session", params=[pytest.param("unix port", marks=pytest.mark.pty), "device"]
)
def answers(request, root, tmp_path_factory):
    if request.param == "device":
        port = request.config.getoption("--device", default=None)
        if port is None:
            pytest.skip("no wand: make device-test PORT=...")
        if "unittest" not in run(port, "exec", "import unittest\nprint(unittest.__name__)"):
            run(port, "mip", "install", "unittest")
        answers = Answers(port)
        _told.update(answers.figures)
        return answers
    if pty_board.MICROPYTHON is None:
        pytest.skip("MicroPython's Unix port is not installed")
    folder = tmp_path_factory.mktemp("wand")
    standin.put(builder.make(root, arch="x64"), folder)
    (folder / "a" / "unittest.py").write_text(Path(wand_unittest.__file__).read_text())
    with pty_board.PtyBoard(folder, pty_board.PATIENT) as board:
        board.wait_until_still()
        return Answers(board.port)


def pytest_terminal_summary(terminalreporter):
    """For docs/hardware.md: what a chip tells back."""
    if not _told:
        return
    emulated = tomllib.loads((HERE / "emulated.toml").read_text())
    write = terminalreporter.write_line
    write("figure                    this wand   emulated")
    for name, value in _told.items():
        write(f"{name:24}{value:>11}{emulated.get(name, '-'):>11}")
    write("Please send these in: docs/hardware.md, What a chip tells back")
