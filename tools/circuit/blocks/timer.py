"""What ends time and charge where software stands still: a counter on RAIL_ON. Serves S-07.

RAIL_ON falls for a moment as each session's proof begins: from there it is 20 min at most; after
22.6 to 29.7 min (26.1) the 14th stage clears the monostable, and holds it, until RAIL_ON falls. A
diode stops the oscillator there. The fourth stage shows the chip that it counts.
2.33 x R_TIMER x C_TIMER x 8192: 2.5 is the 74HC4060's typical figure, 2.17 an ideal oscillator's.
"""


def build(sheet):
    """RAIL_ON to TIME_LEFT, the monostable's clear."""
    dead = ("no bound without software", "proof: no tick", "before a session", "timer:dead")
    mute = ("no bound without software", "nobody", "never", "timer:mute")
    over = ("no output", "self-test: zero reading", "at power-on", "timer:over")
    early = ("ends sessions before their time", "guard: output gone", "in a session", "")
    drift = ("its time is another by as much", "nobody", "never", "")
    sheet.part("U_TIMER", "counter",
               {"VCC": "RAIL_ON", "GND": "GND", "MR": "TIMER_RESET", "RS": "TIMER_RS",
                "RTC": "TIMER_R", "CTC": "TIMER_C", "Q13": "TIME_OVER",
                "Q3": "TIMER"},
               "26 min after RAIL_ON", {
        "Q13 low": mute,
        "Q3 stuck": ("seems to stand: no session", "proof: no tick", "before a session",
                     "timer:dead"),
        "Q13 high": over,
        "drift": drift,
    })  # fmt: skip
    sheet.r("R_TIMER", 820e3, 0.01, "TIMER_R", "TIMER_RC", "5.2 Hz with 100 nF", {
        "open": dead,
        "short": early,
        "drift": drift,
    })  # fmt: skip
    sheet.c("C_TIMER", 100e-9, 0.05, 25, "TIMER_C", "TIMER_RC", "5.2 Hz: C0G, no X7R", {
        "open": early,
        "short": dead,
    })  # fmt: skip
    sheet.r("R_TIMER2", 1.5e6, 0.01, "TIMER_RC", "TIMER_RS", "the clamps take no charge", {
        "open": dead,
        "short": ("its time is another by a tenth", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.d("D_STOP", "signal", "TIME_OVER", "TIMER_RS", "time that is up stays up", {
        "open": ("after as long again there is output again", "nobody", "never", ""),
        "short": mute,
    })  # fmt: skip
    sheet.c("C_MR", 10e-9, 0.05, 50, "MR_EDGE", "TIMER_RESET", "resets as RAIL_ON rises", {
        "open": ("begins anywhere: ends sessions before their time", *early[1:]),
        "short": dead,
    })  # fmt: skip
    sheet.r("R_MR2", 1000, 0.01, "RAIL_ON", "MR_EDGE", "as RAIL_ON falls, MR's clamp takes 3 mA", {
        "open": ("begins anywhere: ends sessions before their time", *early[1:]),
        "short": ("MR's clamp takes what the pin gives, for 1 ms", "nobody", "never", ""),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.r("R_MR", 100e3, 0.01, "TIMER_RESET", "GND", "1 ms of reset", {
        "open": dead,
        "short": ("begins anywhere: ends sessions before their time", *early[1:]),
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.r("R_PD_TIME", 100e3, 0.01, "TIME_OVER", "GND", "time left while there is no supply", {
        "open": ("the counter's own output holds it", "nobody", "never", ""),
        "short": mute,
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.part("Q_TIME", "nmos", {"D": "TIME_LEFT", "S": "GND", "G": "TIME_OVER"},
               "clears the monostable", {
        "open": mute,
        "short": over,
    })  # fmt: skip
    sheet.r("R_TIME", 10e3, 0.01, "3V3", "TIME_LEFT", "time left, as long as nothing pulls", {
        "open": over,
        "short": mute,
        "drift": ("none", "nobody", "never", ""),
    })  # fmt: skip
    sheet.c("C_TIMER_VCC", 10e-9, 0.05, 50, "RAIL_ON", "GND", "supply of the counter", {
        "open": ("may count a spike", "nobody", "never", ""),
        "short": ("no rail", "self-test: rail limits", "at power-on", ""),
    })  # fmt: skip
    sheet.test_point("TP_TIMER", "TIMER_R")
