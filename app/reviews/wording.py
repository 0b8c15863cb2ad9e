"""What a choice says in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.wording import flag_sentence
from app.reviews.queries.content import Wanted
from app.reviews.rules.choices import Choice
from app.reviews.rules.content import Chosen
from app.web.labels import label
from app.web.languages import day_text, locale

CONSEQUENCES: dict[Choice, str] = {
    Choice.KEEP: _l("Kept as they are"),
    Choice.MOVE: _l("Moved"),
    Choice.ASK: _l("Asked already; the question stays open until the next update"),
    Choice.ESCALATE: _l("Put on the agenda of the next meeting"),
    Choice.ACCEPT: _l("Accepted as delivered"),
    Choice.SEND_BACK: _l("Sent back to work"),
    Choice.DROP: _l("Dropped"),
}
"""What closing a review does with each choice."""


def wanted(reader: Actor, as_of: AsOf) -> Wanted:
    """A review in the reader's language."""
    return Wanted(reader, as_of, flag_sentence, str(locale()))


def choice_words(chosen: Chosen) -> str:
    """The choice, and where it moves to."""
    if chosen.choice is Choice.MOVE and chosen.new_deadline_title:
        return _("Move to %(deadline)s", deadline=chosen.new_deadline_title)
    if chosen.choice is Choice.MOVE and chosen.new_due_on:
        return _("Move to %(day)s", day=day_text(chosen.new_due_on))
    return label(chosen.choice)
