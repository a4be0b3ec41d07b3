"""The pin table of docs/hardware.md: numbers by the circuit, words by us; no pin without a row."""

from circuit.blocks import pico

# Nets of one row, its name, what it is. Pins on the Pico itself are given by number.
ROWS = (
    (("TIMER",), "TIMER", "in: the session timer's fourth stage; it changes every 1.5 s"),
    (("GATE",), "GATE", "dead-man in the PIO; high for 3 ms after each feed"),
    (("COMPARATOR",), "COMPARATOR",
     "in: latch of the 0.638 mA comparator; also ends GATE inside the PIO"),
    (("SDA", "SCL"), "SDA, SCL", "I²C0, 400 kHz: AD5693R (0x4C), ADS1115 (0x48)"),
    (("FEED",), "FEED", "edges for the monostable, by the guard alone"),
    (("LATCH_RESET",), "LATCH_RESET", "its rising edge releases the comparator's latch"),
    (("RAIL_ON",), "RAIL", "27 V boost converter"),
    (("BRIDGE_1", "BRIDGE_2"), "BRIDGE_1, BRIDGE_2",
     "return electrode + / return electrode − ; both low: open"),
    (("DUMMY",), "DUMMY", "K2, the dummy"),
    (("K1_ENABLE", "M2_ENABLE"), "K1_ENABLE, M2_ENABLE",
     "ANDed with the output enable; low only in the self-test"),
    (("BUTTON",), "BUTTON", "to ground"),
    (("BEEPER",), "BEEPER", "PWM"),
    (("LED_RED", "LED_GREEN", "LED_BLUE"), "LED_RED, _GREEN, _BLUE",
     "PWM, to ground through resistors"),
    (("ENABLED",), "ENABLED", "in: the output enable, behind GATE, monostable and latch"),
    (("BLEED",), "BLEED",
     "ANDed with the output enable: high lets the bleed open, low keeps it closed"),
    (("THRESHOLD",), "THRESHOLD",
     "high pulls the comparator's threshold to 20 µA; in the proof alone"),
    (("READY",), "READY",
     "in, pull-up: ALERT/RDY of the ADS1115; falls when a conversion has ended"),
    ((23, 24), "POWER_SAVE, VBUS", "on the Pico: quiet supply; USB present"),
    (("ADC_A", "ADC_B", "ADC_E2", 29), "ADC0 to ADC3", "sense A, sense B, e2, VSYS / 3"),
)  # fmt: skip


def table():
    """Markdown lines. ValueError where a wired pin has no row or a row no pin."""
    by_net = {net: number for number, net in pico.GP.items()}
    named = [net for nets, _, _ in ROWS for net in nets if isinstance(net, str)]
    if sorted(named) != sorted(by_net):
        odd = ", ".join(sorted(set(named) ^ set(by_net)))
        raise ValueError(f"circuit/pins_page.py: rows and pins differ in {odd}")
    rows = []
    for nets, name, words in ROWS:
        numbers = [by_net.get(net, net) for net in nets]
        rows.append((numbers, f"| {', '.join(map(str, numbers))} | {name} | {words} |"))
    rows.sort(key=lambda row: row[0][0])
    return ["| GP | name | what |", "|---|---|---|", *(text for _, text in rows)]
