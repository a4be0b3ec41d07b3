"""Text as Windows, Excel, Word and a German keyboard leave it: read where it is unmistakable.

A mark at the beginning (UTF-8's, or UTF-16 as some editors write), line ends of any kind,
semicolons and decimal commas. What could mean two things is refused in one line.
"""

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any

from ionwand.errors import BadInput

_MOST_BYTES = 64 << 20  # a trace of an hour has 60 MB
_END = r"\s*(#.*)?$"
_KEY = r"^(\s*[\w-]+\s*=\s*)"
_COMMA = re.compile(_KEY + r"([+-]?\d+),(\d+)\s*;?" + _END)
_SEMICOLON = re.compile(_KEY + r"(\"[^\"]*\"|'[^']*'|[^#;\[\"']*?)\s*;" + _END)
_QUOTES = re.compile(_KEY + r"[“”„‘’‚]([^“”„‘’‚\"]*)[“”‘’]\s*;?" + _END)
_LIST = re.compile(_KEY + r"\[([^\]\"'#]*)\]\s*;?" + _END)


def read(path: str | Path, most_bytes: int = _MOST_BYTES) -> str:
    """The text of a file, without its mark, lines ending in \\n. BadInput in one line."""
    try:
        with open(path, "rb") as file:
            data = file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(data) > most_bytes:
        raise BadInput(f"{path}: longer than {most_bytes} bytes")
    try:
        return decoded(data)
    except BadInput as error:
        raise BadInput(f"{path}: cannot be read: {error}")


def decoded(data: bytes) -> str:
    code = "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        code = "utf-16"
    try:
        text = data.decode(code).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f": byte 0x{data[error.start]:02x} in line {line}" if code == "utf-8" else ""
        raise BadInput(f"not UTF-8 text{what}; save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def toml(text: str) -> dict[str, Any]:
    """A TOML table, decimal commas and semicolons of single values read as they are meant."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        plain = "\n".join(_line(number, line) for number, line in _numbered(text))
        if plain == text:
            raise BadInput(_one_line(f"not TOML: {error}"))
    try:
        return tomllib.loads(plain)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise BadInput(_one_line(f"not TOML: {error}"))


def unmistakable(text: str) -> None:
    """BadInput for a list that is TOML and may mean another: [4,2] is 4 and 2, or 4.2."""
    for number, line in _numbered(text):
        found = _LIST.match(line)
        if found and "." not in found[2] and re.search(r"\d,\d", found[2]):
            raise BadInput(
                f"line {number}: {line.strip()[:60]}: is the comma a decimal one? Write it with a "
                "point, 4.2, or two numbers with a space, 4, 2"
            )


def _numbered(text: str) -> Any:
    return enumerate(text.split("\n"), 1)


def _line(number: int, line: str) -> str:
    quoted = _QUOTES.match(line)
    if quoted:
        return f'{quoted[1]}"{quoted[2]}"'
    comma = _COMMA.match(line)
    if comma:
        return f"{comma[1]}{comma[2]}.{comma[3]}"
    several = _LIST.match(line)
    if several and ";" in several[2]:
        items = (one.strip().replace(",", ".") for one in several[2].split(";"))
        return f"{several[1]}[{', '.join(one for one in items if one)}]"
    ended = _SEMICOLON.match(line)
    return f"{ended[1]}{ended[2]}" if ended else line


def cells(line: str, separator: str) -> list[str]:
    """Of one line of a table. Where commas don't separate they are decimal ones."""
    found = [one[1:-1] if len(one) > 1 and one[0] == one[-1] == '"' else one
             for one in line.split(separator)]  # fmt: skip
    return found if separator == "," else [one.replace(",", ".") for one in found]


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
