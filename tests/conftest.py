"""Makes firmware, hal and tools importable on CPython, from any working directory.

`micropython` is the shim; everything else is the very source that runs on the wand.
"""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
for _place in (ROOT / "tools" / "shim", ROOT / "tools", ROOT):
    if str(_place) not in sys.path:
        sys.path.insert(0, str(_place))

from ionwand.device.pty_board import PtyBoard  # noqa: E402

# No test is timed: a slow machine is no failure. `make test` says the same of the same source
# every time; IONWAND_SLOW looks for something new.
hypothesis.settings.register_profile(
    "wand", deadline=None, print_blob=True, derandomize=not os.environ.get("IONWAND_SLOW")
)
hypothesis.settings.load_profile("wand")


# The registry of whoever runs the tests is none of their business.
os.environ["IONWAND_DB"] = "none"


# To try what the tests assume of time: tools/proof/host_time.py.
PtyBoard.slower = int(os.environ.get("IONWAND_WAND_SLOWER", "1"))
PtyBoard.late_s = int(os.environ.get("IONWAND_HOST_LATE_MS", "0")) / 1000


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT
