"""Wands, versions, calibrations, self-tests, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _table(name: str, unique: list[str], *columns: sa.Column) -> None:
    """A table of things that belong to a wand."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wand_id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["wand_id"], ["wand.id"], name=f"fk_{name}_wand_id"),
        sa.UniqueConstraint("wand_id", *unique, name=f"uq_{name}_wand_id"),
    )
    op.create_index(f"ix_{name}_wand_id", name, ["wand_id"])


def _column(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "wand",
        sa.Column("id", sa.Integer(), nullable=False),
        _column("board_id", sa.String(16)),
        _column("first_seen", _MOMENT),
        _column("last_seen", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_wand"),
        sa.UniqueConstraint("board_id", name="uq_wand_board_id"),
    )
    _table(
        "wand_version",
        ["firmware"],
        _column("firmware", sa.Text()),
        _column("first_seen", _MOMENT),
        _column("last_seen", _MOMENT),
    )
    _table(
        "wand_calibration",
        ["digest"],
        _column("digest", sa.String(64)),
        _column("at", _MOMENT),
        _column("due_on", sa.Date()),
        _column("who", sa.Text()),
        _column("firmware", sa.Text()),
        _column("meter", sa.Text()),
        _column("found_ok", sa.Boolean()),
        _column("found_worst_na", sa.Double()),
        _column("left_ok", sa.Boolean()),
        _column("left_worst_na", sa.Double()),
        _column("expanded_u_na", sa.Double()),
        _column("result", sa.JSON()),
    )
    op.create_index("ix_wand_calibration_due_on", "wand_calibration", ["due_on"])
    _table(
        "wand_selftest",
        ["at", "digest"],
        _column("digest", sa.String(64)),
        _column("at", _MOMENT),
        _column("firmware", sa.Text()),
        _column("fault", sa.Text()),
        _column("results", sa.JSON()),
    )
    _table(
        "wand_session",
        ["number", "digest"],
        _column("number", sa.BigInteger()),
        _column("digest", sa.String(64)),
        _column("pulled_at", _MOMENT),
        _column("product", sa.Text()),
        _column("ended", sa.Text()),
        _column("dose_uc", sa.BigInteger()),
        _column("output_ms", sa.BigInteger()),
        _column("data", sa.JSON()),
    )
