"""Our own schematic symbols, so that nothing here needs KiCad's libraries.

A symbol is pins on the left and on the right of a box, or a two-ended part lying flat. `text()`
is the same as a KiCad symbol library; SKiDL reads it, and KiCad opens it.
"""

# What a pin is, in KiCad's words. o: output, i: input, w: supply in, W: supply out, p: passive,
# b: both ways, n: not connected, c: open collector.
_FUNC = {
    "i": "input",
    "o": "output",
    "w": "power_in",
    "W": "power_out",
    "p": "passive",
    "b": "bidirectional",
    "n": "no_connect",
    "c": "open_collector",
}
# name: (reference letter, left pins, right pins); a pin is "number name function".
BOXES = {
    "Pico": (
        "U",
        "40 VBUS W,39 VSYS w,36 3V3 W,35 ADC_VREF p,37 3V3_EN n,30 RUN n,33 AGND w,38 GND w,"
        "3 GND3 p,8 GND8 p,13 GND13 p,18 GND18 p,23 GND23 p,28 GND28 p,1 GP0 i,"
        "2 GP1 n,27 GP21 b,31 GP26 i,32 GP27 i,34 GP28 i",
        "4 GP2 b,5 GP3 b,6 GP4 b,7 GP5 b,9 GP6 b,10 GP7 b,11 GP8 b,12 GP9 b,14 GP10 b,15 GP11 b,"
        "16 GP12 b,17 GP13 b,19 GP14 b,20 GP15 b,21 GP16 b,22 GP17 b,24 GP18 b,25 GP19 b,"
        "26 GP20 b,29 GP22 i",
    ),
    "TPS61040": ("U", "5 VIN w,4 EN i,2 GND w", "1 SW p,3 FB i"),
    "LTC6102": ("U", "7 V+ w,1 -INS p,2 -INF p,8 +IN p,5 V- w", "4 OUT p,6 VREG p,3 NC n"),
    "Photorelay": ("K", "1 A p,2 K p", "6 D1 p,4 D2 p"),
    "PhotorelayNC": ("K", "1 A p,2 K p", "4 D1 p,3 D2 p"),
    "Photorelay2": ("K", "1 A p,2 K1 p,3 A2 p,4 K p", "8 D1 p,7 M1 p,6 M2 p,5 D2 p"),
    "NMOS": ("Q", "1 G i,2 S p", "3 D p"),
    "PMOS": ("Q", "1 G i,2 S p", "3 D p"),
    "OpAmpDual": ("U", "3 +INA i,2 -INA i,5 +INB i,6 -INB i,4 V- w", "8 V+ w,1 OUTA o,7 OUTB o"),
    "OpAmpQuad": (
        "U",
        "3 +INA i,2 -INA i,5 +INB i,6 -INB i,10 +INC i,9 -INC i,12 +IND i,13 -IND i",
        "4 V+ w,1 OUTA o,7 OUTB o,8 OUTC o,14 OUTD o,11 V- w",
    ),
    "AD5693R": (
        "U",
        "1 VLOGIC w,2 VDD w,7 SDA b,8 SCL i,9 A0 i,3 ~{RESET} i,10 ~{LDAC} i,4 GND w",
        "6 VOUT o,5 VREF W",
    ),
    "ADS1115": (
        "U",
        "4 AIN0 i,5 AIN1 i,6 AIN2 i,7 AIN3 i,1 ADDR i,3 GND w",
        "8 VDD w,9 SDA b,10 SCL i,2 ALERT c",
    ),
    "Comparator": ("U", "3 IN+ i,4 IN- i,2 GND w", "5 VCC w,1 OUT o"),
    "Reference": ("U", "1 IN w,3 GND w", "2 OUT W"),
    "Latch": ("U", "1 CLK i,2 D i,7 ~{PRE} i,6 ~{CLR} i,4 GND w", "8 VCC w,5 Q o,3 ~{Q} o"),
    "Monostable": ("U", "1 ~{A} i,2 B i,3 ~{CLR} i,4 GND w", "8 VCC w,7 RC p,6 C p,5 Q o"),
    "Counter": (
        "U",
        "16 VCC p,12 MR i,11 RS i,10 RTC o,9 CTC o,8 GND w",
        "3 Q13 o,7 Q3 o,5 Q4 n,4 Q5 n,6 Q6 n,14 Q7 n,13 Q8 n,15 Q9 n,1 Q11 n,2 Q12 n",
    ),
    "And3": ("U", "1 A i,3 B i,6 C i,2 GND w", "5 VCC w,4 Y o"),
    "And2x2": ("U", "1 1A i,2 1B i,5 2A i,6 2B i,4 GND w", "8 VCC w,7 1Y o,3 2Y o"),
    "Gate2": ("U", "1 A i,2 B i,3 GND w", "5 VCC w,4 Y o"),
    "Charger": ("U", "4 VDD w,5 PROG p,2 VSS w", "3 VBAT W,1 STAT c"),
    "D_ESD": ("D", "1 K1 p,2 K2 p", "3 A p"),
    "LED_RGB": ("D", "1 R p,3 G p,4 B p", "2 K p"),
}
# Two-ended, lying flat: (reference letter, names of its pins, drawn as).
FLAT = {
    "R": ("R", ("1", "2")),
    "C": ("C", ("1", "2")),
    "L": ("L", ("1", "2")),
    "D": ("D", ("A", "K")),
    "D_SOT23": ("D", ("A", "K")),
    "Fuse": ("F", ("1", "2")),
    "Switch": ("SW", ("1", "2")),
    "Piezo": ("LS", ("1", "2")),
    "Connector2": ("J", ("1", "2")),
    "Cell": ("BT", ("+", "-")),
}
SINGLE = {"TestPoint": "TP", "Connector1": "J"}
GRID = 2.54
_FONT = "(effects (font (size 1.27 1.27)))"


