"""Trouble that guest/deep.py makes on request, by number."""

HANG = 1
NO_INTERRUPTS = 2
TICK_RAISES = 3
GARBAGE = 5
LOOK = 6  # at the free heap, before and after each tick: 8 ms each time
