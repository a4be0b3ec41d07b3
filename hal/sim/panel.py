"""The panel's twin: one button, one RGB LED, one beeper, as a test or a person sees them.

Levels only: what a press means is firmware/gestures.py's business.
"""


class Panel:
    """`pressed` is the raw level of the button: whoever plays the person sets it."""

    def __init__(self):
        self.pressed = False
        self.red = 0
        self.green = 0
        self.blue = 0
        self.hz = 0  # 0 = silent

    def led(self, red, green, blue):
        """Brightness 0..255 each."""
        self.red = red
        self.green = green
        self.blue = blue

    def beep(self, hz):
        """Frequency, 0 for silence."""
        self.hz = hz

    def led_hex(self):
        """The colour as "#rrggbb", as traces have it."""
        return "#%02x%02x%02x" % (self.red, self.green, self.blue)
