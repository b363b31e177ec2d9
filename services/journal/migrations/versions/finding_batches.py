"""The texts by which batches are found, and an index of those that have late rooms."""

import sqlalchemy as sa
from alembic import op

from services.folding import folded

revision = "0007"
down_revision = "0006"

ROWS_AT_ONCE = 5_000
"""How many rows are written together."""


def upgrade() -> None:
    texts = op.create_table(
        "batch_texts",
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("folded", sa.Text, nullable=False),
    )
    late = sa.text("late_rooms > 0")
    op.create_index("batches_with_late_rooms", "batches", ["id"], sqlite_where=late, postgresql_where=late)
    found = op.get_bind().execute(sa.text("SELECT id, name, project_name FROM batches ORDER BY id"))
    # As services.journal.batch_search writes them.
    rows = [{"batch_id": id, "folded": f"{folded(name)}\n{folded(project)}"} for id, name, project in found.all()]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        op.bulk_insert(texts, rows[start : start + ROWS_AT_ONCE])
