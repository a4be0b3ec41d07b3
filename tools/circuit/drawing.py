"""The schematic as one picture a block, black on white so that a dark page shows it too.

Boxes for what has many pins, each pin with its net; below them what has two ends, in chains from
net to net. Nothing is placed by hand: a part that is added is drawn.
"""

from html import escape

from circuit import symbols

_PX = 7.8  # of a letter, at 12 px
_ROW, _MARGIN, _CELL = 20, 20, 150
_ENDS = ("GND", "3V3", "RAIL", "VSYS", "VBUS")  # chains stop there


class _Canvas:
    def __init__(self):
        self.lines, self.width, self.height = [], 0.0, 0.0

    def _grow(self, x, y):
        self.width, self.height = max(self.width, x + _MARGIN), max(self.height, y + _MARGIN)

    def path(self, *points):
        for x, y in points:
            self._grow(x, y)
        text = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        self.lines.append(f'<polyline points="{text}"/>')

    def box(self, x, y, w, h):
        self._grow(x + w, y + h)
        self.lines.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}"/>')

    def dot(self, x, y):
        self.lines.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" class="d"/>')

    def text(self, x, y, words, anchor="start", kind="n"):
        reach = len(words) * _PX * {"start": 1, "middle": 0.5, "end": 0}[anchor]
        self._grow(x + reach, y)
        self.lines.append(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" class="{kind}">'
                          f"{escape(words)}</text>")  # fmt: skip

    def svg(self, title):
        w, h = round(self.width), round(self.height)
        style = ("polyline,rect{fill:none;stroke:#000;stroke-width:1.4}.d{fill:#000}"
                 "text{font:12px sans-serif;fill:#000}.n{fill:#00529b}.r{font-weight:bold}"
                 ".t{font-size:16px;font-weight:bold}")  # fmt: skip
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
            f'viewBox="0 0 {w} {h}">',
            f"<style>{style}</style>",
            f'<path d="M0 0H{w}V{h}H0Z" fill="#fff"/>',
            f'<text x="{_MARGIN}" y="26" class="t">{escape(title)}</text>',
            *self.lines, "</svg>",
        ]) + "\n"  # fmt: skip


def _box(canvas, record, x, y):
    """A part of many pins; returns its width and height."""
    left, right = ([p.split() for p in side.split(",")]
                   for side in symbols.BOXES[record.kind.symbol][1:])  # fmt: skip
    left, right = ([(number, name) for number, name, _ in side if name in record.nets]
                   for side in (left, right))  # fmt: skip
    names = [max((len(n.strip("~{}")) for _, n in side), default=0) for side in (left, right)]
    nets = [max((len(record.nets[n]) for _, n in side), default=0) for side in (left, right)]
    inner = max(70, (sum(names) + 3) * _PX, (len(record.ref) + 2) * _PX)
    start = x + nets[0] * _PX + 30
    rows = max(len(left), len(right))
    canvas.text(start, y - 4, record.ref, kind="r")
    canvas.text(start, y + rows * _ROW + 22, record.kind.value, kind="v")
    canvas.box(start, y, inner, rows * _ROW + 8)
    for side, edge, way, anchor in ((left, start, -1, "end"), (right, start + inner, 1, "start")):
        for row, (number, name) in enumerate(side):
            at = y + (row + 0.5) * _ROW + 4
            canvas.path((edge, at), (edge + way * 24, at))
            canvas.text(edge + way * 12, at - 3, number, "middle", "v")
            canvas.text(edge + way * 28, at + 4, record.nets[name], anchor)
            inside = "start" if way < 0 else "end"
            canvas.text(edge - way * 5, at + 4, name.replace("~{", "/").strip("}"), inside, "v")
    return nets[0] * _PX + nets[1] * _PX + inner + 80, rows * _ROW + 60


