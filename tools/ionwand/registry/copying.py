"""A registry into another one: how it is backed up, and how a backup is brought back.

What the other holds already stays and is not doubled, so that either may be done again.
"""

from typing import Any

from sqlalchemy import orm as sql
from sqlalchemy import select

from ionwand.registry.models import Calibration, Event, Selftest, Session, Version, Wand
from ionwand.registry.store import Registry

_KINDS: tuple[type[Any], ...] = (Version, Calibration, Selftest, Session, Event)


def copy(source: Registry, target: Registry) -> tuple[int, int]:
    """(wands, rows of theirs that were new to `target`). All of it or nothing."""
    wands = source.wands(whole=True)

    def work(session: sql.Session) -> int:
        return sum(_wand(session, wand) for wand in wands)

    return len(wands), target.change(work)


def _wand(session: sql.Session, wand: Wand) -> int:
    there = session.scalar(
        select(Wand).where(Wand.board_id == wand.board_id).with_for_update()
    )  # fmt: skip
    if there is None:
        there = Wand(**_fields(wand))
        session.add(there)
        session.flush()
    there.first_seen = min(there.first_seen, wand.first_seen)
    there.last_seen = max(there.last_seen, wand.last_seen)
    there.name = there.name or wand.name
    there.replaced_by = there.replaced_by or wand.replaced_by
    new = 0
    for kind in _KINDS:
        known = {
            tuple(row) for row in session.execute(
                select(*(getattr(kind, name) for name in kind.SAME))
                .where(kind.wand_id == there.id)
            )
        }  # fmt: skip
        for row in _rows(wand, kind):
            if tuple(getattr(row, name) for name in kind.SAME) not in known:
                session.add(kind(wand_id=there.id, **_fields(row)))
                new += 1
    return new


def _rows(wand: Wand, kind: type[Any]) -> list[Any]:
    return {
        Version: wand.versions, Calibration: wand.calibrations, Selftest: wand.selftests,
        Session: wand.sessions, Event: wand.events,
    }[kind]  # type: ignore[return-value]  # fmt: skip


def _fields(row: Any) -> dict[str, Any]:
    return {
        name: getattr(row, name)
        for name in row.__table__.columns.keys() if name not in ("id", "wand_id")
    }  # fmt: skip
