"""What to buy: one line for each type, as CSV and as a page that gives each figure's reason."""

import csv
import io
import re


def lines(wand):
    """[(kind, [records])] in the order of the blocks."""
    found = {}
    for record in wand.records.values():
        found.setdefault((record.kind.mpn, record.kind.value), []).append(record)
    return [(records[0].kind, records) for records in found.values()]


COLUMNS = ("Count", "References", "Value", "Tolerance", "Manufacturer", "Part number",
           "Second source", "Footprint", "Looked up")  # fmt: skip


def as_csv(wand):
    """For a shop: unverified is what nobody has looked up in a datasheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for kind, records in lines(wand):
        refs = " ".join(record.ref for record in records)
        writer.writerow((len(records), refs, kind.value, kind.tolerance, kind.maker, kind.mpn,
                         kind.second, kind.footprint, kind.checked or "unverified"))  # fmt: skip
    return text.getvalue()


HEAD = """# Parts

{count} parts of {types} types, made by `make circuit` from `tools/circuit`; for a shop:
[bom.csv](bom.csv). **No board has been built.** A type whose last column says *unverified* has not
been looked up in a datasheet: do that before ordering. Numbers of resistors and capacitors follow
their makers' schemes.
"""


def page(wand):
    """The same with reasons, block by block."""
    kinds = lines(wand)
    text = [HEAD.format(count=len(wand.records), types=len(kinds))]
    for block, words in wand.blocks.items():
        first, _, rest = words.strip().partition("\n")
        text += [f"## {block}", "", first, *([rest.strip()] if rest.strip() else []), ""]
        text += [
            "| part | value | number | why | datasheet must hold | second source | looked up |",
            "|---|---|---|---|---|---|---|",
        ]
        for record in wand.records.values():
            if record.block != block:
                continue
            kind = record.kind
            needs = "" if kind.needs == record.why else kind.needs
            value = f"{kind.value} {kind.tolerance}".strip()
            cells = (record.ref, value, f"{kind.maker} {kind.mpn}", record.why, needs,
                     kind.second, kind.checked or "*unverified*")  # fmt: skip
            text.append("| " + " | ".join(cells) + " |")
        text.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text))
