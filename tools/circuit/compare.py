"""`python -m circuit.compare`: the circuit against pins, start, simulator and SPICE netlist.

Values and topology only: how plant and SPICE behave stays each its own, or neither would referee
the other. Each difference is one line: what stands where, and what the circuit says.
"""

import ast
import re
import sys
from pathlib import Path

from circuit.blocks import pico

ROOT = Path(__file__).resolve().parents[2]
# Constants of hal/rp2/pins.py whose pin is on the Pico itself, or is no pin.
ON_THE_PICO = {"BATTERY": 29, "VBUS": 24, "POWER_SAVE": 23}
NO_PIN = ("I2C_BLOCK",)
# Where a net has another name than the pin.
NETS = {"SENSE_A": "ADC_A", "SENSE_B": "ADC_B", "LOW_RAIL": "ADC_E2", "RAIL": "RAIL_ON"}
FEEDBACK_V, REFERENCE_V, CRD_A = 1.233, 2.5, 0.75e-3  # TPS61040, REF3025, 1N5294
EXACT, MADE = 1e-3, 0.012  # precision parts; what is made of E96 values, or a filter of 5 %


def pins_of(text):
    """{name: GP} of hal/rp2/pins.py, and its OUTPUTS_OFF as names."""
    numbers, off = {}, ()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.Assign):
            continue
        name = node.targets[0].id
        if isinstance(node.value, ast.Call):
            numbers[name] = node.value.args[0].value
        elif name == "OUTPUTS_OFF":
            off = tuple(e.id for e in node.value.elts)
    return {n: v for n, v in numbers.items() if n not in NO_PIN}, off


def pin_differences(wand, pins_text, boot_text):
    """hal/rp2/pins.py and boot.py against the Pico's pins and their pull-downs."""
    numbers, off = pins_of(pins_text)
    wired = {
        int(pin[2:]): net
        for pin, net in wand.records["U_PICO"].nets.items()
        if re.fullmatch(r"GP\d+", pin)
    }
    seen = set()
    for name, number in numbers.items():
        if name in ON_THE_PICO:
            if ON_THE_PICO[name] != number:
                yield f"pins.py: {name} is GP{number}, on the Pico it is GP{ON_THE_PICO[name]}"
            continue
        net = NETS.get(name, name)
        seen.add(number)
        if wired.get(number) != net:
            yield f"pins.py: {name} is GP{number}, the circuit has {wired.get(number)} there"
    for number, net in wired.items():
        if number not in seen:
            yield f"circuit: {net} at GP{number}, pins.py has nothing there"
    down = {
        record.nets["1"]
        for record in wand.records.values()
        if record.kind.symbol == "R" and record.nets["2"] == "GND" and record.nominal >= 10e3
    }
    for name in off:
        if NETS.get(name, name) not in down:
            yield f"pins.py: {name} must be off while it floats, the circuit has no pull-down"
    loops = [n for n in ast.walk(ast.parse(boot_text)) if isinstance(n, ast.For)]
    turned = {e.value for loop in loops for e in loop.iter.elts}
    for name in off:
        if numbers[name] not in turned:
            yield f"boot.py: does not turn off GP{numbers[name]}, {name} of the circuit"


