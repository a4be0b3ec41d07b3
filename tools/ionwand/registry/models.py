"""The tables of the registry. What changes here needs a migration beside it.

Times are kept in UTC. A row's `digest` is what makes writing it twice the same as once.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class Utc(TypeDecorator[datetime]):
    """A moment. SQLite keeps no zone, so that all are UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)


class Wand(Base):
    """One wand, by the number that its chip was made with."""

    __tablename__ = "wand"
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[str] = mapped_column(String(16), unique=True)
    first_seen: Mapped[datetime] = mapped_column(Utc)
    last_seen: Mapped[datetime] = mapped_column(Utc)
    name: Mapped[str] = mapped_column(Text, server_default="", default="")  # what stands on it
    # The board that is in the same housing now: board id, "" while it is this one.
    replaced_by: Mapped[str] = mapped_column(String(16), server_default="", default="")
    versions: Mapped[list["Version"]] = relationship(order_by="Version.last_seen")
    calibrations: Mapped[list["Calibration"]] = relationship(
        order_by="Calibration.at, Calibration.id"
    )
    selftests: Mapped[list["Selftest"]] = relationship(order_by="Selftest.at, Selftest.id")
    sessions: Mapped[list["Session"]] = relationship(order_by="Session.number, Session.id")
    events: Mapped[list["Event"]] = relationship(order_by="Event.at, Event.id")


class _OfWand:
    SAME: ClassVar[tuple[str, ...]]  # what tells one row of a wand from another
    id: Mapped[int] = mapped_column(primary_key=True)
    wand_id: Mapped[int] = mapped_column(ForeignKey("wand.id"), index=True)


class Version(_OfWand, Base):
    """A firmware that a wand was seen with."""

    __tablename__ = "wand_version"
    SAME = ("firmware",)
    __table_args__ = (UniqueConstraint("wand_id", *SAME),)
    firmware: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime] = mapped_column(Utc)
    last_seen: Mapped[datetime] = mapped_column(Utc)


class Calibration(_OfWand, Base):
    """One calibration, whole. Older ones stay: they are the history."""

    __tablename__ = "wand_calibration"
    SAME = ("digest",)
    __table_args__ = (UniqueConstraint("wand_id", *SAME),)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    day: Mapped[date] = mapped_column(server_default="1970-01-01")  # where it was made
    due_on: Mapped[date] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(Text)
    firmware: Mapped[str] = mapped_column(Text)
    meter: Mapped[str] = mapped_column(Text)
    found_ok: Mapped[bool]
    found_worst_na: Mapped[float]
    left_ok: Mapped[bool]
    left_worst_na: Mapped[float]
    expanded_u_na: Mapped[float]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


class Selftest(_OfWand, Base):
    """One self-test: the fault that ended it, and each result by name."""

    __tablename__ = "wand_selftest"
    SAME = ("at", "digest")
    __table_args__ = (UniqueConstraint("wand_id", *SAME),)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    firmware: Mapped[str] = mapped_column(Text)
    fault: Mapped[str] = mapped_column(Text)  # "": passed
    results: Mapped[dict[str, Any]] = mapped_column(JSON)


class Session(_OfWand, Base):
    """One session of a pulled journal. A wand whose memory was wiped counts from 1 again: the
    digest keeps the old number 1 and the new one apart."""

    __tablename__ = "wand_session"
    SAME = ("number", "digest")
    __table_args__ = (UniqueConstraint("wand_id", *SAME),)
    number: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    pulled_at: Mapped[datetime] = mapped_column(Utc)
    product: Mapped[str] = mapped_column(Text)
    ended: Mapped[str] = mapped_column(Text)
    dose_uc: Mapped[int] = mapped_column(BigInteger)
    output_ms: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Event(_OfWand, Base):
    """Something that was done to a wand, in words: named, its board exchanged."""

    __tablename__ = "wand_event"
    SAME = ("at", "text")
    __table_args__ = (UniqueConstraint("wand_id", *SAME),)
    at: Mapped[datetime] = mapped_column(Utc)
    text: Mapped[str] = mapped_column(Text)
