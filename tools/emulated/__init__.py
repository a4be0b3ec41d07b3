"""The wand on an emulated RP2040: real MicroPython, real hal/rp2, the plant and twins of hal/sim."""
