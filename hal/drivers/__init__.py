"""Drivers of the three I2C parts: bus injected, buffers preallocated, codes and nothing else.

Both DACs have the same face: `full_scale`, `setup()`, `write(code)`, `read()`; one with a memory
of its own also `check_power_on_zero()`. None of them retries or sleeps: that is the board's
business [S-19].
"""
