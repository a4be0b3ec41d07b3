"""What becomes of a wand: it is named, its board is exchanged. Nothing is forgotten by it."""

from sqlalchemy import orm as sql
from sqlalchemy import select

from ionwand import clock
from ionwand.errors import BadInput
from ionwand.registry.models import Event, Wand
from ionwand.registry.store import Registry

_NAME_MAX = 40


def rename(fleet: Registry, board: str, name: str) -> str:
    """Give a wand a name, "" for none. What was said of it before stays; returns the old name."""
    name = name.strip()
    if len(name) > _NAME_MAX or not name.isprintable():
        raise BadInput(f"name: one line of at most {_NAME_MAX} printable characters")
    board_id = fleet.wand(board).board_id

    def work(session: sql.Session) -> str:
        taken = session.scalars(select(Wand).where(Wand.name == name, Wand.board_id != board_id))
        for other in taken if name else ():
            raise BadInput(f"name {name!r} stands on board {other.board_id} already")
        wand = _held(session, board_id)
        before, wand.name = wand.name, name
        if before != name:
            _note(session, wand, f"named {name!r}" + (f", before {before!r}" if before else ""))
        return before

    return fleet.change(work)


def exchange(fleet: Registry, old: str, new: str) -> None:
    """Another board is in the same housing now: it takes the name, the old one is not due."""
    taken, put = fleet.wand(old), fleet.wand(new)
    if taken.board_id == put.board_id:
        raise BadInput(f"board {taken.board_id}: it cannot replace itself")
    if put.replaced_by:
        raise BadInput(f"board {put.board_id} was itself replaced by {put.replaced_by}")

    def work(session: sql.Session) -> None:
        before, after = _held(session, taken.board_id), _held(session, put.board_id)
        if before.replaced_by not in ("", after.board_id):
            raise BadInput(f"board {before.board_id} was replaced by {before.replaced_by} already")
        if not before.replaced_by:
            _note(session, before, f"replaced by board {after.board_id}")
            _note(session, after, f"replaces board {before.board_id}"
                  + (f", named {before.name!r}" if before.name else ""))  # fmt: skip
        before.replaced_by = after.board_id
        after.name, before.name = before.name or after.name, ""

    fleet.change(work)


def _held(session: sql.Session, board_id: str) -> Wand:
    return session.scalars(
        select(Wand).where(Wand.board_id == board_id).with_for_update()
    ).one()  # fmt: skip


def _note(session: sql.Session, wand: Wand, text: str) -> None:
    session.add(Event(wand_id=wand.id, at=clock.now(), text=text))
