"""`python -m pages.borders`: who may import whom, as a linter.

Allow-lists for what runs on the wand, so that a new module is forbidden until somebody decides
otherwise; for the host the order of the rooms in house.py. Reads the syntax tree: imports inside
functions count too, and nothing is executed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from pages import house

_PURE = ("micropython", "array", "struct", "binascii")
_CHIP = ("_thread", "machine", "rp2", "uctypes")  # only where real pins are
_BOARD = ("hal.board", "hal.drivers", "firmware.limits")
_PYTHON = ("gc", "hashlib", "json", "math", "os", "sys", "time", *_PURE)

# (files, what they may import). A name allows the module and everything below it. First match.
RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("boot.py", ("machine",)),
    ("main.py", ("hal", "firmware", "sys", "gc", "io", "json", "vfs")),
    ("firmware", ("firmware", *_PURE)),
    ("hal/drivers", ("hal.drivers", "firmware.limits", *_PURE)),
    ("hal/sim", (*_BOARD, "hal.sim", *_PYTHON)),
    ("hal/rp2", (*_BOARD, "hal.rp2", "hal.manifest", *_PYTHON, *_CHIP)),
    ("hal", ("hal", "firmware.limits", *_PYTHON)),
    # What runs inside the wand's interpreter has no host modules; `job` and its like lie beside.
    *((f"tools/ionwand/{room}/guest", ("firmware", "hal", *guests, *_PYTHON, *_CHIP))
      for room, guests in (
          ("device", ("wand_side", "job", "select")),
          ("simulation", ("job", "recorder")),
          ("virtual", ("job", "recorder", "watch", "literal", "parcel", "ionwand")),
          ("emulation", ("asyncio",)),
      )),
)  # fmt: skip
# Python may lie in these folders of the repository, and in the two files above.
_FOLDERS = ("firmware", "hal", "tests", "tools", "build", "dist", "out", "mip")
# What fetches modules or files without an import statement; by any name it is given.
_BACK_DOORS = ("__import__", "exec", "eval", "compile", "globals", "__builtins__")
_FILES = ("open",)  # firmware gets its files as arguments


def check(root: Path) -> list[str]:
    """One line for each import that isn't allowed."""
    found = [
        f"{entry.name}: Python in a place that has no rule, allowed are {', '.join(_FOLDERS)}"
        for entry in sorted(root.iterdir())
        if not entry.name.startswith(".")
        and (
            entry.suffix == ".py" and _rule_of(Path(entry.name)) is None
            or entry.is_dir() and entry.name not in _FOLDERS and any(entry.rglob("*.py"))
        )
    ]  # fmt: skip
    for place, allowed in RULES:
        path = root / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            if file.is_file() and _rule_of(file.relative_to(root)) == place:
                found.extend(_check_file(root, file, allowed))
    imports = _host_imports(root)
    return [*found, *house.arrows(imports), *house.circles(imports)]


def _host_imports(root: Path) -> house.Imports:
    """What each file of tools/ imports, with the line."""
    result: house.Imports = {}
    for file in sorted((root / "tools").rglob("*.py")):
        if "node_modules" in file.parts:
            continue
        name = file.relative_to(root)
        tree = ast.parse(file.read_text(encoding="utf-8"), str(name))
        result[name] = [
            (getattr(node, "lineno", 0), module)
            for node in ast.walk(tree)
            for module in _imported(root, node, list(name.parent.parts[1:]))  # of the path's tools
        ]
    return result


def _rule_of(file: Path) -> str | None:
    name = file.as_posix()
    for place, _ in RULES:
        if name == place or name.startswith(place + "/"):
            return place
    return None


def _check_file(root: Path, file: Path, allowed: tuple[str, ...]) -> Iterator[str]:
    name = file.relative_to(root)
    tree = ast.parse(file.read_text(encoding="utf-8"), str(name))
    package = list(name.parent.parts)
    hidden = {"firmware": _BACK_DOORS + _FILES, "tools": ()}.get(name.parts[0], _BACK_DOORS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in hidden:
            yield f"{name}:{node.lineno}: imports {node.id}(...), allowed are import statements"
        for module in _imported(root, node, package):
            if not any(module == good or module.startswith(good + ".") for good in allowed):
                line = getattr(node, "lineno", 0)
                yield f"{name}:{line}: imports {module}, allowed are {', '.join(allowed)}"


def _imported(root: Path, node: ast.AST, package: list[str]) -> Iterator[str]:
    """Full names of the modules that this piece of syntax imports."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = package[: len(package) - node.level + 1]
            base = ".".join([*above, base] if base else above)
        for alias in node.names:
            # `from hal import sim` imports hal.sim; `from hal.board import Board` a name.
            places = (root / base.replace(".", "/"), root / "tools" / base.replace(".", "/"))
            is_package = base == "" or any(place.is_dir() for place in places)
            yield f"{base}.{alias.name}".lstrip(".") if is_package else base


def main() -> int:
    root = Path(__file__).resolve().parents[2]
    found = check(root)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
