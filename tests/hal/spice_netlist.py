"""The reference circuit as an ngspice netlist: the plant's referee, written independently of it.

Real resistors, capacitors and switches, an op-amp of limited gain, dividers that load what they
measure. `run` starts ngspice in batch mode and returns its waveforms as numpy arrays.
"""

import subprocess

import circuit_values as circuit
import numpy as np
from spicelib import RawRead

# Control voltages, one per thing that can move; 1 = closed, 0 = open.
SWITCHES = {
    # control: (from, to, R on, R off)
    "k1": ("crd", "e1", 1.0, 1e12),
    "m2": ("e2", "drain", 2.0, 1e12),
    "touch": ("lead1", "skin1", 1e-3, 1e12),
    "bridge_short": ("e1", "e2", 50.0, 1e12),
    "bleed": ("e1", "bleed", 1.0, 1e12),
    "rset_short": ("sense", "0", 1e-3, 1e12),
    "set_bottom": ("set", "bottom", 1e-3, 1e12),
}
_NORMAL = {"k1": 1, "m2": 1, "touch": 1, "set_bottom": 1}


def pwl(points):
    """A piecewise linear source through (seconds, value), each value kept until the next.

    Edges take 0.2 µs, centred.
    """
    text = []
    value = points[0][1]
    for at, new in points:
        if at > 0:
            text += [f"{at - 0.1e-6:.12g} {value:.9g}"]
            at += 0.1e-6
        text += [f"{at:.12g} {new:.9g}"]
        value = new
    return "PWL(" + " ".join(text) + ")"


class SpiceSkin:
    """Skin by its equations, docs/skin.md. `face`, `hand`: Ω·cm², F/cm², Ω·cm² of open paths;
    `ohms`: instead of all that. The roller is the cathode, as on bridge 1."""

    def __init__(self, face=None, hand=None, ohms=0.0, area_cm2=3.0, grip_cm2=15.0):
        self.face, self.hand = face, hand
        self.area_cm2, self.grip_cm2 = area_cm2, grip_cm2
        self.ohms = ohms if face is None else 350 + 204 / area_cm2 + 204 / grip_cm2


def skin_lines(skin):
    if skin.face is None:
        return [f"Rdeep deep skin3 {skin.ohms}"]
    area = skin.area_cm2
    return [
        f"Rdeep deep sc {skin.ohms}",
        *layer_lines("sc", "hand", skin.face, area, 1.58),
        *layer_lines("hand", "dl", skin.hand, skin.grip_cm2, 2.64),
        f"Cdl dl skin3 {10e-6 * area} IC=0",
        f"Bdl dl skin3 I={1.0667e-9 * area}*sinh(V(dl,skin3)/0.15)",
    ]


def layer_lines(top, bottom, tissue, area_cm2, hold_v):
    """A horny layer; what is open and worn as volts on 1 F, 1 V = 1 µS/cm²."""
    r0, c, r_open = tissue
    v, j = f"V({top},{bottom})", f"abs(I(Vskin))/{area_cm2}"
    opened, worn = f"V(open{top})", f"V(worn{top})"
    return [
        f"C{top} {top} {bottom} {c * area_cm2} IC=0",
        f"B{top} {top} {bottom} I={area_cm2}*((1+{v}^2/64)/{r0}+({opened}+{worn})*1e-6)*{v}",
        f"Copen{top} open{top} 0 1 IC=0",
        f"Ropen{top} open{top} 0 1e12",
        f"Bopen{top} 0 open{top} I=({j}/{hold_v}*(1e6-{opened}*{r_open})-{opened})/2",
        f"Cworn{top} worn{top} 0 1 IC=0",
        f"Rworn{top} worn{top} 0 1e12",
        f"Bworn{top} 0 worn{top} I={j}*20.4*({6.8e6 / r0}-{worn})-{worn}/1170",
    ]


