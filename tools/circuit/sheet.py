"""What a block is written with: parts between named nets, each with its reason and its failures.

A net's name is the same all over the wand. SKiDL holds parts and nets; `Record` what SKiDL has no
place for. `rows`: what each way of failing does, as (effect, who sees it, when, fault's name in
the simulator).
"""

from dataclasses import dataclass

from circuit import catalogue, symbols
from circuit.quiet import skidl

LIBRARY = "wand.kicad_sym"


@dataclass
class Record:
    """A part as the pages show it."""

    ref: str
    kind: catalogue.Kind
    block: str
    why: str
    nominal: float  # Ω, F; 0 where the type says all
    tolerance: float
    nets: dict[str, str]  # pin's name: net
    rows: dict[str, tuple[str, str, str, str]]


class Sheet:
    """One block, inside one `Wand`."""

    def __init__(self, wand, name, serves):
        self.wand, self.name, self.serves = wand, name, serves
        wand.blocks[name] = serves

    def _add(self, ref, kind, nets, why, rows, nominal=0.0, tolerance=0.0):
        if ref in self.wand.records:
            raise ValueError(f"part {ref} is there twice: rename one in circuit/blocks")
        part = skidl.Part(
            LIBRARY, kind.symbol, ref=ref, value=kind.value, footprint=kind.footprint, tag=ref,
            circuit=self.wand.circuit,
        )  # fmt: skip
        part.fields["MPN"] = kind.mpn
        part.fields["Manufacturer"] = kind.maker
        part.fields["Tolerance"] = kind.tolerance
        named = {label: number for number, label, *_ in symbols.pins(kind.symbol)}
        for pin in named:
            if pin not in nets:
                part[named[pin]] += self.wand.nowhere
        for pin, net in nets.items():
            if pin not in named:
                raise ValueError(f"{ref} has no pin {pin}: allowed are {', '.join(named)}")
            part[named[pin]] += self.wand.net(net)
        self.wand.records[ref] = Record(
            ref, kind, self.name, why, nominal, tolerance, dict(nets), dict(rows)
        )

    def part(self, ref, kind, nets, why, rows):
        """One of catalogue.KINDS; `nets`: name of the pin to name of the net."""
        self._add(ref, catalogue.KINDS[kind], nets, why, rows)

    def r(self, ref, ohms, tolerance, a, b, why, rows):
        """A resistor from net `a` to net `b`."""
        kind = catalogue.resistor(ohms, tolerance, why)
        self._add(ref, kind, {"1": a, "2": b}, why, rows, ohms, tolerance)

    def c(self, ref, farads, tolerance, volts, a, b, why, rows):
        """A capacitor from net `a` to net `b`."""
        kind = catalogue.capacitor(farads, tolerance, volts, why)
        self._add(ref, kind, {"1": a, "2": b}, why, rows, farads, tolerance)

    def d(self, ref, kind, anode, cathode, why, rows):
        """A diode."""
        self._add(ref, catalogue.KINDS[kind], {"A": anode, "K": cathode}, why, rows)

    # The same few parts again and again, with the failures that they have everywhere.

    def pull_down(self, ref, net, what):
        """Floating means off."""
        self.r(ref, 100e3, 0.01, net, "GND", f"{net} floating means {what}", {
            "open": (f"{net} hangs on the chip's own pull-down while nobody drives it",
                     "nobody", "never", ""),
            "short": (f"{what} for ever", "self-test", "at power-on", ""),
            "drift": ("none", "nobody", "never", ""),
        })  # fmt: skip

    def decouple(self, ref, farads, net, what):
        """From a supply to ground at a part."""
        self.c(ref, farads, 0.1, 50 if net == "RAIL" else 10, net, "GND",
               f"supply of {what}", {
            "open": (f"{what} sees more noise", "nobody", "never", ""),
            "short": (f"{net} is gone: nothing works, all is off", "person: dark wand", "at once",
                      ""),
        })  # fmt: skip

    def led_resistor(self, ref, ohms, a, b, lit, seen=("self-test", "at power-on"), fault=""):
        """In series with an LED or a photo-MOS' input; `lit`: what it turns on."""
        self.r(ref, ohms, 0.01, a, b, f"LED current of {lit}", {
            "open": (f"{lit} never", *seen, fault),
            "short": ("the gate's own resistance limits the LED", "nobody", "never", ""),
            "drift": ("none: the LED has twice what it needs", "nobody", "never", ""),
        })  # fmt: skip

    def test_point(self, ref, net):
        self.part(ref, "test_point", {"1": net}, f"{net} for a probe", {
            "touched": (f"a finger or probe at {net}: closed inside the case", "nobody", "never",
                        ""),
        })  # fmt: skip
