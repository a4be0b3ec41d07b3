"""A solder bridge between two neighbouring pins of the Pico: what it does, who sees it, and when.

By argument, not by trial: where two outputs fight, either may win, and the row says what holds
for both. `problems` names each pair of neighbours without a row, and each row without a pair.
"""

from circuit import symbols

HEAD = """# Solder bridges between the Pico's pins

{rows} pairs of neighbours, made by `make circuit` from `tools/circuit/neighbours.py`; pairs of two
grounds are left out. By argument, not by trial: where two outputs fight, what is said holds
whichever wins. None gives current that the comparator, the diode or the other path does not bound.

| pins | nets | effect | who, when |
|---|---|---|---|
"""
_POWER_ON = "self-test, at power-on"
_PROOF = "proof, before a session"
# (nets of the lower and of the next pin): effect, who sees it and when. "-": nothing wired there.
ROWS = {
    ("TIMER", "-"): ("none: the chip drives neither", "nobody, never"),
    ("-", "GND"): ("none", "nobody, never"),
    ("GND", "GATE"): ("no output", f"{_POWER_ON}: dummy_reading"),
    ("GATE", "COMPARATOR"): ("the dead-man ends itself, or the latch holds it down: no output",
                             f"{_POWER_ON}: dead_man"),
    ("COMPARATOR", "SDA"): ("the bus hangs, or the comparator seems to trip",
                            f"{_POWER_ON}: i2c or comparator"),
    ("SDA", "SCL"): ("the bus hangs", f"{_POWER_ON}: i2c"),
    ("SCL", "GND"): ("the bus hangs", f"{_POWER_ON}: i2c"),
    ("GND", "FEED"): ("no edges: the monostable never rises", f"{_POWER_ON}: dead_man"),
    ("FEED", "LATCH_RESET"): ("no edges, or each resets the latch: it holds for less than a pass",
                              f"{_POWER_ON}: dead_man, or {_PROOF}: comparator"),
    ("LATCH_RESET", "RAIL_ON"): ("no rail, or a latch that is reset with it: set wins",
                                 f"{_POWER_ON}: rail, or nobody"),
    ("RAIL_ON", "BRIDGE_1"): ("no rail, or all four switches closed in position 2",
                              f"{_POWER_ON}: rail, or {_PROOF}: dummy_reading"),
    ("BRIDGE_1", "GND"): ("position 1 stays open", f"{_POWER_ON}: dummy_reading"),
    ("GND", "BRIDGE_2"): ("position 2 stays open", f"{_PROOF}: dummy_reading"),
    ("BRIDGE_2", "DUMMY"): ("no dummy, or E1 shorted to E2 with it; in position 2 the dummy "
                            "beside the skin", f"{_POWER_ON} or {_PROOF}: dummy_reading"),
    ("DUMMY", "K1_ENABLE"): ("no output without the dummy, or the dummy for ever",
                             f"{_POWER_ON}: zero_reading or dummy_reading"),
    ("K1_ENABLE", "M2_ENABLE"): ("none in a session: both are high. In the tests they fall "
                                 "together, which hides a K1 or M2 that is stuck",
                                 "nobody, never"),
    ("M2_ENABLE", "GND"): ("no output", f"{_POWER_ON}: dummy_reading"),
    ("GND", "BUTTON"): ("the button is pressed for ever", "main loop, after 10 s: button_stuck"),
    ("BUTTON", "BEEPER"): ("pressed while the beeper is silent", "main loop: button_stuck"),
    ("LED_RED", "LED_GREEN"): ("another colour; the pattern says the same [F-10]", "person"),
    ("LED_GREEN", "GND"): ("no green; the pattern says the same [F-10]", "person"),
    ("GND", "LED_BLUE"): ("no blue; the pattern says the same [F-10]", "person"),
    ("LED_BLUE", "ENABLED"): ("the gate seems up or down as the light has it",
                              f"{_POWER_ON}: dead_man"),
    ("ENABLED", "BLEED"): ("the gate seems down, or the bleed opens with it",
                           f"{_POWER_ON}: dead_man or zero_reading"),
    ("BLEED", "THRESHOLD"): ("the bleed stays closed, or the comparator trips as it opens",
                             f"{_POWER_ON}: dummy_reading or comparator"),
    ("THRESHOLD", "GND"): ("the comparator cannot be tried", f"{_PROOF}: comparator"),
    ("GND", "READY"): ("no conversion is ever ready", f"{_POWER_ON}: i2c"),
    ("READY", "RUN"): ("each conversion resets the chip: all is off", "person: dark wand"),
    ("RUN", "ADC_A"): ("the chip stays in reset: all is off", "person: dark wand"),
    ("ADC_A", "ADC_B"): ("fast A and B read the same, 1.7 times too much and 0.7 times too little",
                         f"{_POWER_ON}: precise_mismatch"),
    ("ADC_B", "GND"): ("B reads 0; the comparator still sees", f"{_POWER_ON}: sense_mismatch"),
    ("GND", "ADC_E2"): ("the fast e2 reads 0: every output seems open",
                        f"{_POWER_ON}: zero_reading"),
    ("ADC_E2", "ADC_VREF"): ("the fast e2 reads 33 V: no output seems open",
                             f"{_POWER_ON}: gate_k1"),
    ("ADC_VREF", "3V3"): ("a noisier converter", "nobody, never"),
    ("3V3", "3V3_EN"): ("none: the supply is on anyhow", "nobody, never"),
    ("3V3_EN", "GND"): ("no supply: all is off", "person: dark wand"),
    ("GND", "VSYS"): ("the cell's fuse opens: all is off", "person: dark wand"),
    ("VSYS", "VBUS"): ("a charger for ever: no session", "arming: vbus"),
}  # fmt: skip


def pairs(wand):
    """[(lower pin, its net, next pin, its net)] of both sides, but for two grounds."""
    nets = wand.records["U_PICO"].nets
    by_number = {}
    for number, label, *_ in symbols.pins("Pico"):
        net = nets.get(label, label if label in ("RUN", "3V3_EN", "ADC_VREF") else "-")
        by_number[int(number)] = net
    found = [
        (pin, by_number[pin], pin + 1, by_number[pin + 1]) for pin in range(1, 40) if pin != 20
    ]
    return [pair for pair in found if not pair[1] == pair[3] == "GND"]


def problems(wand):
    """One line for each pair without a row and each row without a pair."""
    there = {(a, b) for _, a, _, b in pairs(wand)}
    for a, b in sorted(there - set(ROWS)):
        yield f"circuit/neighbours.py: no row for {a} beside {b}"
    for a, b in sorted(set(ROWS) - there):
        yield f"circuit/neighbours.py: {a} does not lie beside {b}"


def page(wand):
    """The table."""
    lines = []
    for pin, a, after, b in pairs(wand):
        effect, who = ROWS[a, b]
        lines.append(f"| {pin}, {after} | {a}, {b} | {effect} | {who} |\n")
    return HEAD.format(rows=len(lines)) + "".join(lines)
