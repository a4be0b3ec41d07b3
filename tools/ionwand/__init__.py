"""Host side of the wand: simulate, plot, check, bench.

Runs on CPython; `simrun` alone is executed by the interpreter under test.
"""
