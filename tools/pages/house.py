"""The rooms of tools/ionwand and their order: imports go down, and no two files need each other.

borders.py looks at what firmware and hal may import; this is about the host's side. A file may
use its own room and every room on a lower floor, never one on its own floor or above.
"""

import graphlib
from collections.abc import Iterator
from pathlib import Path

# From the top. `python -m pages.borders` fails on a room that has no floor.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("emulation", "virtual"),
    ("bench", "treatments", "release"),
    ("registry", "simulation"),
    ("calibration", "trace"),
    ("instruments",),
    ("device",),
    ("textfile",),
    ("answers", "clock", "console", "errors"),
)
_FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
# Beside the rooms: these may use all of them, and nobody in a room may use these.
BESIDE = ("pages", "proof", "circuit")

Imports = dict[Path, list[tuple[int, str]]]  # file to (line, module or module.name)


def arrows(imports: Imports) -> Iterator[str]:
    """One line for each import that goes up, or to another room on the same floor."""
    for file, found in imports.items():
        parts = file.with_suffix("").parts
        if parts[:2] != ("tools", "ionwand") or len(parts) < 3 or parts[2] == "__init__":
            continue
        room = parts[2]
        if room not in _FLOOR:
            yield f"{file}: the room {room} has no floor, give it one in tools/pages/house.py"
            continue
        below = [name for name, floor in _FLOOR.items() if floor > _FLOOR[room]]
        for line, module in found:
            first, _, rest = module.partition(".")
            other = rest.partition(".")[0]
            if first in BESIDE:
                yield f"{file}:{line}: imports {module}, which is for docs and proofs"
            elif first == "ionwand" and other in _FLOOR and other not in (room, *below):
                yield f"{file}:{line}: imports {module}, allowed below {room} are {_list(below)}"


def _list(names: list[str]) -> str:
    return ", ".join(names) or "no rooms"


def circles(imports: Imports) -> Iterator[str]:
    """The first circle of files that need each other, as one line."""
    files = {_module(file): file for file in imports}
    graph = {
        name: {target for _, module in imports[file] if (target := _target(module, files))}
        - {name}
        for name, file in files.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield "files that import each other: " + " -> ".join(reversed(error.args[1]))


def _module(file: Path) -> str:
    parts = file.with_suffix("").parts
    parts = parts[1:] if parts[0] == "tools" else parts
    # The proofs, and what runs inside the wand's interpreter, lie on the path themselves.
    if parts[0] == "proof" or "guest" in parts[:-1]:
        return parts[-1] if parts[-1] != "__init__" else ".".join(parts[:-1])
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _target(module: str, files: dict[str, Path]) -> str | None:
    """The file that `module` is, or that the name at its end comes from."""
    while module not in files:
        module, dot, _ = module.rpartition(".")
        if not dot:
            return None
    return module
