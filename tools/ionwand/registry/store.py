"""What other commands call: a registry, opened, and what it keeps and tells.

Everything kept is one transaction that first takes hold of its wand, so that two benches wait for
each other; what is kept a second time adds nothing, so that each may simply try again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy import orm as sql
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ionwand import clock
from ionwand.calibration.certificate_read import digest
from ionwand.calibration.result import Result
from ionwand.errors import BadInput, RunFailed
from ionwand.registry import address
from ionwand.registry.models import Calibration, Event, Selftest, Session, Version, Wand
from ionwand.registry.upgrade import upgrade

_TRIES = 5
# What tells a session from another of the same number. Fields that a later program may read
# otherwise, or add, are not among them.
_SAME = ("number", "product", "end", "setpoint_ua", "mean_ua", "dose_uc", "output_ms",
         "session_ms", "first_fault", "battery_start_mv", "battery_end_mv",
         "firmware")  # fmt: skip

T = TypeVar("T")


def board_id_of(text: str) -> str:
    """16 hexadecimal digits, as the registry keeps them. BadInput for anything else."""
    plain = str(text).strip().lower()
    if len(plain) != 16 or any(one not in "0123456789abcdef" for one in plain):
        raise BadInput(f"board id {text!r}: it has 16 hexadecimal digits")
    return plain


def moment(text: str) -> datetime:
    """ISO 8601 with a zone. BadInput for anything else."""
    try:
        when = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise BadInput(f"time {text!r}: write it like 2026-05-04T10:30:00+02:00")
    if when.tzinfo is None:
        raise BadInput(f"time {text!r} has no zone: write it like 2026-05-04T10:30:00+02:00")
    return when


class Registry:
    """An open registry. Methods named `keep_` are safe to repeat and to call from two benches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.where = address.name(engine.url)
        self._read = sql.sessionmaker(engine, expire_on_commit=False)
        self._write = sql.sessionmaker(
            engine.execution_options(write=True), expire_on_commit=False
        )

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    # --- to keep ---
    def saw(self, board_id: str, firmware: str = "", at: datetime | None = None) -> None:
        """A wand was there, at `at` (now), with that firmware where it is known."""
        board_id = board_id_of(board_id)
        self._transact(lambda work: _seen(work, board_id, firmware, at))

    def keep_calibration(self, result: Result, due_on: date | None = None) -> bool:
        """Keep it whole; False where it is kept already. `due_on`: a year later without it.

        One that left the wand outside its limits, or was made on a day that can't be, is due
        again at once.
        """
        board_id = board_id_of(result.board_id)
        at = moment(result.when)
        if due_on is None:
            due_on = clock.a_year_after(at.date()) if result.left.ok else at.date()
            if not clock.can_be(at.date()):
                due_on = clock.MADE
        data = result.as_json()
        try:
            mark = digest(data)
        except ValueError:
            raise BadInput("calibration result: a number in it is infinite or none at all")
        row = {
            "digest": mark, "at": at, "day": at.date(), "due_on": due_on, "who": result.who,
            "firmware": result.firmware, "meter": result.meter, "found_ok": result.found.ok,
            "found_worst_na": result.found.worst_error_na, "left_ok": result.left.ok,
            "left_worst_na": result.left.worst_error_na, "expanded_u_na": result.expanded_u_na,
            "result": data,
        }  # fmt: skip
        return self._keep(board_id, result.firmware, at, Calibration, [row]) == 1

    def keep_selftest(
        self,
        board_id: str,
        fault: str,
        results: dict[str, Any] | None = None,
        firmware: str = "",
        at: datetime | None = None,
    ) -> bool:
        """`fault`: its name, "" for passed; `results`: each part by name.

        False if kept already.
        """
        at = at or datetime.now(UTC)
        results = results or {}
        row = {"digest": digest([fault, results]), "at": at, "firmware": firmware,
               "fault": fault, "results": results}  # fmt: skip
        return self._keep(board_id_of(board_id), firmware, at, Selftest, [row]) == 1

    def keep_sessions(
        self, board_id: str, sessions: Sequence[dict[str, Any]], firmware: str = ""
    ) -> int:
        """Sessions as `ionwand journal` reads them; how many of them were new."""
        now = datetime.now(UTC)
        rows = [
            {
                "number": one["number"], "digest": digest([one.get(name) for name in _SAME]),
                "pulled_at": now, "product": one["product"], "ended": str(one["end"]),
                "dose_uc": one["dose_uc"], "output_ms": one["output_ms"], "data": one,
            }
            for one in sessions
        ]  # fmt: skip
        return self._keep(board_id_of(board_id), firmware, now, Session, rows)

    def _keep(
        self, board_id: str, firmware: str, at: datetime,
        kind: type[Calibration | Selftest | Session | Event], rows: list[dict[str, Any]],
    ) -> int:  # fmt: skip
        def work(session: sql.Session) -> int:
            wand = _seen(session, board_id, firmware, at)
            known = {
                tuple(row) for row in session.execute(
                    select(*(getattr(kind, name) for name in kind.SAME))
                    .where(kind.wand_id == wand.id)
                )
            }  # fmt: skip
            new = {
                mark: row for row in rows
                if (mark := tuple(row[name] for name in kind.SAME)) not in known
            }  # fmt: skip
            session.add_all(kind(wand_id=wand.id, **row) for row in new.values())
            return len(new)

        return self._transact(work)

    def change(self, work: Callable[[sql.Session], T]) -> T:
        """All of `work` or nothing; it may be called again, where another bench was first."""
        return self._transact(work)

    def settle(self) -> None:
        """SQLite alone: all of it into the one file, so that it may be moved."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")

    def _transact(self, work: Callable[[sql.Session], T]) -> T:
        """All of `work` or nothing; again where another bench was first with the same."""
        for left in reversed(range(_TRIES)):
            try:
                with self._write.begin() as session:
                    return work(session)
            except IntegrityError as error:
                if not left:
                    raise RunFailed(f"{self.where}: {address.reason(error)}")
            except SQLAlchemyError as error:
                raise RunFailed(f"{self.where}: {address.reason(error)}")
        raise AssertionError("unreachable")

    # --- to tell ---
    @contextmanager
    def reading(self) -> Iterator[sql.Session]:
        """One view of everything, whatever is written meanwhile."""
        try:
            with self._read() as session:
                yield session
        except SQLAlchemyError as error:
            raise RunFailed(f"{self.where}: {address.reason(error)}")

    def wands(self, start: str = "", whole: bool = False) -> list[Wand]:
        """Those whose board id starts so, the one seen last first, with all that belongs to them.

        Results of calibrations and sessions' curves, the bulk of it, only if `whole`.
        """
        bulk = () if whole else (
            sql.selectinload(Wand.calibrations).defer(Calibration.result),
            sql.selectinload(Wand.sessions).defer(Session.data),
        )  # fmt: skip
        parts = ("versions", "calibrations", "selftests", "sessions", "events")
        every = (sql.selectinload(getattr(Wand, name)) for name in parts)
        with self.reading() as session:
            return list(session.scalars(
                select(Wand).options(*every, *bulk)
                .where(Wand.board_id.startswith(start, autoescape=True))
                .order_by(Wand.last_seen.desc(), Wand.board_id)
            ))  # fmt: skip

    def wand(self, board_id: str) -> Wand:
        """One, whole, by its board id, so many of its first digits that it is the only one, or the
        name that stands on it."""
        start = board_id.strip().lower()
        found = self.wands(start) if start else []
        if start and not found:
            found = [one for one in self.wands() if one.name.lower() == start]
        if len(found) == 1:
            return self.wands(found[0].board_id, whole=True)[0]
        if found:
            some = ", ".join(one.board_id for one in found[:4])
            raise BadInput(f"board {board_id!r} may be {some}: give more digits")
        raise BadInput(f"board {board_id!r} has not been seen: `ionwand fleet list` shows who was")


def _seen(session: sql.Session, board_id: str, firmware: str, at: datetime | None) -> Wand:
    """The wand's row, held until the transaction ends; made where there is none."""
    at = (at or clock.now()).astimezone(UTC)
    wand = session.scalar(select(Wand).where(Wand.board_id == board_id).with_for_update())
    if not clock.can_be(at.date()):
        at = wand.last_seen if wand else datetime.combine(clock.MADE, time(), UTC)
    if wand is None:
        wand = Wand(board_id=board_id, first_seen=at, last_seen=at)
        session.add(wand)
        session.flush()
    _stretch(wand, at)
    if firmware:
        version = session.scalar(
            select(Version).where(Version.wand_id == wand.id, Version.firmware == firmware)
        )
        if version is None:
            version = Version(wand_id=wand.id, firmware=firmware, first_seen=at, last_seen=at)
            session.add(version)
        _stretch(version, at)
    session.flush()
    return wand


def _stretch(row: Wand | Version, at: datetime) -> None:
    row.first_seen = min(row.first_seen, at)
    # A clock that was ahead once would have seen it last for ever.
    row.last_seen = at if clock.ahead(row.last_seen) else max(row.last_seen, at)


def open(url: str, *, create: bool = True) -> Registry:
    """The registry at that URL, brought up to date. BadInput in one line where it can't be had.

    `create=False`: an SQLite file that isn't there is an error, not a new registry.
    """
    parsed = address.parse(url)
    path = address.file_of(parsed)
    if path is not None and not path.exists():
        if not create:
            raise BadInput(f"--db: {path}: there is no registry; the first `ionwand calibrate` "
                           "or `ionwand journal pull` begins one")  # fmt: skip
        try:
            if path == address.default_file():
                path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"--db: {path}: {error.strerror}")
    engine = address.connect(parsed)
    try:
        upgrade(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise BadInput(f"--db: {address.name(parsed)}: {address.reason(error)}")
    except BaseException:
        engine.dispose()
        raise
    return Registry(engine)
