"""R_B and what reads it, the diode that limits without software, K1. Serves S-02, S-03.

Sense B is R_B/R_IN times R_O1 + R_O2: 4.99 V/mA, by resistors of 0.1 %. Its amplifier lives on the
rail, or it would end at 434 µA and blind the comparator. Where it may exceed 3.3 V a buffer stands
between it and the converter.
"""


def build(sheet):
    """RAIL to E1."""
    gone = ("B reads 0: the comparator is blind, the current right", "guard: A and B apart",
            "in a session", "rb_short")  # fmt: skip
    apart = ("B drifts against A: seen from 10 % or 20 µA on", "guard: A and B apart",
             "in a session", "sense_b:+20%")  # fmt: skip
    no_current = ("no current", "self-test", "at power-on", "")
    sheet.r("R_B", 1000, 0.001, "RAIL", "B_LOW", "sense B: 1 V/mA; sets the comparator", {
        "open": no_current,
        "short": gone,
        "drift": ("as sense B", *apart[1:]),
    })  # fmt: skip
    sheet.r("R_IN", 1000, 0.001, "RAIL", "B_IN", "sense B's gain", {
        "open": ("B reads 0", *gone[1:]),
        "short": ("B at its end: the comparator trips", "comparator", "at power-on", ""),
        "drift": apart,
    })  # fmt: skip
    sheet.part("U_B", "sense_b",
               {"V+": "RAIL", "-INS": "B_IN", "-INF": "B_IN", "+IN": "B_LOW", "V-": "GND",
                "OUT": "SENSE_B", "VREG": "B_REG"},
               "0.85 V of sense at the diode's highest current", {
        "OUT low": ("B reads 0", *gone[1:]),
        "OUT high": ("comparator trips at once", "comparator", "at power-on", ""),
        "drift": apart,
    })  # fmt: skip
    sheet.c("C_B", 100e-9, 0.1, 50, "RAIL", "B_REG", "its inner supply", {
        "open": ("B may swing", "guard: A and B apart", "in a session", ""),
        "short": ("B reads 0", *gone[1:]),
    })  # fmt: skip
    sheet.r("R_O1", 1070, 0.001, "SENSE_B", "TAP", "with R_O2: 4.99 V/mA", {
        "open": ("B at its end, the tap at 0: the comparator is blind", "guard: A and B apart",
                 "in a session", "sense_b:+20%"),
        "short": ("B reads 21 % low", *apart[1:]),
        "drift": apart,
    })  # fmt: skip
    sheet.r("R_O2", 3920, 0.001, "TAP", "GND", "0.638 mA make 2.50 V here", {
        "open": ("B at its end: the comparator trips", "comparator", "at power-on", ""),
        "short": ("B reads 21 %, the comparator is blind", "guard: A and B apart", "in a session",
                  "sense_b:-20%"),
        "drift": ("the comparator's threshold moves", "proof", "before a session",
                  "comparator:+20%"),
    })  # fmt: skip
    sheet.r("R_PB", 10e3, 0.01, "SENSE_B", "B_BUFFER", "into the buffer's clamps above 3.3 V", {
        "open": ("B reads anything", *gone[1:3], ""),
        "short": ("the clamps carry more in an over-current", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.d("D_LIMIT", "crd", "B_LOW", "CRD", "0.75 mA whatever fails below it", {
        "open": no_current,
        "short": ("nothing to see: only comparator and R_B are left", "self-test: dummy",
                  "at power-on", "diode_short"),
        "drift": ("another limit", "self-test: dummy", "at power-on", "diode:+20%"),
    })  # fmt: skip
    sheet.led_resistor("R_K1", 680, "K1_ON", "K1_LED", "K1")
    sheet.part("K1", "photo", {"A": "K1_LED", "K": "GND", "D1": "CRD", "D2": "E1"},
               "opens the current's way at its top", {
        "open": no_current,
        "short": ("M2 cuts alone", "self-test: each gate alone", "at power-on", "k1_stuck_on"),
        "half": ("as short, or none: a diode down the way or up", "self-test: each gate alone",
                 "at power-on", "k1_stuck_on"),
    })  # fmt: skip
    sheet.test_point("TP_SENSE_B", "SENSE_B")
