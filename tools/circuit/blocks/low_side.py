"""M2, M1, R_SET: where the current is made. Serves S-01, S-02, F-05.

M2's gate is at 3.3 V, so its source, M1's drain, never exceeds 3.3 V less a threshold: neither
M1's nor R_SET's failing brings the rail to a converter. M2 is driven through a gate of its own.
"""


def build(sheet):
    """E2 to ground."""
    most = ("as much as the diode gives", "comparator", "in a session", "m1_short")
    no_current = ("no current", "self-test", "at power-on", "")
    sheet.part("M2", "nmos", {"D": "E2", "S": "DRAIN", "G": "M2_ON"},
               "opens the current's way at its bottom; bounds M1's drain", {
        "open": no_current,
        "short": ("K1 cuts alone", "self-test: each gate alone", "at power-on", "m2_short"),
    })  # fmt: skip
    sheet.pull_down("R_PD_M2", "M2_ON", "M2 open")
    sheet.part("M1", "nmos", {"D": "DRAIN", "S": "SENSE_A", "G": "M1_GATE"}, "the regulator", {
        "open": no_current,
        "short": most,
    })  # fmt: skip
    sheet.r("R_G", 100, 0.01, "REG_OUT", "M1_GATE", "keeps the op-amp calm at M1's 27 pF", {
        "open": ("M1's gate floats", "guard: current", "in a session", "m1_short"),
        "short": ("none", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.r("R_SET", 2000, 0.001, "SENSE_A", "GND", "sense A: 2.00 V/mA; the setpoint's scale", {
        "open": ("no current while A reads the setpoint", "guard: A and B apart", "in a session",
                 "rset_open"),
        "short": ("all that the diode gives, A reads 0", "comparator", "in a session",
                  "rset_short"),
        "drift": ("current off by as much", "guard: A and B apart; proof", "before a session",
                  "r_set:+20%"),
    })  # fmt: skip
    a_apart = ("fast A wrong", "guard: converters apart", "in a session", "adc_stuck")
    sheet.part("U_REG", "regulator",
               {"+INA": "SET", "-INA": "SENSE_A", "OUTA": "REG_OUT", "+INB": "SENSE_A",
                "-INB": "ADC_A", "OUTB": "ADC_A", "V+": "3V3", "V-": "GND"},
               "regulates; its second half feeds ADC0, whose 100 kΩ would rob R_SET of 2 %", {
        "OUTA low": no_current,
        "OUTA high": most,
        "OUTB low": a_apart,
        "OUTB high": ("fast A too high: cut", "guard: over-current", "in a session", "adc_stuck"),
        "drift": ("current off by offset / 2 kΩ", "guard: A and B apart", "in a session", ""),
    })  # fmt: skip
    sheet.decouple("C_REG", 100e-9, "3V3", "regulator")
    sheet.test_point("TP_SENSE_A", "SENSE_A")
