"""What a clinic's papers may carry, checked alike for the command line and for the page.

Runs in the page's MicroPython too: virtual/carried.py.
"""

from typing import Any

from ionwand.errors import BadInput

KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_LOGO_BYTES_MAX = 300_000
_LINES_MAX = 6
_TEXT_MAX = 80


def checked(table: dict[str, Any]) -> dict[str, Any]:
    """name, address, logo (a file's name) and lines as they are; BadInput with one line where
    one is wrong."""
    for key in sorted(table):
        if key not in ("name", "address", "logo", "lines"):
            raise BadInput(f"unknown key {key!r}; allowed are name, address, logo, lines")
    for key in ("name", "address", "logo"):
        _text(key, table.get(key, ""))
    lines = table.get("lines", [])
    if not isinstance(lines, list) or len(lines) > _LINES_MAX:
        raise BadInput(f"lines is a list of at most {_LINES_MAX} texts")
    for line in lines:
        _text("lines", line)
    return table


def kind(logo: str, size_bytes: int) -> str:
    """What such a file is to a browser; BadInput where it is no logo."""
    suffix = logo[logo.rfind(".") :].lower()
    if suffix not in KINDS:
        raise BadInput(f"a logo is a file of {', '.join(sorted(KINDS))}")
    if size_bytes > _LOGO_BYTES_MAX:
        raise BadInput(f"{size_bytes} bytes, a logo has at most {_LOGO_BYTES_MAX}")
    return KINDS[suffix]


def _text(key: str, value: Any) -> None:
    plain = isinstance(value, str) and min(value + " ") >= " " and "\x7f" not in value
    if not plain or len(value) > _TEXT_MAX:
        raise BadInput(f"{key} is one line of at most {_TEXT_MAX} characters")
