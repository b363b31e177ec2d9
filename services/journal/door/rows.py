"""How rows of the journal become doors and visits."""

import json

from services.journal.door.records import Door, DoorSettings, Visit, VisitState
from services.journal.records import moment
from services.journal.rows import AnyRow, moment_of


def door_of(row: AnyRow) -> Door:
    return Door(
        id=row.id,
        code=row.code,
        secret=row.secret,
        service=row.service,
        account=row.account,
        project_id=row.project_id,
        settings=DoorSettings.model_validate_json(row.settings),
        version=row.version,
        made=moment(row.made_at),
        made_by=row.made_by,
        is_paused=row.is_paused,
        is_closed=row.closed_at is not None,
    )


def visit_of(row: AnyRow) -> Visit:
    return Visit(
        id=row.id,
        door_id=row.door_id,
        key=row.key,
        device=row.device,
        person=row.person,
        panel_id=row.panel_id,
        parameters=json.loads(row.parameters),
        language=row.language,
        version=row.version,
        state=VisitState(row.state),
        entered=moment(row.entered_at),
        changed=moment(row.changed_at),
        code=row.code,
        room_id=row.room_id,
        claimed=moment_of(row.claimed_at),
        started=moment_of(row.started_at),
        ended=moment_of(row.ended_at),
        cut_offs=row.cut_offs,
        allowed=row.allowed,
    )
