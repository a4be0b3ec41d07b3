"""What the wand decides: pure integer code, the same on the chip, on a PC and in a browser."""
