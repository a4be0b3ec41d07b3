"""`python -m circuit.corners [--write]`: the circuit at the worst of its tolerances, by ngspice.

Every figure: which way each tolerance pulls it is found one by one, then all pull together; 100
drawn corners show that none goes further. 0 to 45 °C, cell 3.3 to 4.2 V (which reach the rest as
3V3 and rail). `--write` puts the table into docs/hardware.md.
"""

import random
import sys

from circuit import bare, compare

# What a part may be off, by its order (catalogue.py). Resistors: tolerance, 25 ppm/K over 25 K.
_R, _DRIFT_R = 0.001 + 0.0006, 0.0006
SPREAD = {
    "rail": ("x", 0.022), "v33": ("x", 0.03), "dt": ("to", (-25.0, 20.0)),
    **dict.fromkeys(("rb", "rin", "ro1", "ro2", "rset", "rt", "rbot"), ("x", _R)),
    "rdiv": ("x", 0.001), "lead": ("x", 0.01), "bos": ("to", (-15e-6, 15e-6)),
    "ip": ("x", 0.1), "tc": ("to", (-3e-3, 0.0)),  # coefficient: assumed, not looked up
    "dac": ("x+", (0.0036, 1.5e-3)), "vos": ("to", (-275e-6, 275e-6)),
    "vth1": ("to", (0.8, 1.5)), "vth2": ("to", (0.8, 1.5)),
    "leak": ("to", (0.0, 1.6e-6)),  # two switches of the bridge and K2 at 0.2 µA, K3 at 1
    "ref": ("x", 0.00325), "cos": ("to", (-5e-3, 5e-3)),
}  # fmt: skip
# What is left of it after calibration at 25 °C: temperature, and all of the leakage.
AFTER = {
    **dict.fromkeys(("rset", "rt", "rbot", "rb", "rin", "ro1", "ro2"), ("x", _DRIFT_R)),
    "dac": ("x+", (0.00013, 0.0)), "vos": ("to", (-125e-6, 125e-6)), "dt": SPREAD["dt"],
    "rail": SPREAD["rail"], "v33": SPREAD["v33"], "leak": SPREAD["leak"],
}  # fmt: skip
CLAMP_V, C_FIXED, C_SWITCH = 29.4, 470e-12 * 1.05, 275e-12 * 1.2  # 275 pF: hal/sim/parts.py


def ends(name, value, spread):
    """A tolerance's two ends."""
    kind, size = spread[name]
    if kind == "to":
        return size
    share, more = size if kind == "x+" else (size, 0.0)
    return value * (1 - share), value * (1 + share) + more


def i_b(case, got):
    """Through R_B, A."""
    return (got["tap"] * case["rin"] / case["ro2"] - case["bos"]) / case["rb"]


def threshold(case, got):
    """The comparator's, A through R_B."""
    return ((case["ref"] + case["cos"]) * case["rin"] / case["ro2"] - case["bos"]) / case["rb"]


def delivered(case, got):
    """Through the skin, less what E2's divider adds: firmware takes that off the setpoint."""
    return got["load"] - got["e2"] / case["rdiv"]


def dac(micro):
    """The code for so many µA of a nominal wand."""
    return lambda case: {"dac": micro * 1e-6 * 2000 * 2.745}


def figures():
    """[(name, scenario, spread, what of (case, readings), factor, unit)]."""
    micro, volt = 1e6, 1.0
    load = lambda case, got: got["load"]  # noqa: E731
    both = lambda case, got: got["e1"] - got["e2"]  # noqa: E731
    short = lambda case: {"rset": 5.0, "skin": 2000.0}  # noqa: E731
    rows = [
        ("healthy current in R_B at 500 µA", dac(500), SPREAD, i_b, micro, "µA"),
        ("DAC at full scale, comparator away", lambda c: {"dac": 3.3},
         SPREAD | {"dac": ("x", 0.03)}, load, micro, "µA"),
        ("comparator's threshold", lambda c: {}, SPREAD, threshold, micro, "µA"),
        ("diode alone: R_SET short, into 2 kΩ", short, SPREAD, i_b, micro, "µA"),
        ("diode alone: R_SET short, into 20 kΩ",
         lambda c: {"rset": 5.0, "skin": 20e3}, SPREAD, i_b, micro, "µA"),
        ("charge at a touch, output open at 500 µA",
         lambda c: {"skin": 1e9, **dac(500)(c)}, SPREAD,
         lambda case, got: both(case, got) * (C_FIXED + C_SWITCH), 1e9, "nC"),
        ("rail", lambda c: {}, SPREAD, lambda case, got: case["rail"], volt, "V"),
        ("sense B at its amplifier, R_SET short", short, SPREAD,
         lambda case, got: got["sb"], volt, "V"),
        ("pins AIN0, ADC0 above 3V3, R_SET open",
         lambda c: {"rset": 1e9, "dac": 3.3}, SPREAD,
         lambda case, got: got["sense"] - case["v33"], volt, "V"),
        ("M1's gate below the op-amp's highest, 601 µA", lambda c: {"dac": 3.3}, SPREAD,
         lambda case, got: case["v33"] - 0.02 - got["reg"], volt, "V"),
        ("M1's drain above sense A, 601 µA", lambda c: {"dac": 3.3}, SPREAD,
         lambda case, got: got["drain"] - got["sense"], volt, "V"),
    ]  # fmt: skip
    for micro_amps in (50, 250, 500):
        for when, spread in (("before", SPREAD), ("after", AFTER)):
            rows.append((f"delivered at {micro_amps} µA, {when} calibration", dac(micro_amps),
                         spread, delivered, micro, "µA"))  # fmt: skip
        rows.append((f"the same with switches of 1 µA, {micro_amps} µA", dac(micro_amps),
                     AFTER | {"leak": ("to", (0.0, 4e-6))}, delivered, micro, "µA"))  # fmt: skip
    return rows


