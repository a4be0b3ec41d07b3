"""Draws docs/hardware.svg, how the blocks hang together; the schematic is docs/circuit/blocks.md.

    python tools/pages/draw_schematic.py

Everything at a place of its own, the current from top to bottom on one line. Values are those of
hal/sim/parts.py, pin numbers those of hal/rp2/pins.py.
"""

import sys
from pathlib import Path

import schemdraw
import schemdraw.elements as elm

OUT = Path(__file__).resolve().parents[2] / "docs" / "hardware.svg"
X = 6.0  # of the current's path


class Sheet:
    def __init__(self, drawing):
        self._drawing = drawing

    def part(self, kind, begin, end, text, side="bottom"):
        """A part of two ends; `side` as seen along it: bottom is right of a line going down."""
        self._drawing += kind().at(begin).to(end).label(text, loc=side)

    def wire(self, *points):
        for begin, end in zip(points, points[1:]):
            self._drawing += elm.Line().at(begin).to(end)

    def box(self, corner, size, text):
        x, y = corner
        w, h = size
        self.wire((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y))
        self.text((x + w / 2, y + h / 2), text, ("center", "center"))

    def text(self, at, text, align=("left", "center")):
        self._drawing += elm.Label().at(at).right().label(text, halign=align[0], valign=align[1])

    def dot(self, at, hollow=False):
        self._drawing += elm.Dot(open=hollow).at(at)


def current_path(sheet):
    """Rail, K1, bridge, M2, M1, R_SET."""
    sheet.text((X, 20.4), "27.0 V boost, on by RAIL (GP8)", ("center", "center"))
    sheet.part(elm.Resistor, (X, 20), (X, 18), "R_B 1.00 kΩ 0.1 %", "top")
    sheet.part(elm.Diode, (X, 18), (X, 16), "1N5294 0.75 mA", "top")
    sheet.part(elm.Switch, (X, 16), (X, 14), "K1 photo-MOS", "top")
    sheet.box((X - 1.5, 10), (3, 3), "bridge:\n4 photo-MOS\nBRIDGE_1 (GP9)\nBRIDGE_2 (GP10)")
    sheet.wire((X, 14), (X, 13))
    sheet.wire((X, 10), (X, 9))
    sheet.part(elm.Switch, (X, 9), (X, 7), "M2 BSS138", "top")
    sheet.box((X - 0.6, 5.6), (1.2, 1.0), "M1")
    sheet.wire((X, 7), (X, 6.6))
    sheet.wire((X, 5.6), (X, 5))
    sheet.part(elm.Resistor, (X, 4.6), (X, 2.6), "R_SET\n2.00 kΩ\n0.1 %", "bottom")
    sheet.wire((X, 5), (X, 4.6))
    sheet._drawing += elm.Ground().at((X, 2.6))
    for y, text in ((13.5, "e1"), (9.5, "e2")):
        sheet.dot((X, y))
        sheet.wire((X, y), (X - 2.5, y))
        sheet.text((X - 2.6, y), f"{text}: 10 MΩ / 1.1 MΩ to\n" + (
            "AIN1" if text == "e1" else "ADC2 (GP28), AIN2"), ("right", "center"))  # fmt: skip
    sheet.wire((X - 2.2, 13.5), (X - 2.2, 12.5))
    sheet.wire((X - 2.2, 9.5), (X - 2.2, 10.5))
    text = "e1 to e2: 470 pF,\n47 kΩ bleed through\na normally closed MOS"
    sheet.box((X - 5.0, 10.5), (3.2, 2.0), text)


def load(sheet):
    """Electrodes and dummy."""
    right = X + 1.5
    sheet.part(elm.Resistor, (right, 12.7), (right + 2.5, 12.7), "1.0 kΩ", "top")
    sheet.part(elm.Resistor, (right, 10.3), (right + 2.5, 10.3), "1.0 kΩ", "bottom")
    sheet.dot((right + 2.5, 12.7), True)
    sheet.dot((right + 2.5, 10.3), True)
    sheet.text((right + 2.8, 12.7), "roller")
    sheet.text((right + 2.8, 10.3), "return electrode")
    sheet.wire((right, 11.9), (right + 0.8, 11.9))
    sheet.wire((right, 11.1), (right + 0.8, 11.1))
    sheet.box((right + 0.8, 11.0), (4.8, 1.0), "K2 (GP11): 10.0 kΩ and D_SIGN")


