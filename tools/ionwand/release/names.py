"""Short names for what nobody outside of a module asks for, before the wand's code is compiled.

MicroPython keeps every name that it meets in RAM, once, and as it loads a module it looks for each
of the module's names in all that it has: a third of the start, and 17 bytes a name [P-07, P-08].
So private names and parameters of different modules become the same few. The sources stay as they
are; only the build for the chip does this, no line moves, and nothing is renamed that could be
asked for from elsewhere: by another module, by keyword, or by what we send to a wand.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from ionwand.release.constants import edited, places

# What the emulated bench asks of a running wand: tools/ionwand/emulation/guest.
KEPT = ("_test", "_last_ms", "_guard", "_fast")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SCOPES = (ast.FunctionDef, ast.Lambda, ast.ClassDef)


def short(texts: Mapping[str, str]) -> dict[str, str]:
    """`texts`, {file: text}, with short names."""
    trees = {name: ast.parse(text) for name, text in texts.items()}
    users: Counter[str] = Counter()
    for tree in trees.values():
        users.update({name for _, name, _ in _places_of_names(tree)} | _in_words(tree))
    keywords = {
        node.arg
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
    }
    return {name: _short(texts[name], tree, users, keywords) for name, tree in trees.items()}


def _short(
    text: str, tree: ast.Module, users: Mapping[str, int], keywords: set[str | None]
) -> str:
    at = places(text)
    edits: dict[tuple[int, int], tuple[str, str]] = {}
    private: dict[str, str] = {}
    inherits = any(isinstance(node, ast.ClassDef) and node.bases for node in ast.walk(tree))
    words = _in_words(tree)
    for node, name, offset in _places_of_names(tree):
        if not _is_private(name) or users[name] > 1 or name in words or inherits:
            continue
        new = private.setdefault(name, f"_{len(private)}")
        begin, end = at(node)
        begin = end - len(name) if isinstance(node, ast.Attribute) else begin + offset
        edits[begin, begin + len(name)] = name, new
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for place, new in _parameters(function, keywords):
                begin, _ = at(place)
                old = place.arg if isinstance(place, ast.arg) else place.id
                edits[begin, begin + len(old)] = old, new
    data = text.encode()
    for (begin, end), (old, _) in edits.items():
        if data[begin:end].decode() != old:  # within an f-string Python 3.11 does not know
            raise ValueError(f"{old} is not where Python says: {data[begin:end]!r}")
    return edited(text, [(begin, end, new) for (begin, end), (_, new) in edits.items()])


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in KEPT


def _places_of_names(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str, int]]:
    """(node, name, where in the node it begins); of an attribute at its end."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node, node.id, 0
        elif isinstance(node, ast.Attribute):
            yield node, node.attr, 0
        elif isinstance(node, ast.FunctionDef):
            yield node, node.name, len("def ")
        elif isinstance(node, ast.ClassDef):
            yield node, node.name, len("class ")


def _in_words(tree: ast.AST) -> set[str]:
    """Names that stand where they are not looked for: these stay."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.alias):
            found.update((node.name, node.asname or ""))
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _parameters(
    function: ast.FunctionDef, keywords: set[str | None]
) -> Iterator[tuple[ast.arg | ast.Name, str]]:
    """Each place of a parameter within its function, and its letter."""
    inside = [node for part in function.body for node in ast.walk(part)]
    if function.decorator_list or any(isinstance(node, _SCOPES) for node in inside):
        return
    taken = {node.id for node in inside if isinstance(node, ast.Name)}
    taken.update(name for node in inside if isinstance(node, ast.Global) for name in node.names)
    every = function.args
    mine = [arg for arg in every.args if arg.arg != "self"]
    taken.update(arg.arg for arg in every.args)
    free = iter([letter for letter in _LETTERS if letter not in taken])
    if every.vararg or every.kwarg or every.kwonlyargs or every.posonlyargs:
        return
    for arg in mine:
        if arg.arg in keywords or len(arg.arg) == 1:
            continue
        new = next(free)
        yield arg, new
        for node in inside:
            if isinstance(node, ast.Name) and node.id == arg.arg:
                yield node, new
