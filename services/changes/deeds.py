"""What a job does, in the words of the audit."""

from collections.abc import Iterator, Sequence

from services.changes.task import Task
from services.journal.deeds import Deed


def deeds_of(tasks: Sequence[Task]) -> Iterator[tuple[Deed, list[Task]]]:
    """What is done to which rooms; one task may be several deeds, such as a new end and a new label."""
    for deed in (Deed.CANCEL, Deed.EXTEND, Deed.RELABEL, Deed.CHANGE):
        if its := [task for task in tasks if deed in _deeds(task)]:
            yield deed, its


def _deeds(task: Task) -> set[Deed]:
    if task.change is None:
        return {Deed.CANCEL}
    asked = task.change.model_fields_set
    deeds = {Deed.EXTEND} if "expires_at" in asked else set()
    if task.person is not None or asked & {"display_name", "clear_display_name"}:
        deeds.add(Deed.RELABEL)
    if asked - {"expires_at", "display_name", "clear_display_name"}:
        deeds.add(Deed.CHANGE)
    return deeds