def _chains(records):
    """Two-ended parts in rows: [[(record, left net, right net), ...], ...]."""
    left = {r.ref: (r, *r.nets.values()) for r in records}
    joints = {}
    for record in records:
        for net in record.nets.values():
            joints.setdefault(net, []).append(record.ref)
    chains = []
    while left:
        # From a loose end where there is one.
        loose = (r for r, (_, a, b) in left.items()
                 if any(n in _ENDS or len(joints[n]) != 2 for n in (a, b)))  # fmt: skip
        ref = next(loose, next(iter(left)))
        record, a, b = left.pop(ref)
        if b in _ENDS or len(joints[b]) != 2:
            if not (a in _ENDS or len(joints[a]) != 2):
                a, b = b, a
        chain = [(record, a, b)]
        while b not in _ENDS and len(joints[b]) == 2:
            follow = [r for r in joints[b] if r in left]
            if not follow:
                break
            record, c, d = left.pop(follow[0])
            a, b = b, d if c == b else c
            chain.append((record, a, b))
        chains.append(chain)
    return chains


def _symbol(canvas, record, x, y, left):
    """Lying flat, 60 px; `left`: the net at its left end."""
    kind = record.kind.symbol
    flip = list(record.nets.values())[0] != left
    a, b = x + 12, x + 48
    if kind == "C":
        canvas.path((x, y), (x + 27, y))
        canvas.path((x + 33, y), (x + 60, y))
        canvas.path((x + 27, y - 11), (x + 27, y + 11))
        canvas.path((x + 33, y - 11), (x + 33, y + 11))
        return
    canvas.path((x, y), (a, y))
    canvas.path((b, y), (x + 60, y))
    if kind.startswith("D"):
        back, front = (x + 40, x + 20) if flip else (x + 20, x + 40)
        canvas.path((a, y), (b, y))
        canvas.path((back, y - 9), (back, y + 9), (front, y), (back, y - 9))
        canvas.path((front, y - 9), (front, y + 9))
    elif kind == "Switch":
        canvas.path((a, y), (b, y - 12))
    else:
        canvas.box(a, y - 7, b - a, 14)


def picture(wand, block):
    """The SVG text of one block."""
    records = [r for r in wand.records.values() if r.block == block]
    boxes = [r for r in records if r.kind.symbol in symbols.BOXES]
    flat = [r for r in records if r.kind.symbol in symbols.FLAT]
    single = [r for r in records if r.kind.symbol in symbols.SINGLE]
    canvas = _Canvas()
    x, y, tallest = _MARGIN, 64.0, 0.0
    for record in boxes:
        w, h = _box(canvas, record, x, y)
        x, tallest = x + w, max(tallest, h)
        if x > 760:
            x, y, tallest = _MARGIN, y + tallest, 0.0
    y += tallest
    x = _MARGIN
    for chain in _chains(flat):
        first = chain[0][1]
        length = (len(first) + len(chain[-1][2])) * _PX + 40 + len(chain) * _CELL
        if x > _MARGIN and x + length > 1000:
            x, y = _MARGIN, y + 62
        canvas.text(x, y + 4, first)
        at = x + len(first) * _PX + 10
        for index, (record, a, b) in enumerate(chain):
            canvas.path((at, y), (at + 45, y))
            _symbol(canvas, record, at + 45, y, a)
            canvas.path((at + 105, y), (at + _CELL, y))
            canvas.text(at + 75, y - 17, record.ref, "middle", "r")
            value = " ".join(record.kind.value.split()[:2])
            canvas.text(at + 75, y + 26, value, "middle", "v")
            at += _CELL
            if index + 1 < len(chain):
                canvas.dot(at, y)
                canvas.text(at, y - 6, b, "middle")
        canvas.text(at + 4, y + 4, chain[-1][2])
        x = at + len(chain[-1][2]) * _PX + 50
    if single:
        points = ", ".join(f"{r.ref} at {next(iter(r.nets.values()))}" for r in single)
        canvas.text(_MARGIN, y + 56, points, kind="v")
    return canvas.svg(block.replace("_", " "))


def pages(wand):
    """{name under docs/circuit: text}."""
    text = [
        "# The schematic, block by block",
        "",
        "Made by `make circuit` from `tools/circuit`. Blue is a net: the same name anywhere is",
        "the same wire. How the blocks hang together: [hardware.svg](../hardware.svg).",
        "",
    ]
    found = {}
    for block, words in wand.blocks.items():
        found[f"{block}.svg"] = picture(wand, block)
        text += [f"## {block.replace('_', ' ')}", "", words.strip(), "",
                 f"![{block}]({block}.svg)", ""]  # fmt: skip
    return {"blocks.md": "\n".join(text), **found}
