"""What counts as having a part in the work."""

from app.deliverables.models import AssignmentRole, AssignmentState

WORKING_ROLES = (AssignmentRole.LEAD, AssignmentRole.CONTRIBUTOR)
TAKING_PART = (AssignmentState.PROPOSED, AssignmentState.ACCEPTED)
