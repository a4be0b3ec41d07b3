"""Which electrode is positive, and the way to the skin. Serves S-05, S-09, S-21, F-01.

BRIDGE_1: return electrode +, roller -. Both high short E1 to E2: the skin gets nothing. 1 kΩ in
each lead makes a stuck switch visible and bounds what a touch can draw. The roller is soldered,
the grip has the only socket: no cable can change the sign.
"""

# (control, from, to).
SWITCHES = {
    "K_B1A": ("BRIDGE_1", "E1", "RETURN_BUS"),
    "K_B1B": ("BRIDGE_1", "ROLLER_BUS", "E2"),
    "K_B2A": ("BRIDGE_2", "E1", "ROLLER_BUS"),
    "K_B2B": ("BRIDGE_2", "RETURN_BUS", "E2"),
}


def build(sheet):
    """E1 and E2 to the electrodes."""
    for ref, (control, a, b) in SWITCHES.items():
        led = f"{ref}_LED"
        # The self-test stands in position 1, the proof in the session's own.
        seen = ("self-test", "at power-on") if control == "BRIDGE_1" else ("proof",
                                                                           "before a session")
        sheet.led_resistor(f"R_{ref}", 560, control, led, ref, seen, "bridge_stuck_open")
        sheet.part(ref, "photo", {"A": led, "K": "GND", "D1": a, "D2": b},
                   f"{control}: {a} to {b}", {
            "open": ("open circuit in this position", "guard: lift", "at power-on",
                     "bridge_stuck_open"),
            "short": ("shorts E1 to E2 in the other position: the skin gets nothing",
                      "guard: load below the leads", "in a session", "bridge_stuck_closed"),
            "half": ("in one position a diode beside the skin: it keeps 0.6 V",
                     "session: less than skin has, above 200 µA", "in a session", "bridge:half"),
        })  # fmt: skip
    for ref, bus, electrode in (("R_ROLLER", "ROLLER_BUS", "ROLLER"),
                                ("R_RETURN", "RETURN_BUS", "RETURN")):  # fmt: skip
        sheet.r(ref, 1000, 0.01, bus, electrode, "makes a stuck bridge visible (S-05)", {
            "open": ("open circuit", "guard: lift", "in a session", "bridge_stuck_open"),
            "short": ("0.5 V less at the skin; S-05 sees half", "nobody", "never", "lead:-20%"),
            "drift": ("impedance wrong by as much", "calibration", "at the bench", "lead:+20%"),
        })  # fmt: skip
        kind, why = (("roller", "the one electrode that is part of the wand") if
                     electrode == "ROLLER" else ("electrode", "fits no mains plug"))  # fmt: skip
        sheet.part(f"J_{electrode}", kind, {"1": electrode}, why, {
            "open": ("open circuit", "guard: lift", "in a session", "bridge_stuck_open"),
        })  # fmt: skip
    sheet.part("D_ESD", "esd", {"K1": "ROLLER", "K2": "RETURN", "A": "GND"},
               "a spark from a finger ends here and not in the bridge", {
        "open": ("a spark may break a bridge switch", "nobody", "never", ""),
        "short": ("0.75 mA past skin or R_SET; of the E2 side past M2 as well: K1 alone cuts, in "
                  "0.5 to 2.5 ms, 2.4 µC at most", "comparator", "at once", ""),
        "leaks": ("4 MΩ: 4.5 % more at 125 µA than is counted", "nobody", "never", ""),
    })  # fmt: skip
