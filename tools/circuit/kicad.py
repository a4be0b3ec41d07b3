"""KiCad's files: netlist, a schematic sheet a block, the symbols.

SKiDL writes the netlist, schematizer (SKiDL's own drawing half) the sheets: each pin with the name
of its net, so that what is connected needs no eye to follow wires. What would differ from run to
run is made fixed.
"""

import re
import shutil
import tempfile
from pathlib import Path

from circuit import symbols
from circuit.quiet import Elsewhere

_NAME = "wand"
_LIBRARIES = (
    '(sym_lib_table (lib (name "wand") (type "KiCad") (uri "${KIPRJMOD}/wand.kicad_sym") '
    '(options "") (descr "symbols of tools/circuit")))\n'
)


def files(wand):
    """{file's name: text}."""
    import schematizer
    from skidl.schematic_netlist import build_generic_netlist

    wand.circuit.merge_net_names()
    netlist = _still(wand.circuit)
    folder = Path(tempfile.mkdtemp())
    try:
        with Elsewhere():
            schematizer.render(
                build_generic_netlist(wand.circuit), tool="kicad9", filepath=str(folder),
                top_name=_NAME, mode="labels",
            )  # fmt: skip
        sheets = {
            path.name: _dated(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("*.kicad_sch"))
        }
    finally:
        shutil.rmtree(folder)
    return {
        f"{_NAME}.net": netlist,
        f"{_NAME}.kicad_sym": symbols.text(),
        f"{_NAME}.kicad_pro": "{}\n",
        "sym-lib-table": _LIBRARIES,
        **sheets,
    }


def _still(circuit):
    """The netlist without its date and without the lines of our sources."""
    with Elsewhere():
        text = circuit.generate_netlist(file_=f"{_NAME}.net")
    text = re.sub(r"\n\s*\(field\s*\n\s*\(name \"SKiDL Line\"\)[^\n]*?\)(?=[\n)])", "", text)
    text = re.sub(r"\(source \"[^\"]*\"\)", '(source "tools/circuit")', text)
    return _in_order(_dated(text))


def _in_order(text):
    """SKiDL numbers its sheets in the order of a set: by name instead."""
    start, end = text.index("\n    (sheet\n"), text.index("\n  (components")
    body = text[start:end]
    sheets = sorted(body[: len(body) - 1].split("\n    (sheet\n")[1:],
                    key=lambda sheet: re.search(r'\(name "([^"]*)"', sheet)[1])  # fmt: skip
    numbered = (re.sub(r"\(number \d+\)", f"(number {n})", sheet, count=1)
                for n, sheet in enumerate(sheets, 1))  # fmt: skip
    ordered = "".join("\n    (sheet\n" + sheet for sheet in numbered)
    return text[:start] + ordered + ")" + text[end:]


def _dated(text):
    return re.sub(r"\(date \"[^\"]*\"\)", '(date "")', text)
