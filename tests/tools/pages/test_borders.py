"""The import rule of docs/development.md holds here, and its linter finds each way to break it."""

import ast
from pathlib import Path

import pytest

from ionwand import cli
from pages import borders, house

VIOLATIONS = (
    ("boot.py", "import hal", "hal"),
    ("boot.py", "import time", "time"),
    ("main.py", "import machine", "machine"),
    ("main.py", "from ionwand import cli", "ionwand"),
    ("firmware/guard.py", "import machine", "machine"),
    ("firmware/guard.py", "import time", "time"),
    ("firmware/guard.py", "import os", "os"),
    ("firmware/guard.py", "import sys", "sys"),
    ("firmware/guard.py", "import rp2", "rp2"),
    ("firmware/guard.py", "import hal", "hal"),
    ("firmware/guard.py", "from hal.board import Board", "hal"),
    ("firmware/guard.py", "import tools.ionwand", "tools"),
    ("firmware/guard.py", "import math", "math"),
    ("firmware/guard.py", "def f():\n    import utime", "utime"),
    ("firmware/guard.py", "try:\n    import numpy\nexcept ImportError:\n    pass", "numpy"),
    ("firmware/guard.py", "import array, machine", "machine"),
    ("firmware/guard.py", "import firmwarez", "firmwarez"),
    ("firmware/guard.py", "__import__('time')", "__import__(...)"),
    ("firmware/guard.py", "fetch = __import__", "__import__(...)"),
    ("firmware/guard.py", "globals()['x'] = 1", "globals(...)"),
    ("firmware/guard.py", "limits = open('limits')", "open(...)"),
    ("firmware/guard.py", "exec('import time')", "exec(...)"),
    ("firmware/deep/er.py", "from ... import hal", "hal"),
    ("hal/board.py", "from firmware import guard", "firmware.guard"),
    ("hal/board.py", "import firmware", "firmware"),
    ("hal/board.py", "import ionwand", "ionwand"),
    ("hal/drivers/dac.py", "import machine", "machine"),
    ("hal/drivers/dac.py", "from hal import sim", "hal.sim"),
    ("hal/drivers/dac.py", "from hal.sim.bus import SimI2C", "hal.sim.bus"),
    ("hal/drivers/dac.py", "from ..rp2 import pins", "hal.rp2"),
    ("hal/drivers/dac.py", "import time", "time"),
    ("hal/sim/plant.py", "import machine", "machine"),
    ("hal/sim/plant.py", "from hal.rp2 import board", "hal.rp2"),
    ("hal/sim/plant.py", "from firmware.guard import guard_pass", "firmware.guard"),
    ("hal/sim/plant.py", "import numpy", "numpy"),
    ("hal/rp2/board.py", "from hal.sim import plant", "hal.sim"),
    # Rooms of tools/ionwand: up, sideways, out of the house.
    ("tools/ionwand/device/link.py", "from ionwand.trace import rows", "ionwand.trace.rows"),
    ("tools/ionwand/device/link.py", "import ionwand.cli", "ionwand.cli"),
    ("tools/ionwand/trace/rows.py", "from ionwand.simulation.live import clock",
     "ionwand.simulation.live"),
    ("tools/ionwand/trace/rows.py", "def f():\n    from ionwand import calibration",
     "ionwand.calibration"),
    ("tools/ionwand/bench/status.py", "from ionwand.release import build",
     "ionwand.release.build"),
    ("tools/ionwand/bench/status.py", "from ..emulation import chip", "ionwand.emulation.chip"),
    ("tools/ionwand/registry/store.py", "from ionwand.bench import status",
     "ionwand.bench.status"),
    ("tools/ionwand/errors.py", "from ionwand.device import link", "ionwand.device.link"),
    ("tools/ionwand/cli.py", "from pages import safety", "pages.safety"),
    ("tools/ionwand/trace/rules.py", "import proof.campaign", "proof.campaign"),
    ("tools/ionwand/simulation/guest/job.py", "from ionwand.errors import BadInput",
     "ionwand.errors"),
    ("tools/ionwand/simulation/guest/job.py", "import click", "click"),
)  # fmt: skip
ALLOWED = (
    ("boot.py", "import machine\nfrom machine import Pin"),
    ("main.py", "import hal\nfrom firmware.app import App"),
    ("firmware/guard.py", "import firmware.limits\nfrom . import faults\nimport struct, binascii"),
    ("firmware/guard.py", "from array import array\nfrom micropython import const"),
    ("hal/__init__.py", "import sys\nfrom hal.sim.board import SimBoard\nimport hal.rp2.board"),
    ("hal/board.py", "from firmware import limits\nfrom firmware.limits import TICK_MS"),
    ("hal/drivers/dac.py", "from micropython import const\nfrom hal.drivers import common"),
    ("hal/sim/plant.py", "import math\nfrom hal.sim import skin\nfrom hal import board"),
    ("hal/rp2/board.py", "import machine, rp2, time\nfrom hal.drivers.ads1115 import Ads1115"),
)


