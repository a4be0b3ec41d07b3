"""The emulated RP2040 for tests: skipped, with the line that tells how to get one, without image.

What takes minutes is done once and shared by all workers of the test run.
"""

import fcntl
import json
import os

import pytest

from ionwand.device import source
from ionwand.errors import BadInput

source._importable()
HERE = os.path.dirname(__file__)


def _why_not():
    try:
        from ionwand.emulation import disk
    except ImportError as error:
        return f"the emulator is not installed ({error.name}): make setup"
    try:
        disk.find()
    except BadInput as error:
        return str(error)
    return None


def pytest_collection_modifyitems(config, items):
    """One of the tests stands for all in the list of skipped ones: one line, not sixteen."""
    mine = [item for item in items if str(item.path).startswith(HERE)]
    why_not = _why_not() if mine else None
    if why_not:
        mine[0].add_marker(pytest.mark.skip(reason=f"and {len(mine) - 1} more: {why_not}"))
        config.hook.pytest_deselected(items=mine[1:])
        items[:] = [item for item in items if item not in mine[1:]]


@pytest.fixture(scope="session")
def uf2():
    from ionwand.emulation import disk

    return disk.find()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """`shared(name, make)`: what `make()` returned in whichever worker came first."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def get(name, make):
        path = folder / f"{name}.json"
        with open(folder / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                path.write_text(json.dumps(make()))
        return json.loads(path.read_text())

    return get
