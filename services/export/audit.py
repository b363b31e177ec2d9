"""The audit as CSV: every line with its hash, in the order of the chain."""

from collections.abc import Sequence
from datetime import UTC

from services.export.delimited import Delimiter, csv_file
from services.journal.chain import Line
from services.trust import as_cells


def audit_csv(lines: Sequence[Line], delimiter: Delimiter = Delimiter.COMMA) -> bytes:
    """The lines as services.journal.chain has them.

    What a person is called is guarded like all cells: should it begin like a formula, an apostrophe stands before it
    here, which is not in the text of which the hash was made.
    """
    return csv_file(
        {
            "id": [str(line.id) for line in lines],
            "at": [line.at.astimezone(UTC).isoformat(timespec="milliseconds") for line in lines],
            "at_ms": [str(line.at_ms) for line in lines],
            "person": as_cells([line.person for line in lines]),
            "email": as_cells([line.email for line in lines]),
            "role": as_cells([line.role for line in lines]),
            "came_from": as_cells([line.came_from for line in lines]),
            "deed": as_cells([line.deed for line in lines]),
            "details": as_cells([line.details for line in lines]),
            "previous": as_cells([line.previous for line in lines]),
            "hash": as_cells([line.hash for line in lines]),
        },
        delimiter,
    )
