"""What a chip never says: the words for people in firmware/patterns.py, which papers and pages ask
for, and the names of firmware/session.py's events, of which it only wants to know how many. 1.7 KB
of RAM on the chip [P-08]; no line moves, and the sources stay as they are.
"""

import ast

from ionwand.release.constants import edited, places

MODULES = ("firmware/patterns.py", "firmware/session.py")
# Of the words in a table's rows; or it is words.
PLACE = {"ROWS": 1, "REFUSALS": 2, "EVENTS": None}


def silent(text: str) -> str:
    """`text` of one of MODULES with nothing where a row says what it means."""
    at = places(text)
    edits = [
        (*at(word), '""')
        for table in ast.parse(text).body
        if isinstance(table, ast.Assign)
        and isinstance(table.targets[0], ast.Name)
        and table.targets[0].id in PLACE
        for word in _words(table.value, PLACE[table.targets[0].id])
    ]
    return edited(text, edits)


def _words(table: ast.expr, place: int | None) -> list[ast.expr]:
    if not isinstance(table, ast.Tuple):
        return []
    if place is None:
        return list(table.elts)
    return [row.elts[place] for row in table.elts if isinstance(row, ast.Tuple)]
