"""Host side of the wand: simulate, plot, check, bench.

Runs on CPython; only the folders `guest` are for the interpreter under test.
"""