def senses(sheet):
    """Where current is read, and where it is set."""
    sheet.dot((X, 18))
    sheet.dot((X, 20))
    sheet.wire((X, 20), (X + 2.5, 20), (X + 2.5, 19.4))
    sheet.wire((X, 18), (X + 2.5, 18), (X + 2.5, 18.4))
    sheet.box((X + 1.5, 18.4), (3.0, 1.0), "LTC6102, 4.99 kΩ")
    sheet.wire((X + 4.5, 18.9), (X + 6, 18.9))
    sheet.text((X + 6.1, 18.9), "sense B 4.99 V/mA: ADC1 (GP27)")
    sheet.dot((X + 5.2, 18.9))
    sheet.wire((X + 5.2, 18.9), (X + 5.2, 17.4), (X + 6, 17.4))
    text = "22 µs, comparator 0.638 mA\n(test: GP21), latch (reset: GP7)"
    sheet.box((X + 6, 16.9), (4.2, 1.0), text)
    sheet.wire((X + 10.2, 17.4), (X + 11, 17.4))
    sheet.text((X + 11.1, 17.4), "COMPARATOR (GP3)")
    sheet.dot((X, 5))
    sheet.wire((X, 5), (X + 1.2, 5))
    sheet.text((X + 1.3, 5), "sense A 2.00 V/mA: ADC0 (GP26), AIN0, op-amp -")
    sheet.wire((X - 0.6, 6.1), (X - 1.4, 6.1))
    sheet.box((X - 3.4, 5.6), (2.0, 1.0), "op-amp")
    sheet.wire((X - 3.4, 6.1), (X - 4, 6.1), (X - 4, 5.2))
    sheet.box((X - 6.2, 4.2), (4.4, 1.0), "17.45 kΩ / 10.0 kΩ, 8.2 nF")
    sheet.wire((X - 4, 4.2), (X - 4, 3.6))
    sheet.box((X - 6.2, 2.6), (4.4, 1.0), "AD5693R, I²C GP4, GP5")


def enable(sheet):
    """The AND of the barriers, and the converter."""
    x = X + 6.6
    for y, text in (
        (8.6, "GATE (GP2): PIO dead-man, 3 ms"),
        (8.0, "FEED (GP6): 74LVC1G123, 3 ms"),
        (6.8, "RAIL (GP8): 74HC4060, 26 min, clears it"),
        (7.4, "NOT latch"),
    ):
        sheet.text((x - 0.1, y), text, ("right", "center"))
        if y >= 7.4:
            sheet.wire((x, y), (x + 0.6, y))
    sheet.box((x + 0.6, 7.0), (1.2, 2.0), "2 x\nAND")
    sheet.wire((x + 1.8, 8.0), (x + 2.4, 8.0))
    sheet.text(
        (x + 2.5, 8.0),
        "one for K1 (AND GP12), bleed\n(AND GP20), one for M2 (AND\nGP13); either is high at GP19",
    )
    text = "ADS1115, I²C GP4, GP5, ready GP22: AIN0 sense A, AIN1 e1, AIN2 e2, AIN3 rail"
    sheet.text((X + 2.6, 3.9), text)
    sheet.text((X + 2.6, 3.2), "Panel: button GP14, beeper GP15, LED GP16 to GP18; battery ADC3")


def main():
    schemdraw.use("svg")
    with schemdraw.Drawing(file=str(OUT), show=False) as drawing:
        drawing.config(unit=2, fontsize=9, bgcolor="white")  # black lines on a dark page
        sheet = Sheet(drawing)
        for draw in (current_path, load, senses, enable):
            draw(sheet)
    print(OUT.name)


if __name__ == "__main__":
    sys.exit(main())
