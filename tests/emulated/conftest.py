"""The emulated RP2040 for tests: skipped, with the line that tells how to get one, without image.

What takes minutes is done once and shared by all workers of the test run.
"""

import fcntl
import json
import os

import pytest

from ionwand import target
from ionwand.errors import BadInput

target._importable()
HERE = os.path.dirname(__file__)


def _why_not():
    try:
        from emulated import image
    except ImportError as error:
        return f"the emulator is not installed ({error.name}): make setup"
    try:
        image.find()
    except BadInput as error:
        return str(error)
    return None


def pytest_collection_modifyitems(items):
    why_not = _why_not()
    if why_not:
        for item in items:
            if str(item.path).startswith(HERE):
                item.add_marker(pytest.mark.skip(reason=why_not))


@pytest.fixture(scope="session")
def uf2():
    from emulated import image

    return image.find()


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
