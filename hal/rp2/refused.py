"""The light of a wand whose MicroPython is not on hal's list; boot.py has put the output off."""

from machine import Pin

from hal.rp2 import pins


def show():
    """Red and blue, steady: no state of the wand looks so."""
    Pin(pins.LED_RED, Pin.OUT, value=1)
    Pin(pins.LED_GREEN, Pin.OUT, value=0)
    Pin(pins.LED_BLUE, Pin.OUT, value=1)
