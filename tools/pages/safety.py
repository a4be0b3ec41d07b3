"""Writes the generated parts of docs/safety.md: state diagram, requirements and what proves them.

    python -m pages.safety          rewrites what stands between the marks
    python -m pages.safety --check  says what is out of date or unproven
    python -m pages.safety S-04     the tests of one requirement, by name
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ionwand.device import source

PAGE = source.ROOT / "docs" / "safety.md"
_REQUIREMENTS = source.ROOT / "tools" / "requirements.toml"
# Where the figures of the group "performance" are measured.
_BENCHES = ("tools/ionwand/emulation/figures.py", "tools/ionwand/simulation/bench.py")
_ID = re.compile(r"[SFPR]-\d\d")


def requirements(path: Path = _REQUIREMENTS) -> dict[str, str]:
    """What is promised, by id, in the order of the file."""
    with open(path, "rb") as file:
        groups = tomllib.load(file)
    return {key: text for group in groups.values() for key, text in group.items()}


def _named(decorators: list[ast.expr], strings: dict[str, list[str]]) -> Iterator[str]:
    """Ids in the `pytest.mark.req(...)` among these decorators."""
    for call in decorators:
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.req"):
            continue
        for argument in call.args:
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            elif isinstance(argument, ast.Starred):  # a tuple of the module
                yield from strings.get(ast.unparse(argument.value), ["?"])
            else:
                yield "?"


def marks(source: str) -> Iterator[tuple[str, str]]:
    """(id, test) for everything a test module says it proves."""
    tree = ast.parse(source)
    strings = {
        ast.unparse(node.targets[0]): _ID.findall(ast.unparse(node.value))
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    everywhere = [
        node.value if isinstance(node.value, ast.List | ast.Tuple) else ast.List([node.value])
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    common = [key for marks in everywhere for key in _named(marks.elts, strings)]
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.Module | ast.ClassDef):
            continue
        above = [] if isinstance(outer, ast.Module) else [*_named(outer.decorator_list, strings)]
        for node in outer.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                for key in {*_named(node.decorator_list, strings), *above, *common}:
                    yield key, node.name


def proofs(tests: Path = source.ROOT / "tests") -> dict[str, dict[Path, list[str]]]:
    """Names of tests, by requirement and file."""
    found: dict[str, dict[Path, list[str]]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for key, name in marks(path.read_text(encoding="utf-8")):
            found.setdefault(key, {}).setdefault(path, []).append(name)
    return found


def benches() -> dict[str, str]:
    """Requirement to the file that measures it."""
    return {
        key: name
        for name in reversed(_BENCHES)
        for key in _ID.findall((source.ROOT / name).read_text(encoding="utf-8"))
    }


def gaps(promised: dict[str, str], proven: dict[str, dict[Path, list[str]]]) -> list[str]:
    """One line for every requirement without a proof and every proof without a requirement."""
    measured = benches()
    lines = [
        f"{key} has no test: mark one with @pytest.mark.req({key!r})"
        for key in promised
        if key not in proven and not (key.startswith("P-") and key in measured)
    ]
    for key in sorted(set(proven) - set(promised)):
        where = next(iter(proven[key])).relative_to(source.ROOT)
        lines.append(f"{where} names {key}, which is not in tools/requirements.toml")
    return lines


def table() -> str:
    """Every requirement with the files that prove it and the number of tests in each."""
    proven, measured = proofs(), benches()
    lines = ["| id | requirement | tests |", "|---|---|---|"]
    for key, text in requirements().items():
        cells = [
            f"[{path.stem[5:]}](../{path.relative_to(source.ROOT)}) {len(names)}"
            for path, names in proven.get(key, {}).items()
        ]
        if key.startswith("P-") and key in measured:
            cells.append(f"`make bench` ([{Path(measured[key]).parent.name}](../{measured[key]}))")
        lines.append(f"| {key} | {text} | {', '.join(cells)} |")
    return "\n".join(lines)


def diagram() -> str:
    """The session's table as a state diagram; a fault leads from everywhere to `fault`."""
    source.products()  # makes firmware importable
    from firmware import session as s

    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {s.STATES[s.SELFTEST]}"]
    arrows: dict[tuple[int, int], list[str]] = {}
    for state, event, _action, after in s.TABLE:
        arrows.setdefault((state, after), []).append(s.EVENTS[event])
    for (state, after), events in arrows.items():
        lines.append(f"    {s.STATES[state]} --> {s.STATES[after]}: {', '.join(events)}")
    fault = s.STATES[s.FAULT]
    lines.append(f"    note right of {fault}: from every state, by a fault or an unlisted event")
    return "\n".join([*lines, "```"])


PARTS = {"states": diagram, "requirements": table}


def current(page: str) -> str:
    """The page with its generated parts as they must be."""
    for name, make in PARTS.items():
        begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
        head, rest = page.split(begin)
        _old, tail = rest.split(end)
        page = f"{head}{begin}\n\n{make()}\n\n{end}{tail}"
    return page


def main(arguments: list[str]) -> int:
    proven = proofs()
    if arguments and _ID.fullmatch(arguments[0]):
        for path, names in proven.get(arguments[0], {}).items():
            print(path.relative_to(source.ROOT), *sorted(names), sep="\n    ")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    wanted = current(page)
    wrong = gaps(requirements(), proven)
    if "--check" in arguments:
        if page != wanted:
            wrong.append("docs/safety.md is out of date: python -m pages.safety")
    else:
        PAGE.write_text(wanted, encoding="utf-8")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
