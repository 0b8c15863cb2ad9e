"""Words that only the dashboards use."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.days import Precision
from app.deliverables.models import AssignmentRole, AssignmentState
from app.deliverables.queries.groups import PartKey
from app.deliverables.queries.judging import COORDINATOR
from app.web.languages import day_text, territory

_ACCEPTED, _PROPOSED = AssignmentState.ACCEPTED, AssignmentState.PROPOSED
PARTS: dict[PartKey, str] = {
    (AssignmentRole.LEAD, _ACCEPTED): _l("Leads"),
    (AssignmentRole.LEAD, _PROPOSED): _l("Asked to lead, has not answered"),
    (AssignmentRole.CONTRIBUTOR, _ACCEPTED): _l("Contributes to"),
    (AssignmentRole.CONTRIBUTOR, _PROPOSED): _l("Asked to contribute, has not answered"),
    (AssignmentRole.REVIEWER, _ACCEPTED): _l("Reviews, not counted above"),
    (AssignmentRole.REVIEWER, _PROPOSED): _l("Asked to review, not counted above"),
}

_LENGTHS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


def actor_name(code: str) -> str:
    """Who can act: a member's name, or the coordinators."""
    return _("Coordinators") if code == COORDINATOR else territory(code)


def partial_day(text: str) -> str:
    """2024, 2024-02 or 2024-02-14 as the reader writes it; anything else as it stands."""
    precision = _LENGTHS.get(len(text))
    if precision is None:
        return text
    try:
        day = date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return text
    return day_text(day, precision)