def values(wand):
    """{attribute of hal.sim.parts.Parts: (value by the circuit, allowed relative difference)}."""
    v = wand.value
    top, bottom = v("R_T1") + v("R_T2"), v("R_BOT")
    load = v("R_O1") + v("R_O2")
    e2 = v("R_E2_TOP") + v("R_E2_BOT")
    parallel = v("R_E2_TOP") * v("R_E2_BOT") / e2
    found = {
        "rail_v": (FEEDBACK_V * (1 + v("R_FB1") / v("R_FB2")), MADE),
        "r_b": (v("R_B"), EXACT),
        "gain_b": (v("R_B") / v("R_IN") * load, EXACT),
        "ip": (CRD_A, EXACT),
        "r_set": (v("R_SET"), EXACT),
        "set_ratio": (bottom / (top + bottom), EXACT),
        "set_tau_s": (top * bottom / (top + bottom) * v("C_SET"), MADE),
        "set_open_tau_s": (top * v("C_SET"), MADE),
        "r_lead": (v("R_ROLLER"), EXACT),
        "r_dummy": (v("R_DUMMY"), EXACT),
        "r_bleed": (v("R_BLEED"), EXACT),
        "c_out": (v("C_OUT"), EXACT),
        "r_div": (e2, EXACT),
        "div_tau_s": (parallel * v("C_DIV_E2"), MADE),
        "cmp_v": (REFERENCE_V * load / v("R_O2"), EXACT),
        "cmp_low": (v("R_TEST") / (v("R_TEST") + v("R_TH")), EXACT),
        "cmp_tau_s": ((v("R_F") + v("R_O2")) * v("C_F"), MADE),
    }
    for net in ("E1", "E2", "RAIL"):
        low = v(f"R_{net}_BOT")
        found[f"div_{net.lower()}"] = (low / (low + v(f"R_{net}_TOP")), EXACT)
    return found


# Limits of hal/sim/parts.py: the parts whose tolerance they stand for.
LIMITS = {
    "_RESISTOR": ("R_SET", "R_B", "R_IN", "R_O1", "R_O2", "R_T1", "R_BOT", "R_DUMMY",
                  "R_E1_TOP", "R_E1_BOT", "R_E2_TOP", "R_E2_BOT", "R_RAIL_TOP", "R_RAIL_BOT"),
    "_LEAD": ("R_ROLLER", "R_RETURN", "R_BLEED"),
    "_CAPACITOR": ("C_SET", "C_F", "C_DIV_E1", "C_DIV_E2", "C_DIV_RAIL"),
    "_C_OUT": ("C_OUT",),
}  # fmt: skip


def value_differences(wand, parts, limits):
    """`parts`: hal.sim.parts.Parts(); `limits`: its module's _RESISTOR and so on."""
    for name, (value, allowed) in values(wand).items():
        other = getattr(parts, name)
        if abs(other - value) > allowed * abs(value):
            yield f"parts.py: {name} is {other:.6g}, the circuit makes {value:.6g}"
    for name, refs in LIMITS.items():
        for ref in refs:
            if wand.records[ref].tolerance > getattr(limits, name):
                yield (f"parts.py: {name} draws ±{getattr(limits, name) * 100:g} %, "
                       f"{ref} is bought ±{wand.records[ref].tolerance * 100:g} %")  # fmt: skip


# SPICE's node: nets of the circuit. The bridge lies as on BRIDGE_1.
NODES = {
    "rail": {"RAIL"}, "b": {"B_LOW"}, "crd": {"CRD"}, "e1": {"E1", "RETURN_BUS"},
    "e2": {"E2", "ROLLER_BUS"}, "bleed": {"BLEED_MID"}, "drain": {"DRAIN"}, "sense": {"SENSE_A"},
    "dac": {"DAC"}, "set": {"SET"}, "bottom": {"GND"}, "0": {"GND"}, "lead1": {"RETURN"},
    "skin3": {"ROLLER"}, "div_e1": {"DIV_E1"}, "div_e2": {"DIV_E2"}, "gate": {"M1_GATE"},
}  # fmt: skip
# SPICE's element: the parts in series that it stands for. Switches by their names there.
ELEMENTS = {
    "Rb": ("R_B",), "Rbleed": ("R_BLEED",), "Rtop": ("R_T1", "R_T2"), "Rbottom": ("R_BOT",),
    "Cset": ("C_SET",), "Rset": ("R_SET",), "Rl1": ("R_RETURN",), "Rl2": ("R_ROLLER",),
    "Rte1": ("R_E1_TOP",), "Rte2": ("R_E2_TOP",), "Rbe1": ("R_E1_BOT",), "Rbe2": ("R_E2_BOT",),
    "Cde1": ("C_DIV_E1",), "Cde2": ("C_DIV_E2",), "Bcrd": ("D_LIMIT",), "Bs_k1": ("K1",),
    "Bs_m2": ("M2",), "Bs_bleed": ("K3",), "Cout": ("C_OUT",),
}  # fmt: skip
_ENDS = {"K1": ("D1", "D2"), "K3": ("D1", "D2"), "M2": ("D", "S")}
_SI = {"": 1.0, "k": 1e3, "meg": 1e6, "n": 1e-9, "p": 1e-12}


