"""Output off, before anything else [S-12]. Whatever ran before this start may have left it on.

Needs nothing but the chip: no file of the wand may be able to keep this from running. The pins
are those of hal/rp2/pins.py, where their meaning stands; a test compares the two.
"""

from machine import Pin, mem32

# GATE first: taken from the PIO, low. Then K1, M2, bleed, rail, bridge, dummy, FEED, LATCH_RESET,
# THRESHOLD.
for _pin in (2, 12, 13, 20, 8, 9, 10, 11, 6, 7, 21):
    Pin(_pin, Pin.OUT, value=0)
mem32[0x50303000] = 1  # PIO1's state machine 0 stops (hal/rp2/gate.py starts it anew)
