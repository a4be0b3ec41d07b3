"""Do the tests in which host and wand run at the same time need anybody to be in time?

    python tools/proof/host_time.py [--runs 30] [alone busy slow late]

All tests marked `pty`, again and again: alone, beside two programs that never rest, and once each
with a wand that computes ten times slower and a host that is 100 ms late with every word.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import time

import paths

_TESTS = [
    sys.executable, "-m", "pytest", "-q", "-m", "pty", "-p", "no:cacheprovider",
    "-n", "2", "--dist", "worksteal",
]  # fmt: skip
_BUSY = [sys.executable, "-c", "while True: pass"]
WAYS = {
    "alone": {},
    "busy": {},
    "slow": {"IONWAND_WAND_SLOWER": "10"},
    "late": {"IONWAND_HOST_LATE_MS": "100"},
}


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


def places():
    """Where such tests are: pytest looks into no other file."""
    found = []
    for path in sorted((paths.ROOT / "tests").rglob("*.py")):
        if "mark.pty" in path.read_text():
            found.append(path.parent if path.name == "conftest.py" else path)
    return found


def run(way):
    """(tests passed, what pytest said where something failed) of one run."""
    done = subprocess.run(
        [*_TESTS, *places()],
        cwd=paths.ROOT, capture_output=True, text=True, env={**os.environ, **WAYS[way]},
    )  # fmt: skip
    passed = re.search(r"(\d+) passed", done.stdout)
    wrong = done.stdout + done.stderr if done.returncode else ""
    return int(passed[1]) if passed else 0, wrong


def many(way, runs):
    """Print a line; the number of runs in which something failed."""
    took_s, tests, failed = [], set(), 0
    with busy(2 if way == "busy" else 0):
        for number in range(1, runs + 1):
            begin_s = time.monotonic()
            passed, wrong = run(way)
            took_s.append(time.monotonic() - begin_s)
            tests.add(passed)
            print(f"{way} {number}: {passed} passed, {took_s[-1]:.0f} s", flush=True)
            if wrong:
                failed += 1
                print(wrong, flush=True)
    print(f"{way}: {runs} runs, {failed} failed; {min(tests)} to {max(tests)} tests passed each, "
          f"{sum(took_s):.0f} s ({min(took_s):.0f} to {max(took_s):.0f})", flush=True)  # fmt: skip
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"{', '.join(WAYS)} (default all)")
    parser.add_argument("--runs", type=int, default=30, help="alone and busy (default 30)")
    options = parser.parse_args()
    wrong = set(options.ways) - set(WAYS)
    if wrong or options.runs < 1:
        parser.error(f"ways are {', '.join(WAYS)}; runs 1 or more")
    failed = [
        many(way, options.runs if way in ("alone", "busy") else 1) for way in options.ways or WAYS
    ]
    return 1 if any(failed) else 0


if __name__ == "__main__":
    sys.exit(main())
