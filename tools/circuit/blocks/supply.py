"""Cell, charger, path to the Pico, 27 V. Serves S-14 (no treatment with VBUS), S-16 (battery).

VBUS and battery are sensed on the Pico itself (GP24, GP29). The feedback divider is the rail's
bleeder: 1.1 s with 1 µF. With the boost off the rail still has the cell's voltage, by coil and
diode: K1 and M2 are what is off.
"""


def build(sheet):
    """From USB and cell to RAIL."""
    dark = ("no supply", "person: dark wand", "at once", "")
    sheet.part("U_CHARGER", "charger",
               {"VDD": "VBUS", "VSS": "GND", "VBAT": "BAT", "PROG": "PROG"},
               "charges at 0.1 A; no treatment meanwhile", {
        "VBAT low": ("never charges", "person", "days later", ""),
        "VBAT high": ("cell at 5 V: its own protection opens", "guard: battery above 4.4 V",
                      "at power-on", ""),
    })  # fmt: skip
    sheet.r("R_PROG", 10e3, 0.01, "PROG", "GND", "charge current 0.1 A", {
        "open": ("never charges", "person", "days later", ""),
        "short": ("charges at 1 A: the fuse opens", "person", "days later", ""),
        "drift": ("another charge current", "nobody", "never", ""),
    })  # fmt: skip
    sheet.part("BT_CELL", "cell", {"+": "CELL", "-": "GND"}, "30 h of treatment (unverified)", {
        "empty": ("output ends by a ramp", "guard: battery", "in a session", ""),
        "over-voltage": ("its own protection opens", "guard: battery above 4.4 V", "at power-on",
                         ""),
    })  # fmt: skip
    sheet.part("F_CELL", "fuse", {"1": "CELL", "2": "BAT"}, "a short behind it is no fire", {
        "open": dark,
        "short": ("the cell's own protection is left", "nobody", "never", ""),
    })  # fmt: skip
    sheet.part("Q_PATH", "pmos", {"G": "VBUS", "D": "BAT", "S": "VSYS"},
               "cell to VSYS where USB is away (Pico datasheet)", {
        "open": ("VSYS by its body diode, 0.6 V lower", "guard: battery", "in a session", ""),
        "short": ("USB charges the cell past the charger by the Pico's diode", "guard: vbus",
                  "at power-on", "vbus_detector:dead"),
    })  # fmt: skip
    sheet.pull_down("R_PD_VBUS", "VBUS", "USB away: the cell is connected")
    for ref, net, what in (("C_VBUS", "VBUS", "charger"), ("C_BAT", "BAT", "charger and cell"),
                           ("C_VSYS", "VSYS", "Pico and boost")):  # fmt: skip
        sheet.decouple(ref, 10e-6, net, what)
    high = ("rail above 29 V: the clamp holds 30 V until it or the fuse opens",
            "self-test: rail limits", "at power-on", "rail:40V")  # fmt: skip
    low = ("rail too low: less compliance", "self-test: rail limits", "at power-on", "rail:12V")
    none = ("no rail", "self-test: rail limits", "at power-on", "")
    sheet.part("U_BOOST", "boost",
               {"VIN": "VSYS", "EN": "RAIL_ON", "GND": "GND", "SW": "SW", "FB": "FB"},
               "27 V at 2 mA", {
        "SW open": none,
        "SW short": ("cell shorted by the coil: the fuse opens", "person: dark wand", "at once",
                     ""),
        "EN low": none,
        "EN high": ("rail on for ever, in FAULT too; K1 and M2 stay open", "nobody", "never",
                    ""),
    })  # fmt: skip
    sheet.part("L_BOOST", "coil", {"1": "VSYS", "2": "SW"}, "0.4 A peaks of the TPS61040", {
        "open": none,
        "short": ("cell shorted by the switch: the fuse opens", *dark[1:]),
    })  # fmt: skip
    sheet.d("D_BOOST", "schottky40", "SW", "RAIL", "31 V reverse", {
        "open": none,
        "short": ("no rail: the switch discharges it", *none[1:]),
    })  # fmt: skip
    sheet.c("C_RAIL", 1e-6, 0.1, 50, "RAIL", "GND", "27 V for the length of a pulse", {
        "open": ("ripple on the rail", "self-test", "at power-on", ""),
        "short": none,
    })  # fmt: skip
    sheet.r("R_FB1", 1.07e6, 0.001, "RAIL", "FB", "27.05 V; bleeds the rail in 1.1 s", {
        "open": high,
        "short": ("no rail: feedback at once", *none[1:]),
        "drift": low,
    })  # fmt: skip
    sheet.r("R_FB2", 51.1e3, 0.001, "FB", "GND", "27.05 V at 1.233 V", {
        "open": none,
        "short": high,
        "drift": high,
    })  # fmt: skip
    sheet.c("C_FF", 22e-12, 0.05, 50, "RAIL", "FB", "stable ripple (TPS61040 datasheet)", {
        "open": ("more ripple", "nobody", "never", ""),
        "short": none,
    })  # fmt: skip
    sheet.d("D_CLAMP", "clamp", "GND", "RAIL", "nothing behind it sees more than 30.6 V", {
        "open": ("none until the feedback fails too", "nobody", "never", ""),
        "short": none,
    })  # fmt: skip
    sheet.test_point("TP_RAIL", "RAIL")
