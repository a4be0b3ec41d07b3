"""Monostable and the gates: output = dead-man AND monostable AND NOT tripped. Serves S-10, S-15.

Two paths, so that no single gate stands behind all three: one to K1 and the bleed, the other to
M2. ENABLED is high while either is: one that sticks high is seen by the self-test.
"""


def build(sheet):
    """GATE, FEED, NOT_TRIPPED to K1_ON, M2_ON, BLEED_OPEN, ENABLED."""
    none = ("no output", "self-test", "at power-on", "")
    mono = ("the dead-man in the chip cuts alone", "self-test: monostable", "at power-on",
            "monostable_stuck")  # fmt: skip
    sheet.part("U_MONO", "monostable",
               {"~{A}": "GND", "B": "FEED", "~{CLR}": "TIME_LEFT", "GND": "GND", "VCC": "3V3",
                "RC": "MONO_RC", "C": "MONO_C", "Q": "MONO"},
               "falls 3 ms after the last edge", {
        "Q low": none,
        "Q high": mono,
        "drift": ("falls later or earlier", "proof", "before a session", "monostable:slow"),
    })  # fmt: skip
    sheet.r("R_MONO", 30.1e3, 0.01, "3V3", "MONO_RC", "3 ms with 100 nF", {
        "open": mono,
        "short": ("falls between edges: no output", *none[1:]),
        "drift": ("falls later or earlier", "proof", "before a session", "monostable:slow"),
    })  # fmt: skip
    sheet.c("C_MONO", 100e-9, 0.05, 25, "MONO_C", "MONO_RC", "3 ms: C0G, no X7R", {
        "open": ("falls between edges: no output", *none[1:]),
        "short": mono,
    })  # fmt: skip
    for ref, path in (("U_EN1", "ENABLE_1"), ("U_EN2", "ENABLE_2")):
        other = "M2" if path == "ENABLE_1" else "K1"
        sheet.part(ref, "and3",
                   {"A": "GATE", "B": "MONO", "C": "NOT_TRIPPED", "Y": path, "VCC": "3V3",
                    "GND": "GND"}, "dead-man AND monostable AND NOT tripped", {
            "Y low": none,
            "Y high": (f"{other} cuts alone", "self-test: ENABLED stays high", "at power-on",
                       "output_gate:stuck_high"),
        })  # fmt: skip
    sheet.part("U_AND1", "and2x2",
               {"1A": "ENABLE_1", "1B": "K1_ENABLE", "1Y": "K1_ON", "2A": "ENABLE_1",
                "2B": "BLEED", "2Y": "BLEED_OPEN", "VCC": "3V3", "GND": "GND"},
               "K1, and the bleed", {
        "1Y low": none,
        "1Y high": ("M2 cuts alone", "self-test: each gate alone", "at power-on", "k1_stuck_on"),
        "2Y low": ("47 kΩ beside the skin", "self-test: dummy", "at power-on", "bleed:short"),
        "2Y high": ("the bleed stays open", "proof", "before a session", "bleed:open"),
        "1A high": ("K1 hears its own line alone: M2 cuts", "self-test: drained", "at power-on",
                    "k1:enable_stuck"),
    })  # fmt: skip
    sheet.part("U_AND2", "and2",
               {"A": "ENABLE_2", "B": "M2_ENABLE", "Y": "M2_ON", "VCC": "3V3", "GND": "GND"},
               "M2, by a gate of its own", {
        "Y low": none,
        "Y high": ("K1 cuts alone", "self-test: each gate alone", "at power-on", "m2_short"),
        "A high": ("M2 hears its own line alone: K1 cuts, within 2.5 ms", "nobody", "never",
                   "m2:enable_stuck"),
    })  # fmt: skip
    sheet.part("U_OR", "or2",
               {"A": "ENABLE_1", "B": "ENABLE_2", "Y": "ENABLED", "VCC": "3V3", "GND": "GND"},
               "either path up is seen", {
        "Y low": ("output seems off: no session", "self-test", "at power-on", ""),
        "Y high": ("output seems on: no session", "self-test", "at power-on", ""),
    })  # fmt: skip
    for ref, what in (("C_MONO_VCC", "monostable"), ("C_EN1", "first path"),
                      ("C_EN2", "second path")):  # fmt: skip
        sheet.decouple(ref, 100e-9, "3V3", what)
    sheet.test_point("TP_ENABLED", "ENABLED")
