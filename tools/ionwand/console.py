"""Every console shows every command: what it has no code for is written plainly, or is a `?`.

A cp1252 console has no real minus sign, and the roller's sign is the last thing to lose.
"""

import codecs
import io
import os
import sys
from typing import Any

import click
from rich.console import Console

_PLAIN = {
    "−": "-", "–": "-", "—": "-", "µ": "u", "μ": "u", "Ω": "ohm", "·": "*",
    "±": "+-", "×": "x", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "…": "...", "°": " deg ",
    "²": "2", "³": "3", "“": '"', "”": '"', "’": "'", "✓": "ok", "█": "#", "─": "-", "━": "-",
    "│": "|", "┃": "|", "•": "*",
}  # fmt: skip
_NAME = "ionwand.plain"
_PIPE_WIDTH = 400  # what another program reads stays one line each


def console(width: int | None = None, highlight: bool = True) -> Console:
    """Of `width` columns on a terminal, of its own without; wider than any row through a pipe."""
    width = width if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, highlight=highlight)


def plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """For codecs.register_error."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    words = "".join(_PLAIN.get(one, "?") for one in lost)
    return words.encode("ascii"), error.end


def any_console() -> None:
    """From now on nothing that is said ends in an error of its code."""
    codecs.register_error(_NAME, plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


class _Text(click.types.StringParamType):
    """Words for a record. Where the console's code is ASCII (`LC_ALL=C`) Python hands a name's
    letters on as bytes it can't read; nearly always they are UTF-8. A path needs none of this."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        try:
            return os.fsencode(text).decode("utf-8") if not text.isprintable() else str(text)
        except UnicodeError:
            return str(text)


TEXT = _Text()