@pytest.fixture
def tree(tmp_path):
    folders = ["firmware/deep", "hal/drivers", "hal/sim", "hal/rp2", "tools/pages"]
    folders += [f"tools/ionwand/{room}" for floor in house.FLOORS[2:-2] for room in floor]
    for folder in [*folders, "tools/ionwand/simulation/guest"]:
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def test_this_repository(root):
    assert borders.check(root) == []


def test_there_is_something_to_check(root):
    """An empty answer from a checker that looked nowhere would pass too."""
    for place in ("firmware/guard.py", "hal/board.py", "main.py"):
        assert (root / place).is_file()
        assert borders._rule_of((root / place).relative_to(root))


@pytest.mark.parametrize(("file", "source", "module"), VIOLATIONS)
def test_planted_violation_is_found(tree, file, source, module):
    (tree / file).write_text(source + "\n")
    found = borders.check(tree)
    assert len(found) == 1, found
    assert found[0].startswith(f"{file}:") and f"imports {module}" in found[0]


@pytest.mark.parametrize("file", ["helper.py", "drivers/dac.py"])
def test_python_in_a_new_place_is_found(tree, file):
    (tree / file).parent.mkdir(exist_ok=True)
    (tree / file).write_text("import machine\n")
    (found,) = borders.check(tree)
    assert found.startswith(file.split("/")[0] + ": Python in a place that has no rule")


@pytest.mark.parametrize(("file", "source"), ALLOWED)
def test_what_is_allowed_passes(tree, file, source):
    (tree / file).write_text(source + "\n")
    assert borders.check(tree) == []


def test_a_room_without_a_floor_is_found(tree):
    (tree / "tools/ionwand/attic").mkdir()
    (tree / "tools/ionwand/attic/box.py").write_text("import json\n")
    (found,) = borders.check(tree)
    assert found.startswith("tools/ionwand/attic/box.py: the room attic has no floor")


@pytest.mark.parametrize("files", [
    {"registry/a.py": "from ionwand.registry import b",
     "registry/b.py": "import ionwand.registry.a"},
    {"trace/a.py": "from ionwand.trace.b import x",
     "trace/b.py": "def f():\n    from ionwand.trace import c", "trace/c.py": "from . import a"},
    {"simulation/guest/job.py": "import recorder", "simulation/guest/recorder.py": "import job"},
])  # fmt: skip
def test_a_circle_is_found(tree, files):
    for name, text in files.items():
        (tree / "tools/ionwand" / name).write_text(text + "\n")
    (found,) = borders.check(tree)
    assert found.startswith("files that import each other: ")
    for name in files:
        assert Path(name).stem in found


def test_proofs_need_no_circle_either(tree):
    (tree / "tools/proof").mkdir()
    (tree / "tools/proof/chicken.py").write_text("import egg\n")
    (tree / "tools/proof/egg.py").write_text("def hatch():\n    import chicken\n")
    assert borders.check(tree) == ["files that import each other: chicken -> egg -> chicken"]


def test_every_room_has_a_floor_and_says_what_it_is_for(root):
    rooms = {path.parent.name: path for path in (root / "tools/ionwand").glob("*/__init__.py")}
    assert set(rooms) == {room for floor in house.FLOORS[2:-2] for room in floor}
    for path in rooms.values():
        about = ast.get_docstring(ast.parse(path.read_text()))
        assert len(about.splitlines()) >= 3 and ("For " in about or "may use" in about), path


def test_a_command_is_found_by_its_name():
    """`ionwand X` is X.py, in whichever room."""
    for name, command in cli.main.commands.items():
        callback = command.callback or next(iter(command.commands.values())).callback
        assert callback.__module__.rpartition(".")[2] == name
