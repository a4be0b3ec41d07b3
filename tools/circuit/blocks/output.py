"""What lies across the output: capacitor, bleed, dummy with its sign. Serves S-15, S-21.

The bleed is closed without supply. The dummy is the load of every self-test; the Schottky diode
across it conducts where the roller is positive, so the sign is measured and not believed.
K2 and K3 are two switches each, in series: half of one shorted would be a diode beside the skin
from 0.55 V on, where no search comes.
"""


def build(sheet):
    """Between E1 and E2, and between the bridge's two outputs."""
    sheet.c("C_OUT", 470e-12, 0.05, 50, "E1", "E2", "17 nC at a touch", {
        "open": ("lift seen faster", "nobody", "never", "output_capacitance:-20%"),
        "short": ("current past the skin", "self-test: dummy", "at power-on",
                  "bridge_stuck_closed"),
    })  # fmt: skip
    sheet.led_resistor("R_K3", 180, "BLEED_OPEN", "K3_LED", "the bleed's opening")
    shut = ("the output takes 0.5 mA by itself", "self-test: dummy", "at power-on", "bleed:short")
    stays = ("the output keeps its charge after a lift: a spark at the next touch",
             "proof", "before a session", "bleed:open")  # fmt: skip
    alone = ("none: the other still opens", "nobody", "never", "")
    sheet.part("K3", "photo2_nc",
               {"A": "K3_LED", "K1": "K3_LEDS", "A2": "K3_LEDS", "K": "GND", "D1": "E1",
                "M1": "K3_MID", "M2": "K3_MID", "D2": "BLEED_MID"},
               "bleeds the output, unpowered too", {
        "open": stays,
        "one short": alone,
        "one half": alone,
        "both short": ("47 kΩ beside the skin", "guard: A and load apart", "before a session",
                       "bleed:short"),
    })  # fmt: skip
    sheet.r("R_BLEED", 47e3, 0.01, "BLEED_MID", "E2", "2.4 µA make 0.11 V on it", {
        "open": stays,
        "short": shut,
        "drift": ("another time of discharge", "nobody", "never", "bleed:+20%"),
    })  # fmt: skip
    sheet.led_resistor("R_K2", 180, "DUMMY", "K2_LED", "the dummy")
    sheet.part("K2", "photo2",
               {"A": "K2_LED", "K1": "K2_LEDS", "A2": "K2_LEDS", "K": "GND", "D1": "ROLLER_BUS",
                "M1": "K2_MID", "M2": "K2_MID", "D2": "DUMMY_TOP"},
               "the dummy, for the self-test", {
        "open": ("no dummy", "self-test", "at power-on", ""),
        "one short": alone,
        "one half": alone,
        "both short": ("10 kΩ beside the skin: most of the current flows there", "proof",
                       "before a session", "dummy:welded"),
    })  # fmt: skip
    sheet.r("R_DUMMY", 10e3, 0.001, "DUMMY_TOP", "RETURN_BUS", "the known load", {
        "open": ("no dummy", "self-test", "at power-on", ""),
        "short": ("load below the leads", "self-test", "at power-on", "dummy:-20%"),
        "drift": ("another load than it knows", "self-test", "at power-on", "dummy:+20%"),
    })  # fmt: skip
    sheet.d("D_SIGN", "sign", "DUMMY_TOP", "RETURN_BUS", "the sign at the roller is measured", {
        "open": ("both signs seem the same: a session in position 2 says bridge_sign, one in 1 "
                 "would not see a bridge that sticks in 2", "nobody", "never", "sign_diode:open"),
        "short": ("no dummy in either sign", "self-test", "at power-on", ""),
    })  # fmt: skip
    sheet.test_point("TP_E1", "E1")
    sheet.test_point("TP_E2", "E2")
