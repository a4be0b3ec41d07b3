"""The RP2040 board: what is flashed. pins.py is the one file that another board replaces."""
