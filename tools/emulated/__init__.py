"""The wand on an emulated RP2040: MicroPython, hal/rp2, and hal/sim's plant and twins."""
