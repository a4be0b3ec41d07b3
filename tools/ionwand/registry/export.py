"""All that a registry holds as plain data: for JSON whole, for CSV one table at a time."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from ionwand.registry import due
from ionwand.registry.models import Calibration, Event, Selftest, Session, Version, Wand

_Row = Version | Calibration | Selftest | Session | Event
_PARTS: dict[str, tuple[type[_Row], Callable[[Wand], Sequence[_Row]]]] = {
    "versions": (Version, lambda wand: wand.versions),
    "calibrations": (Calibration, lambda wand: wand.calibrations),
    "selftests": (Selftest, lambda wand: wand.selftests),
    "sessions": (Session, lambda wand: wand.sessions),
    "events": (Event, lambda wand: wand.events),
}
_INTERNAL = ("id", "wand_id", "digest")
_WHOLE = ("result", "data")  # too much for a cell; in the JSON
_WANDS = ("board_id", "name", "replaced_by", "first_seen", "last_seen", "firmware",
          "calibrated_at", "left_ok", "left_worst_na", "due_on",
          "selftest_fault", "sessions")  # fmt: skip


def _fields(kind: type[_Row], without: Sequence[str]) -> list[str]:
    return [name for name in kind.__table__.columns.keys() if name not in without]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def everything(wand: Wand) -> dict[str, Any]:
    """One wand, for JSON."""
    found: dict[str, Any] = {
        "board_id": wand.board_id,
        "first_seen": _plain(wand.first_seen),
        "last_seen": _plain(wand.last_seen),
        "name": wand.name,
        "replaced_by": wand.replaced_by,
    }
    for name, (kind, rows_of) in _PARTS.items():
        fields = _fields(kind, _INTERNAL)
        found[name] = [
            {field: _plain(getattr(row, field)) for field in fields} for row in rows_of(wand)
        ]
    return found


def table(part: str, wands: Sequence[Wand]) -> list[list[Any]]:
    """Headings and rows of "wands", or of what belongs to them, for CSV."""
    if part == "wands":
        return [[*_WANDS], *(_wand(wand) for wand in wands)]
    kind, rows_of = _PARTS[part]
    fields = _fields(kind, _INTERNAL + _WHOLE)
    return [["board_id", *fields]] + [
        [wand.board_id, *(_cell(getattr(row, field)) for field in fields)]
        for wand in wands for row in rows_of(wand)
    ]  # fmt: skip


def _wand(wand: Wand) -> list[Any]:
    last = due.newest(wand)
    found = [
        wand.board_id, wand.name, wand.replaced_by, wand.first_seen, wand.last_seen,
        wand.versions[-1].firmware if wand.versions else None,
        *((last.at, last.left_ok, last.left_worst_na, last.due_on) if last else [None] * 4),
        wand.selftests[-1].fault if wand.selftests else None,
        len(wand.sessions),
    ]  # fmt: skip
    return [_cell(one) for one in found]


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would compute becomes one that it shows."""
    value = json.dumps(value) if isinstance(value, dict) else _plain(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
