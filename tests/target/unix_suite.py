"""Runs one test module on MicroPython's Unix port; prints a line of counts and the ids it proved.

    micropython unix_suite.py MODULE

The modules are those that CPython runs; tests/target/shim stands in for pytest and hypothesis.
"""

import gc
import sys

import pytest


def cases(marks):
    """Every combination of the parametrized values, as dictionaries."""
    found = [{}]
    for names, rows in marks["cases"]:
        found = [dict(one, **dict(zip(names, row))) for one in found for row in rows]
    return found


def main(name):
    module = __import__(name)
    passed = skipped = failed = 0
    ids = set()
    for key in sorted(dir(module)):
        test = getattr(module, key)
        if not key.startswith("test_") or not callable(test):
            continue
        marks = pytest.told.of(test)
        for values in cases(marks):
            gc.collect()
            try:
                test(**values)
            except pytest.Skipped:
                skipped += 1
            except Exception as problem:
                failed += 1
                print("FAILED %s.%s %r" % (name, key, values))
                sys.print_exception(problem)
            else:
                passed += 1
                ids.update(marks["ids"])
    print("%d passed, %d skipped, %d failed" % (passed, skipped, failed))
    print(" ".join(sorted(ids)))


main(sys.argv[1])
