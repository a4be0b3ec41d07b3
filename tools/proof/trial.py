"""Tries the tests on a changed module, in a forked child: nothing on disk is touched.

Whatever a test needs is compiled once. A child executes the firmware and the tests anew from that,
with one module's text changed, and stops at the first test that fails. A test that takes
far longer than it should (processor time, so a busy machine is no reason) has failed too.
"""

import contextlib
import importlib.abc
import importlib.util
import itertools
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import hypothesis
import mutations
import paths
import pytest  # noqa: F401  (so that no child has to)
import z3  # noqa: F401

FOLDERS = ("firmware", "tests/firmware", "tests/proof", "tools/proof")
# These look at something else than the module that was changed.
LEFT_OUT = ("test_same_on_the_unix_port",)
_PROOF = "the proof of the guard"
_PROOF_S = 300
_FASTEST_S = 1.0
_MEMORY_BYTES = 4 << 30  # a shift or a power may want more than there is

hypothesis.settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, max_examples=100
)


class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports firmware, tests and proofs from memory."""

    def __init__(self):
        self.code = {}
        self.path = {}
        for folder in FOLDERS:
            for path in sorted((paths.ROOT / folder).glob("*.py")):
                name = path.stem if folder != "firmware" else "firmware." + path.stem
                self.path[name.replace(".__init__", "")] = path

    def change(self, module, source, folder):
        """False where the text isn't Python any more. It is a file in `folder`, too."""
        name = module[:-3].replace("/", ".")
        self.path[name] = Path(folder) / Path(module).name  # for tests that read the source
        self.path[name].write_text(source, encoding="utf-8")
        try:
            self.code[name] = compile(source, str(self.path[name]), "exec")
        except (SyntaxError, ValueError):
            return False
        return True

    def find_spec(self, name, path=None, target=None):
        if name not in self.path:
            return None
        return importlib.util.spec_from_file_location(
            name, self.path[name], loader=self,
            submodule_search_locations=[] if name == "firmware" else None,
        )  # fmt: skip

    def exec_module(self, module):
        exec(self._compiled(module.__name__), module.__dict__)

    def _compiled(self, name):
        if name not in self.code:
            path = self.path[name]
            self.code[name] = compile(path.read_text(encoding="utf-8"), str(path), "exec")
        return self.code[name]


SOURCES = Sources()


def cases(names):
    """{name: call} for every test of these modules with every one of its values."""
    found = {}
    for name in names:
        module = importlib.import_module(name)
        for key, function in list(vars(module).items()):
            if not key.startswith("test_") or key in LEFT_OUT:
                continue
            tables = [m.args[:2] for m in getattr(function, "pytestmark", ())
                      if m.name == "parametrize"]  # fmt: skip
            rows = [[_values(keys, row) for row in table] for keys, table in tables]
            for i, chosen in enumerate(itertools.product(*rows)):
                values = {k: v for row in chosen for k, v in row.items()}
                found["%s.%s %d" % (name, key, i)] = lambda f=function, v=values: f(**v)
    return found


def _values(keys, row):
    if isinstance(keys, str):
        keys = [key.strip() for key in keys.split(",")]
    row = getattr(row, "values", row) if not isinstance(row, dict) else row
    return dict(zip(keys, row if len(keys) > 1 else (row,)))


def _child(mutation, order, prove, folder, say):
    """Run in the child: `say` what failed, or what held how long."""
    for name in list(sys.modules):
        if name in SOURCES.path and name not in ("paths", "mutations", "trial", "mutants"):
            del sys.modules[name]
    sys.meta_path.insert(0, SOURCES)
    sys.dont_write_bytecode = True
    hypothesis.settings.load_profile("mutants")
    if not SOURCES.change(mutation.module, mutation.source, folder):
        return say(killer="syntax")
    _limit(_FASTEST_S * 5)
    try:
        tests = cases(mutations.TESTS[mutation.module])
    except Exception as error:
        return say(killer="import: %s" % error)
    took_s = {}
    for name, usual_s in (order or dict.fromkeys(tests, 60)).items():
        if name not in tests:  # one row less: that alone is no failure
            continue
        say(running=name)
        _limit(_FASTEST_S + 10 * usual_s)
        begin_s = time.process_time()
        try:
            tests[name]()
        except BaseException as error:
            return say(killer=name, why=repr(error)[:200])
        took_s[name] = time.process_time() - begin_s
    if prove and mutation.module == "firmware/guard.py":
        refuted = _refuted(mutation.source, say)
        if refuted:
            return say(killer="proof: " + refuted)
    say(killer="", took_s=took_s)


def _refuted(source, say):
    """The property that z3 refutes for this guard; "" where it proves all, or can't read it."""
    import guard_smt

    say(running=_PROOF)
    _limit(_PROOF_S)
    try:
        for name, model, _ in guard_smt.prove(source):
            if model is not None:
                return name
    except Exception:
        pass  # it can't read this guard, or can't decide
    return ""


def _limit(seconds):
    signal.setitimer(signal.ITIMER_PROF, seconds)


def attempt(mutation, order=None, prove=True):
    """Fork, and give a call that waits for the end. `prove`: ask the guard's proof, too.

    `order`: the tests to run, first things first, with the seconds that each usually takes. The
    call gives {"killer": what noticed or ""}, for an unchanged module "took_s" as well.
    """
    source, sink = os.pipe()
    folder = tempfile.mkdtemp(prefix="mutant")
    child = os.fork()
    if child:
        os.close(sink)
        return lambda: _end(child, source, folder)
    code = 1
    try:
        os.close(source)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))

        def say(**words):
            os.write(sink, (json.dumps(words) + "\n").encode())

        try:
            _child(mutation, order, prove, folder, say)
        except Exception:
            say(broken=traceback.format_exc())
        code = 0
    finally:
        os._exit(code)


def _end(child, pipe, folder):
    with contextlib.closing(os.fdopen(pipe)) as file:
        words = [json.loads(line) for line in file]
    _, status = os.waitpid(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    last = words[-1] if words else {}
    if "killer" in last:
        return last
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) not in (signal.SIGPROF, signal.SIGSEGV):
        raise RuntimeError("a trial ended by itself: %s" % last)
    running = last.get("running", "import")
    # A proof that takes too long has refuted nothing.
    return {"killer": "" if running == _PROOF else "time: " + running}
