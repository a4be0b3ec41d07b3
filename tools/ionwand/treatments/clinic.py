"""What a clinic wants printed on its papers, from a small TOML file: name, address, logo, lines.

    name = "Practice at the Market"
    address = "1 Market Square, 12345 Town"
    logo = "logo.svg"                  # beside this file: .svg, .png or .jpg, at most 300 KB
    lines = ["Consent signed on", "Next appointment"]   # to be filled in by hand
"""

import base64
import tomllib
from pathlib import Path
from typing import Any

from ionwand.errors import BadInput

_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_LOGO_BYTES_MAX = 300_000
_LINES_MAX = 6
_TEXT_MAX = 80


def load(path: Path) -> dict[str, Any]:
    """name, address, logo as a data URI, lines; BadInput with one line where one is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: {getattr(error, 'strerror', None) or error}".splitlines()[0])
    for key in sorted(set(table) - {"name", "address", "logo", "lines"}):
        raise BadInput(f"{path}: unknown key {key!r}; allowed are name, address, logo, lines")
    for key in ("name", "address", "logo"):
        _text(path, key, table.get(key, ""))
    lines = table.get("lines", [])
    if not isinstance(lines, list) or len(lines) > _LINES_MAX:
        raise BadInput(f"{path}: lines is a list of at most {_LINES_MAX} texts")
    for line in lines:
        _text(path, "lines", line)
    if table.get("logo"):
        table["logo"] = _picture(path.parent / table["logo"])
    return table


def _text(path: Path, key: str, value: Any) -> None:
    if not isinstance(value, str) or len(value) > _TEXT_MAX or not value.isprintable():
        raise BadInput(f"{path}: {key} is one line of at most {_TEXT_MAX} characters")


def _picture(path: Path) -> str:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise BadInput(f"{path}: a logo is a file of {', '.join(_KINDS)}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    if len(data) > _LOGO_BYTES_MAX:
        raise BadInput(f"{path}: {len(data)} bytes, a logo has at most {_LOGO_BYTES_MAX}")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