def pins(name):
    """[(number, name, function letter, x, y, angle)] in KiCad's mm, y upwards."""
    if name in SINGLE:
        return [("1", "1", "p", -3.81, 0.0, 0)]
    if name in FLAT:
        left, right = FLAT[name][1]
        # A diode's cathode is pin 1 in KiCad's footprints, but for those in a SOT-23.
        numbers = {"D": ("2", "1"), "D_SOT23": ("1", "3")}.get(name, ("1", "2"))
        return [
            (numbers[0], left, "p", -5.08, 0.0, 0),
            (numbers[1], right, "p", 5.08, 0.0, 180),
        ]
    found = []
    half = width(name) / 2 + GRID
    for side, x, angle in zip(BOXES[name][1:], (-half, half), (0, 180)):
        rows = side.split(",")
        for row, entry in enumerate(rows):
            number, label, func = entry.split()
            found.append((number, label, func, x, height(name) / 2 - GRID * (row + 1), angle))
    return found


def width(name):
    """Of the box, mm."""
    longest = [
        max(len(pin.split()[1].strip("~{}")) for pin in side.split(","))
        for side in BOXES[name][1:]
    ]
    return GRID * max(4, 2 * round((sum(longest) * 1.1 + 4) / 5.08))


def height(name):
    """Of the box, mm."""
    rows = max(len(side.split(",")) for side in BOXES[name][1:])
    return GRID * (rows + 1 + (rows + 1) % 2)


def prefix(name):
    """The letters in front of the number in references."""
    return SINGLE.get(name) or (FLAT.get(name) or BOXES.get(name))[0]


def _body(name):
    line = "(stroke (width 0.254) (type default) (color 0 0 0 0)) (fill (type none))"

    def rectangle(x0, y0, x1, y1):
        return f"(rectangle (start {x0} {y0}) (end {x1} {y1}) {line})"

    def path(*points):
        return f"(polyline (pts {' '.join(f'(xy {x} {y})' for x, y in points)}) {line})"

    if name in BOXES:
        w, h = width(name) / 2, height(name) / 2
        return [rectangle(-w, h, w, -h)]
    if name in SINGLE:
        return [f"(circle (center 0 0) (radius 1.27) {line})", path((-1.27, 0), (-1.27, 0))]
    if name == "C":
        return [path((-0.6, 1.9), (-0.6, -1.9)), path((0.6, 1.9), (0.6, -1.9)),
                path((-2.54, 0), (-0.6, 0)), path((0.6, 0), (2.54, 0))]  # fmt: skip
    if name.startswith("D"):
        return [path((-1.27, 1.27), (-1.27, -1.27), (1.27, 0), (-1.27, 1.27)),
                path((1.27, 1.27), (1.27, -1.27)),
                path((-2.54, 0), (2.54, 0))]  # fmt: skip
    if name == "Switch":
        return [path((-2.54, 0), (-1.5, 0), (1.5, 1.2)), path((1.5, 0), (2.54, 0))]
    return [rectangle(-2.54, 1.016, 2.54, -1.016)]


def text():
    """All symbols as a KiCad 6 symbol library."""
    lines = ["(kicad_symbol_lib (version 20211014) (generator ionwand)"]
    for name in (*BOXES, *FLAT, *SINGLE):
        top = height(name) / 2 + 1.27 if name in BOXES else 3.0
        hide = "" if name in BOXES else " (pin_numbers hide) (pin_names (offset 0) hide)"
        lines.append(f'  (symbol "{name}"{hide} (in_bom yes) (on_board yes)')
        for key, value, y, shown in (
            ("Reference", prefix(name), top, ""),
            ("Value", name, -top, ""),
            ("Footprint", "", 0, " hide"),
            ("Datasheet", "", 0, " hide"),
        ):
            number = ("Reference", "Value", "Footprint", "Datasheet").index(key)
            lines.append(f'    (property "{key}" "{value}" (id {number}) (at 0 {y} 0) '
                         f"(effects (font (size 1.27 1.27)){shown}))")  # fmt: skip
        lines.append(f'    (symbol "{name}_1_1"')
        lines += ["      " + part for part in _body(name)]
        for number, label, func, x, y, angle in pins(name):
            lines.append(
                f"      (pin {_FUNC[func]} line (at {x:g} {y:g} {angle}) (length 2.54) "
                f'(name "{label}" {_FONT}) (number "{number}" {_FONT}))'
            )
        lines += ["    )", "  )"]
    return "\n".join([*lines, ")"]) + "\n"
