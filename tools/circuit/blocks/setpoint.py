"""DAC and divider: 601 µA at full scale, by construction. Serves S-01.

10.8 kΩ is in no series of values: 7.50 and 3.30 kΩ make it.
"""


def build(sheet):
    """I²C to SET."""
    sheet.part("U_DAC", "dac",
               {"VDD": "3V3", "VLOGIC": "3V3", "GND": "GND", "SDA": "SDA", "SCL": "SCL",
                "A0": "GND", "~{LDAC}": "GND", "~{RESET}": "3V3", "VOUT": "DAC",
                "VREF": "DAC_REF"},
               "powers up at zero; 16 bit", {
        "VOUT low": ("no current", "self-test", "at power-on", ""),
        "VOUT high": ("793 µA where it clips at 3.3 V, 601 at its own full scale",
                      "guard: A and setpoint apart", "in a session", "dac_full_scale"),
        "reset": ("current to zero, nobody is told", "guard: A and setpoint apart",
                  "in a session", "dac:reset"),
        "gain bit": ("twice the current", "guard: over-current", "in a session", "dac:gain_bit"),
        "drift": ("current off by as much", "guard: A and setpoint apart", "in a session",
                  "dac:reference+10%"),
    })  # fmt: skip
    sheet.decouple("C_DAC", 100e-9, "3V3", "DAC")
    sheet.c("C_REF", 100e-9, 0.1, 10, "DAC_REF", "GND", "noise of its reference", {
        "open": ("more noise", "nobody", "never", ""),
        "short": ("no current", "self-test", "at power-on", ""),
    })  # fmt: skip
    none = ("no current", "self-test", "at power-on", "")
    for ref, ohms, a, b in (("R_T1", 7500, "DAC", "SET_MID"), ("R_T2", 3300, "SET_MID", "SET")):
        sheet.r(ref, ohms, 0.001, a, b, "with its neighbour 10.8 kΩ: 0.4808", {
            "open": none,
            "short": ("more than the setpoint", "guard: A and setpoint apart", "in a session",
                      "setpoint_divider:+20%"),
            "drift": ("current off by half as much", "guard: A and setpoint apart",
                      "in a session", "setpoint_divider:+20%"),
        })  # fmt: skip
    sheet.r("R_BOT", 10e3, 0.001, "SET", "GND", "the lower half of 0.4808", {
        "open": ("2.08 times the setpoint", "guard: A and setpoint apart", "in a session",
                 "divider_open"),
        "short": none,
        "drift": ("current off by half as much", "guard: A and setpoint apart", "in a session",
                  "setpoint_divider:-20%"),
    })  # fmt: skip
    sheet.c("C_SET", 10e-9, 0.05, 50, "SET", "GND", "52 µs: no edge of the DAC reaches skin", {
        "open": ("sharper steps", "nobody", "never", ""),
        "short": none,
    })  # fmt: skip
    sheet.test_point("TP_SET", "SET")
