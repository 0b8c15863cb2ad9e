from app.deliverables.models.assignments import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
)
from app.deliverables.models.deliverables import (
    Deliverable,
    DeliverableKind,
    Dependency,
    ScheduleChange,
)
from app.deliverables.models.updates import DeliverableState, Evidence, StatusUpdate

__all__ = [
    "Assignment",
    "AssignmentRole",
    "AssignmentSpan",
    "AssignmentState",
    "Deliverable",
    "DeliverableKind",
    "DeliverableState",
    "Dependency",
    "Evidence",
    "ScheduleChange",
    "StatusUpdate",
]
