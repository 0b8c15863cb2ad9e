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
from app.deliverables.models.files import EvidenceFile
from app.deliverables.models.mutes import FlagMute
from app.deliverables.models.proposals import DateProposal, ProposalState
from app.deliverables.models.questions import AskedQuestion, Escalation
from app.deliverables.models.updates import DeliverableState, Evidence, StatusUpdate
from app.deliverables.models.views import SavedView

__all__ = [
    "AskedQuestion",
    "Assignment",
    "AssignmentRole",
    "AssignmentSpan",
    "AssignmentState",
    "DateProposal",
    "Deliverable",
    "DeliverableKind",
    "DeliverableState",
    "Dependency",
    "Escalation",
    "Evidence",
    "EvidenceFile",
    "FlagMute",
    "ProposalState",
    "SavedView",
    "ScheduleChange",
    "StatusUpdate",
]
