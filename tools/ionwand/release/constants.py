"""Numbers of other modules, written where they are used, before the wand's code is compiled.

MicroPython knows a `const` in its own file alone. Imported, each costs a name in flash and RAM, a
row in two dictionaries and a look-up in every tick; written in, it costs nothing [P-06 to P-08].
The sources stay as they are for CPython, the simulator and the page: only the build does this, and
no line moves, so that tracebacks stay right.

A name that some module also uses for something of its own stays a name everywhere, import and all.
"""

import ast
import copy
import re
from collections.abc import Iterator, Mapping

Found = dict[str, dict[str, int | None]]  # {module: {name: value}}
# Nobody on the wand loads these any more; they are there for who asks at a console.
KEPT = ("firmware.guard", "firmware.limits")
# On core 1 the pass stands in hal/rp2/guardloop.py: to load it once more would take 7 KB.
ON_CHIP: Found = {"firmware.guard": {"guard_pass": None}}
# {module: (what is calculated at import, what is needed for nothing else)}: 40 ms and 4 KB.
CALCULATED = {
    "firmware.session": ("_FOLLOWING, _ACTIONS", ("TABLE", "IGNORED", "_SIZE", "compile_table"))
}
_NAME = re.compile(r"_?[A-Z][A-Z0-9_]*")
_OPERATORS = (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
_Edit = tuple[int, int, str]  # from here to there in the text's bytes


def module(name: str) -> str:
    """Of a file."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def values(sources: Mapping[str, str]) -> Found:
    """Every number of every module; `sources`: {module: text}."""
    found: Found = {module: {} for module in sources}
    trees = {module: ast.parse(text) for module, text in sources.items()}
    bound = {module: _bound(tree) for module, tree in trees.items()}
    count = -1
    while count < (count := sum(map(len, found.values()))):  # some are made of another module's
        for module, tree in trees.items():
            known = _known(tree, found) | found[module]
            for node in tree.body:
                if isinstance(node, ast.Assign) and _NAME.fullmatch(_target(node)):
                    value = _value(node.value, known)
                    if value is not None and bound[module][_target(node)] == 1:
                        found[module][_target(node)] = known[_target(node)] = value
    for module, tree in trees.items():
        for place in ast.walk(tree):
            if isinstance(place, ast.ImportFrom):
                for alias in place.names:
                    if bound[module][alias.asname or alias.name] != 1:
                        found.get(place.module or "", {}).pop(alias.name, None)
                        found.get(f"{place.module}.{alias.name}", {}).clear()
    return found


def calculated(text: str, module: str) -> str:
    """`text` with the results of what is calculated at import. Raises what the module raises."""
    if module not in CALCULATED:
        return text
    result, without = CALCULATED[module]
    scope: dict[str, object] = {}
    exec(text, scope)
    edits = []
    at = places(text)
    for node in ast.parse(text).body:
        name = getattr(node, "name", "")
        if isinstance(node, ast.Assign):
            name = _target(node).strip("()")
        if name == result:
            values = ", ".join(repr(scope[one]) for one in result.split(", "))
            edits.append(_same_lines(text, at(node), f"{result} = {values}"))
        elif name in without:
            edits.append(_same_lines(text, at(node), "pass"))
    return edited(text, edits)


def inlined(text: str, found: Found, module: str = "", strip: bool = False) -> str:
    """`text` with numbers for names; `strip`: without `module`'s own names, too."""
    if not found:
        return text
    tree = ast.parse(text)
    at = places(text)
    known = _known(tree, found)
    gone: list[ast.stmt] = []
    if strip and module not in KEPT:
        own = {name: value for name, value in found[module].items() if value is not None}
        known.update(own)
        gone = [
            node for node in tree.body if isinstance(node, ast.Assign) and _target(node) in own
        ]
    edits = [_same_lines(text, at(node), "pass") for node in gone]
    left = set()  # names that are still read
    # And those that were, by what goes too.
    numbers = {"const"} if gone else set()
    for was in gone:
        numbers.update(ast.unparse(node).split(".")[0] for node in _reads(was, []))
    for node in _reads(tree, gone):
        name = ast.unparse(node)
        if name in known:
            value = str(known[name])
            begin, end = at(node)
            if text.encode()[begin:end].decode() != name:
                raise ValueError(f"{module}: {name} is not where Python says")
            numbers.add(name.split(".")[0])
            edits.append((*at(node), f"({value})" if value[0] == "-" else value))
        else:
            left.add(name.split(".")[0])
    needless = numbers - left
    for place in ast.walk(tree):
        if isinstance(place, ast.ImportFrom) and _ours(place.module, found):
            keep = [alias for alias in place.names if (alias.asname or alias.name) not in needless]
            if len(keep) < len(place.names):
                words = ", ".join(map(ast.unparse, keep))
                line = f"from {place.module} import {words}" if keep else "pass"
                edits.append(_same_lines(text, at(place), line))
    return edited(text, edits)


def edited(text: str, edits: list[_Edit]) -> str:
    data = text.encode()
    for begin, end, new in sorted(edits, reverse=True):
        data = data[:begin] + new.encode() + data[end:]
    return data.decode()


def _ours(module: str | None, found: Found) -> bool:
    """One of the wand's, a folder of them, or where `const` comes from."""
    names = ("micropython", *found)
    return any(f"{name}.".startswith(f"{module}.") for name in names)


def _known(tree: ast.Module, found: Found) -> dict[str, int | None]:
    """{what stands in this file: number} of what it imports."""
    bound = _bound(tree)
    known: dict[str, int | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                if bound[name] != 1:
                    continue
                if alias.name in found.get(node.module or "", {}):
                    known[name] = found[node.module or ""][alias.name]
                for attribute, value in found.get(f"{node.module}.{alias.name}", {}).items():
                    known[f"{name}.{attribute}"] = value
    return known


def _bound(tree: ast.Module) -> dict[str, int]:
    """How many meanings each name gets, wherever in the file; the same import twice is one."""
    meanings: dict[str, set[object]] = {}
    methods: set[ast.AST] = set()
    for node in ast.walk(tree):
        names: list[str] = []
        meaning: object = node
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names = [node.id]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node not in methods:
            names = [node.name]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names = [node.name]
        elif isinstance(node, ast.Global | ast.Nonlocal):
            names = node.names
        if isinstance(node, ast.ClassDef):
            methods.update(node.body)  # their names are the class's alone
        for name in names:
            meanings.setdefault(name, set()).add(meaning)
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                meaning = getattr(node, "module", ""), alias.name
                meanings.setdefault(alias.asname or alias.name, set()).add(meaning)
    return {name: len(found) for name, found in meanings.items()}


def _reads(tree: ast.AST, but: list[ast.stmt]) -> Iterator[ast.Name | ast.Attribute]:
    """Names that are read, and those of a module: the longest, `s.READY` and not its `s`."""
    past = {part for node in but for part in ast.walk(node)}
    for node in ast.walk(tree):  # from outside in
        if node in past:
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            past.add(node.value)
            yield node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node


def _target(node: ast.Assign) -> str:
    return ast.unparse(node.targets[0])


def _value(node: ast.expr, known: Mapping[str, int | None]) -> int | None:
    """Of a number, and of what is calculated from numbers alone."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "const":
        node = node.args[0]
    written = _Written(known).visit(copy.deepcopy(node))
    for part in ast.walk(written):
        if not isinstance(part, _OPERATORS) and type(getattr(part, "value", None)) is not int:
            return None
    value = eval(ast.unparse(written), {"__builtins__": {}})  # numbers and operators, as just seen
    return value if type(value) is int else None


class _Written(ast.NodeTransformer):
    """Numbers for the names in an expression."""

    def __init__(self, known: Mapping[str, int | None]) -> None:
        self._known = known

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in self._known:
            return ast.Constant(self._known[ast.unparse(node)])
        return super().generic_visit(node)


def places(text: str):  # type: ignore[no-untyped-def]
    """From a node to its place in the text's bytes."""
    begins = [0]
    for line in text.encode().splitlines(keepends=True):
        begins.append(begins[-1] + len(line))

    def at(node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            begins[node.lineno - 1] + node.col_offset,
            begins[node.end_lineno - 1] + node.end_col_offset,
        )

    return at


def _same_lines(text: str, place: tuple[int, int], new: str) -> _Edit:
    """As many lines as before."""
    begin, end = place
    return begin, end, new + "\n" * text.encode()[begin:end].count(b"\n")
