"""What a chip never says: the words for people in firmware/patterns.py, which papers and pages ask
for. 1.6 KB of RAM on the chip [P-08]; no line moves, and the sources stay as they are.
"""

import ast

from ionwand.release.constants import edited, places

MODULE = "firmware/patterns.py"
PLACE = {"ROWS": 1, "REFUSALS": 2}  # of the words in a table's rows


def silent(text: str) -> str:
    """`text` of MODULE with nothing where a row says what it means."""
    at = places(text)
    edits = [
        (*at(word), '""')
        for table in ast.parse(text).body
        if isinstance(table, ast.Assign) and isinstance(table.targets[0], ast.Name)
        for word in _words(table.value, PLACE.get(table.targets[0].id))
    ]
    return edited(text, edits)


def _words(table: ast.expr, place: int | None) -> list[ast.expr]:
    if place is None or not isinstance(table, ast.Tuple):
        return []
    return [row.elts[place] for row in table.elts if isinstance(row, ast.Tuple)]
