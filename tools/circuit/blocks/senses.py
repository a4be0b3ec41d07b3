"""What is read: dividers of E1, E2, rail, their amplifiers, the ADS1115. Serves S-03, F-08, F-09.

A source of 1 MΩ can feed neither the ADS1115 (6 MΩ) nor the RP2040 (100 kΩ): four amplifiers on
3.3 V stand between. They also are what no ADC pin can exceed.
"""

DIVIDERS = {"E1": "A", "E2": "B", "RAIL": "C"}


def build(sheet):
    """Dividers, amplifiers, converter."""
    outputs = {"E1": "AIN_E1", "E2": "ADC_E2", "RAIL": "AIN_RAIL"}
    nets = {"V+": "3V3", "V-": "GND", "+IND": "B_BUFFER", "-IND": "ADC_B", "OUTD": "ADC_B"}
    rows = {
        "OUTD low": ("B reads 0; the comparator still sees", "guard: A and B apart",
                     "in a session", "rb_short"),
        "OUTD high": ("B too high: cut", "guard: over-current", "in a session", ""),
        "drift": ("voltages off by ten times its offset", "self-test: dummy", "at power-on",
                  "divider_e2:+20%"),
    }  # fmt: skip
    for net, letter in DIVIDERS.items():
        nets |= {f"+IN{letter}": f"DIV_{net}", f"-IN{letter}": outputs[net],
                 f"OUT{letter}": outputs[net]}  # fmt: skip
        fault = f"divider_{net.lower()}"
        seen = ("self-test", "at power-on")
        rows[f"OUT{letter} low"] = (f"{net} reads 0", *seen, f"{fault}:-20%")
        rows[f"OUT{letter} high"] = (f"{net} reads 33 V", *seen, f"{fault}:+20%")
        sheet.r(f"R_{net}_TOP", 10e6, 0.001, net, f"DIV_{net}", f"{net} at 1 to 10.09", {
            "open": (f"{net} reads 0", *seen, f"{fault}:-20%"),
            "short": (f"{net} at the amplifier's clamps: all that its source gives; of E2 past "
                      "M2, as D_ESD's short", *seen, f"{fault}:+20%"),
            "drift": (f"{net} off by as much", *seen, f"{fault}:+20%"),
        })  # fmt: skip
        sheet.r(f"R_{net}_BOT", 1.1e6, 0.001, f"DIV_{net}", "GND", f"{net} at 1 to 10.09", {
            "open": (f"{net} reads 33 V, 2.4 µA by the clamps", *seen, f"{fault}:+20%"),
            "short": (f"{net} reads 0", *seen, f"{fault}:-20%"),
            "drift": (f"{net} off by as much", *seen, f"{fault}:-20%"),
        })  # fmt: skip
        sheet.c(f"C_DIV_{net}", 100e-12, 0.05, 50, f"DIV_{net}", "GND", "99 µs", {
            "open": (f"{net} noisier", "nobody", "never", ""),
            "short": (f"{net} reads 0", *seen, f"{fault}:-20%"),
        })  # fmt: skip
    sheet.part("U_BUF", "buffer", nets, "no converter loads what it measures", rows)
    sheet.decouple("C_BUF", 100e-9, "3V3", "buffers")
    bus = ("I²C hangs", "guard: i2c", "in a session", "i2c_hang")
    sheet.part("U_ADC", "adc",
               {"AIN0": "SENSE_A", "AIN1": "AIN_E1", "AIN2": "ADC_E2", "AIN3": "AIN_RAIL",
                "ADDR": "GND", "GND": "GND", "VDD": "3V3", "SDA": "SDA", "SCL": "SCL",
                "ALERT": "READY"},
               "dose and impedance; independent of the chip's own converter", {
        "SDA low": bus,
        "ALERT low": ("no conversion is ever ready", "guard: i2c", "in a session", "i2c_hang"),
        "ALERT high": ("no conversion is ever ready", "guard: i2c", "in a session", "i2c_hang"),
        "drift": ("dose off by as much", "main loop: apart from what the DAC was told",
                  "in a session", "precise_converter:-4%"),
    })  # fmt: skip
    sheet.decouple("C_ADC", 100e-9, "3V3", "ADS1115")
