"""What a clinic wants printed on its papers, from a small TOML file: name, address, logo, lines.

    name = "Practice at the Market"
    address = "1 Market Square, 12345 Town"
    logo = "logo.svg"                  # beside this file: .svg, .png or .jpg, at most 300 KB
    lines = ["Consent signed on", "Next appointment"]   # to be filled in by hand

What may stand there: letterhead.py, which the page uses as well.
"""

import base64
import tomllib
from pathlib import Path
from typing import Any

from ionwand.errors import BadInput
from ionwand.treatments import letterhead


def load(path: Path) -> dict[str, Any]:
    """name, address, logo as a data URI, lines; BadInput with one line where one is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: {getattr(error, 'strerror', None) or error}".splitlines()[0])
    try:
        letterhead.checked(table)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    if table.get("logo"):
        table["logo"] = _picture(path.parent / table["logo"])
    return table


def _picture(path: Path) -> str:
    try:
        letterhead.kind(path.name, 0)  # before a file of another kind is read
        data = path.read_bytes()
        kind = letterhead.kind(path.name, len(data))
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