def worst(start, scenario, spread, what):
    """(lowest, nominal, highest) over the corners."""
    base = {**start, **scenario(start)}
    span = {name: ends(name, base[name], spread) for name in spread if name not in scenario(start)}
    if "dac" in scenario(start) and "dac" in spread:
        span["dac"] = ends("dac", base["dac"], spread)
    single = [{**base, name: value} for name, pair in span.items() for value in pair]
    seen = [what(c, g) for c, g in zip([base, *single], bare.run([base, *single]))]
    up = {name: seen[2 + 2 * i] >= seen[1 + 2 * i] for i, name in enumerate(span)}
    top = {**base, **{name: pair[up[name]] for name, pair in span.items()}}
    low = {**base, **{name: pair[not up[name]] for name, pair in span.items()}}
    draw = random.Random(15)
    more = [{**base, **{name: draw.choice(pair) for name, pair in span.items()}}
            for _ in range(100)]  # fmt: skip
    cases = [low, top, *more]
    found = [what(c, g) for c, g in zip(cases, bare.run(cases))]
    return min(found), seen[0], max(found)


def verdicts(got):
    """[(what must hold, whether it does, the figures)]: `got` is {name: (low, nominal, high)}."""
    low = {name: values[0] for name, values in got.items()}
    high = {name: values[2] for name, values in got.items()}
    cmp, healthy = "comparator's threshold", "healthy current in R_B at 500 µA"
    full, short = "DAC at full scale, comparator away", "diode alone: R_SET short, into 20 kΩ"

    def line(text, a, b, unit):
        return text, a < b, f"{a:.1f} {unit} against {b:.1f}"

    found = [
        line("healthy current stays below the comparator", high[healthy], low[cmp], "µA"),
        line("a DAC at full scale stays below the comparator", high[full], low[cmp], "µA"),
        line("R_SET short trips the comparator, with the weakest diode", high[cmp], low[short],
             "µA"),
        line("rail below its clamp", high["rail"], CLAMP_V, "V"),
        line("no pin of a converter above 3V3 + 0.3 V",
             high["pins AIN0, ADC0 above 3V3, R_SET open"], 0.3, "V"),
        line("the op-amp reaches M1's gate", 0.0,
             low["M1's gate below the op-amp's highest, 601 µA"], "V"),
        line("M2 leaves M1 a drain voltage", 0.0, low["M1's drain above sense A, 601 µA"], "V"),
        line("a touch stays below 25 nC", high["charge at a touch, output open at 500 µA"], 25.0,
             "nC"),
    ]  # fmt: skip
    for ua in (50, 250, 500):
        lowest, _, highest = got[f"delivered at {ua} µA, after calibration"]
        off = max(ua - lowest, highest - ua)
        found.append(line(f"delivered within 2 % and 2 µA at {ua} µA (F-05)", off,
                          2.0 + 0.02 * ua, "µA"))  # fmt: skip
    return found


BEGIN = "<!-- corners: made by python -m circuit.corners --write -->"
END = "<!-- end of corners -->"


def table(wand):
    """Markdown lines of figures and verdicts."""
    start = bare.nominal(wand)
    got, lines = {}, ["| figure | lowest | nominal | highest |", "|---|---|---|---|"]
    for name, scenario, spread, what, factor, unit in figures():
        values = tuple(value * factor for value in worst(start, scenario, spread, what))
        got[name] = values
        digits = 2 if unit == "V" else 1
        cells = " | ".join(f"{value:.{digits}f}" for value in values)
        lines.append(f"| {name}, {unit} | {cells} |")
    lines += ["", "| must hold | does it | at the worst |", "|---|---|---|"]
    lines += [f"| {text} | {'yes' if holds else '**no**'} | {said} |"
              for text, holds, said in verdicts(got)]  # fmt: skip
    return lines


def main(words):
    from circuit.wand import Wand

    lines = table(Wand())
    print("\n".join(lines))
    if "--write" in words:
        page = compare.ROOT / "docs/hardware.md"
        head, rest = page.read_text(encoding="utf-8").split(BEGIN)
        text = "\n".join((head + BEGIN, *lines, END)) + rest.split(END)[1]
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
