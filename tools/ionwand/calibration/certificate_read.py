"""A calibration's record from a file: each number and word is looked at before it is used.

What is in the file names files and fills pages, so that it is held to its types here.
"""

import dataclasses
import hashlib
import json
import math
import typing
from datetime import datetime
from pathlib import Path
from typing import Any

from ionwand import textfile
from ionwand.calibration.result import SETPOINT_MAX_UA, TEXT_MAX, Result, from_json
from ionwand.errors import BadInput

_ITEMS_MAX = 2000
_SETPOINT_MAX_NA = SETPOINT_MAX_UA * 1000


def load(path: Path) -> Result:
    """BadInput in one line for what is no whole calibration."""
    text = textfile.read(path)
    try:
        return checked(from_json(json.loads(text)))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}: is no JSON: {error}")
    except RecursionError:
        raise BadInput(f"{path}: is no calibration result")
    except (ValueError, BadInput) as error:
        raise BadInput(f"{path}: {error}")


def checked(result: Result) -> Result:
    """The same; ValueError in one line where a value is not of its kind."""
    _check(Result, result, "")
    if len(result.board_id) != 16 or not set(result.board_id) <= set("0123456789abcdefABCDEF"):
        raise ValueError(f"board_id {result.board_id!r}: it has 16 hexadecimal digits")
    try:
        moment = datetime.fromisoformat(result.when)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"when {result.when!r}: write it like 2026-05-04T10:30:00+02:00")
    if not result.as_left:
        raise ValueError("as_left is empty: nothing was measured")
    for side in ("as_found", "as_left"):
        for index, point in enumerate(getattr(result, side)):
            if point.bridge not in (1, 2):
                raise ValueError(f"{side}[{index}].bridge: {point.bridge}, allowed are 1 and 2")
            if not 0 < point.setpoint_na <= _SETPOINT_MAX_NA:
                raise ValueError(
                    f"{side}[{index}].setpoint_na: {point.setpoint_na}, "
                    f"allowed are 1 to {_SETPOINT_MAX_NA}"
                )
    return result


def _check(kind: Any, value: Any, name: str) -> None:
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            where = f"{name}.{field.name}" if name else field.name
            _check(hints[field.name], getattr(value, field.name), where)
    elif typing.get_origin(kind) is list:
        if not isinstance(value, list) or len(value) > _ITEMS_MAX:
            raise ValueError(f"{name}: a list of at most {_ITEMS_MAX}")
        for index, one in enumerate(value):
            _check(typing.get_args(kind)[0], one, f"{name}[{index}]")
    elif not _fits(kind, value):
        raise ValueError(f"{name}: {_short(value)} is no {_WORDS[kind]}")


_WORDS = {
    str: f"text of at most {TEXT_MAX} characters",
    bool: "true or false",
    int: "whole number",
    float: "finite number",
}


def _fits(kind: type, value: Any) -> bool:
    if kind is str:
        # Half of a surrogate pair, as JSON may spell it, can't be written to any file.
        return (isinstance(value, str) and len(value) <= TEXT_MAX
                and not any("\ud800" <= c <= "\udfff" for c in value))  # fmt: skip
    if kind is bool:
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        return False
    return abs(value) < 1e15 and math.isfinite(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def digest(data: Any) -> str:
    """SHA-256 of plain data, whatever the order of its keys. ValueError for NaN and infinity."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
