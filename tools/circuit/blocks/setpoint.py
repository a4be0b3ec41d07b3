"""DAC and divider: 601 µA at the DAC's own supply, by construction. Serves S-01.

Its range is 5 V, of which 3.3 V can come out: no register holds more. 17.4 kΩ and 49.9 Ω make the
17.45 kΩ that this takes.
"""


def build(sheet):
    """I²C to SET."""
    sheet.part("U_DAC", "dac",
               {"VDD": "3V3", "VLOGIC": "3V3", "GND": "GND", "SDA": "SDA", "SCL": "SCL",
                "A0": "GND", "~{LDAC}": "GND", "~{RESET}": "3V3", "VOUT": "DAC",
                "VREF": "DAC_REF"},
               "powers up at zero; 16 bit", {
        "VOUT low": ("no current", "self-test", "at power-on", ""),
        "VOUT high": ("601 µA", "guard: A and setpoint apart", "in a session", "dac_full_scale"),
        "reset": ("current to zero, then half of what is asked for", "output: less than set",
                  "in a session", "dac:reset"),
        "gain bit": ("half the current", "output: less than set", "in a session",
                     "dac:gain_bit"),
        "drift": ("current off by as much", "guard: A and setpoint apart", "in a session",
                  "dac:reference+10%"),
    })  # fmt: skip
    sheet.decouple("C_DAC", 100e-9, "3V3", "DAC")
    sheet.c("C_REF", 100e-9, 0.1, 10, "DAC_REF", "GND", "noise of its reference", {
        "open": ("more noise", "nobody", "never", ""),
        "short": ("no current", "self-test", "at power-on", ""),
    })  # fmt: skip
    none = ("no current", "self-test", "at power-on", "")
    sheet.r("R_T1", 17.4e3, 0.001, "DAC", "SET_MID", "with R_T2 17.45 kΩ: 0.3643", {
        "open": none,
        "short": ("2.7 times the setpoint", "guard: A and setpoint apart", "in a session",
                  "divider_open"),
        "drift": ("current off by 0.6 of it", "guard: A and setpoint apart", "in a session",
                  "setpoint_divider:+20%"),
    })  # fmt: skip
    sheet.r("R_T2", 49.9, 0.01, "SET_MID", "SET", "0.2 % of the divider", {
        "open": none,
        "short": ("0.1 % more current", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.r("R_BOT", 10e3, 0.001, "SET", "GND", "the lower half of 0.3643", {
        "open": ("2.7 times the setpoint", "guard: A and setpoint apart", "in a session",
                 "divider_open"),
        "short": none,
        "drift": ("current off by 0.6 of it", "guard: A and setpoint apart", "in a session",
                  "setpoint_divider:-20%"),
    })  # fmt: skip
    sheet.c("C_SET", 8.2e-9, 0.05, 50, "SET", "GND", "52 µs: no edge of the DAC reaches skin", {
        "open": ("sharper steps", "nobody", "never", ""),
        "short": none,
    })  # fmt: skip
    sheet.test_point("TP_SET", "SET")
