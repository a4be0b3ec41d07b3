"""The controller board: its two cores, its own converter, its 3.3 V, USB. Serves S-10, S-11, S-12.

Which net sits at which pin is hal/rp2/pins.py said once more: circuit/compare.py compares.
"""

# GP number: net.
GP = {
    0: "TIMER",
    2: "GATE",
    3: "COMPARATOR",
    4: "SDA",
    5: "SCL",
    6: "FEED",
    7: "LATCH_RESET",
    8: "RAIL_ON",
    9: "BRIDGE_1",
    10: "BRIDGE_2",
    11: "DUMMY",
    12: "K1_ENABLE",
    13: "M2_ENABLE",
    14: "BUTTON",
    15: "BEEPER",
    16: "LED_RED",
    17: "LED_GREEN",
    18: "LED_BLUE",
    19: "ENABLED",
    20: "BLEED",
    21: "THRESHOLD",
    22: "READY",
    26: "ADC_A",
    27: "ADC_B",
    28: "ADC_E2",
}
GROUNDS = ("AGND", "GND", "GND3", "GND8", "GND13", "GND18", "GND23", "GND28")
# Outputs, and what floating means.
OFF = {
    "GATE": "output off",
    "K1_ENABLE": "K1 open",
    "M2_ENABLE": "M2 open",
    "BLEED": "the bleed closed",
    "RAIL_ON": "no 27 V",
    "BRIDGE_1": "that half of the bridge open",
    "BRIDGE_2": "that half of the bridge open",
    "DUMMY": "the dummy away",
    "FEED": "no edges: the monostable falls",
    "LATCH_RESET": "no reset",
    "THRESHOLD": "the comparator at its full threshold",
}


def build(sheet):
    """Pico, pull-downs of its outputs, pull-ups of bus and ready line."""
    nets = {f"GP{number}": net for number, net in GP.items()}
    nets |= dict.fromkeys(GROUNDS, "GND") | {"VBUS": "VBUS", "VSYS": "VSYS", "3V3": "3V3"}
    sheet.part("U_PICO", "pico", nets, "the reference board of hal/rp2", {
        "hang": ("setpoint current for 3 ms at most", "monostable, watchdog", "in a session",
                 "mcu_hang"),
        "reset": ("outputs float: all off by their pull-downs", "boot.py", "at once", ""),
        "pin 11 high": ("the dummy lies beside the skin", "proof; first contact; its end",
                        "before a session", "dummy:welded"),
        "tick": ("a bit of the 1 MHz tick's divider: all time is off by up to a half", "guard: a "
                 "second against frames, where it is slow by 40 %", "in a session", ""),
    })  # fmt: skip
    for net, what in OFF.items():
        sheet.pull_down(f"R_PD_{net}", net, what)
    bus = ("I²C hangs", "guard: i2c", "in a session", "i2c_hang")
    for net in ("SDA", "SCL"):
        sheet.r(f"R_PU_{net}", 2200, 0.01, "3V3", net, "I²C at 400 kHz: 0.3 µs with 100 pF", {
            "open": bus,
            "short": ("the line cannot fall: I²C hangs", *bus[1:]),
            "drift": ("slower edges", "nobody", "never", ""),
        })  # fmt: skip
    sheet.r("R_PU_READY", 10e3, 0.01, "3V3", "READY", "READY is an open collector", {
        "open": ("the chip's own pull-up is left", "nobody", "never", ""),
        "short": ("no conversion is ever ready: fault i2c", "self-test", "at power-on", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.decouple("C_3V3", 10e-6, "3V3", "all amplifiers and gates")
    sheet.test_point("TP_GND", "GND")
