"""Do the tests in which host and wand run at the same time need anybody to be in time?

    python tools/proof/host_time.py [--runs 30] [alone busy slow late]

All tests marked `pty`: alone, beside two programs that never rest, and once each with a wand that
computes ten times slower and with a host that is 100 ms late with every word.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time

import paths
import pytest

_PYTEST = [
    sys.executable, "-m", "pytest", "-q", "-m", "pty", "-p", "host_time", "-p", "no:cacheprovider",
    "-n", "2", "--dist", "worksteal",
]  # fmt: skip
_BUSY = [sys.executable, "-c", "while True: pass"]
WAYS = {
    "alone": {},
    "busy": {},
    "slow": {"IONWAND_WAND_SLOWER": "10"},
    "late": {"IONWAND_HOST_LATE_MS": "100"},
}


@pytest.fixture(autouse=True, params=range(int(os.environ.get("IONWAND_RUNS", "1"))))
def run_number(request):
    """This file is pytest's plugin, too: each test so often."""
    return request.param


def places():
    """Where such tests are: pytest looks into no other file."""
    found = []
    for path in sorted((paths.ROOT / "tests").rglob("*.py")):
        if "mark.pty" in path.read_text():
            found.append(path.parent if path.name == "conftest.py" else path)
    return found


@contextlib.contextmanager
def busy(programs):
    """So many programs that take all the time they can get."""
    running = [subprocess.Popen(_BUSY) for _ in range(programs)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def run(way, runs):
    """True where all has passed; pytest says what, here is how often and how long."""
    here = {"IONWAND_RUNS": str(runs), "PYTHONPATH": str(paths.ROOT / "tools" / "proof")}
    begin_s = time.monotonic()
    with busy(2 if way == "busy" else 0):
        done = subprocess.run(
            [*_PYTEST, *places()], cwd=paths.ROOT, env={**os.environ, **here, **WAYS[way]}
        )
    result = "passed" if done.returncode == 0 else "FAILED"
    print(f"{way}: {runs} runs {result}, {time.monotonic() - begin_s:.0f} s", flush=True)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"{', '.join(WAYS)} (default all)")
    parser.add_argument("--runs", type=int, default=30, help="alone and busy (default 30)")
    options = parser.parse_args()
    if not set(options.ways) <= set(WAYS) or options.runs < 1:
        parser.error(f"ways are {', '.join(WAYS)}; runs 1 or more")
    passed = [
        run(way, options.runs if way in ("alone", "busy") else 1) for way in options.ways or WAYS
    ]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
