"""What each part's failing does, who sees it and when: one row for each way a type can break.

The ways are the type's (catalogue.py), the effects stand with the part in its block. A row names
the simulator's fault that plays it, where there is one; where docs/safety.md holds the campaign's
table, what the campaign saw is copied from there. `problems` is what must be empty.
"""

import re

from circuit import compare

HEAD = """# What each part's failing does

{rows} rows for {parts} parts, made by `make circuit` from the netlist and the blocks of
`tools/circuit`. Where a row names a fault of `hal/sim` ({played} rows), who sees it is what the
campaign of [safety.md](../safety.md) saw of that fault: there at power-on, come before a session,
as skin is met, in a session. It plays the nearest fault it has: an open divider as 20 %, an
amplifier as its resistor. The other rows are by argument, not by trial. **Nobody** in bold is a
claim that the campaign did not bear out; what it was meant to be stands behind it ({unseen} rows).
*Nobody* is a failure that no barrier sees ({latent} rows): it changes nothing by itself, or what
its row says.
"""


# A relay's faults; a bridge of four photo-MOS shorts or opens, none of its parts turns the sign.
OF_NO_PART = ("bridge_stuck_1", "bridge_stuck_2")


def problems(wand, faults, same=None):
    """One line for each way of breaking without a row, each row too many, each unknown fault.

    `faults`: the simulator's names; a `part:kind` is not looked at where it has none of them.
    `same`: part:kind to the older name of the same fault.
    """
    compound = any(":" in name for name in faults)
    played = set()
    for record in wand.records.values():
        for way in record.kind.breaks:
            if way not in record.rows:
                yield f"{record.ref}: no row for {way!r}, write one in blocks/{record.block}.py"
        for way, (_, who, when, fault) in record.rows.items():
            if way not in record.kind.breaks:
                ways = ", ".join(record.kind.breaks)
                yield f"{record.ref}: a row for {way!r}, its type breaks by {ways}"
            if not who or not when:
                yield f"{record.ref}: {way!r} does not say who sees it and when"
            if fault and fault not in faults and (compound or ":" not in fault):
                yield f"{record.ref}: {way!r} names the fault {fault}, the simulator has none such"
            played |= {fault, (same or {}).get(fault)}
    for fault in faults:
        if ":" not in fault and fault not in played and fault not in OF_NO_PART:
            yield f"simulator: no part has a row for its fault {fault}"


def simulator_faults():
    """(every name that a script may give, part:kind to older name)."""
    compare.wands_own_code()
    from hal.sim import faults

    breaking = getattr(faults, "breaking", None)  # not in every branch yet
    return tuple(getattr(faults, "ALL", faults.NAMES)), getattr(breaking, "SAME", {})


def campaign(safety_text):
    """{fault: its four cells} of docs/safety.md's table, if any."""
    part = re.search(r"<!-- faults: made by.*?-->(.*?)<!-- end of faults -->", safety_text, re.S)
    cells = r"^\| (\S+) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$"
    rows = re.findall(cells, part[1] if part else "", re.M)
    return {name: cells for name, *cells in rows if name != "fault"}


def seen_by(row, seen):
    """The table's last cells of a row: who sees it and when, and the fault that played it."""
    _, who, when, fault = row
    if fault not in seen:
        return f"*nobody* | {fault}" if who == "nobody" else f"{who}, {when} | {fault}"
    moments = ("at power-on", "before", "as skin is met", "in a session")
    tried = [f"{moment}: {cell}" for moment, cell in zip(moments, seen[fault])]
    if unseen(row, seen):
        return f"**nobody** ({who}, {when}) | {fault}"
    if all("**nobody**" in cell for cell in seen[fault]):
        return f"*nobody* | {fault}"
    return f"{'; '.join(tried)} | {fault}"


def unseen(row, seen):
    """Whether somebody is said to see it, and nobody does whenever it comes."""
    _, who, _, fault = row
    return who != "nobody" and fault in seen and all("**nobody**" in c for c in seen[fault])


def page(wand, safety_text, same):
    """The table, a block a chapter. `same`: part:kind to older name, as in `problems`."""
    seen = campaign(safety_text)
    seen |= {old: seen[new] for new, old in same.items() if new in seen}
    every = [row for record in wand.records.values() for row in record.rows.values()]
    text = [HEAD.format(rows=len(every), parts=len(wand.records),
                        played=sum(row[3] in seen for row in every),
                        unseen=sum(unseen(row, seen) for row in every),
                        latent=sum(row[1] == "nobody" for row in every))]  # fmt: skip
    for block in wand.blocks:
        text += [f"## {block}", "", "| part | breaks by | effect | who, when | played as |",
                 "|---|---|---|---|---|"]  # fmt: skip
        for record in wand.records.values():
            if record.block != block:
                continue
            for way, row in record.rows.items():
                text.append(f"| {record.ref} | {way} | {row[0]} | {seen_by(row, seen)} |")
        text.append("")
    return "\n".join(text)
