"""A wand's name and what became of its board; a calibration's day as its certificate has it."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wand", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "wand", sa.Column("replaced_by", sa.String(16), nullable=False, server_default="")
    )
    op.add_column(
        "wand_calibration",
        sa.Column("day", sa.Date(), nullable=False, server_default="1970-01-01"),
    )
    op.create_table(
        "wand_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wand_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wand_event"),
        sa.ForeignKeyConstraint(["wand_id"], ["wand.id"], name="fk_wand_event_wand_id"),
        sa.UniqueConstraint("wand_id", "at", "text", name="uq_wand_event_wand_id"),
    )
    op.create_index("ix_wand_event_wand_id", "wand_event", ["wand_id"])
    # Until now the registry kept the moment in UTC alone; the day stands in the result.
    table = sa.table(
        "wand_calibration", sa.column("id", sa.Integer), sa.column("day", sa.Date),
        sa.column("result", sa.JSON),
    )  # fmt: skip
    connection = op.get_bind()
    for number, result in connection.execute(sa.select(table.c.id, table.c.result)).all():
        result = json.loads(result) if isinstance(result, str) else result
        day = date.fromisoformat(result["when"][:10])
        connection.execute(table.update().where(table.c.id == number).values(day=day))
