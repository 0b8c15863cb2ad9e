"""What the pages of cadences and meetings load and try in common."""

from collections.abc import Callable

from flask import Blueprint
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.extensions import db
from app.meetings.models import Meeting, MeetingSeries
from app.meetings.queries.cadences import find_series
from app.meetings.queries.meetings import find_meeting
from app.meetings.wording import about_words, clock_range, length_words, rule_words, weekday_day
from app.web.access import actor, load_or_404
from app.web.constraints import meaning
from app.web.forms import Form

Page = str | tuple[str, int]
Answer = Response | tuple[str, int]

blueprint = Blueprint("meetings", __name__, template_folder="../templates")
blueprint.add_app_template_filter(rule_words, "rule_words")
blueprint.add_app_template_filter(about_words, "about_words")
blueprint.add_app_template_filter(clock_range, "clock_range")
blueprint.add_app_template_filter(length_words, "length_words")
blueprint.add_app_template_filter(weekday_day, "weekday_day")


def attempt(form: Form, action: Callable[[], object], field: str = "starts_on") -> int:
    """0 when the action went through; else the status, with the reason shown in the form:
    beside `field` where the database refused it."""
    try:
        action()
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return refused.status
    except IntegrityError as error:
        db.session.rollback()
        form.add_error(meaning(error), field)
        return Conflict.status
    return 0


def load(key: str) -> Meeting:
    return load_or_404(find_meeting(db.session, actor(), key))


def load_series(key: str) -> MeetingSeries:
    return load_or_404(find_series(db.session, actor(), key))
