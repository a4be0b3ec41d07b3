"""Over-current without software: comparator, its reference, latch. Serves S-02, S-15.

The reference is not the DAC's. A transistor pulls the threshold to 20 µA, so that a harmless
current through the dummy proves comparator and latch. The latch is set without a clock and
cleared by an edge: a reset pin that sticks holds nothing open.
"""


def build(sheet):
    """SENSE_B's tap to COMPARATOR and NOT_TRIPPED."""
    dead = ("never trips", "proof: threshold pulled down", "before a session", "comparator_dead")
    trips = ("always tripped", "self-test", "at power-on", "")
    high = ("threshold moves", "proof: threshold pulled down", "before a session",
            "comparator:+20%")  # fmt: skip
    sheet.part("U_REF", "reference", {"IN": "3V3", "GND": "GND", "OUT": "REF"}, "2.5 V", {
        "OUT low": trips,
        "OUT high": dead,
        "drift": high,
    })  # fmt: skip
    sheet.r("R_TH", 12.1e3, 0.01, "REF", "THRESHOLD_V", "what the test transistor pulls on", {
        "open": trips,
        "short": ("the test pulls on the reference itself", "proof", "before a session", ""),
        "drift": ("another test threshold", "nobody", "never", ""),
    })  # fmt: skip
    sheet.c("C_TH", 1e-9, 0.05, 50, "THRESHOLD_V", "GND", "no spike moves the threshold", {
        "open": ("noise at the threshold", "nobody", "never", ""),
        "short": trips,
    })  # fmt: skip
    sheet.r("R_TEST", 392, 0.01, "THRESHOLD_V", "TEST_LOW", "20 µA trip while tested", {
        "open": ("the proof's current does not trip", "proof", "before a session",
                 "threshold:high"),
        "short": ("the test trips without a current", "proof", "before a session", ""),
        "drift": ("another test threshold", "nobody", "never", ""),
    })  # fmt: skip
    sheet.part("Q_TEST", "nmos", {"D": "TEST_LOW", "S": "GND", "G": "THRESHOLD"}, "the test", {
        "open": ("the proof's current does not trip", "proof", "before a session",
                 "threshold:high"),
        "short": ("trips at 20 µA for ever", "proof", "before a session", "threshold:low"),
    })  # fmt: skip
    sheet.r("R_F", 18e3, 0.01, "TAP", "CMP_IN", "with the tap's 3.92 kΩ and C_F: 22 µs", {
        "open": dead,
        "short": ("4 µs: edges trip it", "guard: false trips", "in a session", ""),
        "drift": ("another delay", "nobody", "never", ""),
    })  # fmt: skip
    sheet.c("C_F", 1e-9, 0.05, 50, "CMP_IN", "GND", "22 µs", {
        "open": ("edges trip it", "guard: false trips", "in a session", ""),
        "short": dead,
    })  # fmt: skip
    sheet.part("U_CMP", "comparator",
               {"IN+": "THRESHOLD_V", "IN-": "CMP_IN", "OUT": "~OVER", "VCC": "3V3",
                "GND": "GND"}, "0.638 mA", {
        "OUT low": trips,
        "OUT high": dead,
        "drift": high,
    })  # fmt: skip
    sheet.part("U_LATCH", "latch",
               {"CLK": "LATCH_RESET", "D": "GND", "~{PRE}": "~OVER", "~{CLR}": "3V3",
                "GND": "GND", "VCC": "3V3", "Q": "COMPARATOR", "~{Q}": "NOT_TRIPPED"},
               "stays off until an edge; powers up set", {
        "Q low": ("the chip is not told; K1 and M2 open all the same",
                  "proof: threshold pulled down", "before a session", "comparator_dead"),
        "Q high": ("always tripped", "self-test", "at power-on", "latch:stuck"),
        "~Q low": ("no output", "self-test", "at power-on", ""),
        "~Q high": ("the chip's dead-man cuts alone", "proof: the latch alone",
                    "before a session", "latch:to_gates"),
    })  # fmt: skip
    sheet.pull_down("R_PD_COMPARATOR", "COMPARATOR", "not tripped, as the chip reads it")
    for ref, what in (("C_REF2", "reference"), ("C_CMP", "comparator"), ("C_LATCH", "latch")):
        sheet.decouple(ref, 100e-9, "3V3", what)
    sheet.test_point("TP_THRESHOLD", "THRESHOLD_V")
    sheet.test_point("TP_CMP_IN", "CMP_IN")
