"""One button, one light, one beeper. Serves F-10, S-18."""


def build(sheet):
    """Straight at the chip's pins."""
    sheet.part("SW_BUTTON", "button", {"1": "BUTTON", "2": "GND"}, "starts and stops", {
        "open": ("cannot be started or stopped: lift the roller", "person", "at once", ""),
        "short": ("held for ever: no session", "firmware: button", "at power-on", ""),
    })  # fmt: skip
    sheet.part("D_RGB", "rgb", {"R": "RED_A", "G": "GREEN_A", "B": "BLUE_A", "K": "GND"},
               "every state by its pattern", {
        "open": ("a colour is missing", "person: beeps", "at once", ""),
        "short": ("a colour is missing", "person: beeps", "at once", ""),
    })  # fmt: skip
    for net, anode, ohms in (("LED_RED", "RED_A", 470), ("LED_GREEN", "GREEN_A", 220),
                             ("LED_BLUE", "BLUE_A", 100)):  # fmt: skip
        sheet.r(f"R_{net}", ohms, 0.01, net, anode, "1 to 3 mA", {
            "open": ("a colour is missing", "person: beeps", "at once", ""),
            "short": ("brighter: the pin limits", "nobody", "never", ""),
            "drift": ("none", "nobody", "never", ""),
        })  # fmt: skip
    sheet.r("R_BEEP", 220, 0.01, "BEEPER", "BEEP", "the piezo is a capacitor", {
        "open": ("silent", "person: light", "at once", ""),
        "short": ("none", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.part("LS_BEEP", "beeper", {"1": "BEEP", "2": "GND"}, "beeps", {
        "open": ("silent", "person: light", "at once", ""),
        "short": ("silent", "person: light", "at once", ""),
    })  # fmt: skip
