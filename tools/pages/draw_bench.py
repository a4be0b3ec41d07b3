"""Draws the pictures of docs/bench.md: `python tools/pages/draw_bench.py`.

docs/bench.svg is the wiring; docs/img/bench-*.svg are what the commands really say, to a
simulated wand behind a PTY with a simulated multimeter.
"""

import re
import sys
import tempfile
from pathlib import Path

import schemdraw
import schemdraw.elements as elm
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SEED = 7


def wiring():
    """Wand, meter and load in series; a cable to the PC."""
    with schemdraw.Drawing(show=False) as drawing:
        drawing.config(fontsize=12, unit=3, bgcolor="white", margin=0.4)
        wand = elm.Ic(
            pins=[
                elm.IcPin(name="roller", side="right", slot="2/2"),
                elm.IcPin(name="return", side="right", slot="1/2"),
                elm.IcPin(name="USB", side="left"),
            ],
            size=(3.4, 3), label="wand",
        )  # fmt: skip
        drawing += wand
        drawing += elm.Line().at(wand.roller).right().length(1)
        drawing += (meter := elm.MeterA().right().label("DC µA", loc="bottom"))
        drawing += elm.Label().at(meter.start).label("+ (red)", loc="top")
        drawing += elm.Line().right().length(1)
        drawing += (corner := elm.Line().down().toy(wand.__getattr__("return")))
        drawing += elm.Resistor().at(corner.end).left().label(
            "known load\n2.2 k, 4.7 k, 10 kΩ", loc="bottom"
        ).tox(wand.__getattr__("return"))
        drawing += elm.Line().at(wand.USB).left().length(1.5)
        drawing += elm.Label().label("PC with ionwand\n(and the meter's cable)", loc="left")
        drawing.save(str(DOCS / "bench.svg"), transparent=False)


def screen(name, command, output):
    """One terminal as a picture without anything from outside."""
    console = Console(record=True, width=88, file=open("/dev/null", "w"))
    console.print(Text(f"$ {command}", style="bold"))
    console.print(Text(output.rstrip()))
    svg = console.export_svg(title="ionwand")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (DOCS / "img" / f"bench-{name}.svg").write_text(svg, encoding="utf-8")


def main():
    for place in ("tools/shim", "tools", ".", "tests/helpers"):
        sys.path.insert(0, str(ROOT / place))
    from bench_wand import BenchWand

    wiring()
    with tempfile.TemporaryDirectory() as folder:
        wand = BenchWand(Path(folder), SEED)
        with wand.running():
            done = wand.call("polarity", meter=True)
            screen("polarity", "ionwand polarity --meter GPIB0::22::INSTR", done.output)
            done = wand.calibrate(Path(folder) / "out", "--points", "50,200,500")
            said = done.output.replace(folder + "/", "").splitlines()
            shown = [line for line in said if "Ω, roller" not in line or "2200 Ω" in line]
            screen("calibrate", "ionwand calibrate --points 50,200,500 --meter GPIB0::22::INSTR",
                   "\n".join(shown))  # fmt: skip
            done = wand.call("status", fixture=False)
            screen("status", "ionwand status", done.output)
            done = wand.call("selftest")
            screen("selftest", "ionwand selftest", done.output)


if __name__ == "__main__":
    sys.exit(main())
