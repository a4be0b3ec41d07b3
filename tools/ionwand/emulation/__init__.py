"""The same on an emulated RP2040 with real MicroPython: chip, buses, exits, figures.

Top of the house: only cli.py and tests use it; it may use every room. guest/ runs on the chip.
"""
