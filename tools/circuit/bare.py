"""The wand's analogue half as one ngspice subcircuit at rest, written from the netlist's values.

For the corners only (corners.py): real thresholds, swings, leakages and temperatures, no time. The
referee of the simulator, tests/hal/spice_netlist.py, is another one and knows nothing of this.
"""

import subprocess
import tempfile
from pathlib import Path

from circuit import compare

PROBES = ("e1", "e2", "sense", "sb", "reg", "drain", "load", "set", "tap")


def nominal(wand):
    """{parameter: value} of the healthy wand at 25 °C and 250 µA into 2 kΩ."""
    v = wand.value
    return {
        "rail": compare.FEEDBACK_V * (1 + v("R_FB1") / v("R_FB2")), "v33": 3.3, "dt": 0.0,
        "rb": v("R_B"), "rin": v("R_IN"), "ro1": v("R_O1"), "ro2": v("R_O2"), "bos": 0.0,
        "ip": compare.CRD_A, "tc": -2e-3, "short_crd": 0.0,
        "rset": v("R_SET"), "rt": v("R_T1") + v("R_T2"), "rbot": v("R_BOT"),
        "dac": 250e-6 * v("R_SET") * (1 + (v("R_T1") + v("R_T2")) / v("R_BOT")),
        "vos": 0.0, "vth1": 1.1, "vth2": 1.1, "leak": 0.0, "lead": v("R_ROLLER"),
        "skin": 2000.0, "rdiv": v("R_E2_TOP") + v("R_E2_BOT"), "ref": compare.REFERENCE_V,
        "cos": 0.0,
    }  # fmt: skip


def _lines(names):
    # Thresholds fall by 2.5 mV/K; a switch off leaks the same whatever lies across it: the worst.
    # {swing}: what the op-amp's output keeps from its supply.
    return [
        ".subckt wand " + " ".join(PROBES) + " params: " + " ".join(f"{n}=0" for n in names),
        "Vrail rail 0 {rail}",
        "Rb rail b {rb}",
        "Rs b crd {1e9*(1-short_crd)+1}",
        "Bcrd b crd I=({ip*(1+tc*dt)})*tanh(V(b,crd)/1.2)+V(b,crd)/1.15e6",
        "Rk1 crd e1 50",
        "Rd1 e1 0 {rdiv}",
        "Rd2 e2 0 {rdiv}",
        "Rl1 e1 l1 {lead}",
        "Rskin l1 l2 {skin}",
        "Rl2 l2 e2 {lead}",
        "Bleak e1 e2 I={leak}*tanh(V(e1,e2)/0.05)",
        "Eload load 0 VALUE={V(l1,l2)/{skin}}",
        "M2 e2 v33 drain drain n2",
        "M1 drain reg sense sense n1",
        ".model n2 NMOS(VTO={vth2-2.5e-3*dt} KP=0.1 IS=1e-15)",
        ".model n1 NMOS(VTO={vth1-2.5e-3*dt} KP=0.1 IS=1e-15)",
        "Vv33 v33 0 {v33}",
        "Vdac dac 0 {dac}",
        "Rt dac set {rt}",
        "Rbot set 0 {rbot}",
        "Breg reg 0 V=({(v33-0.02)/2})*(1+tanh(2e4*(V(set,sense)+({vos}))))",
        "Rset sense 0 {rset}",
        "Bsb sb 0 V=(V(rail,b)+({bos}))/({rin})*({ro1+ro2})",
        "Btap tap 0 V=(V(rail,b)+({bos}))/({rin})*({ro2})",
        ".ends",
    ]


def run(cases):
    """[parameters] to [{probe: volts; load in A}]: a circuit each, all in one run of ngspice.

    RuntimeError where one has no operating point.
    """
    names = sorted(cases[0])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        script = ["* corners", ".control", "set noaskquit", "set numdgt=9"]
        for index, case in enumerate(cases):
            given = " ".join(f"{name}={case[name]:.9g}" for name in names)
            text = [
                "* one corner",
                *_lines(names),
                f"X {' '.join(PROBES)} wand params: {given}",
                ".options reltol=1e-5 abstol=1e-12 vntol=1e-7 gmin=1e-14 itl1=500",
                ".nodeset v(e1)=20 v(e2)=19 v(sense)=0.5 v(drain)=2 v(reg)=1.7",
                ".end",
            ]
            (folder / f"{index}.cir").write_text("\n".join(text) + "\n", encoding="utf-8")
            script += [f"source {folder}/{index}.cir", "op"]
            script += [f"echo corner {index} {probe} $&v({probe})" for probe in PROBES]
            script += ["destroy all", "remcirc"]
        script += ["quit", ".endc", ".end"]
        (folder / "all.cir").write_text("\n".join(script) + "\n", encoding="utf-8")
        done = subprocess.run(["ngspice", "-b", str(folder / "all.cir")],
                              capture_output=True, text=True)  # fmt: skip
    found = [{} for _ in cases]
    for line in done.stdout.splitlines():
        if line.startswith("corner ") and len(line.split()) == 4:
            _, index, probe, value = line.split()
            found[int(index)][probe] = float(value)
    for case, one in zip(cases, found):
        if len(one) != len(PROBES):
            raise RuntimeError(f"ngspice found no operating point of {case}: {done.stderr[-400:]}")
    return found
