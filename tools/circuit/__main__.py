"""`python -m circuit` (make circuit): rules, comparison, and every file made of the circuit.

    python -m circuit --check   writes nothing, fails where a file is not what it should be
"""

import sys
from pathlib import Path

from circuit import bom, compare, drawing, fmea, kicad, neighbours, pins_page
from circuit.wand import Wand

ROOT = compare.ROOT
DOCS = ROOT / "docs/circuit"
HARDWARE = ROOT / "docs/hardware.md"
BEGIN, END = "<!-- pins: made by make circuit -->", "<!-- end of pins -->"


def files(wand) -> dict[Path, str]:
    """Every file and its text; the same bytes whenever it is called."""
    safety = (ROOT / "docs/safety.md").read_text(encoding="utf-8")
    return {
        DOCS / "bom.csv": bom.as_csv(wand),
        DOCS / "parts.md": bom.page(wand),
        DOCS / "failures.md": fmea.page(wand, safety, fmea.simulator_faults()[1]),
        DOCS / "neighbours.md": neighbours.page(wand),
        ROOT / "tests/hal/circuit_values.py": compare.spice_values(wand),
        HARDWARE: with_pins(HARDWARE.read_text(encoding="utf-8")),
        **{DOCS / name: text for name, text in drawing.pages(wand).items()},
        **{DOCS / "kicad" / name: text for name, text in kicad.files(wand).items()},
    }


def with_pins(text):
    """docs/hardware.md with the table of today."""
    head, rest = text.split(BEGIN)
    return "\n".join((head + BEGIN, *pins_page.table(), END)) + rest.split(END)[1]


def problems(wand):
    """Lines of everything that must be empty."""
    errors, warnings = wand.erc()
    if errors or warnings:
        yield f"SKiDL's rules: {errors} errors, {warnings} warnings, circuit.ERC() says which"
    yield from compare.differences(wand)
    yield from fmea.problems(wand, *fmea.simulator_faults())
    yield from neighbours.problems(wand)


def main(words):
    wand = Wand()
    found = []
    for path, text in files(wand).items():
        if "--check" in words:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                found.append(f"{path.relative_to(ROOT)}: is not of this circuit, run make circuit")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    found += problems(wand)
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(wand.records)} parts, {len(wand.nets)} nets, {len(found)} problems")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
