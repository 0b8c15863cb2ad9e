"""Why a letter needs somebody, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.correspondence.rules import Direction, LetterState
from app.deliverables.rules.attention import Flag, Raised
from app.web.languages import day_text


def due_sentence(raised: Raised) -> str:
    given = dict(raised.inputs)
    if raised.flag is Flag.OVERDUE:
        late = int(str(given["days_late"]))
        return ngettext(
            "Was due by %(day)s: %(num)s day ago.",
            "Was due by %(day)s: %(num)s days ago.",
            late,
            day=day_text(given["due_on"]),  # type: ignore[arg-type]
        )
    left = int(str(given["days_left"]))
    if left == 0:
        return _("Due today.")
    return ngettext("Due in %(num)s day.", "Due in %(num)s days.", left)


def step_words(direction: Direction, old: LetterState, new: LetterState) -> str:
    """What the button says that takes the step."""
    special = {
        (Direction.OUTGOING, LetterState.APPROVED, LetterState.DRAFT): _("Back to the draft"),
        (Direction.OUTGOING, LetterState.DRAFT, LetterState.CLOSED): _("Close it unsent"),
        (Direction.OUTGOING, LetterState.APPROVED, LetterState.CLOSED): _("Close it unsent"),
        (Direction.INCOMING, LetterState.ANSWERED, LetterState.RECEIVED): _("Not answered yet"),
    }
    usual = {
        LetterState.APPROVED: _("Approve"),
        LetterState.SENT: _("It was sent"),
        LetterState.ANSWERED: _("It was answered"),
        LetterState.CLOSED: _("Close"),
    }
    return special.get((direction, old, new)) or usual[new]
