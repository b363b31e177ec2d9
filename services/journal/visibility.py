"""Which rows of the journal are visible."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_

from services.journal.tables import batches


@dataclass(frozen=True)
class Visibility:
    """Which rows are visible: those of an account, and those of the projects that its token may read.

    A token is replaced from time to time, and its account's name with it; the projects stay.
    """

    service: str
    account: str
    project_ids: frozenset[str] = frozenset()


def visible(visibility: Visibility, table: Any = batches) -> ColumnElement[bool]:  # noqa: ANN401 - any table with these columns
    """The condition that a row of a table is visible."""
    theirs = or_(table.c.account == visibility.account, table.c.project_id.in_(sorted(visibility.project_ids)))
    return and_(table.c.service == visibility.service, theirs)


VISIBLE_BATCHES = and_(
    batches.c.service == bindparam("visible_service"),
    or_(
        batches.c.account == bindparam("visible_account"),
        batches.c.project_id.in_(bindparam("visible_projects", expanding=True)),
    ),
)
"""`visible` for statements that are built once; it takes the parameters of `as_parameters`."""


def as_parameters(visibility: Visibility) -> dict[str, object]:
    """The parameters of VISIBLE_BATCHES."""
    return {
        "visible_service": visibility.service,
        "visible_account": visibility.account,
        "visible_projects": sorted(visibility.project_ids),
    }
