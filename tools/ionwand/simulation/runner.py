"""Host side of a simulated session: starts the interpreter and hands on its trace, row by row.

The interpreter is a process of its own, so that what runs is the real MicroPython and nothing
of the host can leak into the firmware. It never outlives the host's interest in it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ionwand.errors import BadInput, RunFailed
from ionwand.simulation import GUEST
from ionwand.trace import rows as trace

INTERPRETERS = ("micropython", "cpython")
# The plant's and the trace's floats live in it too; the firmware's own use is measured elsewhere.
# Larger is slower, smaller runs out: many touches on skins with a memory need 1.2 MB.
HEAP = "2m"
_GRACE_S = 2.0
_REST = 4000  # characters shown of what follows a line that is no row


def interpreter_command(interpreter: str) -> list[str]:
    if interpreter == "cpython":
        return [sys.executable, "-u", "-B"]
    if interpreter != "micropython":
        allowed = ", ".join(INTERPRETERS)
        raise BadInput(f"interpreter {interpreter!r} is unknown: allowed are {allowed}")
    beside = Path(sys.executable).with_name("micropython")
    if not beside.exists():
        raise BadInput(f"{beside} is missing: make setup, or --interpreter cpython")
    return [str(beside), "-X", f"heapsize={HEAP}"]


class Run:
    """One session. Iterate over `rows()`; afterwards `summary` is what the wand's side counted.

    `lines` gets every row's text as it came, header first, where it is set to an open file.
    """

    def __init__(
        self,
        job: dict[str, Any],
        interpreter: str = "micropython",
        program: Path = GUEST / "run.py",
    ) -> None:
        self.command = interpreter_command(interpreter)
        self.job = job
        self.summary: dict[str, Any] | None = None
        self.lines: IO[str] | None = None
        self.wall_s = 0.0
        self.cpu_s = 0.0
        self._program = program

    def rows(self) -> Iterator[trace.Row]:
        """Yield rows as they come. RunFailed where the interpreter breaks off."""
        with tempfile.TemporaryDirectory(prefix="ionwand-") as folder:
            job_path = Path(folder, "job.json")
            job_path.write_text(json.dumps(self.job))
            with open(Path(folder, "stderr"), "w+b") as errors:
                yield from self._stream(job_path, errors)

    def finish(self) -> dict[str, Any]:
        """Run to the end for the summary alone."""
        for _ in self.rows():
            pass
        assert self.summary is not None
        return self.summary

    def _stream(self, job_path: Path, errors: IO[bytes]) -> Iterator[trace.Row]:
        started, used_s = time.monotonic(), _children_cpu_s()
        # A session of its own: Ctrl-C reaches the host alone, and the host ends the child.
        child = subprocess.Popen(
            [*self.command, str(self._program), str(job_path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            env=_environment(),
        )
        assert child.stdout is not None
        try:
            try:
                yield from trace.parse(self._rows_only(child.stdout), "the wand's trace")
            except BadInput as error:
                if self.summary is None or self.job.get("trace", True):
                    _end(child, patient=True)
                    more = child.stdout.read(_REST)
                    raise RunFailed(_why(child, errors, f"{error}\n{more}".strip())) from None
            code = child.wait()
        finally:
            _end(child)
            child.stdout.close()
            self.wall_s = time.monotonic() - started
            self.cpu_s = _children_cpu_s() - used_s
        if code != 0 or self.summary is None:
            raise RunFailed(_why(child, errors, "it ended without a summary"))

    def _rows_only(self, stdout: IO[str]) -> Iterator[str]:
        for line in stdout:
            if line.startswith("#end "):
                try:
                    self.summary = json.loads(line[5:])
                except ValueError:
                    raise BadInput("its summary is not JSON") from None
            elif line.startswith("#"):
                continue
            else:
                if self.lines is not None:
                    self.lines.write(line)
                yield line


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _environment() -> dict[str, str]:
    """The caller's, but nothing of the caller's paths: only the checkout's sources run."""
    drop = ("PYTHONPATH", "MICROPYPATH", "PYTHONSTARTUP")
    return {key: value for key, value in os.environ.items() if key not in drop}


def _end(child: "subprocess.Popen[str]", patient: bool = False) -> None:
    if child.poll() is not None:
        return
    try:
        if patient:
            child.wait(_GRACE_S)
            return
    except subprocess.TimeoutExpired:
        pass
    child.terminate()
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _why(child: "subprocess.Popen[str]", errors: IO[bytes], reason: str) -> str:
    """What went wrong, with the traceback where the interpreter left one."""
    errors.seek(0)
    said = errors.read().decode("utf-8", "replace").strip()
    if not said:
        return f"the simulated wand broke off (exit {child.returncode}): {reason}"
    return f"the simulated wand broke off (exit {child.returncode}):\n{said}"
