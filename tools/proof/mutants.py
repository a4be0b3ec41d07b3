"""`make mutants`: change the safety core in every small way, and see that a test notices [R-03].

The mutants are cosmic-ray's: constants, tables and decorated functions too. They are tried in
copies of the tree, one a core, in forked processes; nothing is ever changed where people work.
Survivors must stand in survivors.txt with the reason why they change nothing.
"""

import argparse
import difflib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import paths

TESTS = "tests/firmware/"
PROOF = "tests/proof/"
# Fastest first: the first failing test is enough.
MODULES = {
    "firmware/limits.py": (PROOF + "test_limits.py", TESTS + "test_guard.py"),
    "firmware/limiter.py": (TESTS + "test_limiter.py",),
    "firmware/guard.py": (TESTS + "test_guard.py", PROOF + "test_guard_smt.py"),
    "firmware/polarity.py": (TESTS + "test_polarity.py",),
    "firmware/session.py": (PROOF + "test_machine.py", TESTS + "test_session.py"),
}
NEEDED = 0.95
LIMIT_S = 120
SURVIVORS = Path(__file__).with_name("survivors.txt")
_LEFT_OUT = (".git", ".venv", "out", "node_modules", "__pycache__", ".hypothesis", ".mypy_cache")


def all_mutants():
    """(module, operator, occurrence) of everything cosmic-ray can do to the five modules."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    found = []
    for module in MODULES:
        nodes = list(ast_nodes(get_ast((paths.ROOT / module).read_text())))
        for name in plugins.operator_names():
            if "Variable" in name:
                continue  # these two want names to replace; they are off in cosmic-ray too
            operator = plugins.get_operator(name)()
            count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
            found += [(module, name, occurrence) for occurrence in range(count)]
    return found


def change(module, name, occurrence):
    """(source, mutated source) of one mutant."""
    from cosmic_ray import mutating, plugins

    source = (paths.ROOT / module).read_text()
    return source, mutating.mutate_code(source, plugins.get_operator(name)(), occurrence)


def difference(source, mutated):
    """The mutant in one line: what stood there and what stands there now."""
    lines = list(difflib.ndiff(source.splitlines(), mutated.splitlines()))
    old = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
    new = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
    return "%s => %s" % (old, new)


_copy = None


def prepare(folder):
    """A worker begins: a copy of the tree for it alone."""
    global _copy
    _copy = Path(folder) / str(os.getpid())
    shutil.copytree(paths.ROOT, _copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401  (the forked children have them)
    import z3  # noqa: F401


def attempt(mutant):
    """(mutant, its difference, what killed it or "")."""
    module, name, occurrence = mutant
    source, mutated = change(module, name, occurrence)
    shown = difference(source, mutated)
    try:
        compile(mutated, module, "exec")
    except SyntaxError:
        return mutant, shown, "syntax"
    target = _copy / module
    target.write_text(mutated)
    try:
        return mutant, shown, _tested(MODULES[module])
    finally:
        target.write_text(source)


def _tested(tests):
    child = os.fork()
    if not child:
        _child(tests)
    end_s = time.monotonic() + LIMIT_S
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "" if status == 0 else "tests"
        if time.monotonic() > end_s:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "timeout"
        time.sleep(0.02)


def _child(tests):
    code = 1
    try:
        os.chdir(_copy)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        for place in ("", "tools", "tools/shim", "tools/proof"):
            sys.path.insert(0, str(_copy / place))
        # Nothing of the unchanged tree may answer an import.
        root = str(paths.ROOT)
        sys.path[:] = [place for place in sys.path if not place.startswith(root)
                       or ".venv" in place]  # fmt: skip
        for loaded in ("paths", "symbolic", "guard_smt", "micropython"):
            sys.modules.pop(loaded, None)
        sys.dont_write_bytecode = True
        import pytest

        arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore",
                     "--rootdir", str(_copy), "-o", "addopts="]  # fmt: skip
        code = int(pytest.main([*arguments, *tests]))
    finally:
        os._exit(code)


def known():
    """Survivors that change nothing, with why: `module | difference | reason` a line."""
    found = {}
    for line in SURVIVORS.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            module, shown, reason = line.split(" | ")
            found[module, shown] = reason
    return found


def run(mutants, jobs):
    """Yield results as they come."""
    folder = paths.OUT / "mutants"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, prepare, (str(folder),)) as pool:
        yield from pool.imap_unordered(attempt, mutants)
    shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=0, help="only so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--module", help="only this one")
    options = parser.parse_args()
    mutants = [m for m in all_mutants() if options.module in (None, m[0])]
    random.Random(options.seed).shuffle(mutants)
    if options.sample:
        mutants = mutants[: options.sample]
    from rich.progress import track

    equivalent = known()
    counts = {module: [0, 0, 0] for module in MODULES}  # killed, equivalent, survived
    open_ones = []
    for mutant, shown, killer in track(run(mutants, options.jobs), "mutants", len(mutants)):
        kind = 0 if killer else 1 if (mutant[0], shown) in equivalent else 2
        counts[mutant[0]][kind] += 1
        if kind == 2:
            open_ones.append((mutant, shown))
    for (module, name, occurrence), shown in sorted(open_ones):
        print("survived: %s | %s  (%s %d)" % (module, shown, name, occurrence))
    bad = 0
    for module, (killed, same, survived) in counts.items():
        total = killed + same + survived
        if total:
            share = killed / total
            bad += not share >= NEEDED or (options.sample and survived)
            print("%-22s %4d mutants, %4d killed (%.1f %%), %d listed as equivalent, %d open"
                  % (module, total, killed, 100 * share, same, survived))  # fmt: skip
    return 1 if bad and not options.sample else 0


if __name__ == "__main__":
    sys.exit(main())
