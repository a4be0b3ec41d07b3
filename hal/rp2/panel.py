"""Button, RGB LED and beeper. PWM only moves when something changes: most ticks cost nothing."""

from machine import PWM, Pin, Signal
from micropython import const

from hal.rp2 import pins

_LED_HZ = const(1000)


class Panel:
    def __init__(self):
        self.pressed = Signal(Pin(pins.BUTTON, Pin.IN, Pin.PULL_UP), invert=True).value
        self._red = PWM(Pin(pins.LED_RED), freq=_LED_HZ, duty_u16=0)
        self._green = PWM(Pin(pins.LED_GREEN), freq=_LED_HZ, duty_u16=0)
        self._blue = PWM(Pin(pins.LED_BLUE), freq=_LED_HZ, duty_u16=0)
        self._beeper = PWM(Pin(pins.BEEPER), freq=_LED_HZ, duty_u16=0)
        self._r = self._g = self._b = self._hz = 0

    def show(self, red, green, blue, hz):
        """Squares: twice the number looks twice as bright."""
        if red != self._r:
            self._r = red
            self._red.duty_u16(red * red)
        if green != self._g:
            self._g = green
            self._green.duty_u16(green * green)
        if blue != self._b:
            self._b = blue
            self._blue.duty_u16(blue * blue)
        if hz != self._hz:
            self._hz = hz
            if hz:
                self._beeper.freq(hz)
            self._beeper.duty_u16(0x8000 if hz else 0)
