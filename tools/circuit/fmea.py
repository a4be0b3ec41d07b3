"""What each part's failing does, who sees it and when: one row for each way a type can break.

The ways are the type's (catalogue.py), the effects stand with the part in its block. A row names
the simulator's fault that plays it, where there is one; where docs/safety.md holds the campaign's
table, what the campaign saw is copied from there. `problems` is what must be empty.
"""

import re

HEAD = """# What each part's failing does

{rows} rows for {parts} parts, made by `make circuit` from the netlist and the blocks of
`tools/circuit`. *Simulated as* names the fault of `hal/sim`; {played} rows have one. The others
are by argument, not by trial. *Nobody, never* is a latent failure that changes nothing by itself:
{latent} rows.
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
    from hal.sim import faults

    breaking = getattr(faults, "breaking", None)  # not in every branch yet
    return tuple(getattr(faults, "ALL", faults.NAMES)), getattr(breaking, "SAME", {})


def campaign(safety_text):
    """{fault: (at power-on, before a session, in a session)} of docs/safety.md's table, if any."""
    part = re.search(r"<!-- faults: made by.*?-->(.*?)<!-- end of faults -->", safety_text, re.S)
    rows = re.findall(r"^\| (\S+) \| (.*?) \| (.*?) \| (.*?) \|$", part[1] if part else "", re.M)
    return {name: cells for name, *cells in rows if name != "fault"}


def page(wand, safety_text):
    """The table, a block a chapter."""
    seen = campaign(safety_text)
    every = [row for record in wand.records.values() for row in record.rows.values()]
    text = [HEAD.format(rows=len(every), parts=len(wand.records),
                        played=sum(bool(row[3]) for row in every),
                        latent=sum(row[1] == "nobody" for row in every))]  # fmt: skip
    for block in wand.blocks:
        text += [f"## {block}", "",
                 "| part | breaks by | effect | who sees it | when | simulated as |",
                 "|---|---|---|---|---|---|"]  # fmt: skip
        for record in wand.records.values():
            if record.block != block:
                continue
            for way, (effect, who, when, fault) in record.rows.items():
                tried = f"{fault}: {seen[fault][2]}" if fault in seen else fault
                text.append(f"| {record.ref} | {way} | {effect} | {who} | {when} | {tried} |")
        text.append("")
    return "\n".join(text)
