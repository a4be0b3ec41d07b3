"""The host's side of a run: rows as they come, and a clear word when the other side breaks off.

The other side is a few lines of Python here, so that each way to fail can be had at will.
"""

import io
import os
import sys

import pytest
import synthetic

from ionwand.errors import BadInput, RunFailed
from ionwand.simulation import runner

ROWS = synthetic.session(seconds=0.2)
START = "import json, os, sys, time\njob = json.load(open(sys.argv[1]))\n"
SAY_ROWS = f"print({synthetic.text(ROWS)!r}, end='')\n"
SAY_END = 'print(\'#end {"end": "complete", "time_s": 1.5}\')\n'


@pytest.fixture
def start(tmp_path):
    def start(source, **job):
        path = tmp_path / "wand.py"
        path.write_text(
            "import json, os, sys, time\njob = json.load(open(sys.argv[1]))\n" + source
        )
        return runner.Run({"trace": True, **job}, "cpython", path)

    return start


def test_rows_and_summary(start):
    run = start(SAY_ROWS + "print('# a remark of the console')\n" + SAY_END)
    run.lines = io.StringIO()
    assert list(run.rows()) == ROWS
    assert run.summary == {"end": "complete", "time_s": 1.5}
    assert run.lines.getvalue() == synthetic.text(ROWS)
    assert run.wall_s > 0


def test_job_arrives(start):
    run = start("print('#end', json.dumps(job))", trace=False, skin="dry")
    assert run.finish() == {"trace": False, "skin": "dry"}


def test_the_callers_paths_do_not_leak_in(start, monkeypatch):
    for name in ("PYTHONPATH", "MICROPYPATH", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "/nowhere")
    source = "print('#end', json.dumps([k for k in os.environ if 'PATH' in k or 'STARTUP' in k]))"
    left = start(source, trace=False).finish()
    assert not {"PYTHONPATH", "MICROPYPATH", "PYTHONSTARTUP"} & set(left)


def test_crash_shows_its_traceback(start):
    with pytest.raises(RunFailed) as caught:
        list(start(SAY_ROWS + "raise ValueError('the plant exploded')").rows())
    text = str(caught.value)
    assert text.startswith("the simulated wand broke off (exit 1):\nTraceback")
    assert text.endswith("ValueError: the plant exploded")


def test_crash_before_the_first_row(start):
    with pytest.raises(RunFailed, match="No module named 'nonesuch'"):
        list(start("import nonesuch").rows())


def test_text_among_the_rows_is_shown(start):
    with pytest.raises(RunFailed) as caught:
        list(start(SAY_ROWS + "print('Traceback:\\n  MemoryError'); sys.exit(1)").rows())
    assert "1 cells, expected 16\n  MemoryError" in str(caught.value)


def test_silent_end(start):
    with pytest.raises(RunFailed, match="it ended without a summary"):
        list(start(SAY_ROWS).rows())


def test_failure_after_the_summary_is_a_failure(start):
    with pytest.raises(RunFailed, match=r"broke off \(exit 3\)"):
        list(start(SAY_ROWS + SAY_END + "sys.exit(3)").rows())


def test_summary_that_is_none(start):
    with pytest.raises(RunFailed, match="its summary is not JSON"):
        list(start(SAY_ROWS + "print('#end oops')").rows())


@pytest.mark.parametrize("deaf", [False, True], ids=["obedient", "deaf"])
def test_child_ends_with_the_hosts_interest(start, deaf, monkeypatch):
    """Ctrl-C on the host closes the generator: no interpreter may be left running."""
    monkeypatch.setattr(runner, "_GRACE_S", 0.2)
    source = "import signal\n"
    if deaf:
        source += "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    source += "print('#pid')\n" + SAY_ROWS.replace("end=''", "end='', flush=True")
    source += "open(sys.argv[1] + '.pid', 'w').write(str(os.getpid()))\n"
    rows = start(source + "time.sleep(600)").rows()
    next(rows)
    child = next(p for p in _children() if "wand.py" in _command(p))
    rows.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def _children():
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]


def _command(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()


def test_unknown_interpreter():
    with pytest.raises(BadInput) as caught:
        runner.Run({}, "perl")
    assert str(caught.value) == ("interpreter 'perl' is unknown: allowed are micropython, cpython")


def test_missing_micropython(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BadInput, match="micropython is missing: make setup"):
        runner.interpreter_command("micropython")
