"""The chip's board is held against the contract by its text: it inherits nothing [P-07, P-08]."""

import ast
from pathlib import Path

HAL = Path(__file__).resolve().parents[2] / "hal"


def methods(path, name):
    """{method: its parameters} of a class."""
    tree = ast.parse((HAL / path).read_text())
    (found,) = [node for node in tree.body if getattr(node, "name", "") == name]
    return {
        node.name: [arg.arg for arg in node.args.args]
        for node in found.body
        if isinstance(node, ast.FunctionDef)
    }, found


def attributes(node):
    """What `__init__` gives it."""
    (init,) = [one for one in node.body if getattr(one, "name", "") == "__init__"]
    return {
        part.attr
        for part in ast.walk(init)
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
    }


def test_the_chips_board_has_all_that_the_contract_has():
    asked, contract = methods("board.py", "Board")
    there, board = methods("rp2/board.py", "Rp2Board")
    given = attributes(board)
    assert attributes(contract) <= given
    assert set(asked) - set(there) == {"gate", "panel", "pressed", "ticks_ms", "vbus"} & given
    for name in set(asked) & set(there):
        assert asked[name] == there[name], name
    panel, node = methods("rp2/panel.py", "Panel")
    assert "pressed" in attributes(node) and panel["show"] == asked["panel"]