def netlist(parts, skin, dac, controls, end_s, step_s, comparator):
    """The circuit as text."""
    p = parts
    top, bottom = circuit.DIVIDER_TOP, circuit.DIVIDER_BOTTOM
    c_div = p.div_tau_s * (top + bottom) / (top * bottom)
    set_ohms = circuit.SET_TOP * circuit.SET_BOTTOM / (circuit.SET_TOP + circuit.SET_BOTTOM)
    lines = [
        "* ion wand, reference circuit",
        f"Vrail rail 0 {p.rail_v}",
        f"Rb rail b {p.r_b}",
        # Regulating diode by its tanh law, from the electronics notes.
        f"Bcrd b crd I={p.ip}*tanh(V(b,crd)/{p.crd_v})+V(b,crd)/{p.crd_r}",
        f"Cout e1 e2 {p.c_out + p.c_switch}",
        f"Rbleed bleed e2 {p.r_bleed}",
        # 1 pF of wiring at the stiff nodes, without which ngspice finds no way through an edge.
        "Cb b 0 1p",
        "Ccrd crd 0 1p",
        "Cdrain drain 0 1p",
        # Setpoint: DAC, divider with its capacitor, op-amp and M1.
        "Vdac dac 0 " + pwl(dac),
        f"Rtop dac set {circuit.SET_TOP}",
        f"Rbottom bottom 0 {circuit.SET_BOTTOM}",
        f"Cset set 0 {p.set_tau_s / set_ohms}",
        # Op-amp 20 MHz, 20 V/µs, output 0..3.5 V; M1 about 5 Ω when fully on.
        "Bop 0 gate I=200e-6*tanh(V(set,sense)*1.26e-3/200e-6)",
        "Cop gate 0 10p",
        "Rop gate 0 1e10",
        "Vhigh high 0 3",
        "Dhigh gate high clamp",
        "Dlow 0 gate clamp",
        ".model clamp D(IS=1e-12 N=0.8)",
        "M1 drain gate sense sense nmos1",
        ".model nmos1 NMOS(VTO=1 KP=0.1 IS=1e-15)",
        f"Rset sense 0 {p.r_set}",
    ]
    for name in ("e1", "e2"):
        lines += [
            f"Rt{name} {name} div_{name} {top}",
            f"Rb{name} div_{name} 0 {bottom}",
            f"Cd{name} div_{name} 0 {c_div}",
        ]
    lines += [f"Rl1 e1 lead1 {p.r_lead}", "Vskin skin1 deep 0", f"Rl2 skin3 e2 {p.r_lead}"]
    lines += skin_lines(skin)
    # Comparator on sense B behind its filter; what has tripped counts µs and cuts after 13.
    # It holds itself from 1 V = 1 µs on: with steps that long ngspice would find the tripped
    # state for no reason, so it is wired up in the runs about it only.
    fed = f"(V(cmp)>{p.cmp_v} || V(lat)>1) ? 1 : 0" if comparator else "0"
    lines += [
        f"Bsb sb 0 V=V(rail,b)/{p.r_b}*{p.gain_b}",
        f"Rcmp sb cmp {p.cmp_tau_s / circuit.COMPARATOR_C}",
        f"Ccmp cmp 0 {circuit.COMPARATOR_C} IC=0",
        f"Blat 0 lat I={fed}",
        "Clat lat 0 1u IC=0",
        "Rlat lat 0 1e9",
        f"Bcut cut 0 V=V(lat)>{p.cmp_delay_us + p.open_delay_us} ? 0 : 1",
    ]
    for name, (a, b, on, off) in SWITCHES.items():
        points = controls.get(name, [(0, _NORMAL.get(name, 0))])
        lines.append(f"Vc_{name} c_{name} 0 " + pwl(points))
        gate = f"V(c_{name})"
        if name in ("k1", "m2"):
            gate = f"({gate}*V(cut))"
        elif name == "bleed":
            gate = f"max({gate},1-V(cut))"
        # Conductance, not resistance: a switch must be able to open.
        lines.append(f"Bs_{name} {a} {b} I=V({a},{b})*({1 / off}+{gate}*{1 / on - 1 / off})")
    lines += [
        ".options reltol=1e-5 abstol=1e-12 vntol=1e-7 method=gear",
        f".tran {step_s:.9g} {end_s:.9g} 0 {step_s:.9g} uic",
        ".save v(e1) v(e2) v(sense) v(sb) v(cmp) v(lat) i(vskin) v(div_e1) v(div_e2)"
        + (" v(sc) v(hand) v(dl) v(skin3) v(opensc) v(wornsc)" if skin.face else ""),
        ".end",
    ]
    return "\n".join(lines) + "\n"


def run(folder, parts, skin, dac, controls, end_s, step_s, comparator=False):
    """Simulate; {name: array} with `time` first. Names as saved above."""
    source = folder / "wand.cir"
    raw = folder / "wand.raw"
    source.write_text(netlist(parts, skin, dac, controls, end_s, step_s, comparator))
    done = subprocess.run(
        ["ngspice", "-b", "-r", str(raw), str(source)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode != 0 or not raw.exists():
        raise RuntimeError("ngspice failed: " + done.stdout[-500:] + done.stderr[-500:])
    data = RawRead(str(raw), dialect="ngspice")
    return {
        name.lower(): np.array(data.get_trace(name).get_wave(0), dtype=float)
        for name in data.get_trace_names()
    }