def spice_differences(wand, netlist, c_switch=0.0):
    """`netlist`: text of tests/hal/spice_netlist.py with nominal parts."""
    lines = {line.split()[0]: line.split() for line in netlist.splitlines() if line.strip()}
    for name, refs in ELEMENTS.items():
        if name not in lines:
            yield f"spice_netlist.py: {name} is missing, the circuit has {' + '.join(refs)}"
            continue
        _, a, b, value = lines[name][:4]
        records = [wand.records[ref] for ref in refs]
        ends = [set(_ends(record)) for record in records]
        outer = set.symmetric_difference(*ends) if len(ends) == 2 else ends[0]
        if len(outer) != 2 or not all(NODES[node] & outer for node in (a, b)):
            yield (f"spice_netlist.py: {name} from {a} to {b}, "
                   f"{' + '.join(refs)} lies from {' to '.join(sorted(outer))}")  # fmt: skip
        if name[0] in "RC":
            mine = sum(r.nominal for r in records) + (c_switch if name == "Cout" else 0.0)
            theirs = _number(value)
            if abs(theirs - mine) > MADE * mine:
                yield f"spice_netlist.py: {name} is {theirs:.6g}, the circuit has {mine:.6g}"


def _ends(record):
    named = _ENDS.get(record.ref) or tuple(record.nets)
    return [record.nets[pin] for pin in named]


def _number(text):
    number, unit = re.fullmatch(r"([0-9.e+-]+?)(k|meg|n|p)?", text).groups()
    return float(number) * _SI[unit or ""]


def spice_values(wand):
    """tests/hal/circuit_values.py: what the tests' netlist takes from here and not from Parts.

    The simulator draws ratios and time constants; SPICE needs the resistors and capacitors.
    """
    v = wand.value
    return (
        '"""The circuit\'s values for spice_netlist.py, Ω and F: made by `make circuit`."""\n\n'
        f"SET_TOP = {v('R_T1') + v('R_T2'):g}\n"
        f"SET_BOTTOM = {v('R_BOT'):g}\n"
        f"DIVIDER_TOP = {v('R_E2_TOP'):g}\n"
        f"DIVIDER_BOTTOM = {v('R_E2_BOT'):g}\n"
        f"COMPARATOR_C = {v('C_F'):g}\n"
    )


def spice_text(parts):
    """The tests' netlist with these parts."""
    sys.path.insert(0, str(ROOT / "tests/hal"))
    import spice_netlist

    skin = spice_netlist.SpiceSkin(ohms=2000.0)
    return spice_netlist.netlist(parts, skin, [(0, 0.0)], {}, 1e-3, 1e-6, True)


def wands_own_code():
    """Firmware and hal can be imported from here on."""
    for place in (str(ROOT), str(ROOT / "tools/shim")):
        if place not in sys.path:
            sys.path.insert(0, place)


def differences(wand):
    """Every line, of the files as they lie in this tree."""
    wands_own_code()
    from hal.sim import parts

    nominal = parts.Parts()
    pins_text = (ROOT / "hal/rp2/pins.py").read_text(encoding="utf-8")
    boot_text = (ROOT / "boot.py").read_text(encoding="utf-8")
    return [
        *pin_differences(wand, pins_text, boot_text),
        *value_differences(wand, nominal, parts),
        *spice_differences(wand, spice_text(nominal), nominal.c_switch),
    ]


def main():
    from circuit.wand import Wand

    found = differences(Wand())
    for line in found:
        print(line)
    print(f"{len(found)} differences; GP pins wired: {len(pico.GP)}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
