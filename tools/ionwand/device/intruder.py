"""Somebody else on the port: a modem manager's AT, another terminal. Who, and how it is noticed.

A wand has one console. What another program types lands in the middle of ours, and what the wand
answers it reads away.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mpremote.transport import TransportError  # type: ignore[import-untyped]

_NAME = re.compile(r"NameError: name '?(\w+)'? ")


def typed(error: str, code: str) -> bool:
    """Is that what code ends in that was not all ours? Ours compiles, and has its names."""
    last = error.strip().splitlines()[-1] if error.strip() else ""
    if last.startswith(("SyntaxError", "IndentationError")):
        return True
    name = _NAME.match(last)
    return bool(name) and name[1] not in code  # type: ignore[index]


def confused(error: TransportError) -> bool:
    """The talk before any code went wrong: none of it has run."""
    return any(words in str(error) for words in ("raw paste", "raw repl", "could not exec"))


def words(port: str) -> str:
    """One line: who may hold that port, and what to do."""
    found = sorted(set(holders(port)))
    who = f"{' and '.join(found)} on it too" if found else (
        "a modem manager, a serial monitor or another terminal perhaps")  # fmt: skip
    return (
        f"{port}: another program types there ({who}): end it, or keep it off the port "
        "(docs/bench.md)"
    )


def holders(port: str) -> Iterator[str]:
    """Names of other programs that have it open, as far as this system tells."""
    try:
        place = os.path.realpath(port)
        for process in Path("/proc").iterdir():
            if not process.name.isdigit() or int(process.name) == os.getpid():
                continue
            try:
                if any(os.readlink(one) == place for one in (process / "fd").iterdir()):
                    yield f"{(process / 'comm').read_text().strip()} (pid {process.name})"
            except OSError:
                continue  # another user's, or gone
    except OSError:
        return  # no /proc here
